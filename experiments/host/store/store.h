/* A run store: a folder with the records of runs. A report's folder is one. New records go into packs,
 * FOLDER/runs/NAME.jsonl, many in a file (packs.h says how they are read, writer.h how they are
 * written). Stores of before, with a file a run, FOLDER/runs/KEY.json, and how long it took in
 * FOLDER/times/KEY, are read as well, and may stand beside packs; where both have a key, the pack counts.
 *
 * A record that is damaged, or is none of a run (shape.h), is told, with its file and line, and is as good
 * as none.
 */
#ifndef SYN_HOST_STORE_H
#define SYN_HOST_STORE_H

#include "experiments/host/base/host.h"

struct host_store_memory; /* what is known of its packs, and the one that is written */

typedef struct host_store {
  const char *folder; /* borrowed */
  struct host_store_memory *memory;
} host_store;

/* That of --store, else of the report's folder; it stands in h->store. */
host_store host_own_store(const host *h);

/* What a store needs in memory, for any folder, one after the other; NULL: not enough. Closed it lets go
 * of what is written. SYN_EIO: that cannot be said to be on the disk. */
struct host_store_memory *host_store_remember(void);
syn_status host_store_forget(struct host_store_memory *memory, syn_ctx *ctx);

/* FOLDER/part/key + end. SYN_EINVAL: too long. */
syn_status host_store_path(host_store store, char *path, size_t size, const char *part,
                           const char *key, const char *end, syn_ctx *ctx);

/* Before a first record is written: makes FOLDER/runs. SYN_EINPUT: it cannot be written. */
syn_status host_store_make(host_store store, syn_ctx *ctx);

/* What other processes have written until now will be found. Without it, it is some moments later. */
syn_status host_store_look(host_store store, syn_ctx *ctx);

/* Is there a record of this key? It may be damaged. */
int host_store_has(host_store store, const char *key);

/* "seconds" stands beside the record. It survives this program at once, a loss of power after a sync:
 * see writer.h. SYN_EIO. */
syn_status host_store_write(host_store store, const char *key, json_t *record, syn_ctx *ctx);
syn_status host_store_sync(host_store store, syn_ctx *ctx);
/* To be called now and then while nothing is written: a sync that is due is done. */
void host_store_sync_soon(host_store store);

/* Is there a record of this key, and is it whole? *whole: yes. SYN_EINPUT: it is damaged. */
syn_status host_store_check(int *whole, host_store store, const char *key, syn_ctx *ctx);

/* The record, which the caller owns; *out is NULL if there is none. SYN_EINPUT: it is damaged. */
syn_status host_store_read(json_t **out, host_store store, const char *key, syn_ctx *ctx);

/* The same of a file a run, as stores of before have it; packs are not looked at. */
syn_status host_store_read_file(json_t **out, host_store store, const char *key, syn_ctx *ctx);

/* Where the record of a key stands: its file, and in a pack the line. */
void host_store_place(char *place, size_t size, host_store store, const char *key);

/* All keys that have a record, in order, each once; the caller frees them. *strange: so many lines of
 * packs are no records, or packs cannot be read, each of which was told. SYN_EINPUT: there is no store. */
typedef struct host_keys {
  char (*list)[SYN_DIGEST_SIZE];
  size_t n;
} host_keys;
syn_status host_store_keys(host_keys *out, size_t *strange, host_store store, syn_ctx *ctx);

#endif
