/* A sound pair of IDX files for tests, written here by the description of the format on MNIST's page.
 * Include it behind cmocka.h. */
#ifndef SYN_TESTS_IDX_H
#define SYN_TESTS_IDX_H

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/sets.h"

#define PIXELS (SETS_SIDE * SETS_SIDE)
#define N      5

static const uint8_t classes[N] = {7, 0, 7, 3, 0};

typedef struct files {
  uint8_t images[16 + N * PIXELS], labels[8 + N];
} files;

static inline files sound(void) {
  files f = {.images = {0, 0, 8, 3, 0, 0, 0, N, 0, 0, 0, SETS_SIDE, 0, 0, 0, SETS_SIDE},
             .labels = {0, 0, 8, 1, 0, 0, 0, N}};
  for (uint32_t i = 0; i < N; i++)
    sets_pixels(f.images + 16 + i * PIXELS, i + 1);
  memcpy(f.labels + 8, classes, N);
  return f;
}

/* The pair in a folder of its own, each plain or gzipped. */
static inline void write_pair(const char *folder, const files *f, int gz_images, int gz_labels) {
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
static inline void assert_sound(const char *path) {
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

#endif
