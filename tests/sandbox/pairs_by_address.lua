-- expect: keys may be numbers
for _ in pairs { [{}] = 1, [{}] = 2 } do end
