-- expect: it ran for more than
while true do end
