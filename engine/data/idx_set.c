#include "engine/data/idx_set.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/data/idx.h"

typedef struct half { /* training images, or those that validate */
  syn_idx_pair names;
  uint8_t *labels;
  size_t n, first; /* its images: (n) from this row of the pool on */
  size_t n_labels;
} half;

#define SLOTS 4 /* images and labels of the one half, images and labels of the other */

typedef struct reader {
  half halves[2];
  const syn_item *items[SLOTS]; /* the members to read; NULL where there is none to read any more */
  syn_pool pool;
  const char *path;
  syn_ctx *ctx;
} reader;

int syn_idx_set_is_file(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* ---- reading ----------------------------------------------------------------------------------- */

static syn_status read_images(reader *r, half *h, syn_stream *stream, const char *name) {
  h->first = r->pool.n;
  syn_status status = syn_idx_read_images(&r->pool, stream, name, r->ctx);
  h->n = r->pool.n - h->first;
  return status;
}

static syn_status read_labels(reader *r, half *h, syn_stream *stream, const char *name) {
  return syn_idx_read_labels(&h->labels, &h->n_labels, stream, name, r->ctx);
}

static syn_status read_path(reader *r, half *h, const char *path, int labels) {
  syn_stream *stream;
  syn_status status = syn_stream_open(&stream, path, r->ctx);
  if (!status)
    status = (labels ? read_labels : read_images)(r, h, stream, path);
  syn_stream_close(stream);
  return status;
}

static syn_status from_member(void *archive, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx) {
  return syn_archive_read(archive, bytes, n, got, ctx);
}

static syn_status read_member(reader *r, half *h, syn_archive *archive, const char *name,
                              int labels) {
  char place[4096];
  syn_stream *stream;
  snprintf(place, sizeof place, "%s/%s", r->path, name);
  syn_status status = syn_stream_wrap(&stream, (syn_source){from_member, archive}, place, r->ctx);
  if (!status)
    status = (labels ? read_labels : read_images)(r, h, stream, place);
  syn_stream_close(stream);
  return status;
}

/* ---- into an image set ------------------------------------------------------------------------- */

static syn_status check_counts(const reader *r, const half *h) {
  if (h->n == h->n_labels)
    return SYN_OK;
  return syn_fail(r->ctx, SYN_EINPUT, "%s: %s has %zu images, but %s has %zu labels", r->path,
                  h->names.images, h->n, h->names.labels, h->n_labels);
}

/* Names of equal length, so that the order of names is that of places. */
static syn_status list_half(syn_found *found, size_t *n, const half *h, syn_side side,
                            const char *const *classes, syn_names *names) {
  for (size_t i = 0; i < h->n; i++) {
    char name[32];
    int length = snprintf(name, sizeof name, "%08zu", i);
    const char *kept = syn_names_keep(names, name, (size_t)length);
    if (!kept)
      return SYN_ENOMEM;
    found[(*n)++] = (syn_found){kept, classes[h->labels[i]], (uint32_t)(h->first + i), side};
  }
  return SYN_OK;
}

static syn_status name_classes(const char **classes, syn_names *names) {
  for (unsigned c = 0; c < 256; c++) {
    char name[8];
    int n = snprintf(name, sizeof name, "%03u", c);
    if (!(classes[c] = syn_names_keep(names, name, (size_t)n)))
      return SYN_ENOMEM;
  }
  return SYN_OK;
}

/* What is to be said: of files that are not read, and of members that stood there several times. */
static syn_status note(syn_images *out, const char *rest, const syn_item *const items[SLOTS]) {
  syn_skipped *skipped = syn_arena_take(&out->arena, 1 + SLOTS, sizeof *skipped);
  size_t n = 0;
  if (!skipped)
    return SYN_ENOMEM;
  if (*rest)
    skipped[n++] = (syn_skipped){syn_arena_string(&out->arena, rest),
                                 "lies there too, and is not read; name one of its files to read it"};
  for (size_t s = 0; s < SLOTS; s++)
    if (items[s] && items[s]->twice)
      skipped[n++] = (syn_skipped){items[s]->name, SYN_TWICE};
  out->skipped = skipped;
  out->n_skipped = n;
  return n && !skipped[0].name ? SYN_ENOMEM : SYN_OK;
}

static syn_status arrange(syn_images *out, reader *r, syn_names *names) {
  const char *classes[256];
  if (!r->pool.n)
    return syn_fail(r->ctx, SYN_EINPUT, "%s: no image in it: %s holds 0", r->path,
                    r->halves[!r->halves[0].names.images].names.images);
  const half *train = &r->halves[0], *other = &r->halves[1];
  int split = train->names.images && other->names.images;
  size_t n = 0;
  syn_found *found = malloc((r->pool.n + 1) * sizeof *found);
  syn_status status = found ? name_classes(classes, names) : SYN_ENOMEM;
  if (!status)
    status = list_half(found, &n, train, split ? SYN_SIDE_TRAIN : SYN_SIDE_NONE, classes, names);
  if (!status)
    status =
        list_half(found, &n, other, split ? SYN_SIDE_VALIDATION : SYN_SIDE_NONE, classes, names);
  status = status ? syn_fail_memory(r->ctx, "the images")
                  : syn_images_arrange(out, found, n, &r->pool, r->path, r->ctx);
  free(found);
  snprintf(out->format, sizeof out->format, "IDX files");
  if (split)
    snprintf(out->layout, sizeof out->layout, "%.80s trains, %.80s validates", train->names.images,
             other->names.images);
  else
    snprintf(out->layout, sizeof out->layout, "%.160s",
             train->names.images ? train->names.images : other->names.images);
  return status;
}

static void close_reader(reader *r) {
  free(r->halves[0].labels);
  free(r->halves[1].labels);
  free(r->pool.pixels);
}

/* ---- one file of a pair ------------------------------------------------------------------------ */

/* The names of the IDX files beside it, sorted as they come; (*n), each malloc'ed. */
static const char **list_folder(const char *folder, size_t *n) {
  DIR *dir = opendir(*folder ? folder : "/");
  const char **names = NULL;
  size_t room = 0;
  *n = 0;
  for (struct dirent *e; dir && (e = readdir(dir));) {
    if (!syn_idx_is(e->d_name))
      continue;
    if (*n == room) {
      const char **bigger = realloc(names, (room = room ? 2 * room : 16) * sizeof *names);
      if (!bigger)
        break;
      names = bigger;
    }
    if ((names[*n] = strdup(e->d_name)))
      ++*n;
  }
  if (dir)
    closedir(dir);
  return names;
}

static void free_names(const char **names, size_t n) {
  for (size_t i = 0; i < n; i++)
    free((char *)(uintptr_t)names[i]);
  free(names);
}

int syn_idx_set_in_folder(const char *folder, const char *name) {
  size_t n;
  const char **names = list_folder(folder, &n);
  int there = 0;
  for (size_t i = 0; i < n; i++)
    there = there || syn_idx_is_of(names[i], name);
  free_names(names, n);
  return there;
}

syn_status syn_idx_set_read_file(syn_images *out, const char *path, syn_ctx *ctx) {
  char folder[4096], place[2][8300];
  size_t n, length = syn_name_folder(path);
  const char *base = length || *path == '/' ? path + length + 1 : path;
  snprintf(folder, sizeof folder, "%.*s", (int)length, path);
  if (!length)
    snprintf(folder, sizeof folder, "%s", *path == '/' ? "/" : ".");
  const char **names = list_folder(folder, &n);
  reader r = {.path = path, .ctx = ctx};
  half *h = &r.halves[0];
  syn_status status = syn_idx_pair_of(&h->names, names, n, base, path, ctx);
  if (!status) {
    snprintf(place[0], sizeof place[0], "%s/%s", folder, h->names.images);
    snprintf(place[1], sizeof place[1], "%s/%s", folder, h->names.labels);
    status = read_path(&r, h, place[0], 0);
  }
  if (!status)
    status = read_path(&r, h, place[1], 1);
  if (!status)
    status = check_counts(&r, h);
  if (!status)
    status = arrange(out, &r, &(syn_names){.arena = &out->arena});
  free_names(names, n);
  close_reader(&r);
  return status;
}

/* ---- files among members ----------------------------------------------------------------------- */

static const syn_item *item_of(const syn_members *m, const char *name) {
  for (size_t i = 0; name && i < m->n; i++)
    if (m->items[i].name == name)
      return &m->items[i];
  return NULL;
}

/* What slot `from` has read is that of slot `to` as well: links made one file of them. */
static syn_status share(reader *r, size_t from, size_t to) {
  half *a = &r->halves[from / 2], *b = &r->halves[to / 2];
  if (from % 2 != to % 2)
    return syn_fail(r->ctx, SYN_EINPUT, "%s: the images %s and the labels %s are one file by a link",
                    r->path, b->names.images, b->names.labels);
  if (to % 2) {
    b->labels = malloc(a->n_labels + 1);
    b->n_labels = a->n_labels;
    if (b->labels && a->n_labels)
      memcpy(b->labels, a->labels, a->n_labels);
    return b->labels ? SYN_OK : syn_fail_memory(r->ctx, "the labels");
  }
  b->first = r->pool.n;
  for (b->n = 0; b->n < a->n; b->n++, r->pool.n++) {
    uint8_t *pixels = syn_pool_next(&r->pool);
    if (!pixels)
      return syn_fail_memory(r->ctx, "the images");
    memcpy(pixels, r->pool.pixels + (a->first + b->n) * SYN_PIXELS, SYN_PIXELS);
  }
  return SYN_OK;
}

/* One member: if it is one of the wanted files, or several of them, it is read. */
static syn_status take(reader *r, syn_archive *archive, uint32_t number, const char *name) {
  syn_status status = SYN_OK;
  size_t first = SLOTS;
  for (size_t s = 0; s < SLOTS && !status; s++) {
    const syn_item *item = r->items[s];
    if (!item || item->member != number || strcmp(item->packed, name) != 0)
      continue;
    status = first < SLOTS ? share(r, first, s)
                           : read_member(r, &r->halves[s / 2], archive, item->name, s % 2);
    first = first < SLOTS ? first : s;
    r->items[s] = NULL;
  }
  return status;
}

static syn_status second_pass(reader *r, syn_members *m) {
  syn_archive *archive;
  syn_names scratch = {.arena = m->names.arena};
  syn_status status = syn_archive_open(&archive, m->path, m->ctx);
  uint32_t number = 0;
  for (int end = 0; !status;) {
    syn_member member;
    status = syn_archive_next(archive, &member, &end, m->ctx);
    if (end || status)
      break;
    const char *name = syn_names_keep_nfc(&scratch, member.name, NULL);
    status = name ? take(r, archive, ++number, name) : syn_fail_memory(m->ctx, "the images");
  }
  syn_archive_close(archive);
  for (size_t s = 0; s < SLOTS && !status; s++)
    if (r->items[s])
      status = syn_fail(m->ctx, SYN_EINPUT, "%s: changed while it was read", m->path);
  return status;
}

static syn_status choose_files(reader *r, char note_text[512], syn_members *m, const char *want) {
  const char **names = malloc((m->n + 1) * sizeof *names);
  syn_idx_choice choice = {.note = ""};
  size_t n = 0, file = SIZE_MAX;
  if (!names)
    return syn_fail_memory(m->ctx, "the images");
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_IDX) {
      if (want && strcmp(m->items[i].name, want) == 0)
        file = n;
      names[n++] = m->items[i].name;
    }
  syn_status status;
  if (want && !n)
    status = syn_fail(m->ctx, SYN_EINPUT, "%s: nothing in it is named %s", m->path, want);
  else if (file != SIZE_MAX)
    status = syn_idx_pair_of(&choice.train, names, n, names[file], m->path, m->ctx);
  else
    status = syn_idx_choose(&choice, names, n, want, m->path, m->ctx);
  r->halves[0].names = choice.train;
  r->halves[1].names = choice.other;
  const char *const chosen[SLOTS] = {choice.train.images, choice.train.labels, choice.other.images,
                                     choice.other.labels};
  for (size_t s = 0; s < SLOTS && !status; s++)
    r->items[s] = item_of(m, chosen[s]);
  memcpy(note_text, choice.note, sizeof choice.note);
  free(names);
  return status;
}

syn_status syn_idx_set_read(syn_images *out, syn_members *m, const char *want) {
  reader r = {.path = m->path, .ctx = m->ctx};
  const syn_item *items[SLOTS];
  char rest[512];
  syn_status status = choose_files(&r, rest, m, want);
  memcpy(items, r.items, sizeof items);
  if (!status)
    status = second_pass(&r, m);
  for (int k = 0; k < 2 && !status; k++)
    status = check_counts(&r, &r.halves[k]);
  if (!status)
    status = arrange(out, &r, &m->names);
  if (!status && (status = note(out, rest, items)))
    status = syn_fail_memory(m->ctx, "the images");
  close_reader(&r);
  return status;
}
