/* What a network is asked to learn: samples, targets, and how well it does.
 *
 * Boundary (figures 1 and 2): `points` points uniform in [-point_range, point_range)^2; targets
 * are the outputs of a network of the learner's own shape with weights uniform in
 * [-target_range, target_range) and biases 0, drawn from SYN_STREAM_TARGET. Loss: Euclidean norm
 * of the difference over all points, divided by their number. Accuracy: share of points whose
 * output has the target's sign. All points train; there is no validation part.
 *
 * Images (table 1, figure 3): bytes and labels of an image set, split into two parts. Loss: mean
 * cross-entropy in nats; or, with loss = euclidean, the same norm as above, of the plain outputs
 * (no softmax) less 1 for the label's unit and 0 for the others. Accuracy: share of images whose
 * first greatest output is the label.
 */
#ifndef SYN_TRAIN_TASK_H
#define SYN_TRAIN_TASK_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/data/images.h"
#include "engine/data/split.h"
#include "engine/net/model.h"
#include "engine/train/options.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_task {
  syn_task_kind kind;
  const syn_model_class *model;
  syn_network network;            /* that is to learn it; no moves yet */
  syn_plan plan;                  /* of that network */
  size_t inputs, outputs;
  const uint8_t *pixels, *labels; /* images: (n, inputs), (n) borrowed from the image set */
  const syn_loss_class *loss;
  syn_split split;                /* boundary: all points train */
  size_t n_points;                /* boundary */
  const float *points, *targets;  /* boundary: (n_points, 2), (n_points) */
  const float *target_weights;    /* boundary: (S) of the target network */
  syn_arena arena;
} syn_task;

/* `images` NULL for the boundary task; else borrowed for the task's life.
 * SYN_EINVAL if the network's inputs or outputs do not fit the data. */
syn_status syn_task_open(syn_task **out, const syn_options *options, const syn_images *images,
                         const syn_kernels *kernels, syn_ctx *ctx);
void syn_task_close(syn_task *task);

/* Rows (n) of the task as samples for a network; NULL: all points. Borrows `rows`. */
syn_samples syn_task_samples(const syn_task *task, const uint32_t *rows, size_t n);

/* Outputs of network w on a `cells` x `cells` grid over the boundary task's square, row by row
 * from the lowest second coordinate: map (cells, cells). */
syn_status syn_task_map(float *map, size_t cells, const syn_task *task, const float *w,
                        const syn_options *options, const syn_kernels *kernels, syn_ctx *ctx);

typedef struct syn_score {
  double loss, accuracy;
} syn_score;

/* Loss and accuracy of the network with weights w (S) over rows (n) of the task. SYN_ENOMEM. */
syn_status syn_task_score(syn_score *out, const syn_task *task, const float *w,
                          const uint32_t *rows, size_t n, const syn_kernels *kernels,
                          syn_ctx *ctx);

#ifdef __cplusplus
}
#endif

#endif
