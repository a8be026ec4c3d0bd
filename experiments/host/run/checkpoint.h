/* Checkpoints of a run on disk: OUT/runs/KEY.checkpoint, written every profile.checkpoint seconds
 * (0: at every row of the curve) and when the run is stopped, whole or not at all, and removed when the run has ended.
 * store/kept.h says what stands in it; one that is cut, edited or of another run is named and ignored.
 */
#ifndef SYN_HOST_CHECKPOINT_H
#define SYN_HOST_CHECKPOINT_H

#include "engine/train/run.h"
#include "experiments/host/store/store.h"

typedef struct host_checkpoint {
  syn_checkpoint hook; /* for the observer */
  const char *key;
  char path[4096];
  double every;       /* seconds */
  double spent;       /* seconds, before this process began with the run */
  double begin, last; /* times: of this process's part; of the last checkpoint */
  int reported;       /* that there are none, or that one cannot be written */
  char *file;         /* what hook.bytes lies in */
} host_checkpoint;

/* Looks for one to go on from; profile.fresh: removes it. SYN_EINVAL if OUT is no path. */
syn_status host_checkpoint_open(host_checkpoint *out, const host *h, host_store store,
                                const char *key, syn_ctx *ctx);

/* Begins anew: what was to be gone on from is of no use, and `why`. */
void host_checkpoint_reject(host_checkpoint *checkpoint, const char *why);

/* The run has ended. */
void host_checkpoint_remove(const host_checkpoint *checkpoint);
void host_checkpoint_close(host_checkpoint *checkpoint);

#endif
