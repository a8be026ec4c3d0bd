#include "experiments/host/store/claim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "experiments/host/store/store.h"
#include "experiments/host/base/temporary.h"

#define DIGITS (SYN_DIGEST_SIZE - 1)
#define OLD    (30 * 24 * 3600) /* seconds */

static int path_of(host_store store, char *path, size_t size, const char *key) {
  return host_store_path(store, path, size, "runs", key, ".lock", NULL) == SYN_OK;
}

int host_claim(host_store store, const char *key) {
  char path[4096];
  if (!path_of(store, path, sizeof path, key))
    return HOST_CLAIM_WITHOUT;
  for (;;) {
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
      return HOST_CLAIM_WITHOUT;
    if (flock(fd, LOCK_EX | LOCK_NB)) {
      int taken = errno == EWOULDBLOCK;
      close(fd);
      return taken ? HOST_CLAIM_TAKEN : HOST_CLAIM_WITHOUT;
    }
    /* or its last holder has removed it between our opening and our locking */
    if (host_still_there(fd, AT_FDCWD, path))
      return fd;
    close(fd);
  }
}

void host_claim_end(host_store store, const char *key, int claim) {
  char path[4096];
  if (claim < 0)
    return;
  if (path_of(store, path, sizeof path, key))
    unlink(path); /* while it is held: nobody else can hold it under this name */
  close(claim);
}

/* ---- what dead processes left ---------------------------------------------------------------- */

static int ends_with(const char *name, const char *end) {
  size_t n = strlen(name), m = strlen(end);
  return n >= m && strcmp(name + n - m, end) == 0;
}

/* Of a run that we hold. */
static void clean(host_store store, int folder, const char *key, const char *name) {
  struct stat about;
  if (ends_with(name, ".checkpoint") && fstatat(folder, name, &about, 0) == 0 &&
      (host_store_has(store, key) || time(NULL) - about.st_mtime > OLD))
    unlinkat(folder, name, 0);
}

static void look_at(host_store store, int folder, const char *name) {
  char key[SYN_DIGEST_SIZE];
  if (strspn(name, "0123456789abcdef") != DIGITS || name[DIGITS] != '.' ||
      ends_with(name, ".json") || ends_with(name, ".tmp"))
    return;
  memcpy(key, name, DIGITS);
  key[DIGITS] = '\0';
  int claim = host_claim(store, key);
  if (claim < 0)
    return;
  clean(store, folder, key, name);
  host_claim_end(store, key, claim);
}

static void clean_folder(host_store store, const char *name) {
  char path[4096];
  DIR *folder =
      host_store_path(store, path, sizeof path, name, "", "", NULL) ? NULL : opendir(path);
  for (struct dirent *entry; folder && (entry = readdir(folder));)
    look_at(store, dirfd(folder), entry->d_name);
  if (folder)
    closedir(folder);
  if (folder)
    host_temporary_sweep(path);
}

void host_clean_store(host_store store) {
  clean_folder(store, "runs");
  clean_folder(store, "times");
  clean_folder(store, "plan");
}
