/* A run store for the time of one `synlab verify`, in the folder for temporary files. It is locked
 * while it is in use: what killed programs left there can be told, and is removed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "experiments/host/base/say.h"
#include "experiments/host/base/temporary.h"
#include "experiments/host/pages/verify.h"

#define NAME "synlab-verify-"
#define OLD  60 /* seconds: longer than a program takes from making its folder to locking it */

static const char *folder_for_temporary_files(void) {
  const char *named = getenv("TMPDIR");
  return named && *named && strlen(named) < HOST_STORE_SIZE - 64 ? named : "/tmp";
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place) {
  (void)about;
  (void)kind;
  (void)place;
  return remove(path);
}

static void clear_store(const char *store) {
  if (nftw(store, remove_one, 8, FTW_DEPTH | FTW_PHYS))
    host_wrong("%s: cannot be removed: %s", store, strerror(errno));
}

/* Ours, old, and of no living program. */
static int is_left_over(const char *path) {
  struct stat about;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int stale = fd >= 0 && fstat(fd, &about) == 0 && about.st_uid == geteuid() &&
              time(NULL) - about.st_mtime > OLD && flock(fd, LOCK_EX | LOCK_NB) == 0;
  if (fd >= 0)
    close(fd);
  return stale;
}

static void sweep(const char *folder) {
  DIR *dir = opendir(folder);
  for (const struct dirent *entry; dir && (entry = readdir(dir));) {
    char path[HOST_STORE_SIZE + 256];
    if (strncmp(entry->d_name, NAME, strlen(NAME)) != 0)
      continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (is_left_over(path))
      clear_store(path);
  }
  if (dir)
    closedir(dir);
}

syn_status host_verify_store_open(char store[HOST_STORE_SIZE], int *lock, syn_ctx *ctx) {
  sweep(folder_for_temporary_files());
  snprintf(store, HOST_STORE_SIZE, "%s/" NAME "XXXXXX", folder_for_temporary_files());
  if (!mkdtemp(store))
    return syn_fail(ctx, SYN_EIO, "%s: cannot be made: %s", store, strerror(errno));
  *lock = host_lock_folder(store);
  return SYN_OK;
}

void host_verify_store_close(const char *store, int lock) {
  clear_store(store);
  if (lock >= 0)
    close(lock);
}
