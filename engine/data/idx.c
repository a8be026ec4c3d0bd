#include "engine/data/idx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIDE      28
#define BYTES_MAX ((size_t)1 << 30)
#define IMAGES    0x00000803
#define LABELS    0x00000801
#define QMNIST    0x00000c02 /* labels of eight 32-bit numbers */

typedef struct header {
  size_t magic, n, rows, columns;
} header;

static size_t big_endian(const uint8_t *b) {
  return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
}

static syn_status wrong_magic(const char *name, const char *what, size_t magic, size_t found,
                              syn_ctx *ctx) {
  int images = found == IMAGES, labels = found == LABELS || found == QMNIST;
  if (images || labels)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: not an IDX file of %s but one of %s: are the two files swapped?", name, what,
                    images ? "images" : "labels");
  return syn_fail(ctx, SYN_EINPUT, "%s: not an IDX file of %s (it must begin with %08zx)", name,
                  what, magic);
}

/* `numbers` of them, the magic first; the rest of *h stays. */
static syn_status read_header(size_t *numbers, size_t n, syn_stream *stream, size_t *got,
                              syn_ctx *ctx) {
  uint8_t bytes[16];
  syn_status status = syn_stream_read(stream, bytes, 4 * n, got, ctx);
  for (size_t i = 0; i < *got / 4; i++)
    numbers[i] = big_endian(bytes + 4 * i);
  return status;
}

static syn_status cut_short(const char *name, size_t bytes, size_t n, size_t wanted, syn_ctx *ctx) {
  return syn_fail(ctx, SYN_EINPUT, "%s: %zu bytes, but %zu entries take %zu: cut short or mixed up",
                  name, bytes, n, wanted);
}

/* Nothing may follow; and what was announced must have come. */
static syn_status check_length(syn_stream *stream, const char *name, size_t n, size_t read,
                               size_t wanted, syn_ctx *ctx) {
  uint8_t more[1];
  size_t got = 0;
  if (read == wanted) {
    syn_status status = syn_stream_read(stream, more, 1, &got, ctx);
    if (status)
      return status;
  }
  if (got)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: more than the %zu bytes that %zu entries take: cut short or mixed up",
                    name, wanted, n);
  return read == wanted ? SYN_OK : cut_short(name, read, n, wanted, ctx);
}

static syn_status too_large(const char *name, size_t n, syn_ctx *ctx) {
  return syn_fail(
      ctx, SYN_EINPUT,
      "%s: it claims %zu entries, more than the %zu MiB that are read: cut short or mixed "
      "up",
      name, n, BYTES_MAX >> 20);
}

syn_status syn_idx_read_images(syn_pool *pool, syn_stream *stream, const char *name, syn_ctx *ctx) {
  size_t h[4] = {0}, got, read = 0;
  syn_status status = read_header(h, 4, stream, &got, ctx);
  if (!status && (got < 16 || h[0] != IMAGES))
    status = wrong_magic(name, "images", IMAGES, got < 16 ? 0 : h[0], ctx);
  if (!status && (h[2] != SIDE || h[3] != SIDE))
    status = syn_fail(ctx, SYN_EINPUT, "%s: %zux%zu pixels; every image must have %dx%d", name,
                      h[3], h[2], SIDE, SIDE);
  if (!status && h[1] > BYTES_MAX / SYN_PIXELS)
    status = too_large(name, h[1], ctx);
  while (!status && read < h[1]) {
    uint8_t *pixels = syn_pool_next(pool);
    if (!pixels)
      return syn_fail_memory(ctx, "the images");
    status = syn_stream_read(stream, pixels, SYN_PIXELS, &got, ctx);
    if (!status && got < SYN_PIXELS)
      return cut_short(name, 16 + read * SYN_PIXELS + got, h[1], 16 + h[1] * SYN_PIXELS, ctx);
    pool->n++;
    read++;
  }
  return status ? status
                : check_length(stream, name, h[1], 16 + read * SYN_PIXELS, 16 + h[1] * SYN_PIXELS,
                               ctx);
}

/* QMNIST: the class is the first of a row's eight numbers. */
static syn_status take_label(uint8_t *label, const uint8_t *entry, size_t width, const char *name,
                             syn_ctx *ctx) {
  size_t class = width == 1 ? *entry : big_endian(entry);
  if (class > 255)
    return syn_fail(ctx, SYN_EINPUT, "%s: label %zu; 0 to 255 are read", name, class);
  *label = (uint8_t) class;
  return SYN_OK;
}

syn_status syn_idx_read_labels(uint8_t **labels, size_t *n, syn_stream *stream, const char *name,
                               syn_ctx *ctx) {
  size_t h[3] = {0}, got, room = 0, width = 1, start = 8;
  *labels = NULL;
  *n = 0;
  syn_status status = read_header(h, 2, stream, &got, ctx);
  if (!status && (got < 8 || (h[0] != LABELS && h[0] != QMNIST)))
    status = wrong_magic(name, "labels", LABELS, got < 8 ? 0 : h[0], ctx);
  if (!status && h[0] == QMNIST) {
    width = 32;
    start = 12;
    status = read_header(h + 2, 1, stream, &got, ctx);
    if (!status && (got < 4 || h[2] != 8))
      status =
          syn_fail(ctx, SYN_EINPUT, "%s: rows of %zu numbers; QMNIST's labels have 8", name, h[2]);
  }
  if (!status && h[1] > BYTES_MAX / SYN_PIXELS)
    status = too_large(name, h[1], ctx);
  while (!status && *n < h[1]) {
    uint8_t entry[32];
    status = syn_stream_read(stream, entry, width, &got, ctx);
    if (!status && got < width)
      status = cut_short(name, start + *n * width + got, h[1], start + h[1] * width, ctx);
    if (!status && *n == room) {
      room = room ? 2 * room : 4096;
      uint8_t *bigger = realloc(*labels, room);
      *labels = bigger ? bigger : *labels;
      status = bigger ? SYN_OK : syn_fail_memory(ctx, "the labels");
    }
    if (!status)
      status = take_label(*labels + *n, entry, width, name, ctx);
    *n += !status;
  }
  return status ? status
                : check_length(stream, name, h[1], start + *n * width, start + h[1] * width, ctx);
}
