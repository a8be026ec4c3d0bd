-- expect: ok
-- The list of transitions is the host's: what a rule does to it is undone before the next call.
return rule {
  name = "tears the list apart", history = 1,
  init = function() return {} end,
  learn = function(m, transitions)
    for _, t in ipairs(transitions) do assert(t.s and t.s2 and t.count > 0 and t.r ~= 0 and t.a) end
    for i = #transitions, 1, -1 do
      transitions[i].s, transitions[i].count = nil, "x"
      transitions[i] = nil
    end
    transitions[5], transitions.n = {}, 1
  end,
  act = function() return { 0.25, 0.25, 0.5 } end,
}
