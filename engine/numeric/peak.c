#include "engine/numeric/peak.h"

#include <stddef.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/numeric/tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define CHAINS 12 /* independent sums: enough to hide any latency */
#define ROUNDS 200000

/* Keeps a sum in its register: the compiler must take it as changed. */
#if defined(__x86_64__)
#define KEEP(v) __asm__ volatile("" : "+v"(v))
#elif defined(__aarch64__)
#define KEEP(v) __asm__ volatile("" : "+w"(v))
#endif

/* A loop of ROUNDS x CHAINS operations on vectors of type V. */
#define LOOP(name, features, V, zero, operand, operation)                                          \
  features static void name(void) {                                                                \
    V sum[CHAINS], x = operand;                                                                    \
    SYN_UNROLL                                                                                     \
    for (int c = 0; c < CHAINS; c++)                                                               \
      sum[c] = zero;                                                                               \
    for (long r = 0; r < ROUNDS; r++) {                                                            \
      SYN_UNROLL                                                                                   \
      for (int c = 0; c < CHAINS; c++) {                                                           \
        KEEP(x); /* or a product of x by itself is taken out of the loop */                        \
        sum[c] = operation;                                                                        \
        KEEP(sum[c]);                                                                              \
      }                                                                                            \
    }                                                                                              \
  }

#if defined(__x86_64__)
#define WITH(features) __attribute__((target(features)))
LOOP(int8_avx512vnni, WITH("avx512f,avx512vnni"), __m512i, _mm512_setzero_si512(),
     _mm512_set1_epi8(1), _mm512_dpbusd_epi32(sum[c], x, x))
LOOP(float_avx512, WITH("avx512f"), __m512, _mm512_setzero_ps(), _mm512_set1_ps(0.5f),
     _mm512_fmadd_ps(sum[c], x, x))
LOOP(int8_avxvnni, WITH("avx2,avxvnni"), __m256i, _mm256_setzero_si256(), _mm256_set1_epi8(1),
     _mm256_dpbusd_avx_epi32(sum[c], x, x))
LOOP(int8_avx2, WITH("avx2"), __m256i, _mm256_setzero_si256(), _mm256_set1_epi8(1),
     _mm256_add_epi16(sum[c], _mm256_maddubs_epi16(x, x)))
LOOP(float_avx2, WITH("avx2,fma"), __m256, _mm256_setzero_ps(), _mm256_set1_ps(0.5f),
     _mm256_fmadd_ps(sum[c], x, x))
LOOP(int8_portable, , __m128i, _mm_setzero_si128(), _mm_set1_epi16(1),
     _mm_add_epi32(sum[c], _mm_madd_epi16(x, x)))
LOOP(float_portable, , __m128, _mm_setzero_ps(), _mm_set1_ps(0.5f),
     _mm_add_ps(_mm_mul_ps(sum[c], x), x))
#elif defined(__aarch64__)
LOOP(int8_portable, , int16x8_t, vdupq_n_s16(0), vdupq_n_s16(1), vmlaq_s16(sum[c], x, x))
LOOP(float_portable, , float32x4_t, vdupq_n_f32(0), vdupq_n_f32(0.5f), vfmaq_f32(x, sum[c], x))
#endif

/* The best of several goes. */
static double rate(void (*loop)(void), double macs_each) {
  double best = 0;
  for (int go = 0; go < 8; go++) {
    double begin = syn_clock();
    loop();
    double macs = macs_each * ROUNDS * CHAINS / (syn_clock() - begin);
    best = macs > best ? macs : best;
  }
  return best;
}

syn_peak syn_peak_measure(const char *isa) {
#if defined(__x86_64__)
  if (strcmp(isa, "avx512vnni") == 0)
    return (syn_peak){rate(int8_avx512vnni, 64), rate(float_avx512, 16)};
  if (strcmp(isa, "avxvnni") == 0)
    return (syn_peak){rate(int8_avxvnni, 32), rate(float_avx2, 8)};
  if (strcmp(isa, "avx2") == 0)
    return (syn_peak){rate(int8_avx2, 32), rate(float_avx2, 8)};
#else
  (void)isa;
#endif
  return (syn_peak){rate(int8_portable, 8), rate(float_portable, 4)};
}
