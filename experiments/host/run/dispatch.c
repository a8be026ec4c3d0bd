#include "experiments/host/run/dispatch.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "engine/base/clock.h"
#include "experiments/host/base/say.h"
#include "experiments/host/store/claim.h"

#define LOOK_AGAIN 0.2  /* seconds, for runs that another process has claimed, or for room */
#define TRIES      10   /* for room */
#define GRACE      10   /* seconds for a worker to keep a checkpoint */
#define AHEAD      0.05 /* seconds of runs that a worker is given ahead */
#define ALIKE      2    /* a run of at most so many times the cost may take as long */

static const char *key_of(const host_queue *q, size_t run) {
  return q->runs[run].spec->key;
}

/* ---- what is done ------------------------------------------------------------------------------ */

static void done(host_queue *q, size_t run) {
  q->runs[run].done = 1;
  q->groups[q->runs[run].group].open--;
  q->progress.done++;
}

void host_dispatch_done(host_queue *q, size_t run) {
  done(q, run);
  for (size_t twin = q->runs[run].twin; twin != HOST_NO_RUN; twin = q->runs[twin].twin)
    done(q, twin);
}

/* In a run and in its twins, for each has its own place in the list of failures. */
static void keep_failure(host_queue *q, size_t run, const char *error) {
  for (size_t one = run; one != HOST_NO_RUN; one = q->runs[one].twin) {
    free(q->runs[one].error);
    q->runs[one].error = strdup(error);
  }
  q->progress.failed++;
  q->h->failed_runs++;
}

static void end_claim(host_queue *q, size_t run) {
  if (q->runs[run].claimed)
    host_claim_end(q->claims, key_of(q, run));
  q->runs[run].claimed = 0;
}

/* ---- which run next ---------------------------------------------------------------------------- */

/* Few runs and many cores: a run may take several. The result does not depend on it. */
static unsigned threads_for(const host_queue *q, size_t run) {
  size_t open = q->n_pending + 1; /* and the one that is about to begin */
  for (unsigned i = 0; i < q->jobs; i++)
    if (q->workers[i].pid)
      open += host_worker_open(&q->workers[i]) + (host_worker_busy(&q->workers[i]) != NULL);
  unsigned threads = open < q->jobs ? q->jobs / (unsigned)open : 1;
  double asked = q->runs[run].spec->options.threads;
  threads = asked > threads ? (unsigned)asked : threads;
  return threads > 64 ? 64 : threads;
}

static void give_back(host_queue *q, size_t run) {
  q->pending[--q->begun] = run;
  q->n_pending++;
}

/* Another process that shares the store may have computed it since we looked. What it has written is
 * known: that was looked for when its claim was ours. */
static int finished_elsewhere(host_queue *q, size_t run) {
  int whole = 0;
  syn_ctx ignored = {0};
  if (q->h->profile.fresh || host_store_check(&whole, q->store, key_of(q, run), &ignored) || !whole)
    return 0;
  end_claim(q, run);
  q->progress.kept++;
  q->cost_all -= q->runs[run].cost;
  host_dispatch_done(q, run);
  return 1;
}

/* Takes out of the pending runs up to `most` that no other process has, the first of them, none that is
 * dearer than `dearest` or not known yet when there were `known` runs. *all_taken: another process has
 * each of those that were looked at. How many. */
static size_t claim(int *all_taken, host_queue *q, size_t *runs, size_t most, size_t known,
                    double dearest) {
  size_t n = 0, taken = 0, at = 0;
  size_t *pending = q->pending + q->begun;
  for (; at < q->n_pending && n < most; at++) {
    size_t run = pending[at];
    host_entry *e = &q->runs[run];
    if (run >= known || e->cost > dearest)
      break;
    host_claim_state state = e->claimed ? HOST_CLAIMED : host_claim(q->claims, key_of(q, run));
    e->claimed = state == HOST_CLAIMED;
    if (state == HOST_CLAIM_TAKEN)
      pending[taken++] = run;
    else
      runs[n++] = run;
  }
  memmove(pending + n, pending, taken * sizeof *pending);
  q->begun += n;
  q->n_pending -= n;
  *all_taken = n == 0 && taken == q->n_pending && taken > 0;
  return n;
}

/* Of the runs that were claimed those that are to be computed; the others are done. */
static size_t still_to_do(host_queue *q, size_t *runs, size_t n) {
  syn_ctx when_it_is_read = {0};
  size_t left = 0;
  if (n > 0)
    (void)host_store_look(q->store, &when_it_is_read);
  for (size_t i = 0; i < n; i++)
    if (!finished_elsewhere(q, runs[i]))
      runs[left++] = runs[i];
  return left;
}

/* ---- to a worker ------------------------------------------------------------------------------- */

static int is_idle(const host_worker *w) {
  return w->pid && !w->leaving && !host_worker_open(w) && !host_worker_busy(w);
}

/* How many runs a worker is to be given now: one if it has none; ahead, what it does in a moment, and
 * not what is left for all. */
static size_t wanted(const host_queue *q, const host_worker *w) {
  if (!w->pid || is_idle(w))
    return 1;
  if (w->leaving || w->seconds <= 0)
    return 0;
  double ahead = fmin(AHEAD / w->seconds, (double)(q->n_pending / (2 * q->jobs)));
  unsigned open = host_worker_open(w);
  return ahead > open ? (size_t)fmin(ahead - open, HOST_AHEAD) : 0;
}

/* The system gives no process. Those that run will end and leave room; where none does, some tries
 * later is enough. */
static syn_status wait_for_room(host_queue *q, int why, syn_ctx *ctx) {
  q->look_at = syn_clock() + LOOK_AGAIN;
  for (unsigned i = 0; i < q->jobs; i++)
    if (q->workers[i].pid)
      return SYN_OK;
  if (++q->refused >= TRIES)
    return syn_fail(ctx, SYN_EIO, "no worker process can be started: %s", strerror(why));
  return SYN_OK;
}

static syn_status give(host_queue *q, host_worker *w, const size_t *runs, size_t n, syn_ctx *ctx) {
  int why = w->pid ? 0 : host_worker_start(w, &q->shop, q->n);
  size_t given = 0;
  for (; !why && given < n && host_worker_room(w); given++)
    host_worker_give(w, runs[given], threads_for(q, runs[given]));
  for (size_t i = n; i-- > given;)
    give_back(q, runs[i]);
  if (why)
    return wait_for_room(q, why, ctx);
  q->refused = 0;
  return SYN_OK;
}

/* Gives a worker what it wants. One that is idle and can be given nothing is let go. */
static syn_status feed(host_queue *q, host_worker *w, syn_ctx *ctx) {
  size_t runs[HOST_AHEAD], n = 0, most;
  int all_taken = 0;
  while (n == 0 && q->n_pending > 0 && (most = wanted(q, w)) > 0) {
    int first = !w->pid || is_idle(w);
    size_t claimed = claim(&all_taken, q, runs, most, w->pid ? w->known : q->n,
                           first ? (double)INFINITY : ALIKE * w->cost);
    n = still_to_do(q, runs, claimed);
    if (claimed == 0)
      break;
  }
  if (all_taken) {
    q->progress.elsewhere = q->n_pending;
    q->look_at = syn_clock() + LOOK_AGAIN;
  }
  if (n == 0 && is_idle(w))
    host_worker_leave(w);
  return n > 0 ? give(q, w, runs, n, ctx) : SYN_OK;
}

/* What waits behind a run that takes long is for others, if they have nothing. */
static void share_out(host_queue *q) {
  double now = syn_clock();
  int free = 0;
  for (unsigned i = 0; i < q->jobs; i++)
    free |= !q->workers[i].pid || is_idle(&q->workers[i]);
  for (unsigned i = 0; i < q->jobs && free && q->n_pending == 0; i++) {
    size_t run;
    host_worker *w = &q->workers[i];
    if (w->pid && now > w->moved + 2 * AHEAD)
      while (host_worker_take_back(w, &run))
        give_back(q, run);
  }
}

syn_status host_dispatch(host_queue *q, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  share_out(q);
  if (q->n_pending > 0 && syn_clock() >= q->look_at)
    q->progress.elsewhere = 0;
  for (int ahead = 0; ahead <= 1; ahead++) /* first to those that have none */
    for (unsigned i = 0; i < q->jobs && !status; i++) {
      host_worker *w = &q->workers[i];
      int none = !w->pid || is_idle(w);
      if (none != ahead && (is_idle(w) || (q->n_pending > 0 && syn_clock() >= q->look_at)))
        status = feed(q, w, ctx);
    }
  return status;
}

/* ---- what has ended ---------------------------------------------------------------------------- */

/* Of a run, so many iterations. */
static double share(const host_queue *q, size_t run, uint32_t iterations) {
  return iterations / (q->runs[run].spec->options.iterations + 1);
}

/* A worker has ended a run, or died at it: then `died` says how. */
static void end_run(host_queue *q, host_worker *w, const host_order *order, const char *died) {
  size_t run = order->run;
  host_entry *e = &q->runs[run];
  q->groups[e->group].computed++;
  q->cost_all -= e->cost * share(q, run, order->first);
  q->cost_done += e->cost * (1 - share(q, run, order->first));
  q->iterations_done += e->spec->options.iterations - order->first;
  w->moved = syn_clock();
  w->cost = e->cost;
  w->seconds =
      order->seconds > w->seconds ? order->seconds : 0.9 * w->seconds + 0.1 * order->seconds;
  if (died)
    keep_failure(q, run, died);
  else if (order->failed)
    keep_failure(q, run, *order->error ? order->error : "the worker ended without a word");
  else if (!host_store_has(q->store, key_of(q, run)))
    keep_failure(q, run, "its record is gone");
  end_claim(q, run);
  host_dispatch_done(q, run);
}

static int take_ended(host_queue *q, host_worker *w) {
  const host_order *order;
  syn_ctx when_it_is_read = {0};
  uint32_t ended = host_worker_ended(w); /* before we look: their records are there */
  if (ended == w->seen)
    return 0;
  (void)host_store_look(q->store, &when_it_is_read);
  while ((order = host_worker_next_ended(w, ended)))
    end_run(q, w, order, NULL);
  return 1;
}

/* The run that a dead worker was at, or would have been; NULL: none has to fail for it. */
static const host_order *victim(host_worker *w, int status, host_order *unbegun) {
  const host_order *order = host_worker_busy(w);
  size_t run;
  if (order || (WIFEXITED(status) && WEXITSTATUS(status) == 0) || w->seen > 0 ||
      !host_worker_take_back(w, &run))
    return order;
  *unbegun = (host_order){.run = (uint32_t)run};
  return unbegun;
}

/* Did a dead worker leave a record of the run that it was at? An older one cannot be told from it. */
static int left_record(const host_queue *q, size_t run) {
  int whole = 0;
  syn_ctx ignored = {0};
  return !q->h->profile.fresh && host_store_look(q->store, &ignored) == SYN_OK &&
         host_store_check(&whole, q->store, key_of(q, run), &ignored) == SYN_OK && whole;
}

static void end_worker(host_queue *q, host_worker *w, int status) {
  char how[SYN_ERROR_SIZE];
  host_order unbegun;
  size_t run;
  take_ended(q, w);
  const host_order *order = victim(w, status, &unbegun);
  if (WIFSIGNALED(status))
    snprintf(how, sizeof how, "the worker was killed by signal %d (%s)", WTERMSIG(status),
             strsignal(WTERMSIG(status)));
  else
    snprintf(how, sizeof how, "the worker ended without a word");
  if (order)
    end_run(q, w, order, left_record(q, order->run) ? NULL : how);
  while (host_worker_take_back(w, &run))
    give_back(q, run);
  if (*w->report->error) {
    host_progress_clear(&q->progress);
    host_wrong("%s", w->report->error);
    q->h->failed_outputs++;
  }
  w->pid = 0;
}

void host_dispatch_reap(host_queue *q) {
  int ended = 0;
  for (unsigned i = 0; i < q->jobs; i++) {
    host_worker *w = &q->workers[i];
    if (!w->pid)
      continue;
    ended |= take_ended(q, w);
    int status = 0x100; /* as of exit(1): what became of a child that cannot be waited for */
    pid_t got = waitpid(w->pid, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR))
      continue;
    end_worker(q, w, status);
    ended = 1;
  }
  if (!ended)
    nanosleep(&(struct timespec){0, 5000000}, NULL);
}

void host_dispatch_stop(host_queue *q) {
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

/* ---- progress ---------------------------------------------------------------------------------- */

void host_dispatch_show(host_queue *q) {
  double all = q->cost_all, cost = q->cost_done, iterations = q->iterations_done, accuracy = 0;
  unsigned measured = 0;
  q->progress.running = 0;
  for (unsigned i = 0; i < q->jobs; i++) {
    const host_worker *w = &q->workers[i];
    const host_order *order = w->pid ? host_worker_busy(w) : NULL;
    if (!order)
      continue;
    uint32_t first = host_worker_first(w), now = host_worker_done(w);
    q->progress.running++;
    iterations += now;
    if (isfinite(host_worker_accuracy(w))) {
      accuracy += host_worker_accuracy(w);
      measured++;
    }
    all -= q->runs[order->run].cost * share(q, order->run, first);
    cost += q->runs[order->run].cost * share(q, order->run, now);
  }
  q->progress.cost = all;
  q->progress.cost_done = cost;
  q->progress.iterations = iterations;
  q->progress.accuracy = measured ? accuracy / measured : (double)NAN;
  host_progress_show(&q->progress);
}
