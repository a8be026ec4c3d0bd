#include "experiments/host/run/checkpoint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/stop.h"
#include "experiments/host/store/kept.h"

static int due(void *self, int row) {
  const host_checkpoint *c = self;
  if (host_stop_signal())
    return 1;
  return c->every > 0 ? syn_clock() - c->last >= c->every : row;
}

static void tell(host_checkpoint *c, const char *what, const char *why) {
  if (!c->reported)
    host_wrong("run %.12s: %s: %s", c->key, what, why);
  c->reported = 1;
}

/* A run without checkpoints is still a run. */
static void keep(void *self, const void *bytes, size_t n, const char *why) {
  host_checkpoint *c = self;
  syn_ctx ctx = {0};
  c->last = syn_clock();
  if (!bytes) {
    tell(c, "no checkpoint", why);
    return;
  }
  char *file = malloc(HOST_KEPT_HEAD + n);
  if (!file)
    return;
  memcpy(file + HOST_KEPT_HEAD, bytes, n);
  host_kept_head(file, c->key, c->spent + c->last - c->begin, n);
  if (host_write(c->path, file, HOST_KEPT_HEAD + n, &ctx))
    tell(c, "no checkpoint", ctx.error);
  free(file);
}

static void give_up(void *self, const char *why) {
  host_checkpoint *c = self;
  tell(c, "no checkpoints", why);
  if (unlink(c->path) && errno != ENOENT)
    host_wrong("%s: it is not to be gone on from, and cannot be removed: %s", c->path,
               strerror(errno));
}

static void load(host_checkpoint *c) {
  host_kept kept;
  syn_ctx ctx = {0};
  if (host_kept_read(&kept, c->path, c->key, &ctx)) {
    host_wrong("%s; the run begins anew", ctx.error);
    return;
  }
  c->file = kept.file;
  c->spent = kept.spent;
  c->hook.bytes = c->file + HOST_KEPT_HEAD;
  c->hook.n = kept.n - HOST_KEPT_HEAD;
}

syn_status host_checkpoint_open(host_checkpoint *c, const host *h, host_store store,
                                const char *key, syn_ctx *ctx) {
  *c = (host_checkpoint){.key = key, .every = h->profile.checkpoint, .begin = syn_clock()};
  c->hook = (syn_checkpoint){.self = c, .due = due, .keep = keep, .give_up = give_up};
  c->last = c->begin;
  syn_status status =
      host_store_path(store, c->path, sizeof c->path, "runs", key, ".checkpoint", ctx);
  if (status == SYN_OK && h->profile.fresh)
    unlink(c->path);
  else if (status == SYN_OK && access(c->path, F_OK) == 0)
    load(c);
  return status;
}

void host_checkpoint_reject(host_checkpoint *c, const char *why) {
  host_wrong("%s: %s; the run begins anew", c->path, why);
  c->hook.bytes = NULL;
  c->hook.n = 0;
  c->spent = 0;
}

void host_checkpoint_remove(const host_checkpoint *c) {
  unlink(c->path);
}

void host_checkpoint_close(host_checkpoint *c) {
  free(c->file);
  *c = (host_checkpoint){0};
}
