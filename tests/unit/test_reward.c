/* Rewards by hand, schedules of the rate, and the engine against the reference under all of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/train/reward.h"
#include "engine/train/run.h"
#include "policies/tables/qvalues.h"
#include "policies/registry.h"
#include "tests/models/plain.h"
#include "tests/unit/text.h"

#define LENGTH 8

typedef struct sequence {
  const char *what;
  int signal, against, tie;
  double memory, band, levels, delay;
  double loss[LENGTH + 1]; /* the first is the untrained network's */
  int sign[LENGTH];
  double value[LENGTH];
} sequence;

/* Worked out with pencil and paper. */
/* clang-format off */
static const sequence sequences[] = {
    {"equation (3): a tie is a penalty, NaN too", 0, SYN_AGAINST_PREVIOUS, SYN_TIE_IS_PENALTY, 10, 0,
     2, 0, {4, 3, 3, 5, 1, NAN, 2, 1, INFINITY}, {1, -1, -1, 1, -1, -1, 1, -1},
     {1, -1, -1, 1, -1, -1, 1, -1}},
    {"a tie is zero", 0, SYN_AGAINST_PREVIOUS, SYN_TIE_IS_ZERO, 10, 0, 2, 0,
     {4, 3, 3, 5, 5, 1, 1, 1, 2}, {1, 0, -1, 0, 1, 0, 0, -1}, {1, 0, -1, 0, 1, 0, 0, -1}},
    {"a band of a quarter of the reference", 0, SYN_AGAINST_PREVIOUS, SYN_TIE_IS_ZERO, 10, 0.25, 2,
     0, {4, 3, 2.5, 3.5, 3, 1, 1.25, 1.75, 1}, {0, 0, -1, 0, 1, 0, -1, 1},
     {0, 0, -1, 0, 1, 0, -1, 1}},
    {"against the best so far", 0, SYN_AGAINST_BEST, SYN_TIE_IS_PENALTY, 10, 0, 2, 0,
     {4, 5, 4.5, 3, 3.5, 3, 2, 4, 1}, {-1, -1, 1, -1, -1, 1, -1, 1},
     {-1, -1, 1, -1, -1, 1, -1, 1}},
    /* averages of memory 2: 4, 3, 3.5, 3.25, 4.125, 3.0625, ... */
    {"against a moving average", 0, SYN_AGAINST_AVERAGE, SYN_TIE_IS_PENALTY, 2, 0, 2, 0,
     {4, 2, 4, 3, 5, 2, 3, 3, 3}, {1, -1, 1, -1, 1, 1, 1, 1}, {1, -1, 1, -1, 1, 1, 1, 1}},
    /* changes 1, -1, 4, -8, 1, 0.5, ...; their average of memory 2: 1, 1, 1, 2.5, 5.25, 3.125, ... */
    {"two levels each way", 0, SYN_AGAINST_PREVIOUS, SYN_TIE_IS_PENALTY, 2, 0, 4, 0,
     {10, 9, 10, 6, 14, 13, 12.5, 12, 11.75}, {1, -1, 1, -1, 1, 1, 1, 1},
     {1, -1, 1, -1, 0.5, 0.5, 0.5, 0.5}},
    {"two iterations late", 0, SYN_AGAINST_PREVIOUS, SYN_TIE_IS_PENALTY, 10, 0, 2, 2,
     {4, 3, 5, 4, 3, 4, 2, 1, 0}, {0, 0, 1, -1, 1, 1, -1, 1}, {0, 0, 1, -1, 1, 1, -1, 1}},
};
/* clang-format on */

static void by_hand(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
    const sequence *q = &sequences[i];
    syn_options o;
    syn_reward_state s;
    syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
    o.reward_signal = q->signal;
    o.reward_against = q->against;
    o.reward_tie = q->tie;
    o.reward_memory = q->memory;
    o.reward_band = q->band;
    o.reward_levels = q->levels;
    o.reward_delay = q->delay;
    syn_reward_start(&s, &o, (syn_outcome){.score = {q->loss[0], NAN}});
    for (size_t t = 0; t < LENGTH; t++) {
      syn_reward r = syn_reward_next(&s, &o, (syn_outcome){.score = {q->loss[t + 1], NAN}});
      if (r.sign != q->sign[t] || r.value != q->value[t])
        fail_msg("%s, iteration %zu: %d (%g), expected %d (%g)", q->what, t + 1, r.sign, r.value,
                 q->sign[t], q->value[t]);
    }
  }
}

static void accuracy_counts_instead_of_loss(void **state) {
  (void)state;
  syn_options o;
  syn_reward_state s;
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.reward_signal = SYN_SIGNAL_ACCURACY;
  syn_reward_start(&s, &o, (syn_outcome){.score = {1, 0.5}});
  assert_int_equal(syn_reward_next(&s, &o, (syn_outcome){.score = {2, 0.75}}).sign, 1);
  assert_int_equal(syn_reward_next(&s, &o, (syn_outcome){.score = {1, 0.5}}).sign, -1);
  assert_int_equal(syn_reward_next(&s, &o, (syn_outcome){.score = {0, 0.5}}).sign, -1);
}

/* Three classes vote; the middle one is missing from the first and from the fourth batch. Against
 * the iteration before:
 *   1,-,1 -> 0.5,2,2   fell, no vote yet, rose                  0: tie
 *   -> 0.25,1,3        fell, fell, rose                        +1: reward
 *   -> 1,-,4           rose, missing, rose                     -2: penalty
 *   -> 1,0.5,3         tie, fell (from 1, two before), fell    +2: reward
 * Against the best so far the bests before the last one are 0.25, 1, 1: rose, fell, rose, hence -1.
 * Two levels each way, of memory 2: |change| is 0, 1, 2, then 2 or 1; its averages before these are
 * 0, 0, 0.5, 1.25, so that only the 1 at the end is of the lower level. */
static void classes_vote(void **state) {
  (void)state;
  static const double x[5][3] = {{1, NAN, 1}, {0.5, 2, 2}, {0.25, 1, 3}, {1, NAN, 4}, {1, 0.5, 3}};
  static const int previous[4] = {0, 1, -1, 1}, best[4] = {0, 1, -1, -1};
  for (int against = 0; against < 2; against++) {
    syn_options o;
    syn_reward_state s;
    syn_options_default(&o, &syn_task_images, SYN_METHOD_SYNAPTIC);
    o.reward_signal = SYN_SIGNAL_CLASSES;
    o.reward_tie = SYN_TIE_IS_ZERO;
    o.reward_against = against ? SYN_AGAINST_BEST : SYN_AGAINST_PREVIOUS;
    o.reward_levels = 4;
    o.reward_memory = 2;
    syn_reward_start(&s, &o, (syn_outcome){{9, NAN}, 3, x[0]});
    for (size_t t = 0; t < 4; t++) {
      syn_reward r = syn_reward_next(&s, &o, (syn_outcome){{9, NAN}, 3, x[t + 1]});
      assert_int_equal(r.sign, (against ? best : previous)[t]);
      assert_true(r.value == (against && t == 3 ? -0.5 : r.sign)); /* |-1| < 1.25 */
    }
  }
}

static void rates_follow_their_schedules(void **state) {
  (void)state;
  syn_options o;
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.iterations = 100;
  o.rate = 2;
  o.rate_end = 0.5;
  o.rate_pieces = 5;
  assert_true(syn_options_rate(&o, 99) == 2);
  o.rate_schedule = SYN_SCHEDULE_LINEAR; /* pieces of 20: 2, 1.75, 1.5, 1.25, 1 */
  assert_true(syn_options_rate(&o, 0) == 2 && syn_options_rate(&o, 19) == 2);
  assert_true(syn_options_rate(&o, 20) == 1.75 && syn_options_rate(&o, 59) == 1.5);
  assert_true(syn_options_rate(&o, 99) == 1);
  o.rate_schedule = SYN_SCHEDULE_COSINE; /* 1.5 + 0.5 cos(pi way) */
  assert_true(fabs(syn_options_rate(&o, 20) - (1.5 + 0.5 * cos(0.25 * 3.14159265358979323846))) <
              1e-15);
  assert_true(fabs(syn_options_rate(&o, 40) - 1.5) < 1e-15);
  assert_true(fabs(syn_options_rate(&o, 99) - 1) < 1e-15);
  o.rate_schedule = SYN_SCHEDULE_STEP;
  assert_true(syn_options_rate(&o, 39) == 2 && syn_options_rate(&o, 40) == 1);
  o.rate_schedule = SYN_SCHEDULE_CONSTANT;
  o.rate_switch = 50;
  assert_true(syn_options_rate(&o, 49) == 2 && syn_options_rate(&o, 50) == 1);
}

/* ---- the engine against the reference -------------------------------------------------------- */

/* Noise on 6 x 6 pixels; with a greater side white images, but for a black pixel each. */
static const syn_images *small_images(size_t side) {
  enum { N = 120, MOST = 400 };
  static uint8_t pixels[N * MOST], labels[N];
  static syn_images images = {.n = N, .classes = 3};
  images.width = images.height = side;
  for (size_t i = 0; i < N * side * side; i++)
    pixels[i] = (uint8_t)(syn_random_bits(5, SYN_STREAM_POINTS, 0, i) >> 24);
  for (size_t i = 0; i < N * side * side && side > 6; i++)
    pixels[i] = i % (side * side) == i / (side * side) ? 0 : 255;
  for (size_t n = 0; n < N; n++)
    labels[n] = (uint8_t)(n % 3);
  images.pixels = pixels;
  images.labels = labels;
  return &images;
}

typedef struct variant {
  const char *what, *sees, *actions;
  double rate_over, epsilon_over;
} variant;

static syn_policy *open_policy(const variant *v) {
  syn_policy *inner, *policy;
  syn_arg q[] = {{.name = "sees", .kind = SYN_ARG_TEXT, .text = v->sees},
                 {.name = "actions", .kind = SYN_ARG_TEXT, .text = v->actions},
                 {.name = "rate_end", .kind = SYN_ARG_NUMBER, .number = v->rate_over > 0 ? 0.5 : 0},
                 {.name = "rate_over", .kind = SYN_ARG_NUMBER, .number = v->rate_over}};
  syn_arg e[] = {
      {.name = "epsilon", .kind = SYN_ARG_NUMBER, .number = 0.5},
      {.name = "epsilon_end", .kind = SYN_ARG_NUMBER, .number = v->epsilon_over > 0 ? 0.125 : 0},
      {.name = "epsilon_over", .kind = SYN_ARG_NUMBER, .number = v->epsilon_over},
      {.name = "inner", .kind = SYN_ARG_POLICY}};
  assert_int_equal(syn_policy_open(&inner, "qtable", q, 4, NULL), SYN_OK);
  e[3].policy = inner;
  assert_int_equal(syn_policy_open(&policy, "explore", e, 4, NULL), SYN_OK);
  return policy;
}

typedef struct traces {
  syn_trace loss, action, weight;
  uint64_t up;
} traces;

static traces run(const syn_model_class *model, const syn_options *o, const variant *v,
                  const char *isa) {
  syn_ctx ctx = {0};
  syn_task *task;
  syn_result *r;
  const syn_kernels *k;
  const syn_images *images = o->task->images ? small_images((size_t)sqrt(o->net[0])) : NULL;
  syn_policy *policy = open_policy(v);
  assert_int_equal(syn_kernels_get(&k, isa, NULL), SYN_OK);
  assert_int_equal(syn_task_open(&task, o, images, k, &ctx), SYN_OK);
  task->model = model;
  assert_int_equal(syn_run_synaptic(&r, o, task, policy, k, NULL, &ctx), SYN_OK);
  traces t = {r->trace_loss, r->trace_action, r->trace_weight, r->rewards_up};
  syn_result_close(r);
  syn_task_close(task);
  syn_policy_close(policy);
  return t;
}

static traces compare(const syn_options *o, const variant *v) {
  const char *offered[SYN_ISA_MAX];
  traces slow = run(&plain_model, o, v, NULL);
  syn_kernels_offered(offered);
  for (const char **isa = offered; *isa; isa++) {
    traces fast = run(syn_models[0], o, v, *isa);
    if (fast.loss != slow.loss || fast.action != slow.action || fast.weight != slow.weight ||
        fast.up != slow.up)
      fail_msg("%s, %s: the engine and the reference part", v->what, *isa);
  }
  return slow;
}

static syn_options task(const syn_task_class *kind) {
  syn_options o;
  syn_options_default(&o, kind, SYN_METHOD_SYNAPTIC);
  o.iterations = 60;
  syn_options_set_number(&o, "points", 50, NULL);
  o.curve_every = o.validate_every = 0;
  o.trace = 1;
  if (kind == &syn_task_images) {
    o.batch_size = 40;
    o.batch_interval = 15;
    o.rate = 0.01;
    assert_int_equal(syn_options_set_list(&o, "net", (double[]){36, 3}, 2, NULL), SYN_OK);
  } else {
    assert_int_equal(syn_options_set_list(&o, "net", (double[]){2, 7, 1}, 3, NULL), SYN_OK);
  }
  return o;
}

/* Each option by itself: engine and reference agree, and it changes the run. */
static void options_agree_and_matter(void **state) {
  (void)state;
  static const struct {
    const char *option, *choice;
    double number;
  } cases[] = {{"reward_signal", "accuracy", 0}, {"reward_signal", "classes", 0},
               {"reward_against", "best", 0},    {"reward_against", "average", 0},
               {"reward_tie", "zero", 0},        {"reward_band", NULL, 0.01},
               {"reward_levels", NULL, 6},       {"reward_delay", NULL, 3},
               {"rate_schedule", "linear", 0},   {"rate_schedule", "cosine", 0},
               {"rate_schedule", "step", 0},     {"loss", "euclidean", 0},
               {"batch_size", NULL, 25}};
  const variant plain = {"plain", "both", "three", 0, 0};
  for (const syn_task_class *const *kind = syn_tasks; *kind; kind++)
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
      syn_options o = task(*kind);
      traces usual = compare(&o, &plain);
      variant v = plain;
      v.what = cases[i].option;
      syn_status status = cases[i].choice
                              ? syn_options_set_text(&o, v.what, cases[i].choice, NULL)
                              : syn_options_set_number(&o, v.what, cases[i].number, NULL);
      assert_int_equal(status, SYN_OK);
      if (!(*kind)->labels && cases[i].choice && strcmp(cases[i].choice, "classes") == 0) {
        syn_shape shape;
        assert_int_equal(syn_options_check(&o, &shape, NULL), SYN_EINVAL);
        continue;
      }
      if (strcmp(v.what, "reward_tie") == 0)
        o.reward_band = 0.01; /* exact ties are rare */
      o.batch_change = SYN_BATCH_REMEASURE;
      if (!(*kind)->labels && strcmp(v.what, "loss") == 0)
        continue; /* it has no other */
      if (strcmp(v.what, "batch_size") == 0)
        o.batch_interval = 10;
      traces t = compare(&o, &v);
      if ((*kind)->labels && strcmp(v.what, "loss") == 0) {
        o.reward_signal = SYN_SIGNAL_CLASSES;
        compare(&o, &v);
      }
      if (t.action == usual.action && t.weight == usual.weight)
        fail_msg("%s = %s changes nothing", v.what, cases[i].choice ? cases[i].choice : "number");
    }
}

static void policies_agree(void **state) {
  (void)state;
  static const variant variants[] = {{"sees actions", "actions", "three", 0, 0},
                                     {"sees rewards", "rewards", "three", 0, 0},
                                     {"without null", "both", "two", 0, 0},
                                     {"two sizes", "both", "five", 0, 0},
                                     {"two sizes, sees rewards", "rewards", "five", 30, 30},
                                     {"without null, sees actions", "actions", "two", 30, 30},
                                     {"rate and epsilon over time", "both", "three", 40, 40}};
  for (const syn_task_class *const *kind = syn_tasks; *kind; kind++)
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
      syn_options o = task(*kind);
      compare(&o, &variants[i]);
      o.update = SYN_UPDATE_MULTIPLICATIVE;
      compare(&o, &variants[i]);
    }
}

/* Many inputs at full brightness, all moving by two steps: sums of products of bytes that would not
 * fit 16 bits if they were taken at once. */
static void two_sizes_fit_the_kernels(void **state) {
  (void)state;
  syn_options o = task(&syn_task_images);
  assert_int_equal(syn_options_set_list(&o, "net", (double[]){400, 5, 3}, 3, NULL), SYN_OK);
  o.rate = 1e-4;
  o.iterations = 30;
  compare(&o, &(variant){"two sizes", "both", "five", 0, 0});
}

/* The table that a short run has learned: (81, 3), to be freed. */
static double *learned(const variant *v) {
  test_text text = {0};
  unsigned history;
  double *q;
  syn_options o = task(&syn_task_boundary);
  const syn_kernels *k;
  syn_task *boundary;
  syn_result *r;
  syn_policy *policy = open_policy(v);
  assert_int_equal(syn_kernels_get(&k, NULL, NULL), SYN_OK);
  assert_int_equal(syn_task_open(&boundary, &o, NULL, k, NULL), SYN_OK);
  assert_int_equal(syn_run_synaptic(&r, &o, boundary, policy, k, NULL, NULL), SYN_OK);
  assert_int_equal(policy->type->save(policy, "final", test_append, &text, NULL), SYN_OK);
  assert_int_equal(syn_qvalues_parse(&q, &history, NULL, text.bytes, "table", NULL), SYN_OK);
  free(text.bytes);
  syn_result_close(r);
  syn_task_close(boundary);
  syn_policy_close(policy);
  return q;
}

/* A state is what a synapse sees: those that differ in the other half only have the same values. */
static void what_is_not_seen_does_not_count(void **state) {
  (void)state;
  double *blind = learned(&(variant){"", "actions", "three", 0, 0});
  double *deaf = learned(&(variant){"", "rewards", "three", 0, 0});
  double *both = learned(&(variant){"", "both", "three", 0, 0});
  size_t differ = 0;
  for (size_t r = 0; r < 9; r++)
    for (size_t h = 0; h < 9; h++) {
      assert_memory_equal(blind + 3 * (9 * r + h), blind + 3 * h, 3 * sizeof *blind);
      assert_memory_equal(deaf + 3 * (9 * r + h), deaf + 3 * 9 * r, 3 * sizeof *deaf);
      differ += memcmp(both + 3 * (9 * r + h), both + 3 * h, 3 * sizeof *both) != 0;
    }
  assert_true(differ > 20);
  assert_true(memcmp(blind, blind + 3, 3 * sizeof *blind) != 0);
  free(blind);
  free(deaf);
  free(both);
}

static void without_null_nobody_rests(void **state) {
  (void)state;
  double *q = learned(&(variant){"", "both", "two", 0, 0});
  for (size_t s = 0; s < 81; s++)
    assert_true(q[3 * s + 1] <= q[3 * s] && q[3 * s + 1] <= q[3 * s + 2]);
  free(q);
  const syn_table none = {.epsilon = 0.5, .no_null = 1};
  uint32_t explore[3];
  syn_table_explore(explore, &none);
  assert_int_equal(explore[0], 16384);
  assert_int_equal(explore[1], 16384);
  assert_int_equal(explore[2], 32768);
  syn_arg args[] = {{.name = "actions", .kind = SYN_ARG_TEXT, .text = "two"},
                    {.name = "tie_break", .kind = SYN_ARG_TEXT, .text = "random"}};
  syn_policy *policy;
  assert_int_equal(syn_policy_open(&policy, "qtable", args, 2, NULL), SYN_EINVAL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_hand),
      cmocka_unit_test(accuracy_counts_instead_of_loss),
      cmocka_unit_test(classes_vote),
      cmocka_unit_test(rates_follow_their_schedules),
      cmocka_unit_test(options_agree_and_matter),
      cmocka_unit_test(policies_agree),
      cmocka_unit_test(two_sizes_fit_the_kernels),
      cmocka_unit_test(what_is_not_seen_does_not_count),
      cmocka_unit_test(without_null_nobody_rests),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
