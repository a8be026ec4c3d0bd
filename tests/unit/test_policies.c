/* The C policies: Q-learning against numbers worked by hand and against a plain twin, averages,
 * exploration, and what the registry refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "policies/tables/qvalues.h"
#include "policies/registry.h"
#include "tests/contract/contract.h"
#include "tests/unit/text.h"

#define NUMBER(n, x) ((syn_arg){.name = n, .kind = SYN_ARG_NUMBER, .number = x})
#define TEXT(n, x)   ((syn_arg){.name = n, .kind = SYN_ARG_TEXT, .text = x})
#define POLICY(n, x) ((syn_arg){.name = n, .kind = SYN_ARG_POLICY, .policy = x})
#define OPEN(name, ...)                                                                            \
  open_policy(name, (syn_arg[]){__VA_ARGS__}, sizeof((syn_arg[]){__VA_ARGS__}) / sizeof(syn_arg))

static const char table_1[] = "a_newer,r_newer,q_dec,q_null,q_inc\n"
                              "-1,-1,0,0,0\n0,-1,1,0,0\n1,-1,0,1,0\n-1,0,0,0,1\n0,0,1,1,0\n"
                              "1,0,1,0,1\n-1,1,0,1,1\n0,1,1,2,3\n1,1,3,2,1\n";

static syn_policy *open_policy(const char *name, const syn_arg *args, size_t n) {
  syn_policy *policy;
  syn_ctx ctx = {0};
  if (syn_policy_open(&policy, name, args, n, &ctx))
    fail_msg("%s", ctx.error);
  return policy;
}

/* A result as numbers; the caller frees. */
static double *result_of(const syn_policy *policy, const char *what) {
  test_text text = {0};
  syn_ctx ctx = {0};
  double *q = NULL;
  unsigned history;
  if (policy->type->save(policy, what, test_append, &text, &ctx) ||
      syn_qvalues_parse(&q, &history, NULL, text.bytes, what, &ctx))
    fail_msg("%s", ctx.error);
  free(text.bytes);
  return q;
}

/* ---- Q-learning ------------------------------------------------------------------------------ */

/* One iteration with history 1, after a reward and again with a reward, for synapses whose last
 * action and action are given. States: reward code 2 * 3 + local, so 6, 7, 8 for -1, 0, 1. */
static void rewarded_twice(syn_policy *policy, const int8_t *last, const int8_t *action, size_t n) {
  uint8_t before[8], after[8];
  for (size_t s = 0; s < n; s++) {
    before[s] = (uint8_t)(last[s] + 1);
    after[s] = (uint8_t)(action[s] + 1);
  }
  syn_transition step = {1, 0, n, 3, before, after, 2, 2, action, 1, 1, 0, 0};
  assert_int_equal(policy->type->learn(policy, &step, NULL), SYN_OK);
}

/* Three synapses, rate = discount = 1/2, R = 1, Q = 0 before:
 *   A  was at 0, increments: s = 7, s' = 8
 *   B  incremented, rests:   s = 8, s' = 7
 *   C  as A
 * In place, A B C:  A  Q(7,+) = 0 + (1 + 0/2 - 0)/2             = 0.5
 *                   B  Q(8,0) = 0 + (1 + 0.5/2 - 0)/2           = 0.625
 *                   C  Q(7,+) = 0.5 + (1 + 0.625/2 - 0.5)/2     = 0.90625
 * In place, B A C:  Q(8,0) = 0.5; Q(7,+) = (1 + 0.5/2)/2 = 0.625, + (1.25 - 0.625)/2 = 0.9375
 * Synchronous:      Q(8,0) = 0.5; Q(7,+) = 0.5, + (1 - 0.5)/2 = 0.75, in any order */
static void updates_by_hand(void **state) {
  (void)state;
  static const struct by_hand {
    const char *order;
    int8_t last[3], action[3];
    double q7_inc, q8_null;
  } cases[] = {
      {"in_place", {0, 1, 0}, {1, 0, 1}, 0.90625, 0.625},
      {"in_place", {1, 0, 0}, {0, 1, 1}, 0.9375, 0.5},
      {"synchronous", {0, 1, 0}, {1, 0, 1}, 0.75, 0.5},
      {"synchronous", {1, 0, 0}, {0, 1, 1}, 0.75, 0.5},
  };
  for (size_t c = 0; c < 4; c++) {
    syn_policy *policy = OPEN("qtable", NUMBER("history", 1), NUMBER("rate", 0.5),
                              NUMBER("discount", 0.5), TEXT("order", cases[c].order));
    uint64_t version = policy->type->table(policy)->version;
    rewarded_twice(policy, cases[c].last, cases[c].action, 3);
    const syn_table *table = policy->type->table(policy);
    assert_true(table->version != version);
    /* Greedy: states 7 and 8 have learned, all others still tie and decrement. */
    const int8_t greedy[9] = {-1, -1, -1, -1, -1, -1, -1, 1, 0};
    assert_memory_equal(table->action, greedy, 9);
    double *q = result_of(policy, "final");
    double wanted[27] = {[7 * 3 + 2] = cases[c].q7_inc, [8 * 3 + 1] = cases[c].q8_null};
    assert_memory_equal(q, wanted, sizeof wanted);
    free(q);
    syn_policy_close(policy);
  }
}

/* Two sizes: history 0, one state, rate = discount = 1/2, R = 1, Q = 0 before. Actions 2, 2, -1:
 * Q(2) = (1 + 0/2)/2 = 0.5, then 0.5 + (1 + 0.5/2 - 0.5)/2 = 0.875; Q(-1) = (1 + 0.875/2)/2. */
static void five_by_hand(void **state) {
  (void)state;
  const uint8_t local[3] = {0};
  const int8_t action[3] = {2, 2, -1};
  syn_policy *policy = OPEN("qtable", NUMBER("history", 0), NUMBER("rate", 0.5),
                            NUMBER("discount", 0.5), TEXT("actions", "five"));
  syn_transition step = {1, 0, 3, 1, local, local, 0, 0, action, 1, 1, 0, 0};
  assert_int_equal(policy->type->table(policy)->action[0], -2);
  assert_int_equal(policy->type->learn(policy, &step, NULL), SYN_OK);
  assert_int_equal(policy->type->table(policy)->action[0], 2);
  test_text text = {0};
  assert_int_equal(policy->type->save(policy, "final", test_append, &text, NULL), SYN_OK);
  assert_string_equal(text.bytes, "q_dec2,q_dec,q_null,q_inc,q_inc2\n0,0.71875,0,0,0.875\n");
  syn_policy *frozen = OPEN("table", TEXT("csv", text.bytes));
  assert_true(frozen->type->table(frozen)->two_sizes);
  assert_int_equal(frozen->type->table(frozen)->action[0], 2);
  free(text.bytes);
  syn_policy_close(frozen);
  syn_policy_close(policy);
}

/* Random actions come from the inner policy's, each equally often (6 standard errors). */
static void exploration_draws_from_the_inner_actions(void **state) {
  (void)state;
  enum { N = 40000 };
  static const char *const sets[] = {"three", "two", "five"};
  static const double chance[3][5] = {
      {0, 1. / 3, 1. / 3, 1. / 3, 0}, {0, 0.5, 0, 0.5, 0}, {0.2, 0.2, 0.2, 0.2, 0.2}};
  static uint8_t local[N];
  static int8_t action[N];
  for (size_t set = 0; set < 3; set++) {
    syn_policy *inner = OPEN("qtable", NUMBER("history", 0), TEXT("actions", sets[set]));
    syn_policy *policy = OPEN("explore", NUMBER("epsilon", 1), POLICY("inner", inner));
    syn_view view = {.seed = 7, .n = N, .locals = 1, .local = local};
    assert_int_equal(policy->type->act(policy, &view, action, NULL), SYN_OK);
    double count[5] = {0};
    for (size_t s = 0; s < N; s++)
      count[action[s] + 2]++;
    for (size_t a = 0; a < 5; a++)
      assert_true(fabs(count[a] / N - chance[set][a]) <=
                  6 * sqrt(chance[set][a] * (1 - chance[set][a]) / N));
    syn_policy_close(policy);
  }
}

/* Random iterations, and a twin that computes equation (6) with nothing cached. */
typedef struct twin {
  unsigned locals;
  size_t entries;
  double rate, discount, *q, *sum;
  uint8_t before[50], after[50];
  int8_t action[50];
  unsigned code;
} twin;
#define TWIN_SYNAPSES 50

static double *entry_of(twin *t, unsigned code, unsigned local, int action) {
  return &t->q[3 * (code * t->locals + local) + (unsigned)(action + 1)];
}

static double greatest(twin *t, unsigned code, unsigned local) {
  double *row = entry_of(t, code, local, -1);
  return fmax(fmax(row[0], row[1]), row[2]);
}

static void twin_in_place(twin *t, int reward, unsigned code) {
  for (int s = 0; s < TWIN_SYNAPSES; s++) {
    double *q = entry_of(t, t->code, t->before[s], t->action[s]);
    *q = *q + t->rate * ((reward + t->discount * greatest(t, code, t->after[s])) - *q);
  }
}

/* From the counts of distinct transitions alone, as a rule in Lua gets them. */
static void twin_synchronous(twin *t, int reward, unsigned code) {
  double target[243][3];
  for (unsigned h = 0; h < t->locals; h++)
    for (int a = -1; a <= 1; a++) {
      unsigned after = syn_history_shift((uint8_t)h, (int8_t)a, t->locals);
      target[h][a + 1] = reward + t->discount * greatest(t, code, after);
    }
  for (unsigned h = t->locals; h-- > 0;)
    for (int a = 1; a >= -1; a--) {
      int count = 0;
      for (int s = 0; s < TWIN_SYNAPSES; s++)
        count += t->before[s] == h && t->action[s] == a;
      double *q = entry_of(t, t->code, h, a);
      while (count-- > 0)
        *q = *q + t->rate * (target[h][a + 1] - *q);
    }
}

static void compare_with_twin(unsigned history, const char *order, uint32_t iterations,
                              uint32_t average_after) {
  twin t = {.locals = 1, .rate = 0.01, .discount = 0.9};
  for (unsigned i = 0; i < history; i++)
    t.locals *= 3;
  t.entries = 3 * (size_t)t.locals * t.locals;
  t.code = syn_history_zero(t.locals);
  memset(t.before, (int)t.code, sizeof t.before);
  t.q = calloc(t.entries, sizeof *t.q);
  t.sum = calloc(t.entries, sizeof *t.sum);
  assert_true(t.q && t.sum);
  syn_policy *policy = OPEN("qtable", NUMBER("history", history), TEXT("order", order),
                            NUMBER("average_after", average_after));
  for (uint32_t i = 0; i < iterations; i++) {
    for (size_t s = 0; s < TWIN_SYNAPSES; s++) {
      t.action[s] = (int8_t)((int)(syn_random_bits(3, SYN_STREAM_RULE, i, s) % 3) - 1);
      t.after[s] = syn_history_shift(t.before[s], t.action[s], t.locals);
    }
    int8_t reward = syn_random_bits(3, SYN_STREAM_BATCH, i, 0) & 1 ? 1 : -1;
    unsigned code = syn_history_shift((uint8_t)t.code, reward, t.locals);
    syn_transition step = {3,    i,        TWIN_SYNAPSES, t.locals, t.before, t.after, t.code,
                           code, t.action, reward,        reward,   0,        0};
    assert_int_equal(policy->type->learn(policy, &step, NULL), SYN_OK);
    (strcmp(order, "in_place") == 0 ? twin_in_place : twin_synchronous)(&t, reward, code);
    memcpy(t.before, t.after, sizeof t.before);
    t.code = code;
    for (size_t e = 0; e < t.entries && i >= average_after; e++)
      t.sum[e] += t.q[e];
  }
  double *final = result_of(policy, "final"), *average = result_of(policy, "average");
  assert_memory_equal(final, t.q, t.entries * sizeof *t.q);
  for (size_t e = 0; e < t.entries; e++)
    assert_true(fabs(average[e] - t.sum[e] / (iterations - average_after)) < 1e-13);
  syn_policy_close(policy);
  free(average);
  free(final);
  free(t.sum);
  free(t.q);
}

static void learns_like_its_twin(void **state) {
  (void)state;
  for (unsigned history = 0; history <= 3; history++) {
    compare_with_twin(history, "in_place", 200, 50);
    compare_with_twin(history, "synchronous", 200, 50);
  }
  compare_with_twin(2, "in_place", 100, 0);
  compare_with_twin(2, "in_place", 100, 99);
  compare_with_twin(5, "synchronous", 20, 7);
}

/* Without history there is one state. One synapse, rate 1/2, discount 0:
 *   t = 1  increments, R = 1    Q(+) = 0.5
 *   t = 2  increments, R = -1   Q(+) = 0.5 + (-1 - 0.5)/2 = -0.25
 *   t = 3  rests, R = 1         Q(0) = 0.5
 * Means over t = 2, 3: Q(0) = (0 + 0.5)/2 = 0.25, Q(+) = -0.25. */
static void average_by_hand(void **state) {
  (void)state;
  syn_policy *policy = OPEN("qtable", NUMBER("history", 0), NUMBER("rate", 0.5),
                            NUMBER("discount", 0), NUMBER("average_after", 1));
  const int8_t action[3] = {1, 1, 0}, reward[3] = {1, -1, 1};
  const uint8_t local = 0;
  for (uint32_t i = 0; i < 3; i++) {
    syn_transition step = {1, i,          1,         1,         &local, &local, 0,
                           0, &action[i], reward[i], reward[i], 0,      0};
    assert_int_equal(policy->type->learn(policy, &step, NULL), SYN_OK);
    if (i == 0) {
      syn_ctx ctx = {0};
      test_text none = {0};
      assert_int_equal(policy->type->save(policy, "average", test_append, &none, &ctx), SYN_EINVAL);
      assert_string_equal(ctx.error, "policy 'qtable' has no average: it learned for 1 iterations, "
                                     "and average_after is 1");
    }
  }
  for (int twice = 0; twice < 2; twice++) { /* saving changes nothing */
    double *average = result_of(policy, "average"), *final = result_of(policy, "final");
    assert_true(average[0] == 0 && average[1] == 0.25 && average[2] == -0.25);
    assert_true(final[0] == 0 && final[1] == 0.5 && final[2] == -0.25);
    free(average);
    free(final);
  }
  syn_policy_close(policy);
}

static void starts_from_a_file(void **state) {
  (void)state;
  syn_policy *policy = OPEN("qtable", TEXT("csv", table_1));
  assert_int_equal(policy->type->history(policy), 1);
  const int8_t greedy[9] = {-1, -1, 0, 1, -1, -1, 0, 1, -1};
  assert_memory_equal(policy->type->table(policy)->action, greedy, 9);
  test_text text = {0};
  syn_ctx ctx = {0};
  assert_int_equal(policy->type->save(policy, "final", test_append, &text, &ctx), SYN_OK);
  assert_string_equal(text.bytes, table_1);
  free(text.bytes);
  syn_policy_close(policy);
  /* Its values take part at once: s = 7, s' = 8, greatest 3; 3 + (1 + 3/2 - 3)/2 = 2.75. */
  policy = OPEN("qtable", TEXT("csv", table_1), NUMBER("rate", 0.5), NUMBER("discount", 0.5));
  rewarded_twice(policy, (int8_t[]){0}, (int8_t[]){1}, 1);
  double *q = result_of(policy, "final");
  assert_true(q[7 * 3 + 2] == 2.75);
  free(q);
  syn_policy_close(policy);
}

/* ---- exploration ----------------------------------------------------------------------------- */

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

/* ---- the registry ---------------------------------------------------------------------------- */

#define GIVEN(n, x) {.name = n, .kind = SYN_ARG_TEXT, .text = x}

/* clang-format off */
static const struct refused {
  const char *policy;
  syn_arg args[2]; /* up to the first NULL name */
  const char *error;
} refused[] = {
    {"qtabel", {{0}},
     "unknown policy 'qtabel'; did you mean 'qtable'? Known are qtable, table, random, explore"},
    {"gradient", {{0}}, "unknown policy 'gradient'; known are qtable, table, random, explore"},
    {"qtable", {{.name = "raet", .kind = SYN_ARG_NUMBER, .number = 1}},
     "policy 'qtable' has no parameter 'raet'; did you mean 'rate'? Known are history, sees, "
     "actions, rate, rate_end, rate_over, discount, tie_break, order, average_after, initial, "
     "csv"},
    {"qtable", {GIVEN("actions", "five"), GIVEN("tie_break", "random")},
     "policy 'qtable': five actions go with tie_break = 'lowest' only"},
    {"qtable", {GIVEN("actions", "five"), GIVEN("csv", "q_dec,q_null,q_inc\n0,0,0\n")},
     "policy 'qtable': its csv has 3 actions, but actions = 'five'"},
    {"qtable", {GIVEN("csv", "q_dec2,q_dec,q_null,q_inc,q_inc2\n0,0,0,0,0\n")},
     "policy 'qtable': its csv has 5 actions, but actions = 'three'"},
    {"random", {{.name = "epsilon", .kind = SYN_ARG_NUMBER, .number = 1}},
     "policy 'random' has no parameter 'epsilon'; known are none"},
    {"qtable", {{.name = "rate", .kind = SYN_ARG_NUMBER, .number = 1.5}},
     "policy 'qtable': rate = 1.5; it must be a number from 0 to 1"},
    {"qtable", {{.name = "rate", .kind = SYN_ARG_NUMBER, .number = NAN}},
     "policy 'qtable': rate = nan; it must be a number from 0 to 1"},
    {"qtable", {{.name = "discount", .kind = SYN_ARG_NUMBER, .number = -0.1}},
     "policy 'qtable': discount = -0.1; it must be a number from 0 to 1"},
    {"qtable", {{.name = "history", .kind = SYN_ARG_NUMBER, .number = 6}},
     "policy 'qtable': history = 6; it must be a whole number from 0 to 5 pairs"},
    {"qtable", {{.name = "history", .kind = SYN_ARG_NUMBER, .number = 1.5}},
     "policy 'qtable': history = 1.5; it must be a whole number from 0 to 5 pairs"},
    {"qtable", {{.name = "average_after", .kind = SYN_ARG_NUMBER, .number = -1}},
     "policy 'qtable': average_after = -1; it must be a whole number from 0 to 4000000000 "
     "iterations"},
    {"qtable", {{.name = "rate", .kind = SYN_ARG_TEXT, .text = "fast"}},
     "policy 'qtable': rate must be a number from 0 to 1, but is 'fast'"},
    {"qtable", {{.name = "order", .kind = SYN_ARG_NUMBER, .number = 1}},
     "policy 'qtable': order must be a text, but is a number"},
    {"qtable", {{.name = "order", .kind = SYN_ARG_TEXT, .text = "inplace"}},
     "policy 'qtable': order has no choice 'inplace'; did you mean 'in_place'? Known are in_place, "
     "synchronous"},
    {"qtable", {{.name = "tie_break", .kind = SYN_ARG_TEXT, .text = "first"}},
     "policy 'qtable': tie_break has no choice 'first'; known are lowest, random"},
    {"qtable", {{.name = "rate", .kind = SYN_ARG_NUMBER, .number = 0.1},
                {.name = "rate", .kind = SYN_ARG_NUMBER, .number = 0.2}},
     "policy 'qtable': rate is given twice"},
    {"qtable", {{.name = "csv", .kind = SYN_ARG_TEXT, .text = "q_dec,q_null,q_inc\n1,2,x\n"}},
     "csv of policy 'qtable', line 2: q_inc is 'x', not a finite number"},
    {"table", {{0}}, "policy 'table': csv is missing, a text: the text of a policy file"},
    {"table", {{.name = "csv", .kind = SYN_ARG_TEXT, .text = ""}},
     "csv of policy 'table', line 1: the text ends without a policy table"},
    {"table", {{.name = "csv", .kind = SYN_ARG_TEXT, .text = "q_dec,q_null,q_inc\n1,2\n"}},
     "csv of policy 'table', line 2: 2 columns, but the header names 3"},
    {"explore", {{0}}, "policy 'explore': inner is missing, a policy: what acts otherwise"},
    {"explore", {{.name = "inner", .kind = SYN_ARG_TEXT, .text = "qtable"}},
     "policy 'explore': inner must be a policy, but is 'qtable'"},
    {"explore", {{.name = "epsilon", .kind = SYN_ARG_NUMBER, .number = 1.1}},
     "policy 'explore': epsilon = 1.1; it must be a number from 0 to 1"},
};
/* clang-format on */

static void faults_are_named(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    syn_ctx ctx = {0};
    syn_policy *policy = (syn_policy *)&ctx;
    size_t n = 0;
    while (n < 2 && refused[i].args[n].name)
      n++;
    syn_status status = syn_policy_open(&policy, refused[i].policy, refused[i].args, n, &ctx);
    assert_string_equal(ctx.error, refused[i].error);
    assert_int_equal(status, strncmp(ctx.error, "csv of", 6) ? SYN_EINVAL : SYN_EINPUT);
    assert_null(policy);
  }
}

static void known_policies(void **state) {
  (void)state;
  static const char *const names[] = {"qtable", "table", "random", "explore"};
  for (size_t i = 0; i < 4; i++)
    assert_string_equal(syn_policy_classes[i]->name, names[i]);
  assert_null(syn_policy_classes[4]);
  assert_null(syn_policy_find("Qtable"));
  syn_policy_close(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(updates_by_hand),
      cmocka_unit_test(five_by_hand),
      cmocka_unit_test(exploration_draws_from_the_inner_actions),
      cmocka_unit_test(learns_like_its_twin),
      cmocka_unit_test(average_by_hand),
      cmocka_unit_test(starts_from_a_file),
      cmocka_unit_test(explore_forwards),
      cmocka_unit_test(certain_exploration_is_random),
      cmocka_unit_test(some_exploration),
      cmocka_unit_test(exploration_around_random),
      cmocka_unit_test(refused_exploration),
      cmocka_unit_test(refused_without_effect),
      cmocka_unit_test(faults_are_named),
      cmocka_unit_test(known_policies),
  };
  return cmocka_run_group_tests_name("policies", tests, NULL, NULL);
}
