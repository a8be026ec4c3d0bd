/* The lattice product by the vector extensions of gcc and clang alone. The four inputs of a sample
 * are taken apart into two 16-bit lanes with two inputs each, one in its low and one in its high
 * byte. Products are added there: at most 2 * 255 a group for actions of 1, so 64 groups stay within
 * 32,640 before the lanes must go into 32 bits; of greater actions so many fewer. */
#include <string.h>

#include "engine/numeric/tables.h"

#define GROUPS_IN_16_BITS 64 /* of actions of 1 */
#define VECTORS           2  /* of 4 samples, at a time */

typedef uint16_t lanes __attribute__((vector_size(16)));
typedef int16_t signed_lanes __attribute__((vector_size(16)));
typedef uint32_t words __attribute__((vector_size(16)));
typedef int32_t sums __attribute__((vector_size(16)));

/* D (4 samples) = from + both lanes of each sample. */
SYN_INLINE void widen(int32_t *D, const int32_t *from, lanes pairs) {
  sums d;
  memcpy(&d, from, sizeof d);
  d += ((sums)((words)pairs << 16) >> 16) + ((sums)pairs >> 16);
  memcpy(D, &d, sizeof d);
}

/* Groups [first, end), at most 64 of them, of VECTORS * 4 samples. */
SYN_INLINE void add_groups(int32_t *D, const int32_t *from, const uint8_t *X, const int8_t *A,
                           size_t first, size_t end, size_t groups, const int nu) {
  lanes sum[4][VECTORS] = {{{0}}};
  for (size_t g = first; g < end; g++) {
    lanes low[VECTORS], high[VECTORS];
    SYN_UNROLL
    for (int v = 0; v < VECTORS; v++) {
      lanes x;
      memcpy(&x, X + g * SYN_LANES * SYN_GROUP + 16 * v, sizeof x);
      low[v] = x & 255;
      high[v] = x >> 8;
    }
    SYN_UNROLL
    for (int u = 0; u < nu; u++) {
      uint32_t four;
      memcpy(&four, A + ((size_t)u * groups + g) * SYN_GROUP, sizeof four);
      lanes a = (lanes)(four - (words){0});
      lanes a_low = (lanes)((signed_lanes)(a << 8) >> 8), a_high = (lanes)((signed_lanes)a >> 8);
      SYN_UNROLL
      for (int v = 0; v < VECTORS; v++)
        sum[u][v] += low[v] * a_low + high[v] * a_high;
    }
  }
  SYN_UNROLL
  for (int u = 0; u < nu; u++) {
    SYN_UNROLL
    for (int v = 0; v < VECTORS; v++)
      widen(D + u * SYN_LANES + 4 * v, from + u * SYN_LANES + 4 * v, sum[u][v]);
  }
}

SYN_INLINE void tile(int32_t *D, const int32_t *from, const uint8_t *X, const int8_t *A,
                     size_t groups, size_t units, int greatest, const int nb, const int nu) {
  (void)nb; /* always 1 */
  (void)units;
  const size_t most = GROUPS_IN_16_BITS / (size_t)greatest;
  for (size_t s = 0; s < SYN_LANES; s += 4 * VECTORS)
    for (size_t g = 0; g < groups; g += most) {
      size_t end = groups - g < most ? groups : g + most;
      add_groups(D + s, (g ? D : from) + s, X + s * SYN_GROUP, A, g, end, groups, nu);
    }
}

#define TILE_FUNCTION tile
#define MOST_UNITS    4
#define BLOCKS(nu)    1
#define LATTICE       syn_lattice_portable
#include "engine/numeric/lattice_tiles.inc"
