/* From images as they were found to a set: sorted, numbered, digested, without a second copy.
 *
 * The order in memory is by class, then by side if the source has a split of its own (those to train
 * first), then by name, bytewise, so that the packing does not matter. Neither does it for the
 * digest: SHA-256 over, in this order, for each image: class name, 0, with a split "T" or "V", pixels.
 */
#ifndef SYN_DATA_ARRANGE_H
#define SYN_DATA_ARRANGE_H

#include "engine/data/images.h"
#include "engine/data/layout.h"

#define SYN_SIDE_PIXELS 28
#define SYN_PIXELS      (SYN_SIDE_PIXELS * SYN_SIDE_PIXELS)
#define SYN_CLASSES_MAX 256

/* Pixels of images in the order they came, in one piece that grows. Start with {0}. */
typedef struct syn_pool {
  uint8_t *pixels; /* (room, SYN_PIXELS), malloc'ed; n are used */
  size_t n, room;
} syn_pool;

/* Where the next image's pixels go; NULL if memory is short. The caller adds 1 to n once they are. */
uint8_t *syn_pool_next(syn_pool *pool);

typedef struct syn_found {
  const char *name, *class; /* in out->arena */
  uint32_t row;             /* in the pool, its own */
  syn_side side;            /* NONE for all, or for none */
} syn_found;

/* Sorts `list` and puts the pool's pixels into that order, in place; they become out's. SYN_EINPUT:
 * fewer than two classes, more than SYN_CLASSES_MAX, every pixel of every image the same; `path`
 * stands in the line. */
syn_status syn_images_arrange(syn_images *out, syn_found *list, size_t n, syn_pool *pool,
                              const char *path, syn_ctx *ctx);

#endif
