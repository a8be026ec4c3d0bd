/* The members of an archive, or of a folder, one after the other, without unpacking to disk. This
 * file and archive.c are the only ones that know libarchive.
 *
 * Archives may come from strangers. Only regular files are handed on: links, devices and paths that
 * leave the archive are not. Limits: SYN_MEMBERS_MAX members, SYN_MEMBER_BYTES a member (a larger
 * one is handed on as `oversize`, without its bytes), SYN_TOTAL_BYTES in total, and a thousandfold
 * expansion. Formats that name files outside of themselves (mtree), and compressions that run
 * other programs, are not read.
 */
#ifndef SYN_DATA_ARCHIVE_H
#define SYN_DATA_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/status.h"

#define SYN_MEMBERS_MAX 2000000
#define SYN_MEMBER_BYTES ((size_t)1 << 20)
#define SYN_TOTAL_BYTES ((size_t)4 << 30)
#define SYN_EXPANSION_MAX 1000

typedef struct syn_archive syn_archive;

typedef struct syn_member {
  const char *name;     /* path inside, without a leading "./"; borrowed until the next call */
  int folder;           /* a folder: no bytes */
  int outside;          /* the path is absolute or climbs out by ".."; no bytes */
  int oversize;         /* more than SYN_MEMBER_BYTES; no bytes */
  const uint8_t *bytes; /* (n) borrowed until the next call */
  size_t n;
} syn_member;

/* SYN_EINPUT: nothing at `path`, or neither an archive nor a folder; devices and pipes are neither,
 * and are not waited for. The caller owns *out. */
syn_status syn_archive_open(syn_archive **out, const char *path, syn_ctx *ctx);

/* The next member; *end is 1 when there is none. SYN_EINPUT: truncated, damaged, past a limit. */
syn_status syn_archive_next(syn_archive *archive, syn_member *member, int *end, syn_ctx *ctx);

/* The bytes of one file that is no archive, unpacked if it is compressed: *out (*n) is malloc'ed, the
 * caller frees. SYN_EINPUT: nothing there, damaged, more than `most` bytes. */
syn_status syn_archive_read_stream(uint8_t **out, size_t *n, const char *path, size_t most,
                                   syn_ctx *ctx);

/* What is read, once all members have come: "folder", or "GNU tar format, gzip" and the like. */
void syn_archive_kind(const syn_archive *archive, char *kind, size_t size);

void syn_archive_close(syn_archive *archive); /* NULL is fine */

#endif
