/* Names of members: kept in little memory, in one Unicode form, and looked at.
 *
 * A name that is valid UTF-8 is kept in the form NFC, whatever packing it comes from: libarchive does
 * so with zip and pax, folders and old tars hold the bytes that were typed. Other names stay bytes.
 */
#ifndef SYN_DATA_NAMES_H
#define SYN_DATA_NAMES_H

#include <stddef.h>

#include "engine/base/arena.h"

/* Texts one behind the other in pieces of an arena, which gives them back. Start with {.arena = a}. */
typedef struct syn_names {
  syn_arena *arena;
  char *piece;
  size_t used, room;
} syn_names;

/* A copy of the first n bytes of `text`. NULL if memory is short. */
const char *syn_names_keep(syn_names *names, const char *text, size_t n);

/* A copy in NFC; *changed (may be NULL) tells whether that differs. NULL if memory is short. */
const char *syn_names_keep_nfc(syn_names *names, const char *text, int *changed);

/* Does `name` end in `suffix`, in letters of either case? */
int syn_name_ends(const char *name, const char *suffix);

/* What programs leave behind: "._a.png", ".DS_Store", "__MACOSX/...", ".git/...". */
int syn_name_is_litter(const char *name);

/* Does it begin with a dot, or does a folder above it? */
int syn_name_is_hidden(const char *name);

int syn_name_is_ascii(const char *name);

/* The length of the folder that `name` lies in, without its slash; 0 for none. */
size_t syn_name_folder(const char *name);

/* Is `name` below `folder`, or `folder` itself? Everything is below "". */
int syn_name_below(const char *name, const char *folder);

#endif
