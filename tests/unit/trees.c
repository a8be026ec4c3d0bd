#include "tests/unit/trees.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void add_png(tree *t, const char *name, uint32_t seed) {
  sets_grey(&t->files[t->n], seed);
  t->members[t->n] =
      (sets_member){.name = name, .bytes = t->files[t->n].bytes, .n = t->files[t->n].n};
  t->n++;
}

void add_bytes(tree *t, const char *name, const char *bytes, size_t n) {
  t->members[t->n++] = (sets_member){.name = name, .bytes = bytes, .n = n};
}

void add_link(tree *t, const char *name, const char *target) {
  t->members[t->n++] = (sets_member){.name = name, .kind = SETS_SYMLINK, .target = target};
}

void small(tree *t) {
  static const char *const names[] = {"A/0.png", "A/1.png", "B/0.png", "B/1.png"};
  *t = (tree){.n = 0};
  for (uint32_t i = 0; i < 4; i++)
    add_png(t, names[i], i + 1);
}

static const char *const packings[TREES_PACKINGS][2] = {
    {NULL, NULL}, {"ustar", NULL}, {"pax", "gzip"}, {"zip", NULL}, {"7zip", NULL}, {"newc", "xz"}};

/* A new name for each packing of each tree. */
const char *pack(const tree *t, size_t p) {
  static int turn;
  static char name[32];
  snprintf(name, sizeof name, "tree%d", turn++);
  if (packings[p][0])
    sets_pack(sets_path(name), packings[p][0], packings[p][1], t->members, t->n);
  else
    sets_unpack(sets_path(name), t->members, t->n);
  return name;
}

/* The tree in every packing: n images and these words, one line for each that is skipped. */
void everywhere(const tree *t, size_t n, const char *words) {
  char digest[SYN_DIGEST_SIZE] = "", first[2000] = "";
  for (size_t p = 0; p < TREES_PACKINGS; p++) {
    syn_images *images = sets_open(pack(t, p));
    char said[2000] = "";
    for (size_t i = 0; i < images->n_skipped; i++) {
      size_t used = strlen(said);
      snprintf(said + used, sizeof said - used, "%s: %s\n", images->skipped[i].name,
               images->skipped[i].why);
    }
    assert_int_equal(images->n, n);
    if (!p) {
      memcpy(digest, images->digest, sizeof digest);
      memcpy(first, said, sizeof first);
    }
    assert_string_equal(images->digest, digest);
    assert_string_equal(said, first);
    syn_images_close(images);
  }
  if (!strstr(first, words) || (!*words && *first))
    fail_msg("'%s' lacks '%s'", first, words);
}

void refused_everywhere(const tree *t, const char *words) {
  char first[SYN_ERROR_SIZE] = "";
  for (size_t p = 0; p < TREES_PACKINGS; p++) {
    const char *name = pack(t, p);
    syn_ctx ctx = {0};
    syn_images *images;
    sets_refused(name, words);
    assert_int_equal(syn_images_open(&images, sets_path(name), &ctx), SYN_EINPUT);
    const char *line = strchr(ctx.error, ':');
    if (!p)
      snprintf(first, sizeof first, "%s", line);
    assert_string_equal(line, first);
  }
}
