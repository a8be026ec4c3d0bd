/* Records: what a finished run leaves, as JSON; and the store, OUT/runs/KEY.json.
 *
 * A record file is {"record": {...}, "sha256": digest of the record's canonical text}: a file that
 * was cut, mixed up or edited shows. Files are written whole or not at all. Numbers have 17 digits,
 * so that they come back with the same bits; what is not a number is null.
 */
#ifndef SYN_HOST_RECORD_H
#define SYN_HOST_RECORD_H

#include "engine/train/run.h"
#include "experiments/host/spec.h"

/* The record of a result. `map` entries are added if the options ask for them. The caller owns
 * *out. */
syn_status host_record_make(json_t **out, const host *h, const host_spec *spec,
                            const syn_task *task, const syn_result *result,
                            const syn_policy *policy, double seconds, syn_ctx *ctx);

/* A record of a run that failed: key, spec, status "failed", error. */
json_t *host_record_failed(const host_spec *spec, const char *error);

/* Is there a record of this key in the store? It may be damaged. */
int host_record_kept(const host *h, const char *key);

/* "seconds" goes into OUT/times, all else into the record file. */
syn_status host_record_write(const host *h, const char *key, json_t *record, syn_ctx *ctx);

/* The stored record; *out is NULL if there is none. SYN_EINPUT: it is damaged. */
syn_status host_record_read(json_t **out, const host *h, const char *key, syn_ctx *ctx);

#endif
