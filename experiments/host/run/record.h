/* Records: what a finished run leaves, as JSON. Numbers have 17 digits, so that they come back with the
 * same bits; what is not a number is null. How they are kept is said in store/store.h.
 */
#ifndef SYN_HOST_RECORD_H
#define SYN_HOST_RECORD_H

#include "engine/train/run.h"
#include "experiments/host/run/spec.h"

/* The record of a result. `map` entries are added if the options ask for them. The caller owns
 * *out. */
syn_status host_record_make(json_t **out, const host *h, const host_spec *spec,
                            const syn_task *task, const syn_result *result,
                            const syn_policy *policy, double seconds, syn_ctx *ctx);

/* A record of a run that failed: key, spec, status "failed", error. */
json_t *host_record_failed(const host_spec *spec, const char *error);

#endif
