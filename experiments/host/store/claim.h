/* Claims: several processes share a store, and each run is computed once. Whoever computes a run
 * holds a lock on a byte of OUT/runs/claims, an empty file; the system lets go of it when the holder
 * dies, however it dies, so nothing has to be taken over.
 *
 * On one machine this is certain. On a network file system it holds as far as its locks do, and as
 * soon as one machine sees what another has written. Where a file system has no locks, runs go on
 * without claims: then two processes may compute the same run. That costs time and nothing else: both
 * get the same record, and each writes into a pack of its own.
 */
#ifndef SYN_HOST_CLAIM_H
#define SYN_HOST_CLAIM_H

#include "experiments/host/store/store.h"

typedef enum host_claim_state {
  HOST_CLAIMED,
  HOST_CLAIM_TAKEN,  /* another process has it */
  HOST_CLAIM_WITHOUT /* there are no locks here */
} host_claim_state;

/* A descriptor that holds claims, and does so in children, until all have closed it; of two of them one
 * is refused what the other has. -1: there are none here, which the calls below take. */
int host_claims_open(host_store store);

host_claim_state host_claim(int claims, const char *key);
void host_claim_end(int claims, const char *key);

/* Removes what dead processes left in the store and in OUT/plan: unfinished files, locks of a version
 * before, and checkpoints whose run has its record or that nobody has gone on from for 30 days. What is
 * claimed stays. */
void host_clean_store(host_store store);

#endif
