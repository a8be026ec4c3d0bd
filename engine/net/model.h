/* A model: a kind of network, as a table of functions. The trainers know networks by this table
 * only. To add one: a file of its own, and a line in models.c.
 *
 * Life of a model under Algorithm 1 (train/synaptic.c), whose weights are the trainer's (steps.h):
 *
 *   plan                     which synapses there are, in groups
 *   open
 *   a new batch:             batch, then base
 *   a new rate, or the plan's moves_max is reached:  base
 *   every iteration:         move, outputs
 *   close
 *
 * The same moves give the same outputs bit for bit on every kernel set and at any number of threads.
 * Nothing is allocated after open that a run could fail for want of.
 */
#ifndef SYN_NET_MODEL_H
#define SYN_NET_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/pool.h"
#include "engine/base/state.h"
#include "engine/base/status.h"
#include "engine/net/loss.h"
#include "engine/net/plan.h"
#include "engine/net/samples.h"
#include "engine/net/shape.h"
#include "engine/numeric/kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_MODEL_ABI 1

typedef struct syn_model syn_model; /* a model's own instance; begins with syn_model_class * */

/* What a network is to be, and what is to be done with it. */
typedef struct syn_network {
  syn_shape shape;
  int bytes;      /* samples are pixels, else reals */
  int lattice;    /* weights move by whole steps; 0: by anything, or not at all */
  int max_action; /* greatest |action| of a move */
} syn_network;

typedef struct syn_model_setup {
  const syn_network *network;
  const syn_plan *plan;
  const float
      *weights;   /* (S) borrowed and live: the trainer moves them. Those of deferred groups are
                           only up to date during `base` */
  size_t samples; /* most of any batch */
  int activity;   /* keep batch means of unit activity */
  const syn_kernels *kernels;
  syn_pool *pool; /* borrowed */
} syn_model_setup;

/* Where outputs go, tile by tile while they are in the near cache: z (blocks, outputs, 16) of blocks
 * first.. of the batch. Called from the pool's threads, each block once. */
typedef struct syn_sink {
  void *self;
  void (*take)(void *self, const float *z, size_t first, size_t blocks);
} syn_sink;

typedef struct syn_model_class {
  uint32_t abi;
  const char *name, *summary;

  /* must: its synapses. SYN_EINVAL: it cannot be such a network, and why. */
  syn_status (*plan)(syn_plan *out, const syn_network *network, syn_ctx *ctx);
  /* must: the caller owns *out. SYN_ENOMEM. */
  syn_status (*open)(syn_model **out, const syn_model_setup *setup, syn_ctx *ctx);
  /* must: what to look at from now on; its tables stay where they are until the next batch. */
  void (*batch)(syn_model *, const syn_samples *samples);
  /* must: the weights as they are, all up to date, are the base that moves start from, and a step
   * is `rate` from here on. */
  void (*base)(syn_model *, double rate);
  /* must: takes in the actions (S) of one iteration; the weights have moved already. */
  void (*move)(syn_model *, const int8_t *action);
  /* must: hands the outputs for the whole batch to the sink, once after each batch, base or move. */
  void (*outputs)(syn_model *, const syn_sink *sink);

  /* may: batch means (inputs or units) of the activity behind and ahead of a group's synapses, at the
   * last outputs; NULL = it cannot say. Borrowed. */
  const float *(*behind)(const syn_model *, size_t group);
  const float *(*ahead)(const syn_model *, size_t group);
  /* may: describes what batch and base do not bring back; NULL = nothing. */
  void (*state)(syn_model *, syn_state *state);
  void (*close)(syn_model *);
  /* may: its gradients, for the baseline; NULL: no gradient descent. */
  const struct syn_gradient_class *gradient;
} syn_model_class;

struct syn_model {
  const syn_model_class *type;
};

/* The gradient of a network's loss, by backpropagation (train/descent.c). The same bits on every
 * kernel set. */
typedef struct syn_gradient syn_gradient;

typedef struct syn_gradient_class {
  /* The caller owns *out; batches of up to `samples`, with labels or with targets. SYN_ENOMEM. */
  syn_status (*open)(syn_gradient **out, const syn_network *network, const syn_plan *plan,
                     const syn_loss_class *loss, int labels, size_t samples,
                     const syn_kernels *kernels, syn_ctx *ctx);
  void (*batch)(syn_gradient *, const syn_samples *samples);
  /* g (S): the gradient at the weights w (S), but for the loss's factor; *sum of the losses of all
   * samples, *correct of them right. */
  void (*measure)(syn_gradient *, const float *w, float *g, double *sum, size_t *correct);
  void (*close)(syn_gradient *); /* NULL is fine */
} syn_gradient_class;

/* All that are compiled in; ends with NULL. The first is the default. */
extern const syn_model_class *const syn_models[];

/* Outputs (n, outputs), row by row, of a network with these weights for samples with reals. SYN_ENOMEM. */
syn_status syn_model_outputs(float *outputs, const syn_model_class *type,
                             const syn_network *network, const float *weights,
                             const syn_samples *samples, const syn_kernels *kernels, syn_ctx *ctx);

#ifdef __cplusplus
}
#endif

#endif
