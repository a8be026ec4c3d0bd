#include "engine/data/members.h"

#include <stdlib.h>
#include <string.h>

syn_status syn_members_full(syn_members *m) {
  if (m->n < SYN_MEMBERS_MAX)
    return syn_fail_memory(m->ctx, "the images");
  return syn_fail(m->ctx, SYN_EINPUT, "%s: more than %d members, with what links lead to", m->path,
                  SYN_MEMBERS_MAX);
}

syn_item *syn_members_add(syn_members *m) {
  if (m->n == m->room) {
    size_t room = m->room + m->room / 2 + 64;
    syn_item *bigger = m->n < SYN_MEMBERS_MAX ? realloc(m->items, room * sizeof *bigger) : NULL;
    if (!bigger)
      return NULL;
    m->items = bigger;
    m->room = room;
  }
  if (m->n >= SYN_MEMBERS_MAX)
    return NULL;
  syn_item *item = &m->items[m->n];
  *item = (syn_item){.row = SYN_NO_ROW, .order = (uint32_t)m->n};
  m->n++;
  return item;
}

static int by_name(const void *a, const void *b) {
  const syn_item *x = a, *y = b;
  int order = strcmp(x->name, y->name);
  return order ? order : (x->order > y->order) - (x->order < y->order);
}

void syn_members_sort(syn_members *m) {
  if (m->n)
    qsort(m->items, m->n, sizeof *m->items, by_name);
}

void syn_members_close(syn_members *m) {
  free(m->items);
  free(m->pool.pixels);
  m->items = NULL;
  m->n = m->room = m->came = 0;
  m->pool = (syn_pool){NULL, 0, 0};
}
