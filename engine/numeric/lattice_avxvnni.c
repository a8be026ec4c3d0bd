/* The lattice product with AVX-VNNI: as AVX-512 VNNI, in halves of a block. */
#include <immintrin.h>
#include <string.h>

#include "engine/numeric/tables.h"

SYN_INLINE void tile(int32_t *D, const int32_t *from, const uint8_t *X, const int8_t *A,
                     size_t groups, size_t units, int greatest, const int nb, const int nu) {
  (void)nb; /* always 1 */
  (void)units, (void)greatest;
  __m256i sum[2][6];
  SYN_UNROLL
  for (int u = 0; u < nu; u++) {
    sum[0][u] = _mm256_load_si256((const __m256i *)(const void *)(from + u * SYN_LANES));
    sum[1][u] = _mm256_load_si256((const __m256i *)(const void *)(from + u * SYN_LANES + 8));
  }
  for (size_t g = 0; g < groups; g++) {
    const __m256i *x = (const __m256i *)(const void *)(X + g * SYN_LANES * SYN_GROUP);
    __m256i low = _mm256_load_si256(x), high = _mm256_load_si256(x + 1);
    SYN_UNROLL
    for (int u = 0; u < nu; u++) {
      int32_t four;
      memcpy(&four, A + ((size_t)u * groups + g) * SYN_GROUP, sizeof four);
      __m256i a = _mm256_set1_epi32(four);
      sum[0][u] = _mm256_dpbusd_avx_epi32(sum[0][u], low, a);
      sum[1][u] = _mm256_dpbusd_avx_epi32(sum[1][u], high, a);
    }
  }
  SYN_UNROLL
  for (int u = 0; u < nu; u++) {
    _mm256_store_si256((__m256i *)(void *)(D + u * SYN_LANES), sum[0][u]);
    _mm256_store_si256((__m256i *)(void *)(D + u * SYN_LANES + 8), sum[1][u]);
  }
}

#define TILE_FUNCTION tile
#define MOST_UNITS    6
#define BLOCKS(nu)    (1 + 0 * (nu))
#define LATTICE       syn_lattice_avxvnni
#include "engine/numeric/lattice_tiles.inc"
