/* The network under Algorithm 1: weights that move by steps, and the loss after every move.
 *
 * Weights are w = w0 + step * K with an integer lattice K (S), step = rate for weights and
 * rate * bias_step for biases; they are reconstructed from K, never accumulated. Where the inputs
 * are bytes, the first layer's pre-activations follow the lattice too (numeric/kernels.h):
 *
 *   Z = (Z0 + (rate/255) * D) + bias,   D += action . x   in every iteration
 *
 * Actions of -2..2 go through that product as two of -1..1, whose sum they are: kernels need know
 * no others. Real inputs and multiplicative updates take the dense path: the whole product every
 * iteration.
 *
 * Rebasing (w0 := w, K := 0, D := 0, Z0 := product) happens when the batch or the rate changes and
 * before |D| can pass 2^30; its times depend on the options only, so results do not depend on how
 * the work is spread.
 *
 * Losses: cross-entropy, mean over samples; Euclidean, sqrt(sum of squares) / samples, for labels
 * with targets 1 for the label's class and 0 for the others. Partial sums are per block of 16
 * samples, added in the order of blocks, in double.
 */
#ifndef SYN_NET_FORWARD_H
#define SYN_NET_FORWARD_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/pool.h"
#include "engine/base/state.h"
#include "engine/base/status.h"
#include "engine/net/mlp.h"
#include "engine/numeric/kernels.h"

typedef enum syn_loss { SYN_LOSS_CROSS_ENTROPY, SYN_LOSS_EUCLIDEAN } syn_loss;

typedef struct syn_forward_setup {
  const syn_shape *shape;
  const float *weights; /* (S) initial; copied */
  syn_loss loss;
  int bytes;          /* inputs are bytes (images), else reals */
  int multiplicative; /* w += w * action * rate instead of the lattice */
  int activity;       /* keep batch means of unit activity */
  int classes;        /* keep the loss of each class (images) */
  int reach;          /* greatest |action|: 1, or 2 for steps of two sizes */
  double rate, bias_step;
  size_t samples;     /* most of any batch */
  const syn_kernels *kernels;
  syn_pool *pool;     /* borrowed */
} syn_forward_setup;

typedef struct syn_forward syn_forward;

/* The caller owns *out. SYN_ENOMEM. */
syn_status syn_forward_open(syn_forward **out, const syn_forward_setup *setup, syn_ctx *ctx);
void syn_forward_close(syn_forward *forward);

/* The batch: rows (n) of pixels (., inputs) with labels (.), or rows 0..n-1 if rows is NULL. */
void syn_forward_images(syn_forward *forward, const uint8_t *pixels, const uint8_t *labels,
                        const uint32_t *rows, size_t n);
/* The batch: points (n, inputs) with targets (n, outputs). */
void syn_forward_points(syn_forward *forward, const float *points, const float *targets, size_t n);

/* A new step size from here on. */
void syn_forward_rate(syn_forward *forward, double rate);

/* The lattice K (S), for the policy step to move; NULL if the update is multiplicative. */
int32_t *syn_forward_lattice(syn_forward *forward);

/* Takes in the actions (S) of one iteration; K has moved already. Then the loss is out of date. */
void syn_forward_move(syn_forward *forward, const int8_t *action);

/* The loss on the batch with the weights as they are; *accuracy (share of samples) if not NULL. */
double syn_forward_loss(syn_forward *forward, double *accuracy);

/* All weights (S), up to date; borrowed until the next move. */
const float *syn_forward_weights(syn_forward *forward);

/* Batch means of the activity at the last loss: layer 0 is the input (inputs), layer l the output
 * of the l-th layer of synapses (units). Borrowed. Only if asked for in the set-up. */
const float *syn_forward_activity(const syn_forward *forward, size_t layer);

/* Mean loss of each class (outputs) at the last loss: of its samples' cross-entropies or squared
 * distances, in double, block by block; NAN for a class that the batch has no samples of. Borrowed.
 * Only if asked for in the set-up. */
const double *syn_forward_classes(const syn_forward *forward);

/* Describes the state between two iterations, with the batch that was set. */
void syn_forward_state(syn_forward *forward, syn_state *state);

#endif
