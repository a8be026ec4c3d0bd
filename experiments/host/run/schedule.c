#include "experiments/host/run/schedule.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/base/grow.h"
#include "experiments/host/store/claim.h"
#include "experiments/host/run/dispatch.h"
#include "experiments/host/run/execute.h"
#include "experiments/host/run/queue.h"
#include "experiments/host/run/record.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/stop.h"

/* ---- adding ------------------------------------------------------------------------------------ */

static int room_for(host_queue *q, size_t n) {
  return host_lines_reserve(&q->keys, n) &&
         syn_grow(&q->runs, &q->room, q->n + n, sizeof *q->runs) &&
         syn_grow(&q->groups, &q->groups_room, q->n_groups + 1, sizeof *q->groups) &&
         syn_grow(&q->pending, &q->pending_room, q->begun + q->n_pending + n, sizeof *q->pending);
}

/* A run of a key that another has: they are done together. */
static void join(host_queue *q, host_entry *twin, size_t run) {
  host_entry *e = &q->runs[run];
  e->twin = twin->twin;
  twin->twin = run;
  if (!twin->done)
    return;
  e->error = twin->error ? strdup(twin->error) : NULL;
  e->done = 1;
  q->groups[e->group].open--;
  q->progress.done++;
}

/* Is it done like its twin, or in the store? Else it is listed. */
static void look_up(host_queue *q, size_t run) {
  host_entry *e = &q->runs[run];
  syn_ctx ctx = {0};
  int whole = 0;
  uint32_t first = host_lines_of(&q->keys, e->spec->key);
  host_line noted = {.at = run};
  if (first != HOST_NO_LINE) {
    join(q, &q->runs[q->keys.list[first].at], run);
    return;
  }
  host_key_bytes(noted.key, e->spec->key);
  host_lines_add(&q->keys, &noted); /* there is room */
  if (!q->h->profile.fresh && host_store_check(&whole, q->store, e->spec->key, &ctx))
    host_wrong("%s; it is computed again", ctx.error);
  if (whole) {
    q->progress.kept++;
    host_dispatch_done(q, run);
    return;
  }
  e->cost = host_cost(e->spec);
  q->cost_all += e->cost;
  q->pending[q->begun + q->n_pending++] = run;
}

/* Groups of higher rank first, in a group the longest first. */
static int in_order(const void *a, const void *b, void *queue) {
  const host_queue *q = queue;
  size_t x = *(const size_t *)a, y = *(const size_t *)b;
  unsigned rx = q->groups[q->runs[x].group].rank, ry = q->groups[q->runs[y].group].rank;
  double cx = q->runs[x].cost, cy = q->runs[y].cost;
  if (rx != ry)
    return (rx < ry) - (rx > ry);
  return cx != cy ? (cx < cy) - (cx > cy) : (x > y) - (x < y);
}

/* A store that cannot be written is told now, not after the first hour, with what is missing. */
static syn_status open_store(const host_queue *q, syn_ctx *ctx) {
  syn_ctx why = {0};
  syn_status status = host_store_make(q->store, &why);
  if (status != SYN_EINPUT)
    return status ? syn_fail(ctx, status, "%s", why.error) : SYN_OK;
  const host_entry *first = &q->runs[q->pending[q->begun]];
  return syn_fail(
      ctx, SYN_EINPUT,
      "%s; %zu run%s missing there, first %.12s of '%s'; `synlab merge` copies its records into a "
      "store of your own",
      why.error, q->n_pending, q->n_pending == 1 ? " is" : "s are", first->spec->key,
      q->groups[first->group].title);
}

syn_status host_queue_add(host_queue *q, size_t *group_number, const host_spec *specs, size_t n,
                          const char *title, unsigned rank, syn_ctx *ctx) {
  if (!room_for(q, n))
    return syn_fail_memory(ctx, "the scheduler");
  syn_status status = q->h->profile.fresh ? SYN_OK : host_store_look(q->store, ctx);
  if (status) /* of what cannot be read nothing is known */
    return status;
  *group_number = q->n_groups;
  q->groups[q->n_groups++] =
      (host_group){.title = title, .rank = rank, .first = q->n, .n = n, .open = n};
  for (size_t i = 0; i < n; i++)
    q->runs[q->n + i] =
        (host_entry){.spec = &specs[i], .group = (uint32_t)*group_number, .twin = HOST_NO_RUN};
  q->n += n;
  q->progress.runs = q->n;
  for (size_t run = q->n - n; run < q->n; run++)
    look_up(q, run);
  qsort_r(q->pending + q->begun, q->n_pending, sizeof *q->pending, in_order, q);
  if (q->n_pending > 0)
    status = open_store(q, ctx);
  if (!status && q->n_pending > 0 && q->claims < 0) { /* from here on the store is written */
    host_clean_store(q->store);
    q->claims = host_claims_open(q->store);
  }
  return status;
}

/* ---- waiting ----------------------------------------------------------------------------------- */

syn_status host_queue_wait(host_queue *q, size_t *group_number, syn_ctx *ctx) {
  q->waited = 1;
  for (;;) {
    int open = 0;
    for (size_t i = 0; i < q->n_groups; i++) {
      if (q->groups[i].open == 0 && !q->groups[i].handed_out) {
        q->groups[i].handed_out = 1;
        *group_number = i;
        return SYN_OK;
      }
      open = open || q->groups[i].open > 0;
    }
    *group_number = HOST_NO_GROUP;
    if (!open)
      return SYN_OK;
    syn_status status = host_stop_signal() ? SYN_OK : host_dispatch(q, ctx);
    if (status)
      return status;
    host_dispatch_reap(q);
    host_dispatch_show(q);
    if (host_stop_signal())
      return syn_fail(ctx, SYN_ESTOPPED, "%s", host_stop_words(q->h->profile.fresh));
  }
}

json_t *host_queue_record(const host_queue *q, size_t number, size_t run) {
  const host_entry *e = &q->runs[q->groups[number].first + run];
  json_t *record = NULL;
  syn_ctx ctx = {0};
  if (e->error)
    return host_record_failed(e->spec, e->error);
  syn_status status = host_store_read(&record, q->store, e->spec->key, &ctx);
  return record ? record : host_record_failed(e->spec, status ? ctx.error : "its record is gone");
}

size_t host_queue_computed(const host_queue *q, size_t number) {
  return q->groups[number].computed;
}

syn_status host_queue_name(host_queue *q, size_t number, size_t run, const char *name,
                           syn_ctx *ctx) {
  char **own = &q->runs[q->groups[number].first + run].name;
  free(*own);
  *own = strdup(name);
  return *own ? SYN_OK : syn_fail_memory(ctx, name);
}

/* ---- beginning and end ------------------------------------------------------------------------- */

/* In a worker, of the queue as it was when that began. */
static const host_spec *spec_of(const void *self, size_t run) {
  return ((const host_queue *)self)->runs[run].spec;
}

syn_status host_queue_open(host_queue **out, host *h, host_store store, const char *title,
                           syn_ctx *ctx) {
  host_queue *q = *out = calloc(1, sizeof *q);
  if (!q)
    return syn_fail_memory(ctx, "the scheduler");
  q->h = h;
  q->store = store;
  q->jobs = h->profile.jobs;
  q->claims = -1;
  q->shop =
      (host_workshop){.h = h, .store = store, .scheduler = getpid(), .spec_of = spec_of, .self = q};
  q->workers = calloc(q->jobs, sizeof *q->workers);
  q->reports = mmap(NULL, q->jobs * sizeof *q->reports, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  host_progress_begin(&q->progress, title, 0);
  host_stop_watch();
  if (!q->workers || q->reports == MAP_FAILED) {
    host_queue_close(q);
    *out = NULL;
    return syn_fail_memory(ctx, "the scheduler");
  }
  for (unsigned i = 0; i < q->jobs; i++)
    q->workers[i].report = &q->reports[i];
  return SYN_OK;
}

/* What a run failed of: behind the name of a worker's own pack, if it begins with that. */
static const char *reason_of(const char *error) {
  const char *end = strstr(error, ": ");
  int names_pack = end && end - error > 6 && strncmp(end - 6, ".jsonl", 6) == 0;
  return names_pack ? end : error;
}

/* Of the runs from..to - 1, how many failed of the same. */
static size_t count_alike(const host_queue *q, size_t from, size_t to, const char *error) {
  size_t n = 0;
  for (size_t run = from; run < to; run++)
    n += q->runs[run].error && strcmp(reason_of(q->runs[run].error), reason_of(error)) == 0;
  return n;
}

/* A line for a run that failed, and for all others of its group that failed of the same. */
static void tell_failure(const host_queue *q, const host_group *of, size_t number) {
  const host_entry *run = &q->runs[number];
  char seed[32], first[64] = "";
  snprintf(seed, sizeof seed, "seed %llu", (unsigned long long)run->spec->options.seed);
  size_t n = count_alike(q, number, of->first + of->n, run->error);
  if (n > 1)
    snprintf(first, sizeof first, "%zu of %zu runs failed, first ", n, of->n);
  host_wrong("%s: %srun %zu of %zu (%s)%s: %s", of->title, first, number - of->first + 1, of->n,
             run->name ? run->name : seed, n > 1 ? "" : " failed", run->error);
}

/* At the end, so that they do not scroll away. */
static void show_failures(const host_queue *q) {
  for (size_t run = 0; run < q->n; run++) {
    const host_group *of = &q->groups[q->runs[run].group];
    if (q->runs[run].error && count_alike(q, of->first, run, q->runs[run].error) == 0)
      tell_failure(q, of, run);
  }
}

void host_queue_close(host_queue *q) {
  if (!q)
    return;
  if (q->workers && q->reports != MAP_FAILED)
    host_dispatch_stop(q);
  host_stop_unwatch();
  if (q->claims >= 0)
    host_clean_store(q->store); /* again: of what died meanwhile */
  host_progress_clear(&q->progress);
  show_failures(q);
  if (q->waited)
    host_progress_end(&q->progress);
  if (q->reports != MAP_FAILED)
    munmap(q->reports, q->jobs * sizeof *q->reports);
  for (size_t run = 0; run < q->n; run++) {
    free(q->runs[run].error);
    free(q->runs[run].name);
  }
  if (q->claims >= 0)
    close(q->claims);
  free(q->runs);
  free(q->groups);
  host_lines_close(&q->keys);
  free(q->pending);
  free(q->workers);
  free(q);
}

syn_status host_schedule(json_t **records, host *h, host_store store, const host_spec *specs,
                         size_t n, const char *title, syn_ctx *ctx) {
  host_queue *queue;
  size_t number;
  syn_status status = host_queue_open(&queue, h, store, title, ctx);
  if (!status)
    status = host_queue_add(queue, &number, specs, n, title, 0, ctx);
  if (!status)
    status = host_queue_wait(queue, &number, ctx);
  for (size_t i = 0; i < n && records && !status; i++)
    records[i] = host_queue_record(queue, number, i);
  host_queue_close(queue);
  return status;
}
