/* Archives that are not whole: cut, holed or with a wrong checksum they are an error, never another set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/trees.h"

/* Whatever is cut off, and wherever: all images, or an error. */
static void test_cut_anywhere_is_all_or_an_error(void **state) {
  (void)state;
  static const char *const kinds[][2] = {{"ustar", NULL},  {"pax", NULL}, {"gnutar", NULL},
                                         {"newc", NULL},   {"odc", NULL}, {"zip", NULL},
                                         {"ustar", "gzip"}};
  tree t;
  small(&t);
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    size_t n;
    sets_pack(sets_path("whole"), kinds[k][0], kinds[k][1], t.members, t.n);
    uint8_t *bytes = sets_read(sets_path("whole"), &n);
    for (size_t at = 0; at < n; at += at % 512 ? 17 : 1) {
      syn_ctx ctx = {0};
      syn_images *images;
      sets_write(sets_path("cut"), bytes, at);
      if (syn_images_open(&images, sets_path("cut"), &ctx) == SYN_OK && images->n != t.n)
        fail_msg("%s cut at %zu of %zu: %zu images", kinds[k][0], at, n, images->n);
      syn_images_close(images);
    }
    free(bytes);
  }
}

/* A zip bears every name twice; a bit flipped in one of them, or a directory that is cut or has lost an
 * entry, is damage and never another class. */
static void test_names_in_a_zip_agree(void **state) {
  (void)state;
  tree t;
  size_t n, seen = 0;
  small(&t);
  sets_pack(sets_path("names.zip"), "zip", NULL, t.members, t.n);
  uint8_t *bytes = sets_read(sets_path("names.zip"), &n);
  for (size_t at = 0; at + 7 <= n; at++)
    if (memcmp(bytes + at, "A/1.png", 7) == 0) {
      bytes[at] = 'B';
      bytes[at + 2] = '7';
      sets_write(sets_path("other.zip"), bytes, n);
      sets_refused("other.zip", "damaged one name another");
      bytes[at] = 'A';
      bytes[at + 2] = '1';
      seen++;
    }
  assert_int_equal(seen, 2);
  for (size_t cut = 1; cut < 22 + 40; cut += 10) {
    sets_write(sets_path("other.zip"), bytes, n - cut);
    sets_refused("other.zip", "directory that ends a zip is missing");
  }
  bytes[n - 12]--;
  sets_write(sets_path("other.zip"), bytes, n);
  sets_refused("other.zip", "another number of members");
  bytes[n - 12]++;
  FILE *file = fopen(sets_path("other.zip"), "wb"); /* as those that unpack themselves */
  assert_non_null(file);
  assert_int_equal(fwrite("#!/bin/sh\n", 1, 10, file), 10);
  assert_int_equal(fwrite(bytes, 1, n, file), n);
  assert_int_equal(fclose(file), 0);
  free(bytes);
  syn_images *images = sets_open("other.zip");
  assert_int_equal(images->n, 4);
  syn_images_close(images);
}

/* A header of zeros in the middle looks like the end. */
static void test_a_hole_is_no_end(void **state) {
  (void)state;
  tree t;
  small(&t);
  size_t n;
  sets_pack(sets_path("holed.tar"), "ustar", NULL, t.members, t.n);
  uint8_t *bytes = sets_read(sets_path("holed.tar"), &n);
  for (size_t at = 512; at + 512 < n; at += 512)
    if (memcmp(bytes + at, "B/0.png", 7) == 0) {
      memset(bytes + at, 0, 512);
      break;
    }
  sets_write(sets_path("holed.tar"), bytes, n);
  free(bytes);
  sets_refused("holed.tar", "damaged after members behind end");
}

/* The checksum stands at the end of a gzip file, where a reader of tars has no need to look. */
static void test_the_checksum_of_gzip_is_looked_at(void **state) {
  (void)state;
  tree t;
  small(&t);
  size_t n;
  sets_pack(sets_path("sum.tar.gz"), "ustar", "gzip", t.members, t.n);
  uint8_t *bytes = sets_read(sets_path("sum.tar.gz"), &n);
  for (size_t back = 1; back <= 8; back++) {
    bytes[n - back] ^= 1;
    sets_write(sets_path("sum.tar.gz"), bytes, n);
    sets_refused("sum.tar.gz", back > 4 ? "incorrect data check" : "incorrect length check");
    bytes[n - back] ^= 1;
  }
  bytes = realloc(bytes, 2 * n + 3);
  assert_non_null(bytes);
  memcpy(bytes + n, "abc", 3);
  sets_write(sets_path("sum.tar.gz"), bytes, n + 3);
  sets_refused("sum.tar.gz", "other bytes behind the end");
  free(bytes);
}

/* In every packing: zeros behind the data are no harm, anything else is damage, however long. */
static void test_nothing_stands_behind_packed_data(void **state) {
  (void)state;
  static const char *const filters[] = {"gzip", "bzip2", "xz"};
  enum { MORE = 200000 };
  tree t;
  small(&t);
  for (size_t f = 0; f < sizeof filters / sizeof *filters; f++) {
    size_t n;
    sets_pack(sets_path("behind.tar"), "ustar", filters[f], t.members, t.n);
    uint8_t *bytes = sets_read(sets_path("behind.tar"), &n);
    bytes = realloc(bytes, n + MORE);
    assert_non_null(bytes);
    memset(bytes + n, 0, MORE);
    for (size_t at = 0; at < MORE; at = at ? 10 * at : 1) {
      bytes[n + at] = 'x';
      sets_write(sets_path("behind.tar"), bytes, n + at + 1);
      sets_refused("behind.tar", "damaged");
      bytes[n + at] = 0;
    }
    free(bytes);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cut_anywhere_is_all_or_an_error),
      cmocka_unit_test(test_names_in_a_zip_agree),
      cmocka_unit_test(test_a_hole_is_no_end),
      cmocka_unit_test(test_the_checksum_of_gzip_is_looked_at),
      cmocka_unit_test(test_nothing_stands_behind_packed_data),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
