-- A random walk that hears nothing: what a rule has to beat. Every synapse moves down, rests or
-- moves up with fixed chances. With rest = 1/3 it is the paper's random action, epsilon = 1.
return rule {
  name = "random walk",
  doc = "down, rest or up by chance, whatever the reward",
  history = 0,
  params = {
    rest = { default = 1 / 3, min = 0, max = 1, doc = "the chance of no move" },
  },
  act = function(s, p)
    local move = (1 - p.rest) / 2
    return { move, p.rest, move }
  end,
}
