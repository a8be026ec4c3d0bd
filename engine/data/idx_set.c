#include "engine/data/idx_set.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/idx.h"

typedef struct half { /* training images, or those that validate */
  syn_idx_pair names;
  syn_labels labels;
  size_t n, first; /* its images: (n) from this row of the pool on */
} half;

#define SLOTS 4 /* images and labels of the one half, images and labels of the other */

typedef struct reader {
  half halves[2];
  const syn_item *items[SLOTS]; /* the members to read; NULL where there is none */
  int read[SLOTS];
  syn_members *m;
} reader;

/* ---- reading ----------------------------------------------------------------------------------- */

static syn_status from_member(void *archive, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx) {
  return syn_archive_read(archive, bytes, n, got, ctx);
}

/* From the archive's current member, or else from the folder. */
static syn_status read_slot(reader *r, size_t s, syn_archive *archive, const char *folder) {
  half *h = &r->halves[s / 2];
  char place[8300];
  syn_stream *stream;
  syn_pool *pool = &r->m->pool;
  syn_ctx *ctx = r->m->ctx;
  snprintf(place, sizeof place, "%s/%s", archive ? r->m->path : folder,
           archive ? r->items[s]->name : r->items[s]->raw);
  syn_status status = archive
                          ? syn_stream_wrap(&stream, (syn_source){from_member, archive}, place, ctx)
                          : syn_stream_open(&stream, place, ctx);
  if (s % 2 == 0)
    h->first = pool->n;
  if (!status)
    status = syn_idx_read(s % 2 ? NULL : pool, &h->labels, stream, place, ctx);
  if (s % 2 == 0)
    h->n = pool->n - h->first;
  r->read[s] = 1;
  syn_stream_close(stream);
  return status;
}

/* Over all members; of those that are several files by links one is read in each pass. */
static syn_status read_pass(reader *r) {
  syn_members *m = r->m;
  syn_archive *archive;
  syn_member member;
  int end = 0;
  uint32_t number = 0;
  syn_status status = syn_archive_open(&archive, m->path, m->ctx);
  while (!status && !(status = syn_archive_next(archive, &member, &end, m->ctx)) && !end) {
    number++;
    for (size_t s = 0; s < SLOTS; s++) {
      const syn_item *item = r->items[s];
      if (!item || r->read[s] || item->member != number || strcmp(item->raw, member.name) != 0)
        continue;
      status = read_slot(r, s, archive, NULL);
      break;
    }
  }
  syn_archive_close(archive);
  return status;
}

static syn_status read_all(reader *r, const char *folder) {
  syn_status status = SYN_OK;
  for (size_t s = 0; s < SLOTS && !status; s++) {
    if (!r->items[s] || r->read[s])
      continue;
    status = folder ? read_slot(r, s, NULL, folder) : read_pass(r);
    if (!status && !r->read[s])
      status = syn_fail(r->m->ctx, SYN_EINPUT, "%s: changed while it was read", r->m->path);
  }
  for (const half *h = r->halves; h < r->halves + 2 && !status; h++)
    if (h->n != h->labels.n)
      status = syn_fail(r->m->ctx, SYN_EINPUT, "%s: %s has %zu image%s, but %s has %zu label%s",
                        r->m->path, h->names.images, h->n, syn_s(h->n), h->names.labels,
                        h->labels.n, syn_s(h->labels.n));
  return status;
}

/* ---- into an image set ------------------------------------------------------------------------- */

/* Names of equal length, so that the order of names is that of places. */
static void list_half(syn_found *found, size_t *n, const half *h, syn_side side,
                      const char *const *classes, syn_names *names) {
  for (size_t i = 0; i < h->n; i++)
    found[(*n)++] = (syn_found){syn_names_print(names, "%08zu", i), classes[h->labels.classes[i]],
                                (uint32_t)(h->first + i), side};
}

/* What is to be said: of files that are not read, and of members that stood there several times. */
static void note(syn_images *out, const reader *r, const char *rest) {
  syn_skipped *skipped = syn_arena_take(&out->arena, 1 + SLOTS, sizeof *skipped);
  r->m->names.failed |= !skipped;
  if (skipped && *rest)
    skipped[out->n_skipped++] =
        (syn_skipped){syn_names_print(&r->m->names, "%s", rest),
                      "lies there too, and is not read; name one of its files to read it"};
  for (size_t s = 0; skipped && s < SLOTS; s++)
    if (r->items[s] && r->items[s]->twice)
      skipped[out->n_skipped++] = (syn_skipped){r->items[s]->name, SYN_TWICE};
  out->skipped = skipped;
}

static syn_status arrange(syn_images *out, reader *r) {
  const half *train = &r->halves[0], *other = &r->halves[1];
  syn_members *m = r->m;
  const char *classes[256], *a = train->names.images, *b = other->names.images;
  size_t n = 0;
  if (!(train->n + other->n))
    return syn_fail(m->ctx, SYN_EINPUT, "%s: no image in it: %s holds 0", m->path, a ? a : b);
  syn_found *found = malloc((train->n + other->n) * sizeof *found);
  if (!found)
    return syn_fail_memory(m->ctx, "the images");
  for (unsigned c = 0; c < 256; c++)
    classes[c] = syn_names_print(&m->names, "%03u", c);
  list_half(found, &n, train, a && b ? SYN_SIDE_TRAIN : SYN_SIDE_NONE, classes, &m->names);
  list_half(found, &n, other, a && b ? SYN_SIDE_VALIDATION : SYN_SIDE_NONE, classes, &m->names);
  syn_status status = syn_names_check(&m->names, m->ctx);
  if (!status)
    status = syn_images_arrange(out, found, n, &m->pool, m->path, m->ctx);
  free(found);
  snprintf(out->format, sizeof out->format, "IDX files");
  if (a && b)
    snprintf(out->layout, sizeof out->layout, "%.80s trains, %.80s validates", a, b);
  else
    snprintf(out->layout, sizeof out->layout, "%.160s", a ? a : b);
  return status;
}

/* ---- which files ------------------------------------------------------------------------------- */

static const syn_item *item_of(const syn_members *m, const char *name) {
  for (size_t i = 0; name && i < m->n; i++)
    if (m->items[i].name == name)
      return &m->items[i];
  return NULL;
}

static syn_status choose_files(reader *r, syn_idx_choice *choice, const char *want) {
  syn_members *m = r->m;
  const char **names = malloc((m->n + 1) * sizeof *names);
  size_t n = 0;
  for (size_t i = 0; names && i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_IDX)
      names[n++] = m->items[i].name;
  syn_status status =
      !names ? syn_fail_memory(m->ctx, "the images")
      : !n   ? syn_fail(m->ctx, SYN_EINPUT, "%s: nothing in it is named %s", m->path, want)
             : syn_idx_choose(choice, names, n, want, m->path, m->ctx);
  free(names);
  const syn_idx_pair pairs[2] = {choice->train, choice->other};
  for (size_t h = 0; h < 2 && !status; h++) {
    r->halves[h].names = pairs[h];
    r->items[2 * h] = item_of(m, pairs[h].images);
    r->items[2 * h + 1] = item_of(m, pairs[h].labels);
  }
  return status;
}

syn_status syn_idx_set_read(syn_images *out, syn_members *m, const char *folder, const char *want) {
  reader r = {.m = m};
  syn_idx_choice choice = {.note = ""};
  syn_status status = choose_files(&r, &choice, want);
  if (!status)
    status = read_all(&r, folder);
  if (!status) {
    status = arrange(out, &r);
    note(out, &r, choice.note);
  }
  free(r.halves[0].labels.classes);
  free(r.halves[1].labels.classes);
  return status ? status : syn_names_check(&m->names, m->ctx);
}

/* ---- files in a folder ------------------------------------------------------------------------- */

/* The IDX files that lie right in it. */
static syn_status list_folder(syn_members *m, const char *folder) {
  DIR *dir = opendir(folder);
  syn_status status = SYN_OK;
  for (struct dirent *e; dir && !status && (e = readdir(dir));) {
    syn_item *item;
    if (!syn_idx_is(e->d_name) || (status = syn_members_add(m, &item)))
      continue;
    item->name = item->raw = syn_names_keep(&m->names, e->d_name, strlen(e->d_name));
    item->kind = SYN_ITEM_IDX;
  }
  if (dir)
    closedir(dir);
  syn_members_sort(m);
  return status ? status : syn_names_check(&m->names, m->ctx);
}

int syn_idx_set_in_folder(const char *folder, const char *name) {
  syn_arena arena = {0};
  syn_members m = {.path = folder, .names = {.arena = &arena}};
  int there = 0;
  (void)list_folder(&m, *folder ? folder : "/");
  for (size_t i = 0; i < m.n; i++)
    there = there || syn_idx_is_of(m.items[i].name, name);
  syn_members_close(&m);
  syn_arena_close(&arena);
  return there;
}

syn_status syn_idx_set_read_file(syn_images *out, const char *path, syn_ctx *ctx) {
  char folder[4096];
  const char *slash = strrchr(path, '/');
  syn_members m = {.path = path, .names = {.arena = &out->arena}, .ctx = ctx};
  size_t n = slash && slash > path ? (size_t)(slash - path) : 1;
  snprintf(folder, sizeof folder, "%.*s", (int)n, slash ? path : ".");
  syn_status status = list_folder(&m, folder);
  if (!status)
    status = syn_idx_set_read(out, &m, folder, slash ? slash + 1 : path);
  syn_members_close(&m);
  return status;
}
