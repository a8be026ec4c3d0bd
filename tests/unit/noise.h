/* Images of noise for tests, labels in turn. Held until the next call. */
#ifndef SYN_TESTS_NOISE_H
#define SYN_TESTS_NOISE_H

#include "engine/base/random.h"
#include "engine/data/images.h"

static inline const syn_images *noise_images(size_t n, size_t side, size_t classes) {
  static uint8_t pixels[90 * 28 * 28], labels[240]; /* enough for all who ask */
  static syn_images images;
  for (size_t i = 0; i < n * side * side; i++)
    pixels[i] = (uint8_t)(syn_random_bits(5, SYN_STREAM_POINTS, 0, i) >> 24);
  for (size_t i = 0; i < n; i++)
    labels[i] = (uint8_t)(i % classes);
  images = (syn_images){.n = n, .width = side, .height = side, .classes = classes};
  images.pixels = pixels;
  images.labels = labels;
  return &images;
}

#endif
