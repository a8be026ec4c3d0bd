/* Random numbers by address: Philox against the known answers of the Random123 distribution
 * (Salmon, Moraes, Dror, Shaw: tests/kat_vectors, philox4x32 with 10 rounds), the addresses, and
 * what is made of the bits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/base/random.h"
#include "engine/numeric/kernels.h"

static void test_known_answers(void **state) {
  (void)state;
  static const struct {
    uint32_t counter[4], key[2], answer[4];
  } known[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
       {0xffffffff, 0xffffffff},
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, /* digits of pi */
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    uint32_t out[4];
    syn_philox(out, known[i].counter, known[i].key);
    assert_memory_equal(out, known[i].answer, sizeof out);
  }
}

/* Word index % 4 at counter (index / 4, major, stream, 0), key from the seed, low half first. */
static void test_address(void **state) {
  (void)state;
  const uint64_t seed = UINT64_C(0x299f31d0a4093822);
  const uint32_t key[2] = {0xa4093822, 0x299f31d0}, counter[4] = {5, 9, SYN_STREAM_BATCH, 0};
  uint32_t out[4];
  syn_philox(out, counter, key);
  for (uint32_t w = 0; w < 4; w++)
    assert_int_equal(syn_random_bits(seed, SYN_STREAM_BATCH, 9, 20 + w), out[w]);
  assert_true(syn_random_uniform(seed, SYN_STREAM_BATCH, 9, 20) ==
              (float)(out[0] >> 8) / 16777216.0f);
}

/* The 16-bit number of synapse 128 q + 16 c + l: half c of the output of counter 16 q + l. */
static void test_synapse_address(void **state) {
  (void)state;
  const uint64_t seed = UINT64_C(0x123456789abcdef0);
  const uint32_t key[2] = {0x9abcdef0, 0x12345678};
  for (uint32_t s = 0; s < 400; s++) {
    uint32_t q = s / 128, c = s % 128 / 16, l = s % 16, out[4];
    uint32_t counter[4] = {16 * q + l, 321, SYN_STREAM_EXPLORE, 0};
    syn_philox(out, counter, key);
    uint32_t want = c % 2 ? out[c / 2] >> 16 : out[c / 2] & 0xffff;
    assert_int_equal(syn_synapse_bits(seed, SYN_STREAM_EXPLORE, 321, s), want);
  }
}

/* 2^20 numbers in [0,1): mean and variance within 4 standard errors of theirs, each 16th about as full as the
 * others (chi square, 15 degrees of freedom: above 44.3 once in 10,000 seeds; the seed is fixed). */
static void test_uniform(void **state) {
  (void)state;
  enum { N = 1 << 20, BINS = 16 };
  double sum = 0.0, squares = 0.0, chi = 0.0;
  size_t bins[BINS] = {0};
  for (size_t i = 0; i < N; i++) {
    float u = syn_random_uniform(7, SYN_STREAM_WEIGHTS, 1, i);
    assert_true(u >= 0.0f && u < 1.0f);
    sum += (double)u;
    squares += ((double)u - 0.5) * ((double)u - 0.5);
    bins[(size_t)(u * BINS)]++;
  }
  assert_true(fabs(sum / N - 0.5) < 4.0 * sqrt(1.0 / 12.0 / N));
  assert_true(fabs(squares / N - 1.0 / 12.0) < 4.0 * sqrt(1.0 / 180.0 / N));
  for (size_t b = 0; b < BINS; b++)
    chi += pow((double)bins[b] - (double)N / BINS, 2.0) / ((double)N / BINS);
  assert_true(chi < 44.3);
}

static void test_normal(void **state) {
  (void)state;
  enum { N = 65536 };
  double sum = 0.0, squares = 0.0, cubes = 0.0, fourths = 0.0;
  size_t beyond = 0;
  for (size_t i = 0; i < N; i++) {
    double x = syn_random_normal(7, SYN_STREAM_WEIGHTS, 1, i);
    assert_true(isfinite(x));
    sum += x;
    squares += x * x;
    cubes += x * x * x;
    fourths += x * x * x * x;
    beyond += fabs(x) > 1.959963985;
  }
  assert_true(fabs(sum / N) < 4.0 / sqrt(N));
  assert_true(fabs(squares / N - 1.0) < 4.0 * sqrt(2.0 / N));
  assert_true(fabs(cubes / N) < 4.0 * sqrt(15.0 / N));
  assert_true(fabs(fourths / N - 3.0) < 4.0 * sqrt(96.0 / N));
  assert_true(fabs((double)beyond / N - 0.05) < 4.0 * sqrt(0.05 * 0.95 / N));
}

/* As it is specified: from the top, each place by the number at its address. */
static void permute(uint32_t *order, size_t n) {
  for (size_t i = 0; i < n; i++)
    order[i] = (uint32_t)i;
  for (size_t i = n; i-- > 1;) {
    size_t j = (size_t)((uint64_t)syn_random_bits(3, SYN_STREAM_SPLIT, 0, i) * (i + 1) >> 32);
    uint32_t swap = order[i];
    order[i] = order[j];
    order[j] = swap;
  }
}

static void test_permutation(void **state) {
  (void)state;
  enum { MOST = 1000 };
  static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, MOST};
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
    uint32_t order[MOST], again[MOST];
    int seen[MOST] = {0};
    size_t n = sizes[k], fixed = 0;
    syn_random_permutation(order, n, 3, SYN_STREAM_SPLIT, 0);
    permute(again, n);
    assert_memory_equal(order, again, n * sizeof *order);
    for (size_t i = 0; i < n; i++) {
      assert_true(order[i] < n);
      assert_false(seen[order[i]]++);
      fixed += order[i] == i;
    }
    if (n == MOST)
      assert_true(fixed < 8); /* one in the mean; 8 or more once in 100,000 seeds */
  }
}

/* Another seed, stream or major gives another order. */
static void test_permutations_differ(void **state) {
  (void)state;
  enum { N = 100 };
  uint32_t order[5][N];
  syn_random_permutation(order[0], N, 3, SYN_STREAM_SPLIT, 0);
  syn_random_permutation(order[1], N, 4, SYN_STREAM_SPLIT, 0);
  syn_random_permutation(order[2], N, 3, SYN_STREAM_BATCH, 0);
  syn_random_permutation(order[3], N, 3, SYN_STREAM_SPLIT, 1);
  syn_random_permutation(order[4], N, 3 + (UINT64_C(1) << 32), SYN_STREAM_SPLIT, 0);
  for (int a = 0; a < 5; a++)
    for (int b = 0; b < a; b++)
      assert_memory_not_equal(order[a], order[b], sizeof order[a]);
}

/* All six orders of three things come equally often: 6,000 draws, chi square with 5 degrees of
 * freedom, above 25.7 once in 10,000 choices of seeds; they are fixed. */
static void test_permutation_is_fair(void **state) {
  (void)state;
  double chi = 0.0;
  size_t count[3][3] = {{0}};
  for (uint64_t seed = 0; seed < 6000; seed++) {
    uint32_t order[3];
    syn_random_permutation(order, 3, seed, SYN_STREAM_BATCH, 1);
    count[order[0]][order[1]]++;
  }
  for (size_t a = 0; a < 3; a++)
    for (size_t b = 0; b < 3; b++)
      if (a != b)
        chi += pow((double)count[a][b] - 1000.0, 2.0) / 1000.0;
  assert_true(chi < 25.7);
}

/* Neighbours in every part of the address give other numbers. */
static void test_streams_differ(void **state) {
  (void)state;
  uint32_t here = syn_random_bits(1, SYN_STREAM_WEIGHTS, 1, 8);
  assert_int_not_equal(here, syn_random_bits(2, SYN_STREAM_WEIGHTS, 1, 8));
  assert_int_not_equal(here, syn_random_bits(1 + (UINT64_C(1) << 32), SYN_STREAM_WEIGHTS, 1, 8));
  assert_int_not_equal(here, syn_random_bits(1, SYN_STREAM_TARGET, 1, 8));
  assert_int_not_equal(here, syn_random_bits(1, SYN_STREAM_WEIGHTS, 2, 8));
  assert_int_not_equal(here, syn_random_bits(1, SYN_STREAM_WEIGHTS, 1, 9));
  assert_int_not_equal(here, syn_random_bits(1, SYN_STREAM_WEIGHTS, 1, 8 + (UINT64_C(1) << 34)));
}

static void test_explore_thresholds(void **state) {
  (void)state;
  static const struct {
    double epsilon;
    uint32_t want[3];
  } known[] = {{0.0, {0, 0, 0}},
               {1.0, {21845, 43691, 65536}},
               {0.1, {2185, 4369, 6554}},
               {0.25, {5461, 10923, 16384}}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    uint32_t out[3];
    syn_explore_thresholds(out, known[i].epsilon);
    assert_memory_equal(out, known[i].want, sizeof out);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_known_answers),
      cmocka_unit_test(test_address),
      cmocka_unit_test(test_synapse_address),
      cmocka_unit_test(test_uniform),
      cmocka_unit_test(test_normal),
      cmocka_unit_test(test_permutation),
      cmocka_unit_test(test_permutations_differ),
      cmocka_unit_test(test_permutation_is_fair),
      cmocka_unit_test(test_streams_differ),
      cmocka_unit_test(test_explore_thresholds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
