#include "engine/net/mlp.h"

#include <string.h>

#include "engine/base/arena.h"

syn_status syn_shape_check(const syn_shape *shape, syn_ctx *ctx) {
  if (shape->layers < 1 || shape->layers > SYN_LAYERS_MAX)
    return syn_fail(ctx, SYN_EINVAL, "net: %zu layers of synapses; 1 to %d are possible",
                    shape->layers, SYN_LAYERS_MAX);
  for (size_t l = 0; l <= shape->layers; l++)
    if (shape->units[l] < 1 || shape->units[l] > SYN_UNITS_MAX)
      return syn_fail(ctx, SYN_EINVAL, "net: layer %zu has %zu units; 1 to %d are possible", l,
                      shape->units[l], SYN_UNITS_MAX);
  return SYN_OK;
}

size_t syn_shape_offset(const syn_shape *shape, size_t layer) {
  size_t offset = 0;
  for (size_t l = 0; l < layer; l++)
    offset += shape->units[l + 1] * (shape->units[l] + 1);
  return offset;
}

size_t syn_shape_synapses(const syn_shape *shape) { return syn_shape_offset(shape, shape->layers); }

size_t syn_shape_macs(const syn_shape *shape) {
  size_t macs = 0;
  for (size_t l = 0; l < shape->layers; l++)
    macs += shape->units[l + 1] * shape->units[l];
  return macs;
}

void syn_mlp_init_uniform(float *w, const syn_shape *shape, float range, uint64_t seed,
                          syn_stream stream) {
  for (size_t l = 0; l < shape->layers; l++) {
    size_t in = shape->units[l], index = 0;
    for (size_t u = 0; u < shape->units[l + 1]; u++) {
      *w++ = 0.0f;
      for (size_t i = 0; i < in; i++)
        *w++ = 2.0f * range * syn_random_uniform(seed, stream, (uint32_t)l, index++) - range;
    }
  }
}

void syn_mlp_init_normal(float *w, const syn_shape *shape, uint64_t seed) {
  for (size_t l = 0; l < shape->layers; l++) {
    size_t in = shape->units[l], out = shape->units[l + 1], index = 0;
    double sd = 2.0 / (double)(in + out);
    for (size_t u = 0; u < out; u++) {
      *w++ = 0.0f;
      for (size_t i = 0; i < in; i++)
        *w++ = (float)(sd * syn_random_normal(seed, SYN_STREAM_WEIGHTS, (uint32_t)l, index++));
    }
  }
}

/* Greatest layer, inputs included: what one row of scratch must hold. */
static size_t widest(const syn_shape *shape) {
  size_t most = 0;
  for (size_t l = 0; l <= shape->layers; l++)
    if (shape->units[l] > most)
      most = shape->units[l];
  return most;
}

size_t syn_mlp_scratch(const syn_shape *shape, size_t blocks) {
  return (2 * blocks * SYN_LANES + 1) * widest(shape);
}

void syn_mlp_forward(float *z, const float *h, const float *w, const syn_shape *shape,
                     size_t blocks, float *scratch, const syn_kernels *kernels) {
  size_t most = widest(shape);
  float *half[2] = {scratch, scratch + blocks * SYN_LANES * most};
  float *bias = half[1] + blocks * SYN_LANES * most;
  for (size_t l = 0; l < shape->layers; l++) {
    size_t in = shape->units[l], out = shape->units[l + 1];
    int last = l + 1 == shape->layers;
    syn_activation activation = last ? shape->output : shape->hidden;
    float *to = last ? z : half[l % 2];
    for (size_t u = 0; u < out; u++)
      bias[u] = w[u * (in + 1)];
    kernels->dense(to, h, w + 1, in + 1, bias, activation, blocks, in, out);
    w += out * (in + 1);
    h = to;
  }
}

void syn_mlp_pack(float *to, const float *from, size_t n, size_t width) {
  size_t blocks = (n + SYN_LANES - 1) / SYN_LANES;
  memset(to, 0, blocks * SYN_LANES * width * sizeof *to);
  for (size_t s = 0; s < n; s++)
    for (size_t i = 0; i < width; i++)
      to[(s / SYN_LANES * width + i) * SYN_LANES + s % SYN_LANES] = from[s * width + i];
}

void syn_mlp_pack_labels(float *to, const uint8_t *labels, size_t n, size_t classes) {
  size_t blocks = (n + SYN_LANES - 1) / SYN_LANES;
  memset(to, 0, blocks * SYN_LANES * classes * sizeof *to);
  for (size_t s = 0; s < n; s++)
    to[(s / SYN_LANES * classes + labels[s]) * SYN_LANES + s % SYN_LANES] = 1.0f;
}

syn_status syn_mlp_outputs(float *outputs, const float *inputs, size_t n, const float *w,
                           const syn_shape *shape, const syn_kernels *kernels, syn_ctx *ctx) {
  size_t in = shape->units[0], out = shape->units[shape->layers];
  syn_arena arena = {0};
  float *h = syn_arena_take(&arena, in * SYN_LANES, sizeof *h);
  float *z = syn_arena_take(&arena, out * SYN_LANES, sizeof *z);
  float *scratch = syn_arena_take(&arena, syn_mlp_scratch(shape, 1), sizeof *scratch);
  syn_status status = h && z && scratch ? SYN_OK : syn_fail_memory(ctx, "the network's outputs");
  for (size_t first = 0; first < n && !status; first += SYN_LANES) {
    size_t samples = n - first < SYN_LANES ? n - first : SYN_LANES;
    syn_mlp_pack(h, inputs + first * in, samples, in);
    syn_mlp_forward(z, h, w, shape, 1, scratch, kernels);
    for (size_t s = 0; s < samples; s++)
      for (size_t u = 0; u < out; u++)
        outputs[(first + s) * out + u] = z[u * SYN_LANES + s];
  }
  syn_arena_close(&arena);
  return status;
}
