#include "engine/data/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static syn_status short_of_memory(const syn_members *m) {
  return syn_fail_memory(m->ctx, "the images");
}

static const char *base_of(const char *name) {
  const char *slash = strrchr(name, '/');
  return slash ? slash + 1 : name;
}

/* What to do about a member of a kind that is not read. An archive may be the set, and may be this very
 * archive, packed when it lay in the folder of the set. */
static void say_how(char *how, size_t size, const syn_members *m, const syn_kind *of,
                    const char *name) {
  int n = (int)syn_name_folder(m->path);
  if (of->role != SYN_ROLE_ARCHIVE)
    snprintf(how, size, "%s", of->how);
  else if (strcmp(base_of(name), base_of(m->path)) != 0)
    snprintf(how, size, "give it alone, or %s", of->how);
  else
    snprintf(how, size, "the set was packed into itself; give the folder it lies in: %.*s",
             n ? n : 1,
             n                 ? m->path
             : *m->path == '/' ? "/"
                               : ".");
}

/* Should it be an image? */
static int is_image(const syn_item *item) {
  return item->kind == SYN_ITEM_IMAGE || item->kind == SYN_ITEM_BAD ||
         item->kind == SYN_ITEM_WRONG ||
         (item->kind == SYN_ITEM_KIND && item->of && item->of->role == SYN_ROLE_PICTURE);
}

static int same_folder(const syn_place *place, const char *name) {
  size_t n = syn_name_folder(name);
  return strlen(place->folder) == n && strncmp(place->folder, name, n) == 0;
}

/* ---- places ------------------------------------------------------------------------------------ */

static int by_folder(const void *a, const void *b) {
  return strcmp(((const syn_place *)a)->folder, ((const syn_place *)b)->folder);
}

const syn_place *syn_places_of(const syn_places *places, const char *name) {
  size_t n = syn_name_folder(name), low = 0, high = places->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const char *folder = places->list[middle].folder;
    int order = strncmp(folder, name, n);
    if (!order)
      order = folder[n] != '\0';
    if (!order)
      return &places->list[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

static syn_place *place_of(syn_places *places, const char *name) {
  return (syn_place *)(uintptr_t)syn_places_of(places, name);
}

/* Every folder that an image lies in, once. */
static syn_status list_places(syn_places *out, syn_members *m) {
  size_t room = 0;
  for (size_t i = 0; i < m->n; i++) {
    const char *name = m->items[i].name;
    if (!is_image(&m->items[i]) || (out->n && same_folder(&out->list[out->n - 1], name)))
      continue;
    if (out->n == room) {
      room = room ? 2 * room : 64;
      syn_place *bigger = realloc(out->list, room * sizeof *bigger);
      if (!bigger)
        return short_of_memory(m);
      out->list = bigger;
    }
    const char *folder = syn_names_keep(&m->names, name, syn_name_folder(name));
    if (!folder)
      return short_of_memory(m);
    out->list[out->n++] = (syn_place){.folder = folder};
  }
  if (out->n)
    qsort(out->list, out->n, sizeof *out->list, by_folder);
  size_t kept = 0;
  for (size_t i = 0; i < out->n; i++)
    if (!kept || strcmp(out->list[kept - 1].folder, out->list[i].folder) != 0)
      out->list[kept++] = out->list[i];
  out->n = kept;
  return SYN_OK;
}

static int by_folder_and_kind(const void *a, const void *b) {
  const syn_group *x = a, *y = b;
  size_t n = syn_name_folder(x->name), m = syn_name_folder(y->name);
  int order = strncmp(x->name, y->name, n < m ? n : m);
  if (!order)
    order = (n > m) - (n < m);
  if (!order)
    order = strcmp(x->of->what, y->of->what);
  return order ? order : strcmp(x->name, y->name);
}

/* Members of kinds that are not read, counted by folder and kind. */
static syn_status list_groups(syn_places *out, const syn_members *m) {
  out->groups = malloc((m->n + 1) * sizeof *out->groups);
  if (!out->groups)
    return short_of_memory(m);
  size_t n = 0, kept = 0;
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_KIND && m->items[i].of)
      out->groups[n++] = (syn_group){m->items[i].name, m->items[i].of, 1};
  qsort(out->groups, n, sizeof *out->groups, by_folder_and_kind);
  for (size_t i = 0; i < n; i++) {
    syn_group *last = kept ? &out->groups[kept - 1] : NULL, *g = &out->groups[i];
    size_t folder = syn_name_folder(g->name);
    if (last && last->of->what == g->of->what && syn_name_folder(last->name) == folder &&
        strncmp(last->name, g->name, folder) == 0)
      last->n++;
    else
      out->groups[kept++] = *g;
  }
  out->n_groups = kept;
  return SYN_OK;
}

/* Counts images, and says of places without a readable one why not. */
static syn_status count_images(syn_places *out, syn_members *m) {
  char why[400];
  for (size_t i = 0; i < m->n; i++) {
    const syn_item *item = &m->items[i];
    syn_place *place = is_image(item) ? place_of(out, item->name) : NULL;
    if (place)
      place->images++;
    if (!place || place->why || item->kind != SYN_ITEM_BAD)
      continue;
    snprintf(why, sizeof why, "%s: %s", item->name, item->why);
    if (!(place->why = syn_names_keep(&m->names, why, strlen(why))))
      return short_of_memory(m);
  }
  for (size_t i = 0; i < out->n_groups; i++) {
    const syn_group *g = &out->groups[i];
    syn_place *place = g->of->role == SYN_ROLE_PICTURE ? place_of(out, g->name) : NULL;
    if (!place || place->why)
      continue;
    snprintf(why, sizeof why, "%zu of %s, which is not read: %s", g->n, g->of->what, g->of->how);
    if (!(place->why = syn_names_keep(&m->names, why, strlen(why))))
      return short_of_memory(m);
  }
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_IMAGE || m->items[i].kind == SYN_ITEM_WRONG)
      place_of(out, m->items[i].name)->why = NULL;
  return SYN_OK;
}

static syn_status list_empty(syn_places *out, const syn_members *m) {
  out->empty = malloc((m->n + 1) * sizeof *out->empty);
  if (!out->empty)
    return short_of_memory(m);
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_NOWHERE)
      out->empty[out->n_empty++] = (syn_place){.folder = m->items[i].name, .why = m->items[i].why};
  return SYN_OK;
}

syn_status syn_places_find(syn_places *out, syn_members *m) {
  *out = (syn_places){.n = 0};
  syn_status status = list_places(out, m);
  if (!status)
    status = list_groups(out, m);
  if (!status)
    status = count_images(out, m);
  return status ? status : list_empty(out, m);
}

void syn_places_close(syn_places *places) {
  free(places->list);
  free(places->groups);
  free(places->empty);
}

/* ---- nothing ----------------------------------------------------------------------------------- */

/* Images that are there, but not where a set has them. */
static syn_status refuse_unseen(const syn_members *m, syn_item_kind kind, const char *what,
                                const char *how) {
  const char *first = NULL;
  size_t n = 0;
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == kind && syn_name_ends(m->items[i].name, ".png") && !n++)
      first = m->items[i].name;
  return n ? syn_fail(m->ctx, SYN_EINPUT, "%s: no image in it, but %zu %s, such as %s: %s", m->path,
                      n, what, first, how)
           : SYN_OK;
}

syn_status syn_report_none(const syn_members *m) {
  const syn_item *known = NULL;
  size_t n = 0, nowhere = 0;
  for (size_t i = 0; i < m->n; i++) {
    const syn_item *item = &m->items[i];
    if (item->kind == SYN_ITEM_IMAGE || item->kind == SYN_ITEM_BAD || item->kind == SYN_ITEM_WRONG)
      return SYN_OK;
    nowhere += item->kind == SYN_ITEM_NOWHERE;
    /* A table tells least, a picture most. */
    if (item->kind == SYN_ITEM_KIND && item->of && (!known || item->of->role < known->of->role))
      known = item;
  }
  syn_status status =
      refuse_unseen(m, SYN_ITEM_OUTSIDE, "under names that lead out of the archive",
                    "pack it anew from its folder: tar -C FOLDER -czf SET.tar.gz .");
  if (!status && !known)
    status = refuse_unseen(m, SYN_ITEM_HIDDEN, "hidden, by a dot that a name begins with",
                           "rename them, or the folder");
  if (status)
    return status;
  for (size_t i = 0; i < m->n; i++)
    n += known && m->items[i].kind == SYN_ITEM_KIND && m->items[i].of == known->of;
  if (known) {
    char how[4200];
    say_how(how, sizeof how, m, known->of, known->name);
    return syn_fail(
        m->ctx, SYN_EINPUT,
        "%s: no PNG in it, but %zu of another kind, such as %s: %s, which is not read: %s", m->path,
        n, known->name, known->of->what, how);
  }
  return syn_fail(
      m->ctx, SYN_EINPUT,
      "%s%s%s: no image in it%s; a set is SET/CLASS/IMAGE.png, or the IDX files of MNIST and "
      "its kin",
      m->path, *m->inside ? "/" : "", m->inside, nowhere ? ", but links to what is not there" : "");
}

/* ---- skipped ----------------------------------------------------------------------------------- */

typedef struct words {
  syn_skipped *list;
  size_t n, room;
  syn_members *m;
} words;

static syn_status add(words *w, const char *name, const char *why) {
  if (w->n == w->room) {
    size_t room = w->room ? 2 * w->room : 64;
    syn_skipped *bigger = realloc(w->list, room * sizeof *bigger);
    if (!bigger)
      return short_of_memory(w->m);
    w->list = bigger;
    w->room = room;
  }
  w->list[w->n] = (syn_skipped){name, syn_names_keep(&w->m->names, why, strlen(why))};
  return w->list[w->n++].why ? SYN_OK : short_of_memory(w->m);
}

static syn_status add_group(words *w, const syn_group *g) {
  char why[4400], how[4200];
  say_how(how, sizeof how, w->m, g->of, g->name);
  if (g->of->role == SYN_ROLE_TABLE) /* a list of the images, and no harm */
    return SYN_OK;
  if (g->of->role == SYN_ROLE_PICTURE)
    snprintf(why, sizeof why, "%zu image%s of this folder: %s, not read: %s", g->n,
             g->n > 1 ? "s" : "", g->of->what, how);
  else
    snprintf(why, sizeof why, "%s, not read: %s", g->of->what, how);
  return add(w, g->name, why);
}

static syn_status add_item(words *w, size_t at, const syn_places *places) {
  const syn_item *item = &w->m->items[at];
  if (item->kind == SYN_ITEM_BAD || item->kind == SYN_ITEM_NOWHERE ||
      item->kind == SYN_ITEM_OUTSIDE || item->kind == SYN_ITEM_HIDDEN)
    return add(w, item->name, item->why);
  if (item->kind == SYN_ITEM_IMAGE && !syn_places_of(places, item->name)->class)
    return add(w, item->name, "it lies in no class folder");
  if (item->twice)
    return add(w, item->name, SYN_TWICE);
  return SYN_OK;
}

/* Is there a place of the name (n bytes), with `then` behind it? In the order of strcmp they are one
 * run for each `then`, but not both together: "A", "A-1", "A/deep". */
static int has_place(const syn_places *places, const char *name, size_t n, char then) {
  size_t low = 0, high = places->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const char *folder = places->list[middle].folder;
    int order = strncmp(folder, name, n);
    if (!order)
      order = (unsigned char)folder[n] - (unsigned char)then;
    if (!order)
      return 1;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return 0;
}

/* The uppermost folder of an item without an image in it, whether the packing has a member for that
 * folder or not. */
static syn_status add_folder(words *w, const syn_item *item, const syn_places *places) {
  size_t most = item->kind == SYN_ITEM_FOLDER ? strlen(item->name) : syn_name_folder(item->name);
  if (item->kind != SYN_ITEM_FOLDER && item->kind != SYN_ITEM_KIND)
    return SYN_OK;
  for (size_t n = 0; n < most; n++) {
    n += strcspn(item->name + n, "/");
    if (has_place(places, item->name, n, '\0') || has_place(places, item->name, n, '/'))
      continue;
    const char *folder = syn_names_keep(&w->m->names, item->name, n);
    return folder ? add(w, folder, "no class: there is no image in it") : short_of_memory(w->m);
  }
  return SYN_OK;
}

static syn_status add_left_out(words *w, const syn_place *place) {
  char why[80];
  snprintf(why, sizeof why, "%zu images left out: another part validates", place->images);
  return add(w, place->folder, why);
}

static int by_skipped_name(const void *a, const void *b) {
  const syn_skipped *x = a, *y = b;
  int order = strcmp(x->name, y->name);
  return order ? order : strcmp(x->why, y->why);
}

syn_status syn_report_skipped(syn_images *out, syn_members *m, const syn_places *places) {
  words w = {.m = m};
  syn_status status = SYN_OK;
  for (size_t i = 0; i < m->n && !status; i++)
    if (!(status = add_item(&w, i, places)))
      status = add_folder(&w, &m->items[i], places);
  for (size_t g = 0; g < places->n_groups && !status; g++)
    status = add_group(&w, &places->groups[g]);
  for (size_t p = 0; p < places->n && !status; p++)
    if (places->list[p].side == SYN_SIDE_LEFT_OUT)
      status = add_left_out(&w, &places->list[p]);
  if (w.n)
    qsort(w.list, w.n, sizeof *w.list, by_skipped_name);
  size_t different = 0;
  for (size_t i = 0; i < w.n; i++)
    if (!i || by_skipped_name(&w.list[i - 1], &w.list[i]) != 0)
      w.list[different++] = w.list[i];
  w.n = different;
  syn_skipped *kept = status ? NULL : syn_arena_take(&out->arena, w.n, sizeof *kept);
  if (!status && !kept)
    status = short_of_memory(m);
  if (!status && w.n)
    memcpy(kept, w.list, w.n * sizeof *kept);
  out->skipped = kept;
  out->n_skipped = status ? 0 : w.n;
  free(w.list);
  return status;
}
