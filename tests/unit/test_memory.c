/* What a set costs: its pixels, and little else, whatever it is packed in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "tests/unit/sets.h"

#define N      40000
#define PIXELS ((long)N * SETS_SIDE * SETS_SIDE)

static long most_bytes(void) {
  struct rusage usage;
  assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
  return usage.ru_maxrss * 1024;
}

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

static void test_many_small_images(void **state) {
  (void)state;
  if (SANITIZED) { /* which keeps what is freed, to see whether it is used */
    print_message("memory is not counted under the address sanitizer\n");
    return;
  }
  sets_member *members = calloc(N, sizeof *members);
  char(*names)[32] = calloc(N, sizeof *names);
  sets_file file[2];
  assert_true(members && names);
  sets_grey(&file[0], 1);
  sets_grey(&file[1], 2);
  for (size_t i = 0; i < N; i++) {
    snprintf(names[i], sizeof names[i], "SET/%c/%06zu.png", 'A' + (int)(i % 10), i);
    members[i] = (sets_member){.name = names[i], .bytes = file[i % 2].bytes, .n = file[i % 2].n};
  }
  sets_pack(sets_path("many.tar"), "ustar", NULL, members, N);
  free(names);
  free(members);
  long before = most_bytes();
  syn_images *images = sets_open("many.tar");
  long cost = most_bytes() - before;
  assert_int_equal(images->n, N);
  print_message("%ld MiB of pixels cost %ld MiB\n", PIXELS >> 20, cost >> 20);
  assert_true(cost < PIXELS + PIXELS / 2); /* twice the pixels would be two copies of them */
  syn_images_close(images);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_many_small_images)};
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
