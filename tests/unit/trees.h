/* One tree, one set: a list of members that is packed in every way, for tests that the images, the digest
 * and the words are the same in all of them. */
#ifndef SYN_TESTS_TREES_H
#define SYN_TESTS_TREES_H

#include "tests/unit/sets.h"

#define PIXELS (SETS_SIDE * SETS_SIDE)
#define MOST   32

#define NFC "\xc3\xa9"
#define NFD "e\xcc\x81"

typedef struct tree {
  sets_member members[MOST];
  sets_file files[MOST];
  size_t n;
} tree;

void add_png(tree *t, const char *name, uint32_t seed);
void add_bytes(tree *t, const char *name, const char *bytes, size_t n);
void add_link(tree *t, const char *name, const char *target);

/* Empties the tree and adds A/0.png, A/1.png, B/0.png, B/1.png, with the seeds 1 to 4. */
void small(tree *t);

/* Packs the tree, under a new name: as a folder (0), ustar, pax.gz, zip, 7zip, cpio.xz. */
#define TREES_PACKINGS 6
const char *pack(const tree *t, size_t packing);

/* The tree in every packing is n images, and the same lines are said of what is skipped; they hold
 * `words`, and there are none where `words` is "". */
void everywhere(const tree *t, size_t n, const char *words);

/* It is refused in every packing, in the same line, which holds every one of `words`. */
void refused_everywhere(const tree *t, const char *words);

#endif
