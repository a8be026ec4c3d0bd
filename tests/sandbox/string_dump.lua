-- expect: string.dump is not offered to a rule
return string.dump(function() end)
