--- What a run was to compute, counted: how often it measured the loss, and the multiply-adds of that.
local work = {}

--- How often the loss was measured to train: of the untrained network, after each iteration, and once more
--- where a new batch is measured before it counts. The validation images are not in it.
function work.evaluations(record)
  local spec, n = record.spec, record.iterations
  local again = spec.method == "synaptic" and spec.batch_interval > 0 and spec.batch_change == "remeasure"
  return n + 1 + (again and n > 0 and (n - 1) // spec.batch_interval or 0) // 1
end

--- Samples of a batch; a batch_size of 0 stands for all that train.
function work.samples(record)
  local spec = record.spec
  if spec.batch_size > 0 then return spec.batch_size end
  return spec.task == "images" and record.data.train or spec.points
end

--- Multiply-adds of one, with the whole product each time, as if nothing were known from the iteration
--- before. Synaptic: one pass of the batch through the network. Gradient descent: such a pass, the
--- gradient of every weight (as much again), and of every hidden unit.
function work.each(record)
  local net, weights, above = record.spec.net, 0, 0
  for l = 1, #net - 1 do
    weights = weights + net[l] * net[l + 1]
    if l > 1 then above = above + net[l] * net[l + 1] end
  end
  return work.samples(record) * (record.spec.method == "synaptic" and weights or 2 * weights + above) // 1
end

--- Multiply-adds of all of them.
function work.multiply_adds(record)
  return work.evaluations(record) * work.each(record)
end

--- How many times the work of the first of each pair the second needs, of an answer { values, others } with
--- infinity for what never gets there: 1 where neither does.
function work.ratios(answer)
  local ratios = {}
  for i, first in ipairs(answer.values) do
    local second = answer.others[i]
    ratios[i] = (first == math.huge and second == math.huge) and 1 or first == math.huge and 0 or second / first
  end
  return ratios
end

return work
