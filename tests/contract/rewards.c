/* The contract that every reward keeps (engine/train/reward.h), over all signals and references with
 * every tie, number of levels and delay: signs and values are what they may be and agree; what gets
 * better is rewarded, what stays as it is a tie, what is no number punished; a delay shifts and
 * changes nothing; the state is all that it remembers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/random.h"
#include "engine/train/reward.h"

enum { LENGTH = 200, CLASSES = 3 };

typedef struct outcomes {
  double loss[LENGTH], accuracy[LENGTH], classes[LENGTH][CLASSES];
} outcomes;

static syn_outcome at(const outcomes *x, const syn_options *o, size_t t) {
  const syn_signal_class *signal = &syn_signals[o->reward_signal];
  return (syn_outcome){.score = {x->loss[t], signal->accuracy ? x->accuracy[t] : NAN},
                       .n = CLASSES,
                       .classes = signal->classes ? x->classes[t] : NULL};
}

static double chance(uint32_t stream, uint64_t i) {
  return (double)syn_random_bits(3, SYN_STREAM_POINTS, stream, i) / 4294967296.0;
}

/* Up and down, with ties, from the worst; a class is missing now and then. */
static void any(outcomes *x) {
  for (size_t t = 0; t < LENGTH; t++) {
    x->loss[t] = floor(8 * chance(0, t));
    x->accuracy[t] = floor(8 * chance(1, t)) / 8;
    for (size_t k = 0; k < CLASSES; k++)
      x->classes[t][k] =
          chance(2, t * CLASSES + k) < 0.1 ? (double)NAN : floor(8 * chance(3, t * CLASSES + k));
  }
  x->loss[0] = x->classes[0][0] = x->classes[0][1] = x->classes[0][2] = 9;
  x->accuracy[0] = -1;
}

/* `down` each iteration: 1 better, 0 the same. */
static void steady(outcomes *x, double down) {
  for (size_t t = 0; t < LENGTH; t++) {
    x->loss[t] = 1000 - down * (double)t;
    x->accuracy[t] = 0.1 + down * (double)t / 1000;
    for (size_t k = 0; k < CLASSES; k++)
      x->classes[t][k] = x->loss[t] + (double)k;
  }
}

static void play(syn_reward out[LENGTH], const syn_options *o, const outcomes *x) {
  syn_reward_state s;
  syn_reward_start(&s, o, at(x, o, 0));
  out[0] = (syn_reward){0};
  for (size_t t = 1; t < LENGTH; t++)
    out[t] = syn_reward_next(&s, o, at(x, o, t));
}

typedef void (*check)(syn_options o);

/* Every signal against every reference, with every tie and so many levels. */
static void every_reward(check run) {
  syn_options o;
  syn_options_default(&o, &syn_task_images, SYN_METHOD_SYNAPTIC);
  for (o.reward_signal = 0; syn_signals[o.reward_signal].name; o.reward_signal++)
    for (o.reward_against = 0; syn_againsts[o.reward_against].name; o.reward_against++)
      for (o.reward_tie = 0; o.reward_tie < 2; o.reward_tie++)
        for (o.reward_levels = 2; o.reward_levels <= 6; o.reward_levels += 4)
          run(o);
}

static void in_range(syn_options o) {
  outcomes x;
  syn_reward r[LENGTH];
  double most = o.reward_levels / 2;
  int up = 0, down = 0;
  any(&x);
  play(r, &o, &x);
  for (size_t t = 1; t < LENGTH; t++) {
    assert_true(r[t].sign >= -1 && r[t].sign <= 1);
    assert_true(r[t].sign != 0 || o.reward_tie == SYN_TIE_IS_ZERO);
    assert_true((r[t].value > 0) - (r[t].value < 0) == r[t].sign);
    double level = fabs(r[t].value) * most;
    assert_true(level <= most && fabs(level - round(level)) < 1e-12);
    up += r[t].sign > 0;
    down += r[t].sign < 0;
  }
  assert_true(up > 0 && down > 0);
}

static void better_is_rewarded(syn_options o) {
  outcomes x;
  syn_reward r[LENGTH];
  steady(&x, 1);
  play(r, &o, &x);
  for (size_t t = 1; t < LENGTH; t++)
    assert_int_equal(r[t].sign, 1);
  steady(&x, 0);
  play(r, &o, &x);
  for (size_t t = 1; t < LENGTH; t++)
    assert_int_equal(r[t].sign, o.reward_tie == SYN_TIE_IS_ZERO ? 0 : -1);
}

static void no_number_is_no_reward(syn_options o) {
  outcomes x;
  syn_reward r[LENGTH];
  steady(&x, 1);
  for (size_t t = 5; t < LENGTH; t++) {
    x.loss[t] = x.accuracy[t] = NAN;
    x.classes[t][0] = x.classes[t][1] = x.classes[t][2] = NAN;
  }
  play(r, &o, &x);
  for (size_t t = 5; t < LENGTH; t++)
    assert_true(r[t].sign <= 0 && r[t].value <= 0 && r[t].value >= -1);
}

static void late_is_the_same(syn_options o) {
  outcomes x;
  syn_reward now[LENGTH], late[LENGTH];
  any(&x);
  play(now, &o, &x);
  o.reward_delay = 3;
  play(late, &o, &x);
  for (size_t t = 1; t < LENGTH; t++) {
    syn_reward due = t > 3 ? now[t - 3] : (syn_reward){0};
    assert_true(late[t].sign == due.sign && late[t].value == due.value);
  }
}

static void the_state_is_all(syn_options o) {
  outcomes x;
  syn_reward_state s, copy;
  any(&x);
  o.reward_delay = 2;
  syn_reward_start(&s, &o, at(&x, &o, 0));
  for (size_t t = 1; t < LENGTH; t++) {
    memcpy(&copy, &s, sizeof s);
    syn_reward a = syn_reward_next(&s, &o, at(&x, &o, t));
    syn_reward b = syn_reward_next(&copy, &o, at(&x, &o, t));
    assert_true(a.sign == b.sign && a.value == b.value);
  }
}

static void signs_and_values(void **state) {
  (void)state, every_reward(in_range);
}
static void better_and_the_same(void **state) {
  (void)state, every_reward(better_is_rewarded);
}
static void no_number(void **state) {
  (void)state, every_reward(no_number_is_no_reward);
}
static void delay(void **state) {
  (void)state, every_reward(late_is_the_same);
}
static void remembered(void **state) {
  (void)state, every_reward(the_state_is_all);
}

/* The choices are the tables' names, and options that do not fit are refused. */
static void options_know_them(void **state) {
  (void)state;
  syn_options o;
  syn_ctx ctx = {0};
  const syn_param *row = syn_option_find("reward_signal");
  for (size_t i = 0; syn_signals[i].name || syn_param_choice(row, i); i++)
    assert_string_equal(syn_param_choice(row, i), syn_signals[i].name);
  row = syn_option_find("reward_against");
  for (size_t i = 0; syn_againsts[i].name || syn_param_choice(row, i); i++)
    assert_string_equal(syn_param_choice(row, i), syn_againsts[i].name);
  syn_options_default(&o, &syn_task_images, SYN_METHOD_SYNAPTIC);
  assert_int_equal(syn_reward_check(&o, 0, &ctx), SYN_OK);
  o.reward_levels = 3;
  assert_int_equal(syn_reward_check(&o, 1, &ctx), SYN_EINVAL);
  o.reward_levels = 2;
  o.reward_signal = SYN_SIGNAL_CLASSES;
  assert_int_equal(syn_reward_check(&o, 1, &ctx), SYN_OK);
  assert_int_equal(syn_reward_check(&o, 0, &ctx), SYN_EINVAL);
  assert_non_null(strstr(ctx.error, "labels"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(signs_and_values), cmocka_unit_test(better_and_the_same),
      cmocka_unit_test(no_number),        cmocka_unit_test(delay),
      cmocka_unit_test(remembered),       cmocka_unit_test(options_know_them),
  };
  return cmocka_run_group_tests_name("rewards", tests, NULL, NULL);
}
