#include "experiments/host/store/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "experiments/host/base/host.h"
#include "experiments/host/base/temporary.h"

#define SYNC_EVERY 1    /* seconds */
#define PACKS_MOST 4096 /* of a machine, before it is called a fault */
#define MACHINE    12   /* digits of the boot id */
#define MODE       (O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC)

void host_writer_open(host_writer *out) {
  *out = (host_writer){.fd = -1};
}

/* ---- the machine ------------------------------------------------------------------------------- */

/* The first digits of its boot id; 0: it has none. */
static int machine(char digits[MACHINE + 1]) {
  char id[64] = "";
  int n = 0, fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
  ssize_t got = fd >= 0 ? read(fd, id, sizeof id - 1) : 0;
  if (fd >= 0)
    close(fd);
  for (ssize_t i = 0; i < got && n < MACHINE; i++)
    if (strchr("0123456789abcdef", id[i]))
      digits[n++] = id[i];
  digits[n] = '\0';
  return n == MACHINE;
}

/* ---- a pack to hold ---------------------------------------------------------------------------- */

/* Behind the last line end among the first `size` bytes; -1 with errno. */
static off_t whole_lines(int fd, off_t size) {
  char block[4096];
  while (size > 0) {
    size_t n = size < (off_t)sizeof block ? (size_t)size : sizeof block;
    ssize_t got = pread(fd, block, n, size - (off_t)n);
    if (got != (ssize_t)n)
      return -1;
    const char *end = memrchr(block, '\n', n);
    if (end)
      return size - (off_t)n + (end + 1 - block);
    size -= (off_t)n;
  }
  return 0;
}

/* A pack that is locked, with what a dead writer has left of a line cut off; 0: it is of no use. */
static int take(host_writer *w, int fd) {
  struct stat about;
  if (fstat(fd, &about) || !S_ISREG(about.st_mode) || !host_still_there(fd, AT_FDCWD, w->path))
    return 0;
  off_t end = whole_lines(fd, about.st_size);
  if (end < 0 || (end < about.st_size && ftruncate(fd, end)))
    return 0;
  w->fd = fd;
  w->end = end;
  w->self = getpid();
  w->synced = syn_clock();
  w->unsynced = w->lost = 0;
  return 1;
}

/* So that a new name survives a loss of power, too. */
static void sync_folder(const char *folder) {
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;
  (void)fsync(fd); /* not all file systems can, and a pack that goes is noticed */
  close(fd);
}

static syn_status fail(const host_writer *w, int why, syn_ctx *ctx) {
  return syn_fail(ctx, SYN_EIO, "%s: cannot be written: %s", w->path, strerror(why));
}

/* One that nobody else can name. */
static syn_status make_random(host_writer *w, const char *folder, syn_ctx *ctx) {
  unsigned char bytes[8];
  char digits[2 * sizeof bytes + 1];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
    return fail(w, errno, ctx);
  for (size_t i = 0; i < sizeof bytes; i++)
    snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
  snprintf(w->path, sizeof w->path, "%s/%s.jsonl", folder, digits);
  int fd = open(w->path, MODE | O_EXCL, 0666);
  if (fd < 0)
    return fail(w, errno, ctx);
  if (!take(w, fd)) {
    int why = errno;
    close(fd);
    return fail(w, why, ctx);
  }
  sync_folder(folder);
  return SYN_OK;
}

enum { TAKEN, HELD, WITHOUT_LOCKS, FAILED };

/* The pack of w->path; FAILED with errno. Another user's, and one that cannot be mended, is as good as
 * held. */
static int try_pack(host_writer *w) {
  int fd = open(w->path, MODE, 0666);
  if (fd < 0)
    return errno == EACCES || errno == EPERM || errno == EISDIR || errno == ENXIO ? HELD : FAILED;
  if (flock(fd, LOCK_EX | LOCK_NB)) {
    int held = errno == EWOULDBLOCK;
    close(fd);
    return held ? HELD : WITHOUT_LOCKS;
  }
  if (take(w, fd))
    return TAKEN;
  close(fd);
  return HELD;
}

static syn_status find_pack(host_writer *w, const char *folder, syn_ctx *ctx) {
  char digits[MACHINE + 1];
  syn_status status = host_make_folders(folder, ctx);
  if (status)
    return status;
  if (strlen(folder) + 64 > sizeof w->path)
    return syn_fail(ctx, SYN_EIO, "'%.60s...': path too long", folder);
  if (!machine(digits))
    return make_random(w, folder, ctx);
  for (int number = 1; number <= PACKS_MOST; number++) {
    snprintf(w->path, sizeof w->path, "%s/%s-%d.jsonl", folder, digits, number);
    switch (try_pack(w)) {
    case TAKEN:
      if (w->end == 0)
        sync_folder(folder);
      return SYN_OK;
    case WITHOUT_LOCKS:
      return make_random(w, folder, ctx);
    case FAILED:
      return fail(w, errno, ctx);
    default:
      break;
    }
  }
  return syn_fail(ctx, SYN_EIO, "%s: cannot be written: %d packs are held", folder, PACKS_MOST);
}

/* ---- lines ------------------------------------------------------------------------------------- */

static void let_go(host_writer *w) {
  if (w->fd >= 0)
    close(w->fd);
  host_writer_open(w);
}

/* Is the pack that is held still that of its name? A store may be removed under a program that runs. */
static int is_ours(host_writer *w, const char *folder) {
  size_t n = strlen(folder);
  return w->fd >= 0 && w->self == getpid() && strncmp(w->path, folder, n) == 0 &&
         w->path[n] == '/' && !strchr(w->path + n + 1, '/') &&
         host_still_there(w->fd, AT_FDCWD, w->path);
}

syn_status host_writer_add(host_writer *w, const char *folder, const char *line, size_t n,
                           syn_ctx *ctx) {
  if (!is_ours(w, folder))
    let_go(w);
  syn_status status = w->fd < 0 ? find_pack(w, folder, ctx) : SYN_OK;
  if (status)
    return status;
  if (!host_write_all(w->fd, line, n)) { /* what is then there of it has no line end */
    status = fail(w, errno, ctx);
    if (ftruncate(w->fd, w->end))
      let_go(w); /* the next writer of it will */
    return status;
  }
  w->end += (off_t)n;
  if (!w->unsynced)
    w->synced = syn_clock();
  w->unsynced = 1;
  return syn_clock() < w->synced + SYNC_EVERY ? SYN_OK : host_writer_sync(w, ctx);
}

static void sync_pack(host_writer *w) {
  if (w->fd >= 0 && w->unsynced && w->self == getpid() && fdatasync(w->fd))
    w->lost = errno;
  w->synced = syn_clock();
  w->unsynced = 0;
}

syn_status host_writer_sync(host_writer *w, syn_ctx *ctx) {
  sync_pack(w);
  int lost = w->lost;
  w->lost = 0;
  return lost ? fail(w, lost, ctx) : SYN_OK;
}

void host_writer_sync_soon(host_writer *w) {
  if (w->unsynced && syn_clock() >= w->synced + SYNC_EVERY)
    sync_pack(w);
}

void host_writer_close(host_writer *w) {
  syn_ctx ctx = {0};
  (void)host_writer_sync(w, &ctx);
  let_go(w);
}
