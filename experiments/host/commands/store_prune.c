/* synlab store prune: what is stale in a store, said or taken away. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/base/say.h"
#include "experiments/host/commands/store.h"
#include "experiments/host/run/key.h"
#include "experiments/host/run/recorded.h"
#include "experiments/host/store/prune.h"

typedef struct others { /* records of another numerics version */
  host_recorder *recorder;
  size_t unknown; /* whose version cannot be told */
} others;

/* 0: its key was made under another version. One that cannot be told stays. */
static int is_ours(void *self, const host_seen *seen) {
  others *o = self;
  host_spec spec;
  const char *numerics = NULL;
  int ours = 1;
  syn_ctx ctx = {0};
  if (host_recorder_read(o->recorder, &spec, &numerics, seen->record, &ctx) == SYN_OK) {
    ours = !numerics || strcmp(numerics, host_numerics(&spec.options)) == 0;
    host_spec_close(&spec);
  }
  return ours;
}

static const char *const words[HOST_STALE_KINDS] = {
    [HOST_STALE_DAMAGED] = "damaged, or no record",
    [HOST_STALE_SUPERSEDED] = "superseded by a later record",
    [HOST_STALE_OTHER] = "of another numerics version",
    [HOST_STALE_SINGLES] = "single files that a pack has too",
    [HOST_STALE_CHECKPOINTS] = "checkpoints of finished runs",
    [HOST_STALE_USELESS] = "checkpoints that no run goes on from: damaged, or of another version",
    [HOST_STALE_TEMPORARY] = "unfinished files",
    [HOST_STALE_PLANS] = "plans whose runs are all done",
};

static void print(const host_pruned *pruned, const char *folder, int removes) {
  size_t n = 0;
  uint64_t bytes = 0;
  for (int kind = 0; kind < HOST_STALE_KINDS; kind++) {
    n += pruned->n[kind];
    bytes += pruned->bytes[kind];
    if (pruned->n[kind])
      printf("%8zu  %12" PRIu64 " bytes  %s\n", pruned->n[kind], pruned->bytes[kind], words[kind]);
  }
  if (n == 0)
    printf("%s: nothing is stale\n", folder);
  else if (removes)
    printf("%s: %zu removed, %" PRIu64 " bytes\n", folder, n, bytes);
  else
    printf("%s: %zu to remove, %" PRIu64 " bytes; --yes does it\n", folder, n, bytes);
}

/* Of a folder that plans alone are in - their records go elsewhere - no store is wanted. */
static int has_plans_alone(const char *folder) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/runs", folder);
  if (access(path, F_OK) == 0)
    return 0;
  snprintf(path, sizeof path, "%s/plan/.", folder);
  return access(path, F_OK) == 0;
}

/* Plans first, while the records that say that they are done are there. */
static syn_status prune(host_pruned *pruned, host *h, host_store store, const store_arguments *a,
                        int plans_alone, syn_ctx *ctx) {
  host_pruned plans = {0};
  others o = {0};
  *pruned = (host_pruned){0};
  syn_status status = host_store_plans(&plans, store.folder, a->yes, ctx);
  if (!status && a->others && !(o.recorder = host_recorder_open(h)))
    status = syn_fail_memory(ctx, "records");
  if (!status && !plans_alone)
    status = host_prune(pruned, store, a->yes, a->others ? is_ours : NULL, &o, ctx);
  host_recorder_close(o.recorder);
  pruned->n[HOST_STALE_PLANS] = plans.n[HOST_STALE_PLANS];
  pruned->bytes[HOST_STALE_PLANS] = plans.bytes[HOST_STALE_PLANS];
  pruned->held += plans.held;
  return status;
}

int host_store_prune(host *h, const store_arguments *a, const char *const *named, size_t n) {
  host_pruned pruned;
  syn_ctx ctx = {0};
  if (n > 1)
    return host_wrong("store prune: '%s' and '%s': one store at a time", named[0], named[1]);
  const char *folder = n ? named[0] : h->profile.out;
  int plans_alone = has_plans_alone(folder);
  host_store store = {plans_alone ? folder : host_store_named("prune", folder), NULL};
  if (!store.folder)
    return 2;
  syn_status status = prune(&pruned, h, store, a, plans_alone, &ctx);
  if (status)
    return host_failed(status, &ctx);
  print(&pruned, store.folder, a->yes);
  return pruned.held > 0 && a->yes;
}
