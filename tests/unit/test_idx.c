/* Pairs of IDX files, written here by the description of the format on MNIST's page: what loads, by
 * which paths, and every error with its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/unit/sets.h"

#define PIXELS (SETS_SIDE * SETS_SIDE)
#define N      5

static const uint8_t classes[N] = {7, 0, 7, 3, 0};

typedef struct files {
  uint8_t images[16 + N * PIXELS], labels[8 + N];
} files;

static files sound(void) {
  files f = {.images = {0, 0, 8, 3, 0, 0, 0, N, 0, 0, 0, SETS_SIDE, 0, 0, 0, SETS_SIDE},
             .labels = {0, 0, 8, 1, 0, 0, 0, N}};
  for (uint32_t i = 0; i < N; i++)
    sets_pixels(f.images + 16 + i * PIXELS, i + 1);
  memcpy(f.labels + 8, classes, N);
  return f;
}

/* The pair in a folder of its own, each plain or gzipped. */
static void write_pair(const char *folder, const files *f, int gz_images, int gz_labels) {
  char name[256];
  const sets_member images = {.name = "x", .bytes = f->images, .n = sizeof f->images};
  const sets_member labels = {.name = "x", .bytes = f->labels, .n = sizeof f->labels};
  mkdir(sets_path(folder), 0755);
  snprintf(name, sizeof name, "%s/train-images-idx3-ubyte%s", folder, gz_images ? ".gz" : "");
  sets_pack(sets_path(name), "raw", gz_images ? "gzip" : NULL, &images, 1);
  snprintf(name, sizeof name, "%s/train-labels-idx1-ubyte%s", folder, gz_labels ? ".gz" : "");
  sets_pack(sets_path(name), "raw", gz_labels ? "gzip" : NULL, &labels, 1);
}

/* By class, then by place: 1 and 4 are of class 0, 3 of class 3, 0 and 2 of class 7. */
static void assert_sound(const char *path) {
  static const uint32_t order[N] = {1, 4, 3, 0, 2};
  static const uint8_t labels[N] = {0, 0, 1, 2, 2};
  syn_images *images = sets_open(path);
  assert_int_equal(images->n, N);
  assert_int_equal(images->classes, 3);
  assert_string_equal(images->class_names[2], "007");
  assert_string_equal(images->format, "IDX files");
  assert_memory_equal(images->labels, labels, N);
  for (size_t i = 0; i < N; i++) {
    uint8_t pixels[PIXELS];
    sets_pixels(pixels, order[i] + 1);
    assert_memory_equal(images->pixels + i * PIXELS, pixels, PIXELS);
  }
  syn_images_close(images);
}

static void test_pairs(void **state) {
  (void)state;
  const files f = sound();
  for (int gz = 0; gz < 4; gz++) {
    char folder[16], name[256];
    snprintf(folder, sizeof folder, "pair%d", gz);
    write_pair(folder, &f, gz & 1, gz >> 1);
    if ((gz & 1) != gz >> 1) { /* one packed and one not: of two sets, for all one knows */
      sets_refused(folder, "missing packed another way");
      continue;
    }
    assert_sound(folder);
    snprintf(name, sizeof name, "%s/train-images-idx3-ubyte%s", folder, gz & 1 ? ".gz" : "");
    assert_sound(name);
    snprintf(name, sizeof name, "%s/train-labels-idx1-ubyte%s", folder, gz >> 1 ? ".gz" : "");
    assert_sound(name);
  }
}

static void refuse(const files *f, const char *words) {
  write_pair("bad", f, 0, 0);
  sets_refused("bad", words);
}

static void test_wrong(void **state) {
  (void)state;
  files f = sound();
  f.images[3] = 1;
  refuse(&f, "not an IDX file of images 00000803");
  f = sound();
  f.labels[3] = 3;
  refuse(&f, "not an IDX file of labels 00000801");
  f = sound();
  f.images[11] = 27;
  refuse(&f, "28x27 pixels every image must have 28x28");
  f = sound();
  f.images[7] = N + 1;
  refuse(&f, "6 entries cut short or mixed up");
  f = sound();
  memset(f.images + 4, 0xff, 4); /* 4,294,967,295 images would be 3.4 TB */
  refuse(&f, "4294967295 entries cut short or mixed up");
  f = sound();
  memset(f.labels + 8, 4, N);
  refuse(&f, "only one class, 004");
}

static void test_cut(void **state) {
  (void)state;
  const files f = sound();
  write_pair("cut", &f, 1, 1);
  size_t n;
  uint8_t *bytes = sets_read(sets_path("cut/train-images-idx3-ubyte.gz"), &n);
  sets_write(sets_path("cut/train-images-idx3-ubyte.gz"), bytes, n / 2);
  free(bytes);
  sets_refused("cut/train-images-idx3-ubyte.gz", "truncated gzip");
  sets_write(sets_path("cut/train-images-idx3-ubyte.gz"), "", 0);
  sets_refused("cut", "not an IDX file of images");
  write_pair("alone", &f, 0, 0);
  assert_int_equal(remove(sets_path("alone/train-labels-idx1-ubyte")), 0);
  sets_refused("alone", "the labels of train-images-idx3-ubyte are missing: no train-labels-idx1-ubyte");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_pairs),
      cmocka_unit_test(test_wrong),
      cmocka_unit_test(test_cut),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
