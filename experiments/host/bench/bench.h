/* How fast the engine is on this machine, against what the machine could do and against libraries
 * that one would reach for. Everything in one process and on one core, but for two threads.
 * Ratios carry over to other machines, seconds do not.
 */
#ifndef SYN_HOST_BENCH_H
#define SYN_HOST_BENCH_H

#include "experiments/host/base/host.h"

/* Measures for some 15 s. The caller owns *out:
 *
 *   isa, blas_core, int8_peak_gmacs, float32_peak_gmacs (10^9 multiply-adds a second)
 *   nets.NAME: ms_per_iter, gmacs, share_of_peak (of int8), training_ms_per_iter (policy learns),
 *     product_ms, policy_ms, head_ms (the rest), sgemm_ms (the product by OpenBLAS),
 *     speedup_vs_sgemm (whole iteration), threads2_speedup, product_vs_onednn (where it is built in)
 *   boundary.us_per_iter, rss_mib (peak, of a 784-32-10 run), data_mib (images within it)
 *   rules.table, rules.learning, rules.local.SYNAPSES, rules.state.NET, rules.reward (Lua / C: see
 *     time.h)
 */
syn_status host_bench(json_t **out, host *h, syn_ctx *ctx);

#endif
