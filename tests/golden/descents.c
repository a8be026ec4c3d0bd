/* Short runs of gradient descent, and the fingerprint of their losses and weights: the same on every
 * instruction set, with every compiler and level of optimisation (tests/golden/builds.sh).
 *
 * Exit 0 if all fingerprints are those pinned below, else 1 and the lines that differ.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/run.h"
#include "tests/golden/runs.h"

typedef struct golden {
  const char *name;
  const syn_task_class *task;
  double net[5];
  int hidden;
  double iterations, batch_size, batch_interval, rate;
  const char *options;  /* any others: "name value name value" */
  const char *expected; /* losses, weights */
} golden;

static const golden goldens[] = {
    {"images 784-10",
     &syn_task_images,
     {784, 10},
     SYN_RELU,
     20,
     0,
     0,
     0.1,
     "init_range 0.1",
     "c2d747d4883cb922 754051ce4917ba06"},
    {"images 784-32-10",
     &syn_task_images,
     {784, 32, 10},
     SYN_RELU,
     20,
     0,
     0,
     0.1,
     "init_range 0.1 bias_step 2",
     "42303f1824cbfc46 0f91f91879a2c131"},
    {"images, three layers, tanh, Euclidean",
     &syn_task_images,
     {784, 17, 13, 10},
     SYN_TANH,
     20,
     0,
     0,
     1,
     "init_range 0.3 loss euclidean",
     "9237041d3736b1a0 04eb7ab7ef177aed"},
    {"images, mini-batches",
     &syn_task_images,
     {784, 12, 10},
     SYN_RELU,
     30,
     50,
     1,
     0.1,
     "rate_schedule linear",
     "89e5765349a5e2c1 e1df0308f9b4e773"},
    {"boundary",
     &syn_task_boundary,
     {2, 100, 1},
     SYN_TANH,
     30,
     0,
     0,
     0.1,
     "points 500",
     "185a4199d737b7a1 ff86da9e62c924c5"},
    {"boundary, batches, two hidden layers",
     &syn_task_boundary,
     {2, 30, 20, 1},
     SYN_RELU,
     30,
     77,
     3,
     0.5,
     "points 500",
     "14f7b4309a0d955f 3094bdb4ac823b6f"},
};

static syn_status set_options(syn_options *o, const golden *g, syn_ctx *ctx) {
  syn_options_default(o, g->task, SYN_METHOD_DESCENT);
  memcpy(o->net, g->net, sizeof g->net);
  o->hidden = g->hidden;
  o->iterations = g->iterations;
  o->batch_size = g->batch_size;
  o->batch_interval = g->batch_interval;
  o->rate = g->rate;
  o->curve_every = o->validate_every = 0;
  o->seed = 20220412;
  return set_others(o, g->options, ctx);
}

/* Runs a case; 0 if that failed or gave other bits. */
static int check(const golden *g, const char *isa) {
  syn_ctx ctx = {0};
  syn_options options;
  syn_task *task = NULL;
  syn_result *result = NULL;
  const syn_kernels *kernels;
  char got[64] = "";
  const syn_images *images = g->task == &syn_task_images ? make_images() : NULL;
  syn_status status = syn_kernels_get(&kernels, isa, &ctx);
  if (!status)
    status = set_options(&options, g, &ctx);
  if (!status)
    status = syn_task_open(&task, &options, images, kernels, &ctx);
  if (!status)
    status = syn_run_descent(&result, &options, task, kernels, NULL, &ctx);
  if (!status)
    snprintf(got, sizeof got, "%016" PRIx64 " %016" PRIx64, result->trace_loss,
             syn_trace_f32s(SYN_TRACE_START, result->weights, result->synapses));
  int same = strcmp(got, g->expected) == 0;
  if (!same)
    printf("%s, %s:\n  got      %s\n  expected %s\n", g->name, isa, status ? ctx.error : got,
           g->expected);
  syn_result_close(result);
  syn_task_close(task);
  return same;
}

int main(void) {
  int wrong = 0, checked = 0;
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (const golden *g = goldens; g < goldens + sizeof goldens / sizeof *goldens; g++)
    for (const char **isa = offered; *isa; isa++, checked++)
      wrong += !check(g, *isa);
  printf("%d passed, %d failed\n", checked - wrong, wrong);
  return wrong != 0;
}
