/* What outputs are worth: one row of a table for each loss, and how a batch is measured by it.
 *
 * A loss is a number for each sample, which are added in double in one fixed order (lanes of a
 * block of 16 samples in a tree, then blocks in order) and made into the loss of a batch. Samples
 * have a label or real targets (net/samples.h); for a loss that compares with targets, a label
 * stands for 1 at its output and 0 at the others.
 *
 * Accuracy does not depend on the loss: the share of samples whose first greatest output is the
 * label, or of those whose outputs all have their target's sign.
 *
 * To add a loss: its name in enum syn_loss, and in loss.c its functions and its row; plain loops will do,
 * kernels (numeric/kernels.h) are for speed. tests/contract/losses.c holds each to all of this.
 */
#ifndef SYN_NET_LOSS_H
#define SYN_NET_LOSS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/net/samples.h"
#include "engine/numeric/kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_loss_class {
  const char *name, *doc;
  int labels; /* does it want labels? Then it fits no samples with real targets */

  /* must: the sums of losses of blocks of samples, each (blocks) in double; z, t (blocks, outputs,
   * 16), y (blocks, 16); `samples` valid ones from the front. Same bits on every kernel set.
   * correct (blocks): how many of each block are right, by label if `labels` is 1 and else by the
   * sign of the targets; NULL if nobody asks. t is there unless `labels` is 1, and y with labels. */
  void (*blocks)(double *loss, uint32_t *correct, const syn_kernels *kernels, const float *z,
                 const uint8_t *y, const float *t, size_t samples, size_t blocks, size_t outputs);
  /* must: the loss of one sample with a label by the same operations; z (outputs) `stride` apart. */
  float (*sample)(const float *z, size_t stride, size_t y, size_t outputs);
  /* must: from the sum over n samples to the loss of the batch. A mean over outputs is taken in each
   * sample, since their number is not known here. */
  double (*total)(double sum, size_t n);

  /* must, for gradient descent: dz (blocks, outputs, 16), the gradient of each sample's loss but for a
   * factor; the rest as for `blocks`. Whatever it says of lanes behind the last sample has no effect. */
  void (*gradient)(float *dz, const syn_kernels *kernels, const float *z, const uint8_t *y,
                   const float *t, size_t blocks, size_t outputs);
  /* must: that factor, once the sum over n samples is known. */
  double (*factor)(double sum, size_t n);
} syn_loss_class;

typedef enum syn_loss { SYN_LOSS_CROSS_ENTROPY, SYN_LOSS_EUCLIDEAN, SYN_LOSSES } syn_loss;

extern const syn_loss_class syn_loss_table[SYN_LOSSES]; /* by syn_loss */

/* ---- the loss of a batch ----------------------------------------------------------------------- */

typedef struct syn_meter {
  const syn_loss_class *loss;
  const syn_kernels *kernels; /* borrowed */
  size_t outputs, room;       /* room: most samples of a batch */
  size_t samples, blocks;
  uint8_t *y; /* (blocks, 16) labels; NULL: samples have targets */
  float *t;   /* (blocks, outputs, 16) targets; NULL: the loss wants labels */
  int want_correct;
  double *block_loss; /* (blocks) */
  uint32_t *block_correct;
  double *block_class; /* (blocks, outputs) sums of losses by label; NULL unless wanted */
  double *class_loss;  /* (outputs) */
  size_t *class_size;  /* (outputs) samples of the batch */
} syn_meter;

/* For batches of up to `room` samples with labels or with targets; `classes`: keep the loss of each
 * label, too. Memory is taken from `arena`. SYN_ENOMEM. */
syn_status syn_meter_open(syn_meter *meter, const syn_loss_class *loss, int labels, int classes,
                          size_t outputs, size_t room, const syn_kernels *kernels, syn_arena *arena,
                          syn_ctx *ctx);

/* The labels or targets of the batch. */
void syn_meter_batch(syn_meter *meter, const syn_samples *samples);

/* Before outputs come: will the accuracy be asked for? */
void syn_meter_begin(syn_meter *meter, int accuracy);

/* Takes in the outputs z (blocks, outputs, 16) of blocks first.. of the batch. Different blocks may
 * come from different threads. A syn_sink (net/model.h). */
void syn_meter_take(void *meter, const float *z, size_t first, size_t blocks);

/* The loss of the batch, all of whose outputs have been taken in; *accuracy if not NULL. */
double syn_meter_end(syn_meter *meter, double *accuracy);

/* Mean loss of each label (outputs) at the last end; NAN for one that the batch has no samples of.
 * Borrowed; NULL unless wanted. */
const double *syn_meter_classes(const syn_meter *meter);

#ifdef __cplusplus
}
#endif

#endif
