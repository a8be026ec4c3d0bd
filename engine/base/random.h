/* Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC'11).
 *
 * There is no generator state and no order of drawing: a number is a function of its address
 * (seed, stream, major, index). The same address gives the same bits on every machine, at any
 * number of threads, and two purposes never share numbers because each has its own stream.
 *
 *   key     = (low, high 32 bits of seed)
 *   counter = (low half of index / 4, major, stream, high half); word index % 4 of the output
 *
 * `major` is what changes slowest in the caller's terms (iteration, batch number, layer).
 * The policy step addresses its numbers differently, see numeric/kernels.h (policy_step).
 */
#ifndef SYN_BASE_RANDOM_H
#define SYN_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum syn_stream {
  SYN_STREAM_EXPLORE = 1, /* epsilon-greedy draws, one 16-bit number a synapse and iteration */
  SYN_STREAM_POLICY = 2,  /* draws of a stochastic policy, likewise */
  SYN_STREAM_WEIGHTS = 3, /* initial weights of the learner; major = layer */
  SYN_STREAM_TARGET = 4,  /* weights of the boundary task's target network; major = layer */
  SYN_STREAM_POINTS = 5,  /* points of the boundary task */
  SYN_STREAM_SPLIT = 6,   /* training and validation images */
  SYN_STREAM_BATCH = 7,   /* images of a batch; major = number of the batch */
  SYN_STREAM_RULE = 8,    /* numbers a Lua rule asks for */
} syn_stream;

/* The bare function: 4 words from a counter and a key. Tested against the published answers. */
void syn_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]);

/* 32 random bits at an address. */
uint32_t syn_random_bits(uint64_t seed, syn_stream stream, uint32_t major, uint64_t index);

/* Uniform in [0,1) in steps of 2^-24, exact in float. */
float syn_random_uniform(uint64_t seed, syn_stream stream, uint32_t major, uint64_t index);

/* Standard normal by Box-Muller from the words at 2*index and 2*index+1. Uses libm: for initial
 * weights of the gradient-descent baseline only, never in what steers a synaptic run. */
double syn_random_normal(uint64_t seed, syn_stream stream, uint32_t major, uint64_t index);

/* Puts a random permutation of 0..n-1 into `order` (n): Fisher-Yates from the top, each place by
 * multiply-shift of 32 bits (bias below n / 2^32). n < 2^32. */
void syn_random_permutation(uint32_t *order, size_t n, uint64_t seed, syn_stream stream,
                            uint32_t major);

#ifdef __cplusplus
}
#endif

#endif
