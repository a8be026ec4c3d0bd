/* A run store: a folder with a record a run, FOLDER/runs/KEY.json, and how long each took, which is no
 * result, in FOLDER/times/KEY. A report's folder is one. A record is written under another name and
 * renamed, with its digest; one that is damaged is told.
 */
#ifndef SYN_HOST_STORE_H
#define SYN_HOST_STORE_H

#include "experiments/host/base/host.h"

typedef struct host_store {
  const char *folder; /* borrowed */
} host_store;

/* That of the report's folder. */
host_store host_own_store(const host *h);

/* FOLDER/part/key + end. SYN_EINVAL: too long. */
syn_status host_store_path(host_store store, char *path, size_t size, const char *part,
                           const char *key, const char *end, syn_ctx *ctx);

/* Is there a record of this key? It may be damaged. */
int host_store_has(host_store store, const char *key);

/* "seconds" goes into FOLDER/times, all else into the record file. SYN_EIO. */
syn_status host_store_write(host_store store, const char *key, json_t *record, syn_ctx *ctx);

/* The record, which the caller owns; *out is NULL if there is none. SYN_EINPUT: it is damaged. */
syn_status host_store_read(json_t **out, host_store store, const char *key, syn_ctx *ctx);

#endif
