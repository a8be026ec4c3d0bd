/* The files in a folder of a store, by their names. */
#ifndef SYN_HOST_NAMES_H
#define SYN_HOST_NAMES_H

#include <dirent.h>

#include "engine/base/digest.h"
#include "engine/base/status.h"

typedef struct host_names {
  struct dirent **list; /* owned */
  size_t n;
} host_names;

/* Those of an open folder, called `path` in an error, that `wanted` takes (NULL: all), in order. Also
 * after an error they are closed. SYN_EINPUT. */
syn_status host_names_read(host_names *out, int folder, const char *path,
                           int (*wanted)(const struct dirent *), syn_ctx *ctx);
void host_names_close(host_names *names);

/* A pack of an open folder, to be read: a descriptor. -1: it is no file that can be, and *why; or it is gone,
 * and *why is NULL. */
int host_pack_open(int folder, const char *name, const char **why);

/* FOLDER/runs: a pack; the file of a single record. */
int host_is_pack(const struct dirent *entry);
int host_is_single(const struct dirent *entry);

/* The key that a name begins with, if `end` stands behind it (NULL: anything); else 0. */
int host_name_key(char key[SYN_DIGEST_SIZE], const char *name, const char *end);

#endif
