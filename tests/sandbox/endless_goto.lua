-- expect: it ran for more than
::again::
goto again
