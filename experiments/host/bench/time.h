/* What the parts of the benchmark share: medians, and the time of an iteration. */
#ifndef SYN_HOST_BENCH_TIME_H
#define SYN_HOST_BENCH_TIME_H

#include "engine/base/clock.h"
#include "engine/train/run.h"
#include "experiments/host/base/host.h"

/* Median of v (n), which is sorted by it; 0 if n is 0. */
double host_median(double *v, size_t n);

/* Median seconds of an iteration of a run; the first, with the set-up, does not count. `images`
 * NULL: boundary task. The policy stays the caller's. Errors as syn_run_synaptic. */
syn_status host_time_run(double *out, const host *h, const syn_options *o, const syn_images *images,
                         syn_policy *policy, syn_ctx *ctx);

/* Rules in Lua against the same in C, ratios of medians, measured in turn (rules.c):
 *   table       an iteration of the boundary task: a finite-state rule / the same table in C
 *   learning    the same with policies in training: q_learning.lua / qtable, synchronous
 *   local.N     the step alone on a layer of N synapses: hebb.lua / a loop in C
 *   state.NET   a whole iteration on `images`: a rule with a state and three operations / the table in C
 *   reward      the same with 784-10: the paper's bit in Lua / the built-in one
 * The caller owns *out. */
syn_status host_bench_rules(json_t **out, const host *h, const syn_images *images, syn_ctx *ctx);

#endif
