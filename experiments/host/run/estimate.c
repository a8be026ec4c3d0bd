#include "experiments/host/run/estimate.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/host/base/cores.h"
#include "experiments/host/run/execute.h"
#include "experiments/host/store/store.h"

#define TRY_SECONDS    0.2
#define OTHERS_SECONDS 60 /* longer than any trial */
#define OTHERS_MAX     64

/* A run takes begin + per_cost * cost: `begin` seconds to set up, the rest by host_cost. */
typedef struct pace {
  const host_spec *of;
  double begin, per_cost;
} pace;

/* Is it to be computed: not in the store, and not the twin of one before? */
static int missing(const host *h, const host_spec *specs, size_t run) {
  for (size_t i = 0; i < run; i++)
    if (strcmp(specs[i].key, specs[run].key) == 0)
      return 0;
  return h->profile.fresh || !host_store_has(host_own_store(h), specs[run].key);
}

static const char *innermost_policy(const host_spec *spec) {
  const json_t *policy = spec->policy, *inner;
  while ((inner = json_object_get(policy, "inner")))
    policy = inner;
  const char *name = json_string_value(json_object_get(policy, "name"));
  return name ? name : "";
}

static int same_kind(const host_spec *a, const host_spec *b) {
  return a->options.task == b->options.task && a->options.method == b->options.method &&
         a->options.update == b->options.update &&
         strcmp(innermost_policy(a), innermost_policy(b)) == 0;
}

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
  pace p = {.of = spec, .begin = try(h, spec, iterations)};
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

syn_status host_estimate(double *seconds, const host *h, const host_spec *specs, size_t n,
                         syn_ctx *ctx) {
  pace *paces = calloc(n + 1, sizeof *paces);
  size_t kinds = 0;
  if (!paces)
    return syn_fail_memory(ctx, "an estimate");
  for (size_t i = 0; i < n; i++) {
    size_t kind = 0;
    seconds[i] = 0;
    if (!missing(h, specs, i))
      continue;
    while (kind < kinds && !same_kind(paces[kind].of, &specs[i]))
      kind++;
    if (kind == kinds)
      paces[kinds++] = measure(h, &specs[i]);
    seconds[i] = paces[kind].begin + paces[kind].per_cost * host_cost(&specs[i]);
  }
  free(paces);
  return SYN_OK;
}
