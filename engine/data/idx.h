/* The IDX format of MNIST and its kin: two files, images (magic 0x00000803; n, rows, columns; bytes)
 * and labels (magic 0x00000801; n; bytes), all numbers big-endian; each plain or gzipped.
 *
 *   train-images-idx3-ubyte[.gz]   train-labels-idx1-ubyte[.gz]
 */
#ifndef SYN_DATA_IDX_H
#define SYN_DATA_IDX_H

#include "engine/data/images.h"

/* Does `path` name an IDX file of images, one of labels with its images beside it, or a folder that
 * holds train-images-idx3-ubyte[.gz]? */
int syn_idx_is(const char *path);

/* Reads the pair. The labels lie beside the images under the name that goes with theirs. Classes are
 * named by their label, images by their place, "00000". SYN_EINPUT: a file missing, another magic,
 * counts that differ, images that are not 28x28, a file cut short or too long. */
syn_status syn_idx_open(syn_images **out, const char *path, syn_ctx *ctx);

#endif
