--- The answers at the head of a book: what a reader asks of the paper, each in a sentence or two with
--- numbers, intervals and n, out of the verdicts (verdict.lua). What was not measured is left out; where
--- nothing may be judged there are no answers.
local answers = {}

local claims = require "verdicts.claims"
local format = require "text.format"
local stats = require "statistics.stats"
local weave = require "text.weave"
local work = require "runs.work"

--- What a verdict says of a statement of the paper.
local says = {
  replicated = "this **holds**", ["not replicated"] = "this does **not hold**",
  undecided = "these runs do **not decide** it", compatible = "which **fits**",
  outside = "which does **not fit**",
}

local function said(r)
  if r.edge then
    return ("which lies at the **edge** of ours (%s; p = %s by itself)"):format(r.note, format.fixed(r.p_against, 2))
  end
  local more = r.leans and (" (%s by itself, p = %s; not after Holm's adjustment)"):format(r.leans[1],
    format.fixed(r.leans[2], 2)) or r.claim.first and ", asked again with fresh runs" or ""
  return (says[r.word] or r.word) .. more
end

local function share(r)
  return ("%.0f of %d (%s; 95 %% interval %s to %s)"):format(r.ours * r.n, r.n, format.percent(r.ours),
    format.percent(r.low), format.percent(r.high))
end

local function points(r)
  return ("%s (95 %% interval %s to %s, n = %d)"):format(claims.show(r.claim, r.ours),
    claims.show(r.claim, r.low), claims.show(r.claim, r.high), r.n)
end

local function published(r)
  return claims.show(r.claim, type(r.claim.published) == "table" and r.claim.published.mean
    or r.claim.published)
end

--- A row of Table 1, ours minus the published one: "88.91 %, +0.63 points from the published 88.28 % (95 % interval
--- +0.13 to +1.12, n = 20)".
local function row(r, name)
  local function away(x) return format.signed(100 * (x - (r.ours - r.difference)), 2) end
  return ("%s %s, %s points from the published %s (95 %% interval %s to %s, n = %d): %s"):format(name,
    claims.show(r.claim, r.ours), away(r.ours), published(r), away(r.low), away(r.high), r.n, said(r))
end

--- How far a described difference is from the published one.
local function beside(r)
  if not (r and r.low) then return "" end
  local function away(x) return format.signed(100 * (x - r.claim.published.mean), 2) end
  return ("; ours is off by %s, 95 %% interval %s to %s"):format(away(r.ours), away(r.low), away(r.high))
end

--- Would the larger deficit that the paper calls comparable, as a margin, have made a difference?
local function at_published_deficit(r)
  local deficit = -claims.get("gap.32").published.mean
  return ("At a margin of %s points, the larger deficit that the paper calls comparable, 32 units against the fair "
    .. "baseline would%s be shown (90 %% interval %s to %s)."):format(format.fixed(100 * deficit, 2),
    r.low90 > -deficit and "" or " not", claims.show(r.claim, r.low90), claims.show(r.claim, r.high90))
end

--- How many times the multiply-adds of gradient descent synaptic RL needs, in the median of an answer's pairs.
local function times_the_work(answer)
  local middle = stats.median(work.ratios(answer)) or math.huge -- of two infinite ones there is none
  return middle == math.huge and "does not get there" or middle == 0
    and "gets there where gradient descent does not"
    or ("needs %s times as many multiply-adds"):format(
      format.fixed(middle, middle < 10 and 1 or 0))
end

--- The questions: { title, chapters to read on in, claims that it needs, function of their verdicts }.
local questions = {
  { "Do a policy and its network learn together?", { "figure1", "figure2" }, { "figure1.convergence" },
    function(v)
      local r = v["figure1.convergence"]
      local words = ("Of the runs in training, %s end at 95 %% accuracy or more. The paper says "
        .. "“reliably”, for which four runs of five are asked here: %s."):format(share(r), said(r))
      local a, b = v["figure1.accuracy"], v["figure2.accuracy"]
      return words .. (a and b and (" The published single runs stand among ours: Figure 1 %s, %s, and "
        .. "Figure 2 %s, %s."):format(published(a), said(a), published(b), said(b)) or "")
    end },
  { "Does a learned table work elsewhere?", { "policy", "policies", "figure2", "transfer", "again" },
    { "policy.boundaries", "policy.letters", "figure2.convergence" },
    function(v)
      local many, letters, chosen = v["policy.boundaries"], v["policy.letters"], v["figure2.convergence"]
      local words = ("The paper goes on with the table that training ends with. Of such tables %s reach 95 %% on "
        .. "three unseen boundaries, in the mean: %s. On letters %s reach 85 %%: %s (four of five are asked). "
        .. "The table of the other chapters is a time average, of %d the best on these three boundaries; with it "
        .. "%s of the runs on further boundaries end at 95 %% or more: %s."):format(share(many), said(many),
          share(letters), said(letters), many.n, share(chosen), said(chosen))
      local a, s, t = v["transfer.activations"], v["transfer.shapes"], v["transfer.tasks"]
      return words .. (a and s and t and (" It passes in %s with other activation functions (%s), %s with "
        .. "other shapes (%s) and %s with other tasks (%s); letters have 100,000 iterations there."):format(a.shown,
          a.word, s.shown, s.word, t.shown, t.word) or "")
    end },
  { "Do the accuracies on letters (notMNIST) hold?", { "table1", "table1-authors", "policies" },
    { "table1.synaptic32.mean", "table1.synaptic0.mean" },
    function(v)
      local words = ("%s; %s."):format(row(v["table1.synaptic32.mean"], "With 32 hidden units, of the "
        .. "networks that train,"), row(v["table1.synaptic0.mean"], "without hidden units"))
      local own0, own32 = v["authors.synaptic0"], v["authors.synaptic32"]
      if own0 and own32 then
        words = words .. (" With the table that the authors published themselves: %s; %s."):format(
          row(own32, "32 hidden units"), row(own0, "none"))
      end
      local many = v["policy.averaged"]
      return words .. (many and (" Over the averaged tables of Figure 1's first ten runs: %s."):format(
        row(many, "without hidden units")) or "")
    end },
  { "Is it as good as gradient descent?", { "table1", "baseline" },
    { "par.0", "par.32", "fair.0", "fair.32" },
    function(v)
      return ("On the same splits, against gradient descent with the start and length of the authors' "
        .. "code, the difference of synaptic learning is in points %s without hidden units (published %s%s) and %s "
        .. "with 32 (published %s%s). Against gradient descent that starts from small weights and runs to its "
        .. "plateau it is %s and %s. The paper says “on par” and gives no margin; here it is taken as not more "
        .. "than two points behind. Against the fair baseline %s without hidden units, and %s with 32. %s"):format(
          points(v["par.0"]), claims.text "gap.0.mean", beside(v["gap.0"]), points(v["par.32"]),
          claims.text "gap.32.mean", beside(v["gap.32"]),
          points(v["fair.0"]), points(v["fair.32"]), said(v["fair.0"]), said(v["fair.32"]),
          at_published_deficit(v["fair.32"]))
    end },
  { "Does every network on letters learn?", { "collapse", "table1" },
    { "letters.trains32", "letters.trains0" },
    function(v)
      local r, size = v["letters.trains32"], v.size
      return ("%s With 32 hidden units %s networks are alive (above 20 %% accuracy) after 25,000 iterations, where "
        .. "four of five are asked: %s.%s Without hidden units %s networks end at 85 %% or more: %s."):format(
          r.ours < 1 and "Not every one, but most." or "All that were run.", share(r),
          said(r), size and (" Of those that are run to the end, %s end at 85 %% or more.")
            :format(size.shown:gsub(" runs?$", "")) or "", share(v["letters.trains0"]), said(v["letters.trains0"]))
    end },
  { "What does it cost?", { "cost" }, { "cost.0", "cost.32" },
    function(v)
      local a, b = v["cost.32"], v["cost.0"]
      local fair = a.answer.fair and b.answer.fair and (" Beside gradient descent from small weights it %s with 32 "
        .. "hidden units, and %s without."):format(times_the_work(a.answer.fair), times_the_work(b.answer.fair))
      return ("To 85 %% on the validation images, beside gradient descent as published, synaptic RL %s with 32 hidden "
        .. "units, and %s without (medians of the ratios, seed by seed). “Higher time complexity”: "
        .. "with 32 hidden units %s, without %s.%s"):format(times_the_work(a.answer), times_the_work(b.answer), said(a),
          said(b), fair or "")
    end },
}

local function linked(ids, chapters)
  local list = {}
  for _, id in ipairs(ids) do
    if chapters[id] then
      list[#list + 1] = ("[%s](#%s)"):format(chapters[id].title, weave.anchor(chapters[id].title))
    end
  end
  return #list > 0 and " *Read on:* " .. table.concat(list, "; ") .. "." or ""
end

--- Are these claims all measured and judged?
local function judged(v, ids)
  for _, id in ipairs(ids) do
    if not v[id] then return false end
  end
  return true
end

--- How many claims have which verdict: those that have a test, and plain counts; and what is tested no more.
local function in_short(results, v)
  local count, tested, parts, plain, equal, withdrawn, why = {}, 0, {}, 0, 0, {}, nil
  for _, r in ipairs(results) do
    if r.claim.withdrawn then
      withdrawn[#withdrawn + 1], why = ("`%s`"):format(r.claim.id), r.claim.withdrawn
    end
    if says[r.word] and r.claim.first and v[r.claim.first] ~= r then
      goto counted -- the first look decided
    elseif says[r.word] and r.claim.family then
      count[r.word], tested = (count[r.word] or 0) + 1, tested + 1
    elseif says[r.word] then
      plain, equal = plain + 1, equal + (r.word == "replicated" and 1 or 0)
    end
    ::counted::
  end
  for _, word in ipairs { "replicated", "compatible", "outside", "not replicated", "undecided" } do
    if count[word] then parts[#parts + 1] = ("%d %s"):format(count[word], word) end
  end
  return ("In short, of %d claims of the paper that are put to a test: %s."):format(tested, table.concat(parts, ", "))
    .. (plain > 0 and (" Of %d plain counts, %d are as the paper says."):format(plain, equal) or "")
    .. (why and (" The registered tests of %s were withdrawn after their results: %s ([registration]"
      .. "(../paper/registration.md))."):format(table.concat(withdrawn, " and "), why) or "")
end

--- Markdown, or nil where there is nothing to answer. `chapters`: by id, { title, finding }; `more`: further
--- answers, { title, ids of chapters, text }.
function answers.markdown(results, chapters, more)
  local v, out = {}, {}
  for _, r in ipairs(results) do
    local told = says[r.word] or r.claim.withdrawn and r.word == "described"
    local id = r.claim.first or r.claim.id
    if told and r.n and r.n > 0 and not (r.claim.first and v[id]) then v[id] = r end -- where the first decides, it stands
  end
  for _, q in ipairs(questions) do
    if judged(v, q[3]) then
      out[#out + 1] = weave.wrap(("**%s** %s%s"):format(q[1], q[4](v), linked(q[2], chapters)))
    end
  end
  if #out == 0 then return nil end
  table.insert(out, 1, weave.wrap(in_short(results, v)))
  for _, q in ipairs(more) do
    out[#out + 1] = weave.wrap(("**%s** %s%s"):format(q[1], q[3], linked(q[2], chapters)))
  end
  return "## Does the paper hold?\n\n" .. table.concat(out, "\n\n")
end

return answers
