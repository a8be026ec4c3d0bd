/* Algorithm 1, its options and the baseline, against sums written out here in double with libm. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/train/run.h"
#include "tests/unit/trial.h"

/* ---- the oracle: outputs and losses in double, with libm ----------------------------------------- */

static double act(syn_activation activation, double z) {
  return activation == SYN_RELU ? fmax(z, 0) : activation == SYN_TANH ? tanh(z) : z;
}

static void outputs(double *out, const double *x, const float *w, const syn_shape *shape) {
  double h[256], z[256];
  memcpy(h, x, shape->units[0] * sizeof *x);
  for (size_t l = 0; l < shape->layers; l++) {
    for (size_t u = 0; u < shape->units[l + 1]; u++) {
      double sum = *w++;
      for (size_t i = 0; i < shape->units[l]; i++)
        sum += (double)*w++ * h[i];
      z[u] = act(l + 1 == shape->layers ? shape->output : shape->hidden, sum);
    }
    memcpy(h, z, sizeof h);
  }
  memcpy(out, h, shape->units[shape->layers] * sizeof *out);
}

static syn_score oracle_images(const syn_task *task, const float *w, const uint32_t *rows,
                               size_t n) {
  double loss = 0, right = 0, squares = 0;
  for (size_t s = 0; s < n; s++) {
    double x[256], z[256], sum = 0;
    size_t best = 0, y = task->samples.labels[rows[s]];
    for (size_t i = 0; i < task->inputs; i++)
      x[i] = task->samples.pixels[rows[s] * task->inputs + i] / 255.0;
    outputs(z, x, w, &task->network.shape);
    for (size_t k = 0; k < task->outputs; k++) {
      best = z[k] > z[best] ? k : best;
      sum += exp(z[k]);
      squares += (z[k] - (k == y)) * (z[k] - (k == y));
    }
    loss += log(sum) - z[y];
    right += best == y;
  }
  if (task->loss == &syn_loss_table[SYN_LOSS_EUCLIDEAN])
    loss = sqrt(squares);
  return (syn_score){loss / (double)n, right / (double)n};
}

/* Over `rows` (n), or over all points. */
static syn_score oracle_points(const syn_task *task, const float *w, const uint32_t *rows,
                               size_t samples) {
  double squares = 0, right = 0, n = (double)(rows ? samples : task->samples.n);
  for (size_t i = 0; i < (size_t)n; i++) {
    size_t s = rows ? rows[i] : i;
    double x[2] = {(double)task->samples.reals[2 * s], (double)task->samples.reals[2 * s + 1]},
           out[1], target[1];
    outputs(out, x, w, &task->network.shape);
    outputs(target, x, task->target_weights, &task->network.shape);
    squares += (out[0] - target[0]) * (out[0] - target[0]);
    right += (out[0] > 0) == (target[0] > 0);
  }
  return (syn_score){sqrt(squares) / n, right / n};
}

static void test_oracle_images(void **state) {
  (void)state;
  for (int variant = 0; variant < 4; variant++) {
    syn_options o;
    trial t;
    image_options(&o, SYN_METHOD_SYNAPTIC, variant % 2 ? 7 : 0);
    o.loss = variant < 2 ? SYN_LOSS_CROSS_ENTROPY : SYN_LOSS_EUCLIDEAN;
    run(&t, &o);
    /* The batch of the last iteration is number 7: iterations 350 to 399. */
    uint32_t rows[100], scratch[300];
    const syn_split *split = &t.task->split;
    syn_batch_draw(rows, 100, split->train, split->n_train, o.seed, 7, scratch);
    syn_score want = oracle_images(t.task, t.result->weights, rows, 100);
    assert_near(t.result->batch.loss, want.loss, 2e-6);
    assert_near(t.result->batch.accuracy, want.accuracy, 0);
    want = oracle_images(t.task, t.result->weights, split->validation, split->n_validation);
    assert_near(t.result->validation.loss, want.loss, 2e-6);
    assert_near(t.result->validation.accuracy, want.accuracy, 0);
    end(&t);
  }
}

static void test_oracle_boundary(void **state) {
  (void)state;
  syn_options o;
  trial t;
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.iterations = 500;
  run(&t, &o);
  syn_score want = oracle_points(t.task, t.result->weights, NULL, 0);
  assert_near(t.result->batch.loss, want.loss, 2e-6);
  assert_near(t.result->batch.accuracy, want.accuracy, 0);
  assert_near(t.result->train.loss, t.result->batch.loss, 1e-6);
  end(&t);
}

/* Batches of points: the last of three begins at iteration 400. */
static void test_oracle_batch_of_points(void **state) {
  (void)state;
  for (int method = 0; method < 2; method++) {
    syn_options o;
    trial t;
    syn_options_default(&o, &syn_task_boundary, (syn_method)method);
    o.iterations = 500;
    o.batch_size = 100;
    o.batch_interval = 200;
    run(&t, &o);
    uint32_t rows[100], scratch[2000], all[2000];
    for (uint32_t i = 0; i < 2000; i++)
      all[i] = i;
    syn_batch_draw(rows, 100, all, 2000, o.seed, 2, scratch);
    syn_score want = oracle_points(t.task, t.result->weights, rows, 100);
    assert_near(t.result->batch.loss, want.loss, 2e-6);
    assert_near(t.result->batch.accuracy, want.accuracy, 0);
    want = oracle_points(t.task, t.result->weights, NULL, 0);
    assert_near(t.result->train.loss, want.loss, 2e-6);
    end(&t);
  }
  syn_options o;
  syn_ctx ctx = {0};
  syn_task *task;
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.batch_size = 2001;
  assert_int_equal(syn_task_open(&task, &o, NULL, kernels(), &ctx), SYN_EINVAL);
  assert_non_null(strstr(ctx.error, "points = 2000"));
}

/* ---- Algorithm 1 --------------------------------------------------------------------------------- */

/* One synapse's worth of bookkeeping, seen from outside: with the rewards of the trajectory known
 * only through the losses, the weights must be the initial ones plus whole steps. */
static void test_weights_stand_on_the_lattice(void **state) {
  (void)state;
  syn_options o;
  trial t;
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.iterations = 100;
  o.bias_step = 2;
  run(&t, &o);
  float initial[401];
  syn_run_init(initial, &o, &t.task->plan);
  size_t moved = 0;
  for (size_t s = 0; s < 401; s++) {
    int bias = s < 300 ? s % 3 == 0 : s == 300;
    double step = bias ? 0.002 : 0.001;
    double steps = ((double)t.result->weights[s] - (double)initial[s]) / step;
    assert_true(fabs(steps - round(steps)) < 1e-3);
    assert_true(fabs(steps) <= 100);
    moved += round(steps) != 0;
  }
  assert_true(moved > 300);
  end(&t);
}

/* The first 3 iterations by hand: Q is zero, ties decrement, so without exploration every synapse
 * goes down in iteration 1; the reward then decides where Q of the first state goes. */
static void test_first_iterations_by_hand(void **state) {
  (void)state;
  syn_options o;
  syn_ctx ctx = {0};
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.iterations = 1;
  o.curve_every = 1;
  syn_task *task;
  syn_policy *policy = explore(0, open_policy("qtable", NULL, 0));
  syn_result *result;
  assert_int_equal(syn_task_open(&task, &o, NULL, kernels(), &ctx), SYN_OK);
  assert_int_equal(syn_run_synaptic(&result, &o, task, policy, kernels(), NULL, &ctx), SYN_OK);
  float initial[401];
  syn_run_init(initial, &o, &task->plan);
  for (size_t s = 0; s < 401; s++)
    assert_true(result->weights[s] == initial[s] + (float)0.001 * -1.0f);
  /* The reward: +1 exactly if the loss fell. */
  assert_int_equal(result->curve.rows, 2);
  assert_int_equal(result->rewards_up, result->curve.loss[1] < result->curve.loss[0]);
  syn_result_close(result);
  syn_policy_close(policy);
  syn_task_close(task);
}

static void test_rate_switch_and_abort(void **state) {
  (void)state;
  syn_options o;
  trial t;
  image_options(&o, SYN_METHOD_SYNAPTIC, 0);
  o.rate = 1e-9; /* learns nothing */
  o.abort_below = 0.9;
  o.abort_after = 200;
  run(&t, &o);
  assert_int_equal(t.result->ending, SYN_ABORTED);
  assert_int_equal(t.result->iterations, 200);
  end(&t);

  image_options(&o, SYN_METHOD_SYNAPTIC, 0);
  o.rate_switch = 1; /* from the second iteration on no step at all */
  o.rate_factor = 0;
  run(&t, &o);
  float initial[111];
  syn_run_init(initial, &o, &t.task->plan);
  for (size_t s = 0; s < 111; s++)
    assert_true(fabsf(t.result->weights[s] - initial[s]) <= 0.0101f);
  end(&t);
}

/* ---- learning ------------------------------------------------------------------------------------ */

static void test_both_methods_learn(void **state) {
  (void)state;
  syn_options o;
  trial t;
  image_options(&o, SYN_METHOD_DESCENT, 7);
  run(&t, &o);
  assert_true(t.result->validation.accuracy > 0.95);
  end(&t);
  image_options(&o, SYN_METHOD_DESCENT, 0);
  o.loss = SYN_LOSS_EUCLIDEAN;
  o.iterations = 2000;
  run(&t, &o);
  assert_true(t.result->validation.accuracy > 0.95);
  syn_score want =
      oracle_images(t.task, t.result->weights, t.task->split.train, t.task->split.n_train);
  assert_near(t.result->batch.loss, want.loss, 1e-5);
  end(&t);
  image_options(&o, SYN_METHOD_DESCENT, 0);
  o.batch_size = 20; /* mini-batch SGD */
  o.batch_interval = 1;
  run(&t, &o);
  assert_true(t.result->validation.accuracy > 0.95);
  end(&t);
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.iterations = 3000;
  run(&t, &o);
  assert_true(t.result->batch.loss < 0.8 * t.result->curve.loss[0]);
  end(&t);
}

/* The gradient against differences of the loss, on the boundary task in one step. */
static void test_gradient_by_differences(void **state) {
  (void)state;
  syn_options o;
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_DESCENT);
  double net[] = {2, 5, 1};
  assert_int_equal(syn_options_set_list(&o, "net", net, 3, NULL), SYN_OK);
  syn_options_set_number(&o, "points", 50, NULL);
  o.iterations = 1;
  o.rate = 1;
  trial t;
  run(&t, &o);
  float w[21];
  syn_run_init(w, &o, &t.task->plan);
  for (size_t s = 0; s < 21; s++) {
    const float h = 1e-3f;
    float keep = w[s];
    w[s] = keep + h;
    double up = oracle_points(t.task, w, NULL, 0).loss;
    w[s] = keep - h;
    double down = oracle_points(t.task, w, NULL, 0).loss;
    w[s] = keep;
    double gradient = (up - down) / (2.0 * (double)h);
    double moved = (double)keep - (double)t.result->weights[s];
    assert_true(fabs(moved - gradient) < 2e-3 * fabs(gradient) + 2e-6);
  }
  end(&t);
}

/* ---- options ------------------------------------------------------------------------------------- */

static void test_options(void **state) {
  (void)state;
  syn_options o;
  syn_shape shape;
  syn_ctx ctx = {0};
  syn_options_default(&o, &syn_task_images, SYN_METHOD_SYNAPTIC);
  assert_int_equal(syn_options_set_number(&o, "iteratons", 5, &ctx), SYN_EINVAL);
  assert_non_null(strstr(ctx.error, "did you mean 'iterations'"));
  assert_int_equal(syn_options_set_number(&o, "batch_size", 0.5, &ctx), SYN_EINVAL);
  assert_non_null(strstr(ctx.error, "whole number"));
  assert_int_equal(syn_options_set_text(&o, "split", "dedupe", &ctx), SYN_EINVAL);
  assert_non_null(strstr(ctx.error, "random, chance, dedup"));
  assert_int_equal(syn_options_set_text(&o, "rate", "fast", &ctx), SYN_EINVAL);
  assert_int_equal(syn_options_set_number(&o, "rate", NAN, &ctx), SYN_EINVAL);
  assert_int_equal(syn_options_preset(&o, "author", &ctx), SYN_EINVAL);
  assert_non_null(strstr(ctx.error, "authors"));
  o.loss = SYN_LOSS_EUCLIDEAN;
  assert_int_equal(syn_options_check(&o, &shape, &ctx), SYN_OK);
  syn_options_default(&o, &syn_task_images, SYN_METHOD_SYNAPTIC);
  o.batch_size = 0;
  assert_int_equal(syn_options_check(&o, &shape, &ctx), SYN_EINVAL);
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.loss = SYN_LOSS_CROSS_ENTROPY;
  assert_int_equal(syn_options_check(&o, &shape, &ctx), SYN_EINVAL);
}

static void test_presets(void **state) {
  (void)state;
  syn_options o;
  syn_options_default(&o, &syn_task_images, SYN_METHOD_SYNAPTIC);
  assert_true(o.bias_step == 1 && o.rate_switch == 0 && o.iterations == 200000);
  double net[] = {784, 32, 10};
  syn_options_set_list(&o, "net", net, 3, NULL);
  syn_options_preset(&o, "paper", NULL);
  assert_true(o.rate_switch == 60000 && o.iterations == 500000 && o.rate_factor == 0.5);
  syn_options_preset(&o, "authors", NULL);
  assert_true(o.rate_switch == 100000 && o.bias_step == 2 &&
              strcmp(syn_option_value(&o, syn_option_find("split")).text, "chance") == 0 &&
              o.abort_below == 0.2 && o.abort_after == 25000);
}

static void test_network_must_fit_the_data(void **state) {
  (void)state;
  syn_options o;
  syn_ctx ctx = {0};
  syn_task *task;
  image_options(&o, SYN_METHOD_SYNAPTIC, 0);
  o.net[0] = 35;
  assert_int_equal(syn_task_open(&task, &o, small_images(), kernels(), &ctx), SYN_EINVAL);
  assert_non_null(strstr(ctx.error, "; net = {36, 3} would"));
  image_options(&o, SYN_METHOD_SYNAPTIC, 0);
  o.net[1] = 4;
  assert_int_equal(syn_task_open(&task, &o, small_images(), kernels(), &ctx), SYN_EINVAL);
  assert_non_null(strstr(ctx.error, "3 classes"));
  image_options(&o, SYN_METHOD_SYNAPTIC, 0);
  o.batch_size = 5000;
  assert_int_equal(syn_task_open(&task, &o, small_images(), kernels(), &ctx), SYN_EINVAL);
  assert_non_null(
      strstr(ctx.error, "; batch_size = 0, batch_interval = 0 would (225 images train)"));
  o.net[0] = 35, o.net[1] = 7, o.net[2] = 4;
  assert_int_equal(syn_task_open(&task, &o, small_images(), kernels(), &ctx), SYN_EINVAL);
  assert_non_null(
      strstr(ctx.error, "; net = {36, 7, 3}, batch_size = 0, batch_interval = 0 would"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_oracle_images),
      cmocka_unit_test(test_oracle_boundary),
      cmocka_unit_test(test_oracle_batch_of_points),
      cmocka_unit_test(test_weights_stand_on_the_lattice),
      cmocka_unit_test(test_first_iterations_by_hand),
      cmocka_unit_test(test_rate_switch_and_abort),
      cmocka_unit_test(test_both_methods_learn),
      cmocka_unit_test(test_gradient_by_differences),
      cmocka_unit_test(test_options),
      cmocka_unit_test(test_presets),
      cmocka_unit_test(test_network_must_fit_the_data),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
