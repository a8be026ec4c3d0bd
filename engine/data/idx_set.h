/* A set of images from IDX files, in a folder, in an archive, or named by one of them. */
#ifndef SYN_DATA_IDX_SET_H
#define SYN_DATA_IDX_SET_H

#include "engine/data/members.h"

/* Is there a file of a set of this name right in the folder? */
int syn_idx_set_in_folder(const char *folder, const char *name);

/* The pair that `path`, an IDX file by its name, belongs to; its other half lies beside it. */
syn_status syn_idx_set_read_file(syn_images *out, const char *path, syn_ctx *ctx);

/* From the IDX files among the members: of an archive in further passes, else in `folder`. `want` is a
 * file, or a set by its name, or NULL. Classes are named by their label, images by their place,
 * "00000000". */
syn_status syn_idx_set_read(syn_images *out, syn_members *m, const char *folder, const char *want);

#endif
