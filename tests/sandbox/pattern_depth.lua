-- expect: too complex
return ("x"):rep(300):find(("x?"):rep(300))
