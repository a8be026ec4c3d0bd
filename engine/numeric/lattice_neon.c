/* The lattice product with the dot product of ARMv8.2: it takes signed bytes on both sides, so the
 * pixels go in less 128, and 128 times the sum of the actions is added at the end. */
#include <arm_neon.h>
#include <string.h>

#include "engine/numeric/tables.h"

SYN_INLINE void tile(int32_t *D, const int32_t *from, const uint8_t *X, const int8_t *A,
                     size_t groups, size_t units, int greatest, const int nb, const int nu) {
  (void)nb; /* always 1 */
  (void)units, (void)greatest;
  int32x4_t sum[4][4], total[4];
  SYN_UNROLL
  for (int u = 0; u < nu; u++) {
    total[u] = vdupq_n_s32(0);
    SYN_UNROLL
    for (int q = 0; q < 4; q++)
      sum[u][q] = vld1q_s32(from + u * SYN_LANES + 4 * q);
  }
  const int8x16_t ones = vdupq_n_s8(1);
  for (size_t g = 0; g < groups; g++) {
    int8x16_t x[4];
    SYN_UNROLL
    for (int q = 0; q < 4; q++)
      x[q] = vreinterpretq_s8_u8(
          veorq_u8(vld1q_u8(X + g * SYN_LANES * SYN_GROUP + 16 * q), vdupq_n_u8(128)));
    SYN_UNROLL
    for (int u = 0; u < nu; u++) {
      int32_t four;
      memcpy(&four, A + ((size_t)u * groups + g) * SYN_GROUP, sizeof four);
      int8x16_t a = vreinterpretq_s8_s32(vdupq_n_s32(four));
      total[u] = vdotq_s32(total[u], ones, a);
      SYN_UNROLL
      for (int q = 0; q < 4; q++)
        sum[u][q] = vdotq_s32(sum[u][q], x[q], a);
    }
  }
  SYN_UNROLL
  for (int u = 0; u < nu; u++) {
    SYN_UNROLL
    for (int q = 0; q < 4; q++)
      vst1q_s32(D + u * SYN_LANES + 4 * q, vmlaq_n_s32(sum[u][q], total[u], 128));
  }
}

#define TILE_FUNCTION tile
#define MOST_UNITS    4
#define BLOCKS(nu)    (1 + 0 * (nu))
#define LATTICE       syn_lattice_neon
#include "engine/numeric/lattice_tiles.inc"
