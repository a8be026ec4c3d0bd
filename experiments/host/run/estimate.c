#include "experiments/host/run/estimate.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/grow.h"
#include "experiments/host/base/cores.h"
#include "experiments/host/run/execute.h"
#include "experiments/host/store/store.h"

#define TRY_SECONDS    0.2
#define OTHERS_SECONDS 60 /* longer than any trial */
#define OTHERS_MAX     64

/* A run takes begin + per_cost * cost: `begin` seconds to set up, the rest by host_cost. */
typedef struct pace {
  const syn_task_class
      *task; /* the kind; its policy and reward, owned, are those that were tried */
  int method, update;
  json_t *policy, *reward;
  double begin, per_cost;
} pace;

struct host_paces {
  pace *list; /* owned */
  size_t n, room;
  int finely;
};

host_paces *host_paces_open(int finely) {
  host_paces *paces = calloc(1, sizeof *paces);
  if (paces)
    paces->finely = finely;
  return paces;
}

void host_paces_close(host_paces *paces) {
  for (size_t i = 0; paces && i < paces->n; i++) {
    json_decref(paces->list[i].policy);
    json_decref(paces->list[i].reward);
  }
  free(paces ? paces->list : NULL);
  free(paces);
}

/* ---- kinds ------------------------------------------------------------------------------------- */

static const json_t *innermost(const json_t *policy) {
  const json_t *inner;
  while ((inner = json_object_get(policy, "inner")))
    policy = inner;
  return policy;
}

/* Have they the same text under this name, or none? */
static int same_text(const json_t *a, const json_t *b, const char *name) {
  const char *x = json_string_value(json_object_get(a, name));
  const char *y = json_string_value(json_object_get(b, name));
  return x == y || (x && y && strcmp(x, y) == 0);
}

static int same_kind(const pace *p, const host_spec *spec, int finely) {
  const json_t *one = innermost(p->policy), *other = innermost(spec->policy);
  if (p->task != spec->options.task || p->method != spec->options.method ||
      p->update != spec->options.update || !same_text(one, other, "name"))
    return 0;
  return !finely || (same_text(one, other, "text") && same_text(p->reward, spec->reward, "text"));
}

/* ---- trials ------------------------------------------------------------------------------------ */

/* Seconds of the run cut to so many iterations; NaN if it fails. */
static double try(const host *h, const host_spec *spec, double iterations) {
  host_spec cut = *spec;
  json_t *record = NULL;
  cut.options.iterations = iterations;
  cut.options.map = 0;
  syn_status status = host_execute(&record, h, &cut, 1, NULL, NULL);
  double seconds = json_number_value(json_object_get(record, "seconds"));
  json_decref(record);
  return status ? (double)NAN : seconds;
}

static double cost_of(const host_spec *spec, double iterations) {
  host_spec cut = *spec;
  cut.options.iterations = iterations;
  return host_cost(&cut);
}

/* The other jobs of the machine: memory and, often, cores are shared with them. */
static void start_others(const host *h, const host_spec *spec, pid_t *others, unsigned n) {
  fflush(NULL);
  for (unsigned i = 0; i < n; i++) {
    others[i] = fork();
    if (others[i] != 0)
      continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    double iterations = 1;
    while (try(h, spec, iterations) < OTHERS_SECONDS && iterations < spec->options.iterations)
      iterations *= 2;
    _exit(0);
  }
}

static void stop_others(const pid_t *others, unsigned n) {
  for (unsigned i = 0; i < n; i++)
    if (others[i] > 0) {
      kill(others[i], SIGKILL);
      waitpid(others[i], NULL, 0);
    }
}

static pace measure_alone(const host *h, const host_spec *spec) {
  double most = spec->options.iterations, iterations = fmin(most, 1), seconds;
  pace p = {.task = spec->options.task,
            .method = spec->options.method,
            .update = spec->options.update,
            .policy = json_incref(spec->policy),
            .reward = json_incref(spec->reward),
            .begin = try(h, spec, iterations)};
  double first = cost_of(spec, iterations);
  do {
    iterations = fmin(most, 8 * iterations);
    seconds = try(h, spec, iterations);
  } while (seconds < TRY_SECONDS && iterations < most);
  double more = cost_of(spec, iterations) - first;
  p.per_cost = isnan(seconds) ? seconds : more > 0 ? fmax(0, seconds - p.begin) / more : 0;
  return p;
}

static pace measure(const host *h, const host_spec *spec) {
  pid_t others[OTHERS_MAX];
  unsigned side_by_side = h->profile.jobs < host_cores() ? h->profile.jobs : host_cores();
  unsigned n = side_by_side > OTHERS_MAX ? OTHERS_MAX : side_by_side - 1;
  start_others(h, spec, others, n);
  pace p = measure_alone(h, spec);
  stop_others(others, n);
  return p;
}

/* That of the run's kind, which is tried if it is new; NULL: not enough memory. */
static const pace *pace_of(host_paces *paces, const host *h, const host_spec *spec) {
  for (size_t i = 0; i < paces->n; i++)
    if (same_kind(&paces->list[i], spec, paces->finely))
      return &paces->list[i];
  if (!syn_grow(&paces->list, &paces->room, paces->n + 1, sizeof *paces->list))
    return NULL;
  pace *added = &paces->list[paces->n++];
  *added = measure(h, spec);
  return added;
}

double host_pace_seconds(host_paces *paces, const host *h, const host_spec *spec) {
  const pace *p = pace_of(paces, h, spec);
  return p ? p->begin + p->per_cost * host_cost(spec) : (double)NAN;
}

/* ---- many runs --------------------------------------------------------------------------------- */

typedef struct keyed {
  const char *key;
  size_t run;
} keyed;

static int by_key(const void *a, const void *b) {
  const keyed *x = a, *y = b;
  int order = strcmp(x->key, y->key);
  return order ? order : (x->run > y->run) - (x->run < y->run);
}

/* first[i]: is run i the first of its key? */
static syn_status find_first(unsigned char *first, const host_spec *specs, size_t n, syn_ctx *ctx) {
  keyed *sorted = calloc(n + 1, sizeof *sorted);
  if (!sorted)
    return syn_fail_memory(ctx, "an estimate");
  for (size_t i = 0; i < n; i++)
    sorted[i] = (keyed){specs[i].key, i};
  qsort(sorted, n, sizeof *sorted, by_key);
  for (size_t i = 0; i < n; i++)
    first[sorted[i].run] = i == 0 || strcmp(sorted[i].key, sorted[i - 1].key) != 0;
  free(sorted);
  return SYN_OK;
}

syn_status host_estimate(double *seconds, const host *h, const host_spec *specs, size_t n,
                         syn_ctx *ctx) {
  host_paces *paces = host_paces_open(0);
  unsigned char *first = calloc(n + 1, 1);
  syn_status status =
      paces && first ? find_first(first, specs, n, ctx) : syn_fail_memory(ctx, "an estimate");
  for (size_t i = 0; i < n && !status; i++) {
    int missing =
        first[i] && (h->profile.fresh || !host_store_has(host_own_store(h), specs[i].key));
    seconds[i] = missing ? host_pace_seconds(paces, h, &specs[i]) : 0;
  }
  host_paces_close(paces);
  free(first);
  return status;
}
