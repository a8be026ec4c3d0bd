/* The AVX-VNNI product on a CPU that has only its AVX-512 twin: the same instruction in another
 * coding, so the source is compiled a second time with the one put for the other. */
#include <immintrin.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define _mm256_dpbusd_avx_epi32 _mm256_dpbusd_epi32
#define syn_lattice_avxvnni     lattice_under_test
#include "engine/numeric/lattice_avxvnni.c"
#include "engine/base/random.h"

static void compare(size_t blocks, size_t groups, size_t units) {
  size_t nx = blocks * groups * 64, na = units * groups * 4, nd = blocks * units * 16;
  uint8_t *X = aligned_alloc(64, nx);
  int8_t *A = aligned_alloc(64, (na + 63) / 64 * 64);
  int32_t *got = aligned_alloc(64, nd * 4), *want = aligned_alloc(64, nd * 4);
  for (size_t i = 0; i < nx; i++)
    X[i] = (uint8_t)syn_random_bits(1, SYN_STREAM_POINTS, 0, i);
  for (size_t i = 0; i < na; i++)
    A[i] = (int8_t)(syn_random_bits(1, SYN_STREAM_POINTS, 1, i) % 3) - 1;
  for (size_t i = 0; i < nd; i++)
    got[i] = want[i] = (int32_t)i;
  lattice_under_test(got, got, X, A, blocks, groups, units, 1);
  syn_lattice_portable(want, want, X, A, blocks, groups, units, 1);
  assert_memory_equal(got, want, nd * 4);
  free(X);
  free(A);
  free(got);
  free(want);
}

static void test_sizes(void **state) {
  (void)state;
  if (!__builtin_cpu_supports("avx512vnni") || !__builtin_cpu_supports("avx512vl")) {
    print_message("SKIPPED: this CPU has no AVX-512 VNNI\n");
    skip();
  }
  for (size_t units = 1; units <= 33; units++) {
    compare(1, 1, units);
    compare(3, 65, units);
  }
  compare(2, 196, 256);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
