/* exp, log and tanh of numeric/vec.h against libm in double: the worst errors that its comment
 * states, over every 61st float (in the comment: over all); the ends of their ranges. And choosing
 * a table, packing, the dense products. Whether all tables give the same bits is what
 * tests/golden/kernels.c asks. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/numeric/blas.h"
#include "engine/numeric/kernels.h"
#include "engine/numeric/vec.h"

/* ---- accuracy ---------------------------------------------------------------------------------- */

static float from_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static uint32_t to_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/* Spacing of the floats at a value. */
static double ulp(double value) {
  int e;
  frexp(value, &e);
  return ldexp(1.0, (e < FLT_MIN_EXP ? FLT_MIN_EXP : e) - FLT_MANT_DIG);
}

/* Worst error over the floats from `first` to `last` of one sign, in ulp of the true value. */
static double worst(syn_vf (*f)(syn_vf), double (*truth)(double), float first, float last) {
  double most = 0.0;
  for (uint32_t bits = to_bits(first), end = to_bits(last); bits <= end;) {
    syn_vf x;
    for (int s = 0; s < SYN_VLANES; s++, bits += 61)
      x[s] = bits <= end ? from_bits(bits) : last;
    syn_vf y = f(x);
    for (int s = 0; s < SYN_VLANES; s++) {
      double want = truth((double)x[s]), error = fabs((double)y[s] - want) / ulp(want);
      most = error <= most ? most : error;
    }
  }
  return most;
}

static void test_exp(void **state) {
  (void)state;
  assert_true(worst(syn_vexp, exp, 0.0f, 88.7f) < 1.1);
  assert_true(worst(syn_vexp, exp, -0.0f, -84.0f) < 1.1);
  assert_true(worst(syn_vexp, exp, -84.0f, -87.33f) < 1.3);
  assert_true(syn_exp(0.0f) == 1.0f);
  assert_true(syn_exp(-87.34f) == 0.0f);
  assert_true(syn_exp(-FLT_MAX) == 0.0f);
  assert_true(syn_exp(-INFINITY) == 0.0f);
  assert_true(syn_exp(88.71f) == INFINITY);
  assert_true(syn_exp(INFINITY) == INFINITY);
  assert_true(isnan(syn_exp(NAN)));
}

static void test_log(void **state) {
  (void)state;
  assert_true(worst(syn_vlog, log, FLT_MIN, FLT_MAX) < 0.85);
  assert_true(syn_log(1.0f) == 0.0f);
  assert_true(isnan(syn_log(NAN)));
}

static void test_tanh(void **state) {
  (void)state;
  assert_true(worst(syn_vtanh, tanh, 0.0f, FLT_MAX) < 1.55);
  for (float x = 0.0f; x < 12.0f; x += 0.01f) {
    assert_true(syn_tanh(-x) == -syn_tanh(x));
    assert_true(syn_tanh(x) <= 1.0f);
  }
  assert_int_equal(to_bits(syn_tanh(-0.0f)), to_bits(-0.0f));
  assert_true(syn_tanh(FLT_TRUE_MIN) == FLT_TRUE_MIN);
  assert_true(syn_tanh(9.0f) == 1.0f);
  assert_true(syn_tanh(-INFINITY) == -1.0f);
  assert_true(isnan(syn_tanh(NAN)));
}

/* ---- tables ------------------------------------------------------------------------------------ */

static void test_choice(void **state) {
  (void)state;
  const char *names[SYN_ISA_MAX];
  const syn_kernels *k;
  syn_ctx ctx = {0};
  size_t n = 0;
  syn_kernels_offered(names);
  for (; names[n]; n++) {
    assert_int_equal(syn_kernels_get(&k, names[n], &ctx), SYN_OK);
    assert_string_equal(k->isa, names[n]);
  }
  assert_string_equal(names[n - 1], "portable");
  assert_int_equal(syn_kernels_get(&k, NULL, &ctx), SYN_OK);
  assert_string_equal(k->isa, names[0]);
  assert_int_equal(syn_kernels_get(&k, "mmx", &ctx), SYN_EINVAL);
  assert_null(k);
  assert_non_null(strstr(ctx.error, "'mmx'"));
  assert_non_null(strstr(ctx.error, "portable"));
}

/* 18 samples of 6 pixels in reverse order: 2 blocks of 2 groups, zeros behind. */
static void test_pack(void **state) {
  (void)state;
  enum { N = 18, DIM = 6 };
  uint8_t pixels[N * DIM], X[2 * 2 * 64];
  float h[2 * DIM * 16];
  uint32_t rows[N];
  for (size_t i = 0; i < sizeof pixels; i++)
    pixels[i] = (uint8_t)(2 * i + 1);
  for (uint32_t s = 0; s < N; s++)
    rows[s] = N - 1 - s;
  for (int picked = 0; picked < 2; picked++) {
    memset(X, 99, sizeof X);
    memset(h, 99, sizeof h);
    syn_pack_bytes(X, pixels, picked ? rows : NULL, N, DIM);
    syn_pack_floats(h, pixels, picked ? rows : NULL, N, DIM);
    for (size_t s = 0; s < 32; s++)
      for (size_t i = 0; i < 8; i++) {
        size_t row = picked ? N - 1 - s : s;
        uint8_t want = s < N && i < DIM ? pixels[row * DIM + i] : 0;
        assert_int_equal(X[((s / 16 * 2 + i / 4) * 16 + s % 16) * 4 + i % 4], want);
        if (i < DIM)
          assert_true(h[(s / 16 * DIM + i) * 16 + s % 16] == (float)want / 255.0f);
      }
  }
}

/* ---- dense products to compare with ------------------------------------------------------------ */

static void test_blas(void **state) {
  (void)state;
  /* A (2,3), B (3,2); small whole numbers are exact in any order of sums. */
  const float A[] = {1, 2, 3, 4, 5, 6}, Bt[] = {7, 9, 11, 8, 10, 12};
  const float want[] = {58, 64, 139, 154};
  float C[4];
  assert_int_equal(syn_blas_open(NULL), SYN_OK);
  syn_blas_nt(C, A, Bt, 2, 2, 3);
  assert_memory_equal(C, want, sizeof C);
  assert_true(strlen(syn_blas_core()) > 0);
  assert_non_null(strstr(syn_blas_config(), "OpenBLAS"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_exp),    cmocka_unit_test(test_log),  cmocka_unit_test(test_tanh),
      cmocka_unit_test(test_choice), cmocka_unit_test(test_pack), cmocka_unit_test(test_blas),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
