#include "engine/data/idx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/data/archive.h"

#define SIDE         28
#define HEADER_IMAGES 16
#define HEADER_LABELS 8
#define BYTES_MAX    ((size_t)1 << 30)
#define IMAGES       "images-idx3-ubyte"
#define LABELS       "labels-idx1-ubyte"

/* ---- names ------------------------------------------------------------------------------------- */

static int is_file(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* The file that belongs to `path`: `from` in its name becomes `to`, gzipped or else plain. */
static int find_beside(char *file, size_t size, const char *path, const char *from, const char *to) {
  const char *at = strstr(path, from);
  for (const char *more; (more = strstr(at + 1, from));)
    at = more;
  snprintf(file, size, "%.*s%s.gz", (int)(at - path), path, to);
  if (!is_file(file))
    file[strlen(file) - 3] = '\0';
  return is_file(file);
}

/* The images file that `path` means; 0 if it means none. */
static int find_images(char *file, size_t size, const char *path) {
  if (is_file(path) && strstr(path, IMAGES)) {
    snprintf(file, size, "%s", path);
    return 1;
  }
  if (is_file(path) && strstr(path, LABELS))
    return find_beside(file, size, path, LABELS, IMAGES);
  snprintf(file, size, "%s/train-images-idx3-ubyte.gz", path);
  if (is_file(file))
    return 1;
  file[strlen(file) - 3] = '\0';
  return is_file(file);
}

int syn_idx_is(const char *path) {
  char file[4096];
  return find_images(file, sizeof file, path);
}

/* ---- contents ---------------------------------------------------------------------------------- */

static size_t big_endian(const uint8_t *b) {
  return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
}

typedef struct pair {
  char images_path[4096], labels_path[4096];
  uint8_t *images, *labels; /* whole files */
  size_t n;
} pair;

static syn_status read_part(uint8_t **out, size_t *n, const char *path, size_t magic, size_t header,
                            syn_ctx *ctx) {
  size_t bytes;
  syn_status status = syn_archive_read_stream(out, &bytes, path, BYTES_MAX, ctx);
  if (status)
    return status;
  if (bytes < header || big_endian(*out) != magic)
    return syn_fail(ctx, SYN_EINPUT, "%s: not an IDX file of %s (it must begin with %08zx)", path,
                    header == HEADER_LABELS ? "labels" : "images", magic);
  *n = big_endian(*out + 4);
  size_t each = header == HEADER_LABELS ? 1 : SIDE * SIDE;
  if (header == HEADER_IMAGES && (big_endian(*out + 8) != SIDE || big_endian(*out + 12) != SIDE))
    return syn_fail(ctx, SYN_EINPUT, "%s: %zux%zu pixels; every image must have %dx%d", path,
                    big_endian(*out + 12), big_endian(*out + 8), SIDE, SIDE);
  if (bytes != header + *n * each)
    return syn_fail(ctx, SYN_EINPUT, "%s: %zu bytes, but %zu entries take %zu: cut short or mixed up",
                    path, bytes, *n, header + *n * each);
  return SYN_OK;
}

static syn_status read_pair(pair *p, syn_ctx *ctx) {
  size_t n_labels = 0;
  syn_status status =
      read_part(&p->images, &p->n, p->images_path, 0x00000803, HEADER_IMAGES, ctx);
  if (!status)
    status = read_part(&p->labels, &n_labels, p->labels_path, 0x00000801, HEADER_LABELS, ctx);
  if (!status && p->n != n_labels)
    status = syn_fail(ctx, SYN_EINPUT, "%s: %zu images, but %s has %zu labels", p->images_path, p->n,
                      p->labels_path, n_labels);
  return status;
}

/* ---- into an image set ------------------------------------------------------------------------- */

/* Sorted by class, then by place: names of equal length, so the order of names is that of places. */
static syn_status arrange(syn_images *out, const pair *p, syn_ctx *ctx) {
  syn_found *found = malloc((p->n + 1) * sizeof *found);
  if (!found)
    return syn_fail_memory(ctx, "the images");
  const uint8_t *labels = p->labels + HEADER_LABELS;
  syn_status status = SYN_OK;
  for (size_t i = 0; i < p->n && !status; i++) {
    char name[32], class[8];
    snprintf(name, sizeof name, "%08zu", i);
    snprintf(class, sizeof class, "%03u", labels[i]);
    found[i] = (syn_found){.name = syn_arena_string(&out->arena, name),
                           .class = syn_arena_string(&out->arena, class),
                           .pixels = p->images + HEADER_IMAGES + i * SIDE * SIDE};
    if (!found[i].name || !found[i].class)
      status = syn_fail_memory(ctx, "the images");
  }
  if (!status)
    status = syn_images_arrange(out, found, p->n, p->images_path, ctx);
  free(found);
  return status;
}

syn_status syn_idx_open(syn_images **out, const char *path, syn_ctx *ctx) {
  *out = NULL;
  pair p = {.n = 0};
  if (!find_images(p.images_path, sizeof p.images_path, path))
    return syn_fail(ctx, SYN_EINPUT, "%s: no train-images-idx3-ubyte here, plain or .gz", path);
  if (!find_beside(p.labels_path, sizeof p.labels_path, p.images_path, IMAGES, LABELS))
    return syn_fail(ctx, SYN_EINPUT, "%s: its labels are missing: no %s, plain or .gz",
                    p.images_path, p.labels_path);
  syn_images *images = calloc(1, sizeof *images);
  syn_status status = images ? read_pair(&p, ctx) : syn_fail_memory(ctx, "the images");
  if (!status)
    status = arrange(images, &p, ctx);
  free(p.images);
  free(p.labels);
  if (!status)
    snprintf(images->format, sizeof images->format, "IDX files");
  if (status)
    syn_images_close(images);
  else
    *out = images;
  return status;
}
