-- expect: coroutine is not offered to a rule
-- A new coroutine would run without the hook that counts.
coroutine.wrap(function() while true do end end)()
