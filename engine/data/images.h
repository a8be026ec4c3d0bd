/* A set of labelled images, from an archive or a folder.
 *
 *   SET/A/one.png SET/A/two.png SET/B/three.png ...     or with parts: SET/train/A/one.png ...
 *
 * What the folders mean is data/layout.h's; classes are the sorted folder names, in NFC. Every image
 * is a 28x28 PNG (data/png.h: what of it becomes grey, and how). The same tree is the same set, with
 * the same digest and the same words, as a folder and in any packing; order and digest are
 * data/arrange.h's. Of a member that stands twice in an archive the last one holds. Links are followed
 * in folders, and within an archive.
 *
 * MNIST and its kin (data/idx.h) are read from the folder or the archive that holds the files, or by
 * one file of a pair. PATH/INNER names a part of what lies in PATH, in an archive too.
 *
 * What file managers leave behind is passed over. PNGs that cannot be decoded, lie in no class
 * folder, or are links to nowhere are skipped and named; so are images in formats that are not read.
 * A PNG of another size or depth is an error: the set is not what it should be. Archives are streamed
 * (data/archive.h), nothing goes to disk.
 */
#ifndef SYN_DATA_IMAGES_H
#define SYN_DATA_IMAGES_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_skipped {
  const char *name; /* path inside the archive: of a member, or of a folder of such */
  const char *why;  /* one line */
} syn_skipped;

typedef struct syn_images {
  char format[64];  /* what was read: "folder", "GNU tar format, gzip", "IDX files", for people */
  char layout[200]; /* what its folders, or files, mean, for people */
  size_t n, width, height;
  size_t classes;
  const uint8_t *pixels;    /* (n, width*height) 0 black .. 255 white */
  const uint8_t *labels;    /* (n) 0..classes-1 */
  const uint8_t *validates; /* (n) the set's own split: 1 validates, 0 trains; NULL: it has none */
  const char **names;       /* (n) path inside the archive */
  const char **class_names; /* (classes) */
  const syn_skipped *skipped; /* (n_skipped) what is not in the set, in the order of names */
  size_t n_skipped;
  size_t transparent; /* images with transparent pixels, laid on white */
  char digest[SYN_DIGEST_SIZE];
  uint8_t *owned;  /* the pixels */
  syn_arena arena; /* owns the rest of the above */
} syn_images;

/* Reads `path`. The caller owns *out and closes it with syn_images_close; on failure *out is NULL.
 * SYN_EINPUT, with the path and the member: nothing there, not an archive, a truncated or damaged
 * archive, folders that are no set, an image of another size or depth, a class without a readable
 * image, fewer than two classes, more than 256, no image at all. SYN_EIO, SYN_ENOMEM. */
syn_status syn_images_open(syn_images **out, const char *path, syn_ctx *ctx);

void syn_images_close(syn_images *images); /* NULL is fine */

#ifdef __cplusplus
}
#endif

#endif
