/* Epsilon-greedy exploration around any policy: with probability epsilon a synapse takes one of the
 * three actions at random instead of the inner policy's (whose own one is among the three).
 *
 * Epsilon is realised in steps of 1/65536 (numeric/kernels.h). Below three steps one of the
 * actions would never be drawn, so a smaller one is refused, except 0.
 *
 * An inner table that explores by itself (random) composes exactly: both chances together are
 * e + inner * (1 - e). Explore around explore is refused, because both would draw the same
 * numbers where there is no table to compose.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "policies/common.h"
#include "policies/registry.h"
#include "policies/tables/tabular.h"

#define EPSILON_STEP (1.0 / 65536)

enum { EPSILON, EPSILON_END, EPSILON_OVER, INNER };

static int epsilon_moves(const void *args) {
  return ((const syn_value *)args)[EPSILON_OVER].number > 0;
}
static const syn_scope moving = {"an epsilon_over above 0", epsilon_moves};

static const syn_param params[] = {
    [EPSILON] = {SYN_NUMBER("epsilon", "", 0.1, 0, 1,
                            "probability of a random action; 0 or at least 3/65536")},
    [EPSILON_END] = {SYN_NUMBER(
                         "epsilon_end", "", 0, 0, 1,
                         "where epsilon goes, in a straight line, in epsilon_over iterations"),
                     .scope = &moving},
    [EPSILON_OVER] = {SYN_INTEGER("epsilon_over", "iterations", 0, 0, 4e9,
                                  "see epsilon_end; 0: epsilon stays")},
    [INNER] = {SYN_POLICY("inner", "what acts otherwise")},
    {.name = NULL},
};

typedef struct explore {
  syn_policy base;
  syn_policy *inner;
  double epsilon, epsilon_end, epsilon_over;
  uint64_t done;   /* iterations */
  syn_table table; /* the inner one's, with epsilon */
  const syn_kernels
      *kernels; /* of the run; for inner policies without a table, likewise the next two */
  syn_step_table override;
  uint8_t *code; /* (synapses) scratch */
  int8_t *probe; /* (2, synapses) the same; NULL for actions of one size */
  syn_arena arena;
} explore;

static syn_status open_explore(syn_policy **out, const syn_value *args, syn_ctx *ctx) {
  double epsilon = args[EPSILON].number, end = args[EPSILON_END].number;
  double smaller = end > 0 && (epsilon == 0 || end < epsilon) ? end : epsilon;
  if (smaller > 0 && smaller < 3 * EPSILON_STEP)
    return syn_fail(ctx, SYN_EINVAL,
                    "policy 'explore': epsilon = %g is too small to have its effect; it is "
                    "realised in steps of 1/65536 and must be 0 or at least %.2g",
                    smaller, 3 * EPSILON_STEP);
  if (args[INNER].policy->type == &syn_policy_explore)
    return syn_fail(ctx, SYN_EINVAL,
                    "policy 'explore': inner explores already; give one explore with "
                    "epsilon = 1 - (1 - e1) * (1 - e2)");
  explore *p = calloc(1, sizeof *p);
  if (!p)
    return syn_fail_memory(ctx, "a policy");
  p->base.type = &syn_policy_explore;
  p->inner = args[INNER].policy;
  p->epsilon = epsilon;
  p->epsilon_end = end;
  p->epsilon_over = args[EPSILON_OVER].number;
  /* The kernel explores around any table: here one that maps a code, action + 1, to the action. */
  p->override = (syn_step_table){.locals = 3, .action = {-1, 0, 1}};
  *out = &p->base;
  return SYN_OK;
}

static unsigned history_of(const syn_policy *policy) {
  const syn_policy *inner = ((const explore *)policy)->inner;
  return inner->type->history(inner);
}

static int max_action(const syn_policy *policy) {
  const syn_policy *inner = ((const explore *)policy)->inner;
  return inner->type->max_action ? inner->type->max_action(inner) : 1;
}

static double epsilon_now(const explore *p) {
  double done = (double)p->done;
  if (p->epsilon_over == 0)
    return p->epsilon;
  return done >= p->epsilon_over
             ? p->epsilon_end
             : p->epsilon + (p->epsilon_end - p->epsilon) * (done / p->epsilon_over);
}

static syn_status start(syn_policy *policy, const syn_plan *plan, const syn_kernels *kernels,
                        syn_ctx *ctx) {
  explore *p = (explore *)policy;
  syn_arena_close(&p->arena);
  p->done = 0;
  p->kernels = kernels;
  p->code = syn_arena_take(&p->arena, plan->synapses, sizeof *p->code);
  if (max_action(policy) > 1)
    p->probe = syn_arena_take(&p->arena, plan->synapses, 2 * sizeof *p->probe);
  if (!p->code || (max_action(policy) > 1 && !p->probe))
    return syn_fail_memory(ctx, "exploration");
  return p->inner->type->start ? p->inner->type->start(p->inner, plan, kernels, ctx) : SYN_OK;
}

static const syn_table *table_of(syn_policy *policy) {
  explore *p = (explore *)policy;
  const syn_table *inner = p->inner->type->table ? p->inner->type->table(p->inner) : NULL;
  if (!inner)
    return NULL;
  p->table = *inner;
  double epsilon = epsilon_now(p);
  p->table.epsilon = epsilon + inner->epsilon * (1.0 - epsilon);
  return &p->table;
}

/* What the kernel makes of `code` for all. */
static void probe(explore *p, const syn_view *view, int8_t *out, uint8_t code) {
  memset(p->code, code, view->n);
  p->kernels->policy_step(out, p->code, p->code, NULL, &p->override, view->seed, view->iteration,
                          view->n);
}

/* Around actions of several sizes: where the same comes out of +1 as of -1, that is exploration. */
static void explore_sizes(explore *p, const syn_view *view, int8_t *action) {
  int8_t *down = p->probe, *up = down + view->n;
  probe(p, view, down, 0);
  probe(p, view, up, 2);
  for (size_t s = 0; s < view->n; s++)
    action[s] = up[s] == down[s] ? up[s] : action[s];
}

static syn_status act(syn_policy *policy, const syn_view *view, int8_t *action, syn_ctx *ctx) {
  explore *p = (explore *)policy;
  const syn_table *table = table_of(policy);
  if (table) {
    syn_table_act(table, view, action);
    return SYN_OK;
  }
  syn_status status = p->inner->type->act(p->inner, view, action, ctx);
  if (status)
    return status;
  syn_explore_thresholds(p->override.explore, epsilon_now(p));
  if (p->probe) {
    explore_sizes(p, view, action);
    return SYN_OK;
  }
  for (size_t s = 0; s < view->n; s++) {
    assert(action[s] >= -1 && action[s] <= 1);
    p->code[s] = (uint8_t)(action[s] + 1);
  }
  p->kernels->policy_step(action, p->code, p->code, NULL, &p->override, view->seed, view->iteration,
                          view->n);
  return SYN_OK;
}

static syn_status learn(syn_policy *policy, const syn_transition *step, syn_ctx *ctx) {
  explore *p = (explore *)policy;
  p->done++;
  return p->inner->type->learn ? p->inner->type->learn(p->inner, step, ctx) : SYN_OK;
}

static int sees_activity(const syn_policy *policy) {
  const syn_policy *inner = ((const explore *)policy)->inner;
  return inner->type->sees_activity && inner->type->sees_activity(inner);
}

static int ignores_weights(const syn_policy *policy) {
  const syn_policy *inner = ((const explore *)policy)->inner;
  return inner->type->ignores_weights && inner->type->ignores_weights(inner);
}

static syn_status save(const syn_policy *policy, const char *what, syn_write write, void *self,
                       syn_ctx *ctx) {
  const syn_policy *inner = ((const explore *)policy)->inner;
  if (!inner->type->save)
    return syn_fail(ctx, SYN_EINVAL, "policy '%s' has no result '%s': it does not learn",
                    inner->type->name, what);
  return inner->type->save(inner, what, write, self, ctx);
}

static syn_status state(syn_policy *policy, syn_state *s, syn_ctx *ctx) {
  syn_policy *inner = ((explore *)policy)->inner;
  syn_state_piece(s, &((explore *)policy)->done, sizeof(uint64_t));
  if (inner->type->state)
    return inner->type->state(inner, s, ctx);
  return inner->type->learn ? syn_fail(ctx, SYN_EINVAL, "policy '%s' cannot keep what it learns",
                                       inner->type->name)
                            : SYN_OK;
}

static void close_explore(syn_policy *policy) {
  explore *p = (explore *)policy;
  syn_policy_close(p->inner);
  syn_arena_close(&p->arena);
  free(p);
}

const syn_policy_class syn_policy_explore = {
    .abi = SYN_POLICY_ABI,
    .name = "explore",
    .summary = "now and then a random action instead of another policy's",
    .params = params,
    .open = open_explore,
    .history = history_of,
    .start = start,
    .max_action = max_action,
    .act = act,
    .learn = learn,
    .table = table_of,
    .sees_activity = sees_activity,
    .ignores_weights = ignores_weights,
    .save = save,
    .state = state,
    .close = close_explore,
};
