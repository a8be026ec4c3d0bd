#include "engine/data/links.h"

#include <stdio.h>
#include <string.h>

#include "engine/data/idx.h"

#define ROUNDS 40 /* of links to links, as the system has it */

const char *syn_link_nowhere(syn_names *names, const char *target) {
  char why[300];
  snprintf(why, sizeof why, "a link to %s, which is not there", target);
  syn_make_printable(why);
  return syn_names_keep(names, why, strlen(why));
}

syn_item_kind syn_link_kind(const char *name) {
  const char *slash = strrchr(name, '/');
  return strchr(slash ? slash : name, '.') || syn_idx_is(name) ? SYN_ITEM_BAD : SYN_ITEM_NOWHERE;
}

void syn_link_target(syn_members *m, syn_item *item, const syn_member *member) {
  char place[4096];
  const char *raw = member->target ? member->target : "", *name = member->name;
  size_t folder = member->kind == SYN_MEMBER_HARDLINK ? 0 : syn_name_folder(name);
  item->why = syn_link_nowhere(&m->names, raw);
  if (syn_name_resolve(place, sizeof place, name, folder, raw))
    item->target = syn_names_keep_nfc(&m->names, place);
}

/* The first item whose name is not before `name`. */
static size_t lower_bound(const syn_members *m, size_t n, const char *name) {
  size_t low = 0;
  while (low < n) {
    size_t middle = low + (n - low) / 2;
    if (strcmp(m->items[middle].name, name) < 0)
      low = middle + 1;
    else
      n = middle;
  }
  return low;
}

static int is_link(const syn_item *item) {
  return item->kind == SYN_ITEM_SYMLINK || item->kind == SYN_ITEM_HARDLINK;
}

/* `to` becomes what `from` is, under its own name; pixels are copied, because rows have one owner. */
static syn_status become(syn_members *m, syn_item *to, const syn_item *from) {
  syn_item copy = *from;
  copy.name = to->name;
  copy.order = to->order;
  if (from->row != SYN_NO_ROW) {
    uint8_t *pixels = syn_pool_next(&m->pool);
    if (!pixels)
      return syn_fail_memory(m->ctx, "the images");
    memcpy(pixels, m->pool.pixels + (size_t)from->row * SYN_PIXELS, SYN_PIXELS);
    copy.row = (uint32_t)m->pool.n++;
    /* A PNG under another name, reached by a name that ends in .png. */
    if (copy.kind == SYN_ITEM_KIND && syn_name_ends(to->name, ".png"))
      copy.kind = SYN_ITEM_IMAGE;
  }
  if (copy.kind != SYN_ITEM_FOLDER && copy.kind != SYN_ITEM_SYMLINK && syn_idx_is(to->name))
    copy.kind = SYN_ITEM_IDX;
  if (from->target && (copy.kind == SYN_ITEM_BAD || copy.kind == SYN_ITEM_NOWHERE))
    copy.kind = (uint8_t)syn_link_kind(to->name);
  *to = copy;
  return SYN_OK;
}

/* The latest item of the target's name that came before the link; else any. */
static syn_item *find_hard(syn_members *m, const syn_item *link) {
  syn_item *best = NULL;
  for (size_t i = lower_bound(m, m->n, link->target);
       i < m->n && strcmp(m->items[i].name, link->target) == 0; i++)
    if (&m->items[i] != link && (!best || m->items[i].order < link->order))
      best = &m->items[i];
  return best;
}

static void give_up(syn_item *item) {
  item->kind = (uint8_t)syn_link_kind(item->name);
}

/* Names that came without bytes, which a link to them has brought, become links to that. */
static void turn_round(syn_members *m) {
  for (size_t i = 0; i < m->n; i++) {
    syn_item *item = &m->items[i];
    if (!item->target || is_link(item))
      continue;
    syn_item *first = find_hard(m, item);
    if (first && (first->kind == SYN_ITEM_BAD || first->kind == SYN_ITEM_IDX)) {
      first->kind = SYN_ITEM_HARDLINK;
      first->target = item->name;
    }
    item->target = NULL;
  }
}

syn_status syn_links_hard(syn_members *m) {
  syn_status status = SYN_OK;
  turn_round(m);
  int moved = 1;
  for (int round = 0; round < ROUNDS && moved && !status; round++) {
    moved = 0;
    for (size_t i = 0; i < m->n && !status; i++) {
      syn_item *item = &m->items[i];
      const syn_item *from =
          item->kind == SYN_ITEM_HARDLINK && item->target ? find_hard(m, item) : NULL;
      if (!from || from->kind == SYN_ITEM_HARDLINK)
        continue;
      status = become(m, item, from);
      moved = 1;
    }
  }
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_HARDLINK)
      give_up(&m->items[i]);
  return status;
}

/* ---- soft links -------------------------------------------------------------------------------- */

/* The first item below a folder, of the n sorted ones; n if there is none. `below` is "FOLDER/". */
static size_t first_below(char below[4096], const syn_members *m, size_t n, const char *folder) {
  snprintf(below, 4096, "%s%s", folder, *folder ? "/" : "");
  size_t i = lower_bound(m, n, below);
  return i < n && strncmp(m->items[i].name, below, strlen(below)) == 0 ? i : n;
}

/* All that lies below the target, once more below the link; in a later round if it is still coming. */
static syn_status expand(syn_members *m, size_t at, size_t sorted, int *moved) {
  const syn_item link = m->items[at];
  char below[4096], name[4096];
  size_t i = first_below(below, m, sorted, link.target), n = strlen(below);
  for (size_t k = i; k < sorted && strncmp(m->items[k].name, below, n) == 0; k++)
    if (m->items[k].fresh)
      return SYN_OK;
  *moved = 1;
  m->items[at].kind = SYN_ITEM_FOLDER;
  m->items[at].fresh = 1;
  for (; i < sorted && strncmp(m->items[i].name, below, n) == 0; i++) {
    const char *rest = m->items[i].name + n;
    if ((size_t)snprintf(name, sizeof name, "%s/%s", link.name, rest) >= sizeof name)
      return syn_fail(m->ctx, SYN_EINPUT, "%s: %s: links make its path too long", m->path,
                      link.name);
    syn_item *item;
    syn_status status = syn_members_add(m, &item);
    if (status)
      return status;
    item->name = syn_names_keep(&m->names, name, strlen(name));
    status = become(m, item, &m->items[i]);
    if (status)
      return status;
  }
  return SYN_OK;
}

static syn_status follow(syn_members *m, size_t at, size_t sorted, int *moved) {
  syn_item *item = &m->items[at];
  if (!item->target)
    return SYN_OK;
  if (syn_name_below(item->name, item->target)) {
    item->why = SYN_LINK_CIRCLE;
    give_up(item);
    return SYN_OK;
  }
  size_t to = lower_bound(m, sorted, item->target);
  int there = to < sorted && strcmp(m->items[to].name, item->target) == 0;
  int file = there && m->items[to].kind != SYN_ITEM_FOLDER;
  char below[4096];
  if (file && is_link(&m->items[to]))
    return SYN_OK; /* in a later round */
  if ((there && m->items[to].fresh) ||
      (!there && first_below(below, m, sorted, item->target) == sorted))
    return SYN_OK;
  if (!file)
    return expand(m, at, sorted, moved);
  *moved = 1;
  return become(m, item, &m->items[to]);
}

/* The first link on the way to `path`, or at its end. */
static const syn_item *link_on_way(const syn_members *m, const char *path) {
  char place[4096];
  for (size_t n = strcspn(path, "/");; n += 1 + strcspn(path + n + 1, "/")) {
    snprintf(place, sizeof place, "%.*s", (int)n, path);
    size_t at = lower_bound(m, m->n, place);
    if (at < m->n && m->items[at].kind == SYN_ITEM_SYMLINK && strcmp(m->items[at].name, place) == 0)
      return &m->items[at];
    if (!path[n])
      return NULL;
  }
}

/* Of what is a link to the end: does it lead to others without end, or to what is not there? */
static int leads_round(const syn_members *m, const syn_item *link) {
  int round = 0;
  while (round < ROUNDS && link && link->target) {
    link = link_on_way(m, link->target);
    round++;
  }
  return round == ROUNDS;
}

syn_status syn_links_soft(syn_members *m) {
  syn_status status = SYN_OK;
  int moved = 1;
  for (int round = 0; round < ROUNDS && moved && !status; round++) {
    size_t sorted = m->n;
    moved = 0;
    for (size_t i = 0; i < sorted; i++)
      m->items[i].fresh = 0;
    for (size_t i = 0; i < sorted && !status; i++)
      if (m->items[i].kind == SYN_ITEM_SYMLINK)
        status = follow(m, i, sorted, &moved);
    syn_members_sort(m);
  }
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_SYMLINK && leads_round(m, &m->items[i]))
      m->items[i].why = SYN_LINK_CIRCLE;
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind == SYN_ITEM_SYMLINK)
      give_up(&m->items[i]);
  return status;
}
