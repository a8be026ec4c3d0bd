#include "engine/data/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct syn_folder {
  const char *path;
  FTS *walk;
  FTSENT *at;
  int file; /* of the current member once it is read, else -1 */
  char target[4096];
};

static int by_name(const FTSENT **a, const FTSENT **b) {
  return strcmp((*a)->fts_name, (*b)->fts_name);
}

syn_status syn_folder_open(syn_folder **out, const char *path, syn_ctx *ctx) {
  syn_folder *f = calloc(1, sizeof *f);
  char *const roots[] = {(char *)(uintptr_t)path, NULL};
  *out = f;
  if (!f)
    return syn_fail_memory(ctx, "reading a folder");
  char place[PATH_MAX];
  if (realpath(path, place) && strcmp(place, "/") == 0) {
    free(f);
    *out = NULL;
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: this is the root of all files, no set of images; name a folder "
                    "or an archive of class folders",
                    path);
  }
  f->path = path;
  f->file = -1;
  f->walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
  if (f->walk)
    return SYN_OK;
  *out = NULL;
  free(f);
  return syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", path, strerror(errno));
}

/* What comes after the folder itself. */
static const char *inner_name(const syn_folder *f, const char *name) {
  size_t n = strlen(f->path);
  if (strncmp(name, f->path, n) == 0)
    name += n;
  while (*name == '/')
    name++;
  return name;
}

static syn_status entry_of(syn_folder *f, syn_member *m, syn_ctx *ctx) {
  const FTSENT *e = f->at;
  *m = (syn_member){.name = inner_name(f, e->fts_path)};
  switch (e->fts_info) {
  case FTS_F:
    m->kind = SYN_MEMBER_FILE;
    return SYN_OK;
  case FTS_D:
    m->kind = SYN_MEMBER_FOLDER;
    return SYN_OK;
  case FTS_DC:
    m->kind = SYN_MEMBER_BROKEN;
    return SYN_OK;
  case FTS_SL:
  case FTS_SLNONE: {
    ssize_t n = readlink(e->fts_accpath, f->target, sizeof f->target - 1);
    f->target[n > 0 ? n : 0] = '\0';
    m->kind = SYN_MEMBER_BROKEN;
    struct stat info;
    errno = 0;
    int circle = stat(e->fts_accpath, &info) && errno == ELOOP;
    m->target = circle ? NULL : f->target;
    return SYN_OK;
  }
  case FTS_DNR:
  case FTS_ERR:
  case FTS_NS:
    return syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", e->fts_path, strerror(e->fts_errno));
  default:
    m->kind = SYN_MEMBER_OTHER;
    return SYN_OK;
  }
}

syn_status syn_folder_next(syn_folder *f, syn_member *m, int *end, syn_ctx *ctx) {
  if (f->file >= 0)
    close(f->file);
  f->file = -1;
  do {
    errno = 0;
    f->at = fts_read(f->walk);
  } while (f->at && f->at->fts_info == FTS_DP); /* a folder for the second time, left behind */
  *end = !f->at;
  if (f->at)
    return entry_of(f, m, ctx);
  return errno ? syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", f->path, strerror(errno))
               : SYN_OK;
}

syn_status syn_folder_read(syn_folder *f, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx) {
  struct stat info;
  *got = 0;
  if (f->file < 0) {
    f->file = open(f->at->fts_accpath, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (f->file >= 0 && fstat(f->file, &info) == 0 && !S_ISREG(info.st_mode))
      return syn_fail(ctx, SYN_EINPUT, "%s: changed while it was read", f->at->fts_path);
  }
  ssize_t more = f->file < 0 ? -1 : 0;
  while (f->file >= 0 && *got < n && (more = read(f->file, bytes + *got, n - *got)) > 0)
    *got += (size_t)more;
  return more < 0
             ? syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", f->at->fts_path, strerror(errno))
             : SYN_OK;
}

void syn_folder_close(syn_folder *f) {
  if (!f)
    return;
  if (f->file >= 0)
    close(f->file);
  fts_close(f->walk);
  free(f);
}
