/* Q-learning against numbers worked by hand and against a plain twin, and averages. */
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(updates_by_hand),
      cmocka_unit_test(five_by_hand),
      cmocka_unit_test(exploration_draws_from_the_inner_actions),
      cmocka_unit_test(learns_like_its_twin),
      cmocka_unit_test(average_by_hand),
      cmocka_unit_test(starts_from_a_file),
  };
  return cmocka_run_group_tests_name("Q-table", tests, NULL, NULL);
}
