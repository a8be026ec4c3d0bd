/* What the folders of a set mean, decided from their names alone:
 *
 *   CLASS/IMAGE           in as many folders around it as you like
 *   SPLIT/CLASS/IMAGE     where every SPLIT is a part: train or training; val, valid, validation,
 *   CLASS/SPLIT/IMAGE     dev, test, testing, eval (in letters of either case)
 *
 * A part to train and one to validate are the set's own split. With val and test both there, val
 * validates and test is left out. One part alone is no split: its images are the set. Everything
 * else (several sets side by side, two levels of folders of which neither is a part, images at
 * different depths, images beside each other) is refused in words that say what was found.
 */
#ifndef SYN_DATA_LAYOUT_H
#define SYN_DATA_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/status.h"
#include "engine/data/names.h"

typedef enum syn_side {
  SYN_SIDE_NONE, /* the source says nothing */
  SYN_SIDE_TRAIN,
  SYN_SIDE_VALIDATION,
  SYN_SIDE_LEFT_OUT,
} syn_side;

typedef struct syn_place { /* a folder with images right in it */
  const char *folder;      /* its path; "" is the root */
  const char *why;         /* if no image in it can be read: why not, else NULL */
  size_t images;           /* that are, or should be, images */
  const char *class;       /* out; NULL: its images lie in no class folder, and are to be skipped */
  syn_side side;           /* out */
} syn_place;

typedef struct syn_layout {
  char text[200]; /* how the folders are understood, for people */
  int split;      /* the set has one of its own */
} syn_layout;

/* `places` (n > 0) in the order of strcmp; `empty` (n_empty) are folders, or what should be some,
 * with no image right in them, in any order. Classes go into `names`. SYN_EINPUT, `path` first. */
syn_status syn_layout_decide(syn_layout *out, syn_place *places, size_t n, const syn_place *empty,
                             size_t n_empty, syn_names *names, const char *path, syn_ctx *ctx);

/* The side that a part's name says; SYN_SIDE_NONE if it is no such name. */
syn_side syn_layout_side(const char *name, size_t n);

#endif
