/* Bytes into gzip, piece by piece, so that only what is packed is in memory. No name and no time stand in
 * it: the same bytes give the same ones.
 */
#ifndef SYN_DATA_GZIP_H
#define SYN_DATA_GZIP_H

#include <stddef.h>

#include "engine/base/status.h"

typedef struct syn_gzip syn_gzip;

/* The caller owns *out. SYN_ENOMEM, here and below. */
syn_status syn_gzip_open(syn_gzip **out, syn_ctx *ctx);
syn_status syn_gzip_add(syn_gzip *gzip, const void *bytes, size_t n, syn_ctx *ctx);

/* Ends it: all that was packed, *n bytes, which live as long as it. */
syn_status syn_gzip_end(const void **bytes, size_t *n, syn_gzip *gzip, syn_ctx *ctx);
void syn_gzip_close(syn_gzip *gzip); /* NULL is fine */

#endif
