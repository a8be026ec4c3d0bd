/* The lattice product in plain C: what the other files must equal. */
#include "engine/numeric/tables.h"

void syn_lattice_portable(int32_t *D, const uint8_t *X, const int8_t *A, size_t blocks,
                          size_t groups, size_t units) {
  const size_t row = SYN_LANES * SYN_GROUP;
  for (size_t b = 0; b < blocks; b++, X += groups * row)
    for (size_t u = 0; u < units; u++, D += SYN_LANES)
      for (size_t g = 0; g < groups; g++) {
        const int8_t *a = A + (u * groups + g) * SYN_GROUP;
        const uint8_t *x = X + g * row;
        for (size_t s = 0; s < SYN_LANES; s++, x += SYN_GROUP)
          D[s] += x[0] * a[0] + x[1] * a[1] + x[2] * a[2] + x[3] * a[3];
      }
}
