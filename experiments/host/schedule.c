#include "experiments/host/schedule.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "experiments/host/claim.h"
#include "experiments/host/execute.h"
#include "experiments/host/progress.h"
#include "experiments/host/record.h"
#include "experiments/host/stop.h"

#define LOOK_AGAIN 0.2 /* seconds, for runs that another process has claimed, or for room */
#define TRIES      10  /* for room */
#define GRACE      10  /* seconds for a worker to keep a checkpoint */

/* What a worker tells the scheduler while it runs: memory that both see. */
typedef struct shared {
  _Atomic uint32_t first, done; /* iterations: of the checkpoint that it began from; so far */
  int stopping;                 /* calls of `tell` since the worker was told to stop */
  char error[SYN_ERROR_SIZE];
} shared;

typedef struct worker {
  pid_t pid; /* 0: free */
  size_t run;
  shared *shared;
} worker;

typedef struct scheduler {
  host *h;
  const host_spec *specs;
  json_t **records;
  size_t *pending, n_pending; /* runs that nobody here has begun, longest first */
  double look_at;             /* when to look again, if all are claimed or there is no room */
  unsigned refused;           /* workers, one after the other, with none running */
  worker *workers;
  unsigned jobs;
  shared *shared; /* (jobs) */
  double *cost;   /* (n) */
  double cost_all, cost_done, iterations_done; /* done: in runs that ended */
  pid_t self;
  host_progress progress;
} scheduler;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- in the worker ----------------------------------------------------------------------------- */

/* Between the first call that knows of a stop and the second one a checkpoint is kept (checkpoint.c). */
static syn_status tell(void *self, uint32_t done, uint32_t of, double loss) {
  (void)of;
  (void)loss;
  shared *s = self;
  if (host_stop_signal() && s->stopping++)
    return SYN_ESTOPPED;
  if (atomic_load_explicit(&s->done, memory_order_relaxed) == 0)
    atomic_store_explicit(&s->first, done - 1, memory_order_relaxed);
  atomic_store_explicit(&s->done, done, memory_order_relaxed);
  return SYN_OK;
}

/* Never returns. The record goes into the store; an error into shared memory. */
static void work(const scheduler *s, const worker *w, unsigned threads, int claim) {
  host_stop_worker();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != s->self) /* it died before we could ask to die with it */
    _exit(1);
  syn_ctx ctx = {0};
  const host_spec *spec = &s->specs[w->run];
  syn_observer observer = {w->shared, tell, NULL};
  syn_status status = host_compute(s->h, spec, threads, &observer, &ctx);
  if (status == SYN_ESTOPPED)
    syn_fail(&ctx, status, "it was stopped by a signal; what it has done is kept");
  memcpy(w->shared->error, ctx.error, sizeof ctx.error);
  host_claim_end(s->h, spec->key, claim);
  _exit(status == SYN_OK ? 0 : 1);
}

/* ---- in the scheduler -------------------------------------------------------------------------- */

/* Few runs and many cores: a run may take several. The result does not depend on it. */
static unsigned threads_for_next(const scheduler *s) {
  size_t open = s->n_pending + 1; /* and the one that is about to begin */
  for (unsigned i = 0; i < s->jobs; i++)
    open += s->workers[i].pid != 0;
  unsigned threads = open < s->jobs ? s->jobs / (unsigned)open : 1;
  return threads > 64 ? 64 : threads;
}

/* The system gives no process for this run. Those that run will end and leave room; where none does,
 * some tries later is enough. */
static syn_status wait_for_room(scheduler *s, size_t run, int why, syn_ctx *ctx) {
  memmove(s->pending + 1, s->pending, s->n_pending * sizeof *s->pending);
  s->pending[0] = run;
  s->n_pending++;
  s->look_at = now() + LOOK_AGAIN;
  if (s->progress.running == 0 && ++s->refused >= TRIES)
    return syn_fail(ctx, SYN_EIO, "no worker process can be started: %s", strerror(why));
  return SYN_OK;
}

/* Takes ownership of the claim. */
static syn_status start_worker(scheduler *s, worker *w, size_t run, int claim, syn_ctx *ctx) {
  w->run = run;
  double asked = s->specs[w->run].options.threads;
  unsigned threads = threads_for_next(s);
  if (asked > threads)
    threads = (unsigned)asked;
  memset(w->shared, 0, sizeof *w->shared);
  fflush(NULL);
  w->pid = fork();
  if (w->pid == 0)
    work(s, w, threads, claim);
  if (w->pid < 0) {
    int why = errno;
    w->pid = 0;
    host_claim_end(s->h, s->specs[run].key, claim);
    return wait_for_room(s, run, why, ctx);
  }
  s->refused = 0;
  if (claim >= 0)
    close(claim); /* the worker has it, and it ends with the worker */
  s->progress.running++;
  return SYN_OK;
}

/* Another process that shares the store may have computed it since we looked. */
static int finished_elsewhere(scheduler *s, size_t run) {
  if (s->h->profile.fresh)
    return 0;
  syn_ctx unsaid = {0};
  host_record_read(&s->records[run], s->h, s->specs[run].key, &unsaid);
  if (!s->records[run])
    return 0;
  s->progress.kept++;
  s->progress.done++;
  s->cost_all -= s->cost[run];
  return 1;
}

/* Starts the first pending run that no other process has claimed. */
static syn_status start_next(scheduler *s, worker *w, syn_ctx *ctx) {
  for (size_t i = 0; i < s->n_pending;) {
    size_t run = s->pending[i];
    int claim = host_claim(s->h, s->specs[run].key);
    if (claim == HOST_CLAIM_TAKEN) {
      i++;
      continue;
    }
    s->n_pending--;
    memmove(s->pending + i, s->pending + i + 1, (s->n_pending - i) * sizeof *s->pending);
    if (!finished_elsewhere(s, run))
      return start_worker(s, w, run, claim, ctx);
    host_claim_end(s->h, s->specs[run].key, claim);
  }
  s->progress.elsewhere = s->n_pending;
  s->look_at = now() + LOOK_AGAIN;
  return SYN_OK;
}

static syn_status start_workers(scheduler *s, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  if (now() < s->look_at)
    return SYN_OK;
  s->progress.elsewhere = 0;
  for (unsigned i = 0; i < s->jobs && s->n_pending && now() >= s->look_at && !status; i++)
    if (!s->workers[i].pid)
      status = start_next(s, &s->workers[i], ctx);
  return status;
}

static void keep_failure(scheduler *s, size_t run, const char *error) {
  s->records[run] = host_record_failed(&s->specs[run], error);
  s->progress.failed++;
  s->h->failed_runs++;
}

/* At the end, so that they do not scroll away. */
static void show_failures(const scheduler *s, size_t n) {
  for (size_t run = 0; run < n; run++) {
    const char *error = json_string_value(json_object_get(s->records[run], "error"));
    if (error)
      host_wrong("%s: run %zu of %zu (seed %llu) failed: %s", s->progress.title, run + 1, n,
                 (unsigned long long)s->specs[run].options.seed, error);
  }
}

/* Of a run, so many iterations. */
static double share(const scheduler *s, const worker *w, uint32_t iterations) {
  return iterations / (s->specs[w->run].options.iterations + 1);
}

static void end_worker(scheduler *s, worker *w, int status) {
  syn_ctx ctx = {0};
  char error[SYN_ERROR_SIZE + 64];
  size_t run = w->run;
  w->pid = 0;
  s->progress.running--;
  s->progress.done++;
  uint32_t first = atomic_load_explicit(&w->shared->first, memory_order_relaxed);
  s->cost_all -= s->cost[run] * share(s, w, first);
  s->cost_done += s->cost[run] * (1 - share(s, w, first));
  s->iterations_done += s->specs[run].options.iterations - first;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    syn_status read = host_record_read(&s->records[run], s->h, s->specs[run].key, &ctx);
    if (!s->records[run])
      keep_failure(s, run, read ? ctx.error : "its record is gone");
    return;
  }
  host_claim_end(s->h, s->specs[run].key, host_claim(s->h, s->specs[run].key)); /* its file */
  if (WIFSIGNALED(status))
    snprintf(error, sizeof error, "the worker was killed by signal %d (%s)", WTERMSIG(status),
             strsignal(WTERMSIG(status)));
  else
    snprintf(error, sizeof error, "%s",
             *w->shared->error ? w->shared->error : "the worker ended without a word");
  keep_failure(s, run, error);
}

static void show(scheduler *s) {
  double all = s->cost_all, cost = s->cost_done, iterations = s->iterations_done;
  for (unsigned i = 0; i < s->jobs; i++) {
    const worker *w = &s->workers[i];
    if (!w->pid)
      continue;
    uint32_t first = atomic_load_explicit(&w->shared->first, memory_order_relaxed);
    uint32_t done = atomic_load_explicit(&w->shared->done, memory_order_relaxed);
    done = done > first ? done - first : 0;
    iterations += done;
    all -= s->cost[w->run] * share(s, w, first);
    cost += s->cost[w->run] * share(s, w, done);
  }
  s->progress.cost = all;
  s->progress.cost_done = cost;
  s->progress.iterations = iterations;
  host_progress_show(&s->progress);
}

/* They keep a checkpoint and end; one that does not in time is killed. */
static void stop_workers(scheduler *s) {
  double last = now() + GRACE;
  for (unsigned i = 0; i < s->jobs; i++)
    if (s->workers[i].pid)
      kill(s->workers[i].pid, SIGTERM);
  for (unsigned i = 0; i < s->jobs; i++) {
    pid_t pid = s->workers[i].pid;
    while (pid && waitpid(pid, NULL, WNOHANG) == 0) {
      if (now() > last)
        kill(pid, SIGKILL);
      nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
  }
}

/* Reaps what has ended; sleeps a little if nothing has. */
static void reap(scheduler *s) {
  int ended = 0;
  for (unsigned i = 0; i < s->jobs; i++) {
    worker *w = &s->workers[i];
    int status = 0x100; /* as of exit(1): what became of a child that cannot be waited for */
    pid_t got = w->pid ? waitpid(w->pid, &status, WNOHANG) : 0;
    if (got == 0 || (got < 0 && errno == EINTR))
      continue;
    end_worker(s, w, status);
    ended = 1;
  }
  if (!ended)
    nanosleep(&(struct timespec){0, 5000000}, NULL);
}

static syn_status compute(scheduler *s, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  while (status == SYN_OK && (s->n_pending || s->progress.running)) {
    if (!host_stop_signal())
      status = start_workers(s, ctx);
    reap(s);
    show(s);
    if (host_stop_signal())
      status = syn_fail(ctx, SYN_ESTOPPED, "stopped; finished runs are kept, the same command goes "
                                           "on from there");
  }
  if (status)
    stop_workers(s);
  return status;
}

/* ---- from before ------------------------------------------------------------------------------- */

static int longest_first(const void *a, const void *b, void *costs) {
  size_t x = *(const size_t *)a, y = *(const size_t *)b;
  double cx = ((const double *)costs)[x], cy = ((const double *)costs)[y];
  return cx != cy ? (cx < cy) - (cx > cy) : (x > y) - (x < y);
}

/* A run that stands twice in a batch is computed once. */
static int first_of_its_key(const host_spec *specs, size_t run, size_t *first) {
  for (*first = 0; *first < run; (*first)++)
    if (strcmp(specs[*first].key, specs[run].key) == 0)
      return 0;
  return 1;
}

/* Takes what the store has and lists the rest. */
static void look_up(scheduler *s, size_t n) {
  for (size_t i = 0; i < n; i++) {
    syn_ctx ctx = {0};
    size_t first;
    if (!first_of_its_key(s->specs, i, &first))
      continue;
    if (!s->h->profile.fresh && host_record_read(&s->records[i], s->h, s->specs[i].key, &ctx))
      host_wrong("%s; it is computed again", ctx.error);
    if (s->records[i]) {
      s->progress.kept++;
      s->progress.done++;
    } else {
      s->cost[i] = host_cost(&s->specs[i]);
      s->cost_all += s->cost[i];
      s->pending[s->n_pending++] = i;
    }
  }
  qsort_r(s->pending, s->n_pending, sizeof *s->pending, longest_first, s->cost);
}

static void share_twins(scheduler *s, size_t n) {
  for (size_t i = 0; i < n; i++) {
    size_t first;
    if (!s->records[i] && !first_of_its_key(s->specs, i, &first)) {
      s->records[i] = json_incref(s->records[first]);
      s->progress.done++;
    }
  }
}

/* A store that cannot be written is told now, not after the first hour. */
static syn_status open_store(const host *h, syn_ctx *ctx) {
  char runs[4096];
  syn_status status = host_out_path(h, runs, sizeof runs, "runs", ctx);
  if (!status && host_make_folders(runs, ctx))
    status = SYN_EINPUT;
  if (!status && access(runs, W_OK | X_OK))
    status = syn_fail(ctx, SYN_EINPUT, "%s: cannot be written: %s", runs, strerror(errno));
  return status;
}

syn_status host_schedule(json_t **records, host *h, const host_spec *specs, size_t n,
                         const char *title, syn_ctx *ctx) {
  scheduler s = {.h = h, .specs = specs, .records = records, .jobs = h->profile.jobs,
                 .self = getpid()};
  host_progress_begin(&s.progress, title, n);
  s.pending = calloc(n + 1, sizeof *s.pending);
  s.cost = calloc(n + 1, sizeof *s.cost);
  s.workers = calloc(s.jobs, sizeof *s.workers);
  s.shared = mmap(NULL, s.jobs * sizeof *s.shared, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  syn_status status = SYN_OK;
  if (!s.pending || !s.cost || !s.workers || s.shared == MAP_FAILED) {
    status = syn_fail_memory(ctx, "the scheduler");
  } else {
    for (unsigned i = 0; i < s.jobs; i++)
      s.workers[i].shared = &s.shared[i];
    host_clean_store(h);
    look_up(&s, n);
    if (s.n_pending > 0)
      status = open_store(h, ctx);
    if (status == SYN_OK) {
      host_stop_watch();
      status = compute(&s, ctx);
      host_stop_unwatch();
      host_clean_store(h); /* again: of what died meanwhile */
      host_progress_clear(&s.progress);
      show_failures(&s, n);
      if (status == SYN_OK)
        share_twins(&s, n);
      host_progress_end(&s.progress);
    }
  }
  if (s.shared != MAP_FAILED)
    munmap(s.shared, s.jobs * sizeof *s.shared);
  free(s.pending);
  free(s.cost);
  free(s.workers);
  return status;
}
