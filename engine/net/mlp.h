/* A multilayer perceptron: its shape, its synapses, and the plain way to compute it.
 *
 * A synapse is any trainable number; a bias is the synapse from a constant input 1. Synapses are
 * numbered once and for all: layers from input to output, unit by unit, bias first, then the
 * weights in the order of the inputs (algorithm 1 walks them "for each synapse" in this order).
 * Layer l with I inputs and U units is therefore a (U, I+1) matrix, bias in column 0.
 */
#ifndef SYN_NET_MLP_H
#define SYN_NET_MLP_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/random.h"
#include "engine/base/status.h"
#include "engine/numeric/kernels.h"

#define SYN_LAYERS_MAX 8     /* layers of synapses */
#define SYN_UNITS_MAX 65536  /* units of one layer, inputs included */

/* Numbered as kernels->dense takes them. */
typedef enum syn_activation { SYN_IDENTITY = 0, SYN_RELU = 1, SYN_TANH = 2 } syn_activation;

typedef struct syn_shape {
  size_t layers;                     /* of synapses: {784,32,10} has 2 */
  size_t units[SYN_LAYERS_MAX + 1];  /* inputs first */
  syn_activation hidden, output;
} syn_shape;

/* SYN_EINVAL: no layer, too many, a layer of 0 or too many units. */
syn_status syn_shape_check(const syn_shape *shape, syn_ctx *ctx);

size_t syn_shape_synapses(const syn_shape *shape);
/* First synapse of layer l. */
size_t syn_shape_offset(const syn_shape *shape, size_t layer);
/* Multiply-adds of one sample. */
size_t syn_shape_macs(const syn_shape *shape);

/* Weights uniform in [-range, range), biases 0. w (S); `stream` WEIGHTS or TARGET. */
void syn_mlp_init_uniform(float *w, const syn_shape *shape, float range, uint64_t seed,
                          syn_stream stream);
/* Weights normal with sd 2 / (fan_in + fan_out) of the layer, biases 0 (gradient descent). */
void syn_mlp_init_normal(float *w, const syn_shape *shape, uint64_t seed);

/* Samples (n, width) row by row -> (blocks, width, 16), zeros behind. */
void syn_mlp_pack(float *to, const float *from, size_t n, size_t width);
/* Labels (n) -> targets (blocks, classes, 16): 1 for the label's class, 0 for the others. */
void syn_mlp_pack_labels(float *to, const uint8_t *labels, size_t n, size_t classes);

/* Outputs of a few blocks by kernels->dense: h (blocks, units[0], 16) -> z (blocks, units[L], 16).
 * scratch: syn_mlp_scratch floats. */
size_t syn_mlp_scratch(const syn_shape *shape, size_t blocks);
void syn_mlp_forward(float *z, const float *h, const float *w, const syn_shape *shape,
                     size_t blocks, float *scratch, const syn_kernels *kernels);

/* Outputs (n, units[L]) for inputs (n, units[0]), both row by row. SYN_ENOMEM. */
syn_status syn_mlp_outputs(float *outputs, const float *inputs, size_t n, const float *w,
                           const syn_shape *shape, const syn_kernels *kernels, syn_ctx *ctx);

#endif
