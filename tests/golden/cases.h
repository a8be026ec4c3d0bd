/* What the golden tests of kernels share: inputs, comparison, the pinned fingerprint. */
#ifndef SYN_TESTS_GOLDEN_CASES_H
#define SYN_TESTS_GOLDEN_CASES_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/base/trace.h"
#include "engine/numeric/kernels.h"

static int wrong;                         /* cases that differ */
static syn_trace trace = SYN_TRACE_START; /* of all that the specification says */
static const syn_kernels *tables[SYN_ISA_MAX];

/* ---- inputs and comparison --------------------------------------------------------------------- */

static inline uint32_t bits(uint32_t purpose, size_t i) {
  return syn_random_bits(2024, SYN_STREAM_POINTS, purpose, i);
}

/* In [-range, range]. */
static inline float real(uint32_t purpose, size_t i, float range) {
  return ((float)(bits(purpose, i) >> 8) * 0x1p-23f - 1.0f) * range;
}

/* No byte more than asked for, so that a sanitizer sees what reads or writes beyond. */
static inline void *take(size_t bytes) {
  void *p = NULL;
  if (posix_memalign(&p, 64, bytes ? bytes : 1))
    abort();
  memset(p, 0, bytes);
  return p;
}

static inline float *reals(size_t n, uint32_t purpose, float range) {
  float *p = take(n * sizeof *p);
  for (size_t i = 0; i < n; i++)
    p[i] = real(purpose, i, range);
  return p;
}

static inline void compare(const char *what, const char *isa, size_t a, size_t b, size_t c,
                           const void *got, const void *want, size_t bytes) {
  if (memcmp(got, want, bytes) == 0)
    return;
  printf("%s: %s differs (case %zu, %zu, %zu)\n", isa, what, a, b, c);
  wrong++;
}

#define EACH_TABLE(k) for (const syn_kernels *const *each = tables, *k = *each; (k = *each); each++)

#define COUNT(array) (sizeof(array) / sizeof *(array))

static inline int open_tables(void) {
  const char *names[SYN_ISA_MAX];
  syn_ctx ctx = {0};
  syn_kernels_offered(names);
  for (size_t i = 0; names[i]; i++)
    if (syn_kernels_get(&tables[i], names[i], &ctx)) {
      printf("%s\n", ctx.error);
      return 0;
    }
  return 1;
}

/* What the program ends with: is all well, and the fingerprint the one that is pinned? */
static inline int verdict(uint64_t expected) {
  if (trace != expected) {
    printf("the specification gives %016" PRIx64 ", not %016" PRIx64 "\n", trace, expected);
    wrong++;
  }
  for (size_t i = 0; tables[i]; i++)
    printf("%s%s", i ? ", " : "", tables[i]->isa);
  printf(": %s\n", wrong ? "differences" : "all the same bits");
  return wrong != 0;
}

#endif
