/* How well a network's way follows the gradient: the cosine between what the weights moved over a stretch of
 * a run and the way down, minus the gradient of the loss over the training part, where the stretch began.
 *
 * 1 is straight down, 0 across; over S weights a stretch that knows nothing has 0 +- 1/sqrt(S).
 */
#ifndef SYN_TRAIN_COMPASS_H
#define SYN_TRAIN_COMPASS_H

#include "engine/base/state.h"
#include "engine/train/task.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_compass {
  const syn_gradient_class *type; /* NULL: there is none */
  syn_gradient *gradient;
  size_t n;  /* synapses */
  float *w;  /* (S) where the stretch began */
  float *g;  /* (S) the gradient there, but for the loss's factor */
  int begun; /* has a stretch begun? */
} syn_compass;

/* Memory from `arena`; the rest is the caller's to close. SYN_EINVAL: the model has no gradients; SYN_ENOMEM. */
syn_status syn_compass_open(syn_compass *compass, const syn_task *task, const syn_kernels *kernels,
                            syn_arena *arena, syn_ctx *ctx);

/* The cosine of the stretch that ends at weights w (S), NAN for the first and where nothing moved; the next
 * one begins there. */
double syn_compass_read(syn_compass *compass, const float *w);

/* Describes what the next reading depends on. */
void syn_compass_state(syn_compass *compass, syn_state *state);

void syn_compass_close(syn_compass *compass);

#ifdef __cplusplus
}
#endif

#endif
