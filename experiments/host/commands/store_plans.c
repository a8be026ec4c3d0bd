/* Plans in FOLDER/plan whose runs all have their record: of the past. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/host/base/say.h"
#include "experiments/host/commands/store.h"
#include "experiments/host/run/plan_file.h"
#include "experiments/host/store/lines.h"
#include "experiments/host/store/names.h"
#include "experiments/host/store/scan.h"

typedef struct past {
  const char *folder;  /* that the plans are of */
  char from[PATH_MAX]; /* the store whose records are known; "": none */
  host_lines there;    /* the keys of these */
  int removes;
  host_pruned *out;
} past;

static void leave(past *p, const char *path, const char *why) {
  host_wrong("%s%s%s; it is left alone", path, *path ? ": " : "", why);
  p->out->held++;
}

static syn_status see(void *self, const host_seen *seen, syn_ctx *ctx) {
  past *p = self;
  host_line line = {0};
  if (seen->kind != HOST_SEEN_WHOLE || host_lines_of(&p->there, seen->key) != HOST_NO_LINE)
    return SYN_OK;
  host_key_bytes(line.key, seen->key);
  return host_lines_add(&p->there, &line) ? SYN_OK : syn_fail_memory(ctx, "the keys of a store");
}

/* Which records has this store? Of one that is not here, none. */
static syn_status know(past *p, const char *store, syn_ctx *ctx) {
  if (strcmp(p->from, store) == 0)
    return SYN_OK;
  host_lines_close(&p->there);
  snprintf(p->from, sizeof p->from, "%s", store);
  syn_status status = host_scan((host_store){store, NULL}, see, p, ctx);
  return status == SYN_EINPUT ? SYN_OK : status;
}

static syn_status is_done(int *done, past *p, const host_plan_file *file, syn_ctx *ctx) {
  const char *store = host_plan_file_store(file);
  char key[SYN_DIGEST_SIZE];
  size_t runs = host_plan_file_runs(file);
  syn_status status = know(p, store ? store : p->folder, ctx);
  *done = !status;
  for (size_t i = 1; i <= runs && !status && *done; i++) {
    status = host_plan_file_key(key, file, i, ctx);
    *done = !status && host_lines_of(&p->there, key) != HOST_NO_LINE;
  }
  return status;
}

static syn_status look_at(past *p, const char *path, syn_ctx *ctx) {
  host_plan_file *file;
  struct stat about;
  int done = 0;
  size_t runs = 0;
  syn_ctx damage = {0};
  if (lstat(path, &about))
    return SYN_OK; /* gone */
  if (S_ISLNK(about.st_mode)) {
    leave(p, path, "it is a symbolic link");
    return SYN_OK;
  }
  syn_status status = host_plan_file_open(&file, path, &damage);
  if (!status) {
    runs = host_plan_file_runs(file);
    status = is_done(&done, p, file, &damage);
    host_plan_file_close(file);
  }
  if (status == SYN_ENOMEM)
    return syn_fail_memory(ctx, path);
  if (status) {
    leave(p, "", damage.error);
  } else if (done && p->removes && unlink(path)) {
    leave(p, path, strerror(errno));
  } else if (done) {
    printf("%s: a plan whose %zu run%s done\n", path, runs, runs == 1 ? " is" : "s are");
    p->out->n[HOST_STALE_PLANS]++;
    p->out->bytes[HOST_STALE_PLANS] += (uint64_t)about.st_size;
  }
  return SYN_OK;
}

static int is_plan(const struct dirent *entry) {
  return host_is_pack(entry) || host_is_single(entry); /* they are called likewise */
}

/* Those of FOLDER/plan, whose path is left in `plans`; none where that is no folder. */
static syn_status read_names(host_names *names, char plans[PATH_MAX], const char *folder,
                             syn_ctx *ctx) {
  *names = (host_names){0};
  snprintf(plans, PATH_MAX, "%s/plan", folder);
  int fd = open(plans, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
    return SYN_OK;
  if (fd < 0)
    return syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", plans, strerror(errno));
  syn_status status = host_names_read(names, fd, plans, is_plan, ctx);
  close(fd);
  return status;
}

syn_status host_store_plans(host_pruned *out, const char *folder, int removes, syn_ctx *ctx) {
  char plans[PATH_MAX], path[PATH_MAX];
  past p = {.folder = folder, .removes = removes, .out = out};
  host_names names;
  syn_status status = read_names(&names, plans, folder, ctx);
  for (size_t i = 0; i < names.n && !status; i++)
    if ((size_t)snprintf(path, sizeof path, "%s/%s", plans, names.list[i]->d_name) < sizeof path)
      status = look_at(&p, path, ctx);
  host_names_close(&names);
  host_lines_close(&p.there);
  return status;
}

static int has_run(const char *path, const char *key) {
  host_plan_file *file;
  char own[SYN_DIGEST_SIZE];
  syn_ctx no_plan = {0};
  int found = 0;
  if (host_plan_file_open(&file, path, &no_plan))
    return 0;
  for (size_t i = 1; i <= host_plan_file_runs(file) && !found; i++)
    found = !host_plan_file_key(own, file, i, &no_plan) && strcmp(own, key) == 0;
  host_plan_file_close(file);
  return found;
}

int host_store_plan_of(char name[256], const char *folder, const char *key) {
  char plans[PATH_MAX], path[PATH_MAX];
  host_names names;
  syn_ctx none = {0};
  int found = 0;
  if (read_names(&names, plans, folder, &none))
    return 0;
  for (size_t i = 0; i < names.n && !found; i++) {
    snprintf(name, 256, "%s", names.list[i]->d_name);
    found = (size_t)snprintf(path, sizeof path, "%s/%s", plans, name) < sizeof path &&
            has_run(path, key);
  }
  host_names_close(&names);
  return found;
}
