/* The bytes of a file or of a member, unpacked if they are packed, and checked to their last one.
 *
 * gzip is unpacked here by zlib, because its checksum and length stand behind the data: a reader
 * that stops at the last byte it wants (libarchive does) never sees them. Members of gzip one after
 * the other are one stream, zeros behind them are padding, anything else behind them is damage.
 * bzip2, xz, lzma, zstd, lz4, lzip and compress go through libarchive's filters, which check what
 * these formats have to check.
 */
#ifndef SYN_DATA_STREAM_H
#define SYN_DATA_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/status.h"

typedef struct syn_stream syn_stream;

/* Where packed bytes come from: fills `bytes` with up to n, *got 0 at the end. */
typedef struct syn_source {
  syn_status (*read)(void *from, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx);
  void *from;
} syn_source;

/* A file. SYN_EINPUT: not a regular file, not readable. */
syn_status syn_stream_open(syn_stream **out, const char *path, syn_ctx *ctx);

/* Whatever `source` yields; `name`, borrowed, stands in errors. */
syn_status syn_stream_wrap(syn_stream **out, syn_source source, const char *name, syn_ctx *ctx);

/* Fills `bytes` with n, fewer only at the end. SYN_EINPUT: damaged, cut short. */
syn_status syn_stream_read(syn_stream *stream, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx);

/* "gzip" and the like; NULL if it is not packed. */
const char *syn_stream_filter(const syn_stream *stream);

size_t syn_stream_packed(const syn_stream *stream); /* bytes taken from the source so far */

/* As lseek(2), on a plain file; -1 on anything else. */
int64_t syn_stream_seek(syn_stream *stream, int64_t offset, int whence);

void syn_stream_close(syn_stream *stream); /* NULL is fine */

#endif
