/* A zip says everything twice: before each member, and in a directory at its end. libarchive reads by
 * the first where the second is damaged, and never compares them; this does. */
#ifndef SYN_DATA_ZIP_H
#define SYN_DATA_ZIP_H

#include "engine/base/status.h"

/* SYN_EINPUT, `path` first: the directory at the end is missing or cut, or names a member otherwise
 * than the member does itself. */
syn_status syn_zip_check(const char *path, syn_ctx *ctx);

#endif
