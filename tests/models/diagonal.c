#include "tests/models/diagonal.h"

#include "engine/base/arena.h"

typedef struct diagonal {
  syn_model model;
  const syn_plan *plan;
  const float *w;
  syn_samples batch;
  float *tile; /* (outputs, 16) */
  syn_arena arena;
} diagonal;

static syn_status plan(syn_plan *out, const syn_network *network, syn_ctx *ctx) {
  const syn_shape *shape = &network->shape;
  size_t in = shape->units[0], outputs = shape->units[shape->layers];
  *out = (syn_plan){0};
  if (shape->layers != 1 || in % outputs)
    return syn_fail(ctx, SYN_EINVAL,
                    "net: a diagonal has inputs and outputs, one a multiple of the "
                    "other");
  syn_plan_add(out, in / outputs, outputs);
  out->inputs = in;
  out->outputs = outputs;
  return SYN_OK;
}

static syn_status open_diagonal(syn_model **out, const syn_model_setup *setup, syn_ctx *ctx) {
  syn_arena arena = {0};
  diagonal *d = syn_arena_take(&arena, 1, sizeof *d);
  float *tile = syn_arena_take(&arena, setup->plan->outputs * SYN_LANES, sizeof *tile);
  *out = NULL;
  if (!d || !tile) {
    syn_arena_close(&arena);
    return syn_fail_memory(ctx, "the diagonal");
  }
  *d = (diagonal){.model = {&diagonal_model},
                  .plan = setup->plan,
                  .w = setup->weights,
                  .tile = tile,
                  .arena = arena};
  *out = &d->model;
  return SYN_OK;
}

static void close_diagonal(syn_model *model) {
  syn_arena arena = ((diagonal *)model)->arena;
  syn_arena_close(&arena);
}

static void batch(syn_model *model, const syn_samples *samples) {
  ((diagonal *)model)->batch = *samples;
}

static void base(syn_model *model, double rate) {
  (void)model, (void)rate;
}

static void move(syn_model *model, const int8_t *action) {
  (void)model, (void)action;
}

static void outputs(syn_model *model, const syn_sink *sink) {
  diagonal *d = (diagonal *)model;
  size_t n = d->plan->outputs, each = d->plan->group[0].inputs;
  for (size_t s = 0; s < d->batch.n; s++) {
    size_t row = syn_samples_row(&d->batch, s) * d->plan->inputs;
    for (size_t k = 0; k < n; k++) {
      const float *w = d->w + k * (each + 1);
      float z = w[0];
      for (size_t i = 0; i < each; i++)
        z += w[1 + i] * (d->batch.pixels ? (float)d->batch.pixels[row + k + i * n] / 255.0f
                                         : d->batch.reals[row + k + i * n]);
      d->tile[k * SYN_LANES + s % SYN_LANES] = z;
    }
    if (s % SYN_LANES == SYN_LANES - 1 || s + 1 == d->batch.n)
      sink->take(sink->self, d->tile, s / SYN_LANES, 1);
  }
}

const syn_model_class diagonal_model = {
    .abi = SYN_MODEL_ABI,
    .name = "diagonal",
    .summary = "a toy of the tests",
    .plan = plan,
    .open = open_diagonal,
    .batch = batch,
    .base = base,
    .move = move,
    .outputs = outputs,
    .close = close_diagonal,
};
