/* What the golden runs share: images, and options by name. */
#ifndef SYN_TESTS_GOLDEN_RUNS_H
#define SYN_TESTS_GOLDEN_RUNS_H

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/random.h"
#include "engine/data/images.h"
#include "engine/train/options.h"

/* 480 images of 10 classes: a bright bar whose place tells the class, on noise. */
static inline syn_images *make_images(void) {
  enum { N = 480, SIDE = 28, DIM = SIDE * SIDE };
  static uint8_t pixels[N * DIM], labels[N];
  static syn_images images = {.n = N, .width = SIDE, .height = SIDE, .classes = 10};
  for (size_t n = 0; n < N; n++) {
    labels[n] = (uint8_t)(n % 10);
    for (size_t i = 0; i < DIM; i++) {
      uint32_t noise = syn_random_bits(99, SYN_STREAM_POINTS, 0, n * DIM + i) >> 24;
      int bar = i / SIDE / 3 == labels[n] || i % SIDE / 3 == labels[n];
      pixels[n * DIM + i] = (uint8_t)(bar ? 128 + noise / 2 : noise / 2);
    }
  }
  images.pixels = pixels;
  images.labels = labels;
  return &images;
}

/* "name value name value ..." */
static inline syn_status set_others(syn_options *o, const char *pairs, syn_ctx *ctx) {
  char name[32], value[32], *end;
  syn_status status = SYN_OK;
  for (int n = 0; !status && sscanf(pairs, "%31s %31s%n", name, value, &n) == 2; pairs += n) {
    double number = strtod(value, &end);
    status = *end ? syn_options_set_text(o, name, value, ctx)
                  : syn_options_set_number(o, name, number, ctx);
  }
  return status;
}

#endif
