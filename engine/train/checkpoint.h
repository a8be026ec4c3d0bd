/* Checkpoints: the state of a run between two iterations, so that a run that was cut short goes on
 * from there with the same bits. The caller says when (only it has a clock) and keeps the bytes.
 *
 * A state holds everything that the next iteration depends on, as it is: weights, lattice and
 * pre-activations since the last rebase, histories, the loss to beat, what the policy has learned,
 * and the result so far (curve, traces, counts). Random numbers need no state. It belongs to its
 * options, policy and data; the caller sees to it that they are the same.
 */
#ifndef SYN_TRAIN_CHECKPOINT_H
#define SYN_TRAIN_CHECKPOINT_H

#include <stdint.h>

#include "engine/base/state.h"
#include "engine/train/curve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the state of a run begins: changes whenever its layout does. */
#define SYN_CHECKPOINT_VERSION 5

/* Is one due now, between iterations? `row`: a row of the curve was just written. */
int syn_checkpoint_due(const syn_checkpoint *checkpoint, int row);

/* Describes the state that all runs have: version, iterations done, the result so far. SYN_EINPUT:
 * giving back, it is not of this run. */
syn_status syn_checkpoint_result(syn_state *state, syn_recorder *recorder, uint32_t *done,
                                 syn_ctx *ctx);

/* Does a state begin as this program's do? Then *done are its iterations. */
int syn_checkpoint_look(uint32_t *done, const void *bytes, size_t n);

/* Hands a state over, or says that there is none; closes it. SYN_EINVAL: there is none from here on.
 * Returns the checkpoint that the rest of the run has, NULL being none. */
const syn_checkpoint *syn_checkpoint_keep(const syn_checkpoint *checkpoint, syn_state *state,
                                          syn_status status, const syn_ctx *why);

#ifdef __cplusplus
}
#endif

#endif
