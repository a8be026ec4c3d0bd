/* The lattice product with AVX-512 VNNI: one instruction takes four inputs of 16 samples. */
#include <immintrin.h>
#include <string.h>

#include "engine/numeric/tables.h"

SYN_INLINE void tile(int32_t *D, const int32_t *from, const uint8_t *X, const int8_t *A,
                     size_t groups, size_t units, int greatest, const int nb, const int nu) {
  (void)greatest;
  __m512i sum[24];
  SYN_UNROLL
  for (int b = 0; b < nb; b++) {
    SYN_UNROLL
    for (int u = 0; u < nu; u++)
      sum[b * nu + u] = _mm512_load_si512(from + ((size_t)b * units + (size_t)u) * SYN_LANES);
  }
  for (size_t g = 0; g < groups; g++) {
    __m512i x[4];
    SYN_UNROLL
    for (int b = 0; b < nb; b++)
      x[b] = _mm512_load_si512(X + ((size_t)b * groups + g) * SYN_LANES * SYN_GROUP);
    SYN_UNROLL
    for (int u = 0; u < nu; u++) {
      int32_t four;
      memcpy(&four, A + ((size_t)u * groups + g) * SYN_GROUP, sizeof four);
      __m512i a = _mm512_set1_epi32(four);
      SYN_UNROLL
      for (int b = 0; b < nb; b++)
        sum[b * nu + u] = _mm512_dpbusd_epi32(sum[b * nu + u], x[b], a);
    }
  }
  SYN_UNROLL
  for (int b = 0; b < nb; b++) {
    SYN_UNROLL
    for (int u = 0; u < nu; u++)
      _mm512_store_si512(D + ((size_t)b * units + (size_t)u) * SYN_LANES, sum[b * nu + u]);
  }
}

#define TILE_FUNCTION tile
#define MOST_UNITS    6
#define BLOCKS(nu)    (4 + 0 * (nu))
#define LATTICE       syn_lattice_avx512vnni
#include "engine/numeric/lattice_tiles.inc"
