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

#include "experiments/host/execute.h"
#include "experiments/host/progress.h"
#include "experiments/host/record.h"

/* What a worker tells the scheduler while it runs: memory that both see. */
typedef struct shared {
  _Atomic uint32_t done;
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
  size_t *pending, n_pending, next; /* runs to compute, longest first */
  worker *workers;
  unsigned jobs;
  shared *shared; /* (jobs) */
  double *cost;   /* (n) */
  double cost_done, iterations_done; /* of runs that ended */
  host_progress progress;
} scheduler;

static volatile sig_atomic_t interrupted;
static void on_interrupt(int signal) { interrupted = signal; }

/* ---- in the worker ----------------------------------------------------------------------------- */

static syn_status tell(void *self, uint32_t done, uint32_t of, double loss) {
  (void)of;
  (void)loss;
  atomic_store_explicit(&((shared *)self)->done, done, memory_order_relaxed);
  return SYN_OK;
}

/* Never returns. The record goes into the store; an error into shared memory. */
static void work(const scheduler *s, const worker *w, unsigned threads) {
  signal(SIGINT, SIG_IGN); /* Ctrl-C reaches all processes; the scheduler stops its workers */
  signal(SIGTERM, SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  syn_ctx ctx = {0};
  json_t *record = NULL;
  const host_spec *spec = &s->specs[w->run];
  syn_observer observer = {w->shared, tell};
  syn_status status = host_execute(&record, s->h, spec, threads, &observer, &ctx);
  if (status == SYN_OK)
    status = host_record_write(s->h, spec->key, record, &ctx);
  memcpy(w->shared->error, ctx.error, sizeof ctx.error);
  _exit(status == SYN_OK ? 0 : 1);
}

/* ---- in the scheduler -------------------------------------------------------------------------- */

/* Few runs and many cores: a run may take several. The result does not depend on it. */
static unsigned threads_for(const scheduler *s) {
  size_t open = s->n_pending - s->next;
  for (unsigned i = 0; i < s->jobs; i++)
    open += s->workers[i].pid != 0;
  unsigned threads = open && open < s->jobs ? s->jobs / (unsigned)open : 1;
  return threads > 64 ? 64 : threads;
}

static syn_status start_worker(scheduler *s, worker *w, syn_ctx *ctx) {
  w->run = s->pending[s->next];
  double asked = s->specs[w->run].options.threads;
  unsigned threads = threads_for(s);
  if (asked > threads)
    threads = (unsigned)asked;
  memset(w->shared, 0, sizeof *w->shared);
  fflush(NULL);
  w->pid = fork();
  if (w->pid == 0)
    work(s, w, threads);
  if (w->pid < 0) {
    w->pid = 0;
    return syn_fail(ctx, SYN_EIO, "no worker process can be started: %s", strerror(errno));
  }
  s->next++;
  s->progress.running++;
  return SYN_OK;
}

static void keep_failure(scheduler *s, size_t run, const char *error) {
  s->records[run] = host_record_failed(&s->specs[run], error);
  s->progress.failed++;
  s->h->failed_runs++;
  host_progress_clear(&s->progress);
  host_wrong("%s: run %zu of %zu (seed %llu) failed: %s", s->progress.title, run + 1,
             s->progress.runs, (unsigned long long)s->specs[run].options.seed, error);
}

static void end_worker(scheduler *s, worker *w, int status) {
  syn_ctx ctx = {0};
  char error[SYN_ERROR_SIZE + 64];
  size_t run = w->run;
  w->pid = 0;
  s->progress.running--;
  s->progress.done++;
  s->cost_done += s->cost[run];
  s->iterations_done += s->specs[run].options.iterations;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    syn_status read = host_record_read(&s->records[run], s->h, s->specs[run].key, &ctx);
    if (!s->records[run])
      keep_failure(s, run, read ? ctx.error : "its record is gone");
    return;
  }
  if (WIFSIGNALED(status))
    snprintf(error, sizeof error, "the worker was killed by signal %d (%s)", WTERMSIG(status),
             strsignal(WTERMSIG(status)));
  else
    snprintf(error, sizeof error, "%s",
             *w->shared->error ? w->shared->error : "the worker ended without a word");
  keep_failure(s, run, error);
}

static void show(scheduler *s) {
  double cost = s->cost_done, iterations = s->iterations_done;
  for (unsigned i = 0; i < s->jobs; i++) {
    const worker *w = &s->workers[i];
    if (!w->pid)
      continue;
    double done = atomic_load_explicit(&w->shared->done, memory_order_relaxed);
    iterations += done;
    cost += s->cost[w->run] * done / (s->specs[w->run].options.iterations + 1);
  }
  s->progress.cost_done = cost;
  s->progress.iterations = iterations;
  host_progress_show(&s->progress);
}

static void stop_workers(scheduler *s) {
  for (unsigned i = 0; i < s->jobs; i++)
    if (s->workers[i].pid) {
      kill(s->workers[i].pid, SIGKILL);
      waitpid(s->workers[i].pid, NULL, 0);
    }
}

/* Reaps what has ended; sleeps a little if nothing has. */
static void reap(scheduler *s) {
  int status, ended = 0;
  for (unsigned i = 0; i < s->jobs; i++) {
    worker *w = &s->workers[i];
    if (w->pid && waitpid(w->pid, &status, WNOHANG) == w->pid) {
      end_worker(s, w, status);
      ended = 1;
    }
  }
  if (!ended)
    nanosleep(&(struct timespec){0, 5000000}, NULL);
}

static syn_status compute(scheduler *s, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  while (status == SYN_OK && (s->next < s->n_pending || s->progress.running)) {
    for (unsigned i = 0; i < s->jobs && s->next < s->n_pending && !status; i++)
      if (!s->workers[i].pid)
        status = start_worker(s, &s->workers[i], ctx);
    reap(s);
    show(s);
    if (interrupted)
      status = syn_fail(ctx, SYN_ESTOPPED, "stopped; finished runs are kept, the same command goes "
                                           "on from there");
  }
  if (status)
    stop_workers(s);
  return status;
}

/* With Ctrl-C as a way to stop. */
static syn_status compute_or_stop(scheduler *s, syn_ctx *ctx) {
  struct sigaction act = {.sa_handler = on_interrupt}, before_int, before_term;
  interrupted = 0;
  sigaction(SIGINT, &act, &before_int);
  sigaction(SIGTERM, &act, &before_term);
  syn_status status = compute(s, ctx);
  sigaction(SIGINT, &before_int, NULL);
  sigaction(SIGTERM, &before_term, NULL);
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
      s->progress.cost += s->cost[i];
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
  scheduler s = {.h = h, .specs = specs, .records = records, .jobs = h->profile.jobs};
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
    look_up(&s, n);
    if (s.n_pending > 0)
      status = open_store(h, ctx);
    if (status == SYN_OK) {
      status = compute_or_stop(&s, ctx);
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
