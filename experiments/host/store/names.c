#include "experiments/host/store/names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIGITS (SYN_DIGEST_SIZE - 1)
#define PACK   ".jsonl"

syn_status host_names_read(host_names *out, int folder, const char *path,
                           int (*wanted)(const struct dirent *), syn_ctx *ctx) {
  *out = (host_names){0};
  int n = scandirat(folder, ".", &out->list, wanted, alphasort);
  if (n < 0)
    return syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", path, strerror(errno));
  out->n = (size_t)n;
  return SYN_OK;
}

void host_names_close(host_names *names) {
  for (size_t i = 0; i < names->n; i++)
    free(names->list[i]);
  free(names->list);
  *names = (host_names){0};
}

int host_pack_open(int folder, const char *name, const char **why) {
  struct stat about;
  int fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC), failed = errno;
  *why = NULL;
  if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
    return fd;
  if (fd >= 0) {
    *why = S_ISDIR(about.st_mode) ? strerror(EISDIR) : "it is no regular file";
    close(fd);
  } else if (failed != ENOENT ||
             (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(about.st_mode))) {
    *why = strerror(failed);
  }
  return -1;
}

int host_is_pack(const struct dirent *entry) {
  const char *name = entry->d_name;
  size_t n = strlen(name), end = strlen(PACK);
  return n > end && name[0] != '.' && strcmp(name + n - end, PACK) == 0;
}

int host_is_single(const struct dirent *entry) {
  char key[SYN_DIGEST_SIZE];
  return host_name_key(key, entry->d_name, ".json");
}

int host_name_key(char key[SYN_DIGEST_SIZE], const char *name, const char *end) {
  if (strspn(name, "0123456789abcdef") != DIGITS || (end && strcmp(name + DIGITS, end) != 0))
    return 0;
  memcpy(key, name, DIGITS);
  key[DIGITS] = '\0';
  return 1;
}
