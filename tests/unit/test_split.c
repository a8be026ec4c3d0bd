/* Splits and batches, against counts made here pixel by pixel. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/random.h"
#include "engine/data/split.h"

/* ---- a set with repeats ------------------------------------------------------------------------ */

enum { N = 1000, DIM = 12, CLASSES = 4 };

typedef struct set {
  uint8_t pixels[N * DIM], labels[N];
} set;

/* Every third image repeats an earlier one (some thrice and more), every 30th under another label. */
static void make_set(set *s) {
  for (size_t i = 0; i < N; i++) {
    s->labels[i] = (uint8_t)(i % CLASSES);
    for (size_t j = 0; j < DIM; j++)
      s->pixels[i * DIM + j] = (uint8_t)syn_random_bits(3, SYN_STREAM_POINTS, 0, i * DIM + j);
    if (i % 3 == 2) {
      size_t twin = syn_random_bits(4, SYN_STREAM_POINTS, 0, i) % i;
      memcpy(s->pixels + i * DIM, s->pixels + twin * DIM, DIM);
      s->labels[i] = (uint8_t)((s->labels[twin] + (i % 30 == 29)) % CLASSES);
    }
  }
}

static int same(const set *s, size_t a, size_t b) {
  return memcmp(s->pixels + a * DIM, s->pixels + b * DIM, DIM) == 0;
}

/* How many images have these pixels, and does any of them have another label? */
static size_t group_of(const set *s, size_t row, int *mixed) {
  size_t n = 0;
  *mixed = 0;
  for (size_t i = 0; i < N; i++)
    if (same(s, row, i)) {
      n++;
      *mixed |= s->labels[i] != s->labels[row];
    }
  return n;
}

typedef struct sides {
  syn_split split;
  syn_arena arena;
  char of[N]; /* 't', 'v' or '-' */
} sides;

static void mark(sides *out) {
  const syn_split *p = &out->split;
  memset(out->of, '-', N);
  for (int side = 0; side < 2; side++) {
    const uint32_t *rows = side ? p->train : p->validation;
    size_t n = side ? p->n_train : p->n_validation;
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
      assert_true(rows[i] < N && (i == 0 || rows[i] > rows[i - 1]));
      assert_int_equal(out->of[rows[i]], '-'); /* on one side only */
      out->of[rows[i]] = "vt"[side];
    }
  }
}

static void make(sides *out, const set *s, syn_split_kind kind, double fraction, uint64_t seed) {
  syn_ctx ctx = {0};
  *out = (sides){0};
  if (syn_split_make(&out->split, kind, fraction, s->pixels, s->labels, N, DIM, seed, &out->arena,
                     &ctx) != SYN_OK)
    fail_msg("%s", ctx.error);
  mark(out);
  assert_int_equal(out->split.n_train + out->split.n_validation + out->split.n_dropped, N);
}

static void end(sides *s) {
  syn_arena_close(&s->arena);
}

static size_t count_leaks(const set *s, const sides *r) {
  size_t leaks = 0;
  for (size_t v = 0; v < N; v++)
    for (size_t t = 0; r->of[v] == 'v' && t < N; t++)
      if (r->of[t] == 't' && same(s, v, t)) {
        leaks++;
        break;
      }
  return leaks;
}

/* ---- the kinds --------------------------------------------------------------------------------- */

static void test_random(void **state) {
  (void)state;
  static set s;
  sides r;
  make_set(&s);
  static const double fractions[] = {0.75, 0.5, 0.0005, 0.9994, 0.3337};
  static const size_t sizes[] = {750, 500, 1, 999, 334};
  for (size_t i = 0; i < 5; i++) {
    make(&r, &s, SYN_SPLIT_RANDOM, fractions[i], 1);
    assert_int_equal(r.split.n_train, sizes[i]);
    assert_int_equal(r.split.n_dropped, 0);
    assert_int_equal(r.split.n_leaked, count_leaks(&s, &r));
    end(&r);
  }
  /* It is the permutation it says it is. */
  uint32_t order[N];
  syn_random_permutation(order, N, 9, SYN_STREAM_SPLIT, 0);
  make(&r, &s, SYN_SPLIT_RANDOM, 0.75, 9);
  assert_true(r.split.n_leaked > 50);
  for (size_t i = 0; i < N; i++)
    assert_int_equal(r.of[order[i]], i < 750 ? 't' : 'v');
  end(&r);
}

static void test_chance(void **state) {
  (void)state;
  static set s;
  sides r;
  double sum = 0;
  make_set(&s);
  for (uint64_t seed = 0; seed < 20; seed++) {
    make(&r, &s, SYN_SPLIT_CHANCE, 0.75, seed);
    for (size_t i = 0; i < N; i++) /* float, as 0.75 is exact in it */
      assert_int_equal(r.of[i],
                       syn_random_uniform(seed, SYN_STREAM_SPLIT, 0, i) < 0.75f ? 't' : 'v');
    assert_true(fabs((double)r.split.n_train - 750) < 5 * sqrt(N * 0.75 * 0.25));
    assert_int_equal(r.split.n_dropped, 0);
    assert_int_equal(r.split.n_leaked, count_leaks(&s, &r));
    sum += (double)r.split.n_train;
    end(&r);
  }
  assert_true(fabs(sum / 20 - 750) < 5 * sqrt(N * 0.75 * 0.25 / 20));
}

static void test_dedup(void **state) {
  (void)state;
  static set s;
  sides r;
  make_set(&s);
  size_t dropped = 0;
  for (size_t i = 0; i < N; i++) {
    int mixed;
    group_of(&s, i, &mixed);
    dropped += (size_t)mixed;
  }
  assert_true(dropped > 20);
  static const double fractions[] = {0.75, 0.5, 0.1, 0.98};
  for (size_t f = 0; f < 4; f++)
    for (uint64_t seed = 0; seed < 4; seed++) {
      make(&r, &s, SYN_SPLIT_DEDUP, fractions[f], seed);
      assert_int_equal(r.split.n_dropped, dropped);
      assert_int_equal(r.split.n_leaked, 0);
      size_t wanted = (size_t)floor((double)(N - dropped) * fractions[f] + 0.5);
      assert_true(r.split.n_train <= wanted);
      for (size_t i = 0; i < N; i++) {
        int mixed;
        size_t n = group_of(&s, i, &mixed);
        assert_int_equal(mixed, r.of[i] == '-');
        for (size_t j = 0; j < i; j++)
          if (same(&s, i, j))
            assert_int_equal(r.of[i], r.of[j]);
        if (r.of[i] == 'v') /* it would not have fitted */
          assert_true(r.split.n_train + n > wanted);
      }
      end(&r);
    }
}

static void test_repeats(void **state) {
  (void)state;
  static set s;
  syn_repeats got;
  size_t distinct = 0, ambiguous = 0, images = 0;
  make_set(&s);
  for (size_t i = 0; i < N; i++) {
    int mixed, first = 1;
    group_of(&s, i, &mixed);
    for (size_t j = 0; j < i; j++)
      first &= !same(&s, i, j);
    distinct += (size_t)first;
    ambiguous += (size_t)(first && mixed);
    images += (size_t)mixed;
  }
  assert_int_equal(syn_split_repeats(&got, s.pixels, s.labels, N, DIM, NULL), SYN_OK);
  assert_int_equal(got.distinct, distinct);
  assert_int_equal(got.ambiguous, ambiguous);
  assert_int_equal(got.ambiguous_images, images);
  assert_true(distinct > 600 && distinct < 700 && ambiguous > 10);
}

/* By hand: rows 0, 1, 4 alike under one label, 2 and 3 alike under two, 5 alone. */
static void test_small_by_hand(void **state) {
  (void)state;
  static const uint8_t pixels[] = {1, 1, 9, 9, 1, 5}, labels[] = {0, 0, 0, 1, 0, 1};
  syn_repeats repeats;
  syn_split split;
  syn_arena arena = {0};
  assert_int_equal(syn_split_repeats(&repeats, pixels, labels, 6, 1, NULL), SYN_OK);
  assert_int_equal(repeats.distinct, 3);
  assert_int_equal(repeats.ambiguous, 1);
  assert_int_equal(repeats.ambiguous_images, 2);
  for (uint64_t seed = 0; seed < 10; seed++) {
    assert_int_equal(
        syn_split_make(&split, SYN_SPLIT_DEDUP, 0.75, pixels, labels, 6, 1, seed, &arena, NULL),
        SYN_OK);
    assert_int_equal(split.n_dropped, 2);
    assert_int_equal(split.n_leaked, 0);
    /* round(4 * 0.75) = 3: the three alike train, or the one alone does. */
    if (split.n_train == 3)
      assert_memory_equal(split.train, ((uint32_t[]){0, 1, 4}), 3 * sizeof(uint32_t));
    else
      assert_memory_equal(split.validation, ((uint32_t[]){0, 1, 4}), 3 * sizeof(uint32_t));
  }
  syn_arena_close(&arena);
}

static void test_seeds(void **state) {
  (void)state;
  static set s;
  sides a, b, c;
  make_set(&s);
  for (int kind = SYN_SPLIT_RANDOM; kind <= SYN_SPLIT_DEDUP; kind++) {
    make(&a, &s, (syn_split_kind)kind, 0.75, 1);
    make(&b, &s, (syn_split_kind)kind, 0.75, 1);
    make(&c, &s, (syn_split_kind)kind, 0.75, 2);
    assert_memory_equal(a.of, b.of, N);
    assert_memory_not_equal(a.of, c.of, N);
    end(&a);
    end(&b);
    end(&c);
  }
}

/* Of each kind a share of what trained is held out; what validated is in no part any more. */
static void test_held_out(void **state) {
  (void)state;
  static set s;
  make_set(&s);
  static const double shares[] = {0, 0.25, 0.6};
  for (int kind = SYN_SPLIT_RANDOM; kind <= SYN_SPLIT_DEDUP; kind++)
    for (size_t k = 0; k < 3; k++) {
      sides before, other, r;
      make(&before, &s, (syn_split_kind)kind, 0.75, 1);
      make(&other, &s, (syn_split_kind)kind, 0.75, 1);
      make(&r, &s, (syn_split_kind)kind, 0.75, 1);
      syn_status status = syn_split_hold_out(&r.split, shares[k], kind == SYN_SPLIT_DEDUP, s.pixels,
                                             N, DIM, 7, &r.arena, NULL);
      if (k == 0) { /* nobody would validate */
        assert_int_equal(status, SYN_EINVAL);
        assert_int_equal(r.split.n_validation, before.split.n_validation);
        end(&before), end(&other), end(&r);
        continue;
      }
      assert_int_equal(status, SYN_OK);
      assert_int_equal(syn_split_hold_out(&other.split, shares[k], kind == SYN_SPLIT_DEDUP,
                                          s.pixels, N, DIM, 8, &other.arena, NULL),
                       SYN_OK);
      mark(&r);
      mark(&other);
      for (size_t i = 0; i < N; i++) {
        assert_int_equal(before.of[i] == 't', r.of[i] != '-');
        for (size_t j = 0; j < i && kind == SYN_SPLIT_DEDUP; j++)
          if (same(&s, i, j))
            assert_int_equal(r.of[i], r.of[j]);
      }
      double wanted = (double)before.split.n_train * (1 - shares[k]);
      assert_true(fabs((double)r.split.n_train - wanted) <=
                  (kind == SYN_SPLIT_DEDUP ? 5 * sqrt(wanted) : 0.5));
      assert_int_equal(r.split.n_leaked, count_leaks(&s, &r));
      assert_int_equal(r.split.n_dropped, before.split.n_dropped);
      assert_memory_not_equal(r.of, other.of, N); /* by the seed */
      end(&before), end(&other), end(&r);
    }
}

static void test_a_side_empty(void **state) {
  (void)state;
  static set s;
  make_set(&s);
  static const uint8_t alike[8] = {0}, mixed[8] = {0, 1, 0, 1, 0, 1, 0, 1}, one_label[8] = {0};
  static const struct {
    syn_split_kind kind;
    double fraction;
    const uint8_t *pixels, *labels;
    size_t n, dim;
    const char *line;
  } cases[] = {
      {SYN_SPLIT_RANDOM, 1, s.pixels, s.labels, N, DIM, "of 1000 images 1000 train and 0 validate"},
      {SYN_SPLIT_RANDOM, 0, s.pixels, s.labels, N, DIM, "of 1000 images 0 train and 1000 validate"},
      {SYN_SPLIT_CHANCE, 1, s.pixels, s.labels, N, DIM, "1000 train and 0 validate"},
      {SYN_SPLIT_CHANCE, 0, s.pixels, s.labels, N, DIM, "0 train and 1000 validate"},
      {SYN_SPLIT_DEDUP, 1, s.pixels, s.labels, N, DIM, "and 0 validate"},
      {SYN_SPLIT_DEDUP, 0, s.pixels, s.labels, N, DIM, " 0 train and"},
      {SYN_SPLIT_DEDUP, 0.75, alike, one_label, 8, 1, "0 train and 8 validate"},
      {SYN_SPLIT_DEDUP, 0.75, alike, mixed, 8, 1, "of 8 images 0 train and 0 validate"},
      {SYN_SPLIT_RANDOM, 0.75, s.pixels, s.labels, 1, DIM, "of 1 image 1 trains and 0 validate"},
      {SYN_SPLIT_RANDOM, 0.75, s.pixels, s.labels, 0, DIM, "of 0 images"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    syn_split split;
    syn_arena arena = {0};
    syn_ctx ctx = {0};
    assert_int_equal(syn_split_make(&split, cases[i].kind, cases[i].fraction, cases[i].pixels,
                                    cases[i].labels, cases[i].n, cases[i].dim, 1, &arena, &ctx),
                     SYN_EINVAL);
    if (!strstr(ctx.error, cases[i].line) || !strstr(ctx.error, "both must be more than 0"))
      fail_msg("'%s' lacks '%s'", ctx.error, cases[i].line);
    syn_arena_close(&arena);
  }
}

static void test_no_fraction(void **state) {
  (void)state;
  static set s;
  make_set(&s);
  const double wrong[] = {-0.25, 1.5, NAN, INFINITY, -INFINITY};
  for (size_t i = 0; i < 3 * sizeof wrong / sizeof *wrong; i++) {
    syn_split split;
    syn_arena arena = {0};
    syn_ctx ctx = {0};
    assert_int_equal(syn_split_make(&split, (syn_split_kind)(i % 3), wrong[i / 3], s.pixels,
                                    s.labels, N, DIM, 1, &arena, &ctx),
                     SYN_EINVAL);
    assert_non_null(strstr(ctx.error, "0 to 1 is wanted"));
    syn_arena_close(&arena);
  }
}

/* ---- batches ----------------------------------------------------------------------------------- */

static void test_batches(void **state) {
  (void)state;
  enum { ROWS = 400, SIZE = 100 };
  uint32_t rows[ROWS], batch[ROWS], again[ROWS], other[ROWS], scratch[ROWS], order[ROWS];
  size_t drawn[ROWS] = {0};
  for (uint32_t i = 0; i < ROWS; i++)
    rows[i] = 3 * i + 1;
  for (uint32_t number = 0; number < 200; number++) {
    char member[ROWS] = {0};
    syn_batch_draw(batch, SIZE, rows, ROWS, 5, number, scratch);
    syn_random_permutation(order, ROWS, 5, SYN_STREAM_BATCH, number);
    for (size_t i = 0; i < SIZE; i++)
      member[order[i]] = 1;
    for (size_t i = 0; i < SIZE; i++) {
      assert_true(i == 0 || batch[i] > batch[i - 1]); /* ascending: so no repeats */
      assert_true(batch[i] % 3 == 1 && batch[i] / 3 < ROWS);
      assert_true(member[batch[i] / 3]);
      drawn[batch[i] / 3]++;
    }
  }
  for (size_t i = 0; i < ROWS; i++) /* 50 expected, deviation 6.1 */
    assert_true(drawn[i] > 15 && drawn[i] < 85);
  syn_batch_draw(again, SIZE, rows, ROWS, 5, 199, scratch);
  assert_memory_equal(again, batch, SIZE * sizeof *batch);
  syn_batch_draw(other, SIZE, rows, ROWS, 5, 198, scratch);
  assert_memory_not_equal(other, batch, SIZE * sizeof *batch);
  syn_batch_draw(other, SIZE, rows, ROWS, 6, 199, scratch);
  assert_memory_not_equal(other, batch, SIZE * sizeof *batch);
  syn_batch_draw(batch, ROWS, rows, ROWS, 5, 0, scratch); /* all of them */
  assert_memory_equal(batch, rows, sizeof rows);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random),        cmocka_unit_test(test_chance),
      cmocka_unit_test(test_dedup),         cmocka_unit_test(test_repeats),
      cmocka_unit_test(test_small_by_hand), cmocka_unit_test(test_seeds),
      cmocka_unit_test(test_a_side_empty),  cmocka_unit_test(test_no_fraction),
      cmocka_unit_test(test_batches),       cmocka_unit_test(test_held_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
