#include "policies/scripted/kernels.h"

#include <float.h>
#include <math.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "engine/numeric/philox.h"
#include "engine/numeric/vec.h"

/* mask ? a : b, with a mask of all or no bits */
static inline syn_vf pick(syn_vi mask, syn_vf a, syn_vf b) {
  return (syn_vf)((mask & (syn_vi)a) | (~mask & (syn_vi)b));
}

static inline syn_vf one_if(syn_vi mask) {
  return pick(mask, syn_vset(1.0f), syn_vset(0.0f));
}

static inline syn_vf sign_of(syn_vf a) {
  syn_vf zero = syn_vset(0.0f);
  return pick(a > zero, syn_vset(1.0f), pick(a < zero, syn_vset(-1.0f), a));
}

static inline syn_vf magnitude(syn_vf a) {
  return (syn_vf)((syn_vi)a & 0x7fffffff);
}

/* Of two the smaller or the greater; nan if either is. */
static inline syn_vf smaller(syn_vf a, syn_vf b) {
  return pick((a < b) | (a != a), a, b);
}

static inline syn_vf greater(syn_vf a, syn_vf b) {
  return pick((a > b) | (a != a), a, b);
}

static inline syn_vf logarithm(syn_vf a) {
  syn_vf zero = syn_vset(0.0f), least = syn_vset(-__builtin_inff());
  syn_vf y = pick(a >= syn_vset(FLT_MIN), syn_vlog(a), least);
  return pick(a >= zero, y, pick(a < zero, syn_vset(__builtin_nanf("")), a));
}

static inline syn_vf square_root(syn_vf a) {
  for (size_t i = 0; i < SYN_VLANES; i++)
    a[i] = sqrtf(a[i]);
  return a;
}

static inline syn_vi holds(syn_vf a) {
  return a != syn_vset(0.0f);
}

/* ---- operations ------------------------------------------------------------------------------ */

/* An operand as the loops read it: a stride of 0 reads one number, repeated, again and again. */
typedef struct source {
  const float *x;
  size_t stride;
  float repeated[SYN_VLANES];
} source;

static void open_source(source *s, const syn_operand *operand) {
  *s = (source){.x = operand->x, .stride = operand->many ? SYN_VLANES : 0};
  if (operand->many)
    return;
  syn_vstore(s->repeated, syn_vset(*operand->x));
  s->x = s->repeated;
}

/* The last `lanes` from i on, zeros behind. */
static inline syn_vf take_part(const source *s, size_t i, size_t lanes) {
  float part[SYN_VLANES] = {0};
  memcpy(part, s->stride ? s->x + i : s->x, lanes * sizeof *part);
  return syn_vload(part);
}

/* All operations read three operands; those that they do not use cost nothing. */
#define OPERATION(name, result)                                                                    \
  static void name(float *out, size_t n, const syn_operand *in) {                                  \
    source s[3];                                                                                   \
    for (int k = 0; k < 3; k++)                                                                    \
      open_source(&s[k], &in[k]);                                                                  \
    const float *x = s[0].x, *y = s[1].x, *z = s[2].x;                                             \
    const size_t dx = s[0].stride, dy = s[1].stride, dz = s[2].stride;                             \
    size_t i = 0;                                                                                  \
    for (; i + SYN_VLANES <= n; i += SYN_VLANES, x += dx, y += dy, z += dz) {                      \
      syn_vf a = syn_vload(x), b = syn_vload(y), c = syn_vload(z);                                 \
      (void)b, (void)c;                                                                            \
      syn_vstore(out + i, result);                                                                 \
    }                                                                                              \
    if (i < n) {                                                                                   \
      float part[SYN_VLANES];                                                                      \
      syn_vf a = take_part(&s[0], i, n - i), b = take_part(&s[1], i, n - i);                       \
      syn_vf c = take_part(&s[2], i, n - i);                                                       \
      (void)b, (void)c;                                                                            \
      syn_vstore(part, result);                                                                    \
      memcpy(out + i, part, (n - i) * sizeof *out);                                                \
    }                                                                                              \
  }

OPERATION(k_negate, -a)
OPERATION(k_add, a + b)
OPERATION(k_subtract, a - b)
OPERATION(k_multiply, a *b)
OPERATION(k_divide, a / b)
OPERATION(k_sign, sign_of(a))
OPERATION(k_abs, magnitude(a))
OPERATION(k_exp, syn_vexp(a))
OPERATION(k_tanh, syn_vtanh(a))
OPERATION(k_min, smaller(a, b))
OPERATION(k_max, greater(a, b))
OPERATION(k_lt, one_if(a < b))
OPERATION(k_le, one_if(a <= b))
OPERATION(k_gt, one_if(a > b))
OPERATION(k_ge, one_if(a >= b))
OPERATION(k_eq, one_if(a == b))
OPERATION(k_where, pick(holds(a), b, c))
OPERATION(k_and, one_if(holds(a) & holds(b)))
OPERATION(k_or, one_if(holds(a) | holds(b)))
OPERATION(k_not, one_if(~holds(a)))
OPERATION(k_sqrt, square_root(a))
OPERATION(k_log, logarithm(a))
OPERATION(k_clamp, smaller(greater(a, b), c))

/* ---- in and out of actions ------------------------------------------------------------------- */

/* The signs of 16 floats as bytes; NaN counts as 0. */
static inline void store_signs(int8_t *action, const float *x) {
#if defined(__SSE2__)
  const __m128 zero = _mm_setzero_ps();
  __m128i word[4];
  for (int k = 0; k < 4; k++) {
    __m128 a = _mm_loadu_ps(x + 4 * k); /* a mask of yes is -1 */
    word[k] = _mm_sub_epi32(_mm_castps_si128(_mm_cmplt_ps(a, zero)),
                            _mm_castps_si128(_mm_cmpgt_ps(a, zero)));
  }
  _mm_storeu_si128((__m128i *)(void *)action, _mm_packs_epi16(_mm_packs_epi32(word[0], word[1]),
                                                              _mm_packs_epi32(word[2], word[3])));
#else
  for (int k = 0; k < 16; k++)
    action[k] = (int8_t)((x[k] > 0.0f) - (x[k] < 0.0f));
#endif
}

static inline int any(syn_vi mask) {
  int32_t lane[SYN_VLANES], all = 0;
  memcpy(lane, &mask, sizeof lane);
  for (size_t i = 0; i < SYN_VLANES; i++)
    all |= lane[i];
  return all != 0;
}

static int signs(int8_t *action, const float *x, size_t n) {
  const syn_vf most = syn_vset(FLT_MAX);
  syn_vi bad = syn_vseti(0);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    for (size_t k = 0; k < 16; k += SYN_VLANES)
      bad |= ~(magnitude(syn_vload(x + i + k)) <= most);
    store_signs(action + i, x + i);
  }
  int good = !any(bad);
  for (; i < n; i++) {
    good &= x[i] >= -FLT_MAX && x[i] <= FLT_MAX;
    action[i] = (int8_t)((x[i] > 0.0f) - (x[i] < 0.0f));
  }
  return good;
}

static int exact_actions(int8_t *action, const float *x, size_t n, int most) {
  int good = 1;
  const float bound = (float)most;
  for (size_t i = 0; i < n; i++) {
    int within = x[i] >= -bound && x[i] <= bound, whole = within ? (int)x[i] : 0;
    good &= within & ((float)whole == x[i]);
    action[i] = (int8_t)whole;
  }
  return good;
}

static int finite_copy(float *to, const float *x, size_t n) {
  const syn_vf most = syn_vset(FLT_MAX);
  syn_vi bad = syn_vseti(0);
  size_t i = 0;
  for (; i + SYN_VLANES <= n; i += SYN_VLANES) {
    syn_vf a = syn_vload(x + i);
    bad |= ~(magnitude(a) <= most);
    syn_vstore(to + i, a);
  }
  int good = !any(bad);
  for (; i < n; i++) {
    good &= x[i] >= -FLT_MAX && x[i] <= FLT_MAX;
    to[i] = x[i];
  }
  return good;
}

/* 64 numbers: all words of 16 counters. */
static void uniform_block(float out[64], const syn_philox_keys *keys, const uint32_t first[4]) {
  uint32_t words[4][SYN_PHILOX_COUNTERS];
  syn_philox_lanes(words, keys, first);
  for (size_t l = 0; l < SYN_PHILOX_COUNTERS; l++)
    for (size_t w = 0; w < 4; w++)
      out[4 * l + w] = (float)(int32_t)(words[w][l] >> 8) * 0x1p-24f;
}

static void uniforms(float *out, size_t n, size_t first, uint64_t seed, uint32_t iteration,
                     uint32_t stream, uint32_t draw) {
  syn_philox_keys keys;
  syn_philox_schedule(&keys, seed);
  size_t skip = first % 4; /* of the first counter, words that belong to others */
  uint32_t counter[4] = {(uint32_t)(first / 4), iteration, stream, draw};
  while (n) {
    float block[64];
    size_t take = n < 64 - skip ? n : 64 - skip;
    uniform_block(block, &keys, counter);
    memcpy(out, block + skip, take * sizeof *out);
    out += take;
    n -= take;
    skip = 0;
    counter[0] += SYN_PHILOX_COUNTERS;
  }
}

static void floats_of(float *out, const int8_t *x, size_t n) {
  size_t i = 0;
  for (; i + SYN_VLANES <= n; i += SYN_VLANES)
    syn_vstore(out + i, __builtin_convertvector(syn_vload_i8(x + i), syn_vf));
  for (; i < n; i++)
    out[i] = (float)x[i];
}

static void decay_trace(float *trace, float decay, const float *x, size_t n) {
  const syn_vf d = syn_vset(decay);
  size_t i = 0;
  for (; i + SYN_VLANES <= n; i += SYN_VLANES)
    syn_vstore(trace + i, d * syn_vload(trace + i) + syn_vload(x + i));
  for (; i < n; i++)
    trace[i] = decay * trace[i] + x[i];
}

static void decay_trace_actions(float *trace, float decay, const int8_t *x, size_t n) {
  const syn_vf d = syn_vset(decay);
  size_t i = 0;
  for (; i + SYN_VLANES <= n; i += SYN_VLANES)
    syn_vstore(trace + i,
               d * syn_vload(trace + i) + __builtin_convertvector(syn_vload_i8(x + i), syn_vf));
  for (; i < n; i++)
    trace[i] = decay * trace[i] + (float)x[i];
}

#define NAME_OF(level)       NAME_OF_LEVEL(level)
#define NAME_OF_LEVEL(level) syn_rule_kernels_##level

const syn_rule_kernels NAME_OF(SYN_LEVEL) = {
    .operations =
        {
            {"__unm", 1, k_negate},   {"__add", 2, k_add},    {"__sub", 2, k_subtract},
            {"__mul", 2, k_multiply}, {"__div", 2, k_divide}, {"sign", 1, k_sign},
            {"abs", 1, k_abs},        {"exp", 1, k_exp},      {"tanh", 1, k_tanh},
            {"min", 2, k_min},        {"max", 2, k_max},      {"lt", 2, k_lt},
            {"le", 2, k_le},          {"gt", 2, k_gt},        {"ge", 2, k_ge},
            {"eq", 2, k_eq},          {"where", 3, k_where},  {"and_", 2, k_and},
            {"or_", 2, k_or},         {"not_", 1, k_not},     {"sqrt", 1, k_sqrt},
            {"log", 1, k_log},        {"clamp", 3, k_clamp},  {NULL, 0, NULL},
        },
    .signs = signs,
    .exact_actions = exact_actions,
    .finite = finite_copy,
    .uniforms = uniforms,
    .floats_of = floats_of,
    .decay_trace = decay_trace,
    .decay_trace_actions = decay_trace_actions,
};
