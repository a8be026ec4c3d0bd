/* How fast the engine is on this machine, against what the machine could do and against libraries
 * that one would reach for. Everything in one process and on one core, but for two threads.
 * Ratios carry over to other machines, seconds do not.
 */
#ifndef SYN_HOST_BENCH_H
#define SYN_HOST_BENCH_H

#include "experiments/host/base/host.h"

/* Measures for some 20 s (a minute without VNNI); a quick profile has one round. The caller owns *out:
 *
 *   isa, blas_core, int8_peak_gmacs, float32_peak_gmacs (10^9 multiply-adds a second)
 *   nets.NAME, with the policy of reports/policy.csv, frozen, epsilon 0.1:
 *     ms_per_iter, spread (half the distance of the quartiles over rounds, as a share of it),
 *     gmacs (of the dense product), share_of_peak (of int8; above 1 where most of the product need
 *     not be computed), product_ms, policy_ms, head_ms (the rest), sgemm_ms (the product by OpenBLAS),
 *     speedup_vs_sgemm (whole iteration), threads2_speedup, product_vs_onednn (where it is built in);
 *     training_ms_per_iter: the policy learns
 *   nets.NAME.policies.win_stay, .trained, .training: dense_ms, ms, speedup (dense_ms / ms, median of
 *     rounds; speedup_low and speedup_high: quartiles), density (of the actions that repeat no earlier
 *     move), sparse_share (of products)
 *   boundary.us_per_iter, rss_mib (peak, of a 784-32-10 run), data_mib (images within it)
 *   rules.table, rules.learning, rules.local.SYNAPSES, rules.state.NET, rules.reward (Lua / C: see
 *     rules.h)
 */
syn_status host_bench(json_t **out, host *h, syn_ctx *ctx);

#endif
