#include "engine/data/links.h"

#include <stdio.h>
#include <string.h>

#include "engine/data/idx.h"

#define LINKS 40 /* on the way to a file, as the system has it */

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
  const char *raw = member->target ? member->target : "";
  item->why = syn_link_nowhere(&m->names, raw);
  if (member->kind == SYN_MEMBER_SYMLINK)
    item->target = syn_names_keep_nfc(&m->names, raw);
  else if (syn_name_resolve(place, sizeof place, "", 0, raw))
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
  }
  if (from->png)
    syn_item_classify(&copy, &m->names);
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
  for (int round = 0; round < LINKS && moved && !status; round++) {
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

/* The first n items are those of the archive, sorted; what links make of them comes behind. */
typedef struct tree {
  syn_members *m;
  size_t n;
} tree;

/* The item of that name; NULL if it is none. */
static const syn_item *item_of(const tree *t, const char *path) {
  size_t at = lower_bound(t->m, t->n, path);
  return at < t->n && strcmp(t->m->items[at].name, path) == 0 ? &t->m->items[at] : NULL;
}

/* The first item below a folder; n if there is none. */
static size_t first_below(const tree *t, const char *folder) {
  char below[4100];
  snprintf(below, sizeof below, "%s%s", folder, *folder ? "/" : "");
  size_t at = lower_bound(t->m, t->n, below);
  return at < t->n && strncmp(t->m->items[at].name, below, strlen(below)) == 0 ? at : t->n;
}

/* Whether the archive has a member for it or not. */
static int is_folder(const tree *t, const char *path) {
  const syn_item *item = item_of(t, path);
  return !*path || (item && item->kind == SYN_ITEM_FOLDER) || first_below(t, path) < t->n;
}

typedef enum ending { THERE, NOWHERE, ROUND } ending;

/* Where `target`, seen from the folder `place`, leads, as the system finds it: part by part, through what
 * is there, and through links where they are on the way. */
static ending resolve(const tree *t, char place[4096], const char *target, int *links) {
  if (*target == '/' || !*target)
    return NOWHERE;
  while (*target) {
    size_t part = strcspn(target, "/"), n = strlen(place);
    if (part == 2 && strncmp(target, "..", 2) == 0) {
      if (!n)
        return NOWHERE;
      place[syn_name_folder(place)] = '\0';
    } else if (part && !(part == 1 && *target == '.')) {
      if (n + part + 2 > 4096)
        return NOWHERE;
      snprintf(place + n, 4096 - n, "%s%.*s", n ? "/" : "", (int)part, target);
      const syn_item *item = item_of(t, place);
      if (item && item->kind == SYN_ITEM_SYMLINK) {
        place[n] = '\0';
        ending on = ++*links > LINKS ? ROUND : resolve(t, place, item->target, links);
        if (on != THERE)
          return on;
      } else if (!item && !is_folder(t, place)) {
        return NOWHERE;
      }
    }
    if (target[part] == '/' && !is_folder(t, place))
      return NOWHERE;
    target += part + (target[part] == '/');
  }
  return THERE;
}

/* How one comes to a link: from a folder down to it, and before that through another link. */
typedef struct step {
  const char *from, *link;
  const struct step *before;
} step;

static syn_status follow(tree *t, size_t at, const char *name, const step *last);

/* All that lies below the folder, once more below the name. */
static syn_status expand(tree *t, const char *folder, const char *name, const step *last) {
  syn_members *m = t->m;
  syn_status status = SYN_OK;
  size_t n = strlen(folder) + (*folder != '\0');
  for (size_t i = first_below(t, folder);
       i < t->n && syn_name_below(m->items[i].name, folder) && !status; i++) {
    const char *path = m->items[i].name;
    if (strlen(name) + strlen(path) - n + 2 > 4096)
      return syn_fail(m->ctx, SYN_EINPUT, "%s: %s: links make its path too long", m->path, name);
    const char *full = syn_names_print(&m->names, "%s/%s", name, path + n);
    syn_item *item;
    if (m->items[i].kind == SYN_ITEM_SYMLINK) {
      status = follow(t, i, full, &(step){folder, path, last});
    } else if (!(status = syn_members_add(m, &item))) {
      item->name = full;
      status = become(m, item, &m->items[i]);
    }
  }
  return status;
}

/* What the link is, under the name: a file, or a whole folder, unless that is one on the way to it. */
static syn_status follow(tree *t, size_t at, const char *name, const step *last) {
  syn_members *m = t->m;
  const syn_item link = m->items[at];
  char place[4096];
  int links = 0;
  snprintf(place, sizeof place, "%.*s", (int)syn_name_folder(link.name), link.name);
  ending leads = resolve(t, place, link.target, &links);
  int folder = leads == THERE && is_folder(t, place);
  for (const step *s = last; folder && s; s = s->before)
    if (syn_name_below(place, s->from) && syn_name_below(s->link, place))
      leads = ROUND;
  syn_item *item;
  syn_status status = syn_members_add(m, &item);
  if (status)
    return status;
  item->name = name;
  if (leads == THERE && !folder)
    return become(m, item, item_of(t, place));
  item->kind = SYN_ITEM_FOLDER;
  if (leads == THERE)
    return expand(t, syn_names_keep(&m->names, place, strlen(place)), name, last);
  item->why = leads == ROUND ? SYN_LINK_CIRCLE : link.why;
  give_up(item);
  return SYN_OK;
}

syn_status syn_links_soft(syn_members *m) {
  tree t = {m, m->n};
  syn_status status = SYN_OK;
  size_t kept = 0;
  for (size_t i = 0; i < t.n && !status; i++)
    if (m->items[i].kind == SYN_ITEM_SYMLINK)
      status = follow(&t, i, m->items[i].name, &(step){"", m->items[i].name, NULL});
  for (size_t i = 0; i < m->n; i++)
    if (m->items[i].kind != SYN_ITEM_SYMLINK)
      m->items[kept++] = m->items[i];
  m->n = kept;
  syn_members_sort(m);
  return status;
}
