-- expect: global 'y' is assigned
_ENV.y = 1
