/* A process that computes one run, leaves its record in the store, and ends. */
#ifndef SYN_HOST_WORKER_H
#define SYN_HOST_WORKER_H

#include <stdatomic.h>
#include <sys/types.h>

#include "experiments/host/run/spec.h"
#include "experiments/host/store/store.h"

/* What a worker tells the scheduler while it runs: memory that both see. */
typedef struct host_worker_report {
  _Atomic uint32_t first, done; /* iterations: of the checkpoint that it began from; so far */
  _Atomic uint32_t
      per_mille; /* of its batch that was right when it was last measured, and 1; 0: never */
  int stopping;  /* calls of the observer since the worker was told to stop */
  char error[SYN_ERROR_SIZE];
} host_worker_report;

typedef struct host_worker {
  pid_t pid; /* 0: free */
  size_t run;
  host_worker_report *report;
} host_worker;

/* Begins one, which dies with its scheduler `parent`; `claim` (claim.h) is ended by it. 0, or the errno
 * of the system that gives no process. */
int host_worker_start(host_worker *worker, const host *h, host_store store, const host_spec *spec,
                      unsigned threads, int claim, pid_t parent);

/* Iterations since it began, and before that. */
uint32_t host_worker_done(const host_worker *worker);
uint32_t host_worker_first(const host_worker *worker);

/* On its batch, as it was last measured; NAN before. */
double host_worker_accuracy(const host_worker *worker);

#endif
