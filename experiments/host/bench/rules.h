/* Rules and rewards in Lua against the same in C. */
#ifndef SYN_HOST_BENCH_RULES_H
#define SYN_HOST_BENCH_RULES_H

#include "experiments/host/bench/time.h"

/* Ratios of times that were taken in turn, medians:
 *   table       an iteration of the boundary task: a finite-state rule / the same table in C
 *   learning    the same with policies in training: q_learning.lua / qtable, synchronous
 *   local.N     the step alone on a layer of N synapses: hebb.lua / a loop in C
 *   state.NET   a whole iteration on `images`: a rule with a state and three operations / the table in
 *               C, both by dense products
 *   reward      the same with 784-10: the paper's bit in Lua / the built-in one
 * The caller owns *out. */
syn_status host_bench_rules(json_t **out, const host *h, const syn_images *images, syn_ctx *ctx);

#endif
