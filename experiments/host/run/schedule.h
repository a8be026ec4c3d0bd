/* Running many runs: a queue that groups of runs are added to, also while others are computed. Runs
 * whose record is in the store are taken from there, the others are computed by worker processes,
 * `jobs` at a time (worker.h, dispatch.h): those of the group of highest rank first, and of those the longest first. A run
 * that stands twice is computed once; one that another process computes (claim.h) is left to it, and
 * taken from the store when it is there. A worker that fails or dies is a failed record and stops no
 * other; failures are shown at the end. Ctrl-C and SIGTERM stop the workers, which keep checkpoints,
 * and they die with the scheduler, however it dies; finished records stay.
 */
#ifndef SYN_HOST_SCHEDULE_H
#define SYN_HOST_SCHEDULE_H

#include "experiments/host/run/spec.h"
#include "experiments/host/store/store.h"

#define HOST_NO_GROUP SIZE_MAX

typedef struct host_queue host_queue;

/* The caller owns *out (host_queue_close). `title`, borrowed, is that of the progress line;
 * records are kept in `store`. */
syn_status host_queue_open(host_queue **out, host *h, host_store store, const char *title,
                           syn_ctx *ctx);

/* Adds runs (n), borrowed until the queue is closed, as a group; *group is its number, from 0 on.
 * `title`, borrowed likewise, names it where a run of it fails. SYN_EIO: the store cannot be written. */
syn_status host_queue_add(host_queue *queue, size_t *group, const host_spec *specs, size_t n,
                          const char *title, unsigned rank, syn_ctx *ctx);

/* Computes until all runs of a group are done that was not told before: *group; HOST_NO_GROUP when all
 * were. SYN_ESTOPPED after a signal (stop.h); SYN_EIO if no worker can be started. */
syn_status host_queue_wait(host_queue *queue, size_t *group, syn_ctx *ctx);

/* The record of a run of a group that is done, read from the store; the caller owns it. And how many of
 * the group were computed now. */
json_t *host_queue_record(const host_queue *queue, size_t group, size_t run);
size_t host_queue_computed(const host_queue *queue, size_t group);

/* What a run of a group is called where it fails, if not by its seed. SYN_ENOMEM. */
syn_status host_queue_name(host_queue *queue, size_t group, size_t run, const char *name,
                           syn_ctx *ctx);

/* Ends what still runs, tells the failures and what was done. NULL is fine. */
void host_queue_close(host_queue *queue);

/* All of that for one group. records (n): the caller owns each; NULL: they are not wanted. */
syn_status host_schedule(json_t **records, host *h, host_store store, const host_spec *specs,
                         size_t n, const char *title, syn_ctx *ctx);

#endif
