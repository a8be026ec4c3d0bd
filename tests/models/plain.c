#include "tests/models/plain.h"

#include <string.h>

#include "engine/base/arena.h"
#include "engine/net/mlp.h"
#include "engine/numeric/vec.h"

typedef struct plain {
  syn_model model;
  syn_shape shape;
  const syn_plan *plan;
  int bytes, lattice;
  const float *w; /* (S) weights now */
  int64_t *K;     /* (S) moves since the base */
  double rate;
  syn_samples batch;
  float *Z0;      /* (samples, units of the first layer), lattice only */
  float *h, *z;   /* (widest layer) activity of one sample */
  float *tile;    /* (outputs, 16) */
  double *sums;   /* (sum of units, 16) activity of a block; NULL unless wanted */
  double *totals; /* (sum of units) */
  float *mean[SYN_LAYERS_MAX + 1];
  syn_arena arena;
} plain;

/* Weights are never behind here; a base is due when it is for the fast one, as the specification says. */
static syn_status plan(syn_plan *out, const syn_network *network, syn_ctx *ctx) {
  syn_status status = syn_mlp.plan(out, network, ctx);
  for (size_t g = 0; g < out->groups; g++)
    out->group[g].deferred = 0;
  return status;
}

static void close_plain(syn_model *model) {
  syn_arena arena = ((plain *)model)->arena; /* the model itself lives in it */
  syn_arena_close(&arena);
}

static syn_status open_plain(syn_model **out, const syn_model_setup *setup, syn_ctx *ctx) {
  syn_arena arena = {0};
  plain *p = syn_arena_take(&arena, 1, sizeof *p);
  *out = NULL;
  if (!p)
    return syn_fail_memory(ctx, "the plain network");
  *p = (plain){.model = {&plain_model},
               .shape = setup->network->shape,
               .plan = setup->plan,
               .bytes = setup->network->bytes,
               .lattice = setup->network->bytes && setup->network->lattice,
               .w = setup->weights,
               .arena = arena};
  size_t widest = 0, all = 0;
  int ok = 1;
  for (size_t l = 0; l <= p->shape.layers; l++) {
    widest = p->shape.units[l] > widest ? p->shape.units[l] : widest;
    all += p->shape.units[l];
    ok = ok && (p->mean[l] = syn_arena_take(&p->arena, p->shape.units[l], sizeof(float)));
  }
  size_t samples = (setup->samples + SYN_LANES - 1) / SYN_LANES * SYN_LANES;
  ok = ok && (p->K = syn_arena_take(&p->arena, p->plan->synapses, sizeof *p->K)) &&
       (p->Z0 = syn_arena_take(&p->arena, samples * p->shape.units[1], sizeof *p->Z0)) &&
       (p->h = syn_arena_take(&p->arena, widest, sizeof *p->h)) &&
       (p->z = syn_arena_take(&p->arena, widest, sizeof *p->z)) &&
       (p->tile = syn_arena_take(&p->arena, p->plan->outputs * SYN_LANES, sizeof *p->tile));
  if (setup->activity)
    ok = ok && (p->sums = syn_arena_take(&p->arena, all * SYN_LANES, sizeof *p->sums)) &&
         (p->totals = syn_arena_take(&p->arena, all, sizeof *p->totals));
  if (!ok) {
    close_plain(&p->model);
    return syn_fail_memory(ctx, "the plain network");
  }
  *out = &p->model;
  return SYN_OK;
}

/* Input i of sample b. */
static float input(const plain *p, size_t b, size_t i) {
  size_t at = syn_samples_row(&p->batch, b) * p->shape.units[0] + i;
  return p->bytes ? (float)p->batch.pixels[at] / 255.0f : p->batch.reals[at];
}

static void batch(syn_model *model, const syn_samples *samples) {
  ((plain *)model)->batch = *samples;
}

/* Z0 of every sample and unit of the first layer, with the weights as they are. */
static void base(syn_model *model, double rate) {
  plain *p = (plain *)model;
  size_t in = p->shape.units[0], units = p->shape.units[1];
  p->rate = rate;
  memset(p->K, 0, p->plan->synapses * sizeof *p->K);
  for (size_t b = 0; b < p->batch.n && p->lattice; b++)
    for (size_t u = 0; u < units; u++) {
      const float *w = p->w + u * (in + 1) + 1;
      float sum = 0.0f;
      for (size_t i = 0; i < in; i++)
        sum += w[i] * input(p, b, i);
      p->Z0[b * units + u] = sum;
    }
}

static void move(syn_model *model, const int8_t *action) {
  plain *p = (plain *)model;
  for (size_t s = 0; s < p->plan->synapses; s++)
    p->K[s] += action[s];
}

static float activate(syn_activation activation, float z) {
  return activation == SYN_RELU ? (z > 0.0f ? z : 0.0f) : activation == SYN_TANH ? syn_tanh(z) : z;
}

/* Pre-activation of unit u in the first layer for images: on the lattice. */
static float lattice_unit(const plain *p, size_t b, size_t u) {
  size_t in = p->shape.units[0];
  const uint8_t *x = p->batch.pixels + syn_samples_row(&p->batch, b) * in;
  const int64_t *K = p->K + u * (in + 1) + 1;
  int64_t D = 0;
  for (size_t i = 0; i < in; i++)
    D += K[i] * x[i];
  float scale = (float)(p->rate / 255.0);
  return (p->Z0[b * p->shape.units[1] + u] + scale * (float)(int32_t)D) + p->w[u * (in + 1)];
}

/* Outputs of sample b into p->h. */
static void forward(plain *p, size_t b) {
  const float *w = p->w;
  for (size_t i = 0; i < p->shape.units[0]; i++)
    p->h[i] = input(p, b, i);
  double *sums = p->sums ? p->sums + p->shape.units[0] * SYN_LANES : NULL;
  for (size_t l = 0; l < p->shape.layers; l++) {
    size_t in = p->shape.units[l], out = p->shape.units[l + 1];
    for (size_t u = 0; u < out; u++, w += in + 1) {
      float z = w[0];
      for (size_t i = 0; i < in && !(p->lattice && l == 0); i++)
        z += w[i + 1] * p->h[i];
      if (p->lattice && l == 0)
        z = lattice_unit(p, b, u);
      p->z[u] = activate(syn_shape_activation(&p->shape, l), z);
      if (sums)
        sums[u * SYN_LANES + b % SYN_LANES] = (double)p->z[u];
    }
    float *swap = p->h;
    p->h = p->z;
    p->z = swap;
    sums = sums ? sums + out * SYN_LANES : NULL;
  }
}

/* Sums of the 16 lanes in a tree, then block after block, in double. */
static void add_activity(plain *p, size_t all) {
  for (size_t u = p->shape.units[0]; u < all; u++) {
    double *lane = p->sums + u * SYN_LANES;
    for (size_t half = SYN_LANES / 2; half; half /= 2)
      for (size_t s = 0; s < half; s++)
        lane[s] += lane[s + half];
    p->totals[u] += lane[0];
    memset(lane, 0, SYN_LANES * sizeof *lane);
  }
}

static void mean_activity(plain *p) {
  for (size_t i = 0; i < p->shape.units[0]; i++) {
    double sum = 0.0;
    for (size_t b = 0; b < p->batch.n; b++) {
      size_t at = syn_samples_row(&p->batch, b) * p->shape.units[0] + i;
      sum += p->bytes ? (double)p->batch.pixels[at] : (double)p->batch.reals[at];
    }
    p->mean[0][i] = (float)(sum / (double)p->batch.n / (p->bytes ? 255.0 : 1.0));
  }
  for (size_t l = 1, column = p->shape.units[0]; l <= p->shape.layers; l++)
    for (size_t u = 0; u < p->shape.units[l]; u++, column++)
      p->mean[l][u] = (float)(p->totals[column] / (double)p->batch.n);
}

static void outputs(syn_model *model, const syn_sink *sink) {
  plain *p = (plain *)model;
  size_t all = 0;
  for (size_t l = 0; l <= p->shape.layers; l++)
    all += p->shape.units[l];
  if (p->totals)
    memset(p->totals, 0, all * sizeof *p->totals);
  for (size_t first = 0; first < p->batch.n; first += SYN_LANES) {
    memset(p->tile, 0, p->plan->outputs * SYN_LANES * sizeof *p->tile);
    for (size_t s = 0; s < SYN_LANES && first + s < p->batch.n; s++) {
      forward(p, first + s);
      for (size_t k = 0; k < p->plan->outputs; k++)
        p->tile[k * SYN_LANES + s] = p->h[k];
    }
    sink->take(sink->self, p->tile, first / SYN_LANES, 1);
    if (p->sums)
      add_activity(p, all);
  }
  if (p->sums)
    mean_activity(p);
}

static const float *behind(const syn_model *model, size_t group) {
  return ((const plain *)model)->mean[group];
}

static const float *ahead(const syn_model *model, size_t group) {
  return ((const plain *)model)->mean[group + 1];
}

static void state(syn_model *model, syn_state *s) {
  plain *p = (plain *)model;
  syn_state_piece(s, p->K, p->plan->synapses * sizeof *p->K);
  syn_state_piece(s, p->Z0, p->batch.n * p->shape.units[1] * sizeof *p->Z0);
  for (size_t l = 0; l <= p->shape.layers; l++)
    syn_state_piece(s, p->mean[l], p->shape.units[l] * sizeof(float));
}

const syn_model_class plain_model = {
    .abi = SYN_MODEL_ABI,
    .name = "plain",
    .summary = "the multilayer perceptron in plain loops",
    .plan = plan,
    .open = open_plain,
    .batch = batch,
    .base = base,
    .move = move,
    .outputs = outputs,
    .behind = behind,
    .ahead = ahead,
    .state = state,
    .close = close_plain,
};
