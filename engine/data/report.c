#include "engine/data/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *base_of(const char *name) {
  const char *slash = strrchr(name, '/');
  return slash ? slash + 1 : name;
}

/* What to do about a member of a kind that is not read. An archive may be the set, and may be this very
 * archive, packed when it lay in the folder of the set. */
static const char *how_to(syn_members *m, const syn_kind *of, const char *name) {
  int n = (int)syn_name_folder(m->path);
  if (of->role != SYN_ROLE_ARCHIVE)
    return of->how;
  if (strcmp(base_of(name), base_of(m->path)) != 0)
    return syn_names_print(&m->names, "give it alone, or %s", of->how);
  return syn_names_print(
      &m->names, "the set was packed into itself; give the folder it lies in: %.*s", n ? n : 1,
      n                 ? m->path
      : *m->path == '/' ? "/"
                        : ".");
}

/* Should it be an image? */
static int is_image(const syn_item *item) {
  return syn_item_is_png(item) ||
         (item->kind == SYN_ITEM_KIND && item->of && item->of->role == SYN_ROLE_PICTURE);
}

/* ---- places ------------------------------------------------------------------------------------ */

static int by_folder(const void *a, const void *b) {
  return strcmp(((const syn_place *)a)->folder, ((const syn_place *)b)->folder);
}

/* A place of the name (n bytes), with `then` behind it. In the order of strcmp they are one run for each
 * `then`, but not all together: "A", "A-1", "A/deep". */
static syn_place *find_place(const syn_places *places, const char *name, size_t n, char then) {
  size_t low = 0, high = places->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const char *folder = places->list[middle].folder;
    int order = strncmp(folder, name, n);
    if (!order)
      order = (unsigned char)folder[n] - (unsigned char)then;
    if (!order)
      return &places->list[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

syn_place *syn_places_of(const syn_places *places, const char *name) {
  return find_place(places, name, syn_name_folder(name), '\0');
}

/* Every folder that an image lies in, once. */
static void list_places(syn_places *out, syn_members *m) {
  size_t n = 0;
  for (size_t i = 0; i < m->n; i++) {
    const char *name = m->items[i].name, *last = n ? out->list[n - 1].folder : "/";
    size_t length = syn_name_folder(name);
    if (is_image(&m->items[i]) && (strlen(last) != length || strncmp(last, name, length) != 0))
      out->list[n++] = (syn_place){.folder = syn_names_keep(&m->names, name, length)};
  }
  qsort(out->list, n, sizeof *out->list, by_folder);
  for (size_t i = 0; i < n; i++)
    if (!out->n || strcmp(out->list[out->n - 1].folder, out->list[i].folder) != 0)
      out->list[out->n++] = out->list[i];
}

static int compare_groups(const syn_group *x, const syn_group *y) {
  size_t n = syn_name_folder(x->name), m = syn_name_folder(y->name);
  int order = strncmp(x->name, y->name, n < m ? n : m);
  if (!order)
    order = (n > m) - (n < m);
  return order ? order : strcmp(x->of->what, y->of->what);
}

static int by_folder_and_kind(const void *a, const void *b) {
  const syn_group *x = a, *y = b;
  int order = compare_groups(x, y);
  return order ? order : strcmp(x->name, y->name);
}

/* Members of kinds that are not read, counted by folder and kind. */
static void list_groups(syn_places *out, const syn_members *m) {
  size_t n = 0;
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_KIND && m->items[i].of)
      out->groups[n++] = (syn_group){m->items[i].name, m->items[i].of, 1};
  qsort(out->groups, n, sizeof *out->groups, by_folder_and_kind);
  for (size_t i = 0; i < n; i++)
    if (out->n_groups && !compare_groups(&out->groups[out->n_groups - 1], &out->groups[i]))
      out->groups[out->n_groups - 1].n++;
    else
      out->groups[out->n_groups++] = out->groups[i];
}

/* Counts images, and says of places without a readable one why not. */
static void count_images(syn_places *out, syn_members *m) {
  for (size_t i = 0; i < m->n; i++) {
    const syn_item *item = &m->items[i];
    syn_place *place = is_image(item) ? syn_places_of(out, item->name) : NULL;
    if (place)
      place->images++;
    if (place && !place->why && item->kind == SYN_ITEM_BAD)
      place->why = syn_names_print(&m->names, "%s: %s", item->name, item->why);
  }
  for (size_t i = 0; i < out->n_groups; i++) {
    const syn_group *g = &out->groups[i];
    syn_place *place = g->of->role == SYN_ROLE_PICTURE ? syn_places_of(out, g->name) : NULL;
    if (place && !place->why)
      place->why = syn_names_print(&m->names, "%zu of %s, which is not read: %s", g->n, g->of->what,
                                   g->of->how);
  }
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_IMAGE || m->items[i].kind == SYN_ITEM_WRONG)
      syn_places_of(out, m->items[i].name)->why = NULL;
}

syn_status syn_places_find(syn_places *out, syn_members *m) {
  *out = (syn_places){.list = malloc((m->n + 1) * sizeof *out->list),
                      .empty = malloc((m->n + 1) * sizeof *out->empty),
                      .groups = malloc((m->n + 1) * sizeof *out->groups)};
  if (!out->list || !out->empty || !out->groups)
    return syn_fail_memory(m->ctx, "the images");
  list_places(out, m);
  list_groups(out, m);
  count_images(out, m);
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_NOWHERE)
      out->empty[out->n_empty++] = (syn_place){.folder = m->items[i].name, .why = m->items[i].why};
  return syn_names_check(&m->names, m->ctx);
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

syn_status syn_report_none(syn_members *m) {
  const syn_item *known = NULL;
  size_t n = 0, nowhere = 0;
  for (size_t i = 0; i < m->n; i++) {
    const syn_item *item = &m->items[i];
    if (syn_item_is_png(item))
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
  if (known)
    return syn_fail(
        m->ctx, SYN_EINPUT,
        "%s: no PNG in it, but %zu of another kind, such as %s: %s, which is not read: %s", m->path,
        n, known->name, known->of->what, how_to(m, known->of, known->name));
  return syn_fail(
      m->ctx, SYN_EINPUT,
      "%s%s%s: no image in it%s; a set is SET/CLASS/IMAGE.png, or the IDX files of MNIST and "
      "its kin",
      m->path, *m->inside ? "/" : "", m->inside, nowhere ? ", but links to what is not there" : "");
}

/* ---- skipped ----------------------------------------------------------------------------------- */

typedef struct words {
  syn_skipped *list; /* as long as all can be */
  size_t n;
  syn_members *m;
  const syn_places *places;
} words;

static void add(words *w, const char *name, const char *why) {
  w->list[w->n++] = (syn_skipped){name, why};
}

static void add_group(words *w, const syn_group *g) {
  const char *how = how_to(w->m, g->of, g->name), *what = g->of->what;
  if (g->of->role == SYN_ROLE_PICTURE)
    add(w, g->name,
        syn_names_print(&w->m->names, "%zu image%s of this folder: %s, not read: %s", g->n,
                        syn_s(g->n), what, how));
  else if (g->of->role != SYN_ROLE_TABLE) /* a list of the images, and no harm */
    add(w, g->name, syn_names_print(&w->m->names, "%s, not read: %s", what, how));
}

static void add_item(words *w, const syn_item *item) {
  if (item->kind == SYN_ITEM_BAD || item->kind == SYN_ITEM_NOWHERE ||
      item->kind == SYN_ITEM_OUTSIDE || item->kind == SYN_ITEM_HIDDEN)
    add(w, item->name, item->why);
  else if (item->kind == SYN_ITEM_IMAGE && !syn_places_of(w->places, item->name)->class)
    add(w, item->name, "it lies in no class folder");
  else if (item->twice)
    add(w, item->name, SYN_TWICE);
}

/* The uppermost folder of an item without an image in it, whether the packing has a member for that
 * folder or not. */
static void add_folder(words *w, const syn_item *item) {
  size_t most = item->kind == SYN_ITEM_FOLDER ? strlen(item->name) : syn_name_folder(item->name);
  if (item->kind == SYN_ITEM_OUTSIDE || item->kind == SYN_ITEM_HIDDEN)
    return;
  for (size_t n = 0; n < most; n++) {
    n += strcspn(item->name + n, "/");
    if (find_place(w->places, item->name, n, '\0') || find_place(w->places, item->name, n, '/'))
      continue;
    add(w, syn_names_keep(&w->m->names, item->name, n), "no class: there is no image in it");
    return;
  }
}

static int by_skipped_name(const void *a, const void *b) {
  const syn_skipped *x = a, *y = b;
  int order = strcmp(x->name, y->name);
  return order ? order : strcmp(x->why, y->why);
}

syn_status syn_report_skipped(syn_images *out, syn_members *m, const syn_places *places) {
  words w = {.m = m, .places = places};
  size_t most = 2 * m->n + places->n_groups + places->n;
  if (!(w.list = malloc((most + 1) * sizeof *w.list)))
    return syn_fail_memory(m->ctx, "the images");
  for (size_t i = 0; i < m->n; i++) {
    add_item(&w, &m->items[i]);
    add_folder(&w, &m->items[i]);
  }
  for (size_t g = 0; g < places->n_groups; g++)
    add_group(&w, &places->groups[g]);
  for (size_t p = 0; p < places->n; p++)
    if (places->list[p].side == SYN_SIDE_LEFT_OUT)
      add(&w, places->list[p].folder,
          syn_names_print(&m->names, "%zu image%s left out: another part validates",
                          places->list[p].images, syn_s(places->list[p].images)));
  qsort(w.list, w.n, sizeof *w.list, by_skipped_name);
  syn_skipped *kept = syn_arena_take(&out->arena, w.n, sizeof *kept);
  for (size_t i = 0; kept && i < w.n; i++)
    if (!i || by_skipped_name(&w.list[i - 1], &w.list[i]) != 0)
      kept[out->n_skipped++] = w.list[i];
  free(w.list);
  out->skipped = kept;
  return kept ? syn_names_check(&m->names, m->ctx) : syn_fail_memory(m->ctx, "the images");
}
