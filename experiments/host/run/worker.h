/* A process that computes runs, one after the other, leaves their records in the store, and ends. What
 * it is to compute, and what became of it, stands in memory that it shares with its scheduler: runs are
 * ordered ahead, so that one that is short does not wait for the next, and can be taken back until they
 * are begun.
 */
#ifndef SYN_HOST_WORKER_H
#define SYN_HOST_WORKER_H

#include <stdatomic.h>
#include <sys/types.h>

#include "experiments/host/run/spec.h"
#include "experiments/host/store/store.h"

#define HOST_AHEAD 64 /* orders that stand at a time */

typedef struct host_order { /* a run, and then what became of it */
  uint32_t run, threads;
  uint32_t first; /* iterations that were done in its checkpoint */
  int failed;     /* `error` says why */
  double seconds;
  char error[SYN_ERROR_SIZE];
} host_order;

/* Orders are counted from the worker's beginning; order i stands in orders[i % HOST_AHEAD]. */
typedef struct host_worker_report {
  _Atomic uint64_t taken;       /* begun << 32 | given: orders from `begun` to `given` are open */
  _Atomic uint32_t ended;       /* orders before have ended */
  _Atomic int leave;            /* no more will come */
  _Atomic uint32_t first, done; /* iterations of the run under way: of its checkpoint; so far */
  _Atomic uint32_t
      per_mille; /* of its batch that was right when it was last measured, and 1; 0: never */
  int stopping;  /* calls of the observer since the worker was told to stop */
  char error[SYN_ERROR_SIZE]; /* why the last records may not be on the disk */
  host_order orders[HOST_AHEAD];
} host_worker_report;

typedef struct host_worker {
  pid_t pid;      /* 0: free */
  size_t known;   /* runs that it knows: those before this one */
  uint32_t seen;  /* orders whose end the scheduler knows */
  int leaving;    /* it was told to */
  double seconds; /* that a run took lately; 0: not known */
  double cost;    /* of the last one that ended */
  double moved;   /* when the last one ended */
  host_worker_report *report;
} host_worker;

/* What a worker needs. `spec_of` gives the spec of a run, in the worker's own memory. */
typedef struct host_workshop {
  const host *h;
  host_store store;
  pid_t scheduler; /* it dies with it */
  const host_spec *(*spec_of)(const void *self, size_t run);
  const void *self;
} host_workshop;

/* Begins one that has no orders. 0, or the errno of the system that gives no process. */
int host_worker_start(host_worker *worker, const host_workshop *shop, size_t known);

/* Is there room for an order? One more; the last one that is not begun back, its run in *run, or 0. */
int host_worker_room(const host_worker *worker);
void host_worker_give(host_worker *worker, size_t run, unsigned threads);
int host_worker_take_back(host_worker *worker, size_t *run);

/* Orders that are not begun; the order under way, or NULL. */
unsigned host_worker_open(const host_worker *worker);
const host_order *host_worker_busy(const host_worker *worker);

/* How many orders have ended; the next of them, each once, or NULL behind the first `ended`. */
uint32_t host_worker_ended(const host_worker *worker);
const host_order *host_worker_next_ended(host_worker *worker, uint32_t ended);

/* No more orders: it ends when it has none. */
void host_worker_leave(host_worker *worker);

/* Of the run under way: iterations since it began, and before that; on its batch, as it was last
 * measured, NAN before. */
uint32_t host_worker_done(const host_worker *worker);
uint32_t host_worker_first(const host_worker *worker);
double host_worker_accuracy(const host_worker *worker);

#endif
