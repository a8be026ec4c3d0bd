/* The element-wise operations of rules over local quantities, on floats. Each operation is rounded
 * on its own, lane by lane the same on every machine and at every level of vectors (numeric/vec.h).
 *
 * Comparisons give 1 and 0, and so do and_, or_ and not_, for which everything but 0 holds.
 * sign(NaN) is NaN, and sign(0) is 0. min, max and clamp are NaN where an operand is. where(c, a, b)
 * takes a where c is not 0. clamp(x, lo, hi) is min(max(x, lo), hi). log of less than the smallest
 * normal number is -infinity, and of less than 0 it is NaN, as is sqrt.
 */
#ifndef SYN_POLICIES_RULE_KERNELS_H
#define SYN_POLICIES_RULE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* One operand of an operation: n numbers, or one that stands for all. */
typedef struct syn_operand {
  const float *x;
  int many;
} syn_operand;

typedef void (*syn_operation)(float *out, size_t n, const syn_operand *in);

typedef struct syn_operation_entry {
  const char *name; /* function and method, or the metamethod */
  unsigned operands;
  syn_operation run;
} syn_operation_entry;

#define SYN_OPERATIONS 23

/* All of it for one level of vectors; kernels.c is compiled once for each. */
typedef struct syn_rule_kernels {
  syn_operation_entry operations[SYN_OPERATIONS + 1]; /* ends with a NULL name */
  /* action[i] = the sign of x[i]. 0 if some x[i] is NaN or infinite. */
  int (*signs)(int8_t *action, const float *x, size_t n);
  /* action[i] = x[i]. 0 if some x[i] is no whole number in -most..most. */
  int (*exact_actions)(int8_t *action, const float *x, size_t n, int most);
  /* to[i] = x[i]. 0 if some x[i] is NaN or infinite. */
  int (*finite)(float *to, const float *x, size_t n);
  /* Uniform in [0, 1), in steps of 2^-24: from word (first + i) % 4 of the Philox counter
   * ((first + i) / 4, iteration, stream, draw), key = seed. */
  void (*uniforms)(float *out, size_t n, size_t first, uint64_t seed, uint32_t iteration,
                   uint32_t stream, uint32_t draw);
  /* out[i] = x[i]. */
  void (*floats_of)(float *out, const int8_t *x, size_t n);
  /* trace[i] = decay * trace[i] + x[i]. */
  void (*decay_trace)(float *trace, float decay, const float *x, size_t n);
  void (*decay_trace_actions)(float *trace, float decay, const int8_t *x, size_t n);
} syn_rule_kernels;

extern const syn_rule_kernels syn_rule_kernels_portable, syn_rule_kernels_avx2,
    syn_rule_kernels_avx512;

/* Those that go with an instruction set of numeric/kernels.h (step.c). */
const syn_rule_kernels *syn_rule_kernels_of(const char *isa);

#endif
