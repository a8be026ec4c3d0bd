/* Dense products by OpenBLAS, for the benchmark to compare with. Last bits may differ between machines and
 * core types; nothing of a run comes from here.
 *
 * OpenBLAS is loaded when it is first wanted, since what it does at its start cannot be undone: it
 * starts a thread a core, of which one is wanted; where there is
 * no memory for its buffer it asks for it for ever; and the packaged version takes its oldest kernels on
 * a CPU newer than itself, which only the environment can tell it before.
 */
#ifndef SYN_NUMERIC_BLAS_H
#define SYN_NUMERIC_BLAS_H

#include <stddef.h>

#include "engine/base/status.h"

/* Before anything below: loads it, with one thread and the best kernels for this CPU, unless
 * OPENBLAS_CORETYPE names others. Once is enough; not from two threads at a time. SYN_ENOMEM: no room
 * for its buffer. SYN_EIO: it is not installed. */
syn_status syn_blas_open(syn_ctx *ctx);

/* C (m,n) = A (m,k) . B (n,k)^T. Row by row, no gaps. */
void syn_blas_nt(float *C, const float *A, const float *B, size_t m, size_t n, size_t k);

/* The kernels that OpenBLAS chose ("SkylakeX", ...) and its version, for the manifest. */
const char *syn_blas_core(void);
const char *syn_blas_config(void);

#endif
