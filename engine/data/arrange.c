#include "engine/data/arrange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sha2.h>

#include "engine/base/grow.h"

uint8_t *syn_pool_next(syn_pool *pool) {
  int more = pool->n < UINT32_MAX && syn_grow(&pool->pixels, &pool->room, pool->n + 1, SYN_PIXELS);
  return more ? pool->pixels + pool->n * SYN_PIXELS : NULL;
}

static int by_class_and_name(const void *a, const void *b) {
  const syn_found *x = a, *y = b;
  int order = strcmp(x->class, y->class);
  if (!order)
    order = (x->side > y->side) - (x->side < y->side);
  return order ? order : strcmp(x->name, y->name);
}

static void swap(uint8_t *a, uint8_t *b) {
  uint8_t keep[SYN_PIXELS];
  memcpy(keep, a, SYN_PIXELS);
  memcpy(a, b, SYN_PIXELS);
  memcpy(b, keep, SYN_PIXELS);
}

/* Rows into the order of the list, those that nobody wants behind them; every exchange brings one
 * row to its place for good. */
static syn_status permute(syn_pool *pool, const syn_found *list, size_t n, syn_ctx *ctx) {
  uint32_t *to = malloc((pool->n + 1) * sizeof *to);
  if (!to)
    return syn_fail_memory(ctx, "the images");
  memset(to, 0xff, (pool->n + 1) * sizeof *to);
  for (size_t i = 0; i < n; i++)
    to[list[i].row] = (uint32_t)i;
  uint32_t next = (uint32_t)n;
  for (size_t row = 0; row < pool->n; row++)
    if (to[row] == UINT32_MAX)
      to[row] = next++;
  for (size_t row = 0; row < pool->n; row++)
    while (to[row] != row) {
      uint32_t there = to[row];
      swap(pool->pixels + row * SYN_PIXELS, pool->pixels + there * SYN_PIXELS);
      to[row] = to[there];
      to[there] = there;
    }
  free(to);
  uint8_t *smaller = realloc(pool->pixels, (n + 1) * SYN_PIXELS);
  if (smaller)
    pool->pixels = smaller;
  return SYN_OK;
}

/* Numbers the classes as they come and takes the digest; 0 if they are too many. */
static int number(syn_images *out, uint8_t *labels, uint8_t *validates, const syn_found *list) {
  SHA2_CTX sha;
  SHA256Init(&sha);
  for (size_t i = 0; i < out->n; i++) {
    if (i == 0 || strcmp(list[i].class, list[i - 1].class) != 0) {
      if (out->classes == SYN_CLASSES_MAX)
        return 0;
      out->class_names[out->classes++] = list[i].class;
    }
    labels[i] = (uint8_t)(out->classes - 1);
    out->names[i] = list[i].name;
    SHA256Update(&sha, (const uint8_t *)list[i].class, strlen(list[i].class) + 1);
    if (validates) {
      validates[i] = list[i].side == SYN_SIDE_VALIDATION;
      SHA256Update(&sha, (const uint8_t *)(validates[i] ? "V" : "T"), 1);
    }
    SHA256Update(&sha, out->pixels + i * SYN_PIXELS, SYN_PIXELS);
  }
  uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256Final(digest, &sha);
  for (size_t i = 0; i < sizeof digest; i++)
    snprintf(out->digest + 2 * i, 3, "%02x", digest[i]);
  return 1;
}

/* Where the other class is may be told by what is not in the set. */
static syn_status refuse_class(const syn_images *out, const char *path, syn_ctx *ctx) {
  char skipped[500] = "", more[40] = "";
  if (out->n_skipped > 1)
    snprintf(more, sizeof more, "; and %zu more", out->n_skipped - 1);
  if (out->n_skipped)
    snprintf(skipped, sizeof skipped, "; not in the set: %s: %s%s", out->skipped[0].name,
             out->skipped[0].why, more);
  return syn_fail(ctx, SYN_EINPUT,
                  "%s: only one class, %s; two or more are wanted, each in a folder of its own%s",
                  path, out->classes ? out->class_names[0] : "none", skipped);
}

static syn_status check(const syn_images *out, const char *path, syn_ctx *ctx) {
  if (out->classes < 2)
    return refuse_class(out, path, ctx);
  if (memcmp(out->pixels, out->pixels + 1, out->n * SYN_PIXELS - 1) == 0)
    return syn_fail(
        ctx, SYN_EINPUT,
        "%s: every pixel of every image is %u (0 is black, 255 white): there is nothing to "
        "learn. Transparent images are laid on white, on which white glyphs vanish",
        path, out->pixels[0]);
  return SYN_OK;
}

syn_status syn_images_arrange(syn_images *out, syn_found *list, size_t n, syn_pool *pool,
                              const char *path, syn_ctx *ctx) {
  syn_arena *a = &out->arena;
  int split = n && list[0].side != SYN_SIDE_NONE;
  uint8_t *labels = syn_arena_take(a, n, 1), *validates = split ? syn_arena_take(a, n, 1) : NULL;
  out->names = syn_arena_take(a, n, sizeof *out->names);
  out->class_names = syn_arena_take(a, SYN_CLASSES_MAX, sizeof *out->class_names);
  if (!labels || (split && !validates) || !out->names || !out->class_names)
    return syn_fail_memory(ctx, "the images");
  if (n)
    qsort(list, n, sizeof *list, by_class_and_name);
  syn_status status = permute(pool, list, n, ctx);
  if (status)
    return status;
  out->n = n;
  out->owned = pool->pixels;
  out->pixels = pool->pixels;
  *pool = (syn_pool){NULL, 0, 0};
  out->labels = labels;
  out->validates = validates;
  out->width = out->height = SYN_SIDE_PIXELS;
  if (!number(out, labels, validates, list))
    return syn_fail(ctx, SYN_EINPUT, "%s: more than %d classes", path, SYN_CLASSES_MAX);
  return check(out, path, ctx);
}
