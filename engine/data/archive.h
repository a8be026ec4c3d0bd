/* The members of an archive, or of a folder, one after the other, without unpacking to disk. This
 * file, archive.c and stream.c are the only ones that know libarchive; folder.c walks folders.
 *
 * Archives may come from strangers. Devices and paths that leave the archive are not read; links are
 * told with their target, for the caller to look up among the members. In a folder, which is the
 * user's own, links are followed wherever they lead. Limits: SYN_MEMBERS_MAX members,
 * SYN_TOTAL_BYTES in total, and a thousandfold expansion. Formats that name files outside of
 * themselves (mtree), and compressions that run other programs, are not read.
 *
 * An archive that ends too early, between two members too, is damaged: tar and cpio have an end of
 * their own, and behind it nothing but zeros may lie.
 */
#ifndef SYN_DATA_ARCHIVE_H
#define SYN_DATA_ARCHIVE_H

#include "engine/base/status.h"
#include "engine/data/member.h"

#define SYN_MEMBERS_MAX   2000000
#define SYN_TOTAL_BYTES   ((size_t)4 << 30)
#define SYN_EXPANSION_MAX 1000

typedef struct syn_archive syn_archive;

/* SYN_EINPUT: nothing at `path`, or neither an archive nor a folder; devices and pipes are neither,
 * and are not waited for. `path` is borrowed. The caller owns *out. */
syn_status syn_archive_open(syn_archive **out, const char *path, syn_ctx *ctx);

/* The next member; *end is 1 when there is none. SYN_EINPUT: truncated, damaged, past a limit. */
syn_status syn_archive_next(syn_archive *archive, syn_member *member, int *end, syn_ctx *ctx);

/* Makes the first `most` bytes of the member (at most SYN_MEMBER_BYTES) its `bytes`, fewer if it has
 * no more; may be called again for more of them. Sets `oversize` where `most` is all that is held. */
syn_status syn_archive_fill(syn_archive *archive, syn_member *member, size_t most, syn_ctx *ctx);

/* The member's bytes in their order, by a caller who has not used syn_archive_fill on it: fills
 * `bytes` with n, fewer only at its end. */
syn_status syn_archive_read(syn_archive *archive, uint8_t *bytes, size_t n, size_t *got,
                            syn_ctx *ctx);

/* What is read, once all members have come: "folder", or "GNU tar format, gzip" and the like. */
void syn_archive_kind(const syn_archive *archive, char *kind, size_t size);

void syn_archive_close(syn_archive *archive); /* NULL is fine */

#endif
