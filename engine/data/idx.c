#include "engine/data/idx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/grow.h"

#define BYTES_MAX ((size_t)1 << 30) /* of images */

/* What a file of each magic holds: so many numbers before its entries, and so many bytes an entry. */
typedef struct form {
  size_t magic, numbers, bytes;
} form;
static const form forms[] = {{0x00000803, 4, SYN_PIXELS}, /* images; the others are of labels */
                             {0x00000801, 2, 1},
                             {0x00000c02, 3, 32}}; /* QMNIST: eight 32-bit numbers */
static const char *const kinds[] = {"images", "labels"};

static size_t big_endian(const uint8_t *b) {
  return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
}

/* The numbers of a header, the magic first, and which form that is. */
static syn_status read_header(size_t h[4], const form **f, int labels, syn_stream *stream,
                              const char *name, syn_ctx *ctx) {
  uint8_t bytes[16] = {0};
  size_t got = 0, rest = 0;
  syn_status status = syn_stream_read(stream, bytes, 4, &got, ctx);
  *f = NULL;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (got == 4 && big_endian(bytes) == forms[i].magic)
      *f = &forms[i];
  if (!status && *f && (*f != forms) != labels)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: not an IDX file of %s but one of %s: are the two files swapped?", name,
                    kinds[labels], kinds[!labels]);
  if (!status && *f)
    status = syn_stream_read(stream, bytes + 4, 4 * (*f)->numbers - 4, &rest, ctx);
  for (size_t i = 0; i < 4; i++)
    h[i] = big_endian(bytes + 4 * i);
  if (!status && (!*f || rest < 4 * (*f)->numbers - 4))
    return syn_fail(ctx, SYN_EINPUT, "%s: not an IDX file of %s (it must begin with %08zx)", name,
                    kinds[labels], forms[labels].magic);
  return status;
}

static syn_status check_header(const form *f, const size_t h[4], const char *name, syn_ctx *ctx) {
  if (f->numbers == 4 && (h[2] != SYN_SIDE_PIXELS || h[3] != SYN_SIDE_PIXELS))
    return syn_fail(ctx, SYN_EINPUT, "%s: %zux%zu pixels; every image must have %dx%d", name, h[3],
                    h[2], SYN_SIDE_PIXELS, SYN_SIDE_PIXELS);
  if (f->numbers == 3 && h[2] != 8)
    return syn_fail(ctx, SYN_EINPUT, "%s: rows of %zu numbers; QMNIST's labels have 8", name, h[2]);
  if (h[1] > BYTES_MAX / SYN_PIXELS)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: it claims %zu entries, more than the %zu MiB that are read: cut short or "
                    "mixed up",
                    name, h[1], BYTES_MAX >> 20);
  return SYN_OK;
}

/* One entry more, at the end of the pool or of the labels. */
static syn_status take(syn_pool *pool, syn_labels *labels, const form *f, const uint8_t *entry,
                       const char *name, syn_ctx *ctx) {
  if (pool) {
    uint8_t *pixels = syn_pool_next(pool);
    if (!pixels)
      return syn_fail_memory(ctx, "the images");
    memcpy(pixels, entry, SYN_PIXELS);
    pool->n++;
    return SYN_OK;
  }
  size_t label = f->bytes == 1 ? *entry : big_endian(entry); /* QMNIST: the first of the numbers */
  if (label > 255)
    return syn_fail(ctx, SYN_EINPUT, "%s: label %zu; 0 to 255 are read", name, label);
  if (!syn_grow(&labels->classes, &labels->room, labels->n + 1, 1))
    return syn_fail_memory(ctx, "the labels");
  labels->classes[labels->n++] = (uint8_t)label;
  return SYN_OK;
}

syn_status syn_idx_read(syn_pool *pool, syn_labels *labels, syn_stream *stream, const char *name,
                        syn_ctx *ctx) {
  size_t h[4], n = 0, got = 0;
  uint8_t entry[SYN_PIXELS + 1];
  const form *f;
  syn_status status = read_header(h, &f, !pool, stream, name, ctx);
  if (!status)
    status = check_header(f, h, name, ctx);
  for (; !status && n < h[1]; n++) {
    status = syn_stream_read(stream, entry, f->bytes, &got, ctx);
    if (!status && got < f->bytes)
      return syn_fail(ctx, SYN_EINPUT,
                      "%s: %zu bytes, but %zu entries take %zu: cut short or mixed up", name,
                      4 * f->numbers + n * f->bytes + got, h[1], 4 * f->numbers + h[1] * f->bytes);
    if (!status)
      status = take(pool, labels, f, entry, name, ctx);
  }
  if (!status)
    status = syn_stream_read(stream, entry, 1, &got, ctx);
  if (!status && got)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: more than the %zu bytes that %zu entries take: cut short or mixed up",
                    name, 4 * f->numbers + n * f->bytes, n);
  return status;
}
