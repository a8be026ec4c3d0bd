/* One PNG from memory to 8-bit grey. This file and png.c are the only ones that know libpng.
 *
 * Grey of 1, 2, 4 or 8 bits, palettes and 8-bit colour are taken; colour becomes grey by
 * (299 R + 587 G + 114 B + 500) / 1000, and what is transparent lies on white, as viewers show it. Gamma is left alone: a byte in the
 * file is the byte in memory. 16-bit depth is refused, as is any size but the one asked for: both
 * are read from the header before memory is taken.
 */
#ifndef SYN_DATA_PNG_H
#define SYN_DATA_PNG_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/status.h"

typedef enum syn_png_verdict {
  SYN_PNG_READ,
  SYN_PNG_DAMAGED, /* not a PNG, or its data do not decode: may be skipped */
  SYN_PNG_WRONG,   /* a sound header that says another size or depth: must not be skipped */
} syn_png_verdict;

#define SYN_PNG_WHY 160

/* pixels (height, width), written only on SYN_PNG_READ, like *clear (may be NULL): 1 if any of them was
 * transparent, in part too; `why` gets one line otherwise. */
syn_png_verdict syn_png_read(uint8_t *pixels, int *clear, size_t width, size_t height,
                             const void *bytes, size_t n, char why[SYN_PNG_WHY]);

/* Writes 8-bit grey (height, width) under a name of this process and renames. SYN_EIO. */
syn_status syn_png_write(const char *path, const uint8_t *pixels, size_t width, size_t height,
                         syn_ctx *ctx);

#endif
