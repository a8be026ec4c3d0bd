/* What is kept of a run that has not ended: FOLDER/runs/KEY.checkpoint. The file is the SHA-256 of all that
 * follows; the key; seconds spent so far; the state (engine/train/checkpoint.h). run/checkpoint.h writes it.
 */
#ifndef SYN_HOST_KEPT_H
#define SYN_HOST_KEPT_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/digest.h"
#include "engine/base/status.h"

#define HOST_KEPT_HEAD (2 * (SYN_DIGEST_SIZE - 1) + sizeof(double)) /* bytes before the state */

typedef struct host_kept {
  char *file; /* owned: all of it (n) */
  size_t n;
  double spent;  /* seconds */
  uint32_t done; /* iterations */
} host_kept;

/* SYN_EINPUT, with the path: it is damaged, or of another run or version of the program. SYN_EIO: it cannot be
 * read, so that what is in it is unknown. */
syn_status host_kept_read(host_kept *out, const char *path, const char *key, syn_ctx *ctx);
void host_kept_close(host_kept *kept);

/* The head before a state of n bytes, which stands in `file` behind it. */
void host_kept_head(char *file, const char *key, double spent, size_t n);

#endif
