/* Why runs would be computed: for each that a store lacks, the record that is nearest to it, and in what
 * they differ. Runs are told first, then the records, one pass over them; of a record only what is nearest
 * to some run is kept.
 */
#ifndef SYN_HOST_WHY_H
#define SYN_HOST_WHY_H

#include <stdio.h>

#include "experiments/host/run/spec.h"

typedef struct host_why host_why;

/* NULL: not enough memory. */
host_why *host_why_open(host *h);
void host_why_close(host_why *why);

/* A run that scripts ask for; is it in the store? One that was told before counts once. SYN_ENOMEM. */
syn_status host_why_run(host_why *why, const host_spec *spec, int there, syn_ctx *ctx);

/* A whole record. SYN_ENOMEM. */
syn_status host_why_record(host_why *why, const json_t *record, syn_ctx *ctx);

/* Of a key, which may be that of a run, there is a record that counts for nothing: "FILE:LINE: this record
 * is damaged". SYN_ENOMEM. */
syn_status host_why_damaged(host_why *why, const char *key, const char *what, syn_ctx *ctx);

typedef struct host_why_counts {
  size_t there, missing; /* runs */
  size_t unknown;        /* records of runs that this program knows no more */
} host_why_counts;
host_why_counts host_why_count(const host_why *why);

/* A line for each run that is missing, as they were told. */
void host_why_print(FILE *out, const host_why *why);

/* A line for each kind of difference: so many runs differ in their seeds, so many in rate and epsilon. */
void host_why_kinds(FILE *out, const host_why *why);

#endif
