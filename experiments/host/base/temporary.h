/* Files that are being written: FILE.synlab-PID-N.tmp beside FILE, renamed when they are whole. The
 * writer holds a lock (flock) on it, which ends with the writer, however it ends: what can be locked
 * by another is what a dead process left, and is swept. Where a file system has no locks, nothing is.
 */
#ifndef SYN_HOST_TEMPORARY_H
#define SYN_HOST_TEMPORARY_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/status.h"

/* The bytes into `path`, whole or not at all. SYN_EIO. */
syn_status host_temporary_write(const char *path, const void *bytes, size_t n, syn_ctx *ctx);

/* The same in parts: opened, each part added, and then kept, or dropped. All of them SYN_EIO. */
typedef struct host_temporary {
  const char *path; /* borrowed */
  char name[4352];  /* of the file until it is kept */
  int fd;
} host_temporary;

syn_status host_temporary_open(host_temporary *out, const char *path, syn_ctx *ctx);
syn_status host_temporary_add(host_temporary *file, const void *bytes, size_t n, syn_ctx *ctx);
syn_status host_temporary_keep(host_temporary *file, syn_ctx *ctx);
void host_temporary_drop(host_temporary *file);

/* 0 with errno: some of the bytes (n) may be written. */
int host_write_all(int fd, const char *bytes, size_t n);

/* How many files dead processes left in a folder (not in those below it), whose *bytes are added up; they
 * are removed if `removes`. */
size_t host_temporary_left(const char *folder, int removes, uint64_t *bytes);

/* Removes what dead processes left in a folder (not in those below it). */
void host_temporary_sweep(const char *folder);

/* Is the open file still the one of that name in the folder, a descriptor or AT_FDCWD? Of a file that is
 * locked nothing changes that but its holder. */
int host_still_there(int fd, int folder, const char *name);

/* Waits for the lock of a folder; a descriptor to close, or -1 where there are no locks. */
int host_lock_folder(const char *folder);

#endif
