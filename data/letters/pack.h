/* Writes a set of letters as an archive: letters/A/0001.png ..., tar in xz.
 *
 * The same images give the same bytes with the same libarchive and liblzma: members in order, no
 * owner, no time. The PNGs are stored, not deflated, so that xz sees across them.
 */
#ifndef SYN_LETTERS_PACK_H
#define SYN_LETTERS_PACK_H

#include "data/letters/faces.h"

/* The letters that are kept, each named after its face's number. SYN_EIO. */
syn_status letters_pack(const char *path, const letters_list *list, syn_ctx *ctx);

#endif
