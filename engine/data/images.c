#include "engine/data/images.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sha2.h>

#include "engine/data/archive.h"
#include "engine/data/idx.h"
#include "engine/data/png.h"

#define SIDE 28
#define PIXELS (SIDE * SIDE)
#define CLASSES_MAX 256

typedef struct found { /* an image */
  const char *name, *class;
  uint8_t pixels[PIXELS];
} found;

typedef struct folder { /* a folder that is, or could be, a class */
  const char *path, *class;
  size_t depth, images, candidates;
} folder;

typedef struct loader {
  const char *path;
  found *found;
  size_t n, room;
  folder *folders;
  size_t n_folders, folder_room;
  syn_skipped *skipped;
  size_t n_skipped, skipped_room;
  syn_arena names; /* strings; handed to the result */
  char format[64];
  syn_ctx *ctx;
} loader;

/* Makes room for one more; NULL items or short memory are one error. */
static int grow(void **items, size_t n, size_t *room, size_t size) {
  if (n < *room)
    return 1;
  size_t more = *room ? 2 * *room : 64;
  void *bigger = realloc(*items, more * size);
  if (!bigger)
    return 0;
  *items = bigger;
  *room = more;
  return 1;
}

static syn_status short_of_memory(loader *l) { return syn_fail_memory(l->ctx, "the images"); }

/* ---- names ------------------------------------------------------------------------------------- */

static size_t depth_of(const char *path) {
  size_t depth = 0;
  for (const char *c = path; *c; c++)
    depth += *c == '/' && c[1] != '\0';
  return depth;
}

/* What file managers leave behind: "._a.png", ".DS_Store", "__MACOSX/...". */
static int is_litter(const char *path) {
  for (const char *part = path; part; part = strchr(part, '/')) {
    part += *part == '/';
    if ((*part == '.' && part[1] != '\0') || strncmp(part, "__MACOSX", 8) == 0)
      return 1;
  }
  return 0;
}

static int ends_in_png(const char *path) {
  size_t n = strlen(path);
  return n > 4 && strcasecmp(path + n - 4, ".png") == 0;
}

static syn_status skip(loader *l, const char *name, const char *why) {
  if (!grow((void **)&l->skipped, l->n_skipped, &l->skipped_room, sizeof *l->skipped))
    return short_of_memory(l);
  syn_skipped *s = &l->skipped[l->n_skipped];
  *s = (syn_skipped){syn_arena_string(&l->names, name), syn_arena_string(&l->names, why)};
  if (!s->name || !s->why)
    return short_of_memory(l);
  l->n_skipped++;
  return SYN_OK;
}

/* The folder of `path` (its first `n` characters), made known if it is new. Archives list a
 * folder's files together, so the last one found is looked at first. */
static syn_status find_folder(loader *l, folder **out, const char *path, size_t n) {
  for (size_t i = l->n_folders; i-- > 0;)
    if (strlen(l->folders[i].path) == n && memcmp(l->folders[i].path, path, n) == 0) {
      *out = &l->folders[i];
      return SYN_OK;
    }
  if (l->n_folders >= 16 * CLASSES_MAX)
    return syn_fail(l->ctx, SYN_EINPUT, "%s: more than %d folders; a set has up to %d classes",
                    l->path, 16 * CLASSES_MAX, CLASSES_MAX);
  char *copy = syn_arena_take(&l->names, n + 1, 1);
  if (!copy || !grow((void **)&l->folders, l->n_folders, &l->folder_room, sizeof *l->folders))
    return short_of_memory(l);
  memcpy(copy, path, n);
  const char *slash = strrchr(copy, '/');
  *out = &l->folders[l->n_folders++];
  **out = (folder){.path = copy, .class = slash ? slash + 1 : copy, .depth = depth_of(copy)};
  return SYN_OK;
}

/* ---- members ----------------------------------------------------------------------------------- */

static syn_status take_image(loader *l, folder *f, const syn_member *m) {
  char why[SYN_PNG_WHY];
  f->candidates++;
  if (m->oversize)
    return skip(l, m->name, "larger than 1 MiB");
  if (!grow((void **)&l->found, l->n, &l->room, sizeof *l->found))
    return short_of_memory(l);
  found *image = &l->found[l->n];
  switch (syn_png_read(image->pixels, SIDE, SIDE, m->bytes, m->n, why)) {
  case SYN_PNG_WRONG:
    return syn_fail(l->ctx, SYN_EINPUT, "%s: %s: %s", l->path, m->name, why);
  case SYN_PNG_DAMAGED:
    return skip(l, m->name, why);
  case SYN_PNG_READ:
    break;
  }
  image->name = syn_arena_string(&l->names, m->name);
  image->class = f->class;
  if (!image->name)
    return short_of_memory(l);
  f->images++;
  l->n++;
  return SYN_OK;
}

static syn_status take_member(loader *l, const syn_member *m) {
  if (m->outside)
    return skip(l, m->name, "its path leaves the archive");
  if (is_litter(m->name))
    return SYN_OK;
  folder *f;
  size_t n = strlen(m->name);
  if (m->folder) {
    while (n && m->name[n - 1] == '/')
      n--;
    return n ? find_folder(l, &f, m->name, n) : SYN_OK;
  }
  const char *slash = strrchr(m->name, '/');
  if (!ends_in_png(m->name))
    return SYN_OK; /* a README, a list: no image and no harm */
  if (!slash)
    return skip(l, m->name, "it lies in no class folder");
  syn_status status = find_folder(l, &f, m->name, (size_t)(slash - m->name));
  return status ? status : take_image(l, f, m);
}

static syn_status read_members(loader *l) {
  syn_archive *archive;
  syn_status status = syn_archive_open(&archive, l->path, l->ctx);
  for (int end = 0; status == SYN_OK;) {
    syn_member member;
    status = syn_archive_next(archive, &member, &end, l->ctx);
    if (end)
      break;
    if (status == SYN_OK)
      status = take_member(l, &member);
  }
  if (status == SYN_OK)
    syn_archive_kind(archive, l->format, sizeof l->format);
  syn_archive_close(archive);
  return status;
}

/* ---- checks and order -------------------------------------------------------------------------- */

/* Classes are folders as deep as those that hold PNGs; each must hold one that can be read. */
static syn_status check_folders(loader *l) {
  size_t depth = SIZE_MAX;
  for (size_t i = 0; i < l->n_folders; i++) {
    const folder *f = &l->folders[i];
    if (!f->candidates)
      continue;
    if (depth == SIZE_MAX)
      depth = f->depth;
    if (f->depth != depth)
      return syn_fail(l->ctx, SYN_EINPUT,
                      "%s: images lie at different depths, one in %s; a set is SET/CLASS/IMAGE.png",
                      l->path, f->path);
  }
  if (depth == SIZE_MAX)
    return syn_fail(l->ctx, SYN_EINPUT, "%s: no image in it; a set is SET/CLASS/IMAGE.png", l->path);
  for (size_t i = 0; i < l->n_folders; i++)
    if (l->folders[i].depth == depth && !l->folders[i].images)
      return syn_fail(l->ctx, SYN_EINPUT, "%s: class folder %s holds no image that can be read",
                      l->path, l->folders[i].path);
  return SYN_OK;
}

static int by_class_and_name(const void *a, const void *b) {
  const syn_found *x = *(const syn_found *const *)a, *y = *(const syn_found *const *)b;
  int order = strcmp(x->class, y->class);
  if (!order)
    order = strcmp(x->name, y->name);
  return order ? order : memcmp(x->pixels, y->pixels, PIXELS); /* a name may stand there twice */
}

/* Copies the sorted images into the arrays, classes numbered as they come; 0 if they are too many. */
static int copy_sorted(syn_images *out, uint8_t *pixels, uint8_t *labels,
                       const syn_found **sorted) {
  SHA2_CTX sha;
  SHA256Init(&sha);
  for (size_t i = 0; i < out->n; i++) {
    if (i == 0 || strcmp(sorted[i]->class, sorted[i - 1]->class) != 0) {
      if (out->classes == CLASSES_MAX)
        return 0;
      out->class_names[out->classes++] = sorted[i]->class;
    }
    labels[i] = (uint8_t)(out->classes - 1);
    out->names[i] = sorted[i]->name;
    memcpy(pixels + i * PIXELS, sorted[i]->pixels, PIXELS);
    SHA256Update(&sha, (const uint8_t *)sorted[i]->class, strlen(sorted[i]->class) + 1);
    SHA256Update(&sha, sorted[i]->pixels, PIXELS);
  }
  uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256Final(digest, &sha);
  for (size_t i = 0; i < sizeof digest; i++)
    snprintf(out->digest + 2 * i, 3, "%02x", digest[i]);
  return 1;
}

syn_status syn_images_arrange(syn_images *out, const syn_found *list, size_t n, const char *path,
                              syn_ctx *ctx) {
  syn_arena *a = &out->arena;
  uint8_t *pixels = syn_arena_take(a, n, PIXELS), *labels = syn_arena_take(a, n, 1);
  const syn_found **sorted = malloc((n + 1) * sizeof *sorted);
  out->names = syn_arena_take(a, n, sizeof *out->names);
  out->class_names = syn_arena_take(a, CLASSES_MAX, sizeof *out->class_names);
  syn_status status = SYN_OK;
  if (!pixels || !labels || !sorted || !out->names || !out->class_names) {
    status = syn_fail_memory(ctx, "the images");
  } else {
    for (size_t i = 0; i < n; i++)
      sorted[i] = &list[i];
    qsort(sorted, n, sizeof *sorted, by_class_and_name);
    out->n = n;
    out->pixels = pixels;
    out->labels = labels;
    out->width = out->height = SIDE;
    if (!copy_sorted(out, pixels, labels, sorted))
      status = syn_fail(ctx, SYN_EINPUT, "%s: more than %d classes", path, CLASSES_MAX);
    else if (out->classes < 2)
      status = syn_fail(ctx, SYN_EINPUT, "%s: only one class, %s; two or more are wanted", path,
                        out->classes ? out->class_names[0] : "none");
  }
  free(sorted);
  return status;
}

/* ---- the whole --------------------------------------------------------------------------------- */

/* What was skipped goes into the result too. */
static syn_status keep_skipped(syn_images *out, const loader *l) {
  syn_skipped *skipped = syn_arena_take(&out->arena, l->n_skipped, sizeof *skipped);
  if (!skipped)
    return syn_fail_memory(l->ctx, "the images");
  if (l->n_skipped)
    memcpy(skipped, l->skipped, l->n_skipped * sizeof *skipped);
  out->skipped = skipped;
  out->n_skipped = l->n_skipped;
  return SYN_OK;
}

static syn_status finish(syn_images **out, loader *l) {
  syn_status status = check_folders(l);
  if (status)
    return status;
  syn_images *images = calloc(1, sizeof *images);
  syn_found *list = malloc((l->n + 1) * sizeof *list);
  if (images && list) {
    for (size_t i = 0; i < l->n; i++)
      list[i] = (syn_found){l->found[i].name, l->found[i].class, l->found[i].pixels};
    memcpy(images->format, l->format, sizeof images->format);
    images->arena = l->names; /* names stay where they are */
    l->names = (syn_arena){0};
    status = syn_images_arrange(images, list, l->n, l->path, l->ctx);
    if (!status)
      status = keep_skipped(images, l);
  } else {
    status = short_of_memory(l);
  }
  free(list);
  if (status)
    syn_images_close(images);
  else
    *out = images;
  return status;
}

syn_status syn_images_open(syn_images **out, const char *path, syn_ctx *ctx) {
  *out = NULL;
  if (syn_idx_is(path))
    return syn_idx_open(out, path, ctx);
  loader l = {.path = path, .ctx = ctx};
  syn_status status = read_members(&l);
  if (status == SYN_OK)
    status = finish(out, &l);
  free(l.found);
  free(l.folders);
  free(l.skipped);
  syn_arena_close(&l.names);
  return status;
}

void syn_images_close(syn_images *images) {
  if (images) {
    syn_arena_close(&images->arena);
    free(images);
  }
}
