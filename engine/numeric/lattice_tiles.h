/* Walking the lattice product in register tiles of `nb` blocks x `nu` units: the same for every
 * instruction set that includes this, after defining
 *
 *   TILE_FUNCTION   void (D, X, A, groups, units, nb, nu): one tile, nb and nu known when compiled
 *   MOST_UNITS      units of the widest tile
 *   BLOCKS(nu)      blocks that a tile of nu units takes
 *   LATTICE         the name to define
 *
 * Units are split evenly into tiles. Tiles over the same blocks follow each other, so that the
 * blocks' bytes are read from far once and from near then on.
 */
#define X_BLOCK(groups) ((groups) * SYN_LANES * SYN_GROUP)

SYN_INLINE void tile_blocks(int32_t *D, const uint8_t *X, const int8_t *A, size_t nb,
                            size_t groups, size_t units, const int most, const int nu) {
  size_t b = 0;
  for (; b + (size_t)most <= nb; b += (size_t)most)
    TILE_FUNCTION(D + b * units * SYN_LANES, X + b * X_BLOCK(groups), A, groups, units, most, nu);
  for (; b < nb; b++)
    TILE_FUNCTION(D + b * units * SYN_LANES, X + b * X_BLOCK(groups), A, groups, units, 1, nu);
}

void LATTICE(int32_t *D, const uint8_t *X, const int8_t *A, size_t blocks, size_t groups,
             size_t units) {
  size_t chunks = (units + MOST_UNITS - 1) / MOST_UNITS;
  size_t step = (size_t)BLOCKS((units + chunks - 1) / chunks); /* those of the widest */
  for (size_t b = 0; b < blocks; b += step)
    for (size_t c = 0; c < chunks; c++) {
      size_t u = units * c / chunks, nu = units * (c + 1) / chunks - u;
      size_t nb = blocks - b < step ? blocks - b : step;
      int32_t *d = D + (b * units + u) * SYN_LANES;
      const uint8_t *x = X + b * X_BLOCK(groups);
      const int8_t *a = A + u * groups * SYN_GROUP;
#define CASE(n)                                                                                    \
  case n:                                                                                          \
    tile_blocks(d, x, a, nb, groups, units, BLOCKS(n), n);                                         \
    break
      switch (nu) {
        CASE(1);
        CASE(2);
        CASE(3);
        CASE(4);
#if MOST_UNITS > 4
        CASE(5);
        CASE(6);
#endif
#if MOST_UNITS > 6
        CASE(7);
        CASE(8);
        CASE(9);
        CASE(10);
        CASE(11);
        CASE(12);
#endif
      }
#undef CASE
    }
}
