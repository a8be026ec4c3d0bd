/* The reference engine: Algorithm 1 in the order of the paper's equations, one synapse, one sample
 * and one sum at a time, with nothing packed, split or vectorised. It follows the same
 * specification (numeric/kernels.h, net/forward.h), so it must give the same trajectory bit for
 * bit; it exists to be read and to be compared with. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "engine/net/forward.h"
#include "engine/numeric/vec.h"
#include "engine/train/curve.h"
#include "engine/train/reward.h"
#include "engine/train/run.h"

typedef struct reference {
  const syn_kernels *kernels; /* for the policy alone */
  const syn_options *options;
  const syn_task *task;
  const syn_shape *shape;
  syn_policy *policy;

  size_t n;            /* synapses */
  double rate;         /* alpha_s now */
  float *w0, *w;       /* (S) weights at the last rebase, and now: w = w0 + step * K */
  int32_t *K;          /* (S) */
  int64_t moves;       /* since the last rebase */

  unsigned history, locals;
  uint8_t *before, *after; /* (S) local codes */
  int8_t *action;          /* (S) */
  unsigned reward_code;
  const syn_table *table;

  uint32_t *rows, *scratch; /* batch */
  size_t samples;
  float *Z0;                /* (samples, units of the first layer), images only */
  float *h, *z;             /* (widest layer) activity of one sample */
  float *sample_loss;       /* (samples, rounded up to 16; the rest stays 0) */
  double class_loss[SYN_CLASSES_MAX];
  syn_reward_state rewards;
  uint64_t rewards_up;
  syn_arena arena;
} reference;

/* ---- equation (1), (4), (5): state and action -------------------------------------------------- */

/* Action of synapse s in iteration t by the policy's table, with epsilon-greedy exploration. */
static int8_t action_of(const reference *r, size_t s, uint32_t t) {
  const syn_table *table = r->table;
  size_t state = (size_t)r->reward_code * r->locals + r->before[s];
  int8_t action = table->action[state];
  if (table->stochastic) {
    uint32_t v = syn_synapse_bits(r->options->seed, SYN_STREAM_POLICY, t, s);
    action = v < table->low[state] ? -1 : v < table->high[state] ? 0 : 1;
  }
  uint32_t explore[3], u = syn_synapse_bits(r->options->seed, SYN_STREAM_EXPLORE, t, s);
  syn_table_explore(explore, table);
  if (u < explore[2])
    action = syn_table_random(table, explore, u);
  return action;
}

/* ---- equation (2): the weights ----------------------------------------------------------------- */

static void reconstruct(reference *r) {
  size_t s = 0;
  for (size_t l = 0; l < r->shape->layers; l++)
    for (size_t u = 0; u < r->shape->units[l + 1]; u++)
      for (size_t i = 0; i <= r->shape->units[l]; i++, s++) {
        float step = (float)(i == 0 ? r->rate * r->options->bias_step : r->rate);
        if (r->options->update == SYN_UPDATE_MULTIPLICATIVE)
          r->w[s] += r->w[s] * (step * (float)r->action[s]);
        else
          r->w[s] = r->w0[s] + step * (float)r->K[s];
      }
}

/* Z0 of every sample and unit of the first layer, with the weights as they are. */
static void base_products(reference *r) {
  size_t in = r->shape->units[0], units = r->shape->units[1];
  for (size_t b = 0; b < r->samples; b++)
    for (size_t u = 0; u < units; u++) {
      const uint8_t *x = r->task->pixels + r->rows[b] * in;
      const float *w = r->w + u * (in + 1) + 1;
      float sum = 0.0f;
      for (size_t i = 0; i < in; i++)
        sum += w[i] * ((float)x[i] / 255.0f);
      r->Z0[b * units + u] = sum;
    }
}

/* The weights as they are become the lattice's origin. */
static void rebase(reference *r) {
  if (r->options->update == SYN_UPDATE_ADDITIVE) {
    memcpy(r->w0, r->w, r->n * sizeof *r->w0);
    memset(r->K, 0, r->n * sizeof *r->K);
  }
  r->moves = 0;
  if (r->task->kind == SYN_TASK_IMAGES)
    base_products(r);
}

static void move(reference *r) {
  for (size_t s = 0; s < r->n; s++)
    r->K[s] += r->action[s];
  reconstruct(r);
  /* Where the lattice product would outgrow 2^30, it starts again. */
  int64_t most = 255 * (int64_t)r->shape->units[0] * (r->table->two_sizes ? 2 : 1);
  if (r->task->kind == SYN_TASK_IMAGES && ++r->moves * most >= (INT64_C(1) << 30))
    rebase(r);
}

/* ---- the network's outputs and the loss -------------------------------------------------------- */

static float activate(syn_activation activation, float z) {
  return activation == SYN_RELU ? (z > 0.0f ? z : 0.0f) : activation == SYN_TANH ? syn_tanh(z) : z;
}

/* Pre-activation of unit u in the first layer for images: on the lattice. */
static float lattice_unit(const reference *r, size_t b, size_t u) {
  size_t in = r->shape->units[0];
  const uint8_t *x = r->task->pixels + r->rows[b] * in;
  const int32_t *K = r->K + u * (in + 1) + 1;
  int64_t D = 0;
  for (size_t i = 0; i < in; i++)
    D += (int64_t)K[i] * x[i];
  float scale = (float)(r->rate / 255.0);
  return (r->Z0[b * r->shape->units[1] + u] + scale * (float)(int32_t)D) + r->w[u * (in + 1)];
}

/* Outputs of sample b into r->h. */
static void forward(reference *r, size_t b) {
  size_t in = r->shape->units[0];
  int images = r->task->kind == SYN_TASK_IMAGES;
  int lattice = images && r->options->update == SYN_UPDATE_ADDITIVE;
  for (size_t i = 0; i < in; i++)
    r->h[i] = images ? (float)r->task->pixels[r->rows[b] * in + i] / 255.0f
                     : r->task->points[r->rows[b] * in + i];
  const float *w = r->w;
  for (size_t l = 0; l < r->shape->layers; l++) {
    in = r->shape->units[l];
    for (size_t u = 0; u < r->shape->units[l + 1]; u++, w += in + 1) {
      float z = w[0];
      for (size_t i = 0; i < in && !(lattice && l == 0); i++)
        z += w[i + 1] * r->h[i];
      if (lattice && l == 0)
        z = lattice_unit(r, b, u);
      r->z[u] = activate(l + 1 == r->shape->layers ? r->shape->output : r->shape->hidden, z);
    }
    float *swap = r->h;
    r->h = r->z;
    r->z = swap;
  }
}

static float cross_entropy(const float *z, size_t classes, size_t y) {
  float most = z[0], sum = 0.0f;
  for (size_t k = 1; k < classes; k++)
    most = z[k] > most ? z[k] : most;
  for (size_t k = 0; k < classes; k++)
    sum += syn_exp(z[k] - most);
  return (syn_log(sum) + most) - z[y];
}

static float squared_error(const float *z, const float *t, size_t outputs) {
  float sum = 0.0f;
  for (size_t k = 0; k < outputs; k++)
    sum += (z[k] - t[k]) * (z[k] - t[k]);
  return sum;
}

static int is_correct(const reference *r, const float *z, size_t b) {
  size_t best = 0, right = 1, outputs = r->task->outputs;
  if (r->task->kind == SYN_TASK_BOUNDARY) {
    for (size_t k = 0; k < outputs; k++)
      right &= (z[k] > 0.0f) == (r->task->targets[r->rows[b] * outputs + k] > 0.0f);
    return right != 0;
  }
  for (size_t k = 1; k < outputs; k++)
    best = z[k] > z[best] ? k : best;
  return best == r->task->labels[r->rows[b]];
}

static float loss_of(const reference *r, const float *z, size_t b) {
  size_t outputs = r->task->outputs;
  if (r->task->kind == SYN_TASK_BOUNDARY)
    return squared_error(z, r->task->targets + r->rows[b] * outputs, outputs);
  size_t label = r->task->labels[r->rows[b]];
  if (r->options->loss == SYN_LOSS_CROSS_ENTROPY)
    return cross_entropy(z, outputs, label);
  float target[SYN_CLASSES_MAX] = {0};
  target[label] = 1.0f;
  return squared_error(z, target, outputs);
}

/* Sums of 16 samples in a tree, then one after the other, in double. */
static double sum_losses(const reference *r) {
  double sum = 0.0;
  for (size_t b = 0; b < r->samples; b += SYN_LANES) {
    double lane[SYN_LANES];
    for (size_t s = 0; s < SYN_LANES; s++)
      lane[s] = (double)r->sample_loss[b + s];
    for (size_t half = SYN_LANES / 2; half; half /= 2)
      for (size_t s = 0; s < half; s++)
        lane[s] += lane[s + half];
    sum += lane[0];
  }
  return sum;
}

/* Mean loss of each class: sums of 16 samples, then one after the other, in double. */
static void measure_classes(reference *r) {
  for (size_t k = 0; k < r->task->outputs; k++) {
    double sum = 0.0;
    size_t samples = 0;
    for (size_t b = 0; b < r->samples; b += SYN_LANES) {
      double of_block = 0.0;
      for (size_t s = b; s < b + SYN_LANES && s < r->samples; s++) {
        uint32_t row = r->rows[s];
        of_block += r->task->labels[row] == k ? (double)r->sample_loss[s] : 0.0;
        samples += r->task->labels[row] == k;
      }
      sum += of_block;
    }
    r->class_loss[k] = samples ? sum / (double)samples : NAN;
  }
}

static syn_outcome outcome_of(reference *r, syn_score score) {
  if (r->options->reward_signal != SYN_SIGNAL_CLASSES)
    return (syn_outcome){score, r->task->outputs, NULL};
  measure_classes(r);
  return (syn_outcome){score, r->task->outputs, r->class_loss};
}

static syn_score measure(reference *r) {
  size_t correct = 0;
  for (size_t b = 0; b < r->samples; b++) {
    forward(r, b);
    r->sample_loss[b] = loss_of(r, r->h, b);
    correct += (size_t)is_correct(r, r->h, b);
  }
  double sum = sum_losses(r);
  int entropy = r->options->loss == SYN_LOSS_CROSS_ENTROPY;
  return (syn_score){(entropy ? sum : sqrt(sum)) / (double)r->samples,
                     (double)correct / (double)r->samples};
}

/* ---- Algorithm 1 ------------------------------------------------------------------------------- */

static void take_batch(reference *r, uint32_t number) {
  const syn_split *split = &r->task->split;
  if (r->options->batch_size > 0)
    syn_batch_draw(r->rows, r->samples, split->train, split->n_train, r->options->seed, number,
                   r->scratch);
  else
    memcpy(r->rows, split->train, r->samples * sizeof *r->rows);
  rebase(r);
}

static syn_status iterate(reference *r, uint32_t t, syn_score *score, syn_ctx *ctx) {
  const syn_options *o = r->options;
  if (syn_options_rate(o, t) != r->rate) {
    rebase(r);
    r->rate = syn_options_rate(o, t);
  }
  if (t > 0 && o->batch_interval > 0 && t % (uint32_t)o->batch_interval == 0) {
    take_batch(r, t / (uint32_t)o->batch_interval);
    if (o->batch_change == SYN_BATCH_REMEASURE)
      syn_reward_reset(&r->rewards, o, outcome_of(r, measure(r)));
  }
  for (size_t s = 0; s < r->n; s++) {
    r->action[s] = action_of(r, s, t);
    r->after[s] = syn_history_shift(r->before[s], syn_history_symbol(r->action[s]), r->locals);
  }
  move(r);
  *score = measure(r);
  syn_reward reward = syn_reward_next(&r->rewards, o, outcome_of(r, *score)); /* equation (3) */
  unsigned code = r->reward_code;
  r->reward_code = syn_history_shift((uint8_t)code, reward.sign, r->locals);
  r->rewards_up += reward.sign > 0;
  syn_status status = SYN_OK;
  if (r->policy->class->learn) { /* equation (6) is the policy's own */
    syn_transition step = {o->seed, t,    r->n,           r->locals, r->before,
                           r->after, code, r->reward_code, r->action, reward.sign, reward.value};
    status = r->policy->class->learn(r->policy, &step, ctx);
    r->table = r->policy->class->table(r->policy);
  }
  memcpy(r->before, r->after, r->n);
  return status;
}

static syn_status open_reference(reference *r, syn_ctx *ctx) {
  const syn_options *o = r->options;
  const syn_policy_class *class = r->policy->class;
  const syn_split *split = &r->task->split;
  r->shape = &r->task->shape;
  r->n = syn_shape_synapses(r->shape);
  r->rate = o->rate;
  r->history = class->history(r->policy);
  r->locals = 1;
  for (unsigned i = 0; i < r->history; i++)
    r->locals *= 3;
  r->reward_code = syn_history_zero(r->locals);
  r->samples = o->batch_size > 0 ? (size_t)o->batch_size : split->n_train;
  size_t widest = 0;
  for (size_t l = 0; l <= r->shape->layers; l++)
    widest = r->shape->units[l] > widest ? r->shape->units[l] : widest;
  syn_arena *a = &r->arena;
  if (!(r->w0 = syn_arena_take(a, r->n, sizeof *r->w0)) ||
      !(r->w = syn_arena_take(a, r->n, sizeof *r->w)) ||
      !(r->K = syn_arena_take(a, r->n, sizeof *r->K)) ||
      !(r->before = syn_arena_take(a, r->n, 1)) || !(r->after = syn_arena_take(a, r->n, 1)) ||
      !(r->action = syn_arena_take(a, r->n, 1)) ||
      !(r->rows = syn_arena_take(a, split->n_train, sizeof *r->rows)) ||
      !(r->scratch = syn_arena_take(a, split->n_train, sizeof *r->scratch)) ||
      !(r->Z0 = syn_arena_take(a, r->samples * r->shape->units[1], sizeof *r->Z0)) ||
      !(r->h = syn_arena_take(a, widest, sizeof *r->h)) ||
      !(r->z = syn_arena_take(a, widest, sizeof *r->z)) ||
      !(r->sample_loss = syn_arena_take(a, r->samples + SYN_LANES, sizeof *r->sample_loss)))
    return syn_fail_memory(ctx, "the reference engine");
  memset(r->before, (int)syn_history_zero(r->locals), r->n);
  syn_status status = class->start ? class->start(r->policy, r->shape, r->kernels, ctx) : SYN_OK;
  r->table = status == SYN_OK && class->table ? class->table(r->policy) : NULL;
  if (status == SYN_OK && !r->table)
    return syn_fail(ctx, SYN_EINVAL, "policy '%s' is no table; the reference engine runs tables",
                    class->name);
  syn_run_init(r->w0, o, r->shape);
  memcpy(r->w, r->w0, r->n * sizeof *r->w);
  return status;
}

static syn_status train(reference *r, syn_recorder *recorder, const syn_observer *observer,
                        syn_ctx *ctx) {
  syn_result *result = recorder->result;
  uint32_t iterations = (uint32_t)r->options->iterations, done = 0;
  syn_ending ending = SYN_ENDED;
  syn_status status = SYN_OK;
  take_batch(r, 0);
  syn_score score = measure(r);
  syn_reward_start(&r->rewards, r->options, outcome_of(r, score));
  if (syn_recorder_due(recorder, 0))
    status = syn_recorder_row(recorder, 0, score, r->w, ctx);
  result->trace_loss = syn_trace_f64(SYN_TRACE_START, score.loss);
  result->trace_action = SYN_TRACE_START;
  while (status == SYN_OK && done < iterations && ending == SYN_ENDED) {
    status = iterate(r, done, &score, ctx);
    if (status)
      break;
    done++;
    result->trace_loss = syn_trace_f64(result->trace_loss, score.loss);
    if (r->options->trace > 0)
      result->trace_action = syn_trace_bytes(result->trace_action, r->action, r->n);
    int row = syn_recorder_due(recorder, done);
    ending = syn_run_ending(r->options, done, score, row);
    if (row)
      status = syn_recorder_row(recorder, done, score, r->w, ctx);
    if (status == SYN_OK && observer)
      status = observer->iteration(observer->self, done, iterations, score.loss);
  }
  result->rewards_up = r->rewards_up;
  return status ? status : syn_recorder_finish(recorder, ending, done, score, r->w, ctx);
}

syn_status syn_run_reference(syn_result **out, const syn_options *options, const syn_task *task,
                             syn_policy *policy, const syn_kernels *kernels,
                             const syn_observer *observer, syn_ctx *ctx) {
  *out = NULL;
  syn_recorder recorder;
  syn_result *result;
  reference r = {.options = options, .task = task, .policy = policy, .kernels = kernels};
  syn_status status = syn_recorder_open(&recorder, &result, options, task, kernels, ctx);
  if (status)
    return status;
  status = open_reference(&r, ctx);
  if (status == SYN_OK)
    status = train(&r, &recorder, observer, ctx);
  syn_arena_close(&r.arena);
  if (status)
    syn_result_close(result);
  else
    *out = result;
  return status;
}
