#include "engine/data/images.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/data/idx.h"
#include "engine/data/idx_set.h"
#include "engine/data/report.h"

/* ---- the path ---------------------------------------------------------------------------------- */

static int is_of_type(const char *path, mode_t type) {
  struct stat info;
  return stat(path, &info) == 0 && (info.st_mode & S_IFMT) == type;
}

/* PATH/INNER of an archive, or of a folder with a set of IDX files of that name: cuts `place` behind
 * PATH. Anything else that is not there stays whole, to be told. */
static const char *find_inner(char *place) {
  struct stat info;
  if (stat(place, &info) == 0)
    return "";
  for (size_t at = strlen(place); at-- > 1;) {
    if (place[at] != '/')
      continue;
    place[at] = '\0';
    int there = stat(place, &info) == 0;
    if (there && (S_ISREG(info.st_mode) || syn_idx_set_in_folder(place, place + at + 1)))
      return place + at + 1;
    place[at] = '/';
    if (there)
      break;
  }
  return "";
}

/* A link of any name to one of MNIST's files stands for it: its other half lies beside it. */
static void follow_to_idx(char place[4096]) {
  char *real = syn_idx_is(place) ? NULL : realpath(place, NULL);
  if (real && syn_idx_is(real) && is_of_type(real, S_IFREG))
    snprintf(place, 4096, "%s", real);
  free(real);
}

/* A file that is a whole set in a format of its own, or one picture. */
static syn_status refuse_kind(const char *path, syn_ctx *ctx) {
  struct stat info;
  if (stat(path, &info) || !S_ISREG(info.st_mode))
    return SYN_OK;
  if (!info.st_size)
    return syn_fail(ctx, SYN_EINPUT, "%s: empty file; an archive or a folder is wanted", path);
  const syn_kind *kind = syn_kind_of_file(path);
  if (kind && kind->role == SYN_ROLE_PICTURE)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: one picture (%s); a set is a folder or an archive of them, "
                    "SET/CLASS/IMAGE.png",
                    path, syn_kind_is_png(kind) ? "PNG" : kind->what);
  if (kind && kind->role != SYN_ROLE_ARCHIVE)
    return syn_fail(ctx, SYN_EINPUT, "%s: %s, which is not read: %s", path, kind->what, kind->how);
  return SYN_OK;
}

/* ---- a set of PNGs ----------------------------------------------------------------------------- */

/* Images by their places: those of folders without a class are skipped, those left out are not. */
static size_t list_found(syn_found *found, syn_images *out, const syn_members *m,
                         const syn_places *places) {
  size_t n = 0;
  for (size_t i = 0; i < m->n; i++) {
    const syn_item *item = &m->items[i];
    const syn_place *place =
        item->kind == SYN_ITEM_IMAGE ? syn_places_of(places, item->name) : NULL;
    if (!place || !place->class || place->side == SYN_SIDE_LEFT_OUT)
      continue;
    found[n++] = (syn_found){item->name, place->class, item->row, place->side};
    out->transparent += item->clear;
  }
  return n;
}

/* The first image that the set must not have; in the order of names, whatever the packing. */
static syn_status check_sizes(const syn_members *m) {
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_WRONG)
      return syn_fail(m->ctx, SYN_EINPUT, "%s: %s: %s", m->path, m->items[i].name, m->items[i].why);
  return SYN_OK;
}

static syn_status pngs(syn_images *out, syn_members *m) {
  syn_places places;
  syn_layout layout;
  syn_found *found = malloc((m->n + 1) * sizeof *found);
  syn_status status = syn_places_find(&places, m);
  if (!status && !found)
    status = syn_fail_memory(m->ctx, "the images");
  if (!status)
    status = check_sizes(m);
  if (!status)
    status = syn_layout_decide(&layout, places.list, places.n, places.empty, places.n_empty,
                               &m->names, m->path, m->ctx);
  if (!status)
    status = syn_report_skipped(out, m, &places);
  if (!status) {
    size_t n = list_found(found, out, m, &places);
    memcpy(out->format, m->format, sizeof out->format);
    memcpy(out->layout, layout.text, sizeof out->layout);
    status = syn_images_arrange(out, found, n, &m->pool, m->path, m->ctx);
  }
  syn_places_close(&places);
  free(found);
  return status;
}

/* ---- the whole --------------------------------------------------------------------------------- */

/* A part that was asked for, in what is there: a folder or a file of it, or a set of IDX files. */
static syn_status choose(syn_images *out, syn_members *m, const char *folder) {
  size_t images = 0;
  const syn_item *idx = NULL;
  if (*m->inside && !m->cut) /* a set of IDX files, or a file */
    return syn_idx_set_read(out, m, folder, m->inside);
  for (size_t i = 0; i < m->n; i++) {
    images += (size_t)syn_item_is_png(&m->items[i]);
    if (!idx && m->items[i].kind == SYN_ITEM_IDX)
      idx = &m->items[i];
  }
  if (idx && images)
    return syn_fail(
        m->ctx, SYN_EINPUT,
        "%s: PNGs and IDX files in one place; give the folder of the PNGs, or the file: %s/%s",
        m->path, m->path, idx->name);
  if (idx)
    return syn_idx_set_read(out, m, folder, NULL);
  syn_status status = syn_report_none(m);
  return status ? status : pngs(out, m);
}

static syn_status open_members(syn_images *out, const char *place, const char *inside,
                               syn_ctx *ctx) {
  char part[4096];
  syn_members m = {.path = place, .names = {.arena = &out->arena}, .ctx = ctx};
  while (*inside == '/')
    inside++;
  m.inside = syn_names_keep_nfc(&m.names,
                                syn_name_resolve(part, sizeof part, "", 0, inside) ? part : inside);
  syn_status status = syn_members_collect(&m);
  if (!status)
    status = choose(out, &m, is_of_type(place, S_IFDIR) ? place : NULL);
  syn_members_close(&m);
  return status;
}

syn_status syn_images_open(syn_images **out, const char *path, syn_ctx *ctx) {
  *out = NULL;
  syn_ctx ignored = {0};
  char place[4096];
  if (!*path)
    return syn_fail(ctx, SYN_EINPUT, "a name or a path is wanted");
  if ((size_t)snprintf(place, sizeof place, "%s", path) >= sizeof place)
    return syn_fail(ctx, SYN_EINPUT, "%.60s...: path too long", path);
  for (size_t n = strlen(place); n > 1 && place[n - 1] == '/'; n--)
    place[n - 1] = '\0';
  const char *inside = find_inner(place);
  follow_to_idx(place);
  syn_images *images = calloc(1, sizeof *images);
  if (!images)
    return syn_fail_memory(ctx, "the images");
  syn_status status;
  if (!ctx)
    ctx = &ignored;
  if (!*inside && syn_idx_is(place) && is_of_type(place, S_IFREG))
    status = syn_idx_set_read_file(images, place, ctx);
  else if (!(status = refuse_kind(place, ctx)))
    status = open_members(images, place, inside, ctx);
  if (status)
    syn_images_close(images);
  else
    *out = images;
  return status;
}

void syn_images_close(syn_images *images) {
  if (images) {
    syn_arena_close(&images->arena);
    free(images->owned);
    free(images);
  }
}
