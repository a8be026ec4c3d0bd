#include "engine/base/clock.h"
#include "experiments/host/bench/time.h"

#include <stdlib.h>

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double host_median(double *v, size_t n) {
  qsort(v, n, sizeof *v, ascending);
  return n ? v[n / 2] : 0;
}

typedef struct stopwatch {
  double last, *laps;
  size_t n, room;
} stopwatch;

static syn_status lap(void *self, uint32_t done, uint32_t of, syn_score batch) {
  (void)of;
  (void)batch;
  stopwatch *w = self;
  double t = syn_clock();
  if (done > 1 && w->n < w->room) /* the first iteration includes the set-up */
    w->laps[w->n++] = t - w->last;
  w->last = t;
  return SYN_OK;
}

syn_status host_time_run(double *out, const host *h, const syn_options *o, const syn_images *images,
                         syn_policy *policy, syn_ctx *ctx) {
  stopwatch watch = {.room = (size_t)o->iterations};
  syn_observer observer = {&watch, lap, NULL};
  syn_task *task = NULL;
  syn_result *result = NULL;
  watch.laps = calloc(watch.room, sizeof *watch.laps);
  syn_status status = watch.laps ? SYN_OK : syn_fail_memory(ctx, "the benchmark");
  if (!status)
    status = syn_task_open(&task, o, images, h->kernels, ctx);
  if (!status)
    status = syn_run_synaptic(&result, o, task, policy, h->kernels, &observer, ctx);
  if (!status)
    *out = host_median(watch.laps, watch.n);
  syn_result_close(result);
  syn_task_close(task);
  free(watch.laps);
  return status;
}
