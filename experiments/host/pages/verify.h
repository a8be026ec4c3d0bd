/* What `synlab verify` and `synlab export` share: verify_runs.c computes runs of a report again and
 * compares them. commands/verify.c reads the command and hashes files. */
#ifndef SYN_HOST_VERIFY_H
#define SYN_HOST_VERIFY_H

#include "experiments/host/pages/manifest.h"
#include "experiments/host/store/store.h"

typedef struct host_entry { /* a run as one page has it; all borrowed from the manifest */
  const char *page_name, *key;
  const json_t *page, *run;
  size_t number; /* its place in the manifest, from 1 on */
  double seconds;
} host_entry;

typedef struct host_verification {
  host *h;
  host_store store;         /* where runs are computed */
  const char *folder, *run; /* run: key or number as typed, or NULL */
  int all;
  const char *paths[HOST_SETS_MAX]; /* of --data */
  size_t n_paths;
  json_t *manifest;
  host_entry *entries; /* every run of every page */
  size_t n;
  json_t *places; /* {digest: name or path of a set with these images} */
  size_t wrong;   /* so many things are not as the manifest says; each was told */
} host_verification;

/* Lists the runs of the manifest and opens the sets of --data. SYN_EINPUT: a set is none of the
 * report's. */
syn_status host_verify_open(host_verification *v, syn_ctx *ctx);

/* Frees what it has, the manifest too; also where opening failed. */
void host_verify_close(host_verification *v);

/* Computes the runs that are asked for, or a drawn one, and compares. SYN_EINVAL, SYN_EINPUT: no such
 * run; its images are not at hand; this program computes other bits. */
syn_status host_verify_runs(host_verification *v, syn_ctx *ctx);

#define HOST_KEY_LEAST 8 /* digits of a key; what is shorter is a run's number */

/* A run by its number, its place in the manifest from 1 on, through all pages in their order; or by the first
 * digits of its key. NULL, SYN_EINVAL: there is none; `typed` ("--run 7") begins the line. */
const host_entry *host_verify_choose(const host_verification *v, const char *word,
                                     const char *typed, syn_ctx *ctx);

/* Did it fail, so that there is nothing to compare? */
int host_entry_failed(const host_entry *entry);

/* The run to be computed here. The caller closes it. SYN_EINPUT: its images are not at hand; this
 * program computes other bits. */
syn_status host_verify_spec(host_verification *v, host_spec *out, const host_entry *entry,
                            syn_ctx *ctx);

typedef enum host_likeness { HOST_DIFFERENT, HOST_LIKE, HOST_SAME_BITS } host_likeness;

/* What was computed beside the manifest, told in a line; a difference counts. `record` did not fail. */
syn_status host_verify_compare(host_verification *v, host_likeness *out, const host_entry *entry,
                               const json_t *record, syn_ctx *ctx);

#define HOST_STORE_SIZE 1024

/* Makes an empty store for the time of the command, and removes it (verify_store.c). SYN_EIO. */
syn_status host_verify_store_open(char store[HOST_STORE_SIZE], int *lock, syn_ctx *ctx);
void host_verify_store_close(const char *store, int lock);

#endif
