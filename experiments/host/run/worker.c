#include "experiments/host/run/worker.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "experiments/host/store/claim.h"
#include "experiments/host/run/execute.h"
#include "experiments/host/base/stop.h"

/* Between the first call that knows of a stop and the second one a checkpoint is kept (checkpoint.c). */
static syn_status tell(void *self, uint32_t done, uint32_t of, syn_score batch) {
  (void)of;
  host_worker_report *report = self;
  if (host_stop_signal() && report->stopping++)
    return SYN_ESTOPPED;
  if (atomic_load_explicit(&report->done, memory_order_relaxed) == 0)
    atomic_store_explicit(&report->first, done - 1, memory_order_relaxed);
  atomic_store_explicit(&report->done, done, memory_order_relaxed);
  if (isfinite(batch.accuracy))
    atomic_store_explicit(&report->per_mille, 1 + (uint32_t)(1000 * batch.accuracy + 0.5),
                          memory_order_relaxed);
  return SYN_OK;
}

/* Never returns. The record goes into the store; an error into shared memory. */
static void work(const host_worker *w, const host *h, host_store store, const host_spec *spec,
                 unsigned threads, int claim, pid_t parent) {
  host_stop_worker();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) /* it died before we could ask to die with it */
    _exit(1);
  syn_ctx ctx = {0};
  syn_observer observer = {w->report, tell, NULL};
  syn_status status = host_compute(h, store, spec, threads, &observer, &ctx);
  if (status == SYN_OK)
    status = host_store_sync(store, &ctx);
  if (status == SYN_ESTOPPED)
    syn_fail(&ctx, status, "it was stopped by a signal; what it has done is kept");
  memcpy(w->report->error, ctx.error, sizeof ctx.error);
  host_claim_end(claim);
  _exit(status == SYN_OK ? 0 : 1);
}

int host_worker_start(host_worker *w, const host *h, host_store store, const host_spec *spec,
                      unsigned threads, int claim, pid_t parent) {
  memset(w->report, 0, sizeof *w->report);
  fflush(NULL);
  w->pid = fork();
  if (w->pid == 0)
    work(w, h, store, spec, threads, claim, parent);
  if (w->pid > 0)
    return 0;
  w->pid = 0;
  return errno;
}

uint32_t host_worker_first(const host_worker *w) {
  return atomic_load_explicit(&w->report->first, memory_order_relaxed);
}

double host_worker_accuracy(const host_worker *w) {
  uint32_t per_mille = atomic_load_explicit(&w->report->per_mille, memory_order_relaxed);
  return per_mille ? (per_mille - 1) / 1000.0 : (double)NAN;
}

uint32_t host_worker_done(const host_worker *w) {
  uint32_t first = host_worker_first(w);
  uint32_t done = atomic_load_explicit(&w->report->done, memory_order_relaxed);
  return done > first ? done - first : 0;
}
