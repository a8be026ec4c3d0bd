/* Weights that move by steps, equation (2).
 *
 * w = w0 + step * K with an integer lattice K (S), step = rate for weights and rate * bias_step for
 * biases: weights are reconstructed from K, never accumulated, so no rounding drifts. Or, where the
 * update is multiplicative, w += w * action * step, and there is no K.
 *
 * Rebasing (w0 := w, K := 0) happens when the batch or the rate changes, and when the plan asks for
 * it (moves_max); its times depend on the options only, so results do not depend on how work is
 * spread.
 */
#ifndef SYN_NET_STEPS_H
#define SYN_NET_STEPS_H

#include "engine/base/arena.h"
#include "engine/base/state.h"
#include "engine/base/status.h"
#include "engine/net/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_steps {
  const syn_plan *plan; /* borrowed */
  int multiplicative;
  double rate, bias_step;
  float *w0, *w; /* (S) at the last rebase, and now */
  int32_t *K;    /* (S) steps since then; NULL if multiplicative */
  int stale;     /* weights of deferred groups are behind K */
} syn_steps;

/* Memory for the steps of `plan`, out of `arena`; the caller then writes the initial weights into
 * w and calls syn_steps_rebase. SYN_ENOMEM. */
syn_status syn_steps_open(syn_steps *steps, const syn_plan *plan, int multiplicative, double rate,
                          double bias_step, syn_arena *arena, syn_ctx *ctx);

/* Takes in the actions (S) of one iteration; where there is a K it has moved already. */
void syn_steps_move(syn_steps *steps, const int8_t *action);

/* All weights (S), up to date; borrowed until the next move. */
const float *syn_steps_weights(syn_steps *steps);

/* The weights as they are become the new base. */
void syn_steps_rebase(syn_steps *steps);

/* Describes the state between two iterations. */
void syn_steps_state(syn_steps *steps, syn_state *state);

#ifdef __cplusplus
}
#endif

#endif
