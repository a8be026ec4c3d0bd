/* The baseline (section 3): gradient descent on the loss of the batch, by backpropagation, with
 * the learning rate of the options, no momentum and no regularisation. The paper's batch is the
 * whole training part; batch_size and batch_interval make it mini-batch SGD. Products are BLAS's.
 *
 * A batch is walked in chunks of rows, forward and backward, so that a chunk's activities are still
 * in the cache when its gradient is taken; gradients add up chunk by chunk, in order. */
#include <math.h>
#include <string.h>

#include "engine/numeric/blas.h"
#include "engine/train/checkpoint.h"
#include "engine/train/curve.h"
#include "engine/train/run.h"

#define CHUNK 32 /* samples; their 784 inputs are 98 KiB */

typedef struct layer {
  size_t in, out;
  syn_activation activation;
  float *w, *b;   /* (out, in), (out) */
  float *gw, *gb; /* their gradients, but for descender.scale */
  float *h;       /* (CHUNK, out) activations */
  float *dz;      /* (CHUNK, out) gradient at the pre-activations */
} layer;

typedef struct descender {
  const syn_options *options;
  const syn_task *task;
  size_t layers, n; /* n: samples of the batch */
  layer layer[SYN_LAYERS_MAX];
  float *x;         /* (B, inputs) */
  uint8_t *y;       /* (B) labels, images */
  float *t;         /* (B, outputs) targets; NULL with cross-entropy */
  float *flat;      /* (S) weights in the order of synapses */
  uint32_t *batch, *scratch;
  uint32_t batch_number;
  double rate;
  float scale;      /* what the sums over the batch are to be multiplied by */
  double loss;      /* sums over the batch so far: of losses, or of squares */
  size_t correct;
  syn_arena arena;
} descender;

/* ---- set-up ---------------------------------------------------------------------------------- */

static int take_layer(descender *d, size_t l) {
  const syn_shape *shape = &d->task->shape;
  layer *p = &d->layer[l];
  p->in = shape->units[l];
  p->out = shape->units[l + 1];
  p->activation = l + 1 == shape->layers ? shape->output : shape->hidden;
  syn_arena *a = &d->arena;
  return (p->w = syn_arena_take(a, p->out * p->in, sizeof(float))) &&
         (p->gw = syn_arena_take(a, p->out * p->in, sizeof(float))) &&
         (p->b = syn_arena_take(a, p->out, sizeof(float))) &&
         (p->gb = syn_arena_take(a, p->out, sizeof(float))) &&
         (p->h = syn_arena_take(a, CHUNK * p->out, sizeof(float))) &&
         (p->dz = syn_arena_take(a, CHUNK * p->out, sizeof(float)));
}

/* Between the order of synapses (unit by unit, bias first) and matrices for BLAS. */
static void spread(descender *d) {
  const float *w = d->flat;
  for (layer *p = d->layer; p < d->layer + d->layers; p++)
    for (size_t u = 0; u < p->out; u++, w += p->in) {
      p->b[u] = *w++;
      memcpy(p->w + u * p->in, w, p->in * sizeof *w);
    }
}

static const float *flatten(descender *d) {
  float *w = d->flat;
  for (layer *p = d->layer; p < d->layer + d->layers; p++)
    for (size_t u = 0; u < p->out; u++, w += p->in) {
      *w++ = p->b[u];
      memcpy(w, p->w + u * p->in, p->in * sizeof *w);
    }
  return d->flat;
}

static syn_status open_descender(descender *d, syn_ctx *ctx) {
  const syn_task *task = d->task;
  size_t most = task->split.n_train;
  size_t samples = d->options->batch_size > 0 ? (size_t)d->options->batch_size : most;
  syn_arena *a = &d->arena;
  d->layers = task->shape.layers;
  int ok = (d->x = syn_arena_take(a, samples * task->inputs, sizeof *d->x)) &&
           (d->y = syn_arena_take(a, samples, 1)) &&
           (d->flat = syn_arena_take(a, syn_shape_synapses(&task->shape), sizeof *d->flat)) &&
           (d->batch = syn_arena_take(a, most, sizeof *d->batch)) &&
           (d->scratch = syn_arena_take(a, most, sizeof *d->scratch));
  if (d->options->loss == SYN_LOSS_EUCLIDEAN)
    ok = ok && (d->t = syn_arena_take(a, samples * task->outputs, sizeof *d->t));
  for (size_t l = 0; l < d->layers; l++)
    ok = ok && take_layer(d, l);
  if (!ok)
    return syn_fail_memory(ctx, "gradient descent");
  syn_run_init(d->flat, d->options, &task->shape);
  spread(d);
  return SYN_OK;
}

static void take_batch(descender *d, uint32_t number) {
  d->batch_number = number;
  const syn_task *task = d->task;
  const uint32_t *rows = task->split.train;
  d->n = task->split.n_train;
  if (d->options->batch_size > 0) {
    d->n = (size_t)d->options->batch_size;
    syn_batch_draw(d->batch, d->n, rows, task->split.n_train, d->options->seed, number,
                   d->scratch);
    rows = d->batch;
  }
  if (task->kind == SYN_TASK_BOUNDARY) {
    syn_task_points(d->x, d->t, task, rows, d->n);
    return;
  }
  for (size_t s = 0; s < d->n; s++) {
    d->y[s] = task->labels[rows[s]];
    for (size_t k = 0; d->t && k < task->outputs; k++)
      d->t[s * task->outputs + k] = k == d->y[s] ? 1.0f : 0.0f;
    for (size_t i = 0; i < task->inputs; i++)
      d->x[s * task->inputs + i] = (float)task->pixels[rows[s] * task->inputs + i] / 255.0f;
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

/* Losses of samples [first, first + n); dz = softmax - one hot. */
static void cross_entropy(descender *d, size_t first, size_t n) {
  layer *p = &d->layer[d->layers - 1];
  for (size_t s = 0; s < n; s++) {
    const float *z = p->h + s * p->out;
    float *dz = p->dz + s * p->out, sum = 0.0f;
    size_t best = 0, y = d->y[first + s];
    for (size_t k = 1; k < p->out; k++)
      best = z[k] > z[best] ? k : best;
    for (size_t k = 0; k < p->out; k++)
      sum += dz[k] = expf(z[k] - z[best]);
    d->loss += (double)(logf(sum) + z[best] - z[y]);
    d->correct += best == y;
    for (size_t k = 0; k < p->out; k++)
      dz[k] = dz[k] / sum - (k == y ? 1.0f : 0.0f);
  }
}

static int is_right(const descender *d, const float *h, const float *t, size_t y) {
  size_t right = 0, best = 0, n = d->task->outputs;
  for (size_t u = 0; u < n; u++) {
    right += (h[u] > 0.0f) == (t[u] > 0.0f);
    best = h[u] > h[best] ? u : best;
  }
  return d->task->kind == SYN_TASK_IMAGES ? best == y : right == n;
}

/* Squares of the same; dz = h - t. */
static void euclidean(descender *d, size_t first, size_t n) {
  layer *p = &d->layer[d->layers - 1];
  const float *t = d->t + first * p->out;
  for (size_t s = 0; s < n; s++) {
    for (size_t u = s * p->out; u < (s + 1) * p->out; u++) {
      p->dz[u] = p->h[u] - t[u];
      d->loss += (double)p->dz[u] * p->dz[u];
    }
    d->correct += (size_t)is_right(d, p->h + s * p->out, t + s * p->out, d->y[first + s]);
  }
}

static void forward(descender *d, size_t first, size_t n) {
  const float *h = d->x + first * d->task->inputs;
  for (layer *p = d->layer; p < d->layer + d->layers; p++) {
    syn_blas_nt(p->h, h, p->w, n, p->out, p->in);
    activate(p, n);
    h = p->h;
  }
  if (d->options->loss == SYN_LOSS_CROSS_ENTROPY)
    cross_entropy(d, first, n);
  else
    euclidean(d, first, n);
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
static void backward(descender *d, size_t first, size_t n) {
  for (size_t l = d->layers; l-- > 0;) {
    layer *p = &d->layer[l];
    through_activation(p, n);
    syn_blas_tn_add(p->gw, p->dz, l ? d->layer[l - 1].h : d->x + first * p->in, p->out, p->in, n);
    for (size_t s = 0; s < n; s++)
      for (size_t u = 0; u < p->out; u++)
        p->gb[u] += p->dz[s * p->out + u];
    if (l)
      syn_blas_nn(d->layer[l - 1].dz, p->dz, p->w, n, p->in, p->out);
  }
}

/* Loss and accuracy of the weights as they are, and their gradient: of the mean cross-entropy, or
 * of sqrt(sum of squares) / n. */
static syn_score measure(descender *d) {
  d->loss = 0.0;
  d->correct = 0;
  for (layer *p = d->layer; p < d->layer + d->layers; p++) {
    memset(p->gw, 0, p->out * p->in * sizeof *p->gw);
    memset(p->gb, 0, p->out * sizeof *p->gb);
  }
  for (size_t first = 0; first < d->n; first += CHUNK) {
    size_t n = d->n - first < CHUNK ? d->n - first : CHUNK;
    forward(d, first, n);
    backward(d, first, n);
  }
  double n = (double)d->n, norm = sqrt(d->loss);
  int entropy = d->options->loss == SYN_LOSS_CROSS_ENTROPY;
  d->scale = (float)(entropy ? 1.0 / n : norm > 0.0 ? 1.0 / (norm * n) : 0.0);
  return (syn_score){(entropy ? d->loss : norm) / n, (double)d->correct / n};
}

static void update(descender *d) {
  float rate = (float)d->rate * d->scale;
  for (layer *p = d->layer; p < d->layer + d->layers; p++) {
    for (size_t i = 0; i < p->out * p->in; i++)
      p->w[i] -= rate * p->gw[i];
    for (size_t u = 0; u < p->out; u++)
      p->b[u] -= rate * (float)d->options->bias_step * p->gb[u];
  }
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Everything that iteration `done` depends on: the weights, and what led to them. */
static syn_status state_of(descender *d, syn_recorder *recorder, uint32_t *done, syn_state *s,
                           syn_ctx *ctx) {
  syn_status status = syn_checkpoint_result(s, recorder, done, ctx);
  if (status)
    return status;
  flatten(d);
  syn_state_piece(s, &d->batch_number, sizeof d->batch_number);
  syn_state_piece(s, d->flat, syn_shape_synapses(&d->task->shape) * sizeof *d->flat);
  if (s->resuming) {
    spread(d);
    take_batch(d, d->batch_number);
  }
  return syn_state_check(s, ctx);
}

static void keep(descender *d, syn_recorder *recorder, uint32_t done,
                 const syn_checkpoint *checkpoint) {
  syn_state state = {0};
  syn_ctx why = {0};
  syn_status status = state_of(d, recorder, &done, &state, &why);
  syn_checkpoint_keep(checkpoint, &state, status, &why);
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
    syn_state state = {.resuming = 1, .bytes = (void *)(uintptr_t)checkpoint->bytes,
                       .n = checkpoint->n};
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
    syn_ending ending = syn_run_ending(o, done, batch, row);
    if (row)
      status = syn_recorder_row(recorder, done, batch, flatten(d), ctx);
    if (status == SYN_OK && observer && done > 0)
      status = observer->iteration(observer->self, done, iterations, batch.loss);
    if (status)
      return status;
    if (ending != SYN_ENDED || done == iterations)
      return syn_recorder_finish(recorder, ending, done, batch, flatten(d), ctx);
    update(d);
    if (syn_checkpoint_due(checkpoint, row))
      keep(d, recorder, done + 1, checkpoint);
  }
}

syn_status syn_run_descent(syn_result **out, const syn_options *options, const syn_task *task,
                           const syn_kernels *kernels, const syn_observer *observer,
                           syn_ctx *ctx) {
  *out = NULL;
  syn_recorder recorder;
  syn_result *result;
  descender d = {.options = options, .task = task};
  syn_status status = syn_recorder_open(&recorder, &result, options, task, kernels, ctx);
  if (status)
    return status;
  syn_blas_single_thread();
  status = open_descender(&d, ctx);
  if (status == SYN_OK && !syn_blas_has_room())
    status = syn_fail_memory(ctx, "the products of gradient descent");
  if (status == SYN_OK)
    status = train(&d, &recorder, observer, ctx);
  syn_arena_close(&d.arena);
  if (status)
    syn_result_close(result);
  else
    *out = result;
  return status;
}
