/* Sets with parts, and with transparent images, as a folder and in every packing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include "tests/unit/trees.h"

/* ---- parts ----------------------------------------------------------------------------------- */

static void test_parts_are_the_split(void **state) {
  (void)state;
  static const char *const names[] = {"train/A/0.png", "train/A/1.png", "train/B/0.png",
                                      "train/B/1.png", "test/A/0.png",  "test/B/0.png"};
  static const uint8_t validates[] = {0, 0, 1, 0, 0, 1};
  tree t = {.n = 0};
  char digest[SYN_DIGEST_SIZE];
  for (uint32_t i = 0; i < 6; i++)
    add_png(&t, names[i], i + 1);
  everywhere(&t, 6, "");
  syn_images *images = sets_open(pack(&t, 0));
  assert_int_equal(images->classes, 2);
  assert_non_null(images->validates);
  assert_memory_equal(images->validates, validates, 6);
  assert_non_null(strstr(images->layout, "train trains, test validates"));
  memcpy(digest, images->digest, sizeof digest);
  syn_images_close(images);

  /* The same the other way round: the digest covers who validates. */
  t.members[4].name = "train/A/2.png";
  t.members[1].name = "test/A/1.png";
  images = sets_open(pack(&t, 1));
  assert_string_not_equal(images->digest, digest);
  syn_images_close(images);

  /* CLASS/PART is the same set. */
  static const char *const other[] = {"A/train/0.png", "A/train/1.png", "B/train/0.png",
                                      "B/train/1.png", "A/test/0.png",  "B/test/0.png"};
  t.n = 0;
  for (uint32_t i = 0; i < 6; i++)
    add_png(&t, other[i], i + 1);
  images = sets_open(pack(&t, 3));
  assert_string_equal(images->digest, digest);
  syn_images_close(images);
}

static void test_a_third_part_is_left_out(void **state) {
  (void)state;
  static const char *const names[] = {"train/A/0.png", "train/B/0.png", "val/A/0.png",
                                      "val/B/0.png",   "test/A/0.png",  "test/B/0.png"};
  tree t = {.n = 0};
  for (uint32_t i = 0; i < 6; i++)
    add_png(&t, names[i], i + 1);
  everywhere(&t, 4, "test/A: 1 image left out: another part validates");
}

/* ---- transparent ground ---------------------------------------------------------------------- */

static void add_glyph(tree *t, const char *name, uint8_t ink, uint32_t seed) {
  uint8_t rows[PIXELS * 2], mask[PIXELS];
  sets_pixels(mask, seed);
  for (size_t i = 0; i < PIXELS; i++) {
    rows[2 * i] = ink;
    rows[2 * i + 1] = mask[i];
  }
  sets_png(
      &t->files[t->n],
      &(sets_form){
          .width = SETS_SIDE, .height = SETS_SIDE, .depth = 8, .colour = PNG_COLOR_TYPE_GRAY_ALPHA},
      rows, SETS_SIDE * 2);
  t->members[t->n] =
      (sets_member){.name = name, .bytes = t->files[t->n].bytes, .n = t->files[t->n].n};
  t->n++;
}

static void test_black_glyphs_on_nothing_lie_on_white(void **state) {
  (void)state;
  tree t = {.n = 0};
  uint8_t mask[PIXELS];
  add_glyph(&t, "A/0.png", 0, 1);
  add_glyph(&t, "B/0.png", 0, 2);
  syn_images *images = sets_open(pack(&t, 1));
  sets_pixels(mask, 1);
  for (size_t i = 0; i < PIXELS; i++)
    assert_int_equal(images->pixels[i], 255 - mask[i]);
  assert_int_equal(images->transparent, 2);
  syn_images_close(images);
}

static void test_images_all_of_one_grey_are_refused(void **state) {
  (void)state;
  tree t = {.n = 0};
  add_glyph(&t, "A/0.png", 255, 1);
  add_glyph(&t, "B/0.png", 255, 2);
  refused_everywhere(&t, "every pixel of every image is 255 nothing to learn white");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_parts_are_the_split),
      cmocka_unit_test(test_a_third_part_is_left_out),
      cmocka_unit_test(test_black_glyphs_on_nothing_lie_on_white),
      cmocka_unit_test(test_images_all_of_one_grey_are_refused),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
