/* A set of labelled images, from an archive or a folder of class folders.
 *
 *   SET/A/one.png SET/A/two.png SET/B/three.png ...
 *
 * The folder right above an image is its class; classes are the sorted folder names. Every image
 * is a 28x28 PNG (data/png.h: what of it becomes grey, and how). The order in memory is by class,
 * then by name, bytewise, so the packing does not matter; neither does it for the digest: SHA-256
 * over, in this order, for each image: class name, 0, pixels.
 *
 * A path that names a pair of IDX files (data/idx.h) is read as such.
 *
 * Files that are no PNG by name, and what file managers leave behind, are passed over; PNGs that
 * cannot be decoded, or lie in no folder, are skipped, counted and named. A PNG of another size or depth is an error: the
 * set is not what it should be. Archives are streamed (data/archive.h), nothing goes to disk.
 */
#ifndef SYN_DATA_IMAGES_H
#define SYN_DATA_IMAGES_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"

typedef struct syn_skipped {
  const char *name; /* path inside the archive */
  const char *why;  /* one line */
} syn_skipped;

typedef struct syn_images {
  char format[64]; /* what was read: "folder", "GNU tar format, gzip", "IDX files", for people */
  size_t n, width, height;
  size_t classes;
  const uint8_t *pixels;    /* (n, width*height) 0 black .. 255 white */
  const uint8_t *labels;    /* (n) 0..classes-1 */
  const char **names;       /* (n) path inside the archive */
  const char **class_names; /* (classes) */
  const syn_skipped *skipped; /* (n_skipped) members that could not be read as images */
  size_t n_skipped;
  char digest[SYN_DIGEST_SIZE];
  syn_arena arena; /* owns all of the above */
} syn_images;

/* Reads `path`. The caller owns *out and closes it with syn_images_close; on failure *out is NULL.
 * SYN_EINPUT, with the path and the member: nothing there, not an archive, a truncated or damaged
 * archive, an image of another size or depth, a class folder without a readable image, fewer than
 * two classes, more than 256. SYN_EIO, SYN_ENOMEM. */
syn_status syn_images_open(syn_images **out, const char *path, syn_ctx *ctx);

void syn_images_close(syn_images *images); /* NULL is fine */

/* For readers of other formats: one image each, pixels (28*28). Names and classes must live in
 * out->arena; pixels are copied. Sorts, numbers the classes and takes the digest. SYN_EINPUT: fewer
 * than two classes, more than 256; `path` stands in the line. */
typedef struct syn_found {
  const char *name, *class;
  const uint8_t *pixels;
} syn_found;
syn_status syn_images_arrange(syn_images *out, const syn_found *list, size_t n, const char *path,
                              syn_ctx *ctx);

#endif
