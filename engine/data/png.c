#include "engine/data/png.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <png.h>
#include <zlib.h>

#define HEADER_BYTES 33 /* signature, and the whole IHDR chunk */

typedef struct source {
  const uint8_t *bytes;
  size_t n, at;
  char *why;
  jmp_buf failed;
} source;

static void on_error(png_structp png, png_const_charp message) {
  source *s = png_get_error_ptr(png);
  snprintf(s->why, SYN_PNG_WHY, "damaged PNG: %s", message);
  longjmp(s->failed, 1);
}

/* What libpng passes over in a chunk that makes pixels is damage; in a date or a profile it is not. */
static void on_warning(png_structp png, png_const_charp message) {
  if (strncmp(message, "IDAT", 4) == 0 || strncmp(message, "tRNS", 4) == 0)
    png_error(png, message);
}

static void on_read(png_structp png, png_bytep out, png_size_t n) {
  source *s = png_get_io_ptr(png);
  if (n > s->n - s->at)
    png_error(png, "it ends too early");
  memcpy(out, s->bytes + s->at, n);
  s->at += n;
}

/* Size and depth from the header, before libpng sees a byte. Its CRC comes first: a flipped bit in
 * the size is damage, and no statement about the size. */
static syn_png_verdict check_header(const uint8_t *b, size_t n, size_t width, size_t height,
                                    char *why) {
  if (n == 0) {
    snprintf(why, SYN_PNG_WHY, "empty file");
    return SYN_PNG_DAMAGED;
  }
  if (n < HEADER_BYTES || png_sig_cmp(b, 0, 8) || memcmp(b + 12, "IHDR", 4) != 0) {
    snprintf(why, SYN_PNG_WHY, "not a PNG");
    return SYN_PNG_DAMAGED;
  }
  if (crc32(crc32(0, NULL, 0), b + 12, 17) != png_get_uint_32(b + 29)) {
    snprintf(why, SYN_PNG_WHY, "damaged PNG: IHDR: CRC error");
    return SYN_PNG_DAMAGED;
  }
  if (png_get_uint_32(b + 16) != width || png_get_uint_32(b + 20) != height) {
    snprintf(why, SYN_PNG_WHY,
             "%ux%u pixels; every image must have %zux%zu: mogrify -resize %zux%zu! FILES",
             png_get_uint_32(b + 16), png_get_uint_32(b + 20), width, height, width, height);
    return SYN_PNG_WRONG;
  }
  if (b[24] == 16) {
    snprintf(why, SYN_PNG_WHY,
             "16 bits a sample; 8 or fewer are read: convert it: mogrify -depth 8 FILES");
    return SYN_PNG_WRONG;
  }
  return SYN_PNG_READ;
}

/* `channels` bytes a pixel -> one; *clear if it is not opaque. */
static uint8_t grey(const uint8_t *p, int channels, int *clear) {
  unsigned v = p[0], alpha = 255;
  if (channels >= 3)
    v = (299u * p[0] + 587u * p[1] + 114u * p[2] + 500u) / 1000u;
  if (channels == 2 || channels == 4)
    alpha = p[channels - 1];
  *clear |= alpha < 255;
  return (uint8_t)((v * alpha + 255u * (255u - alpha) + 127u) / 255u);
}

/* Colours and opacities of a palette, which libpng would take to be black beyond its end. */
typedef struct palette {
  png_colorp colours; /* NULL: the image has no palette */
  png_bytep opacity;
  int n, n_opacity;
} palette;

static palette read_palette(png_structp png, png_infop info) {
  palette p = {NULL, NULL, 0, 0};
  if (png_get_color_type(png, info) != PNG_COLOR_TYPE_PALETTE) {
    png_set_expand(png);
    return p;
  }
  png_set_packing(png);
  png_get_PLTE(png, info, &p.colours, &p.n);
  png_get_tRNS(png, info, &p.opacity, &p.n_opacity, NULL);
  return p;
}

static uint8_t grey_of_index(png_structp png, const palette *p, int index, int *clear) {
  if (index >= p->n)
    png_error(png, "a colour beyond its palette");
  const png_color *c = &p->colours[index];
  const uint8_t rgba[] = {c->red, c->green, c->blue,
                          index < p->n_opacity ? p->opacity[index] : UINT8_MAX};
  return grey(rgba, 4, clear);
}

/* Behind its end lies nothing but padding. */
static void check_end(png_structp png, const source *s) {
  for (size_t at = s->at; at < s->n; at++)
    if (s->bytes[at])
      png_error(png, "other bytes behind its end");
}

/* Everything that libpng may leave by longjmp; what it allocates hangs on png and info. */
static int decode(png_structp png, png_infop info, uint8_t *pixels, int *clear, uint8_t *rows,
                  source *s, size_t width, size_t height) {
  if (setjmp(s->failed))
    return 0;
  png_set_read_fn(png, s, on_read);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_read_info(png, info);
  const palette colours = read_palette(png, info);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  int channels = png_get_channels(png, info);
  size_t stride = png_get_rowbytes(png, info);
  if (stride != width * (size_t)channels)
    png_error(png, "unexpected row size");
  png_bytep at[1024];
  for (size_t y = 0; y < height; y++)
    at[y] = rows + y * stride;
  png_read_image(png, at);
  png_read_end(png, NULL);
  check_end(png, s);
  for (size_t i = 0; i < width * height; i++)
    pixels[i] = colours.colours ? grey_of_index(png, &colours, rows[i], clear)
                                : grey(rows + i * (size_t)channels, channels, clear);
  return 1;
}

syn_png_verdict syn_png_read(uint8_t *pixels, int *clear, size_t width, size_t height,
                             const void *bytes, size_t n, char why[SYN_PNG_WHY]) {
  syn_png_verdict verdict = check_header(bytes, n, width, height, why);
  if (verdict != SYN_PNG_READ)
    return verdict;
  source s = {.bytes = bytes, .n = n, .why = why};
  snprintf(why, SYN_PNG_WHY, "not enough memory to decode it");
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &s, on_error, on_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  uint8_t *rows = height <= 1024 ? malloc(width * height * 4) : NULL;
  int transparent = 0;
  int read = info && rows && decode(png, info, pixels, &transparent, rows, &s, width, height);
  if (read && clear)
    *clear = transparent;
  png_destroy_read_struct(&png, &info, NULL);
  free(rows);
  return read ? SYN_PNG_READ : SYN_PNG_DAMAGED;
}

syn_status syn_png_write(const char *path, const uint8_t *pixels, size_t width, size_t height,
                         syn_ctx *ctx) {
  char temporary[4200];
  png_image image = {.version = PNG_IMAGE_VERSION,
                     .width = (png_uint_32)width,
                     .height = (png_uint_32)height,
                     .format = PNG_FORMAT_GRAY};
  snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
  if (png_image_write_to_file(&image, temporary, 0, pixels, 0, NULL) &&
      rename(temporary, path) == 0)
    return SYN_OK;
  syn_status status = syn_fail(ctx, SYN_EIO, "%s: cannot be written%s%s", path,
                               *image.message ? ": " : "", image.message);
  remove(temporary);
  return status;
}
