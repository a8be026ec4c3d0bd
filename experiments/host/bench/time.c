#include "experiments/host/bench/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policies/registry.h"

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double host_median(double *v, size_t n) {
  qsort(v, n, sizeof *v, ascending);
  return n ? v[n / 2] : 0;
}

host_spread host_spread_of(const double *v, size_t n) {
  double sorted[HOST_ROUNDS] = {0};
  memcpy(sorted, v, n * sizeof *v);
  double median = host_median(sorted, n);
  return (host_spread){median, sorted[n / 4], sorted[n - 1 - n / 4]};
}

/* ---- policies ---------------------------------------------------------------------------------- */

const char *const host_timed_names[HOST_TIMED] = {"win_stay", "trained", "training"};

/* Greedy actions by state, in the order of a policy file: rewards older first, then actions. */
static const char win_stay[] = "+0-+0--0+";
static const char trained[] =
    "++-+0-+0----------+++0-0------0+0-------0-------------+--00-0+0---------0-0--+0+0";

/* A policy file that says so. */
static void write_table(char *csv, size_t size, const char *greedy) {
  size_t states = strlen(greedy), n = states == 9 ? 1 : 2, used = 0;
  used +=
      (size_t)snprintf(csv, size, n == 1 ? "a_newer,r_newer" : "a_older,a_newer,r_older,r_newer");
  used += (size_t)snprintf(csv + used, size - used, ",q_dec,q_null,q_inc\n");
  for (size_t s = 0; s < states; s++) {
    int digit[4],
        rest = (int)s; /* r_older, r_newer, a_older, a_newer, of which the last is lowest */
    for (size_t d = 4; d-- > 0; rest /= 3)
      digit[d] = rest % 3 - 1;
    if (n == 1)
      used += (size_t)snprintf(csv + used, size - used, "%d,%d", digit[3], digit[2]);
    else
      used += (size_t)snprintf(csv + used, size - used, "%d,%d,%d,%d", digit[2], digit[3], digit[0],
                               digit[1]);
    used += (size_t)snprintf(csv + used, size - used, ",%d,%d,%d\n", greedy[s] == '-',
                             greedy[s] == '0', greedy[s] == '+');
  }
}

syn_status host_timed_open(syn_policy **out, host_timed which, syn_ctx *ctx) {
  syn_policy *inner;
  char csv[4096];
  syn_arg text = {.name = "csv", .kind = SYN_ARG_TEXT, .text = csv};
  write_table(csv, sizeof csv, which == HOST_WIN_STAY ? win_stay : trained);
  syn_status status = which == HOST_TRAINING ? syn_policy_open(&inner, "qtable", NULL, 0, ctx)
                                             : syn_policy_open(&inner, "table", &text, 1, ctx);
  if (status)
    return status;
  syn_arg args[] = {{.name = "epsilon", .kind = SYN_ARG_NUMBER, .number = 0.1},
                    {.name = "inner", .kind = SYN_ARG_POLICY, .policy = inner}};
  return syn_policy_open(out, "explore", args, 2, ctx);
}

/* ---- iterations -------------------------------------------------------------------------------- */

typedef struct stopwatch {
  const host_timing *how;
  double last;
  double *laps;
  size_t n, room;
} stopwatch;

static syn_status lap(void *self, uint32_t done, uint32_t of, syn_score batch) {
  (void)of;
  (void)batch;
  stopwatch *w = self;
  double t = syn_clock();
  int counts = done > w->how->skip && w->n < w->room;
  if (counts)
    w->laps[w->n++] = t - w->last;
  if (w->how->each)
    w->how->each(w->how->self, counts ? t - w->last : 0);
  w->last = syn_clock();
  return SYN_OK;
}

static double typical(double *laps, size_t n) {
  double sum = 0;
  size_t kept = n - n / 8;
  qsort(laps, n, sizeof *laps, ascending);
  for (size_t i = 0; i < kept; i++)
    sum += laps[i];
  return kept ? sum / (double)kept : 0;
}

syn_status host_time_run(double *out, const host_timing *how, const syn_options *o,
                         syn_policy *policy, syn_ctx *ctx) {
  stopwatch watch = {.how = how, .room = (size_t)o->iterations};
  syn_observer observer = {&watch, lap, NULL};
  syn_task *task = NULL;
  syn_result *result = NULL;
  watch.laps = calloc(watch.room, sizeof *watch.laps);
  syn_status status = watch.laps ? SYN_OK : syn_fail_memory(ctx, "the benchmark");
  if (!status)
    status = syn_task_open(&task, o, how->images, how->kernels, ctx);
  if (!status)
    status = syn_run_synaptic(&result, o, task, policy, how->kernels, &observer, ctx);
  if (!status)
    *out = typical(watch.laps, watch.n);
  syn_result_close(result);
  syn_task_close(task);
  free(watch.laps);
  return status;
}
