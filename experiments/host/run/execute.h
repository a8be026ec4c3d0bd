/* One run from its spec to its record, in this process. */
#ifndef SYN_HOST_EXECUTE_H
#define SYN_HOST_EXECUTE_H

#include "engine/train/run.h"
#include "experiments/host/run/spec.h"
#include "experiments/host/store/store.h"

/* The caller owns *record. `threads` of this one run. */
syn_status host_execute(json_t **record, const host *h, const host_spec *spec, unsigned threads,
                        const syn_observer *observer, syn_ctx *ctx);

/* Is shown a run that has ended, with what its record leaves out. Its status ends the run. */
typedef struct host_taker {
  void *self;
  syn_status (*take)(void *self, const json_t *record, const host_spec *spec, const syn_task *task,
                     const syn_result *result, syn_ctx *ctx);
} host_taker;

/* The same, shown to a taker. */
syn_status host_execute_for(const host_taker *taker, const host *h, const host_spec *spec,
                            unsigned threads, const syn_observer *observer, syn_ctx *ctx);

/* One run into the store: goes on from its checkpoint, writes new ones, leaves its record. The
 * observer must not be NULL. SYN_EIO: the checkpoint stays. */
syn_status host_compute(const host *h, host_store store, const host_spec *spec, unsigned threads,
                        const syn_observer *observer, syn_ctx *ctx);

/* Roughly how much a run costs, in multiply-adds: to put long runs first and to tell the time. */
double host_cost(const host_spec *spec);

#endif
