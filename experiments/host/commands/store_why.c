/* synlab store why: why runs that scripts ask for would be computed. Nothing is. */
#include <stdio.h>

#include "experiments/host/base/say.h"
#include "experiments/host/commands/store.h"
#include "experiments/host/run/plan.h"
#include "experiments/host/run/why.h"
#include "experiments/host/store/scan.h"

typedef struct asking {
  host_store store;
  host_why *why;
} asking;

static syn_status ask(void *self, const host_spec *spec, int there, syn_ctx *ctx) {
  return host_why_run(self, spec, there, ctx);
}

static syn_status see(void *self, const host_seen *seen, syn_ctx *ctx) {
  asking *a = self;
  char place[4400], what[4402 + HOST_LINE_WHY];
  if (seen->kind == HOST_SEEN_DAMAGED) {
    host_seen_place(place, sizeof place, a->store, seen);
    snprintf(what, sizeof what, "%s: %s", place, seen->why);
    return host_why_damaged(a->why, seen->key, what, ctx);
  }
  if (seen->kind != HOST_SEEN_WHOLE)
    return SYN_OK;
  return host_why_record(a->why, seen->record, ctx);
}

/* Compares what is missing with what is there. */
static syn_status compare(asking *a, syn_ctx *ctx) {
  return host_why_count(a->why).missing ? host_scan(a->store, see, a, ctx) : SYN_OK;
}

static void tell(const host *h, const asking *a) {
  host_why_counts counts = host_why_count(a->why);
  host_why_print(stdout, a->why);
  fflush(stdout);
  if (counts.unknown)
    fprintf(stderr, "%zu record%s of %s could not be compared: this version has no such runs.\n",
            counts.unknown, syn_s(counts.unknown), a->store.folder);
  host_why_kinds(stderr, a->why);
  fprintf(stderr, "%zu run%s in the store, %zu missing.\n", counts.there, syn_s(counts.there),
          counts.missing);
  if (h->plan->stopped)
    fputs("A script was stopped at its first missing runs: more may follow from them.\n", stderr);
}

int host_store_why(host *h, const store_arguments *arguments, const char *const *words, size_t n) {
  asking a = {.why = NULL};
  syn_ctx ctx = {0};
  h->profile = arguments->run.profile;
  (void)words; /* the scripts, which stand in h->words */
  int status = host_run_settle(h, "store why", n, 0);
  if (status)
    return status;
  a.store = host_own_store(h);
  if (!host_store_named("why", a.store.folder))
    return 2;
  if (!(a.why = host_why_open(h)))
    return host_failed(syn_fail_memory(&ctx, "runs that are missing"), &ctx);
  host_plan plan = {.ask = ask, .asker = a.why};
  h->plan = &plan;
  status = host_plan_gather(h, n);
  if (!status) {
    syn_status compared = compare(&a, &ctx);
    if (compared)
      status = host_failed(compared, &ctx);
    else
      tell(h, &a);
  }
  h->plan = NULL;
  host_plan_close(&plan);
  host_why_close(a.why);
  return status;
}
