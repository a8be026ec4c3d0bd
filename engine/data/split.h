/* Splits of a data set into training and validation images, and batches of the training part.
 *
 *   random   a permutation, the first round(n * fraction) train      (the text: 75/25)
 *   chance   each image validates with probability 1 - fraction      (the authors' code)
 *   dedup    as random, but over groups of pixel-identical images, so that no image stands on both
 *            sides; images that stand under several labels are dropped
 *   given    the source's own: syn_split_given
 */
#ifndef SYN_DATA_SPLIT_H
#define SYN_DATA_SPLIT_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum syn_split_kind {
  SYN_SPLIT_RANDOM,
  SYN_SPLIT_CHANCE,
  SYN_SPLIT_DEDUP,
  SYN_SPLIT_GIVEN
} syn_split_kind;

typedef struct syn_split {
  const uint32_t *train, *validation; /* rows of the image set, each in ascending order */
  size_t n_train, n_validation;
  size_t n_dropped; /* by dedup, for standing under several labels */
  size_t n_leaked;  /* validation images whose pixels also stand in the training part */
} syn_split;

/* All kinds but the given one. pixels (n, dim), labels (n). Arrays come from `arena`. SYN_EINVAL if a side would be empty, or
 * `fraction` is not from 0 to 1. */
syn_status syn_split_make(syn_split *out, syn_split_kind kind, double fraction,
                          const uint8_t *pixels, const uint8_t *labels, size_t n, size_t dim,
                          uint64_t seed, syn_arena *arena, syn_ctx *ctx);

/* The same for a split that the source has: validates (n), 1 or 0. SYN_EINVAL as above. */
syn_status syn_split_given(syn_split *out, const uint8_t *validates, const uint8_t *pixels,
                           size_t n, size_t dim, syn_arena *arena, syn_ctx *ctx);

/* Sets `share` of the training rows aside: these validate from now on, and the validation rows are no part of
 * the split any more. `whole`: images with the same pixels stay on one side. Data and arena as above.
 * SYN_EINVAL if a side would be empty, or `share` is not from 0 to 1. */
syn_status syn_split_hold_out(syn_split *split, double share, int whole, const uint8_t *pixels,
                              size_t n, size_t dim, uint64_t seed, syn_arena *arena, syn_ctx *ctx);

/* How often images repeat, by their pixels. */
typedef struct syn_repeats {
  size_t distinct;         /* images, repeats counted once */
  size_t ambiguous;        /* distinct images that stand under several labels */
  size_t ambiguous_images; /* and how many images these are in all */
} syn_repeats;

/* pixels (n, dim), labels (n). SYN_ENOMEM. */
syn_status syn_split_repeats(syn_repeats *out, const uint8_t *pixels, const uint8_t *labels,
                             size_t n, size_t dim, syn_ctx *ctx);

/* Batch `number` of `size` rows drawn from rows (n) without repeats: the first `size` of a
 * permutation at (seed, SYN_STREAM_BATCH, number), in ascending order. out (size), scratch (n). */
void syn_batch_draw(uint32_t *out, size_t size, const uint32_t *rows, size_t n, uint64_t seed,
                    uint32_t number, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
