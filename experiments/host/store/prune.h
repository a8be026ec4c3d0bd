/* What is stale in a run store, found in one pass, and taken away.
 *
 * A line of a pack is kept if it is the whole one that counts for its key (store.h); a pack with others is
 * written anew beside it, synced, and renamed over it, while its lock keeps writers away (writer.h). A pack
 * that is held by a running writer is left alone, and so is one that changed meanwhile. Whatever is taken
 * away has its place taken by something that was synced before, or is no record: a crash at any moment
 * loses nothing, and the next prune goes on.
 */
#ifndef SYN_HOST_PRUNE_H
#define SYN_HOST_PRUNE_H

#include "experiments/host/store/scan.h"

typedef enum host_stale {
  HOST_STALE_DAMAGED,     /* lines that are no records, and damaged ones; files likewise */
  HOST_STALE_SUPERSEDED,  /* a later record of the key counts */
  HOST_STALE_OTHER,       /* whole, but not wanted */
  HOST_STALE_SINGLES,     /* files of single records that a pack has too, with their times */
  HOST_STALE_CHECKPOINTS, /* of runs that have their record */
  HOST_STALE_USELESS,     /* checkpoints that this program cannot go on from (kept.h) */
  HOST_STALE_TEMPORARY,   /* files that dead processes were writing */
  HOST_STALE_PLANS,       /* of runs that are done; counted by who can read plans */
  HOST_STALE_KINDS
} host_stale;

typedef struct host_pruned {
  size_t n[HOST_STALE_KINDS];
  uint64_t bytes[HOST_STALE_KINDS];
  size_t held; /* files that were left alone, each of which was told */
} host_pruned;

/* Takes away what is stale if `removes`; else it is only counted, and nothing is written. `wanted` (may be
 * NULL): 0 for a whole record that shall go as well. SYN_EINPUT: there is no store; SYN_EIO. */
syn_status host_prune(host_pruned *out, host_store store, int removes,
                      int (*wanted)(void *self, const host_seen *seen), void *self, syn_ctx *ctx);

#endif
