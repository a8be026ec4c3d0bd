-- SKELETON: say here what the rule does and where it comes from.
--
-- Check it with `synlab rule check SKELETON.lua`, look at it with `synlab rule show SKELETON.lua`,
-- and see how it does with `synlab rule try SKELETON.lua`.
return rule {
  name = "SKELETON",
  doc = "one line for `synlab rule list`",

  -- How many past pairs of action and reward a synapse remembers: 0 to 5.
  history = 1,

  -- Numbers that an experiment may set or sweep; they arrive as p.
  params = {
    boldness = { default = 0.9, min = 0, max = 1, doc = "chance to repeat what was rewarded" },
  },

  -- What a synapse does in state s: -1, 0 or 1, or the chances of these, { p_dec, p_null, p_inc }.
  -- s.a[1] is its newest action, s.r[1] the newest reward, each -1, 0 (only at the start) or 1.
  act = function(s, p)
    local last = s.a[1]
    if last == 0 then return 0 end
    if s.r[1] <= 0 then return -last end
    if last > 0 then return { 0, 1 - p.boldness, p.boldness } end
    return { p.boldness, 1 - p.boldness, 0 }
  end,
}
