/* The baseline (section 3): gradient descent on the loss of the batch, by backpropagation, with
 * the learning rate of the options, no momentum and no regularisation. The paper's batch is the
 * whole training part; batch_size and batch_interval make it mini-batch SGD. */
#include <math.h>

#include "engine/train/checkpoint.h"
#include "engine/train/curve.h"
#include "engine/train/run.h"

typedef struct descender {
  const syn_options *options;
  const syn_task *task;
  const syn_kernels *kernels;
  const syn_gradient_class *type;
  syn_gradient *gradient;
  size_t samples; /* of a batch */
  float *w, *g;   /* (S) weights; their gradient, but for */
  float scale;    /* what it is to be multiplied by */
  double rate;
  uint32_t *batch, *scratch;
  uint32_t batch_number;
  syn_arena arena;
} descender;

static syn_status open_descender(descender *d, syn_ctx *ctx) {
  const syn_task *task = d->task;
  size_t most = task->split.n_train;
  d->samples = d->options->batch_size > 0 ? (size_t)d->options->batch_size : most;
  d->type = task->model->gradient;
  if (!d->type)
    return syn_fail(ctx, SYN_EINVAL, "method = 'descent': model '%s' has no gradients",
                    task->model->name);
  if (!(d->w = syn_arena_take(&d->arena, task->plan.synapses, sizeof *d->w)) ||
      !(d->g = syn_arena_take(&d->arena, task->plan.synapses, sizeof *d->g)) ||
      !(d->batch = syn_arena_take(&d->arena, most, sizeof *d->batch)) ||
      !(d->scratch = syn_arena_take(&d->arena, most, sizeof *d->scratch)))
    return syn_fail_memory(ctx, "gradient descent");
  syn_run_init(d->w, d->options, &task->plan);
  return d->type->open(&d->gradient, &task->network, &task->plan, task->loss,
                       task->samples.labels != NULL, d->samples, d->kernels, ctx);
}

static void take_batch(descender *d, uint32_t number) {
  d->batch_number = number;
  const syn_split *split = &d->task->split;
  const uint32_t *rows = split->train;
  if (d->options->batch_size > 0) {
    syn_batch_draw(d->batch, d->samples, split->train, split->n_train, d->options->seed, number,
                   d->scratch);
    rows = d->batch;
  }
  syn_samples samples = syn_task_samples(d->task, rows, d->samples);
  d->type->batch(d->gradient, &samples);
}

/* Loss and accuracy of the weights as they are, and their gradient. */
static syn_score measure(descender *d) {
  const syn_loss_class *loss = d->task->loss;
  double sum;
  size_t correct;
  d->type->measure(d->gradient, d->w, d->g, &sum, &correct);
  d->scale = (float)loss->factor(sum, d->samples);
  return (syn_score){loss->total(sum, d->samples), (double)correct / (double)d->samples};
}

static void update(descender *d) {
  float rate = (float)d->rate * d->scale, bias_rate = rate * (float)d->options->bias_step;
  const syn_plan *plan = &d->task->plan;
  for (const syn_group *p = plan->group; p < plan->group + plan->groups; p++)
    for (size_t u = 0, s = p->first; u < p->units; u++)
      for (size_t i = 0; i <= p->inputs; i++, s++)
        d->w[s] -= (i ? rate : bias_rate) * d->g[s];
}

/* How iteration `done` ends the run, if it does. A ReLU unit gives 0 for what is no number, so that a last loss
 * may be finite above weights that are not. */
static syn_ending ending_of(const descender *d, uint32_t done, syn_score batch, int row) {
  syn_ending ending = syn_run_ending(d->options, done, batch, row);
  if (ending == SYN_ENDED && done == (uint32_t)d->options->iterations)
    for (size_t s = 0; s < d->task->plan.synapses; s++)
      if (!isfinite(d->w[s]))
        return SYN_DIVERGED;
  return ending;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Everything that iteration `done` depends on: the weights, and what led to them. */
static syn_status state_of(descender *d, syn_recorder *recorder, uint32_t *done, syn_state *s,
                           syn_ctx *ctx) {
  syn_status status = syn_checkpoint_result(s, recorder, done, ctx);
  if (status)
    return status;
  syn_state_piece(s, &d->batch_number, sizeof d->batch_number);
  syn_state_piece(s, d->w, d->task->plan.synapses * sizeof *d->w);
  if (s->resuming)
    take_batch(d, d->batch_number);
  return syn_state_check(s, ctx);
}

static const syn_checkpoint *keep(descender *d, syn_recorder *recorder, uint32_t done,
                                  const syn_checkpoint *checkpoint) {
  syn_state state = {0};
  syn_ctx why = {0};
  syn_status status = state_of(d, recorder, &done, &state, &why);
  return syn_checkpoint_keep(checkpoint, &state, status, &why);
}

/* The loss of iteration t's weights is known one forward pass later, so there is one pass more
 * than there are updates. */
static syn_status train(descender *d, syn_recorder *recorder, const syn_observer *observer,
                        syn_ctx *ctx) {
  const syn_options *o = d->options;
  syn_result *result = recorder->result;
  uint32_t iterations = (uint32_t)o->iterations;
  syn_status status = SYN_OK;
  const syn_checkpoint *checkpoint = observer ? observer->checkpoint : NULL;
  uint32_t done = 0;
  result->trace_loss = SYN_TRACE_START;
  if (checkpoint && checkpoint->bytes) {
    syn_state state = {
        .resuming = 1, .bytes = (void *)(uintptr_t)checkpoint->bytes, .n = checkpoint->n};
    status = state_of(d, recorder, &done, &state, ctx);
    if (status)
      return status;
  }
  for (;; done++) {
    if (done == 0 || (o->batch_interval > 0 && done % (uint32_t)o->batch_interval == 0))
      take_batch(d, o->batch_interval > 0 ? done / (uint32_t)o->batch_interval : 0);
    d->rate = syn_options_rate(o, done);
    syn_score batch = measure(d);
    result->trace_loss = syn_trace_f64(result->trace_loss, batch.loss);
    int row = syn_recorder_due(recorder, done);
    syn_ending ending = ending_of(d, done, batch, row);
    if (row)
      status = syn_recorder_row(recorder, done, batch, d->w, ctx);
    if (status == SYN_OK && observer && done > 0)
      status = observer->iteration(observer->self, done, iterations, batch);
    if (status)
      return status;
    if (ending != SYN_ENDED || done == iterations)
      return syn_recorder_finish(recorder, ending, done, batch, d->w, ctx);
    update(d);
    if (syn_checkpoint_due(checkpoint, row))
      checkpoint = keep(d, recorder, done + 1, checkpoint);
  }
}

syn_status syn_run_descent(syn_result **out, const syn_options *options, const syn_task *task,
                           const syn_kernels *kernels, const syn_observer *observer, syn_ctx *ctx) {
  *out = NULL;
  syn_recorder recorder;
  syn_result *result;
  descender d = {.options = options, .task = task, .kernels = kernels};
  syn_status status = syn_recorder_open(&recorder, &result, options, task, kernels, ctx);
  if (status)
    return status;
  status = open_descender(&d, ctx);
  if (status == SYN_OK)
    status = train(&d, &recorder, observer, ctx);
  if (d.gradient)
    d.type->close(d.gradient);
  syn_arena_close(&d.arena);
  syn_recorder_close(&recorder);
  if (status)
    syn_result_close(result);
  else
    *out = result;
  return status;
}
