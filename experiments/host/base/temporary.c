#include "experiments/host/base/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK  ".synlab-"
#define TRIES 100 /* names, before it is called a fault */

int host_still_there(int fd, int folder, const char *name) {
  struct stat ours, named;
  return fstat(fd, &ours) == 0 && fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

/* A new file of its own name, locked; -1 with errno. A sweep may come between opening and locking:
 * then it has the lock, or the name is gone, and the next one is tried. */
static int open_new(char *name, size_t size, const char *path) {
  for (int i = 0; i < TRIES; i++) {
    if ((size_t)snprintf(name, size, "%s" MARK "%ld-%d.tmp", path, (long)getpid(), i) >= size) {
      errno = ENAMETOOLONG;
      return -1;
    }
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST)
      continue;
    if (fd < 0)
      return fd;
    int without = flock(fd, LOCK_EX | LOCK_NB) ? errno : 0; /* or there are no locks here */
    if (without ? without != EWOULDBLOCK : host_still_there(fd, AT_FDCWD, name))
      return fd;
    close(fd);
  }
  return -1;
}

int host_write_all(int fd, const char *bytes, size_t n) {
  while (n > 0) {
    ssize_t wrote = write(fd, bytes, n);
    if (wrote < 0 && errno != EINTR)
      return 0;
    bytes += wrote > 0 ? wrote : 0;
    n -= wrote > 0 ? (size_t)wrote : 0;
  }
  return 1;
}

static syn_status fail(const char *path, int why, syn_ctx *ctx) {
  return syn_fail(ctx, SYN_EIO, "%s: cannot be written: %s", path, strerror(why));
}

syn_status host_temporary_open(host_temporary *t, const char *path, syn_ctx *ctx) {
  t->path = path;
  t->fd = open_new(t->name, sizeof t->name, path);
  return t->fd < 0 ? fail(path, errno, ctx) : SYN_OK;
}

void host_temporary_drop(host_temporary *t) {
  unlink(t->name);
  close(t->fd);
}

syn_status host_temporary_keep(host_temporary *t, syn_ctx *ctx) {
  if (fsync(t->fd) || rename(t->name, t->path)) {
    int why = errno;
    host_temporary_drop(t);
    return fail(t->path, why, ctx);
  }
  return close(t->fd) ? fail(t->path, errno, ctx) : SYN_OK;
}

syn_status host_temporary_add(host_temporary *t, const void *bytes, size_t n, syn_ctx *ctx) {
  return host_write_all(t->fd, bytes, n) ? SYN_OK : fail(t->path, errno, ctx);
}

syn_status host_temporary_write(const char *path, const void *bytes, size_t n, syn_ctx *ctx) {
  host_temporary t;
  syn_status status = host_temporary_open(&t, path, ctx);
  if (status)
    return status;
  status = host_temporary_add(&t, bytes, n, ctx);
  if (!status)
    return host_temporary_keep(&t, ctx);
  host_temporary_drop(&t);
  return status;
}

/* ---- what dead processes left ---------------------------------------------------------------- */

/* ...MARK, digits, a dash, digits, ".tmp" */
static int is_temporary(const char *name) {
  const char *mark = strstr(name, MARK), *next;
  while (mark && (next = strstr(mark + 1, MARK)))
    mark = next;
  if (!mark)
    return 0;
  size_t at = strlen(MARK), digits = strspn(mark + at, "0123456789");
  at += digits;
  if (digits == 0 || mark[at++] != '-')
    return 0;
  digits = strspn(mark + at, "0123456789");
  return digits > 0 && strcmp(mark + at + digits, ".tmp") == 0;
}

size_t host_temporary_left(const char *folder, int removes, uint64_t *bytes) {
  DIR *dir = opendir(folder);
  size_t n = 0;
  for (const struct dirent *entry; dir && (entry = readdir(dir));) {
    if (!is_temporary(entry->d_name))
      continue;
    int fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
      continue;
    /* locked, a name can be given to no other file until it is gone */
    struct stat about;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && host_still_there(fd, dirfd(dir), entry->d_name) &&
        fstat(fd, &about) == 0 && (!removes || unlinkat(dirfd(dir), entry->d_name, 0) == 0)) {
      *bytes += (uint64_t)about.st_size;
      n++;
    }
    close(fd);
  }
  if (dir)
    closedir(dir);
  return n;
}

void host_temporary_sweep(const char *folder) {
  uint64_t bytes = 0;
  (void)host_temporary_left(folder, 1, &bytes);
}

int host_lock_folder(const char *folder) {
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  while (fd >= 0 && flock(fd, LOCK_EX)) {
    if (errno == EINTR)
      continue;
    close(fd);
    return -1;
  }
  return fd;
}
