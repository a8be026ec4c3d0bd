/* What the commands on rules and on rewards share: files of Lua in a folder, parameters as they are typed,
 * a new file from a skeleton. `noun` is "rule" or "reward". */
#ifndef SYN_HOST_LUAFILE_H
#define SYN_HOST_LUAFILE_H

#include "engine/base/param.h"
#include "experiments/host/base/host.h"

#define HOST_LUAFILES_MAX  256
#define HOST_LUAPARAMS_MAX 64
#define HOST_LUAPARAM_SIZE 128 /* bytes of a name */

/* Names of the files *.lua in a folder, sorted; the caller frees each. */
size_t host_luafiles(const char *folder, char *names[HOST_LUAFILES_MAX]);

/* NAME=NUMBER, n words; the names live in `names`. 0, or 2 after a line. */
int host_luaparams(syn_arg *args, char (*names)[HOST_LUAPARAM_SIZE], const char *noun,
                   const char *const *words, size_t n);

/* Writes NAME.lua from the skeleton, a file of the house in which every SKELETON stands for the name.
 * Exit status. */
int host_luafile_new(const host *h, const char *noun, const char *skeleton, const char *name);

#endif
