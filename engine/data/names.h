/* Names of members: kept in little memory, in one Unicode form, and looked at.
 *
 * A name that is valid UTF-8 is kept in the form NFC, whatever packing it comes from: libarchive does
 * so with zip and pax, folders and old tars hold the bytes that were typed. Other names stay bytes.
 */
#ifndef SYN_DATA_NAMES_H
#define SYN_DATA_NAMES_H

#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"

/* Texts one behind the other in pieces of an arena, which gives them back. Start with {.arena = a}.
 * Where memory is short a text is "", and `failed` is 1 for good: it is looked at when all is done. */
typedef struct syn_names {
  syn_arena *arena;
  char *piece;
  size_t used, room;
  int failed;
} syn_names;

/* A copy of the first n bytes of `text`. */
const char *syn_names_keep(syn_names *names, const char *text, size_t n);

/* What printf would print, cut at 4500 bytes. */
const char *syn_names_print(syn_names *names, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A copy in NFC. */
const char *syn_names_keep_nfc(syn_names *names, const char *text);

/* SYN_ENOMEM if any of them failed. */
syn_status syn_names_check(const syn_names *names, syn_ctx *ctx);

/* Does `name` end in `suffix`, in letters of either case? */
int syn_name_ends(const char *name, const char *suffix);

/* What programs leave behind: "._a.png", ".DS_Store", "__MACOSX/...", ".git/...". */
int syn_name_is_litter(const char *name);

/* Does it begin with a dot, or does a folder above it? */
int syn_name_is_hidden(const char *name);

int syn_name_is_ascii(const char *name);

/* The length of the folder that `name` lies in, without its slash; 0 for none. */
size_t syn_name_folder(const char *name);

/* Makes "./S//A/./x" what a disk has it for, "S/A/x"; "" for ".". A slash at the front stays, ".." too. */
void syn_name_fold(char *name);

/* `path`, seen from `folder` (its first n bytes), without ".", ".." and doubled slashes; 0 if it climbs
 * out, is absolute, or too long. */
int syn_name_resolve(char *out, size_t size, const char *folder, size_t n, const char *path);

/* Is `name` below `folder`, or `folder` itself? Everything is below "". */
int syn_name_below(const char *name, const char *folder);

#endif
