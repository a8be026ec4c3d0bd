/* A run on a small set of images or a boundary, for tests that look at what it leaves. */
#ifndef SYN_TESTS_UNIT_TRIAL_H
#define SYN_TESTS_UNIT_TRIAL_H

#include <math.h>

#include "engine/train/run.h"
#include "tests/unit/policies.h"

static inline const syn_kernels *kernels(void) {
  const syn_kernels *k;
  assert_int_equal(syn_kernels_get(&k, NULL, NULL), SYN_OK);
  return k;
}

/* 300 images of 3 classes, side 6: a bright row tells the class. */
static inline syn_images *small_images(void) {
  enum { N = 300, SIDE = 6, DIM = SIDE * SIDE };
  static uint8_t pixels[N * DIM], labels[N];
  static syn_images images = {.n = N, .width = SIDE, .height = SIDE, .classes = 3};
  for (size_t n = 0; n < N; n++) {
    labels[n] = (uint8_t)(n % 3);
    for (size_t i = 0; i < DIM; i++) {
      uint32_t noise = syn_random_bits(5, SYN_STREAM_POINTS, 0, n * DIM + i) >> 24;
      pixels[n * DIM + i] = (uint8_t)(i / SIDE / 2 == labels[n] ? 160 + noise / 4 : noise / 2);
    }
  }
  images.pixels = pixels;
  images.labels = labels;
  return &images;
}

static inline void image_options(syn_options *o, syn_method method, double hidden) {
  syn_options_default(o, &syn_task_images, method);
  double net[] = {36, hidden, 3}, flat[] = {36, 3};
  assert_int_equal(hidden > 0 ? syn_options_set_list(o, "net", net, 3, NULL)
                              : syn_options_set_list(o, "net", flat, 2, NULL),
                   SYN_OK);
  o->batch_size = method == SYN_METHOD_SYNAPTIC ? 100 : 0;
  o->batch_interval = method == SYN_METHOD_SYNAPTIC ? 50 : 0;
  o->iterations = 400;
  o->rate = method == SYN_METHOD_SYNAPTIC ? 0.01 : 0.5;
  o->rate_switch = 0;
  o->curve_every = o->validate_every = 100;
}

typedef struct trial {
  syn_task *task;
  syn_policy *policy;
  syn_result *result;
} trial;

static inline void run(trial *t, const syn_options *o) {
  syn_ctx ctx = {0};
  const syn_images *images = o->task->images ? small_images() : NULL;
  *t = (trial){0};
  assert_int_equal(syn_task_open(&t->task, o, images, kernels(), &ctx), SYN_OK);
  if (o->method == SYN_METHOD_SYNAPTIC) {
    t->policy = explore(0.25, open_policy("qtable", NULL, 0));
    assert_int_equal(syn_run_synaptic(&t->result, o, t->task, t->policy, kernels(), NULL, &ctx),
                     SYN_OK);
  } else {
    assert_int_equal(syn_run_descent(&t->result, o, t->task, kernels(), NULL, &ctx), SYN_OK);
  }
}

static inline void end(trial *t) {
  syn_result_close(t->result);
  syn_policy_close(t->policy);
  syn_task_close(t->task);
}

static inline void assert_near(double got, double want, double relative) {
  if (!(fabs(got - want) <= relative * fabs(want)))
    fail_msg("%.12g, expected %.12g", got, want);
}

#endif
