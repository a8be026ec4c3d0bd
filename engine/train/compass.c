#include "engine/train/compass.h"

#include <math.h>
#include <string.h>

syn_status syn_compass_open(syn_compass *c, const syn_task *task, const syn_kernels *kernels,
                            syn_arena *arena, syn_ctx *ctx) {
  const syn_gradient_class *type = task->model->gradient;
  *c = (syn_compass){.n = task->plan.synapses};
  if (!type)
    return syn_fail(ctx, SYN_EINVAL, "cosine = 1: model '%s' has no gradients", task->model->name);
  if (!(c->w = syn_arena_take(arena, c->n, sizeof *c->w)) ||
      !(c->g = syn_arena_take(arena, c->n, sizeof *c->g)))
    return syn_fail_memory(ctx, "a gradient");
  syn_status status = type->open(&c->gradient, &task->network, &task->plan, task->loss,
                                 task->samples.labels != NULL, task->split.n_train, kernels, ctx);
  if (status)
    return status;
  c->type = type;
  syn_samples samples = syn_task_samples(task, task->split.train, task->split.n_train);
  type->batch(c->gradient, &samples);
  return SYN_OK;
}

static void begin(syn_compass *c, const float *w) {
  double sum;
  size_t correct;
  memmove(c->w, w, c->n * sizeof *w);
  c->type->measure(c->gradient, c->w, c->g, &sum, &correct);
  c->begun = 1;
}

double syn_compass_read(syn_compass *c, const float *w) {
  double along = 0, moved = 0, slope = 0;
  for (size_t s = 0; c->begun && s < c->n; s++) {
    double step = (double)w[s] - (double)c->w[s], g = (double)c->g[s];
    along -= step * g;
    moved += step * step;
    slope += g * g;
  }
  begin(c, w);
  return moved > 0 && slope > 0 ? along / sqrt(moved) / sqrt(slope) : NAN;
}

void syn_compass_state(syn_compass *c, syn_state *state) {
  syn_state_piece(state, &c->begun, sizeof c->begun);
  syn_state_piece(state, c->w, c->n * sizeof *c->w);
  if (state->resuming && !state->failed && c->begun)
    begin(c, c->w);
}

void syn_compass_close(syn_compass *c) {
  if (c->type)
    c->type->close(c->gradient);
  c->type = NULL;
}
