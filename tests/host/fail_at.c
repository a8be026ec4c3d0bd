/* Loaded before a program (LD_PRELOAD), makes one call of the system fail, to see what becomes of its
 * files:
 *
 *   FAIL_AT=NAME:N     the N-th call, in this process and its children together, of write, fsync,
 *                      fdatasync, rename, ftruncate or open (of a file that is to be written);
 *                      NAME:N+ each from the N-th on
 *   FAIL_MARK=FILE     is made when it fails
 *
 * A write fails as on a full disk: half of it is there, and the rest is refused. Calls on anything but
 * regular files are not counted. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct shared {
  atomic_int calls;
  atomic_int full; /* the rest of a write that was cut is to be refused */
} *all;
static char name[32];
static int wanted, and_all_after;

__attribute__((constructor)) static void begin(void) {
  const char *at = getenv("FAIL_AT"), *colon = at ? strchr(at, ':') : NULL;
  all = mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (!colon || all == MAP_FAILED || (size_t)(colon - at) >= sizeof name)
    return;
  memcpy(name, at, (size_t)(colon - at));
  wanted = atoi(colon + 1);
  and_all_after = strchr(colon, '+') != NULL;
}

static int is_it(const char *call) {
  if (strcmp(name, call) != 0)
    return 0;
  int number = atomic_fetch_add(&all->calls, 1) + 1;
  if (number != wanted && !(and_all_after && number > wanted))
    return 0;
  const char *mark = getenv("FAIL_MARK");
  if (mark)
    close((int)syscall(SYS_openat, AT_FDCWD, mark, O_WRONLY | O_CREAT, 0666));
  return 1;
}

static int is_regular(int fd) {
  struct stat about;
  return fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

static int fail(int why) {
  errno = why;
  return -1;
}

ssize_t write(int fd, const void *bytes, size_t n) {
  if (is_regular(fd) && atomic_exchange(&all->full, 0))
    return fail(ENOSPC);
  if (!is_regular(fd) || !is_it("write"))
    return syscall(SYS_write, fd, bytes, n);
  if (n < 2)
    return fail(ENOSPC);
  atomic_store(&all->full, 1);
  return syscall(SYS_write, fd, bytes, n / 2);
}

int fsync(int fd) {
  return is_it("fsync") ? fail(EIO) : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
  return is_it("fdatasync") ? fail(EIO) : (int)syscall(SYS_fdatasync, fd);
}

int rename(const char *from, const char *to) {
  return is_it("rename") ? fail(EIO) : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int ftruncate(int fd, off_t n) {
  return is_it("ftruncate") ? fail(EIO) : (int)syscall(SYS_ftruncate, fd, n);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
  va_end(more);
  if ((flags & O_CREAT) && is_it("open"))
    return fail(ENOSPC);
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
