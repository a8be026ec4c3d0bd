#include "engine/net/forward.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "engine/base/arena.h"
#include "engine/numeric/vec.h"

/* Blocks that one thread takes through all layers at a time: activations stay in the near cache. */
#define TILE 12
/* |D| stays below 2^30, see numeric/kernels.h. */
#define LATTICE_BOUND (INT64_C(1) << 30)

struct syn_forward {
  syn_shape shape;
  syn_loss loss;
  int bytes, lattice_path, multiplicative, reach;
  double rate, bias_step;
  const syn_kernels *kernels;
  syn_pool *pool;

  /* weights */
  size_t n;       /* synapses */
  float *w0, *w;  /* (S) at the last rebase; now */
  int32_t *K;     /* (S) steps since then */
  float *bias[SYN_LAYERS_MAX]; /* (U) of each layer, gathered from w */
  int stale;      /* first-layer entries of w are behind K */

  /* batch */
  size_t samples, blocks, groups;
  uint8_t *X;     /* lattice path: (blocks, groups, 16, 4) */
  int8_t *A, *more; /* (U, groups*4) the move, or its two parts; more: NULL with reach 1 */
  int32_t *D;     /* (blocks, U, 16) */
  float *Z0;      /* (blocks, U, 16) */
  float *no_bias; /* (U) zeros: in Z the bias moves on its own */
  int64_t steps;  /* moves since D was zero */
  int moved;      /* A holds a move that D has not taken yet */
  float *H;       /* dense path: (blocks, inputs, 16) inputs; lattice path: one tile a thread */
  uint8_t *y;     /* (blocks, 16) labels */
  float *t;       /* (blocks, outputs, 16) targets */
  const uint8_t *pixels; /* lattice path: to compute Z0 again */
  uint32_t *rows;

  /* results per block, scratch per thread */
  double *block_loss;
  uint32_t *block_correct;
  int want_correct;
  float *scratch;
  size_t scratch_each, widest;

  double *block_class; /* (blocks, outputs) sums of losses by class; NULL unless wanted */
  double *class_loss;  /* (outputs) */
  size_t *class_size;  /* (outputs) samples of the batch */

  double *block_activity;          /* (blocks, sum of units); NULL unless wanted */
  float *mean[SYN_LAYERS_MAX + 1]; /* (units) */
  size_t units_all;

  syn_arena arena;
};

static size_t round_up(size_t n, size_t to) { return (n + to - 1) / to * to; }

static const float *layer_weights(const syn_forward *f, size_t layer) {
  return f->w + syn_shape_offset(&f->shape, layer);
}

/* ---- set-up ---------------------------------------------------------------------------------- */

/* Everything is taken here; a short arena shows as one NULL among the pointers. */
static int take_memory(syn_forward *f, const syn_forward_setup *setup) {
  syn_arena *a = &f->arena;
  size_t in = f->shape.units[0], first = f->shape.units[1];
  size_t out = f->shape.units[f->shape.layers];
  size_t blocks = round_up(setup->samples, SYN_LANES) / SYN_LANES;
  unsigned threads = syn_pool_threads(f->pool);
  int ok = (f->w0 = syn_arena_take(a, f->n, sizeof *f->w0)) &&
           (f->w = syn_arena_take(a, f->n, sizeof *f->w)) &&
           (f->K = syn_arena_take(a, f->n, sizeof *f->K)) &&
           (f->block_loss = syn_arena_take(a, blocks, sizeof *f->block_loss)) &&
           (f->block_correct = syn_arena_take(a, blocks, sizeof *f->block_correct));
  for (size_t l = 0; l <= f->shape.layers; l++) {
    size_t units = f->shape.units[l];
    f->units_all += units;
    if (units > f->widest)
      f->widest = units;
    ok = ok && (!l || (f->bias[l - 1] = syn_arena_take(a, units, sizeof(float)))) &&
         (f->mean[l] = syn_arena_take(a, units, sizeof(float)));
  }
  if (f->bytes)
    ok = ok && (f->y = syn_arena_take(a, blocks * SYN_LANES, 1));
  if (f->loss == SYN_LOSS_EUCLIDEAN)
    ok = ok && (f->t = syn_arena_take(a, blocks * SYN_LANES * out, sizeof *f->t));
  if (f->lattice_path) {
    f->groups = round_up(in, SYN_GROUP) / SYN_GROUP;
    ok = ok && (f->X = syn_arena_take(a, blocks * f->groups, SYN_LANES * SYN_GROUP)) &&
         (f->A = syn_arena_take(a, first, f->groups * SYN_GROUP)) &&
         (f->reach < 2 || (f->more = syn_arena_take(a, first, f->groups * SYN_GROUP))) &&
         (f->D = syn_arena_take(a, blocks * first * SYN_LANES, sizeof *f->D)) &&
         (f->Z0 = syn_arena_take(a, blocks * first * SYN_LANES, sizeof *f->Z0)) &&
         (f->no_bias = syn_arena_take(a, first, sizeof *f->no_bias)) &&
         (f->H = syn_arena_take(a, (size_t)threads * in * SYN_LANES, sizeof *f->H)) &&
         (f->rows = syn_arena_take(a, setup->samples, sizeof *f->rows));
  } else {
    ok = ok && (f->H = syn_arena_take(a, blocks * in * SYN_LANES, sizeof *f->H));
  }
  if (setup->classes)
    ok = ok && (f->block_class = syn_arena_take(a, blocks * out, sizeof *f->block_class)) &&
         (f->class_loss = syn_arena_take(a, out, sizeof *f->class_loss)) &&
         (f->class_size = syn_arena_take(a, out, sizeof *f->class_size));
  if (setup->activity)
    ok = ok && (f->block_activity = syn_arena_take(a, blocks * f->units_all, sizeof(double)));
  f->scratch_each = 2 * TILE * SYN_LANES * f->widest;
  return ok && (f->scratch = syn_arena_take(a, threads * f->scratch_each, sizeof *f->scratch));
}

syn_status syn_forward_open(syn_forward **out, const syn_forward_setup *setup, syn_ctx *ctx) {
  *out = NULL;
  syn_arena arena = {0};
  syn_forward *f = syn_arena_take(&arena, 1, sizeof *f);
  if (!f)
    return syn_fail_memory(ctx, "the network");
  f->arena = arena;
  f->shape = *setup->shape;
  f->loss = setup->loss;
  f->bytes = setup->bytes;
  f->multiplicative = setup->multiplicative;
  f->lattice_path = setup->bytes && !setup->multiplicative;
  f->reach = setup->reach;
  f->rate = setup->rate;
  f->bias_step = setup->bias_step;
  f->kernels = setup->kernels;
  f->pool = setup->pool;
  f->n = syn_shape_synapses(&f->shape);
  if (!take_memory(f, setup)) {
    syn_forward_close(f);
    return syn_fail_memory(ctx, "the network and its batch");
  }
  memcpy(f->w0, setup->weights, f->n * sizeof *f->w0);
  memcpy(f->w, setup->weights, f->n * sizeof *f->w);
  *out = f;
  return SYN_OK;
}

void syn_forward_close(syn_forward *f) {
  if (f) {
    syn_arena arena = f->arena; /* f itself lives in it */
    syn_arena_close(&arena);
  }
}

/* ---- weights --------------------------------------------------------------------------------- */

/* w = w0 + step * K for synapses [from, to) of a layer with `in` inputs. */
static void reconstruct_layer(syn_forward *f, size_t layer, int biases_only) {
  size_t in = f->shape.units[layer], offset = syn_shape_offset(&f->shape, layer);
  float step = (float)f->rate, bias_step = (float)(f->rate * f->bias_step);
  for (size_t u = 0; u < f->shape.units[layer + 1]; u++) {
    size_t row = offset + u * (in + 1);
    f->w[row] = f->w0[row] + bias_step * (float)f->K[row];
    for (size_t i = row + 1; i <= row + in && !biases_only; i++)
      f->w[i] = f->w0[i] + step * (float)f->K[i];
  }
}

static void gather_biases(syn_forward *f) {
  for (size_t l = 0; l < f->shape.layers; l++) {
    const float *w = layer_weights(f, l);
    for (size_t u = 0; u < f->shape.units[l + 1]; u++)
      f->bias[l][u] = w[u * (f->shape.units[l] + 1)];
  }
}

/* Brings w up to date, but for the first layer's weights where the lattice stands for them. */
static void reconstruct(syn_forward *f) {
  if (!f->multiplicative)
    for (size_t l = 0; l < f->shape.layers; l++)
      reconstruct_layer(f, l, l == 0 && f->lattice_path);
  gather_biases(f);
}

const float *syn_forward_weights(syn_forward *f) {
  if (f->stale)
    reconstruct_layer(f, 0, 0);
  f->stale = 0;
  return f->w;
}

int32_t *syn_forward_lattice(syn_forward *f) { return f->multiplicative ? NULL : f->K; }

/* Z0 of blocks [begin, end) from the weights as they are. */
static void base_product(void *self, size_t begin, size_t end, unsigned thread) {
  syn_forward *f = self;
  size_t in = f->shape.units[0], units = f->shape.units[1];
  float *h = f->H + thread * in * SYN_LANES;
  for (size_t b = begin; b < end; b++) {
    size_t first = b * SYN_LANES, left = f->samples - first;
    syn_pack_floats(h, f->pixels, f->rows + first, left < SYN_LANES ? left : SYN_LANES, in);
    f->kernels->dense(f->Z0 + first * units, h, layer_weights(f, 0) + 1, in + 1, f->no_bias, 0,
                      1, in, units);
  }
}

/* The weights as they are become the new base of the lattice. */
static void rebase(syn_forward *f) {
  if (f->multiplicative)
    return;
  syn_forward_weights(f);
  memcpy(f->w0, f->w, f->n * sizeof *f->w0);
  memset(f->K, 0, f->n * sizeof *f->K);
}

/* ... and the batch's pre-activations start from them. */
static void rebase_batch(syn_forward *f) {
  if (!f->lattice_path || !f->samples)
    return;
  memset(f->D, 0, f->blocks * SYN_LANES * f->shape.units[1] * sizeof *f->D);
  f->steps = 0;
  f->moved = 0;
  syn_pool_run(f->pool, f->blocks, base_product, f);
}

void syn_forward_rate(syn_forward *f, double rate) {
  rebase(f);
  f->rate = rate;
  reconstruct(f);
  rebase_batch(f);
}

/* ---- batches --------------------------------------------------------------------------------- */

/* Means of the inputs do not change within a batch. */
static void mean_inputs(syn_forward *f, const uint8_t *pixels, const uint32_t *rows,
                        const float *points) {
  size_t in = f->shape.units[0];
  for (size_t i = 0; i < in && f->block_activity; i++) {
    double sum = 0.0;
    for (size_t s = 0; s < f->samples; s++)
      sum += points ? (double)points[s * in + i] : (double)pixels[(rows ? rows[s] : s) * in + i];
    f->mean[0][i] = (float)(sum / (double)f->samples / (points ? 1.0 : 255.0));
  }
}

static void set_samples(syn_forward *f, size_t n) {
  f->samples = n;
  f->blocks = round_up(n, SYN_LANES) / SYN_LANES;
}

static void take_labels(syn_forward *f, const uint8_t *labels, const uint32_t *rows) {
  memset(f->y, 0, f->blocks * SYN_LANES);
  if (f->class_size)
    memset(f->class_size, 0, f->shape.units[f->shape.layers] * sizeof *f->class_size);
  for (size_t b = 0; b < f->samples; b++) {
    uint8_t y = f->y[b] = labels[rows ? rows[b] : b];
    if (f->class_size)
      f->class_size[y]++;
  }
}

void syn_forward_images(syn_forward *f, const uint8_t *pixels, const uint8_t *labels,
                        const uint32_t *rows, size_t n) {
  assert(f->bytes);
  size_t in = f->shape.units[0];
  set_samples(f, n);
  take_labels(f, labels, rows);
  if (f->t)
    syn_mlp_pack_labels(f->t, f->y, n, f->shape.units[f->shape.layers]);
  if (f->lattice_path) {
    f->pixels = pixels;
    for (size_t b = 0; b < n; b++)
      f->rows[b] = rows ? rows[b] : (uint32_t)b;
    syn_pack_bytes(f->X, pixels, rows, n, in);
  } else {
    syn_pack_floats(f->H, pixels, rows, n, in);
  }
  mean_inputs(f, pixels, rows, NULL);
  rebase(f);
  reconstruct(f);
  rebase_batch(f);
}

void syn_forward_points(syn_forward *f, const float *points, const float *targets, size_t n) {
  assert(!f->bytes && f->loss == SYN_LOSS_EUCLIDEAN);
  set_samples(f, n);
  syn_mlp_pack(f->H, points, n, f->shape.units[0]);
  syn_mlp_pack(f->t, targets, n, f->shape.units[f->shape.layers]);
  mean_inputs(f, NULL, NULL, points);
  rebase(f);
  reconstruct(f);
}

/* ---- one iteration --------------------------------------------------------------------------- */

static void move_multiplicative(syn_forward *f, const int8_t *action) {
  for (size_t l = 0, s = 0; l < f->shape.layers; l++) {
    float step = (float)f->rate, bias_step = (float)(f->rate * f->bias_step);
    for (size_t u = 0; u < f->shape.units[l + 1]; u++)
      for (size_t i = 0; i <= f->shape.units[l]; i++, s++)
        f->w[s] += f->w[s] * ((i ? step : bias_step) * (float)action[s]);
  }
}

void syn_forward_move(syn_forward *f, const int8_t *action) {
  assert(!f->moved); /* every move is followed by its loss */
  if (f->multiplicative)
    move_multiplicative(f, action);
  f->stale = f->lattice_path;
  reconstruct(f);
  if (!f->lattice_path)
    return;
  int64_t growth = 255 * (int64_t)f->shape.units[0] * f->reach;
  if ((f->steps + 1) * growth >= LATTICE_BOUND) {
    rebase(f); /* takes this move in as well */
    reconstruct(f);
    rebase_batch(f);
    return;
  }
  f->steps++;
  f->moved = 1;
  size_t in = f->shape.units[0], padded = f->groups * SYN_GROUP;
  for (size_t u = 0; u < f->shape.units[1]; u++) {
    const int8_t *row = action + u * (in + 1) + 1;
    memcpy(f->A + u * padded, row, in);
    for (size_t i = 0; i < in && f->more; i++) {
      f->A[u * padded + i] = syn_history_symbol(row[i]);
      f->more[u * padded + i] = (int8_t)(row[i] - syn_history_symbol(row[i]));
    }
  }
}

/* Tree sum of the 16 lanes in double: the shape that kernels.h prescribes. Steps of fixed length,
 * which compilers turn into vectors. */
static double sum_lanes(const float *v) {
  double eight[8], four[4];
  for (size_t s = 0; s < 8; s++)
    eight[s] = (double)v[s] + (double)v[s + 8];
  for (size_t s = 0; s < 4; s++)
    four[s] = eight[s] + eight[s + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

/* Sums of activity over each block of a tile, for the means. `column` counts units of all layers. */
static void keep_activity(syn_forward *f, const float *h, size_t begin, size_t blocks,
                          size_t units, size_t column) {
  if (!f->block_activity)
    return;
  for (size_t b = 0; b < blocks; b++) {
    size_t left = f->samples - (begin + b) * SYN_LANES;
    double *sums = f->block_activity + (begin + b) * f->units_all + column;
    for (size_t u = 0; u < units; u++) {
      const float *lanes = h + (b * units + u) * SYN_LANES;
      float valid[SYN_LANES] = {0};
      if (left < SYN_LANES)
        lanes = memcpy(valid, lanes, left * sizeof *valid);
      sums[u] = sum_lanes(lanes);
    }
  }
}

static syn_activation activation_of(const syn_forward *f, size_t layer) {
  return layer + 1 == f->shape.layers ? f->shape.output : f->shape.hidden;
}

/* First layer of `blocks` blocks into z. */
static void first_layer(syn_forward *f, float *z, size_t begin, size_t blocks) {
  size_t in = f->shape.units[0], units = f->shape.units[1], at = begin * SYN_LANES * units;
  const syn_kernels *k = f->kernels;
  syn_activation activation = activation_of(f, 0);
  if (f->lattice_path) {
    const uint8_t *x = f->X + begin * f->groups * SYN_LANES * SYN_GROUP;
    if (f->moved)
      k->lattice(f->D + at, x, f->A, blocks, f->groups, units);
    if (f->moved && f->more)
      k->lattice(f->D + at, x, f->more, blocks, f->groups, units);
    k->preact(z, f->Z0 + at, f->D + at, (float)(f->rate / 255.0), f->bias[0],
              activation == SYN_RELU, blocks, units);
    if (activation == SYN_TANH)
      k->tanh_all(z, blocks * SYN_LANES * units);
  } else {
    k->dense(z, f->H + begin * SYN_LANES * in, layer_weights(f, 0) + 1, in + 1, f->bias[0],
             activation, blocks, in, units);
  }
}

/* Loss of one sample; outputs z are SYN_LANES apart. The operations are those of the kernels. */
static float sample_loss(const syn_forward *f, const float *z, size_t y) {
  size_t classes = f->shape.units[f->shape.layers];
  float most = z[0], sum = 0.0f;
  for (size_t k = 0; k < classes && f->loss == SYN_LOSS_EUCLIDEAN; k++) {
    float d = z[k * SYN_LANES] - (k == y ? 1.0f : 0.0f);
    sum += d * d;
  }
  if (f->loss == SYN_LOSS_EUCLIDEAN)
    return sum;
  for (size_t k = 1; k < classes; k++)
    most = z[k * SYN_LANES] > most ? z[k * SYN_LANES] : most;
  for (size_t k = 0; k < classes; k++)
    sum += syn_exp(z[k * SYN_LANES] - most);
  return (syn_log(sum) + most) - z[y * SYN_LANES];
}

/* Sums of losses by class over each block of a tile. */
static void keep_classes(syn_forward *f, const float *z, size_t begin, size_t samples) {
  size_t classes = f->shape.units[f->shape.layers];
  for (size_t s = 0; s < samples; s++) {
    size_t block = s / SYN_LANES, lane = s % SYN_LANES, y = f->y[begin * SYN_LANES + s];
    double *sums = f->block_class + (begin + block) * classes;
    if (lane == 0)
      memset(sums, 0, classes * sizeof *sums);
    sums[y] += (double)sample_loss(f, z + block * classes * SYN_LANES + lane, y);
  }
}

static void measure_tile(syn_forward *f, float *scratch, size_t begin, size_t blocks) {
  const syn_kernels *k = f->kernels;
  size_t valid = f->samples - begin * SYN_LANES, outputs = f->shape.units[f->shape.layers];
  float *z = scratch, *h = scratch + f->scratch_each / 2;
  size_t column = f->shape.units[0];
  if (valid > blocks * SYN_LANES)
    valid = blocks * SYN_LANES;
  for (size_t l = 0; l < f->shape.layers; l++) {
    size_t in = f->shape.units[l], units = f->shape.units[l + 1];
    if (l == 0) {
      first_layer(f, z, begin, blocks);
    } else {
      float *swap = h;
      h = z;
      z = swap;
      k->dense(z, h, layer_weights(f, l) + 1, in + 1, f->bias[l], activation_of(f, l),
               blocks, in, units);
    }
    keep_activity(f, z, begin, blocks, units, column);
    column += units;
  }
  if (f->block_class)
    keep_classes(f, z, begin, valid);
  uint32_t *correct = f->want_correct ? f->block_correct + begin : NULL;
  /* Images are named right by the greatest output, whatever the loss. */
  if (f->loss == SYN_LOSS_CROSS_ENTROPY || (f->bytes && correct))
    k->cross_entropy(f->block_loss + begin, correct, z, f->y + begin * SYN_LANES, valid, blocks,
                     outputs);
  if (f->loss == SYN_LOSS_EUCLIDEAN)
    k->squared_error(f->block_loss + begin, f->bytes ? NULL : correct, z,
                     f->t + begin * SYN_LANES * outputs, valid, blocks, outputs);
}

static void measure(void *self, size_t begin, size_t end, unsigned thread) {
  syn_forward *f = self;
  for (size_t b = begin; b < end; b += TILE)
    measure_tile(f, f->scratch + thread * f->scratch_each, b, end - b < TILE ? end - b : TILE);
}

/* Means over the batch of the layers above: blocks in order, in double, summed in the first one's
 * place. */
static void mean_activity(syn_forward *f) {
  double *sum = f->block_activity;
  for (size_t b = 1; b < f->blocks; b++)
    for (size_t u = f->shape.units[0]; u < f->units_all; u++)
      sum[u] += f->block_activity[b * f->units_all + u];
  for (size_t l = 1, column = f->shape.units[0]; l <= f->shape.layers; l++)
    for (size_t u = 0; u < f->shape.units[l]; u++, column++)
      f->mean[l][u] = (float)(sum[column] / (double)f->samples);
}

/* Means over the samples of each class, likewise. */
static void mean_classes(syn_forward *f) {
  size_t classes = f->shape.units[f->shape.layers];
  for (size_t k = 0; k < classes; k++) {
    double sum = 0.0;
    for (size_t b = 0; b < f->blocks; b++)
      sum += f->block_class[b * classes + k];
    f->class_loss[k] = f->class_size[k] ? sum / (double)f->class_size[k] : NAN;
  }
}

double syn_forward_loss(syn_forward *f, double *accuracy) {
  f->want_correct = accuracy != NULL;
  syn_pool_run(f->pool, f->blocks, measure, f);
  f->moved = 0;
  double sum = 0.0;
  size_t correct = 0;
  for (size_t b = 0; b < f->blocks; b++)
    sum += f->block_loss[b];
  for (size_t b = 0; b < f->blocks && accuracy; b++)
    correct += f->block_correct[b];
  if (accuracy)
    *accuracy = (double)correct / (double)f->samples;
  if (f->block_activity)
    mean_activity(f);
  if (f->block_class)
    mean_classes(f);
  return (f->loss == SYN_LOSS_CROSS_ENTROPY ? sum : sqrt(sum)) / (double)f->samples;
}

const float *syn_forward_activity(const syn_forward *f, size_t layer) { return f->mean[layer]; }

const double *syn_forward_classes(const syn_forward *f) { return f->class_loss; }

/* ---- checkpoints ----------------------------------------------------------------------------- */

void syn_forward_state(syn_forward *f, syn_state *s) {
  assert(!f->moved);
  syn_forward_weights(f);
  size_t cells = f->blocks * SYN_LANES * f->shape.units[1];
  syn_state_same(s, f->samples);
  syn_state_piece(s, &f->rate, sizeof f->rate);
  syn_state_piece(s, f->w0, f->n * sizeof *f->w0);
  syn_state_piece(s, f->w, f->n * sizeof *f->w);
  syn_state_piece(s, f->K, f->n * sizeof *f->K);
  if (f->lattice_path) {
    syn_state_piece(s, &f->steps, sizeof f->steps);
    syn_state_piece(s, f->D, cells * sizeof *f->D);
    syn_state_piece(s, f->Z0, cells * sizeof *f->Z0);
  }
  for (size_t l = 1; l <= f->shape.layers; l++)
    syn_state_piece(s, f->mean[l], f->shape.units[l] * sizeof(float));
  if (s->resuming)
    gather_biases(f);
}
