#include "tests/contract/contract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "engine/base/random.h"
#include "policies/tables/qvalues.h"
#include "tests/unit/text.h"

#define ITERATIONS 40
#define GUARD      64 /* bytes before and behind the actions that nobody may touch */
#define UNTOUCHED  0x5a

static void ok(syn_status status, const syn_ctx *ctx) {
  if (status)
    fail_msg("status %d: %s", status, ctx->error);
}

/* ---- what a class says of itself ------------------------------------------------------------- */

static void check_class(const syn_policy_class *class) {
  assert_int_equal(class->abi, SYN_POLICY_ABI);
  assert_true(class->name && class->name[0]);
  assert_true(class->summary && class->summary[0]);
  assert_non_null(class->params);
  for (const syn_param *p = class->params; p->name; p++) {
    contract_check_param(p);
    for (const syn_param *q = class->params; q < p; q++)
      assert_string_not_equal(p->name, q->name);
  }
  assert_true(class->open && class->history && class->act && class->close);
}

/* ---- a made-up network ----------------------------------------------------------------------- */

typedef struct world {
  const syn_plan *plan;
  uint64_t seed;
  size_t n;
  unsigned history, locals;
  uint8_t *local, *after;    /* (n) */
  int8_t *guarded[2], *last; /* (GUARD + n + GUARD) actions of two instances; (n) */
  int8_t *expected;          /* (n) */
  uint8_t *scratch;          /* (n) */
  unsigned reward_code;
  int8_t reward;
  syn_layer_view layer[SYN_GROUPS_MAX];
  syn_arena arena;
} world;

static void *take(world *w, size_t count, size_t size) {
  void *piece = syn_arena_take(&w->arena, count, size);
  assert_non_null(piece);
  return piece;
}

static float *random_floats(world *w, size_t n, uint32_t major) {
  float *x = take(w, n, sizeof *x);
  for (size_t i = 0; i < n; i++)
    x[i] = 2.0f * syn_random_uniform(w->seed, SYN_STREAM_POINTS, major, i) - 1.0f;
  return x;
}

static void open_world(world *w, const syn_policy *policy) {
  w->n = w->plan->synapses;
  w->history = policy->type->history(policy);
  assert_true(w->history <= SYN_HISTORY_MAX);
  w->locals = 1;
  for (unsigned i = 0; i < w->history; i++)
    w->locals *= 3;
  w->local = take(w, w->n, 1);
  w->after = take(w, w->n, 1);
  w->last = take(w, w->n, 1);
  w->expected = take(w, w->n, 1);
  w->scratch = take(w, w->n, 1);
  for (int i = 0; i < 2; i++) {
    w->guarded[i] = take(w, w->n + 2 * GUARD, 1);
    memset(w->guarded[i], UNTOUCHED, w->n + 2 * GUARD);
  }
  w->reward_code = syn_history_zero(w->locals);
  memset(w->local, (int)w->reward_code, w->n);
  int activity = policy->type->sees_activity && policy->type->sees_activity(policy);
  const float *weights = random_floats(w, w->n, 0);
  for (size_t l = 0; l < w->plan->groups; l++) {
    size_t first = w->plan->group[l].first, in = w->plan->group[l].inputs;
    const float *pre = activity ? random_floats(w, in, 1 + (uint32_t)l) : NULL;
    const float *post =
        activity ? random_floats(w, w->plan->group[l].units, 2 + (uint32_t)l) : NULL;
    w->layer[l] = (syn_layer_view){first, in, w->plan->group[l].units, weights + first, pre, post};
  }
}

static syn_view view_of(const world *w, uint32_t iteration) {
  return (syn_view){.seed = w->seed,
                    .iteration = iteration,
                    .n = w->n,
                    .history = w->history,
                    .locals = w->locals,
                    .local = w->local,
                    .reward_code = w->reward_code,
                    .reward = w->reward,
                    .value = w->reward,
                    .loss = 1.0 / (1 + iteration),
                    .loss_change = -0.01 * w->reward,
                    .last = w->last,
                    .layers = w->plan->groups,
                    .layer = w->layer};
}

static int max_action_of(const syn_policy *policy) {
  return policy->type->max_action ? policy->type->max_action(policy) : 1;
}

/* ---- acting ---------------------------------------------------------------------------------- */

static void check_actions(const world *w, const int8_t *guarded, int max_action) {
  for (size_t i = 0; i < GUARD; i++) {
    assert_int_equal(guarded[i], UNTOUCHED);
    assert_int_equal(guarded[GUARD + w->n + i], UNTOUCHED);
  }
  for (size_t s = 0; s < w->n; s++)
    assert_in_range(guarded[GUARD + s] + max_action, 0, 2 * max_action);
}

static void check_table(const world *w, const syn_table *table) {
  size_t states = syn_states(w->history);
  int max_action = table->two_sizes ? 2 : 1;
  assert_false(table->two_sizes && table->stochastic);
  assert_int_equal(table->history, w->history);
  assert_int_equal(table->locals, w->locals);
  assert_true(table->epsilon >= 0.0 && table->epsilon <= 1.0);
  for (size_t s = 0; s < states; s++) {
    assert_in_range(table->action[s] + max_action, 0, 2 * max_action);
    assert_false(table->no_null && table->action[s] == 0);
    if (table->stochastic)
      assert_true(table->low[s] <= table->high[s] && table->high[s] <= 65536);
  }
}

/* The definition in numeric/kernels.h, word by word. */
static int8_t defined_action(const world *w, const syn_table *table, uint32_t iteration, size_t s) {
  size_t state = (size_t)w->reward_code * w->locals + w->local[s];
  uint32_t v = syn_synapse_bits(w->seed, SYN_STREAM_POLICY, iteration, s);
  uint32_t u = syn_synapse_bits(w->seed, SYN_STREAM_EXPLORE, iteration, s), explore[3];
  syn_table_explore(explore, table);
  if (u < explore[2] && table->two_sizes) /* five equal parts, lowest action first */
    return (int8_t)(u * 5 / explore[2]) - 2;
  if (u < explore[2])
    return u < explore[0] ? -1 : u < explore[1] ? 0 : 1;
  if (table->stochastic)
    return v < table->low[state] ? -1 : v < table->high[state] ? 0 : 1;
  return table->action[state];
}

/* What the engine's kernels do with the table, and what `act` did. */
static void check_kernels(world *w, const syn_table *table, uint32_t iteration,
                          const int8_t *action) {
  syn_step_table step = {.locals = w->locals, .stochastic = table->stochastic};
  size_t first = (size_t)w->reward_code * w->locals;
  memcpy(step.action, table->action + first, w->locals);
  if (table->stochastic) {
    memcpy(step.low, table->low + first, w->locals * sizeof *step.low);
    memcpy(step.high, table->high + first, w->locals * sizeof *step.high);
  }
  syn_table_explore(step.explore, table);
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (const char **isa = offered; *isa && !table->two_sizes; isa++) {
    const syn_kernels *kernels;
    syn_ctx ctx = {0};
    ok(syn_kernels_get(&kernels, *isa, &ctx), &ctx);
    kernels->policy_step(w->expected, w->scratch, w->local, NULL, &step, w->seed, iteration, w->n);
    assert_memory_equal(action, w->expected, w->n);
  }
  for (size_t s = 0; s < w->n; s++)
    assert_int_equal(action[s], defined_action(w, table, iteration, s));
}

/* ---- learning -------------------------------------------------------------------------------- */

typedef struct contents {
  uint64_t version;
  int8_t *action;
  uint32_t *low, *high; /* zeros if the table is not stochastic */
} contents;

static contents copy_of(const syn_table *table, size_t states) {
  contents c = {table->version, calloc(states, 1), calloc(states, 4), calloc(states, 4)};
  assert_true(c.action && c.low && c.high);
  memcpy(c.action, table->action, states);
  if (table->stochastic) {
    memcpy(c.low, table->low, 4 * states);
    memcpy(c.high, table->high, 4 * states);
  }
  return c;
}

static void drop(contents *c) {
  free(c->action);
  free(c->low);
  free(c->high);
}

static const syn_table *table_of(syn_policy *policy) {
  return policy->type->table ? policy->type->table(policy) : NULL;
}

static void learn(syn_policy *policy, const syn_transition *step) {
  syn_ctx ctx = {0};
  if (!policy->type->learn)
    return;
  const syn_table *table = table_of(policy);
  if (!table) {
    ok(policy->type->learn(policy, step, &ctx), &ctx);
    return;
  }
  size_t states = (size_t)step->locals * step->locals;
  contents before = copy_of(table, states);
  ok(policy->type->learn(policy, step, &ctx), &ctx);
  assert_non_null(table = table_of(policy)); /* once a table, always a table */
  contents after = copy_of(table, states);
  if (memcmp(before.action, after.action, states) || memcmp(before.low, after.low, 4 * states) ||
      memcmp(before.high, after.high, 4 * states))
    assert_true(before.version != after.version);
  drop(&before);
  drop(&after);
}

/* ---- results --------------------------------------------------------------------------------- */

static void check_result(const syn_policy *policy, const char *what) {
  syn_ctx ctx = {0};
  test_text text = {0}, again = {0};
  syn_status status = policy->type->save(policy, what, test_append, &text, &ctx);
  if (status == SYN_EINVAL) { /* it has none of that name */
    assert_true(ctx.error[0] && text.n == 0);
    return;
  }
  ok(status, &ctx);
  ok(policy->type->save(policy, what, test_append, &again, &ctx), &ctx);
  assert_string_equal(text.bytes, again.bytes);
  double *q;
  unsigned history, actions;
  ok(syn_qvalues_parse(&q, &history, &actions, text.bytes, what, &ctx), &ctx);
  assert_int_equal(history, policy->type->history(policy));
  free(q);
  free(text.bytes);
  free(again.bytes);
}

static void check_results(const syn_policy *policy) {
  if (!policy->type->save)
    return;
  check_result(policy, "final");
  check_result(policy, "average");
  syn_ctx ctx = {0};
  test_text none = {0};
  assert_int_equal(policy->type->save(policy, "no such result", test_append, &none, &ctx),
                   SYN_EINVAL);
  assert_true(ctx.error[0] && none.n == 0);
}

/* ---- the check ------------------------------------------------------------------------------- */

static void one_iteration(world *w, syn_policy *policy[2], uint32_t iteration) {
  syn_view view = view_of(w, iteration);
  int8_t *action = w->guarded[0] + GUARD;
  for (int i = 0; i < 2; i++) {
    syn_ctx ctx = {0};
    ok(policy[i]->type->act(policy[i], &view, w->guarded[i] + GUARD, &ctx), &ctx);
    check_actions(w, w->guarded[i], max_action_of(policy[i]));
  }
  assert_memory_equal(action, w->guarded[1] + GUARD, w->n);
  const syn_table *table = table_of(policy[0]);
  if (table) {
    check_table(w, table);
    check_kernels(w, table, iteration, action);
  }
  for (size_t s = 0; s < w->n; s++)
    w->after[s] = syn_history_shift(w->local[s], syn_history_symbol(action[s]), w->locals);
  w->reward = syn_random_bits(w->seed, SYN_STREAM_BATCH, 0, iteration) & 1 ? 1 : -1;
  unsigned code = syn_history_shift((uint8_t)w->reward_code, w->reward, w->locals);
  syn_transition step = {w->seed,        iteration, w->n,   w->locals, w->local,  w->after,
                         w->reward_code, code,      action, w->reward, w->reward, 1,
                         -0.01};
  learn(policy[0], &step);
  learn(policy[1], &step);
  memcpy(w->local, w->after, w->n);
  memcpy(w->last, action, w->n);
  w->reward_code = code;
}

static void play(syn_policy *(*make)(void *self), void *self, const syn_plan *plan, uint64_t seed) {
  syn_policy *policy[2] = {make(self), make(self)};
  world w = {.plan = plan, .seed = seed};
  open_world(&w, policy[0]);
  for (int i = 0; i < 2; i++) {
    syn_ctx ctx = {0};
    if (policy[i]->type->start)
      ok(policy[i]->type->start(policy[i], plan, best_kernels(), &ctx), &ctx);
  }
  for (uint32_t t = 0; t < ITERATIONS; t++)
    one_iteration(&w, policy, t);
  check_results(policy[0]);
  for (int i = 0; i < 2; i++)
    policy[i]->type->close(policy[i]);
  syn_arena_close(&w.arena);
}

void contract_check(syn_policy *(*make)(void *self), void *self) {
  syn_policy *policy = make(self);
  assert_non_null(policy);
  check_class(policy->type);
  policy->type->close(policy);
  /* 179 synapses: more than a block of 128, and no multiple of anything. */
  syn_plan two = {0}, tiny = {0};
  syn_plan_add(&two, 12, 11);
  syn_plan_add(&two, 11, 3);
  syn_plan_add(&tiny, 1, 1);
  play(make, self, &two, 1);
  play(make, self, &tiny, 0xfedcba9876543210u);
}
