/* Running many runs: those whose record is in the store are taken from there, the others are
 * computed by worker processes, `jobs` at a time, longest first. A run that another process computes
 * (claim.h) is left to it, and taken from the store when it is there. A worker that fails or dies is
 * a failed record and stops no other; failures are shown at the end. Ctrl-C and SIGTERM stop the workers,
 * which keep checkpoints, and they die with the scheduler, however it dies; finished records stay.
 */
#ifndef SYN_HOST_SCHEDULE_H
#define SYN_HOST_SCHEDULE_H

#include "experiments/host/spec.h"

/* records (n): the caller owns each. `title` names the batch in the progress line.
 * SYN_ESTOPPED after a signal (stop.h); SYN_EIO if no worker can be started. */
syn_status host_schedule(json_t **records, host *h, const host_spec *specs, size_t n,
                         const char *title, syn_ctx *ctx);

#endif
