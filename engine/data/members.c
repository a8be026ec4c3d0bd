#include "engine/data/members.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/grow.h"
#include "engine/data/idx.h"

#define NAMES_BYTES ((size_t)512 << 20)

syn_status syn_members_add(syn_members *m, syn_item **item) {
  if (m->n >= SYN_MEMBERS_MAX || m->names.arena->bytes > NAMES_BYTES)
    return syn_fail(m->ctx, SYN_EINPUT,
                    "%s: more than %d members, or %zu MiB of names, with what links lead to",
                    m->path, SYN_MEMBERS_MAX, NAMES_BYTES >> 20);
  if (!syn_grow(&m->items, &m->room, m->n + 1, sizeof *m->items))
    return syn_fail_memory(m->ctx, "the images");
  *item = &m->items[m->n];
  **item = (syn_item){.row = SYN_NO_ROW, .order = (uint32_t)m->n++};
  return SYN_OK;
}

void syn_item_classify(syn_item *item, syn_names *names) {
  if (syn_idx_is(item->name)) {
    item->kind = SYN_ITEM_IDX;
  } else if (syn_name_ends(item->name, ".png")) {
    item->kind = item->png;
    if (item->png == SYN_ITEM_BAD && !item->why)
      item->why = item->bytes
                      ? syn_names_print(names, "not a PNG by its bytes: %s", item->bytes->what)
                      : "not a PNG";
  } else {
    item->kind = SYN_ITEM_KIND;
    item->of = syn_kind_of_name(item->name);
    item->of = item->of ? item->of : item->bytes;
  }
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
}
