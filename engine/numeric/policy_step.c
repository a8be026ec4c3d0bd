/* The step of all synapses, compiled once for each level of vectors with SYN_LEVEL set to its
 * name. Blocks of 128 synapses, which share 16 Philox counters: first the block's random numbers
 * become one byte a synapse, then actions are looked up, histories shifted and the lattice moved,
 * a vector of bytes at a time. Tables are looked up in rows of 16 by byte shuffles. */
#include <stddef.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/numeric/philox.h"
#include "engine/numeric/tables.h"
#include "engine/numeric/vec.h"

#define JOIN_(a, b)  a##b
#define JOIN(a, b)   JOIN_(a, b)
#define NAME(kernel) JOIN(syn_##kernel##_, SYN_LEVEL)

#define BLOCK    128
#define COUNTERS SYN_PHILOX_COUNTERS
#define ROW      16
#define TABLE    (SYN_LOCAL_MAX + 13) /* a whole number of rows */

typedef uint8_t bytes __attribute__((vector_size(SYN_VECTOR)));

/* Thresholds of a stochastic action for each local history: a number v is below one if
 * v <= limit, but for a threshold of 0 that nothing is below. */
typedef struct limits {
  uint8_t high[TABLE], low[TABLE]; /* bytes of limit = threshold - 1 */
  uint8_t never[TABLE];            /* 255 where the threshold is 0 */
} limits;

/* What one call needs of the table. */
typedef struct step {
  const syn_step_table *table;
  syn_philox_keys keys;
  uint32_t iteration;
  unsigned rows; /* of 16 local histories */
  limits below[2];
} step;

/* What the numbers of a block come to. */
typedef struct draws {
  uint8_t random[BLOCK];           /* explored action as a byte, or OWN */
  uint8_t high[BLOCK], low[BLOCK]; /* bytes of the numbers for a stochastic action */
} draws;

#define OWN 2 /* no exploration: the policy's own action */

/* ---- what each instruction set has its own way for --------------------------------------------- */

/* table[h] for every byte; `rows` rows hold all local histories there are. */
SYN_INLINE bytes lookup(const void *table, unsigned rows, bytes h) {
  const uint8_t *row = table;
#if defined(__AVX2__) || defined(__aarch64__)
  bytes found = {0};
  for (unsigned r = 0; r < rows; r++, row += ROW, h -= ROW) {
    bytes at = h | (bytes)(h >= ROW); /* a shuffle gives 0 where the index is 128 or more */
#if defined(__AVX512F__)
    __m512i all = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)row));
    found |= (bytes)_mm512_shuffle_epi8(all, (__m512i)at);
#elif defined(__AVX2__)
    __m256i all = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)row));
    found |= (bytes)_mm256_shuffle_epi8(all, (__m256i)at);
#else
    found |= (bytes)vqtbl1q_u8(vld1q_u8(row), at);
#endif
  }
  return found;
#else
  uint8_t at[sizeof h], found[sizeof h];
  (void)rows;
  memcpy(at, &h, sizeof h);
  for (size_t i = 0; i < sizeof h; i++)
    found[i] = row[at[i]];
  memcpy(&h, found, sizeof h);
  return h;
#endif
}

/* ---- random numbers ---------------------------------------------------------------------------- */

/* words[w][l] = word w of counter (16 q + l, iteration, stream, 0). */
static void philox(uint32_t words[4][COUNTERS], const step *s, uint32_t stream, uint32_t q) {
  syn_philox_lanes(words, &s->keys, (uint32_t[4]){COUNTERS * q, s->iteration, stream, 0});
}

/* The 16-bit numbers of as many synapses as a vector has lanes, from synapse i of the block on. */
SYN_INLINE syn_vi numbers(uint32_t words[4][COUNTERS], size_t i) {
  syn_vu word;
  size_t half = i / COUNTERS;
  memcpy(&word, words[half / 2] + i % COUNTERS, sizeof word);
  return (syn_vi)(half % 2 ? word >> 16 : word & 0xffff);
}

static void draw_exploration(draws *d, const step *s, uint32_t q) {
  uint32_t words[4][COUNTERS];
  const syn_vi bound[3] = {syn_vseti((int32_t)s->table->explore[0]),
                           syn_vseti((int32_t)s->table->explore[1]),
                           syn_vseti((int32_t)s->table->explore[2])};
  philox(words, s, SYN_STREAM_EXPLORE, q);
  for (size_t i = 0; i < BLOCK; i += SYN_VLANES) {
    syn_vi u = numbers(words, i), random = (u < bound[0]) + (u < bound[1]) + 1;
    syn_vi explores = u < bound[2];
    syn_vstore_u8(d->random + i, (random & explores) | (OWN & ~explores));
  }
}

static void draw_policy(draws *d, const step *s, uint32_t q) {
  uint32_t words[4][COUNTERS];
  philox(words, s, SYN_STREAM_POLICY, q);
  for (size_t i = 0; i < BLOCK; i += SYN_VLANES) {
    syn_vi v = numbers(words, i);
    syn_vstore_u8(d->high + i, v >> 8);
    syn_vstore_u8(d->low + i, v);
  }
}

/* ---- one block --------------------------------------------------------------------------------- */

SYN_INLINE bytes load(const void *p) {
  bytes v;
  memcpy(&v, p, sizeof v);
  return v;
}

/* -1 where the number is below the threshold that goes with the local history. */
SYN_INLINE bytes below_own(const limits *l, unsigned rows, bytes h, bytes high, bytes low) {
  bytes limit_high = lookup(l->high, rows, h), limit_low = lookup(l->low, rows, h);
  bytes is = (bytes)(high < limit_high) | ((bytes)(high == limit_high) & (bytes)(low <= limit_low));
  return is & ~lookup(l->never, rows, h);
}

/* (3 h + a + 1) mod locals: the oldest digit goes, the rest moves up. */
SYN_INLINE bytes shift(bytes h, bytes a, unsigned locals) {
  uint8_t third = (uint8_t)(locals / 3);
  if (locals == 1)
    return (bytes){0};
  h -= ((bytes)(h >= third) & third) + ((bytes)(h >= (uint8_t)(2 * third)) & third);
  return h + h + h + a + 1;
}

static void step_block(const step *s, int8_t *action, uint8_t *after, const uint8_t *before,
                       int32_t *lattice, uint32_t q) {
  const syn_step_table *t = s->table;
  draws d;
  if (t->explore[2])
    draw_exploration(&d, s, q);
  if (t->stochastic)
    draw_policy(&d, s, q);
  for (size_t i = 0; i < BLOCK; i += sizeof(bytes)) {
    bytes h = load(before + i), a;
    if (t->stochastic) {
      bytes high = load(d.high + i), low = load(d.low + i);
      a = below_own(&s->below[0], s->rows, h, high, low) +
          below_own(&s->below[1], s->rows, h, high, low) + 1;
    } else {
      a = lookup(t->action, s->rows, h);
    }
    if (t->explore[2]) {
      bytes random = load(d.random + i), own = (bytes)(random == OWN);
      a = (own & a) | (~own & random);
    }
    memcpy(action + i, &a, sizeof a);
    h = shift(h, a, t->locals);
    memcpy(after + i, &h, sizeof h);
  }
  for (size_t i = 0; lattice && i < BLOCK; i += SYN_VLANES) {
    syn_vi K;
    memcpy(&K, lattice + i, sizeof K);
    K += syn_vload_i8(action + i);
    memcpy(lattice + i, &K, sizeof K);
  }
}

/* The last n < 128 synapses: by way of a whole block. */
static void step_rest(const step *s, int8_t *action, uint8_t *after, const uint8_t *before,
                      int32_t *lattice, uint32_t q, size_t n) {
  int8_t a[BLOCK];
  uint8_t h[BLOCK] = {0};
  int32_t K[BLOCK] = {0};
  memcpy(h, before, n);
  if (lattice)
    memcpy(K, lattice, n * sizeof *K);
  step_block(s, a, h, h, K, q);
  memcpy(action, a, n);
  memcpy(after, h, n);
  if (lattice)
    memcpy(lattice, K, n * sizeof *K);
}

/* ---- all --------------------------------------------------------------------------------------- */

static void prepare(limits *l, const uint32_t *threshold, unsigned locals) {
  for (unsigned h = 0; h < locals; h++) {
    uint32_t limit = threshold[h] - 1;
    l->high[h] = (uint8_t)(limit >> 8);
    l->low[h] = (uint8_t)limit;
    l->never[h] = threshold[h] ? 0 : 255;
  }
}

void NAME(policy_step)(int8_t *action, uint8_t *history_out, const uint8_t *history,
                       int32_t *lattice, const syn_step_table *table, uint64_t seed,
                       uint32_t iteration, size_t n) {
  step s = {.table = table, .iteration = iteration};
  syn_philox_schedule(&s.keys, seed);
  s.rows = (table->locals + ROW - 1) / ROW;
  if (table->stochastic) {
    prepare(&s.below[0], table->low, table->locals);
    prepare(&s.below[1], table->high, table->locals);
  }
  for (size_t first = 0; first < n; first += BLOCK) {
    uint32_t q = (uint32_t)(first / BLOCK);
    int32_t *K = lattice ? lattice + first : NULL;
    if (n - first >= BLOCK)
      step_block(&s, action + first, history_out + first, history + first, K, q);
    else
      step_rest(&s, action + first, history_out + first, history + first, K, q, n - first);
  }
}
