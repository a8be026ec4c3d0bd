/* What the commands on rules and on rewards share: those that are shipped, one
 * with parameters as they are typed, a new file from a skeleton. `noun` is "rule" or "reward". */
#ifndef SYN_HOST_LUAFILE_H
#define SYN_HOST_LUAFILE_H

#include "experiments/host/base/host.h"
#include "policies/rule.h"

/* A line for each shipped file policies/NOUNs/NAME.lua, by the alphabet: `print` prints that of the file at
 * `path`, named as it is `shown`. Exit status: 1 if it fails; its line says why, then. */
int host_luafiles_list(const host *h, const char *noun,
                       syn_status (*print)(const char *shown, const char *path, syn_ctx *ctx));

/* FILE NAME=NUMBER..., n words: `check` says what is found where all is good. Exit status. */
int host_luafile_check(host *h, const char *noun, const char *const *words, size_t n,
                       syn_status (*check)(const syn_rule_source *source, syn_ctx *ctx));

/* Writes NAME.lua from the skeleton, a file of the house in which every SKELETON stands for the name.
 * Exit status. */
int host_luafile_new(const host *h, const char *noun, const char *skeleton, const char *name);

#endif
