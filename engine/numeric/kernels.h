/* The inner loops of one iteration, one table of functions for each instruction set.
 *
 * Everything works on blocks of SYN_LANES samples, features first and samples last, so that a
 * vector lane is a sample and no sum runs across lanes (but for gradient descent, below):
 *
 *   bytes   X (blocks, groups, 16, 4)   the batch's pixels, four inputs interleaved per sample
 *   lattice D (blocks, units, 16)       int32, see numeric/lattice note below
 *   floats  z (blocks, units, 16)       pre-activations, activations
 *
 * Every table gives the same bits. What makes it true is the specification in each comment: the
 * operations and their order per lane, each rounded on its own (no contraction into fused
 * multiply-adds), integers exact.
 *
 * The weight lattice. All weights of the first layer are W = W0 + step * K with integer K, and
 * its inputs are bytes, so D[b][j] = sum over iterations and inputs of action[j][i] * x[b][i] is
 * an exact integer, and the pre-activation is Z0 + (step/255) * D + bias, where Z0 is the product
 * with the weights that stood when D was last set to zero. |D| grows by at most 255 * inputs an
 * iteration; net/mlp.h asks for a new base before it can pass 2^30.
 *
 * Legend: B samples, I inputs of a layer, U units of a layer, K classes, S synapses.
 */
#ifndef SYN_NUMERIC_KERNELS_H
#define SYN_NUMERIC_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_LANES 16 /* samples of a block */
#define SYN_GROUP 4  /* inputs that a byte product takes together */

#define SYN_ACTION_MAX 8 /* steps that a synapse may take in one iteration */

/* History codes. A synapse's last n actions are one byte, base 3, newest in the lowest digit, a
 * digit being action + 1: h' = (3 h + a + 1) mod 3^n. n <= 5, so h < 243. The network's last n
 * rewards are coded likewise. The state of a synapse is reward_code * 3^n + h, which is also the
 * order of rows in a policy file. */
#define SYN_HISTORY_MAX 5
#define SYN_LOCAL_MAX   243 /* 3^SYN_HISTORY_MAX */

/* Sparse products. A move that nearly repeats earlier ones needs little of the product: with
 *
 *   A_t = sum over k = 1..SYN_LAGS of sign_k A_(t-k), + delta,   sign_k in {-1, 0, 1}
 *   D_t = D_(t-1) + sum over k of sign_k (D_(t-k) - D_(t-k-1)), + X . delta
 *
 * in integers, exactly, whichever signs are chosen; so the choice changes the time and no bit. X . delta
 * is a sum of the columns of X that delta is not 0 for. For these X stands a second time, in wide
 * blocks of 64 samples: W (wide blocks, inputs+1, 16 lanes, 4), where byte k of lane s is sample s of
 * the wide block's k-th block, and the last column is zeros. */
#define SYN_LAGS   3
#define SYN_WIDE   4                      /* blocks of a wide block */
#define SYN_STEPS  (2 * SYN_LAGS + 1)     /* most past sums in one D_t */
#define SYN_COLUMN (SYN_WIDE * SYN_LANES) /* bytes of a column of W */
#define SYN_CHUNK  64                     /* rows of moves are padded to so many actions */

/* A part of a unit's list, of so little weight that 16 bits hold its sums. */
typedef struct syn_sparse_piece {
  uint32_t first; /* entry */
  uint16_t n[4];  /* entries that count +2, -2, +1, -1, one after the other; all even */
} syn_sparse_piece;

/* delta of one move. What the pointers point to is the caller's. */
typedef struct syn_sparse {
  size_t inputs, units;
  int8_t sign[SYN_LAGS + 1]; /* of A_(t-k); [0] has no use */
  uint32_t *first;           /* (units+1) a unit's first piece */
  syn_sparse_piece *piece;   /* (pieces_max) */
  uint32_t *entry;           /* (entries_max) where a column begins within its wide block */
  size_t entries, entries_max, pieces_max;
} syn_sparse;

/* What every synapse does in one iteration, given the rewards so far: the policy's table cut at
 * the current reward code. */
typedef struct syn_step_table {
  unsigned locals; /* 3^n, local histories: 1, 3, 9, 27, 81, 243 */
  /* Greedy action for each local history; used where `stochastic` is 0. */
  int8_t action[SYN_LOCAL_MAX + 13];
  /* Stochastic: with a 16-bit number v of SYN_STREAM_POLICY, the action is -1 if v < low[h],
   * else 0 if v < high[h], else +1. Thresholds 0..65536, low <= high. */
  int stochastic;
  uint32_t low[SYN_LOCAL_MAX + 13], high[SYN_LOCAL_MAX + 13];
  /* Exploration: with a 16-bit number u of SYN_STREAM_EXPLORE, if u < explore[2] the action is
   * random instead: -1 if u < explore[0], else 0 if u < explore[1], else +1.
   * explore[k] = round(65536 * epsilon * (k+1) / 3); all 0 is no exploration. */
  uint32_t explore[3];
} syn_step_table;

/* How products with moves are taken. Same bits: the cheaper of both each time, or always one. */
typedef enum syn_products {
  SYN_PRODUCTS_CHEAPER,
  SYN_PRODUCTS_DENSE,
  SYN_PRODUCTS_SPARSE /* where there is room for the list, for tests */
} syn_products;
extern const char *const syn_products_names[];

typedef struct syn_kernels {
  syn_products products;
  const char *isa; /* "portable", "avx2", "avxvnni", "avx512vnni", "neon" */

  /* D = from + X . A^T over `blocks` blocks: D[b][u][s] = from[b][u][s] + sum_i X[b][i/4][s][i%4] *
   * A[u][i]. X unsigned bytes, A (units, groups*4) in -greatest..greatest, greatest <=
   * SYN_ACTION_MAX, padded with zeros. int32, exact. Pointers are 64-byte aligned; `from` is D or
   * does not overlap it. */
  void (*lattice)(int32_t *D, const int32_t *from, const uint8_t *X, const int8_t *A, size_t blocks,
                  size_t groups, size_t units, int greatest);

  /* How many entries delta has with these signs (SYN_LAGS+1, [0] without use) in n of its actions
   * from each of the moves past[k] = A_(t-k) on; n a multiple of SYN_CHUNK, at most 2^11. */
  size_t (*sparse_count)(const int8_t *const *past, const int8_t *sign, size_t n);

  /* Lists delta of whole moves, past[k] (units, `row`), row a multiple of SYN_CHUNK, zeros behind
   * the inputs: fills everything of `s` that is not said by the caller (inputs, units, sign, room).
   * 0: there is no room for all. */
  int (*sparse_list)(syn_sparse *s, const int8_t *const *past, size_t row);

  /* D = sum of `terms` sums from[], those below `minus` taken off, + W . delta^T over `wide` wide blocks;
   * D and from[] (4 * wide, units, 16), D may be one of from[]. Exact. */
  void (*sparse)(int32_t *D, const int32_t *const *from, size_t terms, size_t minus,
                 const uint8_t *W, const syn_sparse *s, size_t wide);

  /* z = (z0 + scale * (float)D) + bias[u], then ReLU (v > 0 ? v : 0) if `relu`.
   * All (blocks, units, 16). (float)D rounds to nearest even. */
  void (*preact)(float *z, const float *z0, const int32_t *D, float scale, const float *bias,
                 int relu, size_t blocks, size_t units);

  /* z[b][u] = bias[u] + w[u][0]*h[b][0] + w[u][1]*h[b][1] + ..., added in this order, then the
   * activation: 0 none, 1 ReLU, 2 syn_tanh. h (blocks, in, 16), w (out, in) with rows `stride`
   * floats apart, z (blocks, out, 16). */
  void (*dense)(float *z, const float *h, const float *w, size_t stride, const float *bias,
                int activation, size_t blocks, size_t in, size_t out);

  /* z[i] = syn_tanh(z[i]), n a multiple of 16. See numeric/vec.h. */
  void (*tanh_all)(float *z, size_t n);

  /* Softmax cross-entropy in nats, block by block. z (blocks, classes, 16), y (blocks, 16) labels,
   * `samples` <= blocks*16 valid lanes from the front, the rest is ignored.
   *   m = max_k z_k in order; e_k = syn_exp(z_k - m), s = e_0 + e_1 + ...;
   *   l = (syn_log(s) + m) - z_y                                  per lane, float
   *   loss[b] = tree sum in double over the 16 lanes (ignored lanes count 0): pairs (s, s+8),
   *   then (s, s+4), (s, s+2), (s, s+1)
   * correct[b] = lanes whose first greatest class is y; NULL if not wanted. */
  void (*cross_entropy)(double *loss, uint32_t *correct, const float *z, const uint8_t *y,
                        size_t samples, size_t blocks, size_t classes);

  /* Squared distance to real targets, block by block: d = z - t, q = d*d per lane and output,
   * summed in float over outputs in order, then the tree sum in double as above.
   * correct[b] = lanes in which for every output (z > 0) == (t > 0); NULL if not wanted. */
  void (*squared_error)(double *loss, uint32_t *correct, const float *z, const float *t,
                        size_t samples, size_t blocks, size_t outputs);

  /* The step of all synapses [0, n): looks up, explores, shifts histories, moves the lattice.
   *   action[s]  written: -1, 0, 1
   *   history[s] in: local code; out (history_out[s], may be the same array): shifted by action
   *   lattice[s] += action[s]; NULL if not wanted
   * Random numbers: block q = s / 128, r = s % 128, counter = (16 q + r % 16, iteration, stream, 0),
   * key = seed; half-word r / 16 of the 128 output bits (word (r/16)/2, low half first). So 16
   * neighbouring synapses take the same half of the same word of 16 counters. */
  void (*policy_step)(int8_t *action, uint8_t *history_out, const uint8_t *history,
                      int32_t *lattice, const syn_step_table *table, uint64_t seed,
                      uint32_t iteration, size_t n);

  /* Gradient descent. Its samples are rows of floats, x (blocks*16, in), `in` a multiple of 16, and its
   * activities blocks as above. Sums over inputs or samples that stand in lanes are taken lane by lane
   * in order, from 0, and then in a tree in float: pairs (l, l+8), then (l, l+4), (l, l+2), (l, l+1). */

  /* x[i] = bytes[i], n a multiple of 16. */
  void (*widen)(float *x, const uint8_t *bytes, size_t n);

  /* As `dense` on rows: z[b][u][s] = (x[16b+s] . w[u]) + bias[u], then the activation; w (out, in).
   * Lane l has the inputs l, l+16, ... */
  void (*rows_dense)(float *z, const float *x, const float *w, const float *bias, int activation,
                     size_t blocks, size_t in, size_t out);

  /* g[u][i] += sum over samples in order, from 0, of x[s][i] * dz[u][s]; g (out, in). */
  void (*rows_gradient)(float *g, const float *dz, const float *x, size_t blocks, size_t in,
                        size_t out);

  /* g[u][i] += sum over samples of dz[u][s] * h[i][s], lane s having one sample of each block; g (out, in)
   * without gaps, h (blocks, in, 16). bias_gradient: g[u] += the sum of dz[u][s] likewise. */
  void (*dense_gradient)(float *g, const float *dz, const float *h, size_t blocks, size_t in,
                         size_t out);
  void (*bias_gradient)(float *g, const float *dz, size_t blocks, size_t units);

  /* From the gradient at activities h to that before the activation, in place: times 1 (0 none), h > 0
   * (1 ReLU), 1 - h*h (2 tanh). n a multiple of 16. */
  void (*activation_gradient)(float *dz, const float *h, int activation, size_t n);

  /* dz = e_k / s - (k == y), e_k and s as in cross_entropy. */
  void (*entropy_gradient)(float *dz, const float *z, const uint8_t *y, size_t blocks,
                           size_t classes);
} syn_kernels;

/* Digits of a history. */
static inline uint8_t syn_history_shift(uint8_t code, int8_t symbol, unsigned locals) {
  return (uint8_t)((3u * code + (unsigned)(symbol + 1)) % locals);
}
/* An action as a symbol: histories hold directions, not sizes. */
static inline int8_t syn_history_symbol(int8_t action) {
  return (int8_t)((action > 0) - (action < 0));
}
/* How many local histories there are: 3^history. */
static inline unsigned syn_locals(unsigned history) {
  unsigned locals = 1;
  for (unsigned i = 0; i < history; i++)
    locals *= 3;
  return locals;
}
static inline unsigned syn_history_zero(unsigned locals) {
  return (locals - 1) / 2;
}

/* The table for an instruction set by name, or the best that this CPU offers if `isa` is NULL.
 * SYN_EINVAL: unknown name, or one that this CPU lacks; the line lists those at hand. */
syn_status syn_kernels_get(const syn_kernels **out, const char *isa, syn_ctx *ctx);

/* Sets how a copy of a table takes products, by name: cheaper, dense, sparse. SYN_EINVAL: no such word. */
syn_status syn_kernels_products(syn_kernels *kernels, const char *word, syn_ctx *ctx);

#define SYN_ISA_MAX 8
/* Names this CPU offers, best first, ends with NULL. */
void syn_kernels_offered(const char *names[SYN_ISA_MAX]);

/* The exploration thresholds for epsilon in [0,1]. */
void syn_explore_thresholds(uint32_t out[3], double epsilon);

/* The 16-bit number of synapse s that policy_step draws: for policies that act on their own. */
uint16_t syn_synapse_bits(uint64_t seed, uint32_t stream, uint32_t iteration, size_t synapse);

/* Bytes (B, I) row by row -> X (blocks, groups, 16, 4), zeros behind. rows[b] picks the sample's
 * row of `pixels` (dim bytes apart); rows NULL takes 0..samples-1. */
void syn_pack_bytes(uint8_t *X, const uint8_t *pixels, const uint32_t *rows, size_t samples,
                    size_t dim);

/* X of so many blocks, as syn_pack_bytes leaves it -> W (wide blocks, dim+1, 16, 4). */
void syn_pack_wide(uint8_t *W, const uint8_t *X, size_t blocks, size_t dim);

/* Bytes to floats (x / 255.0f) in block layout: h (blocks, dim, 16), zeros behind. */
void syn_pack_floats(float *h, const uint8_t *pixels, const uint32_t *rows, size_t samples,
                     size_t dim);

#ifdef __cplusplus
}
#endif

#endif
