#include <string.h>

#include "engine/data/links.h"
#include "engine/data/members.h"
#include "engine/data/png.h"

/* `why` is constant, or kept. */
static syn_status say(syn_item *item, syn_item_kind kind, const char *why) {
  item->kind = (uint8_t)kind;
  item->why = why;
  return SYN_OK;
}

/* ---- one member -------------------------------------------------------------------------------- */

/* A PNG by its bytes is decoded, whatever its name: a link with a better name may lead to it. */
static syn_status take_png(syn_members *m, syn_archive *archive, syn_item *item,
                           syn_member *member) {
  char why[SYN_PNG_WHY];
  int clear = 0;
  syn_status status = syn_archive_fill(archive, member, SYN_MEMBER_BYTES, m->ctx);
  uint8_t *pixels = status ? NULL : syn_pool_next(&m->pool);
  if (!pixels)
    return status ? status : syn_fail_memory(m->ctx, "the images");
  item->why = "larger than 1 MiB";
  if (member->oversize)
    return SYN_OK;
  syn_png_verdict verdict =
      syn_png_read(pixels, &clear, SYN_SIDE_PIXELS, SYN_SIDE_PIXELS, member->bytes, member->n, why);
  item->why = verdict == SYN_PNG_READ ? NULL : syn_names_print(&m->names, "%s", why);
  if (verdict == SYN_PNG_WRONG)
    item->png = SYN_ITEM_WRONG;
  if (verdict == SYN_PNG_READ) {
    item->png = SYN_ITEM_IMAGE;
    item->row = (uint32_t)m->pool.n++;
    item->clear = clear > 0;
  }
  return SYN_OK;
}

static syn_status take_file(syn_members *m, syn_archive *archive, syn_item *item,
                            syn_member *member) {
  syn_status status = syn_archive_fill(archive, member, SYN_KIND_SNIFF, m->ctx);
  if (status)
    return status;
  item->png = SYN_ITEM_BAD;
  item->why = member->n ? NULL : "empty file";
  item->bytes = syn_kind_of_bytes(member->bytes, member->n);
  if (syn_kind_is_png(item->bytes))
    status = take_png(m, archive, item, member);
  syn_item_classify(item, &m->names);
  return status;
}

static syn_status take_kind(syn_members *m, syn_archive *archive, syn_item *item,
                            syn_member *member) {
  syn_status status;
  switch (member->kind) {
  case SYN_MEMBER_FOLDER:
    return say(item, SYN_ITEM_FOLDER, NULL);
  case SYN_MEMBER_SYMLINK:
    item->kind = SYN_ITEM_SYMLINK;
    syn_link_target(m, item, member);
    return SYN_OK;
  case SYN_MEMBER_HARDLINK:
    /* That of a cpio may bear the bytes that the first name of the file came without: then it is a
     * file, and keeps its target for syn_links_hard to turn them round. */
    item->kind = SYN_ITEM_HARDLINK;
    syn_link_target(m, item, member);
    status = syn_archive_fill(archive, member, 1, m->ctx);
    return status || !member->n ? status : take_file(m, archive, item, member);
  case SYN_MEMBER_BROKEN: /* in a folder */
    return say(item, syn_link_kind(item->name),
               member->target ? syn_link_nowhere(&m->names, member->target) : SYN_LINK_CIRCLE);
  case SYN_MEMBER_OTHER:
    return say(item, SYN_ITEM_BAD, "neither a file nor a folder");
  case SYN_MEMBER_FILE:
    break;
  }
  return take_file(m, archive, item, member);
}

static syn_status take_member(syn_members *m, syn_archive *archive, syn_member *member) {
  syn_item *item;
  const char *packed = syn_names_keep_nfc(&m->names, member->name);
  m->came++;
  if (!*packed || (!member->outside && syn_name_is_litter(packed)))
    return SYN_OK;
  syn_status status = syn_members_add(m, &item);
  if (status)
    return status;
  item->name = item->packed = item->raw = packed;
  if (strcmp(packed, member->name) != 0)
    item->raw = syn_names_keep(&m->names, member->name, strlen(member->name));
  item->member = m->came;
  return member->outside ? say(item, SYN_ITEM_OUTSIDE, "its path leaves the archive")
                         : take_kind(m, archive, item, member);
}

/* ---- all of them ------------------------------------------------------------------------------- */

/* The folder that two items have in common by its name in NFC, but not by its bytes as they came: how long
 * its path is in the one and in the other; 0 if there is none. */
static int differ(const syn_item *x, const syn_item *y, int raw[2]) {
  const char *a = x->packed, *b = y->packed, *ra = x->raw, *rb = y->raw;
  for (;;) {
    size_t n = strcspn(a, "/"), na = strcspn(ra, "/"), nb = strcspn(rb, "/");
    int ends = (!a[n] && x->kind != SYN_ITEM_FOLDER) || (!b[n] && y->kind != SYN_ITEM_FOLDER);
    if (ends || strcspn(b, "/") != n || strncmp(a, b, n) != 0)
      return 0;
    raw[0] = (int)(ra + na - x->raw);
    raw[1] = (int)(rb + nb - y->raw);
    if (na != nb || strncmp(ra, rb, na) != 0)
      return 1;
    if (!a[n] || !b[n])
      return 0;
    a += n + 1, b += n + 1, ra += na + 1, rb += nb + 1;
  }
}

/* What lies in one folder stands in one piece of the sorted list: neighbours tell. */
static syn_status check_forms(const syn_members *m) {
  for (size_t i = 1; i < m->n; i++) {
    const syn_item *x = &m->items[i - 1], *y = &m->items[i];
    int n[2];
    if (!differ(x, y, n))
      continue;
    int first = strcmp(x->raw, y->raw) > 0; /* whatever the order in which they came */
    return syn_fail(
        m->ctx, SYN_EINPUT,
        "%s: two folders whose names differ only in Unicode's form (NFC, NFD): %.*s (%d "
        "bytes) and %.*s (%d): rename one of them",
        m->path, n[first], first ? y->raw : x->raw, n[first], n[!first], first ? x->raw : y->raw,
        n[!first]);
  }
  return SYN_OK;
}

/* The last of a name holds, as tar has it; folders may come as often as they like. Beyond ASCII they may
 * be two names that Unicode holds for the same one, and libarchive has made them equal: then nobody knows
 * that the last one was meant. */
static syn_status keep_last(syn_members *m) {
  size_t kept = 0;
  for (size_t i = 0; i < m->n; i++) {
    syn_item *item = &m->items[i];
    int again = kept && strcmp(m->items[kept - 1].name, item->name) == 0;
    int folders =
        again && item->kind == SYN_ITEM_FOLDER && m->items[kept - 1].kind == SYN_ITEM_FOLDER;
    if (again && !folders && !syn_name_is_ascii(item->name))
      return syn_fail(
          m->ctx, SYN_EINPUT,
          "%s: %s stands there twice, perhaps once with letters in one piece (Unicode's NFC) "
          "and once in two (NFD): rename one of them, or of the folders",
          m->path, item->name);
    int twice = again && (!folders || m->items[kept - 1].twice);
    m->items[again ? kept - 1 : kept] = *item;
    m->items[again ? kept - 1 : kept].twice = twice > 0;
    kept += !again;
  }
  m->n = kept;
  return SYN_OK;
}

/* Only what lies below `inside` counts, once links have been resolved, which may lead out of it. If that
 * is no folder, all stays: it may be the name of a set, or of a file. What is hidden is no part of the
 * set, though links may have led to it; of images that is said. */
static void trim(syn_members *m) {
  size_t kept = 0, n = strlen(m->inside);
  for (size_t i = 0; n && i < m->n && !m->cut; i++)
    m->cut = syn_name_below(m->items[i].name, m->inside) && m->items[i].name[n];
  for (size_t i = 0; i < m->n; i++) {
    syn_item *item = &m->items[i];
    if (m->cut && (!syn_name_below(item->name, m->inside) || !item->name[n]))
      continue;
    if (m->cut)
      item->name += n + 1;
    if (item->kind != SYN_ITEM_OUTSIDE && syn_name_is_hidden(item->name)) {
      if (!syn_name_ends(item->name, ".png") || item->kind == SYN_ITEM_FOLDER)
        continue;
      (void)say(item, SYN_ITEM_HIDDEN, "hidden: its name, or a folder's, begins with a dot");
    }
    m->items[kept++] = *item;
  }
  m->n = kept;
}

static syn_status read_all(syn_members *m) {
  syn_archive *archive;
  syn_member member;
  int end = 0;
  syn_status status = syn_archive_open(&archive, m->path, m->ctx);
  while (!status && !(status = syn_archive_next(archive, &member, &end, m->ctx)) && !end)
    if (!(status = take_member(m, archive, &member)))
      status = syn_names_check(&m->names, m->ctx);
  if (!status)
    syn_archive_kind(archive, m->format, sizeof m->format);
  syn_archive_close(archive);
  return status;
}

syn_status syn_members_collect(syn_members *m) {
  syn_status status = read_all(m);
  if (status)
    return status;
  syn_members_sort(m);
  status = check_forms(m);
  if (!status)
    status = syn_links_hard(m);
  if (!status)
    status = keep_last(m);
  if (!status)
    status = syn_links_soft(m);
  trim(m);
  return status ? status : syn_names_check(&m->names, m->ctx);
}
