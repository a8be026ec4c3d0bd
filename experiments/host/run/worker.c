#include "experiments/host/run/worker.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "experiments/host/run/execute.h"
#include "experiments/host/base/stop.h"

#define WAIT 300000 /* nanoseconds, for an order */

static uint32_t begun(uint64_t taken) {
  return (uint32_t)(taken >> 32);
}

static uint32_t given(uint64_t taken) {
  return (uint32_t)taken;
}

/* ---- in the worker ----------------------------------------------------------------------------- */

typedef struct observed {
  const host_workshop *shop;
  host_worker_report *report;
} observed;

/* Between the first call that knows of a stop and the second one a checkpoint is kept (checkpoint.c). */
static syn_status tell(void *self, uint32_t done, uint32_t of, syn_score batch) {
  (void)of;
  host_worker_report *report = ((observed *)self)->report;
  if (host_stop_signal() && report->stopping++)
    return SYN_ESTOPPED;
  if (atomic_load_explicit(&report->done, memory_order_relaxed) == 0)
    atomic_store_explicit(&report->first, done - 1, memory_order_relaxed);
  atomic_store_explicit(&report->done, done, memory_order_relaxed);
  if (isfinite(batch.accuracy))
    atomic_store_explicit(&report->per_mille, 1 + (uint32_t)(1000 * batch.accuracy + 0.5),
                          memory_order_relaxed);
  host_store_sync_soon(((observed *)self)->shop->store);
  return SYN_OK;
}

static void compute(host_order *order, const host_workshop *shop, host_worker_report *report) {
  syn_ctx ctx = {0};
  observed by = {shop, report};
  syn_observer observer = {&by, tell, NULL};
  double begin = syn_clock();
  atomic_store(&report->first, 0);
  atomic_store(&report->per_mille, 0);
  atomic_store(&report->done, 0);
  syn_status status = host_compute(shop->h, shop->store, shop->spec_of(shop->self, order->run),
                                   order->threads, &observer, &ctx);
  if (status == SYN_ESTOPPED)
    syn_fail(&ctx, status, "it was stopped by a signal; what it has done is kept");
  order->failed = status != SYN_OK;
  order->first = atomic_load(&report->first);
  order->seconds = syn_clock() - begin;
  memcpy(order->error, ctx.error, sizeof order->error);
}

/* The next order, which is begun with that; NULL: there is none. */
static host_order *next_order(host_worker_report *report) {
  uint64_t taken = atomic_load(&report->taken);
  do {
    if (begun(taken) == given(taken))
      return NULL;
  } while (!atomic_compare_exchange_weak(&report->taken, &taken, taken + ((uint64_t)1 << 32)));
  return &report->orders[begun(taken) % HOST_AHEAD];
}

/* Never returns. */
static void work(host_worker_report *report, const host_workshop *shop) {
  syn_ctx ctx = {0};
  host_stop_worker();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != shop->scheduler) /* it died before we could ask to die with it */
    _exit(1);
  while (!host_stop_signal()) {
    int leave = atomic_load(&report->leave); /* before: what was ordered until then is computed */
    host_order *order = next_order(report);
    if (order) {
      compute(order, shop, report);
      atomic_fetch_add(&report->ended, 1);
    } else if (leave) {
      break;
    } else {
      nanosleep(&(struct timespec){0, WAIT}, NULL);
    }
  }
  if (host_store_sync(shop->store, &ctx))
    memcpy(report->error, ctx.error, sizeof report->error);
  _exit(0);
}

/* ---- in the scheduler -------------------------------------------------------------------------- */

int host_worker_start(host_worker *w, const host_workshop *shop, size_t known) {
  host_worker_report *report = w->report;
  memset(report, 0, offsetof(host_worker_report, orders));
  *w = (host_worker){.report = report, .known = known, .moved = syn_clock()};
  fflush(NULL);
  w->pid = fork();
  if (w->pid == 0)
    work(report, shop);
  if (w->pid > 0)
    return 0;
  w->pid = 0;
  return errno;
}

int host_worker_room(const host_worker *w) {
  return !w->leaving && given(atomic_load(&w->report->taken)) - w->seen < HOST_AHEAD;
}

void host_worker_give(host_worker *w, size_t run, unsigned threads) {
  uint32_t next = given(atomic_load(&w->report->taken)); /* which nobody else changes */
  host_order *order = &w->report->orders[next % HOST_AHEAD];
  *order = (host_order){.run = (uint32_t)run, .threads = threads};
  atomic_fetch_add(&w->report->taken, 1);
}

int host_worker_take_back(host_worker *w, size_t *run) {
  uint64_t taken = atomic_load(&w->report->taken);
  do {
    if (begun(taken) == given(taken))
      return 0;
  } while (!atomic_compare_exchange_weak(&w->report->taken, &taken, taken - 1));
  *run = w->report->orders[(given(taken) - 1) % HOST_AHEAD].run;
  return 1;
}

unsigned host_worker_open(const host_worker *w) {
  uint64_t taken = atomic_load(&w->report->taken);
  return given(taken) - begun(taken);
}

const host_order *host_worker_busy(const host_worker *w) {
  uint32_t ended = atomic_load(&w->report->ended);
  return ended != begun(atomic_load(&w->report->taken)) ? &w->report->orders[ended % HOST_AHEAD]
                                                        : NULL;
}

uint32_t host_worker_ended(const host_worker *w) {
  return atomic_load(&w->report->ended);
}

const host_order *host_worker_next_ended(host_worker *w, uint32_t ended) {
  return w->seen == ended ? NULL : &w->report->orders[w->seen++ % HOST_AHEAD];
}

void host_worker_leave(host_worker *w) {
  w->leaving = 1;
  atomic_store(&w->report->leave, 1);
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
