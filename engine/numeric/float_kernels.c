/* The float kernels, compiled once for each level of vectors with SYN_LEVEL set to its name.
 * Operations and their order per lane are those of kernels.h, so all levels give the same bits. */
#include <stddef.h>
#include <string.h>

#include "engine/numeric/tables.h"
#include "engine/numeric/vec.h"

#define JOIN_(a, b)  a##b
#define JOIN(a, b)   JOIN_(a, b)
#define NAME(kernel) JOIN(syn_##kernel##_, SYN_LEVEL)

#define PARTS (SYN_LANES / SYN_VLANES) /* vectors of a block */

SYN_INLINE syn_vf relu_if(syn_vf v, int relu) {
  return relu ? syn_vselect(syn_vless(syn_vset(0.0f), v), v, syn_vset(0.0f)) : v;
}

void NAME(preact)(float *z, const float *z0, const int32_t *D, float scale, const float *bias,
                  int relu, size_t blocks, size_t units) {
  for (size_t b = 0; b < blocks; b++)
    for (size_t u = 0; u < units; u++)
      for (size_t part = 0; part < PARTS; part++) {
        syn_vi d;
        memcpy(&d, D, sizeof d);
        syn_vf v = (syn_vload(z0) + __builtin_convertvector(d, syn_vf) * scale) + bias[u];
        syn_vstore(z, relu_if(v, relu));
        z += SYN_VLANES;
        z0 += SYN_VLANES;
        D += SYN_VLANES;
      }
}

/* ---- dense ------------------------------------------------------------------------------------- */

/* A tile of `nb` blocks x `nu` units: so many sums run side by side that the latency of an addition
 * does not show, each over the inputs in order. */
SYN_INLINE void dense_tile(float *z, const float *h, const float *w, size_t stride,
                           const float *bias, int activation, size_t in, size_t out, const int nb,
                           const int nu) {
  for (int part = 0; part < PARTS; part++) {
    syn_vf sum[8];
    SYN_UNROLL
    for (int b = 0; b < nb; b++) {
      SYN_UNROLL
      for (int u = 0; u < nu; u++)
        sum[b * nu + u] = syn_vset(bias[u]);
    }
    const float *column = h + part * SYN_VLANES;
    for (size_t i = 0; i < in; i++, column += SYN_LANES) {
      SYN_UNROLL
      for (int b = 0; b < nb; b++) {
        syn_vf x = syn_vload(column + (size_t)b * in * SYN_LANES);
        SYN_UNROLL
        for (int u = 0; u < nu; u++)
          sum[b * nu + u] = sum[b * nu + u] + x * w[(size_t)u * stride + i];
      }
    }
    SYN_UNROLL
    for (int k = 0; k < nb * nu; k++)
      sum[k] = activation == 2 ? syn_vtanh(sum[k]) : relu_if(sum[k], activation);
    SYN_UNROLL
    for (int b = 0; b < nb; b++) {
      SYN_UNROLL
      for (int u = 0; u < nu; u++)
        syn_vstore(z + ((size_t)b * out + (size_t)u) * SYN_LANES + part * SYN_VLANES,
                   sum[b * nu + u]);
    }
  }
}

/* All blocks for `nu` units, `nb` blocks at a time and the rest singly. */
SYN_INLINE void dense_units(float *z, const float *h, const float *w, size_t stride,
                            const float *bias, int activation, size_t blocks, size_t in, size_t out,
                            const int nb, const int nu) {
  size_t b = 0;
  for (; b + (size_t)nb <= blocks; b += (size_t)nb)
    dense_tile(z + b * out * SYN_LANES, h + b * in * SYN_LANES, w, stride, bias, activation, in,
               out, nb, nu);
  for (; b < blocks; b++)
    dense_tile(z + b * out * SYN_LANES, h + b * in * SYN_LANES, w, stride, bias, activation, in,
               out, 1, nu);
}

void NAME(dense)(float *z, const float *h, const float *w, size_t stride, const float *bias,
                 int activation, size_t blocks, size_t in, size_t out) {
  size_t chunks = (out + 7) / 8;
  for (size_t c = 0; c < chunks; c++) {
    size_t u = out * c / chunks, units = out * (c + 1) / chunks - u;
    float *to = z + u * SYN_LANES;
    const float *row = w + u * stride, *b = bias + u;
#define CASE(nb, nu)                                                                               \
  case nu:                                                                                         \
    dense_units(to, h, row, stride, b, activation, blocks, in, out, nb, nu);                       \
    break
    switch (units) {
      CASE(8, 1);
      CASE(4, 2);
      CASE(2, 3);
      CASE(2, 4);
      CASE(1, 5);
      CASE(1, 6);
      CASE(1, 7);
      CASE(1, 8);
    }
#undef CASE
  }
}

void NAME(tanh_all)(float *z, size_t n) {
  for (size_t i = 0; i < n; i += SYN_VLANES)
    syn_vstore(z + i, syn_vtanh(syn_vload(z + i)));
}

/* ---- losses ------------------------------------------------------------------------------------ */

typedef float half_block __attribute__((vector_size(32)));
typedef double sum8 __attribute__((vector_size(64)));
typedef double sum4 __attribute__((vector_size(32)));

/* Tree sum of a block in double; lanes from `valid` on count 0. */
SYN_INLINE double sum_lanes(float l[SYN_LANES], size_t valid) {
  for (size_t s = valid; s < SYN_LANES; s++)
    l[s] = 0.0f;
  half_block low, high;
  memcpy(&low, l, sizeof low);
  memcpy(&high, l + SYN_LANES / 2, sizeof high);
  sum8 by_8 = __builtin_convertvector(low, sum8) + __builtin_convertvector(high, sum8);
  sum4 by_4 = __builtin_shufflevector(by_8, by_8, 0, 1, 2, 3) +
              __builtin_shufflevector(by_8, by_8, 4, 5, 6, 7);
  return (by_4[0] + by_4[2]) + (by_4[1] + by_4[3]);
}

/* How many of the first `valid` lanes say yes. */
SYN_INLINE uint32_t count_lanes(uint32_t yes, size_t valid) {
  uint32_t lanes = valid < SYN_LANES ? (1u << valid) - 1 : 0xffff;
  return (uint32_t)__builtin_popcount(yes & lanes);
}

/* Losses of the lanes of one vector; bits of those whose first greatest class is the label, if that is
 * `asked`. */
SYN_INLINE uint32_t cross_entropy_part(float *l, const float *z, const uint8_t *y, size_t classes,
                                       const int asked) {
  syn_vi label = syn_vload_u8(y), best = syn_vseti(0);
  syn_vf most = syn_vload(z), own = most, sum = syn_vset(0.0f);
  for (size_t k = 1; k < classes; k++) {
    syn_vf v = syn_vload(z + k * SYN_LANES);
    if (asked)
      best = syn_vselecti(syn_vless(most, v), syn_vseti((int32_t)k), best);
    most = syn_vmax(v, most);
    own = syn_vselect(syn_vequal(label, syn_vseti((int32_t)k)), v, own);
  }
  for (size_t k = 0; k < classes; k++)
    sum = sum + syn_vexp_below(syn_vload(z + k * SYN_LANES) - most);
  syn_vstore(l, (syn_vlog(sum) + most) - own);
  return syn_vbits(syn_vequal(best, label));
}

SYN_INLINE void cross_entropy_blocks(double *loss, uint32_t *correct, const float *z,
                                     const uint8_t *y, size_t samples, size_t blocks,
                                     size_t classes, const int asked) {
  for (size_t b = 0; b < blocks; b++, z += classes * SYN_LANES, y += SYN_LANES) {
    float l[SYN_LANES];
    uint32_t right = 0;
    for (size_t s = 0; s < SYN_LANES; s += SYN_VLANES)
      right |= cross_entropy_part(l + s, z + s, y + s, classes, asked) << s;
    size_t valid = samples - b * SYN_LANES;
    loss[b] = sum_lanes(l, valid);
    if (asked)
      correct[b] = count_lanes(right, valid);
  }
}

void NAME(cross_entropy)(double *loss, uint32_t *correct, const float *z, const uint8_t *y,
                         size_t samples, size_t blocks, size_t classes) {
  if (correct)
    cross_entropy_blocks(loss, correct, z, y, samples, blocks, classes, 1);
  else
    cross_entropy_blocks(loss, correct, z, y, samples, blocks, classes, 0);
}

/* Squared distances of the lanes of one vector; bits of those with the target's signs. */
SYN_INLINE uint32_t squared_error_part(float *l, const float *z, const float *t, size_t outputs) {
  const syn_vf zero = syn_vset(0.0f);
  syn_vf sum = zero;
  syn_vmask wrong = syn_vless(zero, zero);
  for (size_t k = 0; k < outputs * SYN_LANES; k += SYN_LANES) {
    syn_vf out = syn_vload(z + k), target = syn_vload(t + k), d = out - target;
    sum = sum + d * d;
    wrong |= syn_vless(zero, out) ^ syn_vless(zero, target);
  }
  syn_vstore(l, sum);
  return ~syn_vbits(wrong) & ((1u << SYN_VLANES) - 1);
}

void NAME(squared_error)(double *loss, uint32_t *correct, const float *z, const float *t,
                         size_t samples, size_t blocks, size_t outputs) {
  for (size_t b = 0; b < blocks; b++, z += outputs * SYN_LANES, t += outputs * SYN_LANES) {
    float l[SYN_LANES];
    uint32_t right = 0;
    for (size_t s = 0; s < SYN_LANES; s += SYN_VLANES)
      right |= squared_error_part(l + s, z + s, t + s, outputs) << s;
    size_t valid = samples - b * SYN_LANES;
    loss[b] = sum_lanes(l, valid);
    if (correct)
      correct[b] = count_lanes(right, valid);
  }
}
