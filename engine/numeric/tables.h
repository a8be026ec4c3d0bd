/* What the files of this room share: names for each instruction set, and small inline pieces.
 * Float kernels are compiled once for each level of vectors (portable, avx2, avx512); the lattice
 * product has one file for each instruction set. kernels.c puts them together into tables. */
#ifndef SYN_NUMERIC_TABLES_H
#define SYN_NUMERIC_TABLES_H

#include "engine/numeric/kernels.h"

/* Loops with a known, small count, unrolled at every level of optimisation but none. */
#if defined(__clang__)
#define SYN_UNROLL _Pragma("clang loop unroll(full)")
#else
#define SYN_UNROLL _Pragma("GCC unroll 32")
#endif
#define SYN_INLINE static inline __attribute__((always_inline))

#define SYN_DECLARE_LATTICE(isa)                                                                   \
  void syn_lattice_##isa(int32_t *D, const int32_t *from, const uint8_t *X, const int8_t *A,       \
                         size_t blocks, size_t groups, size_t units, int greatest)
SYN_DECLARE_LATTICE(portable);
SYN_DECLARE_LATTICE(avx2);
SYN_DECLARE_LATTICE(avxvnni);
SYN_DECLARE_LATTICE(avx512vnni);
SYN_DECLARE_LATTICE(neon);

#define SYN_DECLARE_LEVEL(level)                                                                   \
  void syn_preact_##level(float *z, const float *z0, const int32_t *D, float scale,                \
                          const float *bias, int relu, size_t blocks, size_t units);               \
  void syn_dense_##level(float *z, const float *h, const float *w, size_t stride,                  \
                         const float *bias, int activation, size_t blocks, size_t in, size_t out); \
  void syn_tanh_all_##level(float *z, size_t n);                                                   \
  void syn_cross_entropy_##level(double *loss, uint32_t *correct, const float *z,                  \
                                 const uint8_t *y, size_t samples, size_t blocks, size_t classes); \
  void syn_squared_error_##level(double *loss, uint32_t *correct, const float *z, const float *t,  \
                                 size_t samples, size_t blocks, size_t outputs);                   \
  void syn_policy_step_##level(int8_t *action, uint8_t *history_out, const uint8_t *history,       \
                               int32_t *lattice, const syn_step_table *table, uint64_t seed,       \
                               uint32_t iteration, size_t n);                                      \
  size_t syn_sparse_count_##level(const int8_t *const *past, const int8_t *sign, size_t n);        \
  int syn_sparse_list_##level(syn_sparse *s, const int8_t *const *past, size_t row);               \
  void syn_sparse_##level(int32_t *D, const int32_t *const *from, size_t terms, size_t minus,      \
                          const uint8_t *W, const syn_sparse *s, size_t wide);                     \
  void syn_widen_##level(float *x, const uint8_t *bytes, size_t n);                                \
  void syn_rows_dense_##level(float *z, const float *x, const float *w, const float *bias,         \
                              int activation, size_t blocks, size_t in, size_t out);               \
  void syn_rows_gradient_##level(float *g, const float *dz, const float *x, size_t blocks,         \
                                 size_t in, size_t out);                                           \
  void syn_dense_gradient_##level(float *g, const float *dz, const float *h, size_t blocks,        \
                                  size_t in, size_t out);                                          \
  void syn_bias_gradient_##level(float *g, const float *dz, size_t blocks, size_t units);          \
  void syn_activation_gradient_##level(float *dz, const float *h, int activation, size_t n);       \
  void syn_entropy_gradient_##level(float *dz, const float *z, const uint8_t *y, size_t blocks,    \
                                    size_t classes)
SYN_DECLARE_LEVEL(portable);
SYN_DECLARE_LEVEL(avx2);
SYN_DECLARE_LEVEL(avx512);

/* Philox counters of one block of 128 synapses: 16 in a row. */
#define SYN_STEP_BLOCK 128

#endif
