/* Runs of a queue to workers, and what became of them. */
#ifndef SYN_HOST_DISPATCH_H
#define SYN_HOST_DISPATCH_H

#include "experiments/host/run/queue.h"

/* A run has its record, or has failed: so have its twins. */
void host_dispatch_done(host_queue *queue, size_t run);

/* Gives runs to workers: to each one, and to those whose runs are short, some ahead. SYN_EIO: no worker
 * can be started. */
syn_status host_dispatch(host_queue *queue, syn_ctx *ctx);

/* Takes what has ended; sleeps a little if nothing has. */
void host_dispatch_reap(host_queue *queue);

/* The line of progress. */
void host_dispatch_show(host_queue *queue);

/* Workers keep a checkpoint and end; one that does not in time is killed. */
void host_dispatch_stop(host_queue *queue);

#endif
