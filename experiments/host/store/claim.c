#include "experiments/host/store/claim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "experiments/host/store/names.h"
#include "experiments/host/store/store.h"
#include "experiments/host/base/temporary.h"

#define OLD (30 * 24 * 3600) /* seconds */

/* The claim of a key is a lock on one byte of the file: at the number that its first 15 digits are. */
static struct flock byte_of(const char *key, short type) {
  char head[16];
  snprintf(head, sizeof head, "%.15s", key);
  return (struct flock){
      .l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)strtoull(head, NULL, 16), .l_len = 1};
}

int host_claims_open(host_store store) {
  char path[4096];
  if (host_store_path(store, path, sizeof path, "runs", "claims", "", NULL))
    return -1;
  return open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0666);
}

host_claim_state host_claim(int claims, const char *key) {
  struct flock byte = byte_of(key, F_WRLCK);
  if (claims < 0)
    return HOST_CLAIM_WITHOUT;
  if (fcntl(claims, F_OFD_SETLK, &byte) == 0)
    return HOST_CLAIMED;
  return errno == EAGAIN || errno == EACCES ? HOST_CLAIM_TAKEN : HOST_CLAIM_WITHOUT;
}

void host_claim_end(int claims, const char *key) {
  struct flock byte = byte_of(key, F_UNLCK);
  if (claims >= 0)
    (void)fcntl(claims, F_OFD_SETLK, &byte); /* where there are no locks there is none to end */
}

/* ---- what dead processes left ---------------------------------------------------------------- */

/* Of a run that we hold. */
static void clean(host_store store, int folder, const char *key, const char *name) {
  struct stat about;
  if (fstatat(folder, name, &about, 0) == 0 &&
      (host_store_has(store, key) || time(NULL) - about.st_mtime > OLD))
    unlinkat(folder, name, 0);
}

/* A version before had a file for each claim. */
static void remove_lock(int folder, const char *name) {
  int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && host_still_there(fd, folder, name))
    unlinkat(folder, name, 0);
  if (fd >= 0)
    close(fd);
}

static void look_at(host_store store, int claims, int folder, const char *name) {
  char key[SYN_DIGEST_SIZE];
  if (host_name_key(key, name, ".lock"))
    remove_lock(folder, name);
  if (!host_name_key(key, name, ".checkpoint") || host_claim(claims, key) != HOST_CLAIMED)
    return;
  clean(store, folder, key, name);
  host_claim_end(claims, key);
}

static void clean_folder(host_store store, const char *name) {
  char path[4096];
  DIR *folder =
      host_store_path(store, path, sizeof path, name, "", "", NULL) ? NULL : opendir(path);
  int claims = folder && strcmp(name, "runs") == 0 ? host_claims_open(store) : -1;
  for (struct dirent *entry; folder && (entry = readdir(folder));)
    look_at(store, claims, dirfd(folder), entry->d_name);
  if (claims >= 0)
    close(claims);
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
