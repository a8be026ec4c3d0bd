local check, claims = require "check", require "verdicts.claims"
local test, same = check.test, check.same

test("claims.text prints values as the paper does", function()
  same(claims.text "figure1.accuracy", "95.9 %")
  same(claims.text "figure2.loss", "0.003411")
  same(claims.text "table1.synaptic0.mean", "88.28 %")
  same(claims.text "table1.synaptic0.n", "5")
  same(claims.text "gap.32.mean", "−1.11")
  same(claims.text "figure1.convergence.threshold", "95 %")
  same(claims.text "figure1.nothing", nil)
  same(claims.text "nothing", nil)
end)

test("claims: an unknown id names the nearest", function()
  check.fails("has no claim 'figure1.acuracy'; did you mean 'figure1.accuracy'?",
    claims.get, "figure1.acuracy")
end)

test("claims: Table 1's rows are consistent with the gaps of section 3", function()
  for _, size in ipairs { "0", "32" } do
    local synaptic = claims.get("table1.synaptic" .. size).published.mean
    local descent = claims.get("table1.descent" .. size).published.mean
    check.near(synaptic - descent, claims.get("gap." .. size).published.mean, 1e-9)
  end
end)
