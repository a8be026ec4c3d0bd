/* Where the time of an iteration goes: kernels that time themselves. */
#ifndef SYN_HOST_BENCH_PARTS_H
#define SYN_HOST_BENCH_PARTS_H

#include "engine/numeric/kernels.h"

/* Since the last host_parts_take: seconds in products with moves (and in finding what they repeat),
 * and in the policy's step; moves that were listed and their entries, blocks taken each way. */
typedef struct host_parts {
  double product, policy;
  size_t lists, entries, dense, sparse;
} host_parts;

/* A copy of the kernels that counts for host_parts_take; for one thread, and one copy at a time. */
syn_kernels host_parts_kernels(const syn_kernels *kernels);

/* What was counted; begins anew. */
host_parts host_parts_take(void);

#endif
