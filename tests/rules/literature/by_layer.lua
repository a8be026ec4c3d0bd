-- A table of its own for each layer, in one memory: what was rewarded more, by layer and history.
return rule {
  name = "by layer",
  history = 1,
  by_layer = true,
  init = function() return { layers = {}, steps = 0 } end,
  learn = function(m, transitions, p, now)
    m.steps = now.iteration
    for _, t in ipairs(transitions) do
      m.layers[t.layer] = m.layers[t.layer] or { [-1] = 0, [0] = 0, [1] = 0 }
      m.layers[t.layer][t.a] = m.layers[t.layer][t.a] - t.dl * t.count
    end
  end,
  act = function(s, p, m)
    local first = m.layers[1]
    if not first then return s.r[1] >= 0 and s.a[1] or -s.a[1] end
    return first[1] > first[-1] and 1 or -1
  end,
}
