/* What the parts of the benchmark share: medians and their spread, and the time of an iteration.
 *
 * What is compared is timed in turn, round by round, and the ratios of each round are what counts:
 * whoever else uses the machine slows both.
 */
#ifndef SYN_HOST_BENCH_TIME_H
#define SYN_HOST_BENCH_TIME_H

#include "engine/base/clock.h"
#include "engine/train/run.h"
#include "experiments/host/base/host.h"

#define HOST_ROUNDS 7

/* Median of v (n), which is sorted by it; 0 if n is 0. */
double host_median(double *v, size_t n);

/* Of the rounds: median, lower and upper quartile. */
typedef struct host_spread {
  double median, low, high;
} host_spread;
host_spread host_spread_of(const double *v, size_t n); /* n <= HOST_ROUNDS */

/* Policies that are timed: win_stay.lua as a table; the greedy actions of the policy in
 * reports/policy.csv; Q-learning; the first two explore with 0.1, the last one too. */
typedef enum host_timed { HOST_WIN_STAY, HOST_TRAINED, HOST_TRAINING, HOST_TIMED } host_timed;
extern const char *const host_timed_names[HOST_TIMED];
syn_status host_timed_open(syn_policy **out, host_timed which, syn_ctx *ctx);

/* Seconds of an iteration of a run: the mean, since iterations differ, of all but the slowest eighth,
 * which others may have disturbed; the first `skip` do not count. `images` NULL: boundary task. The
 * policy stays the caller's. Errors as syn_run_synaptic. `each` (may be NULL) is called with `self`
 * after every iteration, with its seconds, or 0 where it does not count. */
typedef struct host_timing {
  const syn_kernels *kernels;
  const syn_images *images;
  size_t skip;
  void (*each)(void *self, double seconds);
  void *self;
} host_timing;
syn_status host_time_run(double *out, const host_timing *how, const syn_options *o,
                         syn_policy *policy, syn_ctx *ctx);

#endif
