#include "engine/numeric/kernels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/numeric/tables.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

/* ---- tables ------------------------------------------------------------------------------------ */

#define TABLE(isa, level)                                                                          \
  {SYN_PRODUCTS_CHEAPER,        #isa,                                                              \
   syn_lattice_##isa,           syn_sparse_count_##level,                                          \
   syn_sparse_list_##level,     syn_sparse_##level,                                                \
   syn_preact_##level,          syn_dense_##level,                                                 \
   syn_tanh_all_##level,        syn_cross_entropy_##level,                                         \
   syn_squared_error_##level,   syn_policy_step_##level,                                           \
   syn_widen_##level,           syn_rows_dense_##level,                                            \
   syn_rows_gradient_##level,   syn_dense_gradient_##level,                                        \
   syn_bias_gradient_##level,   syn_activation_gradient_##level,                                   \
   syn_entropy_gradient_##level}

static int has_portable(void) {
  return 1;
}

#if defined(__x86_64__)
static int has_avx2(void) {
  return __builtin_cpu_supports("avx2");
}
static int has_avxvnni(void) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return has_avx2() && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1);
}
static int has_avx512vnni(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vnni");
}
#elif defined(__aarch64__)
static int has_neon(void) {
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
}
#endif

/* Best first. */
static const struct {
  syn_kernels kernels;
  int (*offered)(void);
} tables[] = {
#if defined(__x86_64__)
    {TABLE(avx512vnni, avx512), has_avx512vnni},
    {TABLE(avxvnni, avx2), has_avxvnni},
    {TABLE(avx2, avx2), has_avx2},
#elif defined(__aarch64__)
    {TABLE(neon, portable), has_neon},
#endif
    {TABLE(portable, portable), has_portable},
};

#define TABLES (sizeof tables / sizeof *tables)

syn_status syn_kernels_get(const syn_kernels **out, const char *isa, syn_ctx *ctx) {
  char list[128] = "";
  for (size_t i = 0; i < TABLES; i++) {
    if (!tables[i].offered())
      continue;
    if (!isa || strcmp(isa, tables[i].kernels.isa) == 0) {
      *out = &tables[i].kernels;
      return SYN_OK;
    }
    size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", tables[i].kernels.isa);
  }
  *out = NULL;
  return syn_fail(ctx, SYN_EINVAL, "instruction set '%s' is not offered here; this CPU has %s", isa,
                  list);
}

const char *const syn_products_names[] = {"cheaper", "dense", "sparse", NULL};

syn_status syn_kernels_products(syn_kernels *kernels, const char *word, syn_ctx *ctx) {
  for (unsigned i = 0; syn_products_names[i]; i++)
    if (strcmp(word, syn_products_names[i]) == 0) {
      kernels->products = (syn_products)i;
      return SYN_OK;
    }
  return syn_fail(ctx, SYN_EINVAL, "products '%s': must be cheaper, dense or sparse", word);
}

void syn_kernels_offered(const char *names[SYN_ISA_MAX]) {
  size_t n = 0;
  for (size_t i = 0; i < TABLES; i++)
    if (tables[i].offered())
      names[n++] = tables[i].kernels.isa;
  names[n] = NULL;
}

/* ---- addresses of random numbers --------------------------------------------------------------- */

void syn_explore_thresholds(uint32_t out[3], double epsilon) {
  for (int k = 0; k < 3; k++)
    out[k] = (uint32_t)floor(65536.0 * epsilon * (k + 1) / 3.0 + 0.5);
}

uint16_t syn_synapse_bits(uint64_t seed, uint32_t stream, uint32_t iteration, size_t synapse) {
  uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)}, out[4];
  uint32_t q = (uint32_t)(synapse / SYN_STEP_BLOCK), r = (uint32_t)(synapse % SYN_STEP_BLOCK);
  uint32_t counter[4] = {16 * q + r % 16, iteration, stream, 0};
  syn_philox(out, counter, key);
  return (uint16_t)(out[r / 32] >> (16 * (r / 16 % 2)));
}

/* ---- packing ----------------------------------------------------------------------------------- */

void syn_pack_bytes(uint8_t *X, const uint8_t *pixels, const uint32_t *rows, size_t samples,
                    size_t dim) {
  size_t groups = (dim + SYN_GROUP - 1) / SYN_GROUP;
  size_t blocks = (samples + SYN_LANES - 1) / SYN_LANES;
  memset(X, 0, blocks * groups * SYN_LANES * SYN_GROUP);
  for (size_t s = 0; s < samples; s++) {
    const uint8_t *row = pixels + (rows ? rows[s] : s) * dim;
    uint8_t *to = X + (s / SYN_LANES * groups * SYN_LANES + s % SYN_LANES) * SYN_GROUP;
    for (size_t i = 0; i < dim; i++)
      to[i / SYN_GROUP * SYN_LANES * SYN_GROUP + i % SYN_GROUP] = row[i];
  }
}

/* Lane s of four columns: samples s of the four blocks, each with these four inputs. */
static void turn(uint32_t to[SYN_GROUP], const uint32_t from[SYN_WIDE]) {
  for (int i = 0; i < SYN_GROUP; i++) {
    to[i] = 0;
    for (int k = 0; k < SYN_WIDE; k++)
      to[i] |= (from[k] >> (8 * i) & 255) << (8 * k);
  }
}

void syn_pack_wide(uint8_t *W, const uint8_t *X, size_t blocks, size_t dim) {
  size_t groups = (dim + SYN_GROUP - 1) / SYN_GROUP, wide = (blocks + SYN_WIDE - 1) / SYN_WIDE;
  uint32_t from[SYN_WIDE], to[SYN_GROUP];
  memset(W, 0, wide * (dim + 1) * SYN_COLUMN);
  for (size_t w = 0; w < wide; w++, W += (dim + 1) * SYN_COLUMN)
    for (size_t g = 0; g < groups; g++)
      for (size_t s = 0; s < SYN_LANES; s++) {
        for (size_t k = 0; k < SYN_WIDE; k++) {
          size_t block = w * SYN_WIDE + k;
          from[k] = 0;
          if (block < blocks)
            memcpy(&from[k], X + ((block * groups + g) * SYN_LANES + s) * SYN_GROUP, sizeof *from);
        }
        turn(to, from);
        for (size_t i = 0; i < SYN_GROUP && g * SYN_GROUP + i < dim; i++)
          memcpy(W + (g * SYN_GROUP + i) * SYN_COLUMN + s * SYN_WIDE, &to[i], sizeof *to);
      }
}

void syn_pack_floats(float *h, const uint8_t *pixels, const uint32_t *rows, size_t samples,
                     size_t dim) {
  float value[256];
  for (int v = 0; v < 256; v++)
    value[v] = (float)v / 255.0f;
  for (size_t first = 0; first < samples; first += SYN_LANES, h += dim * SYN_LANES) {
    size_t n = samples - first < SYN_LANES ? samples - first : SYN_LANES;
    const uint8_t *row[SYN_LANES];
    for (size_t s = 0; s < n; s++)
      row[s] = pixels + (rows ? rows[first + s] : first + s) * dim;
    for (size_t i = 0; i < dim; i++)
      for (size_t s = 0; s < SYN_LANES; s++)
        h[i * SYN_LANES + s] = s < n ? value[row[s][i]] : 0.0f;
  }
}
