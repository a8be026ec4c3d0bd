#include "experiments/host/run/schedule.h"

#include <errno.h>
#include <signal.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "experiments/host/store/claim.h"
#include "experiments/host/run/execute.h"
#include "experiments/host/base/progress.h"
#include "experiments/host/run/record.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/stop.h"
#include "experiments/host/run/worker.h"

#define LOOK_AGAIN 0.2 /* seconds, for runs that another process has claimed, or for room */
#define TRIES      10  /* for room */
#define NONE       SIZE_MAX
#define GRACE      10 /* seconds for a worker to keep a checkpoint */

typedef struct entry { /* a run */
  const host_spec *spec;
  json_t *record; /* owned; NULL: not done */
  char *name;     /* owned; what it is called where it fails, or NULL */
  double cost;
  size_t group;
  size_t twin; /* the next run of the same key, done with this one; NONE: there is none */
} entry;

typedef struct group {
  const char *title;
  unsigned rank;
  size_t first, n;       /* its runs */
  size_t open, computed; /* of them: not done yet; computed now */
  int handed_out;        /* that it is done */
} group;

struct host_queue {
  host *h;
  host_store store;
  entry *runs;
  group *groups;
  size_t n, n_groups;
  size_t *places, n_places; /* by key the first run that has it: 0: free, else 1 + the run */
  size_t *pending, begun,
      n_pending;    /* runs that nobody here has begun, in order, from `begun` on */
  double look_at;   /* when to look again, if all are claimed or there is no room */
  int waited;       /* for a group: there is something to tell at the end */
  unsigned refused; /* workers, one after the other, with none running */
  host_worker *workers;
  unsigned jobs;
  host_worker_report *reports;                 /* (jobs) */
  double cost_all, cost_done, iterations_done; /* done: in runs that ended */
  pid_t self;
  host_progress progress;
};

/* ---- computing --------------------------------------------------------------------------------- */

/* Few runs and many cores: a run may take several. The result does not depend on it. */
static unsigned threads_for_next(const host_queue *q) {
  size_t open = q->n_pending + 1; /* and the one that is about to begin */
  for (unsigned i = 0; i < q->jobs; i++)
    open += q->workers[i].pid != 0;
  unsigned threads = open < q->jobs ? q->jobs / (unsigned)open : 1;
  return threads > 64 ? 64 : threads;
}

/* The system gives no process for this run. Those that run will end and leave room; where none does,
 * some tries later is enough. */
static syn_status wait_for_room(host_queue *q, size_t run, int why, syn_ctx *ctx) {
  q->pending[--q->begun] = run;
  q->n_pending++;
  q->look_at = syn_clock() + LOOK_AGAIN;
  if (q->progress.running == 0 && ++q->refused >= TRIES)
    return syn_fail(ctx, SYN_EIO, "no worker process can be started: %s", strerror(why));
  return SYN_OK;
}

/* Takes ownership of the claim. */
static syn_status start_worker(host_queue *q, host_worker *w, size_t run, int claim, syn_ctx *ctx) {
  w->run = run;
  double asked = q->runs[run].spec->options.threads;
  unsigned threads = threads_for_next(q);
  if (asked > threads)
    threads = (unsigned)asked;
  int why = host_worker_start(w, q->h, q->store, q->runs[run].spec, threads, claim, q->self);
  if (why) {
    host_claim_end(claim);
    return wait_for_room(q, run, why, ctx);
  }
  q->refused = 0;
  if (claim >= 0)
    close(claim); /* the worker has it, and it ends with the host_worker */
  q->progress.running++;
  return SYN_OK;
}

/* A run has its record: so have its twins. */
static void finish(host_queue *q, size_t run) {
  json_t *record = q->runs[run].record;
  q->groups[q->runs[run].group].open--;
  q->progress.done++;
  for (size_t twin = q->runs[run].twin; twin != NONE; twin = q->runs[twin].twin) {
    q->runs[twin].record = json_incref(record);
    q->groups[q->runs[twin].group].open--;
    q->progress.done++;
  }
}

/* Another process that shares the store may have computed it since we looked. */
static int finished_elsewhere(host_queue *q, size_t run) {
  if (q->h->profile.fresh)
    return 0;
  syn_ctx ignored = {0};
  (void)host_store_look(q->store, &ignored); /* we have the claim: who had it has written */
  host_store_read(&q->runs[run].record, q->store, q->runs[run].spec->key, &ignored);
  if (!q->runs[run].record)
    return 0;
  q->progress.kept++;
  q->cost_all -= q->runs[run].cost;
  finish(q, run);
  return 1;
}

/* Starts the first pending run that no other process has claimed. */
static syn_status start_next(host_queue *q, host_worker *w, syn_ctx *ctx) {
  for (size_t i = 0; i < q->n_pending;) {
    size_t *pending = q->pending + q->begun, run = pending[i];
    int claim = host_claim(q->store, q->runs[run].spec->key);
    if (claim == HOST_CLAIM_TAKEN) {
      i++;
      continue;
    }
    memmove(pending + 1, pending, i * sizeof *pending);
    q->begun++;
    q->n_pending--;
    if (!finished_elsewhere(q, run))
      return start_worker(q, w, run, claim, ctx);
    host_claim_end(claim);
  }
  q->progress.elsewhere = q->n_pending;
  q->look_at = syn_clock() + LOOK_AGAIN;
  return SYN_OK;
}

static syn_status start_workers(host_queue *q, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  if (syn_clock() < q->look_at)
    return SYN_OK;
  q->progress.elsewhere = 0;
  for (unsigned i = 0; i < q->jobs && q->n_pending && syn_clock() >= q->look_at && !status; i++)
    if (!q->workers[i].pid)
      status = start_next(q, &q->workers[i], ctx);
  return status;
}

static void keep_failure(host_queue *q, size_t run, const char *error) {
  q->runs[run].record = host_record_failed(q->runs[run].spec, error);
  q->progress.failed++;
  q->h->failed_runs++;
}

/* Of a run, so many iterations. */
static double share(const host_queue *q, const host_worker *w, uint32_t iterations) {
  return iterations / (q->runs[w->run].spec->options.iterations + 1);
}

static void end_worker(host_queue *q, host_worker *w, int status) {
  syn_ctx ctx = {0};
  char error[SYN_ERROR_SIZE + 64];
  size_t run = w->run;
  w->pid = 0;
  q->progress.running--;
  q->groups[q->runs[run].group].computed++;
  uint32_t first = host_worker_first(w);
  q->cost_all -= q->runs[run].cost * share(q, w, first);
  q->cost_done += q->runs[run].cost * (1 - share(q, w, first));
  q->iterations_done += q->runs[run].spec->options.iterations - first;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    syn_status read = host_store_look(q->store, &ctx);
    if (!read)
      read = host_store_read(&q->runs[run].record, q->store, q->runs[run].spec->key, &ctx);
    if (!q->runs[run].record)
      keep_failure(q, run, read ? ctx.error : "its record is gone");
  } else {
    if (WIFSIGNALED(status))
      snprintf(error, sizeof error, "the worker was killed by signal %d (%s)", WTERMSIG(status),
               strsignal(WTERMSIG(status)));
    else
      snprintf(error, sizeof error, "%s",
               *w->report->error ? w->report->error : "the worker ended without a word");
    keep_failure(q, run, error);
  }
  finish(q, run);
}

static void show(host_queue *q) {
  double all = q->cost_all, cost = q->cost_done, iterations = q->iterations_done, accuracy = 0;
  unsigned measured = 0;
  for (unsigned i = 0; i < q->jobs; i++) {
    const host_worker *w = &q->workers[i];
    if (!w->pid)
      continue;
    uint32_t first = host_worker_first(w), done = host_worker_done(w);
    iterations += done;
    if (isfinite(host_worker_accuracy(w))) {
      accuracy += host_worker_accuracy(w);
      measured++;
    }
    all -= q->runs[w->run].cost * share(q, w, first);
    cost += q->runs[w->run].cost * share(q, w, done);
  }
  q->progress.cost = all;
  q->progress.cost_done = cost;
  q->progress.iterations = iterations;
  q->progress.accuracy = measured ? accuracy / measured : (double)NAN;
  host_progress_show(&q->progress);
}

/* They keep a checkpoint and end; one that does not in time is killed. */
static void stop_workers(host_queue *q) {
  double last = syn_clock() + GRACE;
  for (unsigned i = 0; i < q->jobs; i++)
    if (q->workers[i].pid)
      kill(q->workers[i].pid, SIGTERM);
  for (unsigned i = 0; i < q->jobs; i++) {
    pid_t pid = q->workers[i].pid;
    while (pid && waitpid(pid, NULL, WNOHANG) == 0) {
      if (syn_clock() > last)
        kill(pid, SIGKILL);
      nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
    q->workers[i].pid = 0;
  }
  q->progress.running = 0;
}

/* Reaps what has ended; sleeps a little if nothing has. */
static void reap(host_queue *q) {
  int ended = 0;
  for (unsigned i = 0; i < q->jobs; i++) {
    host_worker *w = &q->workers[i];
    int status = 0x100; /* as of exit(1): what became of a child that cannot be waited for */
    pid_t got = w->pid ? waitpid(w->pid, &status, WNOHANG) : 0;
    if (got == 0 || (got < 0 && errno == EINTR))
      continue;
    end_worker(q, w, status);
    ended = 1;
  }
  if (!ended)
    nanosleep(&(struct timespec){0, 5000000}, NULL);
}

/* ---- adding ------------------------------------------------------------------------------------ */

/* Array (room) with place for n more of its used ones; 0: not enough memory. */
static int grow(void *array, size_t used, size_t n, size_t size) {
  void **at = array, *larger = realloc(*at, (used + n + 1) * size);
  if (larger)
    *at = larger;
  return larger != NULL;
}

/* Where the first run of this key is noted, or where it is to be. */
static size_t *place_of(const host_queue *q, const char *key) {
  char head[17];
  snprintf(head, sizeof head, "%.16s", key);
  size_t at = strtoull(head, NULL, 16) & (q->n_places - 1);
  while (q->places[at] && strcmp(q->runs[q->places[at] - 1].spec->key, key) != 0)
    at = (at + 1) & (q->n_places - 1);
  return &q->places[at];
}

static int room_for(host_queue *q, size_t n) {
  if (!grow(&q->runs, q->n, n, sizeof *q->runs) ||
      !grow(&q->groups, q->n_groups, 1, sizeof *q->groups) ||
      !grow(&q->pending, q->begun + q->n_pending, n, sizeof *q->pending))
    return 0;
  if (2 * (q->n + n) < q->n_places)
    return 1;
  free(q->places);
  for (q->n_places = q->n_places ? q->n_places : 64; q->n_places <= 2 * (q->n + n);)
    q->n_places *= 2;
  q->places = calloc(q->n_places, sizeof *q->places);
  for (size_t run = 0; q->places && run < q->n; run++) {
    size_t *place = place_of(q, q->runs[run].spec->key);
    *place = *place ? *place : run + 1;
  }
  return q->places != NULL;
}

/* Takes the record of its twin or of the store, or lists it. */
static void look_up(host_queue *q, size_t run) {
  entry *e = &q->runs[run];
  syn_ctx ctx = {0};
  size_t *first = place_of(q, e->spec->key);
  if (*first) {
    entry *twin = &q->runs[*first - 1];
    e->twin = twin->twin;
    twin->twin = run;
    if (twin->record) {
      e->record = json_incref(twin->record);
      q->groups[e->group].open--;
      q->progress.done++;
    }
    return;
  }
  *first = run + 1;
  if (!q->h->profile.fresh && host_store_read(&e->record, q->store, e->spec->key, &ctx))
    host_wrong("%s; it is computed again", ctx.error);
  if (e->record) {
    q->progress.kept++;
    finish(q, run);
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

/* A store that cannot be written is told now, not after the first hour. */
static syn_status open_store(host_store store, syn_ctx *ctx) {
  char runs[4096];
  syn_status status = host_store_path(store, runs, sizeof runs, "runs", "", "", ctx);
  if (!status && host_make_folders(runs, ctx))
    status = SYN_EINPUT;
  if (!status && access(runs, W_OK | X_OK))
    status = syn_fail(ctx, SYN_EINPUT, "%s: cannot be written: %s", runs, strerror(errno));
  return status;
}

syn_status host_queue_add(host_queue *q, size_t *group_number, const host_spec *specs, size_t n,
                          const char *title, unsigned rank, syn_ctx *ctx) {
  if (!room_for(q, n))
    return syn_fail_memory(ctx, "the scheduler");
  *group_number = q->n_groups;
  q->groups[q->n_groups++] =
      (group){.title = title, .rank = rank, .first = q->n, .n = n, .open = n};
  for (size_t i = 0; i < n; i++)
    q->runs[q->n + i] = (entry){.spec = &specs[i], .group = *group_number, .twin = NONE};
  q->n += n;
  q->progress.runs = q->n;
  for (size_t run = q->n - n; run < q->n; run++)
    look_up(q, run);
  qsort_r(q->pending + q->begun, q->n_pending, sizeof *q->pending, in_order, q);
  return q->n_pending > 0 ? open_store(q->store, ctx) : SYN_OK;
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
    syn_status status = host_stop_signal() ? SYN_OK : start_workers(q, ctx);
    if (status)
      return status;
    reap(q);
    show(q);
    if (host_stop_signal())
      return syn_fail(ctx, SYN_ESTOPPED,
                      "stopped; finished runs are kept, the same command goes on from there");
  }
}

json_t *host_queue_record(const host_queue *q, size_t number, size_t run) {
  return q->runs[q->groups[number].first + run].record;
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

syn_status host_queue_open(host_queue **out, host *h, host_store store, const char *title,
                           syn_ctx *ctx) {
  host_queue *q = *out = calloc(1, sizeof *q);
  if (!q)
    return syn_fail_memory(ctx, "the scheduler");
  q->h = h;
  q->store = store;
  q->jobs = h->profile.jobs;
  q->self = getpid();
  q->workers = calloc(q->jobs, sizeof *q->workers);
  q->reports = mmap(NULL, q->jobs * sizeof *q->reports, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  host_progress_begin(&q->progress, title, 0);
  host_clean_store(store);
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

static void tell_failure(const entry *run, const group *of, size_t number, const char *error) {
  char seed[32];
  snprintf(seed, sizeof seed, "seed %llu", (unsigned long long)run->spec->options.seed);
  host_wrong("%s: run %zu of %zu (%s) failed: %s", of->title, number, of->n,
             run->name ? run->name : seed, error);
}

/* At the end, so that they do not scroll away. */
static void show_failures(const host_queue *q) {
  for (size_t run = 0; run < q->n; run++) {
    const group *of = &q->groups[q->runs[run].group];
    const char *error = json_string_value(json_object_get(q->runs[run].record, "error"));
    if (error)
      tell_failure(&q->runs[run], of, run - of->first + 1, error);
  }
}

void host_queue_close(host_queue *q) {
  if (!q)
    return;
  if (q->workers && q->reports != MAP_FAILED)
    stop_workers(q);
  host_stop_unwatch();
  host_clean_store(q->store); /* again: of what died meanwhile */
  host_progress_clear(&q->progress);
  show_failures(q);
  if (q->waited)
    host_progress_end(&q->progress);
  if (q->reports != MAP_FAILED)
    munmap(q->reports, q->jobs * sizeof *q->reports);
  for (size_t run = 0; run < q->n; run++) {
    json_decref(q->runs[run].record);
    free(q->runs[run].name);
  }
  free(q->runs);
  free(q->groups);
  free(q->places);
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
  for (size_t i = 0; i < n && !status; i++)
    records[i] = json_incref(host_queue_record(queue, number, i));
  host_queue_close(queue);
  return status;
}
