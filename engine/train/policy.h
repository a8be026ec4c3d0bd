/* What a synapse does: the interface between the engine and every policy, C or Lua.
 *
 * Metadata (name, summary, parameters) stands apart from behaviour. The engine calls in batches:
 * once for all synapses of the network, never per synapse, and a policy allocates nothing in a
 * step. The engine knows no policy by name and cannot tell a C policy from a Lua rule.
 *
 * When                       the engine calls
 *   the run is made          open, then start
 *   every iteration, first   act      (or its own kernel, if `table` gives one)
 *   every iteration, last    learn    (after the reward; may be NULL: the policy is frozen)
 *   the run has ended        save, close
 */
#ifndef SYN_TRAIN_POLICY_H
#define SYN_TRAIN_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/param.h"
#include "engine/base/state.h"
#include "engine/base/status.h"
#include "engine/net/plan.h"
#include "engine/numeric/kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_POLICY_ABI 3

typedef struct syn_policy syn_policy; /* a policy's own instance; begins with syn_policy_class * */

/* A policy as a table: what to do in every state. States are reward_code * 3^n + local code, as
 * numeric/kernels.h numbers them; S = 9^n states. */
typedef struct syn_table {
  unsigned history;           /* n, 0..SYN_HISTORY_MAX */
  unsigned locals;            /* 3^n */
  const int8_t *action;       /* (locals*locals) greedy action, -max_action..max_action */
  int stochastic;             /* then low and high hold, as in syn_step_table */
  const uint32_t *low, *high; /* (locals*locals) or NULL */
  double epsilon;             /* exploration on top */
  int no_null;                /* exploration draws from -1 and +1 only */
  int two_sizes;    /* steps of two sizes: actions are -2..2, and `stochastic` is 0. The engine
                            then calls `act`; histories hold the signs of actions */
  uint64_t version; /* changes whenever the contents do */
} syn_table;

/* Thresholds of its exploration, as syn_step_table has them. */
static inline void syn_table_explore(uint32_t out[3], const syn_table *table) {
  syn_explore_thresholds(out, table->epsilon);
  if (table->no_null)
    out[0] = out[1] = (out[2] + 1) / 2;
}

/* The random action that a 16-bit number u of SYN_STREAM_EXPLORE stands for, u < explore[2]. */
static inline int8_t syn_table_random(const syn_table *table, const uint32_t explore[3],
                                      uint32_t u) {
  if (table->two_sizes)
    return (int8_t)((int)(5 * u / explore[2]) - 2);
  return u < explore[0] ? -1 : u < explore[1] ? 0 : 1;
}

/* What synapses can see when they act. Borrowed, valid during the call only. */
typedef struct syn_layer_view {
  size_t first, inputs, units; /* synapses first .. first + units*(inputs+1) - 1 */
  const float *weight;         /* (units, inputs+1), bias in column 0; NULL if they are ignored */
  const float *pre;            /* (inputs) batch mean of the activity behind; NULL unless wanted */
  const float *post;           /* (units) batch mean of the activity ahead; NULL unless wanted */
} syn_layer_view;

typedef struct syn_view {
  uint64_t seed;
  uint32_t iteration;       /* 0 is the first */
  size_t n;                 /* synapses */
  unsigned history;         /* the n that the policy asked for */
  unsigned locals;          /* 3^history */
  const uint8_t *local;     /* (n) local history codes */
  unsigned reward_code;     /* of the last `history` rewards */
  int8_t reward;            /* the last reward; 0 in the first iteration */
  double value;             /* the last reward with its magnitude, in [-1, 1] */
  double loss, loss_change; /* of the batch after the last move, and how it rose by it */
  const int8_t *last;       /* (n) actions of the iteration before; zeros in the first */
  size_t layers;
  const syn_layer_view *layer; /* (layers) */
} syn_view;

/* What happened in an iteration, for policies that learn. Borrowed. */
typedef struct syn_transition {
  uint64_t seed;
  uint32_t iteration;
  size_t n;
  unsigned locals;
  const uint8_t *before, *after;        /* (n) local codes before and after the action */
  unsigned reward_before, reward_after; /* reward codes before and after */
  const int8_t *action;                 /* (n) -max_action..max_action */
  int8_t reward;                        /* sign of R_t: +1 or -1; 0 where options allow it */
  double value;                         /* R_t with its magnitude, in [-1, 1] */
  double loss, loss_change;             /* of the batch, and how it rose by this move */
} syn_transition;

typedef void (*syn_write)(void *self, const char *bytes, size_t n);

typedef struct syn_policy_class {
  uint32_t abi;
  const char *name, *summary;
  const syn_param *params; /* ends with a NULL name */

  /* must: from arguments to an instance that the caller owns. They are checked against `params` and
   * filled with defaults: one value for each, in order. A policy among them arrives opened; `open`
   * takes ownership on success. */
  syn_status (*open)(syn_policy **out, const syn_value *args, syn_ctx *ctx);
  /* must: past (action, reward) pairs that it wants remembered, 0..SYN_HISTORY_MAX. */
  unsigned (*history)(const syn_policy *);
  /* may: the network is known; take memory for it. `kernels` are those of the run: what a policy
   * computes on its own uses their instruction set too. NULL = nothing to do. */
  syn_status (*start)(syn_policy *, const syn_plan *plan, const syn_kernels *kernels, syn_ctx *ctx);
  /* may: the greatest step in one iteration, 1..SYN_ACTION_MAX; NULL = 1. Histories hold signs. */
  int (*max_action)(const syn_policy *);
  /* must: action (n) in -max_action..max_action, before weights move. */
  syn_status (*act)(syn_policy *, const syn_view *view, int8_t *action, syn_ctx *ctx);
  /* may: once per iteration, after the reward; NULL = frozen. */
  syn_status (*learn)(syn_policy *, const syn_transition *step, syn_ctx *ctx);
  /* may: the table behind it; NULL or returning NULL = none. The engine then runs its own kernel
   * instead of `act`, with the same bits, and asks again after each `learn`. */
  const syn_table *(*table)(syn_policy *);
  /* may: wants batch means of unit activity in the view. */
  int (*sees_activity)(const syn_policy *);
  /* may: does without weights in the view; they cost a pass over the network. NULL = wants them. */
  int (*ignores_weights)(const syn_policy *);
  /* may: results by name ("final", "average"), as policy files (CSV); SYN_EINVAL if it has none
   * of that name. */
  syn_status (*save)(const syn_policy *, const char *what, syn_write write, void *self,
                     syn_ctx *ctx);
  /* may: describes what it has learned so far, for checkpoints (base/state.h); NULL = nothing, or,
   * if it learns, that there are no checkpoints. SYN_EINVAL: there are none, and why. */
  syn_status (*state)(syn_policy *, syn_state *state, syn_ctx *ctx);
  void (*close)(syn_policy *);
} syn_policy_class;

struct syn_policy {
  const syn_policy_class *type;
};

void syn_policy_close(syn_policy *policy); /* NULL is fine */

#ifdef __cplusplus
}
#endif

#endif
