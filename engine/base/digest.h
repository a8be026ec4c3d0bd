/* Digest: SHA-256 (through libmd), as text of 64 hex digits. Names data sets, runs and outputs. */
#ifndef SYN_BASE_DIGEST_H
#define SYN_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_DIGEST_SIZE 65 /* 64 hex digits and the end */

/* Of a piece of memory. */
void syn_digest_bytes(char out[SYN_DIGEST_SIZE], const void *bytes, size_t n);

/* Of a file. SYN_EIO if it cannot be read. */
syn_status syn_digest_file(char out[SYN_DIGEST_SIZE], const char *path, syn_ctx *ctx);

#ifdef __cplusplus
}
#endif

#endif
