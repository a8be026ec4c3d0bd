/* Algorithm 1 (section 2.2): every synapse looks up its state, acts, and the whole network hears
 * one bit of reward. This file names no policy and knows no task beyond its batches. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "engine/net/model.h"
#include "engine/net/steps.h"
#include "engine/train/checkpoint.h"
#include "engine/train/curve.h"
#include "engine/train/reward.h"
#include "engine/train/run.h"

typedef struct trainer {
  const syn_options *options;
  const syn_task *task;
  syn_policy *policy;
  const syn_kernels *kernels;
  syn_pool *pool;
  const syn_model_class *type;
  syn_model *model;
  syn_network network;
  syn_plan plan;
  syn_steps steps; /* the weights */
  syn_meter meter; /* what its outputs are worth */
  int64_t moves;   /* since the weights became a base */

  size_t n;          /* synapses */
  unsigned history;  /* pairs that the policy wants remembered */
  unsigned locals;   /* 3^history */
  uint8_t *local[2]; /* (n) local codes now, and before the action; one array if nobody learns */
  int8_t *action;    /* (n) of this iteration; before it, of the last */
  int8_t *last;      /* (n) only for policies that act on their own */
  int max_action;    /* greatest |action| */
  unsigned reward_code;
  syn_reward reward; /* the last */
  const syn_signal_class *signal;
  syn_reward_state rewards;
  syn_rewarder *rewarder; /* in its place; or NULL */
  int accuracy, classes;  /* does the reward hear of these? */
  int new_batch;          /* since the last reward */
  const syn_table *table; /* the policy as a table, or NULL */
  syn_layer_view view[SYN_GROUPS_MAX];

  uint32_t *batch, *scratch; /* rows of the current batch */
  uint32_t batch_number;
  double loss, loss_change; /* of the batch, and how it rose by the last move */
  double loss_before;       /* what the next loss is compared with */
  syn_arena arena;
} trainer;

/* ---- batches --------------------------------------------------------------------------------- */

/* The weights as they are become the base that moves start from, and these go by `rate`. */
static void rebase(trainer *t, double rate) {
  syn_steps_rebase(&t->steps);
  t->steps.rate = rate;
  t->moves = 0;
  t->type->base(t->model, rate);
}

/* Shows batch `number` to the network; a base is due after it. */
static void show_batch(trainer *t, uint32_t number) {
  t->batch_number = number;
  const syn_split *split = &t->task->split;
  size_t size = (size_t)t->options->batch_size;
  const uint32_t *rows = size ? t->batch : split->train;
  if (size)
    syn_batch_draw(t->batch, size, split->train, split->n_train, t->options->seed, number,
                   t->scratch);
  else
    size = split->n_train;
  syn_samples samples = syn_task_samples(t->task, rows, size);
  syn_meter_batch(&t->meter, &samples);
  t->type->batch(t->model, &samples);
}

static void take_batch(trainer *t, uint32_t number) {
  show_batch(t, number);
  rebase(t, t->steps.rate);
}

/* What the weights as they are lead to; the accuracy is NAN where nobody wants it. */
static syn_outcome measure(trainer *t, int want_accuracy) {
  double accuracy = NAN;
  int wanted = want_accuracy || t->accuracy;
  syn_meter_begin(&t->meter, wanted);
  t->type->outputs(t->model, &(syn_sink){&t->meter, syn_meter_take});
  double loss = syn_meter_end(&t->meter, wanted ? &accuracy : NULL);
  return (syn_outcome){
      .score = {loss, accuracy},
      .n = t->task->outputs,
      .classes = t->classes ? syn_meter_classes(&t->meter) : NULL,
  };
}

/* What is due before iteration `now`: a new rate, a new batch. */
static void begin_iteration(trainer *t, uint32_t now) {
  const syn_options *o = t->options;
  double rate = syn_options_rate(o, now);
  if (rate != t->steps.rate)
    rebase(t, rate);
  if (now > 0 && o->batch_interval > 0 && now % (uint32_t)o->batch_interval == 0) {
    take_batch(t, now / (uint32_t)o->batch_interval);
    t->new_batch = 1;
    if (o->batch_change == SYN_BATCH_REMEASURE) {
      syn_outcome outcome = measure(t, 0);
      t->loss_before = outcome.score.loss;
      syn_reward_reset(&t->rewards, o, outcome);
    }
  }
}

/* ---- acting ---------------------------------------------------------------------------------- */

/* The policy's table cut at the current reward code. */
static void cut_table(syn_step_table *step, const syn_table *table, unsigned reward_code) {
  size_t first = (size_t)reward_code * table->locals;
  step->locals = table->locals;
  step->stochastic = table->stochastic;
  memcpy(step->action, table->action + first, table->locals);
  if (table->stochastic) {
    memcpy(step->low, table->low + first, table->locals * sizeof *step->low);
    memcpy(step->high, table->high + first, table->locals * sizeof *step->high);
  }
  syn_table_explore(step->explore, table);
}

static int sees_activity(const trainer *t) {
  return t->policy->type->sees_activity && t->policy->type->sees_activity(t->policy);
}

static void view_layers(trainer *t) {
  const syn_policy_class *class = t->policy->type;
  int ignored = class->ignores_weights && class->ignores_weights(t->policy);
  const float *w = ignored ? NULL : syn_steps_weights(&t->steps);
  int activity = sees_activity(t);
  for (size_t g = 0; g < t->plan.groups; g++) {
    const syn_group *group = &t->plan.group[g];
    t->view[g] = (syn_layer_view){group->first,
                                  group->inputs,
                                  group->units,
                                  w ? w + group->first : NULL,
                                  activity ? t->type->behind(t->model, g) : NULL,
                                  activity ? t->type->ahead(t->model, g) : NULL};
  }
}

/* A policy without a table acts on its own, and so does one with more actions than the kernels
 * know; histories and lattice follow here. */
static syn_status act_freely(trainer *t, uint32_t now, syn_ctx *ctx) {
  memcpy(t->last, t->action, t->n);
  view_layers(t);
  syn_view view = {.seed = t->options->seed,
                   .iteration = now,
                   .n = t->n,
                   .history = t->history,
                   .locals = t->locals,
                   .local = t->local[0],
                   .reward_code = t->reward_code,
                   .reward = t->reward.sign,
                   .value = t->reward.value,
                   .loss = t->loss,
                   .loss_change = t->loss_change,
                   .last = t->last,
                   .layers = t->plan.groups,
                   .layer = t->view};
  syn_status status = t->policy->type->act(t->policy, &view, t->action, ctx);
  if (status)
    return status;
  int32_t *lattice = t->steps.K;
  for (size_t s = 0; s < t->n; s++)
    assert(t->action[s] >= -t->max_action && t->action[s] <= t->max_action);
  for (size_t s = 0; s < t->n && t->locals > 1; s++)
    t->local[1][s] = syn_history_shift(t->local[0][s], syn_history_symbol(t->action[s]), t->locals);
  for (size_t s = 0; s < t->n && lattice; s++)
    lattice[s] += t->action[s];
  return SYN_OK;
}

static syn_status act(trainer *t, uint32_t now, syn_ctx *ctx) {
  if (!t->table || t->table->two_sizes)
    return act_freely(t, now, ctx);
  syn_step_table step;
  cut_table(&step, t->table, t->reward_code);
  t->kernels->policy_step(t->action, t->local[1], t->local[0], t->steps.K, &step, t->options->seed,
                          now, t->n);
  return SYN_OK;
}

/* ---- learning -------------------------------------------------------------------------------- */

static syn_status learn(trainer *t, uint32_t now, unsigned code_before, syn_ctx *ctx) {
  if (!t->policy->type->learn)
    return SYN_OK;
  syn_transition step = {.seed = t->options->seed,
                         .iteration = now,
                         .n = t->n,
                         .locals = t->locals,
                         .before = t->local[0],
                         .after = t->local[1],
                         .reward_before = code_before,
                         .reward_after = t->reward_code,
                         .action = t->action,
                         .reward = t->reward.sign,
                         .value = t->reward.value,
                         .loss = t->loss,
                         .loss_change = t->loss_change};
  syn_status status = t->policy->type->learn(t->policy, &step, ctx);
  if (status == SYN_OK && t->policy->type->table)
    t->table = t->policy->type->table(t->policy);
  return status;
}

static void move(trainer *t) {
  syn_steps_move(&t->steps, t->action);
  if (t->plan.moves_max && ++t->moves >= t->plan.moves_max)
    rebase(t, t->steps.rate);
  else
    t->type->move(t->model, t->action);
}

/* What the network hears of this iteration. */
static syn_status reward(trainer *t, uint32_t now, syn_outcome outcome, syn_ctx *ctx) {
  syn_news news = {.seed = t->options->seed,
                   .iteration = now,
                   .loss = t->loss,
                   .loss_change = t->loss_change,
                   .accuracy = outcome.score.accuracy,
                   .n = outcome.n,
                   .classes = outcome.classes,
                   .new_batch = t->new_batch};
  t->new_batch = 0;
  if (t->rewarder)
    return t->rewarder->type->next(t->rewarder, &news, &t->reward, ctx);
  t->reward = syn_reward_next(&t->rewards, t->options, outcome);
  return SYN_OK;
}

/* One pass of Algorithm 1's outer loop; *accuracy on the batch if not NULL. */
static syn_status iterate(trainer *t, uint32_t now, double *accuracy, syn_ctx *ctx) {
  begin_iteration(t, now);
  syn_status status = act(t, now, ctx);
  if (status)
    return status;
  move(t);
  syn_outcome outcome = measure(t, accuracy != NULL);
  t->loss = outcome.score.loss;
  t->loss_change = t->loss - t->loss_before;
  t->loss_before = t->loss;
  if (accuracy)
    *accuracy = outcome.score.accuracy;
  unsigned code_before = t->reward_code;
  status = reward(t, now, outcome, ctx);
  if (status)
    return status;
  t->reward_code = syn_history_shift((uint8_t)t->reward_code, t->reward.sign, t->locals);
  status = learn(t, now, code_before, ctx);
  uint8_t *swap = t->local[0];
  t->local[0] = t->local[1];
  t->local[1] = swap;
  return status;
}

/* ---- the run --------------------------------------------------------------------------------- */

static syn_status open_network(trainer *t, syn_ctx *ctx) {
  const syn_options *o = t->options;
  const syn_task *task = t->task;
  int multiplicative = o->update == SYN_UPDATE_MULTIPLICATIVE;
  size_t samples = o->batch_size > 0 ? (size_t)o->batch_size : task->split.n_train;
  t->network = task->network;
  t->network.lattice = !multiplicative;
  t->network.max_action = t->max_action;
  syn_status status = t->type->plan(&t->plan, &t->network, ctx);
  if (status == SYN_OK && sees_activity(t) && !(t->type->behind && t->type->ahead))
    status = syn_fail(ctx, SYN_EINVAL, "policy '%s' sees activity; model '%s' cannot tell it",
                      t->policy->type->name, t->type->name);
  if (status == SYN_OK)
    status =
        syn_steps_open(&t->steps, &t->plan, multiplicative, o->rate, o->bias_step, &t->arena, ctx);
  if (status == SYN_OK)
    status = syn_meter_open(&t->meter, task->loss, task->samples.labels != NULL, t->classes,
                            task->outputs, samples, t->kernels, &t->arena, ctx);
  if (status)
    return status;
  syn_run_init(t->steps.w, o, &t->plan);
  syn_model_setup setup = {
      .network = &t->network,
      .plan = &t->plan,
      .weights = t->steps.w,
      .samples = samples,
      .activity = sees_activity(t),
      .kernels = t->kernels,
      .pool = t->pool,
  };
  return t->type->open(&t->model, &setup, ctx);
}

static syn_status open_trainer(trainer *t, syn_ctx *ctx) {
  const syn_policy_class *class = t->policy->type;
  t->type = t->task->model;
  const syn_rewarder *own = t->rewarder = t->options->rewarder;
  t->signal = &syn_signals[t->options->reward_signal];
  t->accuracy = own ? own->type->accuracy && own->type->accuracy(own) : t->signal->accuracy;
  t->classes = own ? own->type->classes && own->type->classes(own) : t->signal->classes;
  t->n = t->task->plan.synapses;
  t->history = class->history(t->policy);
  t->locals = syn_locals(t->history);
  t->reward_code = syn_history_zero(t->locals);
  size_t rows = t->task->split.n_train;
  if (!(t->action = syn_arena_take(&t->arena, t->n, 1)) ||
      !(t->last = syn_arena_take(&t->arena, t->n, 1)) ||
      !(t->local[0] = syn_arena_take(&t->arena, t->n, 1)) ||
      !(t->local[1] = syn_arena_take(&t->arena, t->n, 1)) ||
      !(t->batch = syn_arena_take(&t->arena, rows, sizeof *t->batch)) ||
      !(t->scratch = syn_arena_take(&t->arena, rows, sizeof *t->scratch)))
    return syn_fail_memory(ctx, "the synapses' histories");
  memset(t->local[0], (int)syn_history_zero(t->locals), t->n);
  syn_status status = syn_pool_open(&t->pool, (unsigned)t->options->threads, ctx);
  if (status == SYN_OK && class->start)
    status = class->start(t->policy, &t->task->plan, t->kernels, ctx);
  if (status == SYN_OK && class->table)
    t->table = class->table(t->policy);
  if (status == SYN_OK && own)
    status = own->type->start(t->rewarder, ctx);
  t->max_action = class->max_action ? class->max_action(t->policy) : 1;
  return status ? status : open_network(t, ctx);
}

static void close_trainer(trainer *t) {
  if (t->model)
    t->type->close(t->model);
  syn_pool_close(t->pool);
  syn_arena_close(&t->arena);
}

/* Everything that the next iteration depends on. */
static syn_status state_of(trainer *t, syn_recorder *recorder, uint32_t *done, syn_state *s,
                           syn_ctx *ctx) {
  const syn_policy_class *class = t->policy->type;
  syn_status status = syn_checkpoint_result(s, recorder, done, ctx);
  if (status)
    return status;
  syn_state_piece(s, &t->batch_number, sizeof t->batch_number);
  syn_steps_state(&t->steps, s);
  if (s->resuming) {
    show_batch(t, t->batch_number);
    t->type->base(t->model, t->steps.rate);
  }
  if (t->type->state)
    t->type->state(t->model, s);
  syn_state_piece(s, &t->moves, sizeof t->moves);
  syn_state_piece(s, t->local[0], t->n);
  syn_state_piece(s, t->action, t->n);
  syn_state_piece(s, &t->reward_code, sizeof t->reward_code);
  syn_state_piece(s, &t->reward, sizeof t->reward);
  syn_state_piece(s, &t->rewards, sizeof t->rewards);
  syn_state_piece(s, &t->loss, sizeof t->loss);
  syn_state_piece(s, &t->loss_change, sizeof t->loss_change);
  syn_state_piece(s, &t->loss_before, sizeof t->loss_before);
  syn_state_piece(s, &t->new_batch, sizeof t->new_batch);
  if (class->state)
    status = class->state(t->policy, s, ctx);
  else if (class->learn)
    status = syn_fail(ctx, SYN_EINVAL, "policy '%s' cannot keep what it learns", class->name);
  if (status == SYN_OK && t->rewarder)
    status = t->rewarder->type->state(t->rewarder, s, ctx);
  if (status == SYN_OK)
    status = syn_state_check(s, ctx);
  if (status == SYN_OK && class->table)
    t->table = class->table(t->policy);
  return status;
}

static const syn_checkpoint *keep(trainer *t, syn_recorder *recorder, uint32_t done,
                                  const syn_checkpoint *checkpoint) {
  syn_state state = {0};
  syn_ctx why = {0};
  syn_status status = state_of(t, recorder, &done, &state, &why);
  return syn_checkpoint_keep(checkpoint, &state, status, &why);
}

/* Iteration 0, or the state of a checkpoint. */
static syn_status begin(trainer *t, syn_recorder *recorder, syn_score *batch, uint32_t *done,
                        const syn_checkpoint *checkpoint, syn_ctx *ctx) {
  syn_result *result = recorder->result;
  *done = 0;
  if (checkpoint && checkpoint->bytes) {
    syn_state state = {
        .resuming = 1, .bytes = (void *)(uintptr_t)checkpoint->bytes, .n = checkpoint->n};
    syn_status status = state_of(t, recorder, done, &state, ctx);
    *batch = (syn_score){t->loss, NAN};
    return status;
  }
  take_batch(t, 0);
  syn_outcome untrained = measure(t, 1);
  *batch = untrained.score;
  t->loss = t->loss_before = batch->loss;
  syn_reward_start(&t->rewards, t->options, untrained);
  result->trace_loss = syn_trace_f64(SYN_TRACE_START, batch->loss);
  result->trace_action = SYN_TRACE_START;
  if (!syn_recorder_due(recorder, 0))
    return SYN_OK;
  return syn_recorder_row(recorder, 0, *batch, syn_steps_weights(&t->steps), ctx);
}

/* Iterations until the end, an abort, a loss that is not finite, or an error. */
static syn_status train(trainer *t, syn_recorder *recorder, const syn_observer *observer,
                        syn_ctx *ctx) {
  const syn_options *o = t->options;
  const syn_checkpoint *checkpoint = observer ? observer->checkpoint : NULL;
  syn_result *result = recorder->result;
  uint32_t iterations = (uint32_t)o->iterations, done;
  syn_score batch;
  syn_ending ending = SYN_ENDED;
  syn_status status = begin(t, recorder, &batch, &done, checkpoint, ctx);
  while (status == SYN_OK && done < iterations && ending == SYN_ENDED) {
    int row = syn_recorder_due(recorder, done + 1), last = done + 1 == iterations;
    batch.accuracy = NAN; /* where it is not measured */
    status = iterate(t, done, row || last ? &batch.accuracy : NULL, ctx);
    if (status)
      break;
    done++;
    batch.loss = t->loss;
    result->rewards_up += t->reward.sign > 0;
    result->trace_loss = syn_trace_f64(result->trace_loss, t->loss);
    if (o->trace > 0)
      result->trace_action = syn_trace_bytes(result->trace_action, t->action, t->n);
    ending = syn_run_ending(o, done, batch, row);
    if (row)
      status = syn_recorder_row(recorder, done, batch, syn_steps_weights(&t->steps), ctx);
    if (status == SYN_OK && observer)
      status = observer->iteration(observer->self, done, iterations, batch);
    if (status == SYN_OK && !last && ending == SYN_ENDED && syn_checkpoint_due(checkpoint, row))
      checkpoint = keep(t, recorder, done, checkpoint);
  }
  if (status == SYN_OK)
    status = syn_recorder_finish(recorder, ending, done, batch, syn_steps_weights(&t->steps), ctx);
  return status;
}

syn_status syn_run_synaptic(syn_result **out, const syn_options *options, const syn_task *task,
                            syn_policy *policy, const syn_kernels *kernels,
                            const syn_observer *observer, syn_ctx *ctx) {
  *out = NULL;
  syn_recorder recorder;
  syn_result *result;
  trainer t = {.options = options, .task = task, .policy = policy, .kernels = kernels};
  syn_status status = syn_recorder_open(&recorder, &result, options, task, kernels, ctx);
  if (status)
    return status;
  status = open_trainer(&t, ctx);
  if (status == SYN_OK)
    status = train(&t, &recorder, observer, ctx);
  close_trainer(&t);
  syn_recorder_close(&recorder);
  if (status)
    syn_result_close(result);
  else
    *out = result;
  return status;
}
