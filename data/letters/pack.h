/* Writes a set of letters as an archive: letters/A/0001.png ..., tar in xz.
 *
 * The same images give the same bytes with the same libarchive and liblzma: members in order, no
 * owner, no time. The PNGs are stored, not deflated, so that xz sees across them.
 */
#ifndef SYN_LETTERS_PACK_H
#define SYN_LETTERS_PACK_H

#include <stddef.h>

#include "data/letters/glyph.h"

/* keep[i][c]: whether letter c of face i goes in; it is named after the face, i + 1. SYN_EIO. */
syn_status letters_pack(const char *path, letters_alphabet *faces,
                        const uint8_t (*keep)[LETTERS_CLASSES], size_t n, syn_ctx *ctx);

#endif
