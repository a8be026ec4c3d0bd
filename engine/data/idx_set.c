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
  int images_read, labels_read;
} half;

typedef struct reader {
  half halves[2];
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
  h->images_read = 1;
  return status;
}

static syn_status read_labels(reader *r, half *h, syn_stream *stream, const char *name) {
  free(h->labels);
  h->labels = NULL;
  h->labels_read = 1;
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

static syn_status note(syn_images *out, const char *text) {
  syn_skipped *skipped = syn_arena_take(&out->arena, 1, sizeof *skipped);
  if (skipped)
    *skipped = (syn_skipped){syn_arena_string(&out->arena, text),
                             "lies there too, and is not read; name one of its files to read it"};
  out->skipped = skipped;
  out->n_skipped = 1;
  return skipped && skipped->name ? SYN_OK : SYN_ENOMEM;
}

static syn_status arrange(syn_images *out, reader *r, syn_names *names) {
  const char *classes[256];
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

/* Where the bytes of an IDX file lie: under its own name, or where a link leads. */
static const char *bytes_of(const syn_members *m, const char *name) {
  for (size_t i = 0; name && i < m->n; i++)
    if (m->items[i].name == name)
      return m->items[i].target ? m->items[i].target : name;
  return NULL;
}

static int is_called(const syn_members *m, const char *member, const char *name) {
  size_t n = strlen(m->inside);
  if (!name || !syn_name_below(member, m->inside))
    return 0;
  member += n + (n && member[n] == '/');
  return strcmp(member, name) == 0;
}

/* One member: if it is one of the wanted files, it is read. */
static syn_status take(reader *r, syn_archive *archive, const syn_members *m, const char *member) {
  syn_status status = SYN_OK;
  for (int k = 0; k < 2 && !status; k++) {
    half *h = &r->halves[k];
    if (is_called(m, member, bytes_of(m, h->names.images)) && !h->images_read)
      return read_member(r, h, archive, h->names.images, 0);
    if (is_called(m, member, bytes_of(m, h->names.labels)))
      return read_member(r, h, archive, h->names.labels, 1);
  }
  return status;
}

static syn_status second_pass(reader *r, syn_members *m) {
  syn_archive *archive;
  syn_names scratch = {.arena = m->names.arena};
  syn_status status = syn_archive_open(&archive, m->path, m->ctx);
  for (int end = 0; !status;) {
    syn_member member;
    status = syn_archive_next(archive, &member, &end, m->ctx);
    if (end || status)
      break;
    const char *name = syn_names_keep_nfc(&scratch, member.name, NULL);
    if (!name)
      status = syn_fail_memory(m->ctx, "the images");
    else if (member.kind == SYN_MEMBER_FILE || member.kind == SYN_MEMBER_HARDLINK)
      status = take(r, archive, m, name);
  }
  syn_archive_close(archive);
  for (int k = 0; k < 2 && !status; k++)
    if (r->halves[k].names.images && !(r->halves[k].images_read && r->halves[k].labels_read))
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
  memcpy(note_text, choice.note, sizeof choice.note);
  free(names);
  return status;
}

syn_status syn_idx_set_read(syn_images *out, syn_members *m, const char *want) {
  reader r = {.path = m->path, .ctx = m->ctx};
  char rest[512];
  syn_status status = choose_files(&r, rest, m, want);
  if (!status)
    status = second_pass(&r, m);
  for (int k = 0; k < 2 && !status; k++)
    status = check_counts(&r, &r.halves[k]);
  if (!status)
    status = arrange(out, &r, &m->names);
  if (!status && *rest && (status = note(out, rest)))
    status = syn_fail_memory(m->ctx, "the images");
  close_reader(&r);
  return status;
}
