/* Backpropagation for the multilayer perceptron.
 *
 * A batch is walked in chunks of samples, forward and backward, so that a chunk's inputs and activities
 * are still in the cache when its gradient is taken; gradients add up chunk by chunk, in order. Pixels
 * stay bytes until their chunk comes, since they are all that is read from memory; weights are divided
 * by 255 in their place. */
#include <string.h>

#include "engine/base/arena.h"
#include "engine/net/mlp.h"

#define CHUNK 3 /* blocks of samples; their 784 inputs are 147 KiB. What it is changes last bits. */

typedef struct layer {
  size_t in, out;
  size_t width; /* of a row of w and gw: inputs, filled up with zeros in the first layer */
  syn_activation activation;
  float *w, *b;   /* (out, width), (out) */
  float *turned;  /* (in, out) w again, the other way round; but for the first layer */
  float *gw, *gb; /* gradients of w and b */
  float *h;       /* (CHUNK, out, 16) activations */
  float *dz;      /* (CHUNK, out, 16) gradient at the pre-activations */
} layer;

struct syn_gradient {
  const syn_kernels *kernels;
  syn_meter meter;
  size_t layers;
  layer layer[SYN_LAYERS_MAX];
  int bytes;
  float unit;      /* what a weight of the first layer is multiplied by for inputs as they stand */
  uint8_t *pixels; /* (samples, width of the first layer), or */
  float *reals;    /* likewise; zeros behind inputs and samples */
  float *x;        /* (CHUNK * 16, width) pixels of a chunk */
  float *no_bias;  /* (widest) zeros */
  syn_arena arena;
};

static size_t round_up(size_t n) {
  return (n + SYN_LANES - 1) / SYN_LANES * SYN_LANES;
}

/* ---- set-up ---------------------------------------------------------------------------------- */

static int take_layer(syn_gradient *g, const syn_shape *shape, size_t l) {
  layer *p = &g->layer[l];
  p->in = shape->units[l];
  p->out = shape->units[l + 1];
  p->width = l ? p->in : round_up(p->in);
  p->activation = syn_shape_activation(shape, l);
  syn_arena *a = &g->arena;
  return (p->w = syn_arena_take(a, p->out * p->width, sizeof(float))) &&
         (p->gw = syn_arena_take(a, p->out * p->width, sizeof(float))) &&
         (!l || (p->turned = syn_arena_take(a, p->in * p->out, sizeof(float)))) &&
         (p->b = syn_arena_take(a, p->out, sizeof(float))) &&
         (p->gb = syn_arena_take(a, p->out, sizeof(float))) &&
         (p->h = syn_arena_take(a, CHUNK * p->out * SYN_LANES, sizeof(float))) &&
         (p->dz = syn_arena_take(a, CHUNK * p->out * SYN_LANES, sizeof(float)));
}

static int take_inputs(syn_gradient *g, const syn_shape *shape, size_t samples) {
  size_t width = round_up(shape->units[0]), rows = round_up(samples), widest = 0;
  for (size_t l = 1; l < shape->layers; l++)
    widest = shape->units[l] > widest ? shape->units[l] : widest;
  syn_arena *a = &g->arena;
  return (g->bytes ? (g->pixels = syn_arena_take(a, rows * width, 1)) &&
                         (g->x = syn_arena_take(a, CHUNK * SYN_LANES * width, sizeof *g->x))
                   : (g->reals = syn_arena_take(a, rows * width, sizeof *g->reals)) != NULL) &&
         (g->no_bias = syn_arena_take(a, widest, sizeof *g->no_bias));
}

static void close_gradient(syn_gradient *g) {
  if (g) {
    syn_arena arena = g->arena; /* g itself lives in it */
    syn_arena_close(&arena);
  }
}

static syn_status open_gradient(syn_gradient **out, const syn_network *network,
                                const syn_plan *plan, const syn_loss_class *loss, int labels,
                                size_t samples, const syn_kernels *kernels, syn_ctx *ctx) {
  *out = NULL;
  syn_arena arena = {0};
  syn_gradient *g = syn_arena_take(&arena, 1, sizeof *g);
  if (!g)
    return syn_fail_memory(ctx, "gradient descent");
  *g = (syn_gradient){.kernels = kernels,
                      .layers = network->shape.layers,
                      .bytes = network->bytes,
                      .unit = network->bytes ? 255.0f : 1.0f,
                      .arena = arena};
  int ok = take_inputs(g, &network->shape, samples);
  for (size_t l = 0; l < g->layers; l++)
    ok = ok && take_layer(g, &network->shape, l);
  syn_status status = ok ? syn_meter_open(&g->meter, loss, labels, 0, plan->outputs, samples,
                                          kernels, &g->arena, ctx)
                         : syn_fail_memory(ctx, "gradient descent");
  if (status) {
    close_gradient(g);
    return status;
  }
  *out = g;
  return SYN_OK;
}

static void take_batch(syn_gradient *g, const syn_samples *batch) {
  size_t in = g->layer[0].in, width = g->layer[0].width;
  syn_meter_batch(&g->meter, batch);
  for (size_t s = 0; s < round_up(batch->n); s++) {
    size_t row = s < batch->n ? syn_samples_row(batch, s) : 0;
    if (s < batch->n && g->bytes)
      memcpy(g->pixels + s * width, batch->pixels + row * in, in);
    else if (s < batch->n)
      memcpy(g->reals + s * width, batch->reals + row * in, in * sizeof *g->reals);
    else if (g->bytes)
      memset(g->pixels + s * width, 0, width);
    else
      memset(g->reals + s * width, 0, width * sizeof *g->reals);
  }
}

/* Between the order of synapses (unit by unit, bias first) and matrices. */
static void spread(syn_gradient *g, const float *w) {
  for (size_t l = 0; l < g->layers; l++) {
    layer *p = &g->layer[l];
    for (size_t u = 0; u < p->out; u++) {
      p->b[u] = *w++;
      for (size_t i = 0; i < p->in; i++, w++) {
        p->w[u * p->width + i] = l ? *w : *w / g->unit;
        if (l)
          p->turned[i * p->out + u] = *w;
      }
    }
  }
}

static void flatten(float *to, const syn_gradient *g) {
  for (size_t l = 0; l < g->layers; l++) {
    const layer *p = &g->layer[l];
    for (size_t u = 0; u < p->out; u++) {
      *to++ = p->gb[u];
      for (size_t i = 0; i < p->in; i++)
        *to++ = l ? p->gw[u * p->width + i] : p->gw[u * p->width + i] / g->unit;
    }
  }
}

/* ---- a chunk --------------------------------------------------------------------------------- */

/* Rows of blocks first.. as floats. */
static const float *inputs(syn_gradient *g, size_t first, size_t blocks) {
  size_t width = g->layer[0].width;
  if (!g->bytes)
    return g->reals + first * SYN_LANES * width;
  g->kernels->widen(g->x, g->pixels + first * SYN_LANES * width, blocks * SYN_LANES * width);
  return g->x;
}

static void forward(syn_gradient *g, const float *x, size_t first, size_t blocks) {
  const syn_kernels *k = g->kernels;
  const syn_meter *m = &g->meter;
  const float *h = NULL;
  for (layer *p = g->layer; p < g->layer + g->layers; h = p->h, p++)
    if (p == g->layer)
      k->rows_dense(p->h, x, p->w, p->b, (int)p->activation, blocks, p->width, p->out);
    else
      k->dense(p->h, h, p->w, p->width, p->b, (int)p->activation, blocks, p->in, p->out);
  syn_meter_take(&g->meter, h, first, blocks);
  float *dz = g->layer[g->layers - 1].dz;
  m->loss->gradient(dz, k, h, m->y ? m->y + first * SYN_LANES : NULL,
                    m->t ? m->t + first * SYN_LANES * m->outputs : NULL, blocks, m->outputs);
  for (size_t s = m->samples - first * SYN_LANES; s < blocks * SYN_LANES; s++)
    for (size_t u = 0; u < m->outputs; u++)
      dz[(s / SYN_LANES * m->outputs + u) * SYN_LANES + s % SYN_LANES] = 0.0f;
}

/* Adds the gradient of a chunk that has just gone forward. */
static void backward(syn_gradient *g, const float *x, size_t blocks) {
  const syn_kernels *k = g->kernels;
  for (size_t l = g->layers; l-- > 0;) {
    layer *p = &g->layer[l], *below = l ? p - 1 : NULL;
    if (p->activation != SYN_IDENTITY)
      k->activation_gradient(p->dz, p->h, (int)p->activation, blocks * p->out * SYN_LANES);
    k->bias_gradient(p->gb, p->dz, blocks, p->out);
    if (!below) {
      k->rows_gradient(p->gw, p->dz, x, blocks, p->width, p->out);
      return;
    }
    k->dense_gradient(p->gw, p->dz, below->h, blocks, p->in, p->out);
    k->dense(below->dz, p->dz, p->turned, p->out, g->no_bias, SYN_IDENTITY, blocks, p->out, p->in);
  }
}

static void measure(syn_gradient *g, const float *w, float *gradient, double *sum,
                    size_t *correct) {
  syn_meter *m = &g->meter;
  spread(g, w);
  for (layer *p = g->layer; p < g->layer + g->layers; p++) {
    memset(p->gw, 0, p->out * p->width * sizeof *p->gw);
    memset(p->gb, 0, p->out * sizeof *p->gb);
  }
  syn_meter_begin(m, 1);
  for (size_t first = 0; first < m->blocks; first += CHUNK) {
    size_t blocks = m->blocks - first < CHUNK ? m->blocks - first : CHUNK;
    const float *x = inputs(g, first, blocks);
    forward(g, x, first, blocks);
    backward(g, x, blocks);
  }
  flatten(gradient, g);
  *sum = 0.0;
  *correct = 0;
  for (size_t b = 0; b < m->blocks; b++) {
    *sum += m->block_loss[b];
    *correct += m->block_correct[b];
  }
}

const syn_gradient_class syn_mlp_gradient = {open_gradient, take_batch, measure, close_gradient};
