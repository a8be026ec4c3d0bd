/* The kernels of every instruction set that this CPU offers, at their edges: sums at the bounds of
 * 16 bits, activations and strides of dense, lanes that must be ignored, values known by hand,
 * nothing written beyond the end, steps in a row. That they equal the specification over many sizes
 * is what tests/golden/kernels.c asks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/random.h"
#include "engine/numeric/kernels.h"
#include "engine/numeric/vec.h"

static const syn_kernels *tables[SYN_ISA_MAX];

#define EACH_TABLE(k) for (const syn_kernels *const *each = tables, *k = *each; (k = *each); each++)
#define COUNT(array)  (sizeof(array) / sizeof *(array))

static uint32_t bits(uint32_t purpose, size_t i) {
  return syn_random_bits(99, SYN_STREAM_POINTS, purpose, i);
}

static void *take(size_t bytes) {
  void *p = aligned_alloc(64, (bytes + 64) / 64 * 64);
  assert_non_null(p);
  memset(p, 0, bytes);
  return p;
}

static float *reals(size_t n, uint32_t purpose, float range) {
  float *p = take(n * sizeof *p);
  for (size_t i = 0; i < n; i++)
    p[i] = ((float)(bits(purpose, i) >> 8) * 0x1p-23f - 1.0f) * range;
  return p;
}

static void assert_same(const syn_kernels *k, const char *what, size_t a, size_t b, const void *got,
                        const void *want, size_t bytes) {
  if (memcmp(got, want, bytes) != 0)
    fail_msg("%s: %s differs (%zu, %zu)", k->isa, what, a, b);
}

/* ---- lattice ----------------------------------------------------------------------------------- */

/* White pixels and all actions the same: D moves by 255 * inputs * action, twice in a row. Sums of 64
 * groups of actions of 1 just fit into 16 bits. */
static void test_lattice_bounds(void **state) {
  (void)state;
  static const size_t units[] = {1, 2, 3, 5, 7, 10, 13, 32, 37}, groups[] = {1, 2, 63, 64, 65, 196};
  for (size_t i = 0; i < COUNT(units); i++)
    for (size_t j = 0; j < COUNT(groups); j++)
      for (size_t blocks = 1; blocks <= 5; blocks += 1 + (blocks > 2)) {
        size_t n = blocks * units[i] * 16, nx = blocks * groups[j] * 64;
        size_t na = units[i] * groups[j] * 4;
        uint8_t *X = take(nx);
        int8_t *A = take(na);
        int32_t *D = take(n * 4);
        memset(X, 255, nx);
        for (int action = -SYN_ACTION_MAX; action <= SYN_ACTION_MAX; action++) {
          memset(A, action, na);
          EACH_TABLE(k) {
            for (size_t d = 0; d < n; d++)
              D[d] = (int32_t)d - 100;
            for (int time = 1; time <= 2; time++) {
              k->lattice(D, D, X, A, blocks, groups[j], units[i], action ? abs(action) : 1);
              for (size_t d = 0; d < n; d++)
                assert_int_equal(D[d], (int)d - 100 + time * action * 1020 * (int)groups[j]);
            }
          }
        }
        free(X);
        free(A);
        free(D);
      }
}

/* One pixel of one sample and one action at a time: each meets its own place in D and no other. */
static void test_lattice_places(void **state) {
  (void)state;
  enum { BLOCKS = 3, GROUPS = 67, UNITS = 11, ND = BLOCKS * UNITS * 16 };
  uint8_t *X = take(BLOCKS * GROUPS * 64);
  int8_t *A = take(UNITS * GROUPS * 4);
  int32_t *D = take(ND * 4);
  for (size_t t = 0; t < 400; t++) {
    size_t b = bits(1, t) % BLOCKS, u = bits(2, t) % UNITS, i = bits(3, t) % (GROUPS * 4);
    size_t s = t % 16;
    uint8_t *x = &X[((b * GROUPS + i / 4) * 16 + s) * 4 + i % 4];
    int8_t *a = &A[u * GROUPS * 4 + i];
    *x = (uint8_t)(1 + t % 255);
    *a = t % 2 ? 1 : -1;
    EACH_TABLE(k) {
      memset(D, 0, ND * 4);
      k->lattice(D, D, X, A, BLOCKS, GROUPS, UNITS, 1);
      for (size_t d = 0; d < ND; d++)
        assert_int_equal(D[d], d == (b * UNITS + u) * 16 + s ? *a * *x : 0);
    }
    *x = 0;
    *a = 0;
  }
  free(X);
  free(A);
  free(D);
}

/* ---- float kernels ----------------------------------------------------------------------------- */

/* The integer becomes a float to nearest even; ReLU makes 0 of a NaN and of -0. */
static void test_preact_edges(void **state) {
  (void)state;
  static const int32_t D[16] = {16777217, 16777219, -16777217,  1073741823, -1073741823, 0,
                                1,        -1,       2147483647, INT32_MIN,  33554435,    7};
  static const float rounded[16] = {16777216.0f,    16777220.0f, -16777216.0f, 1073741824.0f,
                                    -1073741824.0f, 0.0f,        1.0f,         -1.0f,
                                    2147483648.0f,  INT32_MIN,   33554436.0f,  7.0f};
  float z0[16] = {0}, z[16], zero = 0.0f, minus = -0.0f;
  EACH_TABLE(k) {
    k->preact(z, z0, D, 1.0f, &zero, 0, 1, 1);
    for (size_t s = 0; s < 16; s++)
      assert_true(z[s] == rounded[s]);
    for (size_t s = 0; s < 16; s++)
      z0[s] = s % 2 ? NAN : -0.0f;
    k->preact(z, z0, (const int32_t[16]){0}, -1.0f, &minus, 1, 1, 1);
    for (size_t s = 0; s < 16; s++)
      assert_true(z[s] == 0.0f && !signbit(z[s]));
    memset(z0, 0, sizeof z0);
  }
}

static void spec_dense(float *z, const float *h, const float *w, size_t stride, const float *bias,
                       int activation, size_t blocks, size_t in, size_t out) {
  for (size_t b = 0; b < blocks; b++)
    for (size_t u = 0; u < out; u++)
      for (size_t s = 0; s < 16; s++) {
        float sum = bias[u];
        for (size_t i = 0; i < in; i++) {
          float product = w[u * stride + i] * h[(b * in + i) * 16 + s];
          sum = sum + product;
        }
        if (activation == 1)
          sum = sum > 0.0f ? sum : 0.0f;
        z[(b * out + u) * 16 + s] = activation == 2 ? syn_tanh(sum) : sum;
      }
}

/* Every activation, rows with and without a gap; the float behind the last one stays. */
static void test_dense(void **state) {
  (void)state;
  static const size_t ins[] = {1, 2, 32, 100}, gaps[] = {0, 1, 29};
  size_t round = 0;
  for (size_t i = 0; i < COUNT(ins); i++)
    for (size_t out = 1; out <= 17; out++)
      for (size_t blocks = 1; blocks <= 9; blocks += 1 + blocks / 4, round++) {
        size_t in = ins[i], n = blocks * out * 16, stride = in + gaps[round % 3];
        float *h = reals(blocks * in * 16, 4, 1.0f), *w = reals(out * stride, 5, 0.7f);
        float *bias = reals(out, 6, 1.0f), *want = take(n * 4), *got = take(n * 4 + 4);
        for (int activation = 0; activation <= 2; activation++) {
          spec_dense(want, h, w, stride, bias, activation, blocks, in, out);
          EACH_TABLE(k) {
            memset(got, 0, n * 4);
            got[n] = 4711.0f;
            k->dense(got, h, w, stride, bias, activation, blocks, in, out);
            assert_same(k, "dense", in, out, got, want, n * 4);
            assert_true(got[n] == 4711.0f);
          }
        }
        free(h);
        free(w);
        free(bias);
        free(want);
        free(got);
      }
}

/* ---- losses ------------------------------------------------------------------------------------ */

/* Equal outputs: the first class is found and the loss is the logarithm of their number. */
static void test_entropy_by_hand(void **state) {
  (void)state;
  static const size_t classes[] = {2, 3, 10};
  for (size_t c = 0; c < COUNT(classes); c++) {
    float z[10 * 16];
    uint8_t y[16];
    double loss, want = 16.0 * log((double)classes[c]);
    for (size_t i = 0; i < COUNT(z); i++)
      z[i] = -3.25f;
    for (size_t s = 0; s < 16; s++)
      y[s] = (uint8_t)(s % classes[c]);
    EACH_TABLE(k) {
      uint32_t correct = 99;
      k->cross_entropy(&loss, &correct, z, y, 16, 1, classes[c]);
      assert_int_equal(correct, (16 + classes[c] - 1) / classes[c]); /* the labels that are 0 */
      assert_true(fabs(loss - want) < 1e-5 * want);
    }
  }
  /* Far apart: no loss where the label leads, the distance where it does not. */
  float z[2 * 16];
  uint8_t y[16];
  for (size_t s = 0; s < 16; s++) {
    z[s] = 500.0f;
    z[16 + s] = -500.0f;
    y[s] = s == 5;
  }
  EACH_TABLE(k) {
    double loss;
    uint32_t correct;
    k->cross_entropy(&loss, &correct, z, y, 16, 1, 2);
    assert_true(loss == 1000.0 && correct == 15);
  }
}

/* NaN, infinity and labels that are no class in lanes behind the last sample: no influence. */
static void test_ignored_lanes(void **state) {
  (void)state;
  enum { K = 3, BLOCKS = 2, N = BLOCKS * K * 16 };
  static const float garbage[] = {NAN, INFINITY, -INFINITY, 3e38f};
  for (size_t samples = 17; samples < 32; samples++) {
    float *z = reals(N, 7, 3.0f), *t = reals(N, 8, 3.0f);
    uint8_t y[BLOCKS * 16];
    for (size_t s = 0; s < sizeof y; s++)
      y[s] = (uint8_t)(bits(9, s) % K);
    EACH_TABLE(k) {
      double clean[2][BLOCKS], loss[BLOCKS];
      uint32_t right[2][BLOCKS], correct[BLOCKS];
      float *dirty = take(N * 4), *dirty_t = take(N * 4);
      uint8_t labels[BLOCKS * 16];
      k->cross_entropy(clean[0], right[0], z, y, samples, BLOCKS, K);
      k->squared_error(clean[1], right[1], z, t, samples, BLOCKS, K);
      for (size_t i = 0; i < N; i++) {
        int ignored = i / (K * 16) * 16 + i % 16 >= samples;
        dirty[i] = ignored ? garbage[i / 16 % 4] : z[i];
        dirty_t[i] = ignored ? garbage[i % 4] : t[i];
      }
      for (size_t s = 0; s < sizeof y; s++)
        labels[s] = s < samples ? y[s] : 200;
      k->cross_entropy(loss, correct, dirty, labels, samples, BLOCKS, K);
      assert_same(k, "cross_entropy", samples, 0, loss, clean[0], sizeof loss);
      assert_same(k, "its count", samples, 0, correct, right[0], sizeof correct);
      k->squared_error(loss, correct, dirty, dirty_t, samples, BLOCKS, K);
      assert_same(k, "squared_error", samples, 0, loss, clean[1], sizeof loss);
      assert_same(k, "its count", samples, 0, correct, right[1], sizeof correct);
      free(dirty);
      free(dirty_t);
    }
    free(z);
    free(t);
  }
}

/* ---- the step of the synapses ------------------------------------------------------------------ */

static void make_table(syn_step_table *t, unsigned locals, int stochastic, double epsilon) {
  *t = (syn_step_table){.locals = locals, .stochastic = stochastic};
  syn_explore_thresholds(t->explore, epsilon);
  for (unsigned h = 0; h < locals; h++) {
    t->action[h] = (int8_t)((int)(bits(10, h) % 3) - 1);
    t->low[h] = bits(11, h) % 65537;
    t->high[h] = t->low[h] + bits(12, h) % (65537 - t->low[h]);
  }
}

static int spec_action(const syn_step_table *t, uint8_t h, uint64_t seed, uint32_t iteration,
                       size_t s) {
  uint32_t u = syn_synapse_bits(seed, SYN_STREAM_EXPLORE, iteration, s);
  uint32_t v = syn_synapse_bits(seed, SYN_STREAM_POLICY, iteration, s);
  if (u < t->explore[2])
    return u < t->explore[0] ? -1 : u < t->explore[1] ? 0 : 1;
  return !t->stochastic ? t->action[h] : v < t->low[h] ? -1 : v < t->high[h] ? 0 : 1;
}

#define STEPS  4
#define BEHIND 70 /* bytes that no step may touch */

/* Several steps in place, from iteration `first` on; at the end all must be as specified. */
static void check_steps(const syn_step_table *t, uint64_t seed, uint32_t first, size_t n) {
  uint8_t *start = take(n), *history = take(n), *h = take(n + BEHIND);
  int8_t *action = take(n), *a = take(n + BEHIND);
  int32_t *lattice = take(n * 4), *K = take((n + BEHIND) * 4);
  for (size_t s = 0; s < n; s++)
    history[s] = start[s] = (uint8_t)(bits(13, s) % t->locals);
  for (uint32_t step = 0; step < STEPS; step++)
    for (size_t s = 0; s < n; s++) {
      action[s] = (int8_t)spec_action(t, history[s], seed, first + step, s);
      history[s] = syn_history_shift(history[s], action[s], t->locals);
      lattice[s] += action[s];
    }
  EACH_TABLE(k) {
    memcpy(h, start, n);
    memset(h + n, 0xee, BEHIND);
    memset(a, 0xee, n + BEHIND);
    memset(K, 0, n * 4);
    memset(K + n, 0xee, BEHIND * 4);
    for (uint32_t step = 0; step < STEPS; step++)
      k->policy_step(a, h, h, K, t, seed, first + step, n);
    assert_same(k, "action", t->locals, n, a, action, n);
    assert_same(k, "history", t->locals, n, h, history, n);
    assert_same(k, "lattice", t->locals, n, K, lattice, n * 4);
    for (size_t i = 0; i < BEHIND; i++)
      assert_true(h[n + i] == 0xee && (uint8_t)a[n + i] == 0xee &&
                  (uint32_t)K[n + i] == 0xeeeeeeee);
  }
  free(start);
  free(history);
  free(h);
  free(action);
  free(a);
  free(lattice);
  free(K);
}

static void test_steps_in_a_row(void **state) {
  (void)state;
  static const unsigned locals[] = {1, 3, 9, 27, 81, 243};
  static const size_t sizes[] = {1, 15, 16, 17, 127, 128, 129, 1000};
  static const double epsilons[] = {0.0, 0.1, 1.0};
  for (size_t l = 0; l < COUNT(locals); l++)
    for (size_t e = 0; e < COUNT(epsilons); e++)
      for (int stochastic = 0; stochastic < 2; stochastic++) {
        syn_step_table t;
        make_table(&t, locals[l], stochastic, epsilons[e]);
        for (size_t i = 0; i < COUNT(sizes); i++)
          check_steps(&t, UINT64_C(0xfedcba9876543210) + e, UINT32_MAX - 1, sizes[i]);
      }
}

/* Full exploration: thirds of -1, 0 and 1, within 4 standard errors of 1/3. */
static void test_exploration_is_even(void **state) {
  (void)state;
  enum { N = 90000 };
  syn_step_table t;
  make_table(&t, 9, 0, 1.0);
  int8_t *action = take(N);
  uint8_t *history = take(N);
  EACH_TABLE(k) {
    size_t count[3] = {0};
    memset(history, 0, N);
    k->policy_step(action, history, history, NULL, &t, 5, 1, N);
    for (size_t s = 0; s < N; s++) {
      assert_true(action[s] >= -1 && action[s] <= 1);
      count[action[s] + 1]++;
    }
    for (int i = 0; i < 3; i++)
      assert_true(fabs((double)count[i] / N - 1.0 / 3.0) < 4.0 * sqrt(2.0 / 9.0 / N));
  }
  free(action);
  free(history);
}

int main(void) {
  const char *names[SYN_ISA_MAX];
  syn_kernels_offered(names);
  for (size_t i = 0; names[i]; i++)
    if (syn_kernels_get(&tables[i], names[i], NULL) != SYN_OK)
      return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lattice_bounds),  cmocka_unit_test(test_lattice_places),
      cmocka_unit_test(test_preact_edges),    cmocka_unit_test(test_dense),
      cmocka_unit_test(test_entropy_by_hand), cmocka_unit_test(test_ignored_lanes),
      cmocka_unit_test(test_steps_in_a_row),  cmocka_unit_test(test_exploration_is_even),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
