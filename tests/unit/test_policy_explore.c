/* Exploration around every policy, and what changes nothing and is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "engine/base/random.h"
#include "tests/contract/contract.h"
#include "tests/unit/policies.h"

/* A policy without a table that shows what it was asked for. */
typedef struct spy {
  syn_policy base;
  int *calls; /* (4) start, act, learn, close */
} spy;

static unsigned spy_history(const syn_policy *policy) {
  return policy ? 2 : 0;
}
static int spy_sees(const syn_policy *policy) {
  return policy != NULL;
}

static syn_status spy_start(syn_policy *policy, const syn_plan *plan, const syn_kernels *kernels,
                            syn_ctx *ctx) {
  (void)kernels;
  (void)plan;
  (void)ctx;
  ((spy *)policy)->calls[0]++;
  return SYN_OK;
}

static syn_status spy_act(syn_policy *policy, const syn_view *view, int8_t *action, syn_ctx *ctx) {
  (void)ctx;
  ((spy *)policy)->calls[1]++;
  for (size_t s = 0; s < view->n; s++)
    action[s] = (int8_t)((int)((s + view->iteration) % 3) - 1);
  return SYN_OK;
}

static syn_status spy_learn(syn_policy *policy, const syn_transition *step, syn_ctx *ctx) {
  (void)step;
  (void)ctx;
  ((spy *)policy)->calls[2]++;
  return SYN_OK;
}

static syn_status spy_save(const syn_policy *policy, const char *what, syn_write write, void *self,
                           syn_ctx *ctx) {
  static const double q[243] = {1, 2, 3};
  (void)policy;
  if (strcmp(what, "final") != 0)
    return syn_fail(ctx, SYN_EINVAL, "the spy has only final");
  syn_qvalues_write(q, 2, 3, write, self);
  return SYN_OK;
}

static void spy_close(syn_policy *policy) {
  ((spy *)policy)->calls[3]++;
  free(policy);
}

static syn_status spy_open(syn_policy **out, const syn_value *args, syn_ctx *ctx) {
  (void)args;
  *out = NULL;
  return syn_fail(ctx, SYN_EINVAL, "spies are made, not opened");
}

static syn_policy *make_spy(int calls[4]) {
  static const syn_param none[] = {{.name = NULL}};
  static const syn_policy_class class = {.abi = SYN_POLICY_ABI,
                                         .name = "spy",
                                         .summary = "shows what it was asked for",
                                         .params = none,
                                         .open = spy_open,
                                         .history = spy_history,
                                         .start = spy_start,
                                         .act = spy_act,
                                         .learn = spy_learn,
                                         .sees_activity = spy_sees,
                                         .save = spy_save,
                                         .close = spy_close};
  spy *policy = malloc(sizeof *policy);
  assert_non_null(policy);
  *policy = (spy){{&class}, calls};
  return &policy->base;
}

static syn_policy *make_explored_spy(void *calls) {
  return OPEN("explore", NUMBER("epsilon", 0.3), POLICY("inner", make_spy(calls)));
}

static void explore_forwards(void **state) {
  (void)state;
  int calls[4] = {0};
  syn_policy *policy = make_explored_spy(calls);
  const syn_policy_class *class = policy->type;
  assert_int_equal(class->history(policy), 2);
  assert_true(class->sees_activity(policy));
  assert_null(class->table(policy));
  syn_plan plan = {0};
  syn_plan_add(&plan, 3, 2);
  syn_ctx ctx = {0};
  assert_int_equal(class->start(policy, &plan, best_kernels(), &ctx), SYN_OK);
  int8_t action[8];
  uint8_t local[8] = {0};
  syn_view view = {.n = 8, .history = 2, .locals = 9, .local = local};
  assert_int_equal(class->act(policy, &view, action, &ctx), SYN_OK);
  assert_int_equal(class->learn(policy, &(syn_transition){.n = 0}, &ctx), SYN_OK);
  double *q = result_of(policy, "final");
  assert_true(q[0] == 1 && q[1] == 2 && q[2] == 3);
  free(q);
  assert_int_equal(class->save(policy, "average", test_append, NULL, &ctx), SYN_EINVAL);
  assert_string_equal(ctx.error, "the spy has only final");
  class->close(policy);
  const int once[4] = {1, 1, 1, 1};
  assert_memory_equal(calls, once, sizeof once);
  contract_check(make_explored_spy, calls);

  policy = OPEN("explore", POLICY("inner", OPEN("table", TEXT("csv", table_1))));
  assert_false(policy->type->sees_activity(policy));
  assert_int_equal(policy->type->save(policy, "final", test_append, NULL, &ctx), SYN_EINVAL);
  assert_string_equal(ctx.error, "policy 'table' has no result 'final': it does not learn");
  syn_policy_close(policy);
}

/* Actions of 999 synapses with random histories, by `act`. */
#define MANY 999
static void act_of(syn_policy *policy, uint32_t iteration, int8_t action[MANY]) {
  syn_plan plan = {0};
  syn_plan_add(&plan, MANY - 1, 1);
  syn_ctx ctx = {0};
  uint8_t local[MANY];
  unsigned history = policy->type->history(policy), locals = 1;
  for (unsigned i = 0; i < history; i++)
    locals *= 3;
  for (size_t s = 0; s < MANY; s++)
    local[s] = (uint8_t)(syn_random_bits(5, SYN_STREAM_RULE, iteration, s) % locals);
  syn_view view = {.seed = 42,
                   .iteration = iteration,
                   .n = MANY,
                   .history = history,
                   .locals = locals,
                   .local = local,
                   .reward_code = iteration % locals};
  if (policy->type->start)
    assert_int_equal(policy->type->start(policy, &plan, best_kernels(), &ctx), SYN_OK);
  assert_int_equal(policy->type->act(policy, &view, action, &ctx), SYN_OK);
}

static void certain_exploration_is_random(void **state) {
  (void)state;
  int calls[4] = {0};
  syn_policy *inner[] = {OPEN("qtable", NUMBER("history", 5)), OPEN("table", TEXT("csv", table_1)),
                         OPEN("table", TEXT("csv", table_1), TEXT("tie_break", "random")),
                         open_policy("random", NULL, 0), make_spy(calls)};
  syn_policy *random_policy = open_policy("random", NULL, 0);
  size_t count[3] = {0};
  for (size_t i = 0; i < 5; i++) {
    syn_policy *policy = OPEN("explore", NUMBER("epsilon", 1), POLICY("inner", inner[i]));
    for (uint32_t t = 0; t < 10; t++) {
      int8_t wanted[MANY], action[MANY];
      act_of(random_policy, t, wanted);
      act_of(policy, t, action);
      assert_memory_equal(action, wanted, MANY);
      for (size_t s = 0; s < MANY && i == 0; s++)
        count[wanted[s] + 1]++;
    }
    syn_policy_close(policy);
  }
  for (int a = 0; a < 3; a++) /* 3330 expected, sd 47 */
    assert_in_range(count[a], 3330 - 4 * 47, 3330 + 4 * 47);
  syn_policy_close(random_policy);
}

/* By the definition: u < explore[2] acts at random, else the inner policy does. */
static void some_exploration(void **state) {
  (void)state;
  const double epsilons[] = {0, 3.0 / 65536, 0.1, 0.25, 0.999};
  for (size_t e = 0; e < 5; e++) {
    int calls[4] = {0};
    syn_policy *inner[2] = {OPEN("table", TEXT("csv", table_1)), make_spy(calls)};
    uint32_t bound[3];
    syn_explore_thresholds(bound, epsilons[e]);
    for (size_t i = 0; i < 2; i++) {
      int8_t plain[4][MANY], action[MANY];
      for (uint32_t t = 0; t < 4; t++)
        act_of(inner[i], t, plain[t]);
      syn_policy *policy =
          OPEN("explore", NUMBER("epsilon", epsilons[e]), POLICY("inner", inner[i]));
      for (uint32_t t = 0; t < 4; t++) {
        act_of(policy, t, action);
        for (size_t s = 0; s < MANY; s++) {
          uint32_t u = syn_synapse_bits(42, SYN_STREAM_EXPLORE, t, s);
          int wanted = u >= bound[2] ? plain[t][s] : u < bound[0] ? -1 : u < bound[1] ? 0 : 1;
          assert_int_equal(action[s], wanted);
        }
      }
      syn_policy_close(policy);
    }
  }
}

/* Two chances to explore are one: 0.25 + 1 * 0.75, the number that random has already. */
static void exploration_around_random(void **state) {
  (void)state;
  syn_policy *policy =
      OPEN("explore", NUMBER("epsilon", 0.25), POLICY("inner", open_policy("random", NULL, 0)));
  assert_true(policy->type->table(policy)->epsilon == 1.0);
  syn_policy_close(policy);
}

static void refused_exploration(void **state) {
  (void)state;
  syn_ctx ctx = {0};
  syn_policy *table = OPEN("table", TEXT("csv", table_1)), *policy;
  syn_arg args[2] = {NUMBER("epsilon", 2.9 / 65536), POLICY("inner", table)};
  assert_int_equal(syn_policy_open(&policy, "explore", args, 2, &ctx), SYN_EINVAL);
  assert_null(policy);
  assert_string_equal(ctx.error, "policy 'explore': epsilon = 4.42505e-05 is too small to have its "
                                 "effect; it is realised in steps of 1/65536 and must be 0 or at "
                                 "least 4.6e-05");
  /* Refused arguments are still the caller's: `table` goes into the next one. */
  args[1].policy = OPEN("explore", POLICY("inner", table));
  args[0].number = 0.5;
  assert_int_equal(syn_policy_open(&policy, "explore", args, 2, &ctx), SYN_EINVAL);
  assert_string_equal(ctx.error, "policy 'explore': inner explores already; give one explore with "
                                 "epsilon = 1 - (1 - e1) * (1 - e2)");
  syn_policy_close(args[1].policy);
}

/* What changes nothing is not taken in silence, or a sweep over it would show "no difference". */
static void refused_without_effect(void **state) {
  (void)state;
  syn_ctx ctx = {0};
  syn_policy *policy, *table = OPEN("table", TEXT("csv", table_1));
  syn_arg explore[] = {NUMBER("epsilon_end", 0.05), POLICY("inner", table),
                       NUMBER("epsilon_over", 0)};
  assert_int_equal(syn_policy_open(&policy, "explore", explore, 3, &ctx), SYN_EINVAL);
  assert_non_null(strstr(
      ctx.error, "epsilon_end = 0.05 has no effect here: it belongs to an epsilon_over above 0"));
  explore[2].number = 100;
  assert_int_equal(syn_policy_open(&policy, "explore", explore, 3, &ctx), SYN_OK);
  syn_policy_close(policy);
  syn_arg rate = NUMBER("rate_end", 0.001);
  assert_int_equal(syn_policy_open(&policy, "qtable", &rate, 1, &ctx), SYN_EINVAL);
  assert_non_null(
      strstr(ctx.error, "rate_end = 0.001 has no effect here: it belongs to a rate_over above 0"));
  syn_arg start[] = {TEXT("csv", table_1), NUMBER("initial", 1)};
  assert_int_equal(syn_policy_open(&policy, "qtable", start, 2, &ctx), SYN_EINVAL);
  assert_non_null(
      strstr(ctx.error, "initial = 1 has no effect here: it belongs to a policy without a csv"));
  syn_arg history[] = {TEXT("csv", table_1), NUMBER("history", 2)};
  assert_int_equal(syn_policy_open(&policy, "qtable", history, 2, &ctx), SYN_EINVAL);
  assert_non_null(strstr(ctx.error, "history = 2 has no effect beside a csv, which has history 1"));
  history[1].number = 1; /* so it is */
  assert_int_equal(syn_policy_open(&policy, "qtable", history, 2, &ctx), SYN_OK);
  syn_policy_close(policy);
  assert_int_equal(syn_policy_open(&policy, "qtable", history, 1, &ctx), SYN_OK);
  syn_policy_close(policy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(explore_forwards),    cmocka_unit_test(certain_exploration_is_random),
      cmocka_unit_test(some_exploration),    cmocka_unit_test(exploration_around_random),
      cmocka_unit_test(refused_exploration), cmocka_unit_test(refused_without_effect),
  };
  return cmocka_run_group_tests_name("explore", tests, NULL, NULL);
}
