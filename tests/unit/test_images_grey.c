/* PNGs of every depth and colour type, as grey pixels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include "engine/data/png.h"
#include "tests/unit/sets.h"

#define SIDE   SETS_SIDE
#define PIXELS (SIDE * SIDE)

static uint8_t byte(uint32_t i, uint32_t k) {
  return (uint8_t)((i * 37 + k * 101 + i * i) % 256);
}

static unsigned grey_of(unsigned r, unsigned g, unsigned b) {
  return (299 * r + 587 * g + 114 * b + 500) / 1000;
}

static unsigned over_white(unsigned v, unsigned alpha) {
  return (v * alpha + 255 * (255 - alpha) + 127) / 255;
}

/* Decodes and compares with want(i) for every pixel. */
static void assert_decodes(const sets_form *form, const uint8_t *rows, size_t stride,
                           const uint8_t want[PIXELS]) {
  sets_file file;
  uint8_t got[PIXELS];
  char why[SYN_PNG_WHY] = "";
  int clear = -1, alpha = form->colour == PNG_COLOR_TYPE_GRAY_ALPHA ||
                          form->colour == PNG_COLOR_TYPE_RGB_ALPHA || form->opacity;
  for (int interlaced = 0; interlaced < 2; interlaced++) {
    sets_form f = *form;
    f.width = f.height = SIDE;
    f.interlaced = interlaced;
    sets_png(&file, &f, rows, stride);
    if (syn_png_read(got, &clear, SIDE, SIDE, file.bytes, file.n, why) != SYN_PNG_READ)
      fail_msg("depth %d, colour type %d: %s", f.depth, f.colour, why);
    assert_memory_equal(got, want, PIXELS);
    assert_int_equal(clear, alpha);
  }
}

static void test_colour_and_alpha(void **state) {
  (void)state;
  static const struct {
    int colour, channels;
  } kinds[] = {{PNG_COLOR_TYPE_GRAY, 1},
               {PNG_COLOR_TYPE_GRAY_ALPHA, 2},
               {PNG_COLOR_TYPE_RGB, 3},
               {PNG_COLOR_TYPE_RGB_ALPHA, 4}};
  for (size_t k = 0; k < 4; k++) {
    uint8_t rows[PIXELS * 4], want[PIXELS];
    size_t c = (size_t)kinds[k].channels;
    for (uint32_t i = 0; i < PIXELS; i++) {
      for (uint32_t j = 0; j < c; j++)
        rows[i * c + j] = byte(i, j);
      unsigned v = c < 3 ? byte(i, 0) : grey_of(byte(i, 0), byte(i, 1), byte(i, 2));
      want[i] = (uint8_t)(c % 2 ? v : over_white(v, byte(i, (uint32_t)c - 1)));
    }
    assert_decodes(&(sets_form){.depth = 8, .colour = kinds[k].colour}, rows, SIDE * c, want);
  }
  /* By hand: pure red, green, blue, white; half-covered white and black, and black not there. */
  assert_int_equal(grey_of(255, 0, 0), 76);
  assert_int_equal(grey_of(0, 255, 0), 150);
  assert_int_equal(grey_of(0, 0, 255), 29);
  assert_int_equal(grey_of(255, 255, 255), 255);
  assert_int_equal(over_white(255, 128), 255);
  assert_int_equal(over_white(0, 128), 127);
  assert_int_equal(over_white(0, 0), 255);
}

/* `bits` a sample, packed from the high end. */
static void put_bits(uint8_t *row, size_t x, unsigned bits, unsigned value) {
  size_t at = x * bits;
  row[at / 8] = (uint8_t)(row[at / 8] | value << (8 - bits - at % 8));
}

static void test_few_bits(void **state) {
  (void)state;
  for (unsigned bits = 1; bits <= 4; bits *= 2) {
    uint8_t rows[SIDE * SIDE] = {0}, want[PIXELS];
    unsigned top = (1u << bits) - 1;
    size_t stride = SIDE * bits / 8 + (SIDE * bits % 8 != 0);
    for (size_t i = 0; i < PIXELS; i++) {
      unsigned value = byte((uint32_t)i, 0) & top;
      put_bits(rows + i / SIDE * stride, i % SIDE, bits, value);
      want[i] = (uint8_t)(value * 255 / top);
    }
    assert_decodes(&(sets_form){.depth = (int)bits, .colour = PNG_COLOR_TYPE_GRAY}, rows, stride,
                   want);
  }
}

static void test_palettes(void **state) {
  (void)state;
  uint8_t palette[16 * 3], opacity[16];
  for (uint32_t i = 0; i < 48; i++)
    palette[i] = byte(i, 5);
  for (uint32_t i = 0; i < 16; i++)
    opacity[i] = byte(i, 9);
  for (unsigned bits = 1; bits <= 8; bits *= 2)
    for (int clear = 0; clear < 2; clear++) {
      uint8_t rows[SIDE * SIDE] = {0}, want[PIXELS];
      unsigned top = bits < 4 ? (1u << bits) - 1 : 15;
      size_t stride = SIDE * bits / 8 + (SIDE * bits % 8 != 0);
      for (size_t i = 0; i < PIXELS; i++) {
        unsigned at = byte((uint32_t)i, 0) & top;
        put_bits(rows + i / SIDE * stride, i % SIDE, bits, at);
        unsigned v = grey_of(palette[3 * at], palette[3 * at + 1], palette[3 * at + 2]);
        want[i] = (uint8_t)(clear ? over_white(v, opacity[at]) : v);
      }
      assert_decodes(&(sets_form){.depth = (int)bits,
                                  .colour = PNG_COLOR_TYPE_PALETTE,
                                  .palette = palette,
                                  .opacity = clear ? opacity : NULL,
                                  .colours = (int)top + 1},
                     rows, stride, want);
    }
}

static void test_written_is_read(void **state) {
  (void)state;
  uint8_t pixels[PIXELS], got[PIXELS];
  char why[SYN_PNG_WHY];
  syn_ctx ctx = {0};
  size_t n;
  sets_pixels(pixels, 77);
  assert_int_equal(syn_png_write(sets_path("w.png"), pixels, SIDE, SIDE, &ctx), SYN_OK);
  uint8_t *bytes = sets_read(sets_path("w.png"), &n);
  assert_int_equal(syn_png_read(got, NULL, SIDE, SIDE, bytes, n, why), SYN_PNG_READ);
  assert_memory_equal(got, pixels, PIXELS);
  free(bytes);
  assert_int_equal(syn_png_write(sets_path("no/w.png"), pixels, SIDE, SIDE, &ctx), SYN_EIO);
  assert_non_null(strstr(ctx.error, "no/w.png: cannot be written"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_colour_and_alpha),
      cmocka_unit_test(test_few_bits),
      cmocka_unit_test(test_palettes),
      cmocka_unit_test(test_written_is_read),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
