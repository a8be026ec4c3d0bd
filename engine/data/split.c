#include "engine/data/split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/random.h"

/* ---- groups of identical images ---------------------------------------------------------------- */

typedef struct image {
  const uint8_t *pixels;
  size_t dim;
  uint32_t row;
} image;

static int by_pixels(const void *a, const void *b) {
  const image *x = a, *y = b;
  int order = memcmp(x->pixels, y->pixels, x->dim);
  return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* group[row]: the lowest row with the same pixels. */
static syn_status find_groups(uint32_t *group, const uint8_t *pixels, size_t n, size_t dim,
                              syn_ctx *ctx) {
  image *sorted = malloc(n * sizeof *sorted);
  if (!sorted)
    return syn_fail_memory(ctx, "finding identical images");
  for (size_t i = 0; i < n; i++)
    sorted[i] = (image){pixels + i * dim, dim, (uint32_t)i};
  qsort(sorted, n, sizeof *sorted, by_pixels);
  for (size_t i = 0; i < n; i++) {
    int same = i && memcmp(sorted[i].pixels, sorted[i - 1].pixels, dim) == 0;
    group[sorted[i].row] = same ? group[sorted[i - 1].row] : sorted[i].row;
  }
  free(sorted);
  return SYN_OK;
}

syn_status syn_split_repeats(syn_repeats *out, const uint8_t *pixels, const uint8_t *labels,
                             size_t n, size_t dim, syn_ctx *ctx) {
  *out = (syn_repeats){0};
  syn_arena scratch = {0};
  uint32_t *group = syn_arena_take(&scratch, n, sizeof *group);
  uint8_t *mixed = syn_arena_take(&scratch, n, 1);
  syn_status status = group && mixed ? find_groups(group, pixels, n, dim, ctx)
                                     : syn_fail_memory(ctx, "finding identical images");
  for (size_t i = 0; i < n && !status; i++)
    mixed[group[i]] |= labels[i] != labels[group[i]];
  for (size_t i = 0; i < n && !status; i++) {
    out->distinct += group[i] == i;
    out->ambiguous += group[i] == i && mixed[i];
    out->ambiguous_images += mixed[group[i]];
  }
  syn_arena_close(&scratch);
  return status;
}

/* ---- sides ------------------------------------------------------------------------------------- */

enum { VALIDATES, TRAINS, DROPPED, UNUSED };

/* The first round(n * fraction) of a permutation of the rows train. */
static void side_random(uint8_t *side, uint32_t *order, size_t n, double fraction, uint64_t seed) {
  size_t train = (size_t)floor((double)n * fraction + 0.5);
  syn_random_permutation(order, n, seed, SYN_STREAM_SPLIT, 0);
  for (size_t i = 0; i < n; i++)
    side[order[i]] = i < train ? TRAINS : VALIDATES;
}

static void side_chance(uint8_t *side, size_t n, double fraction, uint64_t seed) {
  for (size_t i = 0; i < n; i++)
    side[i] = syn_random_uniform(seed, SYN_STREAM_SPLIT, 0, i) < fraction ? TRAINS : VALIDATES;
}

/* Whole groups in the order of a permutation of their lowest rows, until enough train. */
static void side_dedup(uint8_t *side, uint32_t *order, uint32_t *size, const uint32_t *group,
                       const uint8_t *labels, size_t n, double fraction, uint64_t seed) {
  size_t kept = 0, train = 0;
  memset(size, 0, n * sizeof *size);
  memset(side, VALIDATES, n);
  for (size_t i = 0; i < n; i++) {
    size[group[i]]++;
    if (labels[i] != labels[group[i]])
      side[group[i]] = DROPPED;
  }
  for (size_t i = 0; i < n; i++)
    kept += side[group[i]] != DROPPED;
  syn_random_permutation(order, n, seed, SYN_STREAM_SPLIT, 0);
  for (size_t i = 0; i < n; i++) {
    uint32_t row = order[i];
    if (group[row] == row && side[row] != DROPPED &&
        train + size[row] <= (size_t)floor((double)kept * fraction + 0.5)) {
      side[row] = TRAINS;
      train += size[row];
    }
  }
  for (size_t i = 0; i < n; i++)
    side[i] = side[group[i]];
}

/* Fills the lists; *leaked counts validation images with a twin that trains. */
static void list_sides(syn_split *out, uint32_t *train, uint32_t *validation, uint8_t *twin,
                       const uint8_t *side, const uint32_t *group, size_t n) {
  memset(twin, 0, n);
  for (size_t i = 0; i < n; i++) {
    if (side[i] == TRAINS) {
      train[out->n_train++] = (uint32_t)i;
      twin[group[i]] = 1;
    } else if (side[i] == VALIDATES) {
      validation[out->n_validation++] = (uint32_t)i;
    } else if (side[i] == DROPPED) {
      out->n_dropped++;
    }
  }
  for (size_t i = 0; i < out->n_validation; i++)
    out->n_leaked += twin[group[validation[i]]];
}

/* What a split is made with. */
typedef struct workshop {
  uint32_t *train, *validation;   /* (n) the result's */
  uint32_t *group, *order, *size; /* (n) */
  uint8_t *side, *twin;           /* (n) */
  syn_arena scratch;
} workshop;

static syn_status open_workshop(workshop *w, const uint8_t *pixels, size_t n, size_t dim,
                                syn_arena *arena, syn_ctx *ctx) {
  *w = (workshop){.scratch = {0}};
  syn_arena *scratch = &w->scratch;
  w->train = syn_arena_take(arena, n, sizeof *w->train);
  w->validation = syn_arena_take(arena, n, sizeof *w->validation);
  w->group = syn_arena_take(scratch, n, sizeof *w->group);
  w->order = syn_arena_take(scratch, n, sizeof *w->order);
  w->size = syn_arena_take(scratch, n, sizeof *w->size);
  w->side = syn_arena_take(scratch, n, 1);
  w->twin = syn_arena_take(scratch, n, 1);
  return w->train && w->validation && w->group && w->order && w->size && w->side && w->twin
             ? find_groups(w->group, pixels, n, dim, ctx)
             : syn_fail_memory(ctx, "the split");
}

/* From sides to lists. */
static syn_status finish(syn_split *out, const workshop *w, size_t n, syn_ctx *ctx) {
  list_sides(out, w->train, w->validation, w->twin, w->side, w->group, n);
  out->train = w->train;
  out->validation = w->validation;
  if (out->n_train && out->n_validation)
    return SYN_OK;
  return syn_fail(ctx, SYN_EINVAL,
                  "split: of %zu image%s %zu train%s and %zu validate%s; both must be more than 0",
                  n, syn_s(n), out->n_train, syn_s(out->n_train != 1), out->n_validation,
                  syn_s(out->n_validation != 1));
}

syn_status syn_split_make(syn_split *out, syn_split_kind kind, double fraction,
                          const uint8_t *pixels, const uint8_t *labels, size_t n, size_t dim,
                          uint64_t seed, syn_arena *arena, syn_ctx *ctx) {
  workshop w;
  *out = (syn_split){0};
  if (!(fraction >= 0 && fraction <= 1)) /* nor NaN */
    return syn_fail(ctx, SYN_EINVAL, "split: fraction %g; 0 to 1 is wanted", fraction);
  syn_status status = open_workshop(&w, pixels, n, dim, arena, ctx);
  if (status == SYN_OK) {
    if (kind == SYN_SPLIT_RANDOM)
      side_random(w.side, w.order, n, fraction, seed);
    else if (kind == SYN_SPLIT_CHANCE)
      side_chance(w.side, n, fraction, seed);
    else
      side_dedup(w.side, w.order, w.size, w.group, labels, n, fraction, seed);
    status = finish(out, &w, n, ctx);
  }
  syn_arena_close(&w.scratch);
  return status;
}

syn_status syn_split_given(syn_split *out, const uint8_t *validates, const uint8_t *pixels,
                           size_t n, size_t dim, syn_arena *arena, syn_ctx *ctx) {
  workshop w;
  *out = (syn_split){0};
  syn_status status = open_workshop(&w, pixels, n, dim, arena, ctx);
  for (size_t i = 0; i < n && !status; i++)
    w.side[i] = validates[i] ? VALIDATES : TRAINS;
  if (!status)
    status = finish(out, &w, n, ctx);
  syn_arena_close(&w.scratch);
  return status;
}

syn_status syn_split_hold_out(syn_split *split, double share, int whole, const uint8_t *pixels,
                              size_t n, size_t dim, uint64_t seed, syn_arena *arena, syn_ctx *ctx) {
  workshop w;
  syn_split out = {0};
  if (!(share >= 0 && share <= 1))
    return syn_fail(ctx, SYN_EINVAL, "split: share %g; 0 to 1 is wanted", share);
  syn_status status = open_workshop(&w, pixels, n, dim, arena, ctx);
  if (status == SYN_OK) {
    size_t stay = (size_t)floor((double)split->n_train * (1 - share) + 0.5);
    memset(w.side, UNUSED, n);
    syn_random_permutation(w.order, split->n_train, seed, SYN_STREAM_SPLIT, 1);
    for (size_t i = 0; i < split->n_train; i++)
      w.side[split->train[w.order[i]]] = i < stay ? TRAINS : VALIDATES;
    for (size_t i = 0; whole && i < n; i++)
      w.side[i] = w.side[w.group[i]];
    status = finish(&out, &w, n, ctx);
    out.n_dropped = split->n_dropped;
  }
  if (status == SYN_OK)
    *split = out;
  syn_arena_close(&w.scratch);
  return status;
}

/* ---- batches ----------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

void syn_batch_draw(uint32_t *out, size_t size, const uint32_t *rows, size_t n, uint64_t seed,
                    uint32_t number, uint32_t *scratch) {
  syn_random_permutation(scratch, n, seed, SYN_STREAM_BATCH, number);
  for (size_t i = 0; i < size; i++)
    out[i] = rows[scratch[i]];
  qsort(out, size, sizeof *out, ascending);
}
