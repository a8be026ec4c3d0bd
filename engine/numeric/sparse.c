/* Products with the few actions in which a move differs from earlier ones (kernels.h), compiled once
 * for each level of vectors with SYN_LEVEL set to its name.
 *
 * A column of a wide block is 16 lanes of 32 bits with a byte of each of the four blocks in them. Two
 * sums in 16 bits hold all: that of the halves as they are, modulo 2^16, and that of their high
 * bytes; the low bytes' sum is the first less 256 times the second. So an entry costs a load, a
 * shift and two additions for 64 samples (of 512 bits; twice that of 256).
 */
#include <endian.h>
#include <stddef.h>
#include <string.h>

#include "engine/numeric/tables.h"
#include "engine/numeric/vec.h"

#define JOIN_(a, b)  a##b
#define JOIN(a, b)   JOIN_(a, b)
#define NAME(kernel) JOIN(syn_##kernel##_, SYN_LEVEL)

typedef uint8_t bytes __attribute__((vector_size(SYN_VECTOR)));
typedef int8_t actions __attribute__((vector_size(SYN_VECTOR)));
typedef uint16_t halves __attribute__((vector_size(SYN_VECTOR)));

/* ---- the product ------------------------------------------------------------------------------- */

#define VECTORS (SYN_COLUMN / SYN_VECTOR) /* of a column */
#define BESIDE                                                                                     \
  (SYN_VECTOR == 64 ? 2 : SYN_VECTOR == 32 ? 2 : 1) /* wide blocks that a list is walked for */

typedef struct sums {
  halves both[BESIDE][VECTORS], high[BESIDE][VECTORS];
} sums;

typedef struct totals {
  syn_vi of[BESIDE][SYN_WIDE][VECTORS];
} totals;

SYN_INLINE void count_in(sums *s, const uint8_t *column, size_t size, const int nw,
                         const int minus) {
  SYN_UNROLL
  for (int w = 0; w < nw; w++, column += size) {
    if (nw > 1)
      __builtin_prefetch(column + (size_t)nw * size, 0, 2);
    SYN_UNROLL
    for (int v = 0; v < VECTORS; v++) {
      halves x;
      memcpy(&x, column + v * SYN_VECTOR, sizeof x);
      s->both[w][v] = minus ? s->both[w][v] - x : s->both[w][v] + x;
      s->high[w][v] = minus ? s->high[w][v] - (x >> 8) : s->high[w][v] + (x >> 8);
    }
  }
}

/* Adds n columns, or takes them off. */
SYN_INLINE const uint32_t *count_list(sums *s, const uint8_t *W, size_t size, const uint32_t *entry,
                                      size_t n, const int nw, const int minus) {
  for (const uint32_t *end = entry + n; entry < end; entry += 2) {
    count_in(s, W + entry[0], size, nw, minus);
    count_in(s, W + entry[1], size, nw, minus);
  }
  return entry;
}

SYN_INLINE void count_double(sums *s, const int nw) {
  SYN_UNROLL
  for (int w = 0; w < nw; w++) {
    SYN_UNROLL
    for (int v = 0; v < VECTORS; v++) {
      s->both[w][v] += s->both[w][v];
      s->high[w][v] += s->high[w][v];
    }
  }
}

/* Adds the sums of each block. 16 bits hold them when what was taken off is put back. */
SYN_INLINE void widen(totals *t, const sums *s, uint32_t taken_off, const int nw) {
  halves offset = (uint16_t)(255 * taken_off) - (halves){0};
  syn_vi back = syn_vseti((int32_t)(255 * taken_off));
  SYN_UNROLL
  for (int w = 0; w < nw; w++) {
    SYN_UNROLL
    for (int v = 0; v < VECTORS; v++) {
      syn_vu low = (syn_vu)(s->both[w][v] - (s->high[w][v] << 8) + offset);
      syn_vu high = (syn_vu)(s->high[w][v] + offset);
      t->of[w][0][v] += (syn_vi)(low & 0xffff) - back;
      t->of[w][1][v] += (syn_vi)(high & 0xffff) - back;
      t->of[w][2][v] += (syn_vi)(low >> 16) - back;
      t->of[w][3][v] += (syn_vi)(high >> 16) - back;
    }
  }
}

SYN_INLINE void add_piece(totals *t, const uint8_t *W, size_t size, const syn_sparse_piece *p,
                          const uint32_t *entry, const int nw) {
  sums s;
  SYN_UNROLL
  for (int w = 0; w < nw; w++) {
    SYN_UNROLL
    for (int v = 0; v < VECTORS; v++)
      s.both[w][v] = s.high[w][v] = (halves){0};
  }
  if (p->n[0] | p->n[1]) {
    entry = count_list(&s, W, size, entry, p->n[0], nw, 0);
    entry = count_list(&s, W, size, entry, p->n[1], nw, 1);
    count_double(&s, nw);
  }
  entry = count_list(&s, W, size, entry, p->n[2], nw, 0);
  count_list(&s, W, size, entry, p->n[3], nw, 1);
  widen(t, &s, 2 * (uint32_t)p->n[1] + p->n[3], nw);
}

/* Adds the past sums at `at`, and stores. */
SYN_INLINE void finish(int32_t *D, const int32_t *const *from, size_t terms, size_t minus,
                       size_t at, syn_vi v) {
  for (size_t q = 0; q < terms; q++) {
    syn_vi d;
    memcpy(&d, from[q] + at, sizeof d);
    v = q < minus ? v - d : v + d;
  }
  memcpy(D + at, &v, sizeof v);
}

/* One piece of a unit and nw wide blocks from D's block `block` on; NULL: none. */
SYN_INLINE void add_unit(int32_t *D, const int32_t *const *from, size_t terms, size_t minus,
                         const uint8_t *W, const syn_sparse *s, const syn_sparse_piece *piece,
                         size_t block, size_t u, const int nw) {
  totals t;
  SYN_UNROLL
  for (int w = 0; w < nw; w++) {
    SYN_UNROLL
    for (int k = 0; k < SYN_WIDE; k++) {
      SYN_UNROLL
      for (int v = 0; v < VECTORS; v++)
        t.of[w][k][v] = (syn_vi){0};
    }
  }
  if (piece)
    add_piece(&t, W, (s->inputs + 1) * SYN_COLUMN, piece, s->entry + piece->first, nw);
  SYN_UNROLL
  for (int w = 0; w < nw; w++) {
    SYN_UNROLL
    for (int k = 0; k < SYN_WIDE; k++) {
      SYN_UNROLL
      for (int v = 0; v < VECTORS; v++)
        finish(D, from, terms, minus,
               ((block + (size_t)(SYN_WIDE * w + k)) * s->units + u) * SYN_LANES +
                   (size_t)v * SYN_VLANES,
               t.of[w][k][v]);
    }
  }
}

/* All units' first pieces, then their second ones: those of a rank share columns. */
SYN_INLINE void add_units(int32_t *D, const int32_t *const *from, size_t terms, size_t minus,
                          const uint8_t *W, const syn_sparse *s, size_t block, const int nw) {
  const int32_t *const so_far[] = {D};
  uint32_t left = 1;
  for (uint32_t rank = 0; left; rank++) {
    left = 0;
    for (size_t u = 0; u < s->units; u++) {
      uint32_t p = s->first[u] + rank, end = s->first[u + 1];
      if (rank == 0)
        add_unit(D, from, terms, minus, W, s, p < end ? &s->piece[p] : NULL, block, u, nw);
      else if (p < end)
        add_unit(D, so_far, 1, 0, W, s, &s->piece[p], block, u, nw);
      left |= p + 1 < end;
    }
  }
}

void NAME(sparse)(int32_t *D, const int32_t *const *from, size_t terms, size_t minus,
                  const uint8_t *W, const syn_sparse *s, size_t wide) {
  size_t size = (s->inputs + 1) * SYN_COLUMN, b = 0;
  for (; b + BESIDE <= wide; b += BESIDE)
    add_units(D, from, terms, minus, W + b * size, s, SYN_WIDE * b, BESIDE);
  for (; b < wide; b++)
    add_units(D, from, terms, minus, W + b * size, s, SYN_WIDE * b, 1);
}

/* ---- lists ------------------------------------------------------------------------------------- */

/* delta of a vector of actions. */
SYN_INLINE actions residue(const int8_t *const *past, const int8_t *sign, size_t at) {
  actions d, a;
  memcpy(&d, past[0] + at, sizeof d);
  for (int k = 1; k <= SYN_LAGS; k++)
    if (sign[k]) {
      memcpy(&a, past[k] + at, sizeof a);
      d = sign[k] > 0 ? d - a : d + a;
    }
  return d;
}

SYN_INLINE bytes magnitude(actions d) {
  actions minus = (actions)(d < 0);
  return (bytes)((d ^ minus) - minus);
}

size_t NAME(sparse_count)(const int8_t *const *past, const int8_t *sign, size_t n) {
  halves sum = {0};
  uint16_t lane[SYN_VECTOR / 2];
  size_t all = 0;
  for (size_t i = 0; i < n; i += SYN_VECTOR) {
    halves entries = (halves)((magnitude(residue(past, sign, i)) + 1) >> 1);
    sum += (entries & 255) + (entries >> 8);
  }
  memcpy(lane, &sum, sizeof lane);
  for (size_t i = 0; i < SYN_VECTOR / 2; i++)
    all += lane[i];
  return all;
}

/* Bit i is the top bit of byte i. */
SYN_INLINE uint64_t top_bits(bytes v) {
#if defined(__AVX512F__)
  return _mm512_movepi8_mask((__m512i)v);
#elif defined(__AVX2__)
  return (uint32_t)_mm256_movemask_epi8((__m256i)v);
#else
  uint64_t word[SYN_VECTOR / 8], bits = 0;
  memcpy(word, &v, sizeof word);
  for (int i = 0; i < SYN_VECTOR / 8; i++)
    bits |= ((le64toh(word[i]) >> 7 & 0x0101010101010101) * 0x0102040810204080 >> 56) << (8 * i);
  return bits;
#endif
}

#define WEIGHT 240 /* of a piece: with 255 a sample and what evens lists out it stays in 16 bits */

/* The piece of a unit's list that is being gathered: +2, -2, +1, -1. */
typedef struct gathered {
  uint32_t entry[4][WEIGHT + 1];
  size_t n[4], weight;
} gathered;

SYN_INLINE void gather(gathered *g, int which, uint64_t is, size_t input) {
  g->entry[which][g->n[which]] = (uint32_t)input * SYN_COLUMN;
  g->n[which] += is & 1;
}

/* The actions of a vector that are not 0, by the binary digits of their sizes; one above 3 is so many
 * 2. There is room. */
static void gather_vector(gathered *g, uint64_t minus, uint64_t one, uint64_t two,
                          const uint8_t *size, int large, size_t first) {
  for (uint64_t any = one | two; any; any &= any - 1) {
    int i = __builtin_ctzll(any), sign = (int)(minus >> i & 1);
    gather(g, 2 + sign, one >> i, first + (size_t)i);
    gather(g, sign, two >> i, first + (size_t)i);
  }
  for (int i = 0; large && i < SYN_VECTOR; i++)
    for (int fours = size[i] / 4; fours > 0; fours--) {
      gather(g, (int)(minus >> i & 1), 1, first + (size_t)i);
      gather(g, (int)(minus >> i & 1), 1, first + (size_t)i);
    }
}

/* Writes a piece down, as number *pieces, and begins the next; lists are evened out by the column of
 * zeros. 0: no room. */
static int close_piece(syn_sparse *s, gathered *g, uint32_t *pieces) {
  size_t n = g->n[0] + g->n[1] + g->n[2] + g->n[3];
  if (n == 0)
    return 1;
  if (*pieces == s->pieces_max || s->entries + n + 4 > s->entries_max)
    return 0;
  syn_sparse_piece *p = &s->piece[(*pieces)++];
  p->first = (uint32_t)s->entries;
  for (int k = 0; k < 4; k++) {
    if (g->n[k] % 2)
      g->entry[k][g->n[k]++] = (uint32_t)s->inputs * SYN_COLUMN;
    memcpy(s->entry + s->entries, g->entry[k], g->n[k] * sizeof *s->entry);
    s->entries += p->n[k] = (uint16_t)g->n[k];
    g->n[k] = 0;
  }
  g->weight = 0;
  return 1;
}

static int list_unit(syn_sparse *s, gathered *g, const int8_t *const *past, size_t at,
                     uint32_t *pieces) {
  for (size_t i = 0; i < s->inputs; i += SYN_VECTOR) {
    actions d = residue(past, s->sign, at + i);
    bytes size = magnitude(d);
    uint64_t one = top_bits(size << 7), two = top_bits(size << 6);
    int large = top_bits((bytes)(size > 3)) != 0;
    uint8_t sizes[SYN_VECTOR];
    size_t weight = (size_t)(__builtin_popcountll(one) + 2 * __builtin_popcountll(two));
    memcpy(sizes, &size, sizeof sizes);
    for (int k = 0; large && k < SYN_VECTOR; k++)
      weight += sizes[k] & ~3u;
    if (weight + g->weight > WEIGHT && !close_piece(s, g, pieces))
      return 0;
    if (weight > WEIGHT) /* not sparse at all */
      return 0;
    gather_vector(g, top_bits((bytes)d), one, two, sizes, large, i);
    g->weight += weight;
  }
  return close_piece(s, g, pieces);
}

int NAME(sparse_list)(syn_sparse *s, const int8_t *const *past, size_t row) {
  gathered g;
  uint32_t pieces = 0;
  s->entries = g.weight = 0;
  memset(g.n, 0, sizeof g.n);
  for (size_t u = 0; u < s->units; u++) {
    s->first[u] = pieces;
    if (!list_unit(s, &g, past, u * row, &pieces))
      return 0;
  }
  s->first[s->units] = pieces;
  return 1;
}
