#include "engine/net/mlp.h"

#include <string.h>

#include "engine/base/arena.h"
#include "engine/net/lattice.h"

/* Blocks that one thread takes through all layers at a time: activations stay in the near cache.
 * A multiple of SYN_WIDE. */
#define TILE 16
/* |D| stays below 2^30, see numeric/kernels.h. */
#define LATTICE_BOUND (INT64_C(1) << 30)

typedef struct mlp {
  syn_model model;
  syn_shape shape;
  const syn_plan *plan;
  int bytes;
  const float *w; /* (S) the trainer's */
  double rate;
  float *bias[SYN_LAYERS_MAX]; /* (U) of each layer, gathered from w */
  const syn_kernels *kernels;
  syn_pool *pool;

  /* batch */
  syn_samples batch;
  size_t blocks;
  float *H; /* dense path: (blocks, inputs, 16) inputs; lattice path: one tile a thread */

  /* lattice path, NULL on the other */
  syn_lattice *lattice; /* of the first layer */
  float *Z0;            /* (blocks, U, 16) */
  float *no_bias;       /* (U) zeros: in Z the bias moves on its own */

  float *scratch; /* a thread's two tiles of activations */
  size_t scratch_each;
  const syn_sink *sink;

  double *block_activity;          /* (blocks, sum of units); NULL unless wanted */
  float *mean[SYN_LAYERS_MAX + 1]; /* (units) */
  size_t units_all;

  syn_arena arena;
} mlp;

static size_t round_up(size_t n, size_t to) {
  return (n + to - 1) / to * to;
}

/* ---- set-up ---------------------------------------------------------------------------------- */

static syn_status plan(syn_plan *out, const syn_network *network, syn_ctx *ctx) {
  const syn_shape *shape = &network->shape;
  *out = (syn_plan){0};
  syn_status status = syn_shape_check(shape, ctx);
  if (status)
    return status;
  for (size_t l = 0; l < shape->layers; l++)
    syn_plan_add(out, shape->units[l], shape->units[l + 1]);
  out->inputs = shape->units[0];
  out->outputs = shape->units[shape->layers];
  if (network->bytes && network->lattice) {
    int64_t growth = 255 * (int64_t)out->inputs * network->max_action;
    out->group[0].deferred = 1;
    out->moves_max = (LATTICE_BOUND + growth - 1) / growth;
  }
  return SYN_OK;
}

/* What only one of the two paths needs. */
static int take_path(mlp *m, const syn_model_setup *setup, size_t blocks) {
  syn_arena *a = &m->arena;
  size_t in = m->shape.units[0], first = m->shape.units[1];
  if (!m->bytes || !setup->network->lattice)
    return (m->H = syn_arena_take(a, blocks * in * SYN_LANES, sizeof *m->H)) != NULL;
  return (m->lattice = syn_lattice_open(in, first, setup->samples, setup->network->max_action,
                                        m->kernels, a)) &&
         (m->Z0 = syn_arena_take(a, blocks * first * SYN_LANES, sizeof *m->Z0)) &&
         (m->no_bias = syn_arena_take(a, first, sizeof *m->no_bias)) &&
         (m->H = syn_arena_take(a, syn_pool_threads(m->pool) * in * SYN_LANES, sizeof *m->H));
}

/* Everything is taken here; a short arena shows as one NULL among the pointers. */
static int take_memory(mlp *m, const syn_model_setup *setup) {
  syn_arena *a = &m->arena;
  size_t blocks = round_up(setup->samples, SYN_LANES) / SYN_LANES, widest = 0;
  int ok = take_path(m, setup, blocks);
  for (size_t l = 0; l <= m->shape.layers; l++) {
    size_t units = m->shape.units[l];
    m->units_all += units;
    if (units > widest)
      widest = units;
    ok = ok && (!l || (m->bias[l - 1] = syn_arena_take(a, units, sizeof(float)))) &&
         (m->mean[l] = syn_arena_take(a, units, sizeof(float)));
  }
  if (setup->activity)
    ok = ok && (m->block_activity = syn_arena_take(a, blocks * m->units_all, sizeof(double)));
  m->scratch_each = 2 * TILE * SYN_LANES * widest;
  return ok && (m->scratch = syn_arena_take(a, syn_pool_threads(m->pool) * m->scratch_each,
                                            sizeof *m->scratch));
}

static void close_mlp(syn_model *model) {
  if (model) {
    syn_arena arena = ((mlp *)model)->arena; /* the model itself lives in it */
    syn_arena_close(&arena);
  }
}

static syn_status open_mlp(syn_model **out, const syn_model_setup *setup, syn_ctx *ctx) {
  *out = NULL;
  syn_arena arena = {0};
  mlp *m = syn_arena_take(&arena, 1, sizeof *m);
  if (!m)
    return syn_fail_memory(ctx, "the network");
  *m = (mlp){.model = {&syn_mlp},
             .shape = setup->network->shape,
             .plan = setup->plan,
             .bytes = setup->network->bytes,
             .w = setup->weights,
             .kernels = setup->kernels,
             .pool = setup->pool,
             .arena = arena};
  if (!take_memory(m, setup)) {
    close_mlp(&m->model);
    return syn_fail_memory(ctx, "the network and its batch");
  }
  *out = &m->model;
  return SYN_OK;
}

/* ---- batches --------------------------------------------------------------------------------- */

static void pack_reals(float *to, const syn_samples *from, size_t width) {
  size_t blocks = round_up(from->n, SYN_LANES) / SYN_LANES;
  memset(to, 0, blocks * SYN_LANES * width * sizeof *to);
  for (size_t s = 0; s < from->n; s++) {
    const float *row = from->reals + syn_samples_row(from, s) * width;
    for (size_t i = 0; i < width; i++)
      to[(s / SYN_LANES * width + i) * SYN_LANES + s % SYN_LANES] = row[i];
  }
}

/* Means of the inputs do not change within a batch. */
static void mean_inputs(mlp *m) {
  const syn_samples *b = &m->batch;
  size_t in = m->shape.units[0];
  for (size_t i = 0; i < in && m->block_activity; i++) {
    double sum = 0.0;
    for (size_t s = 0; s < b->n; s++) {
      size_t at = syn_samples_row(b, s) * in + i;
      sum += m->bytes ? (double)b->pixels[at] : (double)b->reals[at];
    }
    m->mean[0][i] = (float)(sum / (double)b->n / (m->bytes ? 255.0 : 1.0));
  }
}

static void batch(syn_model *model, const syn_samples *samples) {
  mlp *m = (mlp *)model;
  size_t in = m->shape.units[0];
  m->batch = *samples;
  m->blocks = round_up(samples->n, SYN_LANES) / SYN_LANES;
  if (m->lattice)
    syn_lattice_batch(m->lattice, samples->pixels, samples->rows, samples->n);
  else if (m->bytes)
    syn_pack_floats(m->H, samples->pixels, samples->rows, samples->n, in);
  else
    pack_reals(m->H, samples, in);
  mean_inputs(m);
}

/* ---- moves ----------------------------------------------------------------------------------- */

static const float *layer_weights(const mlp *m, size_t layer) {
  return m->w + m->plan->group[layer].first;
}

static void gather_biases(mlp *m) {
  for (size_t l = 0; l < m->shape.layers; l++) {
    const float *w = layer_weights(m, l);
    for (size_t u = 0; u < m->shape.units[l + 1]; u++)
      m->bias[l][u] = w[u * (m->shape.units[l] + 1)];
  }
}

/* Z0 of blocks [begin, end) from the weights as they are. */
static void base_product(void *self, size_t begin, size_t end, unsigned thread) {
  mlp *m = self;
  size_t in = m->shape.units[0], units = m->shape.units[1];
  float *h = m->H + thread * in * SYN_LANES;
  for (size_t b = begin; b < end; b++) {
    size_t first = b * SYN_LANES, left = m->batch.n - first;
    size_t n = left < SYN_LANES ? left : SYN_LANES;
    const uint32_t *rows = m->batch.rows;
    const uint8_t *pixels = rows ? m->batch.pixels : m->batch.pixels + first * in;
    syn_pack_floats(h, pixels, rows ? rows + first : NULL, n, in);
    m->kernels->dense(m->Z0 + first * units, h, layer_weights(m, 0) + 1, in + 1, m->no_bias,
                      SYN_IDENTITY, 1, in, units);
  }
}

static void base(syn_model *model, double rate) {
  mlp *m = (mlp *)model;
  m->rate = rate;
  gather_biases(m);
  if (!m->lattice)
    return;
  syn_lattice_base(m->lattice);
  syn_pool_run(m->pool, m->blocks, base_product, m);
}

static void move(syn_model *model, const int8_t *action) {
  mlp *m = (mlp *)model;
  gather_biases(m);
  if (m->lattice)
    syn_lattice_move(m->lattice, action);
}

/* ---- outputs --------------------------------------------------------------------------------- */

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
static void keep_activity(mlp *m, const float *h, size_t begin, size_t blocks, size_t units,
                          size_t column) {
  if (!m->block_activity)
    return;
  for (size_t b = 0; b < blocks; b++) {
    size_t left = m->batch.n - (begin + b) * SYN_LANES;
    double *sums = m->block_activity + (begin + b) * m->units_all + column;
    for (size_t u = 0; u < units; u++) {
      const float *lanes = h + (b * units + u) * SYN_LANES;
      float valid[SYN_LANES] = {0};
      if (left < SYN_LANES)
        lanes = memcpy(valid, lanes, left * sizeof *valid);
      sums[u] = sum_lanes(lanes);
    }
  }
}

/* First layer of `blocks` blocks into z. */
static void first_layer(mlp *m, float *z, size_t begin, size_t blocks) {
  size_t in = m->shape.units[0], units = m->shape.units[1], at = begin * SYN_LANES * units;
  const syn_kernels *k = m->kernels;
  syn_activation activation = syn_shape_activation(&m->shape, 0);
  if (m->lattice) {
    const int32_t *D = syn_lattice_sums(m->lattice, begin, blocks);
    k->preact(z, m->Z0 + at, D, (float)(m->rate / 255.0), m->bias[0], activation == SYN_RELU,
              blocks, units);
    if (activation == SYN_TANH)
      k->tanh_all(z, blocks * SYN_LANES * units);
  } else {
    k->dense(z, m->H + begin * SYN_LANES * in, layer_weights(m, 0) + 1, in + 1, m->bias[0],
             activation, blocks, in, units);
  }
}

static void tile_outputs(mlp *m, float *scratch, size_t begin, size_t blocks) {
  float *z = scratch, *h = scratch + m->scratch_each / 2;
  size_t column = m->shape.units[0];
  for (size_t l = 0; l < m->shape.layers; l++) {
    size_t in = m->shape.units[l], units = m->shape.units[l + 1];
    if (l == 0) {
      first_layer(m, z, begin, blocks);
    } else {
      float *swap = h;
      h = z;
      z = swap;
      m->kernels->dense(z, h, layer_weights(m, l) + 1, in + 1, m->bias[l],
                        syn_shape_activation(&m->shape, l), blocks, in, units);
    }
    keep_activity(m, z, begin, blocks, units, column);
    column += units;
  }
  m->sink->take(m->sink->self, z, begin, blocks);
}

/* Wide blocks [begin, end). */
static void share_outputs(void *self, size_t begin, size_t end, unsigned thread) {
  mlp *m = self;
  begin *= SYN_WIDE;
  end = end * SYN_WIDE < m->blocks ? end * SYN_WIDE : m->blocks;
  for (size_t b = begin; b < end; b += TILE)
    tile_outputs(m, m->scratch + thread * m->scratch_each, b, end - b < TILE ? end - b : TILE);
}

/* Means over the batch of the layers above: blocks in order, in double, summed in the first one's
 * place. */
static void mean_activity(mlp *m) {
  double *sum = m->block_activity;
  for (size_t b = 1; b < m->blocks; b++)
    for (size_t u = m->shape.units[0]; u < m->units_all; u++)
      sum[u] += m->block_activity[b * m->units_all + u];
  for (size_t l = 1, column = m->shape.units[0]; l <= m->shape.layers; l++)
    for (size_t u = 0; u < m->shape.units[l]; u++, column++)
      m->mean[l][u] = (float)(sum[column] / (double)m->batch.n);
}

static void outputs(syn_model *model, const syn_sink *sink) {
  mlp *m = (mlp *)model;
  m->sink = sink;
  syn_pool_run(m->pool, round_up(m->blocks, SYN_WIDE) / SYN_WIDE, share_outputs, m);
  if (m->lattice)
    syn_lattice_settle(m->lattice);
  if (m->block_activity)
    mean_activity(m);
}

static const float *behind(const syn_model *model, size_t group) {
  return ((const mlp *)model)->mean[group];
}

static const float *ahead(const syn_model *model, size_t group) {
  return ((const mlp *)model)->mean[group + 1];
}

/* ---- checkpoints ----------------------------------------------------------------------------- */

static void state(syn_model *model, syn_state *s) {
  mlp *m = (mlp *)model;
  size_t cells = m->blocks * SYN_LANES * m->shape.units[1];
  syn_state_same(s, m->batch.n);
  syn_state_piece(s, &m->rate, sizeof m->rate);
  if (m->lattice) {
    syn_lattice_state(m->lattice, s);
    syn_state_piece(s, m->Z0, cells * sizeof *m->Z0);
  }
  for (size_t l = 1; l <= m->shape.layers; l++)
    syn_state_piece(s, m->mean[l], m->shape.units[l] * sizeof(float));
  if (s->resuming)
    gather_biases(m);
}

const syn_model_class syn_mlp = {
    .abi = SYN_MODEL_ABI,
    .name = "mlp",
    .summary = "layers of units, each connected to all of the layer before",
    .plan = plan,
    .open = open_mlp,
    .batch = batch,
    .base = base,
    .move = move,
    .outputs = outputs,
    .behind = behind,
    .ahead = ahead,
    .state = state,
    .close = close_mlp,
    .gradient = &syn_mlp_gradient,
};
