/* The kernels of gradient descent, compiled once for each level of vectors like float_kernels.c.
 * Operations and their order are those of kernels.h, so all levels give the same bits. */
#include <stddef.h>
#include <string.h>

#include "engine/numeric/tables.h"
#include "engine/numeric/vec.h"

#define JOIN_(a, b)  a##b
#define JOIN(a, b)   JOIN_(a, b)
#define NAME(kernel) JOIN(syn_##kernel##_, SYN_LEVEL)

#define PARTS (SYN_LANES / SYN_VLANES) /* vectors of a block */

/* Sums that a tile keeps in registers: two samples of so many units, or so many units of two vectors
 * of inputs. What is left of the registers takes the factors. */
#if defined(__AVX512F__)
#define UNITS 11
#else
#define UNITS 5
#endif

#define AHEAD 4096 /* bytes that are fetched before they are wanted */

/* Keeps a vector that is used twice in its register: compilers would rather load it twice, and loads are
 * what is short. */
#if defined(__x86_64__)
#define HOLD(v) __asm__("" : "+v"(v))
#else
#define HOLD(v) (void)(v)
#endif

typedef struct sums {
  float lane[SYN_LANES];
} sums; /* one sum, still in lanes */

/* ---- 16 sums at once --------------------------------------------------------------------------- */

/* Two vectors of pairs of lanes to be added, `half` lanes apart, into one of their sums. */
#define HALVES(a, b, ...)                                                                          \
  __builtin_shufflevector(a, b, LOW_##__VA_ARGS__) +                                               \
      __builtin_shufflevector(a, b, HIGH_##__VA_ARGS__)

#if SYN_VLANES == 16
#define LOW_8  0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LOW_4  0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW_2  0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW_1  0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#elif SYN_VLANES == 8
#define LOW_4  0, 1, 2, 3, 8, 9, 10, 11
#define HIGH_4 4, 5, 6, 7, 12, 13, 14, 15
#define LOW_2  0, 1, 8, 9, 4, 5, 12, 13
#define HIGH_2 2, 3, 10, 11, 6, 7, 14, 15
#define LOW_1  0, 8, 2, 10, 4, 12, 6, 14
#define HIGH_1 1, 9, 3, 11, 5, 13, 7, 15
#else
#define LOW_2  0, 1, 4, 5
#define HIGH_2 2, 3, 6, 7
#define LOW_1  0, 4, 2, 6
#define HIGH_1 1, 5, 3, 7
#endif

/* The first steps of the tree, down to one vector. */
SYN_INLINE syn_vf to_vector(const sums *from) {
  syn_vf part[PARTS];
  SYN_UNROLL
  for (int p = 0; p < PARTS; p++)
    part[p] = syn_vload(from->lane + p * SYN_VLANES);
  SYN_UNROLL
  for (int half = PARTS / 2; half > 0; half /= 2) {
    SYN_UNROLL
    for (int p = 0; p < half; p++)
      part[p] = part[p] + part[p + half];
  }
  return part[0];
}

/* Each of the sums from[0], from[stride], ... added up in the tree; the results stand side by side. */
SYN_INLINE void add_lanes(syn_vf out[PARTS], const sums *from, const size_t stride) {
  SYN_UNROLL
  for (int p = 0; p < PARTS; p++) {
    syn_vf v[SYN_VLANES];
    SYN_UNROLL
    for (int k = 0; k < SYN_VLANES; k++)
      v[k] = to_vector(from + (size_t)(p * SYN_VLANES + k) * stride);
#define STEP(half)                                                                                 \
  SYN_UNROLL                                                                                       \
  for (int k = 0; k < half; k++)                                                                   \
    v[k] = HALVES(v[k], v[k + half], half);
#if SYN_VLANES == 16
    STEP(8)
#endif
#if SYN_VLANES >= 8
    STEP(4)
#endif
    STEP(2)
    STEP(1)
#undef STEP
    out[p] = v[0];
  }
}

/* ---- a layer on rows --------------------------------------------------------------------------- */

void NAME(widen)(float *x, const uint8_t *bytes, size_t n) {
  for (size_t i = 0; i < n; i += SYN_LANES) {
    __builtin_prefetch((const void *)((uintptr_t)bytes + i + AHEAD)); /* often another page's */
    SYN_UNROLL
    for (size_t k = 0; k < SYN_LANES; k += SYN_VLANES)
      syn_vstore(x + i + k, __builtin_convertvector(syn_vload_u8(bytes + i + k), syn_vf));
  }
}

/* Products of two rows of x with `nu` rows of w, in lanes: sum (2, nu). */
SYN_INLINE void rows_tile(sums *sum, const float *x, const float *w, size_t in, const int nu) {
  for (int part = 0; part < PARTS; part++) {
    syn_vf a[UNITS], b[UNITS];
    SYN_UNROLL
    for (int u = 0; u < nu; u++)
      a[u] = b[u] = syn_vset(0.0f);
    for (size_t i = (size_t)part * SYN_VLANES; i < in; i += SYN_LANES) {
      syn_vf xa = syn_vload(x + i), xb = syn_vload(x + in + i);
      SYN_UNROLL
      for (int u = 0; u < nu; u++) {
        syn_vf v = syn_vload(w + (size_t)u * in + i);
        HOLD(v);
        a[u] = a[u] + xa * v;
        b[u] = b[u] + xb * v;
      }
    }
    SYN_UNROLL
    for (int u = 0; u < nu; u++) {
      syn_vstore(sum[u].lane + part * SYN_VLANES, a[u]);
      syn_vstore(sum[nu + u].lane + part * SYN_VLANES, b[u]);
    }
  }
}

SYN_INLINE void rows_units(float *z, const float *x, const float *w, const float *bias,
                           int activation, size_t blocks, size_t in, size_t out, const int nu) {
  for (size_t block = 0; block < blocks; block++, z += out * SYN_LANES) {
    sums sum[SYN_LANES * UNITS];
    for (int s = 0; s < SYN_LANES; s += 2, x += 2 * in)
      rows_tile(sum + s * nu, x, w, in, nu);
    for (int u = 0; u < nu; u++) {
      syn_vf v[PARTS];
      add_lanes(v, sum + u, (size_t)nu);
      SYN_UNROLL
      for (int p = 0; p < PARTS; p++) {
        v[p] = v[p] + bias[u];
        if (activation == 1)
          v[p] = syn_vselect(syn_vless(syn_vset(0.0f), v[p]), v[p], syn_vset(0.0f));
        if (activation == 2)
          v[p] = syn_vtanh(v[p]);
        syn_vstore(z + u * SYN_LANES + p * SYN_VLANES, v[p]);
      }
    }
  }
}

/* Calls what CASE(nu) says for each tile of at most UNITS units, u the first of its `units`. */
#if UNITS == 11
#define CASES                                                                                      \
  CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11)
#else
#define CASES CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
#endif

void NAME(rows_dense)(float *z, const float *x, const float *w, const float *bias, int activation,
                      size_t blocks, size_t in, size_t out) {
  size_t tiles = (out + UNITS - 1) / UNITS;
  for (size_t t = 0; t < tiles; t++) {
    size_t u = out * t / tiles;
    switch (out * (t + 1) / tiles - u) {
#define CASE(nu)                                                                                   \
  case nu:                                                                                         \
    rows_units(z + u * SYN_LANES, x, w + u * in, bias + u, activation, blocks, in, out, nu);       \
    break;
      CASES
#undef CASE
    }
  }
}

/* `nv` vectors of inputs for `nu` units. */
SYN_INLINE void rows_gradient_tile(float *g, const float *dz, const float *x, size_t blocks,
                                   size_t in, size_t out, const int nu, const int nv) {
  syn_vf sum[2 * UNITS];
  SYN_UNROLL
  for (int k = 0; k < nu * nv; k++)
    sum[k] = syn_vset(0.0f);
  for (size_t block = 0; block < blocks; block++, dz += out * SYN_LANES)
    for (int s = 0; s < SYN_LANES; s++, x += in) {
      syn_vf v[2];
      SYN_UNROLL
      for (int i = 0; i < nv; i++)
        v[i] = syn_vload(x + i * SYN_VLANES);
      SYN_UNROLL
      for (int u = 0; u < nu; u++) {
        SYN_UNROLL
        for (int i = 0; i < nv; i++)
          sum[u * nv + i] = sum[u * nv + i] + v[i] * dz[u * SYN_LANES + s];
      }
    }
  SYN_UNROLL
  for (int u = 0; u < nu; u++) {
    SYN_UNROLL
    for (int i = 0; i < nv; i++) {
      float *to = g + (size_t)u * in + i * SYN_VLANES;
      syn_vstore(to, syn_vload(to) + sum[u * nv + i]);
    }
  }
}

SYN_INLINE void rows_gradient_units(float *g, const float *dz, const float *x, size_t blocks,
                                    size_t in, size_t out, const int nu, int nv) {
  if (nv == 2)
    rows_gradient_tile(g, dz, x, blocks, in, out, nu, 2);
  else
    rows_gradient_tile(g, dz, x, blocks, in, out, nu, 1);
}

void NAME(rows_gradient)(float *g, const float *dz, const float *x, size_t blocks, size_t in,
                         size_t out) {
  size_t tiles = (out + UNITS - 1) / UNITS;
  for (size_t i = 0; i < in; i += 2 * SYN_VLANES)
    for (size_t t = 0; t < tiles; t++) {
      size_t u = out * t / tiles;
      int nv = in - i < 2 * SYN_VLANES ? 1 : 2;
      switch (out * (t + 1) / tiles - u) {
#define CASE(nu)                                                                                   \
  case nu:                                                                                         \
    rows_gradient_units(g + u * in + i, dz + u * SYN_LANES, x + i, blocks, in, out, nu, nv);       \
    break;
        CASES
#undef CASE
      }
    }
}

/* ---- a layer on blocks ------------------------------------------------------------------------- */

/* Sums over the samples of dz times each of `n` rows of h, in lanes. */
SYN_INLINE void lanes_tile(sums *sum, const float *dz, const float *h, size_t blocks, size_t in,
                           size_t out, const int n) {
  for (int part = 0; part < PARTS; part++) {
    syn_vf v[8];
    SYN_UNROLL
    for (int k = 0; k < n; k++)
      v[k] = syn_vset(0.0f);
    for (size_t block = 0; block < blocks; block++) {
      const float *from = h + block * in * SYN_LANES + part * SYN_VLANES;
      syn_vf d = syn_vload(dz + block * out * SYN_LANES + part * SYN_VLANES);
      SYN_UNROLL
      for (int k = 0; k < n; k++)
        v[k] = v[k] + d * syn_vload(from + k * SYN_LANES);
    }
    SYN_UNROLL
    for (int k = 0; k < n; k++)
      syn_vstore(sum[k].lane + part * SYN_VLANES, v[k]);
  }
}

void NAME(dense_gradient)(float *g, const float *dz, const float *h, size_t blocks, size_t in,
                          size_t out) {
  for (size_t u = 0; u < out; u++, g += in)
    for (size_t i = 0; i < in; i += SYN_LANES) {
      sums sum[SYN_LANES] = {{{0}}};
      float total[SYN_LANES];
      syn_vf v[PARTS];
      size_t n = in - i < SYN_LANES ? in - i : SYN_LANES, k = 0;
      const float *from = h + i * SYN_LANES, *d = dz + u * SYN_LANES;
      for (; k + 8 <= n; k += 8)
        lanes_tile(sum + k, d, from + k * SYN_LANES, blocks, in, out, 8);
      for (; k < n; k++)
        lanes_tile(sum + k, d, from + k * SYN_LANES, blocks, in, out, 1);
      add_lanes(v, sum, 1);
      memcpy(total, v, sizeof total);
      for (k = 0; k < n; k++)
        g[i + k] += total[k];
    }
}

void NAME(bias_gradient)(float *g, const float *dz, size_t blocks, size_t units) {
  for (size_t u = 0; u < units; u += SYN_LANES) {
    sums sum[SYN_LANES] = {{{0}}};
    float total[SYN_LANES];
    syn_vf v[PARTS];
    size_t n = units - u < SYN_LANES ? units - u : SYN_LANES;
    for (size_t block = 0; block < blocks; block++)
      for (size_t k = 0; k < n; k++)
        for (int part = 0; part < PARTS; part++) {
          float *to = sum[k].lane + part * SYN_VLANES;
          syn_vstore(to, syn_vload(to) + syn_vload(dz + (block * units + u + k) * SYN_LANES +
                                                   part * SYN_VLANES));
        }
    add_lanes(v, sum, 1);
    memcpy(total, v, sizeof total);
    for (size_t k = 0; k < n; k++)
      g[u + k] += total[k];
  }
}

/* ---- through activations and losses ------------------------------------------------------------ */

void NAME(activation_gradient)(float *dz, const float *h, int activation, size_t n) {
  for (size_t i = 0; i < n; i += SYN_VLANES) {
    syn_vf d = syn_vload(dz + i), v = syn_vload(h + i);
    if (activation == 1)
      d = syn_vselect(syn_vless(syn_vset(0.0f), v), d, syn_vset(0.0f));
    if (activation == 2)
      d = d * (1.0f - v * v);
    syn_vstore(dz + i, d);
  }
}

void NAME(entropy_gradient)(float *dz, const float *z, const uint8_t *y, size_t blocks,
                            size_t classes) {
  for (size_t b = 0; b < blocks; b++, z += classes * SYN_LANES, dz += classes * SYN_LANES)
    for (size_t s = 0; s < SYN_LANES; s += SYN_VLANES) {
      syn_vi label = syn_vload_u8(y + b * SYN_LANES + s);
      syn_vf most = syn_vload(z + s), sum = syn_vset(0.0f);
      for (size_t k = 1; k < classes; k++)
        most = syn_vmax(syn_vload(z + k * SYN_LANES + s), most);
      for (size_t k = 0; k < classes; k++) {
        syn_vf e = syn_vexp_below(syn_vload(z + k * SYN_LANES + s) - most);
        syn_vstore(dz + k * SYN_LANES + s, e);
        sum = sum + e;
      }
      for (size_t k = 0; k < classes; k++) {
        syn_vf one =
            syn_vselect(syn_vequal(label, syn_vseti((int32_t)k)), syn_vset(1.0f), syn_vset(0.0f));
        float *to = dz + k * SYN_LANES + s;
        syn_vstore(to, syn_vload(to) / sum - one);
      }
    }
}
