/* The IDX format of MNIST and its kin: two files, images (magic 0x00000803; n, rows, columns; bytes)
 * and labels (magic 0x00000801; n; bytes), all numbers big-endian; each plain or packed. QMNIST's
 * labels (magic 0x00000c02; n, 8; 32-bit numbers) have the class in their first column.
 *
 *   train-images-idx3-ubyte[.gz]     train-labels-idx1-ubyte[.gz]      MNIST, KMNIST, Fashion-MNIST
 *   t10k-images.idx3-ubyte           t10k-labels.idx1-ubyte            as some unpackers write it
 *   emnist-letters-train-images-...  emnist-letters-train-labels-...   EMNIST: six sets
 *   qmnist-test-images-...           qmnist-test-labels-idx2-int[.gz]  QMNIST
 *
 * Images go with the labels of the same folder, the same name and the same packing, because files
 * of several sets bear the same names: plain images never go with the .gz labels beside them. Nor do
 * those with labels of another number, which a browser adds to a name that is there: "... (1).gz".
 */
#ifndef SYN_DATA_IDX_H
#define SYN_DATA_IDX_H

#include "engine/data/arrange.h"
#include "engine/data/layout.h"
#include "engine/data/stream.h"

typedef struct syn_idx_pair { /* names among those given; NULL where there is none */
  const char *images, *labels;
} syn_idx_pair;

typedef struct syn_idx_choice {
  syn_idx_pair train, other; /* one of them alone is no split */
  char note[512];            /* what lies there too and is not read; may be empty */
} syn_idx_choice;

/* By its name: a file of images, or of labels? */
int syn_idx_is(const char *name);

/* Is it a file of the set with this name, such as "emnist-letters"? */
int syn_idx_is_of(const char *name, const char *wanted);

/* The set among `names` (n, in the order of strcmp, IDX files all of them). `want` is a file, that stands
 * for its pair, or the name of a set where there are several ("emnist-letters"); NULL takes the only one.
 * SYN_EINPUT: several, or none that is whole; `path` stands first in the line. Names stay borrowed. */
syn_status syn_idx_choose(syn_idx_choice *out, const char *const *names, size_t n, const char *want,
                          const char *path, syn_ctx *ctx);

typedef struct syn_labels { /* (n), malloc'ed; start with {0} */
  uint8_t *classes;
  size_t n, room;
} syn_labels;

/* Reads images, appended to the pool, or labels, if `pool` is NULL; `name` stands first in errors. Memory
 * is taken as bytes come, whatever a header claims. SYN_EINPUT: another magic, images that are not 28x28,
 * a file cut short or too long. */
syn_status syn_idx_read(syn_pool *pool, syn_labels *labels, syn_stream *stream, const char *name,
                        syn_ctx *ctx);

#endif
