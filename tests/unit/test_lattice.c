/* Sparse products (numeric/kernels.h) and the sums that they are used for (net/lattice.h), against
 * plain loops, on every instruction set that this CPU offers: odd shapes, white pixels, actions of up
 * to 8, moves that repeat, take back, walk in cycles or do not repeat at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/random.h"
#include "engine/net/lattice.h"

static uint32_t bits(uint32_t purpose, size_t i) {
  return syn_random_bits(77, SYN_STREAM_POINTS, purpose, i) >> 4;
}

/* ---- kernels ------------------------------------------------------------------------------------ */

typedef struct shape {
  size_t inputs, units, samples;
  int action;    /* greatest */
  uint32_t rare; /* one action in so many is not 0; 0: all are greatest, pixels white */
} shape;

static const shape shapes[] = {{1, 1, 1, 1, 2},      {3, 2, 17, 8, 1},      {24, 7, 83, 1, 3},
                               {63, 3, 64, 2, 9},    {64, 5, 65, 1, 15},    {65, 4, 128, 8, 30},
                               {130, 33, 193, 1, 6}, {784, 10, 257, 1, 15}, {784, 10, 320, 8, 40},
                               {600, 3, 129, 1, 0},  {4100, 2, 70, 3, 200}};
#define SHAPES (sizeof shapes / sizeof *shapes)

/* A shape's pixels and moves, and its delta by plain loops. */
typedef struct world {
  const shape *is;
  size_t row, blocks, wide;
  uint8_t *pixels, *X, *W;
  int8_t *past[SYN_LAGS + 1];
  int32_t *D[2], *got;
  syn_sparse list;
  syn_arena arena;
} world;

static void open_world(world *w, const shape *is, uint32_t seed) {
  *w = (world){.is = is, .row = (is->inputs + 63) / 64 * 64};
  syn_arena *a = &w->arena;
  w->blocks = (is->samples + 15) / 16;
  w->wide = (w->blocks + 3) / 4;
  size_t sums = w->wide * SYN_COLUMN * is->units, room = 4 * is->inputs * is->units + 64;
  w->pixels = syn_arena_take(a, is->samples, is->inputs);
  w->X = syn_arena_take(a, w->blocks * ((is->inputs + 3) / 4), 64);
  w->W = syn_arena_take(a, w->wide * (is->inputs + 1), SYN_COLUMN);
  w->got = syn_arena_take(a, sums, 4);
  for (int k = 0; k < 2; k++)
    w->D[k] = syn_arena_take(a, sums, 4);
  for (size_t i = 0; i < sums; i++) {
    w->D[0][i] = (int32_t)bits(1, i);
    w->D[1][i] = -(int32_t)bits(2, i);
  }
  for (size_t i = 0; i < is->samples * is->inputs; i++)
    w->pixels[i] = is->rare ? (uint8_t)bits(seed, i) : 255;
  for (int k = 0; k <= SYN_LAGS; k++) {
    w->past[k] = syn_arena_take(a, is->units, w->row);
    for (size_t u = 0; u < is->units; u++)
      for (size_t i = 0; i < is->inputs; i++) {
        size_t at = u * w->row + i;
        uint32_t draw = bits(seed + 10 + (uint32_t)k, at), spread = 2 * (uint32_t)is->action + 1;
        w->past[k][at] = !is->rare         ? (int8_t)(k % 2 ? -is->action : is->action)
                         : draw % is->rare ? 0
                                           : (int8_t)((int)(draw / 64 % spread) - is->action);
      }
  }
  w->list = (syn_sparse){.inputs = is->inputs,
                         .units = is->units,
                         .first = syn_arena_take(a, is->units + 1, 4),
                         .piece = syn_arena_take(a, room, sizeof(syn_sparse_piece)),
                         .entry = syn_arena_take(a, room, 4),
                         .entries_max = room,
                         .pieces_max = room};
  syn_pack_bytes(w->X, w->pixels, NULL, is->samples, is->inputs);
  syn_pack_wide(w->W, w->X, w->blocks, is->inputs);
}

static int delta(const world *w, size_t u, size_t i) {
  int d = w->past[0][u * w->row + i];
  for (int k = 1; k <= SYN_LAGS; k++)
    d -= w->list.sign[k] * w->past[k][u * w->row + i];
  return d;
}

/* D[1] - D[0] + X . delta of all samples there are. */
static void assert_product(const world *w, const char *isa) {
  for (size_t s = 0; s < w->is->samples; s++)
    for (size_t u = 0; u < w->is->units; u++) {
      size_t at = (s / 16 * w->is->units + u) * 16 + s % 16;
      int32_t want = w->D[1][at] - w->D[0][at];
      for (size_t i = 0; i < w->is->inputs; i++)
        want += delta(w, u, i) * w->pixels[s * w->is->inputs + i];
      if (w->got[at] != want)
        fail_msg("%s: %zu inputs, sample %zu, unit %zu: %d, not %d", isa, w->is->inputs, s, u,
                 w->got[at], want);
    }
}

static size_t entries_of(const world *w, size_t n) {
  size_t entries = 0;
  for (size_t i = 0; i < n; i++)
    entries += (size_t)(abs(delta(w, 0, i)) + 1) / 2;
  return entries;
}

static int check_world(world *w, const syn_kernels *k) {
  size_t n = w->row < 2048 ? w->row : 2048;
  const int8_t *const *past = (const int8_t *const *)w->past;
  const int32_t *from[] = {w->D[0], w->D[1]};
  assert_int_equal(k->sparse_count(past, w->list.sign, n), entries_of(w, n));
  if (!k->sparse_list(&w->list, past, w->row))
    return 0;
  memset(w->got, 0, w->wide * SYN_COLUMN * w->is->units * 4);
  k->sparse(w->got, from, 2, 1, w->W, &w->list, w->wide);
  assert_product(w, k->isa);
  return 1;
}

static void sparse_products(void **state) {
  (void)state;
  static const int8_t signs[][SYN_LAGS + 1] = {{0}, {0, 1}, {0, -1, 0, 1}, {0, 1, -1, -1}};
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (size_t i = 0; i < SHAPES; i++)
    for (const char **isa = offered; *isa; isa++) {
      const syn_kernels *k;
      size_t taken = 0;
      world w;
      assert_int_equal(syn_kernels_get(&k, *isa, NULL), SYN_OK);
      open_world(&w, &shapes[i], (uint32_t)i * 40);
      for (size_t s = 0; s < sizeof signs / sizeof *signs; s++) {
        memcpy(w.list.sign, signs[s], sizeof w.list.sign);
        taken += (size_t)check_world(&w, k);
      }
      assert_true(taken > 0);
      syn_arena_close(&w.arena);
    }
}

/* A list without room says so and writes nothing beyond. */
static void no_room(void **state) {
  (void)state;
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (const char **isa = offered; *isa; isa++) {
    const syn_kernels *k;
    world w;
    assert_int_equal(syn_kernels_get(&k, *isa, NULL), SYN_OK);
    open_world(&w, &shapes[7], 5);
    const int8_t *const *past = (const int8_t *const *)w.past;
    assert_true(k->sparse_list(&w.list, past, w.row));
    size_t needed = w.list.entries;
    w.list.entries_max = needed / 2;
    w.list.entry[needed / 2] = 12345;
    assert_false(k->sparse_list(&w.list, past, w.row));
    assert_int_equal(w.list.entry[needed / 2], 12345);
    w.list.entries_max = needed + 64;
    w.list.pieces_max = 3;
    assert_false(k->sparse_list(&w.list, past, w.row));
    syn_arena_close(&w.arena);
  }
}

/* ---- sums -------------------------------------------------------------------------------------- */

enum { INPUTS = 70, UNITS = 6, SAMPLES = 150, MOVES = 400 };

static size_t dense_products, lists_walked, entries_walked;
static const syn_kernels *counted;

static void count_dense(int32_t *D, const int32_t *from, const uint8_t *X, const int8_t *A,
                        size_t blocks, size_t groups, size_t units, int greatest) {
  dense_products++;
  counted->lattice(D, from, X, A, blocks, groups, units, greatest);
}

static void count_sparse(int32_t *D, const int32_t *const *from, size_t terms, size_t minus,
                         const uint8_t *W, const syn_sparse *s, size_t wide) {
  lists_walked++;
  entries_walked += s->entries;
  counted->sparse(D, from, terms, minus, W, s, wide);
}

typedef enum walk { REPEATS, CYCLES, TAKES_BACK, FRESH, WALKS } walk;

/* Actions (U, I+1) of move t. */
static void make_move(int8_t *action, walk kind, size_t t, int greatest) {
  for (size_t s = 0; s < UNITS * (INPUTS + 1); s++) {
    size_t origin = kind == CYCLES ? t % 3 : kind == TAKES_BACK ? t / 2 : kind == REPEATS ? 0 : t;
    int own = (int)(bits(300 + (uint32_t)origin, s) % (uint32_t)(2 * greatest + 1)) - greatest;
    int explored = kind != FRESH && bits(900 + (uint32_t)t, s) % 20 == 0;
    action[s] = (int8_t)(explored ? (int)(t % 3) - 1 : kind == TAKES_BACK && t % 2 ? -own : own);
  }
}

static void add_plainly(int32_t *D, const uint8_t *pixels, const int8_t *action) {
  for (size_t s = 0; s < SAMPLES; s++)
    for (size_t u = 0; u < UNITS; u++)
      for (size_t i = 0; i < INPUTS; i++)
        D[(s / 16 * UNITS + u) * 16 + s % 16] +=
            action[u * (INPUTS + 1) + 1 + i] * pixels[s * INPUTS + i];
}

static void assert_sums(syn_lattice *l, const int32_t *want, const char *isa, size_t t) {
  size_t blocks = (SAMPLES + 15) / 16;
  for (size_t b = 0; b < blocks; b += SYN_WIDE) {
    size_t n = blocks - b < SYN_WIDE ? blocks - b : SYN_WIDE;
    const int32_t *got = syn_lattice_sums(l, b, n);
    for (size_t i = 0; i < n * UNITS * 16; i++)
      if (b * 16 + i / 16 / UNITS * 16 + i % 16 < SAMPLES && got[i] != want[b * UNITS * 16 + i])
        fail_msg("%s: move %zu, sum %zu of block %zu", isa, t, i, b);
  }
  syn_lattice_settle(l);
}

static void walk_lattice(const syn_kernels *k, walk kind, int greatest) {
  static uint8_t pixels[SAMPLES * INPUTS];
  static int32_t want[(SAMPLES + 15) / 16 * UNITS * 16];
  static int8_t action[UNITS * (INPUTS + 1)];
  syn_arena arena = {0};
  for (size_t i = 0; i < sizeof pixels; i++)
    pixels[i] = (uint8_t)bits(4, i);
  syn_lattice *l = syn_lattice_open(INPUTS, UNITS, SAMPLES, greatest, k, &arena);
  assert_non_null(l);
  syn_lattice_batch(l, pixels, NULL, SAMPLES);
  for (size_t t = 0; t < MOVES; t++) {
    if (t % 150 == 0) {
      memset(want, 0, sizeof want);
      syn_lattice_base(l);
      assert_sums(l, want, k->isa, t);
    }
    make_move(action, kind, t, greatest);
    add_plainly(want, pixels, action);
    syn_lattice_move(l, action);
    assert_sums(l, want, k->isa, t);
  }
  syn_arena_close(&arena);
}

static void sums_of_any_walk(void **state) {
  (void)state;
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (const char **isa = offered; *isa; isa++) {
    assert_int_equal(syn_kernels_get(&counted, *isa, NULL), SYN_OK);
    syn_kernels k = *counted;
    k.lattice = count_dense;
    for (walk kind = 0; kind < WALKS; kind++)
      for (int greatest = 1; greatest <= SYN_ACTION_MAX; greatest += 7) {
        k.products = SYN_PRODUCTS_CHEAPER;
        walk_lattice(&k, kind, greatest);
        k.products = SYN_PRODUCTS_SPARSE;
        dense_products = 0;
        walk_lattice(&k, kind, greatest);
        size_t sparsely = dense_products;
        k.products = SYN_PRODUCTS_DENSE;
        dense_products = 0;
        walk_lattice(&k, kind, greatest);
        assert_true(dense_products > 0);
        if (kind != FRESH && greatest == 1) /* but for the first moves, which repeat nothing */
          assert_true(sparsely < dense_products / 20);
      }
  }
}

/* Moves that are taken back, one or two at a time, need no product, and leave those before them to be
 * repeated: a vote that stays the same costs nothing but sums, however many probes lie between. */
static void moves_taken_back(void **state) {
  (void)state;
  enum { PROBE = 1, OTHER, VOTE };
  static const int plan[] = {VOTE, PROBE, -PROBE, PROBE, OTHER, -OTHER, -PROBE, OTHER, -OTHER};
  enum { STEPS = sizeof plan / sizeof *plan };
  static uint8_t pixels[SAMPLES * INPUTS];
  static int32_t want[(SAMPLES + 15) / 16 * UNITS * 16];
  static int8_t action[UNITS * (INPUTS + 1)];
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (size_t i = 0; i < sizeof pixels; i++)
    pixels[i] = (uint8_t)bits(5, i);
  for (const char **isa = offered; *isa; isa++) {
    syn_arena arena = {0};
    assert_int_equal(syn_kernels_get(&counted, *isa, NULL), SYN_OK);
    syn_kernels k = *counted;
    k.products = SYN_PRODUCTS_SPARSE;
    k.lattice = count_dense;
    k.sparse = count_sparse;
    syn_lattice *l = syn_lattice_open(INPUTS, UNITS, SAMPLES, 1, &k, &arena);
    syn_lattice_batch(l, pixels, NULL, SAMPLES);
    syn_lattice_base(l);
    memset(want, 0, sizeof want);
    for (size_t t = 0; t < 20 * STEPS; t++) {
      int what = plan[t % STEPS], taken_back = what < 0;
      size_t origin = abs(what) == VOTE ? 0 : 100 + t / STEPS;
      for (size_t s = 0; s < sizeof action; s++) {
        int own = (int)(bits(600 + (uint32_t)(origin * 4 + (size_t)abs(what)), s) % 3) - 1;
        action[s] = (int8_t)(s % (INPUTS + 1) == 0 ? 1 : taken_back ? -own : own);
      }
      add_plainly(want, pixels, action);
      dense_products = lists_walked = entries_walked = 0;
      syn_lattice_move(l, action);
      assert_sums(l, want, k.isa, t);
      if (taken_back)
        assert_int_equal(dense_products + lists_walked, 0);
      if (what == VOTE && t > 0)
        assert_int_equal(dense_products + entries_walked, 0);
    }
    syn_arena_close(&arena);
  }
}

/* The state is that of the sums alone: whoever goes on from it needs no earlier move. */
static void state_of_sums(void **state) {
  (void)state;
  static uint8_t pixels[SAMPLES * INPUTS];
  static int32_t want[(SAMPLES + 15) / 16 * UNITS * 16];
  static int8_t action[UNITS * (INPUTS + 1)];
  syn_arena arena = {0};
  const syn_kernels *best;
  assert_int_equal(syn_kernels_get(&best, NULL, NULL), SYN_OK);
  syn_kernels k = *best;
  k.products = SYN_PRODUCTS_SPARSE;
  syn_state kept = {0};
  for (size_t i = 0; i < sizeof pixels; i++)
    pixels[i] = (uint8_t)bits(6, i);
  for (int again = 0; again < 2; again++) {
    syn_lattice *l = syn_lattice_open(INPUTS, UNITS, SAMPLES, 1, &k, &arena);
    syn_lattice_batch(l, pixels, NULL, SAMPLES);
    syn_lattice_base(l);
    syn_state resumed = {.resuming = 1, .bytes = kept.bytes, .n = kept.n};
    if (again)
      syn_lattice_state(l, &resumed);
    for (size_t t = again ? 10 : 0; t < 20; t++) {
      make_move(action, CYCLES, t, 1);
      if (!again)
        add_plainly(want, pixels, action);
      syn_lattice_move(l, action);
      for (size_t b = 0; b < (SAMPLES + 15) / 16; b += SYN_WIDE)
        syn_lattice_sums(l, b, (SAMPLES + 15) / 16 - b < 4 ? (SAMPLES + 15) / 16 - b : 4);
      syn_lattice_settle(l);
      if (!again && t == 9)
        syn_lattice_state(l, &kept);
    }
    assert_sums(l, want, k.isa, 20);
  }
  syn_state_close(&kept);
  syn_arena_close(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(sparse_products), cmocka_unit_test(no_room),
                                     cmocka_unit_test(sums_of_any_walk),
                                     cmocka_unit_test(moves_taken_back),
                                     cmocka_unit_test(state_of_sums)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
