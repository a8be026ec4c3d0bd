#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/grow.h"
#include "experiments/host/base/host.h"
#include "experiments/host/base/temporary.h"

#define READ_MOST (1 << 30) /* bytes */
#define BLOCK     (1 << 14) /* of them that are read at once */

/* A regular file: a pipe may have no writer, a device no end. NULL with the reason in ctx. */
static FILE *open_regular(const char *path, syn_ctx *ctx) {
  struct stat about;
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    syn_fail(ctx, SYN_EINPUT, "%s: %s", path, strerror(errno));
    return NULL;
  }
  if (fstat(fd, &about) || !S_ISREG(about.st_mode))
    syn_fail(ctx, SYN_EINPUT, "%s: this is no regular file", path);
  else if (about.st_size > READ_MOST)
    syn_fail(ctx, SYN_EINPUT, "%s: more than %d MiB; no file that is read here is so large", path,
             READ_MOST >> 20);
  else
    return fdopen(fd, "rb");
  close(fd);
  return NULL;
}

char *host_read(const char *path, size_t *n, syn_ctx *ctx) {
  FILE *file = open_regular(path, ctx);
  char *text = NULL;
  size_t used = 0, room = 0, got;
  if (!file)
    return NULL;
  do {
    if (!syn_grow(&text, &room, used + BLOCK, 1)) {
      syn_fail_memory(ctx, path);
      goto failed;
    }
    got = fread(text + used, 1, room - used - 1, file);
    used += got;
  } while (got > 0);
  if (ferror(file)) {
    syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", path, strerror(errno));
    goto failed;
  }
  fclose(file);
  text[used] = '\0';
  if (n)
    *n = used;
  return text;
failed:
  fclose(file);
  free(text);
  return NULL;
}

syn_status host_make_folders(const char *path, syn_ctx *ctx) {
  char part[4096];
  size_t n = strlen(path);
  if (n >= sizeof part)
    return syn_fail(ctx, SYN_EINVAL, "%.60s...: path too long", path);
  for (size_t i = 1; i <= n; i++)
    if (i == n || path[i] == '/') {
      memcpy(part, path, i);
      part[i] = '\0';
      if (mkdir(part, 0777) && errno != EEXIST)
        return syn_fail(ctx, SYN_EIO, "%s: cannot make this folder: %s", part, strerror(errno));
    }
  return SYN_OK;
}

static syn_status make_parent(const char *path, syn_ctx *ctx) {
  char folder[4096];
  const char *slash = strrchr(path, '/');
  if (!slash || slash == path)
    return SYN_OK;
  snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
  return host_make_folders(folder, ctx);
}

syn_status host_write(const char *path, const void *bytes, size_t n, syn_ctx *ctx) {
  syn_status status = make_parent(path, ctx);
  return status ? status : host_temporary_write(path, bytes, n, ctx);
}

syn_status host_out_path(const host *h, char *path, size_t size, const char *relative,
                         syn_ctx *ctx) {
  for (const char *part = relative; part; part = strchr(part, '/')) {
    part += *part == '/' && part != relative;
    if (*part == '/' || strncmp(part, "../", 3) == 0 || strcmp(part, "..") == 0 || !*part)
      return syn_fail(ctx, SYN_EINVAL, "'%s': must be a path below the report's folder", relative);
  }
  if ((size_t)snprintf(path, size, "%s/%s", h->profile.out, relative) >= size)
    return syn_fail(ctx, SYN_EINVAL, "'%.60s...': path too long", relative);
  return SYN_OK;
}

/* Installed, the house is ../share/synlab beside the program; else it is the source tree. */
void host_find_home(host *h) {
  char exe[2048], installed[4096];
  ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  snprintf(h->home, sizeof h->home, "%s", SYNLAB_SOURCE_DIR);
  if (n <= 0)
    return;
  exe[n] = '\0';
  char *slash = strrchr(exe, '/');
  if (slash)
    *slash = '\0';
  snprintf(installed, sizeof installed, "%s/../share/synlab", exe);
  if (access(installed, R_OK) == 0)
    memcpy(h->home, installed, sizeof installed);
}

const char *host_find(const host *h, const char *file, char *place, size_t size) {
  /* beside a script of the program's own lies nothing of the user's */
  const char *slash = h->script && !h->n_arguments ? strrchr(h->script, '/') : NULL;
  if (*file == '/')
    return file;
  if (slash) {
    snprintf(place, size, "%.*s/%s", (int)(slash - h->script), h->script, file);
    if (access(place, R_OK) == 0)
      return place;
  }
  if (access(file, R_OK) == 0)
    return file;
  snprintf(place, size, "%s/%s", h->home, file);
  return access(place, R_OK) == 0 ? place : file;
}
