#include "experiments/host/store/prune.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/host/base/say.h"
#include "experiments/host/base/temporary.h"
#include "experiments/host/store/claim.h"
#include "experiments/host/store/kept.h"
#include "experiments/host/store/lines.h"
#include "experiments/host/store/names.h"

typedef struct pack {
  char *name;  /* owned */
  int fd;      /* locked; -1: held by another */
  off_t size;  /* when it was read */
  size_t goes; /* lines of it that do */
} pack;

typedef struct pruning {
  host_pruned *out;
  host_store store;
  int removes, folder; /* a descriptor of FOLDER/runs */
  int (*wanted)(void *self, const host_seen *seen);
  void *self;
  pack *packs;      /* owned */
  uint32_t n, now;  /* the one that is read */
  host_lines lines; /* the whole one that counts for each key: `pack` and, as `at`, its number */
  /* the pack that is written */
  host_temporary to;
  uint64_t written;
} pruning;

static void count(pruning *p, host_stale kind, uint64_t bytes) {
  p->out->n[kind]++;
  p->out->bytes[kind] += bytes;
}

/* ---- packs, locked ----------------------------------------------------------------------------- */

static syn_status names_of_runs(host_names *out, const pruning *p,
                                int (*wanted)(const struct dirent *), syn_ctx *ctx) {
  char runs[4400];
  snprintf(runs, sizeof runs, "%s/runs", p->store.folder);
  return host_names_read(out, p->folder, runs, wanted, ctx);
}

static void tell_held(pruning *p, const char *name, const char *why) {
  host_wrong("%s/runs/%s: %s; it is left alone", p->store.folder, name, why);
  p->out->held++;
}

/* Why a pack that was opened is not ours to write. */
static const char *why_held(const pruning *p, const char *name) {
  struct stat about;
  int is_link =
      fstatat(p->folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(about.st_mode);
  return is_link ? "it is a symbolic link" : "a running program holds it";
}

/* Readable at least; where it is held, or nothing is to be removed, it is only looked at. 0: it cannot be read,
 * so that nothing of it counts, or goes. */
static int lock_pack(pruning *p, pack *own) {
  const char *why;
  int fd = host_pack_open(p->folder, own->name, &why);
  own->fd = -1;
  if (fd < 0) {
    if (why)
      tell_held(p, own->name, why);
    return 0;
  }
  if (p->removes) {
    close(fd);
    fd = openat(p->folder, own->name, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  }
  if (fd < 0) {
    tell_held(p, own->name, strerror(errno));
    return 1;
  }
  if (flock(fd, LOCK_EX | LOCK_NB) || !host_still_there(fd, p->folder, own->name)) {
    tell_held(p, own->name, why_held(p, own->name));
    close(fd);
  } else {
    own->fd = fd;
    if (!p->removes) /* no writer shall have to take another */
      (void)flock(fd, LOCK_UN);
  }
  return 1;
}

static syn_status lock_packs(pruning *p, syn_ctx *ctx) {
  host_names names;
  syn_status status = names_of_runs(&names, p, host_is_pack, ctx);
  p->packs = calloc(names.n + 1, sizeof *p->packs);
  for (size_t i = 0; i < names.n && !status; i++) {
    pack *own = p->packs ? &p->packs[p->n] : NULL;
    if (!own || !(own->name = strdup(names.list[i]->d_name)))
      status = syn_fail_memory(ctx, "a list of packs");
    if (!status && lock_pack(p, own))
      p->n++;
    else if (own)
      free(own->name);
  }
  host_names_close(&names);
  return status;
}

/* Its lines, whoever holds it. */
static syn_status read_pack(pruning *p, uint32_t number, host_see see, syn_ctx *ctx) {
  pack *own = &p->packs[number];
  struct stat about;
  char runs[4200];
  int fd = openat(p->folder, own->name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
  p->now = number;
  if (!file || fstat(fd, &about))
    return syn_fail(ctx, SYN_EIO, "%s/runs/%s: cannot be read: %s", p->store.folder, own->name,
                    strerror(errno));
  own->size = about.st_size;
  snprintf(runs, sizeof runs, "%s/runs", p->store.folder);
  return host_scan_pack(file, runs, own->name, see, p, ctx);
}

/* ---- what counts ------------------------------------------------------------------------------- */

/* Which lines count: the last whole one of each key that is wanted. */
static syn_status note(void *self, const host_seen *seen, syn_ctx *ctx) {
  pruning *p = self;
  host_line line = {.at = seen->line, .pack = p->now};
  if (seen->kind != HOST_SEEN_WHOLE)
    return SYN_OK;
  host_key_bytes(line.key, seen->key);
  uint32_t known = host_lines_find(&p->lines, line.key);
  if (known == HOST_NO_LINE)
    return host_lines_add(&p->lines, &line) ? SYN_OK : syn_fail_memory(ctx, "an index");
  p->lines.list[known].at = line.at;
  p->lines.list[known].pack = line.pack;
  return SYN_OK;
}

/* Does the line go, and as what? */
static int goes(pruning *p, const host_seen *seen, host_stale *kind) {
  *kind = HOST_STALE_DAMAGED;
  if (seen->kind != HOST_SEEN_WHOLE)
    return 1;
  const host_line *line = &p->lines.list[host_lines_of(&p->lines, seen->key)];
  *kind = HOST_STALE_SUPERSEDED;
  if (line->pack != p->now || line->at != seen->line)
    return 1;
  *kind = HOST_STALE_OTHER;
  return p->wanted && !p->wanted(p->self, seen);
}

static syn_status weigh(void *self, const host_seen *seen, syn_ctx *ctx) {
  pruning *p = self;
  host_stale kind;
  (void)ctx;
  if (!goes(p, seen, &kind))
    return SYN_OK;
  count(p, kind, seen->n + (seen->kind != HOST_SEEN_CUT));
  p->packs[p->now].goes++;
  return SYN_OK;
}

/* ---- writing anew ------------------------------------------------------------------------------ */

static syn_status keep(void *self, const host_seen *seen, syn_ctx *ctx) {
  pruning *p = self;
  host_stale kind;
  if (goes(p, seen, &kind))
    return SYN_OK;
  p->written += seen->n + 1;
  return host_temporary_add(&p->to, seen->text, seen->n + 1, ctx); /* with its end */
}

static syn_status rewrite(pruning *p, uint32_t number, syn_ctx *ctx) {
  pack *own = &p->packs[number];
  char path[4400];
  struct stat now;
  off_t size = own->size;
  snprintf(path, sizeof path, "%s/runs/%s", p->store.folder, own->name);
  syn_status status = host_temporary_open(&p->to, path, ctx);
  if (status)
    return status;
  p->written = 0;
  status = read_pack(p, number, keep, ctx);
  int same = fstat(own->fd, &now) == 0 && now.st_size == size && own->size == size;
  if (status || !same || p->written == 0)
    host_temporary_drop(&p->to);
  if (status)
    return status;
  if (!same) {
    tell_held(p, own->name, "it has changed meanwhile");
    return SYN_OK;
  }
  if (p->written == 0) /* nothing of it is left */
    return unlink(path) ? syn_fail(ctx, SYN_EIO, "%s: cannot be removed: %s", path, strerror(errno))
                        : SYN_OK;
  (void)fchmod(p->to.fd, now.st_mode & 0777);
  return host_temporary_keep(&p->to, ctx);
}

/* What takes the place of another is on the disk before that goes; it may have been written just now. */
static syn_status sync_packs(const pruning *p, syn_ctx *ctx) {
  for (uint32_t i = 0; i < p->n; i++) {
    const char *name = p->packs[i].name;
    int fd = openat(p->folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    int failed = fd < 0 || (fsync(fd) && errno != EINVAL && errno != EROFS), why = errno;
    if (fd >= 0)
      close(fd);
    if (failed)
      return syn_fail(ctx, SYN_EIO, "%s/runs/%s: cannot be said to be on the disk: %s",
                      p->store.folder, name, strerror(why));
  }
  return SYN_OK;
}

static syn_status prune_packs(pruning *p, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  for (uint32_t i = 0; i < p->n && !status; i++)
    status = read_pack(p, i, note, ctx);
  if (!status && p->removes)
    status = sync_packs(p, ctx);
  for (uint32_t i = 0; i < p->n && !status; i++)
    if (p->packs[i].fd >= 0)
      status = read_pack(p, i, weigh, ctx);
  for (uint32_t i = 0; i < p->n && !status && p->removes; i++)
    if (p->packs[i].goes > 0)
      status = rewrite(p, i, ctx);
  return status;
}

/* ---- files ------------------------------------------------------------------------------------- */

/* Takes FOLDER/part/name away and counts its bytes, as one of a kind or (`more`) as part of one. */
static syn_status remove_file(pruning *p, const char *part, const char *name, host_stale kind,
                              int more, syn_ctx *ctx) {
  char path[4400];
  struct stat about;
  snprintf(path, sizeof path, "%s/%s/%s", p->store.folder, part, name);
  if (lstat(path, &about) || !S_ISREG(about.st_mode))
    return SYN_OK;
  if (p->removes && unlink(path) && errno != ENOENT)
    return syn_fail(ctx, SYN_EIO, "%s: cannot be removed: %s", path, strerror(errno));
  count(p, kind, (uint64_t)about.st_size);
  p->out->n[kind] -= (size_t)more;
  return SYN_OK;
}

static syn_status prune_single(pruning *p, const char *name, const char *key, syn_ctx *ctx) {
  host_seen seen = {.name = name};
  syn_ctx damage = {0};
  host_stale kind = HOST_STALE_SINGLES;
  memcpy(seen.key, key, sizeof seen.key);
  if (faccessat(p->folder, name, R_OK, 0)) {
    tell_held(p, name, strerror(errno));
    return SYN_OK;
  }
  if (host_lines_of(&p->lines, key) == HOST_NO_LINE) {
    int whole = host_store_read_file(&seen.record, p->store, key, &damage) == SYN_OK;
    kind = whole ? HOST_STALE_OTHER : HOST_STALE_DAMAGED;
    int stays = whole && (!seen.record || !p->wanted || p->wanted(p->self, &seen));
    json_decref(seen.record);
    if (stays)
      return SYN_OK;
  }
  syn_status status = remove_file(p, "runs", name, kind, 0, ctx);
  return status ? status : remove_file(p, "times", key, kind, 1, ctx);
}

/* Does no run go on from it? Of one that cannot be read that is not known. */
static int is_useless(const pruning *p, const char *name, const char *key) {
  char path[4400];
  host_kept kept;
  syn_ctx why = {0};
  snprintf(path, sizeof path, "%s/runs/%s", p->store.folder, name);
  syn_status status = host_kept_read(&kept, path, key, &why);
  host_kept_close(&kept);
  return status == SYN_EINPUT;
}

/* A run that is computed right now keeps its checkpoint. */
static syn_status prune_checkpoint(pruning *p, int claims, const char *name, const char *key,
                                   syn_ctx *ctx) {
  json_t *record = NULL;
  syn_ctx damage = {0};
  int done = host_lines_of(&p->lines, key) != HOST_NO_LINE ||
             (host_store_read_file(&record, p->store, key, &damage) == SYN_OK && record);
  json_decref(record);
  if (p->removes && host_claim(claims, key) == HOST_CLAIM_TAKEN)
    return SYN_OK;
  syn_status status = SYN_OK;
  if (done || is_useless(p, name, key))
    status =
        remove_file(p, "runs", name, done ? HOST_STALE_CHECKPOINTS : HOST_STALE_USELESS, 0, ctx);
  if (p->removes)
    host_claim_end(claims, key);
  return status;
}

static syn_status prune_files(pruning *p, int claims, syn_ctx *ctx) {
  char key[SYN_DIGEST_SIZE];
  host_names names;
  syn_status status = names_of_runs(&names, p, NULL, ctx);
  /* checkpoints first, as records say that they are done */
  for (size_t i = 0; i < names.n && !status; i++)
    if (host_name_key(key, names.list[i]->d_name, ".checkpoint"))
      status = prune_checkpoint(p, claims, names.list[i]->d_name, key, ctx);
  for (size_t i = 0; i < names.n && !status; i++)
    if (host_name_key(key, names.list[i]->d_name, ".json"))
      status = prune_single(p, names.list[i]->d_name, key, ctx);
  host_names_close(&names);
  return status;
}

static void prune_temporary(pruning *p) {
  static const char *const parts[] = {"runs", "times", "plan"};
  char path[4400];
  for (int i = 0; i < 3; i++) {
    snprintf(path, sizeof path, "%s/%s", p->store.folder, parts[i]);
    p->out->n[HOST_STALE_TEMPORARY] +=
        host_temporary_left(path, p->removes, &p->out->bytes[HOST_STALE_TEMPORARY]);
  }
}

/* ---- all of it --------------------------------------------------------------------------------- */

static void close_packs(pruning *p) {
  for (uint32_t i = 0; i < p->n; i++) {
    if (p->packs[i].fd >= 0)
      close(p->packs[i].fd);
    free(p->packs[i].name);
  }
  free(p->packs);
  host_lines_close(&p->lines);
}

syn_status host_prune(host_pruned *out, host_store store, int removes,
                      int (*wanted)(void *self, const host_seen *seen), void *self, syn_ctx *ctx) {
  char runs[4096];
  pruning p = {.out = out, .store = store, .removes = removes, .wanted = wanted, .self = self};
  *out = (host_pruned){0};
  syn_status status = host_store_path(store, runs, sizeof runs, "runs", ".", "", ctx);
  if (status)
    return status;
  p.folder = open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (p.folder < 0)
    return syn_fail(ctx, SYN_EINPUT, "%s: no run store: %s", runs, strerror(errno));
  int claims = removes ? host_claims_open(store) : -1;
  prune_temporary(&p);
  status = lock_packs(&p, ctx);
  if (!status)
    status = prune_packs(&p, ctx);
  if (!status && removes)
    (void)fsync(p.folder);
  if (!status)
    status = prune_files(&p, claims, ctx);
  if (claims >= 0)
    close(claims);
  close_packs(&p);
  close(p.folder);
  return status;
}
