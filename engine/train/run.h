/* A run: a pure function of (options, policy, data) -> result.
 *
 * syn_run_synaptic is Algorithm 1 of the paper (section 2.2), with the policy in training or
 * frozen; syn_run_descent is the baseline (section 3): full-batch gradient descent, no momentum,
 * no regularisation. Both are deterministic and give the same bits everywhere.
 */
#ifndef SYN_TRAIN_RUN_H
#define SYN_TRAIN_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/trace.h"
#include "engine/train/options.h"
#include "engine/train/policy.h"
#include "engine/train/task.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum syn_ending {
  SYN_ENDED,    /* all iterations done */
  SYN_ABORTED,  /* below abort_below at abort_after or later */
  SYN_DIVERGED, /* the loss is not a finite number any more */
} syn_ending;

/* Curves: one row each curve_every iterations and one for the last; validation columns hold NAN
 * where it was not measured. Row 0 is iteration 0: the untrained network. */
typedef struct syn_curve {
  size_t rows;
  const uint32_t *iteration;
  const double *loss, *accuracy;                       /* on the current batch */
  const double *validation_loss, *validation_accuracy; /* on the validation part */
  const double *cosine; /* see compass.h; NULL unless it is asked for */
} syn_curve;

typedef struct syn_result {
  syn_ending ending;
  uint32_t iterations;  /* done */
  syn_score batch;      /* of the last iteration, on its batch */
  syn_score train;      /* final network, all training samples */
  syn_score validation; /* final network; NAN where none are kept for it */
  syn_curve curve;
  size_t synapses;
  const float *weights;                             /* (synapses) final */
  uint64_t rewards_up;                              /* iterations with reward +1 */
  syn_trace trace_loss, trace_action, trace_weight; /* of all iterations; action: if asked for */
  syn_arena arena;                                  /* owns the arrays */
} syn_result;

/* Keeping the state of a run between two iterations, and going on from it (checkpoint.h). */
typedef struct syn_checkpoint {
  void *self;
  const void *bytes; /* a state to go on from; NULL: the run begins */
  size_t n;
  int (*due)(void *self, int row); /* now? `row`: a row of the curve was just written */
  /* A state, borrowed; or NULL, and why there is none just now. A run goes on whatever becomes of it. */
  void (*keep)(void *self, const void *bytes, size_t n, const char *why);
  /* The policy or the reward holds what no state can keep, and what it is: nothing is kept in this run any
   * more, and what was is not to be gone on from. */
  void (*give_up)(void *self, const char *why);
} syn_checkpoint;

/* Called once per iteration, after everything in it; return anything but SYN_OK to stop the run
 * (it then returns that status). `batch` is the iteration's loss, and its accuracy where that was measured:
 * at rows of the curve and at the end, else NAN. May be NULL. */
typedef struct syn_observer {
  void *self;
  syn_status (*iteration)(void *self, uint32_t done, uint32_t of, syn_score batch);
  const syn_checkpoint *checkpoint; /* may be NULL. SYN_EINPUT: its bytes are not of this run */
} syn_observer;

/* The caller owns *out (syn_result_close). `policy` is borrowed and left in its final state, so
 * that the caller can save it. An aborted or diverged run is SYN_OK with its ending. */
syn_status syn_run_synaptic(syn_result **out, const syn_options *options, const syn_task *task,
                            syn_policy *policy, const syn_kernels *kernels,
                            const syn_observer *observer, syn_ctx *ctx);

syn_status syn_run_descent(syn_result **out, const syn_options *options, const syn_task *task,
                           const syn_kernels *kernels, const syn_observer *observer, syn_ctx *ctx);

void syn_result_close(syn_result *result);

/* Initial weights (S) as the options say: what both methods start from. */
void syn_run_init(float *w, const syn_options *options, const syn_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
