/* Gradient descent: its schedule, its way down, its end. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/trial.h"

/* Gradient descent whose rate falls to nothing half-way stands still from there on. */
static void test_descent_follows_its_schedule(void **state) {
  (void)state;
  syn_options o;
  trial t, half;
  image_options(&o, SYN_METHOD_DESCENT, 0);
  o.iterations = 20;
  o.curve_every = o.validate_every = 0;
  o.rate_schedule = SYN_SCHEDULE_STEP;
  o.rate_pieces = 2;
  o.rate_end = 1e-6;
  run(&t, &o);
  o.rate_schedule = SYN_SCHEDULE_CONSTANT;
  o.iterations = 10;
  run(&half, &o);
  for (size_t s = 0; s < 111; s++)
    assert_true(fabsf(t.result->weights[s] - half.result->weights[s]) < 1e-5f);
  assert_true(t.result->batch.loss < 1); /* it did learn: ln 3 is where it began */
  end(&half);
  end(&t);
}

/* Gradient descent goes straight down from row to row, and nearly so by that of a few of the
 * samples; a policy that hears nothing goes across; where nothing moves there is no way. */
static void test_cosine_with_the_gradient(void **state) {
  (void)state;
  syn_options o;
  trial t;
  image_options(&o, SYN_METHOD_DESCENT, 7);
  o.iterations = 20;
  o.cosine = o.curve_every = 1;
  run(&t, &o);
  assert_true(isnan(t.result->curve.cosine[0]));
  for (size_t row = 1; row < t.result->curve.rows; row++)
    assert_near(t.result->curve.cosine[row], 1, 1e-5);
  end(&t);
  o.batch_size = 20;
  run(&t, &o);
  for (size_t row = 1; row < t.result->curve.rows; row++)
    assert_true(t.result->curve.cosine[row] > 0.3 && t.result->curve.cosine[row] < 0.999);
  end(&t);
  o.rate = 0;
  run(&t, &o);
  assert_true(isnan(t.result->curve.cosine[3]));
  end(&t);
  image_options(&o, SYN_METHOD_SYNAPTIC, 7);
  o.cosine = o.curve_every = 1;
  o.reward_delay = 100; /* of a reward that comes too late nothing is learned */
  o.iterations = 100;
  run(&t, &o);
  double sum = 0;
  for (size_t row = 1; row < t.result->curve.rows; row++)
    sum += t.result->curve.cosine[row];
  double n = (double)t.result->curve.rows - 1, s = (double)t.result->synapses;
  assert_true(fabs(sum / n) < 5 / sqrt(n * s) + 0.02);
  end(&t);
}

static void test_divergence_is_an_ending(void **state) {
  (void)state;
  syn_options o;
  trial t;
  image_options(&o, SYN_METHOD_DESCENT, 7);
  o.rate = 1e3;
  o.init_range = 1e3;
  o.hidden = SYN_IDENTITY;
  run(&t, &o);
  assert_int_equal(t.result->ending, SYN_DIVERGED);
  assert_true(t.result->iterations < 400);
  end(&t);
}

/* A ReLU unit gives 0 for what is no number, so that a loss may stay finite above weights that are not. */
static void test_weights_of_an_end_are_numbers(void **state) {
  (void)state;
  syn_options o;
  trial t;
  int hidden = 0; /* runs whose loss does not tell */
  image_options(&o, SYN_METHOD_DESCENT, 1);
  assert_int_equal(syn_options_set_list(&o, "net", (double[]){36, 4, 4, 4, 3}, 5, NULL), SYN_OK);
  o.rate = 1e20;
  o.init_range = 30;
  o.iterations = 8;
  for (o.seed = 1; o.seed <= 60; o.seed++) {
    run(&t, &o);
    int numbers = 1;
    for (size_t s = 0; s < t.result->synapses; s++)
      numbers = numbers && isfinite(t.result->weights[s]);
    assert_true(numbers || t.result->ending == SYN_DIVERGED);
    hidden += !numbers && isfinite(t.result->batch.loss);
    end(&t);
  }
  assert_true(hidden > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_descent_follows_its_schedule),
      cmocka_unit_test(test_cosine_with_the_gradient),
      cmocka_unit_test(test_divergence_is_an_ending),
      cmocka_unit_test(test_weights_of_an_end_are_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
