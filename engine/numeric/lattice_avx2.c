/* The lattice product with AVX2: pairs of byte products are added in 16 bits. A pair of
 * actions of 1 is at most 2 * 255 = 510, so 64 groups stay within 32,640 before they must go into 32
 * bits; of greater actions so many fewer. */
#include <immintrin.h>
#include <string.h>

#include "engine/numeric/tables.h"

#define GROUPS_IN_16_BITS 64 /* of actions of 1 */

/* D (8 samples) = from + the pairs of one half of a block. */
SYN_INLINE void widen(int32_t *D, const int32_t *from, __m256i pairs) {
  __m256i sum = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
  __m256i before = _mm256_load_si256((const __m256i *)(const void *)from);
  _mm256_store_si256((__m256i *)(void *)D, _mm256_add_epi32(before, sum));
}

SYN_INLINE void tile(int32_t *D, const int32_t *from, const uint8_t *X, const int8_t *A,
                     size_t groups, size_t units, int greatest, const int nb, const int nu) {
  (void)nb; /* always 1 */
  (void)units;
  const size_t most = GROUPS_IN_16_BITS / (size_t)greatest;
  for (size_t first = 0; first < groups; first += most) {
    size_t end = groups - first < most ? groups : first + most;
    __m256i sum[2][4];
    SYN_UNROLL
    for (int u = 0; u < nu; u++)
      sum[0][u] = sum[1][u] = _mm256_setzero_si256();
    size_t g = first;
    do {
      const __m256i *x = (const __m256i *)(const void *)(X + g * SYN_LANES * SYN_GROUP);
      __m256i low = _mm256_load_si256(x), high = _mm256_load_si256(x + 1);
      SYN_UNROLL
      for (int u = 0; u < nu; u++) {
        int32_t four;
        memcpy(&four, A + ((size_t)u * groups + g) * SYN_GROUP, sizeof four);
        __m256i a = _mm256_set1_epi32(four);
        sum[0][u] = _mm256_add_epi16(sum[0][u], _mm256_maddubs_epi16(low, a));
        sum[1][u] = _mm256_add_epi16(sum[1][u], _mm256_maddubs_epi16(high, a));
      }
    } while (++g < end);
    SYN_UNROLL
    for (int u = 0; u < nu; u++) {
      widen(D + u * SYN_LANES, from + u * SYN_LANES, sum[0][u]);
      widen(D + u * SYN_LANES + 8, from + u * SYN_LANES + 8, sum[1][u]);
    }
    from = D;
  }
}

#define TILE_FUNCTION tile
#define MOST_UNITS    4
#define BLOCKS(nu)    (1 + 0 * (nu))
#define LATTICE       syn_lattice_avx2
#include "engine/numeric/lattice_tiles.inc"
