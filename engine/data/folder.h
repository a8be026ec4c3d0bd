/* The members of a folder on disk, in the order of their names, links followed: what syn_archive
 * hands on for a path that is a folder. Links that lead back to a folder above them are told as
 * broken, and not followed round and round. */
#ifndef SYN_DATA_FOLDER_H
#define SYN_DATA_FOLDER_H

#include "engine/base/status.h"
#include "engine/data/member.h"

typedef struct syn_folder syn_folder;

syn_status syn_folder_open(syn_folder **out, const char *path, syn_ctx *ctx);
syn_status syn_folder_next(syn_folder *folder, syn_member *member, int *end, syn_ctx *ctx);
/* Of the current member, a file: fills `bytes` with n, fewer only at the end. */
syn_status syn_folder_read(syn_folder *folder, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx);
void syn_folder_close(syn_folder *folder); /* NULL is fine */

#endif
