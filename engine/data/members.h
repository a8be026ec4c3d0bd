/* The members of an image set, as a list: of each what it is, of images where their pixels are. They
 * come in one pass over an archive or a folder: PNGs are decoded as they come by, of everything else
 * stands what it is. Then links within an archive are resolved and members that stand twice are one, so
 * that the list is the same for the same tree in every packing. */
#ifndef SYN_DATA_MEMBERS_H
#define SYN_DATA_MEMBERS_H

#include "engine/data/arrange.h"
#include "engine/data/archive.h"
#include "engine/data/kinds.h"
#include "engine/data/names.h"

typedef enum syn_item_kind {
  SYN_ITEM_FOLDER,
  SYN_ITEM_IMAGE, /* decoded: `row` */
  SYN_ITEM_BAD,   /* a PNG by name that cannot be decoded, or a link to nowhere: `why` */
  SYN_ITEM_WRONG, /* a PNG of another size or depth: `why` */
  SYN_ITEM_KIND,  /* of a kind that is not read: `of` */
  SYN_ITEM_IDX,
  SYN_ITEM_HARDLINK,
  SYN_ITEM_SYMLINK, /* to `target` */
  SYN_ITEM_OUTSIDE, /* its path leaves the archive: `why` */
  SYN_ITEM_HIDDEN,  /* a PNG by name, whose name or a folder's begins with a dot: `why` */
  SYN_ITEM_NOWHERE, /* a link to nowhere that does not bear the name of a file: `why` */
} syn_item_kind;

#define SYN_NO_ROW UINT32_MAX
#define SYN_TWICE  "it is there several times; the last one is in the set"

typedef struct syn_item {
  const char *name; /* in NFC, without the part of the path that was asked for */
  const char
      *target;     /* of a soft link: as it came; of a hard one: a path among the names, or NULL */
  const char *why; /* one line */
  const syn_kind *of;    /* KIND: which; NULL for a README, a list, that are no image and no harm */
  const syn_kind *bytes; /* of a file: by its first bytes; NULL: of none */
  uint32_t row;          /* in the pool; SYN_NO_ROW if it was not decoded */
  const char
      *packed; /* the member's whole name in NFC, whose bytes these are; a link's: its target's */
  const char *raw; /* the same as it came */
  uint32_t member; /* and the how-manieth it was */
  uint32_t order;  /* of arrival */
  uint8_t kind;    /* syn_item_kind */
  uint8_t png;     /* of a file: IMAGE, BAD or WRONG, as if its name were a PNG's */
  uint8_t clear;   /* has transparent pixels */
  uint8_t twice;   /* its name stood there more than once */
} syn_item;

/* A PNG by its name, whatever became of it. */
static inline int syn_item_is_png(const syn_item *item) {
  return item->kind == SYN_ITEM_IMAGE || item->kind == SYN_ITEM_BAD || item->kind == SYN_ITEM_WRONG;
}

typedef struct syn_members {
  const char *path, *inside; /* only what is below `inside` counts; "" is all */
  int cut;                   /* there was something below `inside` */
  syn_item *items;           /* (n) in the order of names once collected */
  size_t n, room;
  uint32_t came; /* members so far, of whatever kind */
  syn_pool pool;
  syn_names names;
  char format[64];
  syn_ctx *ctx;
} syn_members;

/* Fills *m, whose path, inside, names and ctx are set. SYN_EINPUT as syn_archive_next has it, and where
 * a name stands twice that may be two names in different Unicode forms. */
syn_status syn_members_collect(syn_members *m);

/* One more item at the end, to be filled. SYN_EINPUT if the list is as long as it may be. */
syn_status syn_members_add(syn_members *m, syn_item **item);

/* What a file is by its name and its bytes: IMAGE, BAD, WRONG, KIND or IDX. */
void syn_item_classify(syn_item *item, syn_names *names);

/* Into the order of names, and of arrival where a name stands twice. */
void syn_members_sort(syn_members *m);

/* Frees items and pool; names belong to their arena. */
void syn_members_close(syn_members *m);

#endif
