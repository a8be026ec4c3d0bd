/* Dense products by OpenBLAS, for the gradient-descent baseline and the benchmark only.
 * Last bits may differ between machines and core types; nothing of a synaptic run comes from here.
 */
#ifndef SYN_NUMERIC_BLAS_H
#define SYN_NUMERIC_BLAS_H

#include <stddef.h>

/* C (m,n) = A (m,k) . B (n,k)^T. Row by row, no gaps. */
void syn_blas_nt(float *C, const float *A, const float *B, size_t m, size_t n, size_t k);
/* C (m,n) += A (k,m)^T . B (k,n). */
void syn_blas_tn_add(float *C, const float *A, const float *B, size_t m, size_t n, size_t k);
/* C (m,n) = A (m,k) . B (k,n). */
void syn_blas_nn(float *C, const float *A, const float *B, size_t m, size_t n, size_t k);

/* Is there memory for the buffer that OpenBLAS takes at its first product? Without it OpenBLAS tries for
 * ever. To be asked before that. */
int syn_blas_has_room(void);

/* One thread from here on: runs share the machine by being many. */
void syn_blas_single_thread(void);

/* The kernels that OpenBLAS chose ("SkylakeX", ...) and its version, for the manifest. */
const char *syn_blas_core(void);
const char *syn_blas_config(void);

/* The core type that OpenBLAS should be told to use on this CPU, because the packaged version
 * does not know the CPU and fell back to an older one; NULL if its choice is right. It takes
 * effect only through the environment variable OPENBLAS_CORETYPE before the program starts. */
const char *syn_blas_better_core(void);

#endif
