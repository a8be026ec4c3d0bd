/* Philox 4x32-10 (Salmon et al. 2011) on 16 counters at once, with vectors as wide as the instruction set
 * that a file is compiled for: the words of syn_philox (base/random.h), bit for bit. */
#ifndef SYN_NUMERIC_PHILOX_H
#define SYN_NUMERIC_PHILOX_H

#include <stdint.h>
#include <string.h>

#include "engine/numeric/tables.h"
#include "engine/numeric/vec.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define SYN_PHILOX_COUNTERS 16
#define SYN_PHILOX_ROUNDS   10

typedef uint64_t syn_wide __attribute__((vector_size(SYN_VECTOR)));

/* The keys of all rounds. */
typedef struct syn_philox_keys {
  uint64_t round[SYN_PHILOX_ROUNDS][2];
} syn_philox_keys;

static inline void syn_philox_schedule(syn_philox_keys *keys, uint64_t seed) {
  for (uint32_t r = 0; r < SYN_PHILOX_ROUNDS; r++) {
    keys->round[r][0] = (uint32_t)seed + r * 0x9E3779B9u;
    keys->round[r][1] = (uint32_t)(seed >> 32) + r * 0xBB67AE85u;
  }
}

/* Products of the low 32 bits of each lane. */
SYN_INLINE syn_wide syn_wide_multiply(syn_wide x, uint32_t by) {
  syn_wide m = by - (syn_wide){0};
#if defined(__AVX512F__)
  return (syn_wide)_mm512_mul_epu32((__m512i)x, (__m512i)m);
#elif defined(__AVX2__)
  return (syn_wide)_mm256_mul_epu32((__m256i)x, (__m256i)m);
#elif defined(__x86_64__)
  return (syn_wide)_mm_mul_epu32((__m128i)x, (__m128i)m);
#else
  return (x & 0xffffffff) * m;
#endif
}

/* Two lots of counters side by side, words in the low 32 bits of each lane; what is above them is of no
 * account. */
SYN_INLINE void syn_philox_2(syn_wide a[4], syn_wide b[4], const syn_philox_keys *keys) {
  SYN_UNROLL
  for (int r = 0; r < SYN_PHILOX_ROUNDS; r++) {
    syn_wide a0 = syn_wide_multiply(a[0], 0xD2511F53u), a1 = syn_wide_multiply(a[2], 0xCD9E8D57u);
    syn_wide b0 = syn_wide_multiply(b[0], 0xD2511F53u), b1 = syn_wide_multiply(b[2], 0xCD9E8D57u);
    a[0] = (a1 >> 32) ^ a[1] ^ keys->round[r][0];
    b[0] = (b1 >> 32) ^ b[1] ^ keys->round[r][0];
    a[2] = (a0 >> 32) ^ a[3] ^ keys->round[r][1];
    b[2] = (b0 >> 32) ^ b[3] ^ keys->round[r][1];
    a[1] = a1;
    b[1] = b1;
    a[3] = a0;
    b[3] = b0;
  }
}

/* words[w][l] = word w of the counter (first[0] + l, first[1], first[2], first[3]). */
static inline void syn_philox_lanes(uint32_t words[4][SYN_PHILOX_COUNTERS],
                                    const syn_philox_keys *keys, const uint32_t first[4]) {
  static const uint64_t twos[8] = {0, 2, 4, 6, 8, 10, 12, 14};
  syn_wide lane;
  memcpy(&lane, twos, sizeof lane);
  for (uint32_t l = 0; l < SYN_PHILOX_COUNTERS; l += SYN_VLANES) {
    syn_wide even[4] = {lane + (first[0] + l), first[1] - (syn_wide){0}, first[2] - (syn_wide){0},
                        first[3] - (syn_wide){0}};
    syn_wide odd[4] = {even[0] + 1, even[1], even[2], even[3]};
    syn_philox_2(even, odd, keys);
    for (int w = 0; w < 4; w++) {
      syn_wide both = (even[w] & 0xffffffff) | odd[w] << 32;
      memcpy(words[w] + l, &both, sizeof both);
    }
  }
}

#endif
