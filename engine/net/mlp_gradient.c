/* Backpropagation for the multilayer perceptron, products by BLAS.
 *
 * A batch is walked in chunks of rows, forward and backward, so that a chunk's activities are still
 * in the cache when its gradient is taken; gradients add up chunk by chunk, in order. */
#include <math.h>
#include <string.h>

#include "engine/base/arena.h"
#include "engine/net/mlp.h"
#include "engine/numeric/blas.h"

#define CHUNK 32 /* samples; their 784 inputs are 98 KiB */

typedef struct layer {
  size_t in, out;
  syn_activation activation;
  float *w, *b;   /* (out, in), (out) */
  float *gw, *gb; /* their gradients */
  float *h;       /* (CHUNK, out) activations */
  float *dz;      /* (CHUNK, out) gradient at the pre-activations */
} layer;

struct syn_gradient {
  const syn_loss_class *loss;
  size_t inputs, outputs, layers;
  layer layer[SYN_LAYERS_MAX];
  size_t n;   /* samples of the batch */
  float *x;   /* (n, inputs) */
  int labels; /* does the batch have labels? */
  uint8_t *y; /* (n) they */
  float *t;   /* (n, outputs) targets; NULL if the loss wants labels */
  double sum; /* of losses so far */
  size_t correct;
  syn_arena arena;
};

/* ---- set-up ---------------------------------------------------------------------------------- */

static int take_layer(syn_gradient *g, const syn_shape *shape, size_t l) {
  layer *p = &g->layer[l];
  p->in = shape->units[l];
  p->out = shape->units[l + 1];
  p->activation = syn_shape_activation(shape, l);
  syn_arena *a = &g->arena;
  return (p->w = syn_arena_take(a, p->out * p->in, sizeof(float))) &&
         (p->gw = syn_arena_take(a, p->out * p->in, sizeof(float))) &&
         (p->b = syn_arena_take(a, p->out, sizeof(float))) &&
         (p->gb = syn_arena_take(a, p->out, sizeof(float))) &&
         (p->h = syn_arena_take(a, CHUNK * p->out, sizeof(float))) &&
         (p->dz = syn_arena_take(a, CHUNK * p->out, sizeof(float)));
}

static void close_gradient(syn_gradient *g) {
  if (g) {
    syn_arena arena = g->arena; /* g itself lives in it */
    syn_arena_close(&arena);
  }
}

static syn_status open_gradient(syn_gradient **out, const syn_network *network,
                                const syn_plan *plan, const syn_loss_class *loss, size_t samples,
                                syn_ctx *ctx) {
  *out = NULL;
  syn_arena arena = {0};
  syn_gradient *g = syn_arena_take(&arena, 1, sizeof *g);
  if (!g)
    return syn_fail_memory(ctx, "gradient descent");
  *g = (syn_gradient){.loss = loss,
                      .inputs = plan->inputs,
                      .outputs = plan->outputs,
                      .layers = network->shape.layers,
                      .arena = arena};
  syn_arena *a = &g->arena;
  int ok = (g->x = syn_arena_take(a, samples * g->inputs, sizeof *g->x)) &&
           (g->y = syn_arena_take(a, samples, 1));
  if (!loss->labels)
    ok = ok && (g->t = syn_arena_take(a, samples * g->outputs, sizeof *g->t));
  for (size_t l = 0; l < g->layers; l++)
    ok = ok && take_layer(g, &network->shape, l);
  syn_status status = ok ? syn_blas_open(ctx) : syn_fail_memory(ctx, "gradient descent");
  if (status) {
    close_gradient(g);
    return status;
  }
  *out = g;
  return SYN_OK;
}

static void take_batch(syn_gradient *g, const syn_samples *batch) {
  g->n = batch->n;
  g->labels = batch->labels != NULL;
  for (size_t s = 0; s < g->n; s++) {
    size_t row = syn_samples_row(batch, s);
    g->y[s] = g->labels ? batch->labels[row] : 0;
    for (size_t k = 0; g->t && k < g->outputs; k++)
      g->t[s * g->outputs + k] = !g->labels     ? batch->targets[row * g->outputs + k]
                                 : k == g->y[s] ? 1.0f
                                                : 0.0f;
    for (size_t i = 0; i < g->inputs; i++)
      g->x[s * g->inputs + i] = batch->pixels ? (float)batch->pixels[row * g->inputs + i] / 255.0f
                                              : batch->reals[row * g->inputs + i];
  }
}

/* Between the order of synapses (unit by unit, bias first) and matrices for BLAS. */
static void spread(syn_gradient *g, const float *w) {
  for (layer *p = g->layer; p < g->layer + g->layers; p++)
    for (size_t u = 0; u < p->out; u++, w += p->in) {
      p->b[u] = *w++;
      memcpy(p->w + u * p->in, w, p->in * sizeof *w);
    }
}

static void flatten(float *to, const syn_gradient *g) {
  for (const layer *p = g->layer; p < g->layer + g->layers; p++)
    for (size_t u = 0; u < p->out; u++, to += p->in) {
      *to++ = p->gb[u];
      memcpy(to, p->gw + u * p->in, p->in * sizeof *to);
    }
}

/* ---- forward --------------------------------------------------------------------------------- */

static void activate(layer *p, size_t n) {
  for (size_t s = 0; s < n; s++)
    for (size_t u = 0; u < p->out; u++) {
      float *h = &p->h[s * p->out + u];
      *h += p->b[u];
      if (p->activation == SYN_RELU)
        *h = *h > 0.0f ? *h : 0.0f;
      else if (p->activation == SYN_TANH)
        *h = tanhf(*h);
    }
}

static int is_right(const syn_gradient *g, const float *z, size_t s) {
  size_t right = 0, best = 0;
  for (size_t u = 0; u < g->outputs; u++) {
    right += !g->labels && (z[u] > 0.0f) == (g->t[s * g->outputs + u] > 0.0f);
    best = z[u] > z[best] ? u : best;
  }
  return g->labels ? best == g->y[s] : right == g->outputs;
}

static void forward(syn_gradient *g, size_t first, size_t n) {
  const float *h = g->x + first * g->inputs;
  for (layer *p = g->layer; p < g->layer + g->layers; p++) {
    syn_blas_nt(p->h, h, p->w, n, p->out, p->in);
    activate(p, n);
    h = p->h;
  }
  float *dz = g->layer[g->layers - 1].dz;
  for (size_t s = 0; s < n; s++, h += g->outputs, dz += g->outputs) {
    const float *t = g->t ? g->t + (first + s) * g->outputs : NULL;
    g->loss->gradient(&g->sum, dz, h, t, g->y[first + s], g->outputs);
    g->correct += (size_t)is_right(g, h, first + s);
  }
}

/* ---- backward -------------------------------------------------------------------------------- */

/* dz of a layer from the gradient at its activations, which stands in its place. */
static void through_activation(layer *p, size_t n) {
  for (size_t i = 0; i < n * p->out; i++)
    if (p->activation == SYN_RELU)
      p->dz[i] = p->h[i] > 0.0f ? p->dz[i] : 0.0f;
    else if (p->activation == SYN_TANH)
      p->dz[i] *= 1.0f - p->h[i] * p->h[i];
}

/* Adds the gradient of a chunk that has just gone forward. */
static void backward(syn_gradient *g, size_t first, size_t n) {
  for (size_t l = g->layers; l-- > 0;) {
    layer *p = &g->layer[l];
    through_activation(p, n);
    syn_blas_tn_add(p->gw, p->dz, l ? g->layer[l - 1].h : g->x + first * p->in, p->out, p->in, n);
    for (size_t s = 0; s < n; s++)
      for (size_t u = 0; u < p->out; u++)
        p->gb[u] += p->dz[s * p->out + u];
    if (l)
      syn_blas_nn(g->layer[l - 1].dz, p->dz, p->w, n, p->in, p->out);
  }
}

static void measure(syn_gradient *g, const float *w, float *gradient, double *sum,
                    size_t *correct) {
  g->sum = 0.0;
  g->correct = 0;
  spread(g, w);
  for (layer *p = g->layer; p < g->layer + g->layers; p++) {
    memset(p->gw, 0, p->out * p->in * sizeof *p->gw);
    memset(p->gb, 0, p->out * sizeof *p->gb);
  }
  for (size_t first = 0; first < g->n; first += CHUNK) {
    size_t n = g->n - first < CHUNK ? g->n - first : CHUNK;
    forward(g, first, n);
    backward(g, first, n);
  }
  flatten(gradient, g);
  *sum = g->sum;
  *correct = g->correct;
}

const syn_gradient_class syn_mlp_gradient = {open_gradient, take_batch, measure, close_gradient};
