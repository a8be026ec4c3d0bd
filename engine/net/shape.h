/* The shape of a network as people write it: the units of its layers, and their activations. */
#ifndef SYN_NET_SHAPE_H
#define SYN_NET_SHAPE_H

#include <stddef.h>

#include "engine/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_LAYERS_MAX 8     /* layers of synapses */
#define SYN_UNITS_MAX  65536 /* units of one layer, inputs included */

/* Numbered as kernels->dense takes them. */
typedef enum syn_activation { SYN_IDENTITY = 0, SYN_RELU = 1, SYN_TANH = 2 } syn_activation;

typedef struct syn_shape {
  size_t layers;                    /* of synapses: {784,32,10} has 2 */
  size_t units[SYN_LAYERS_MAX + 1]; /* inputs first */
  syn_activation hidden, output;
} syn_shape;

/* SYN_EINVAL: no layer, too many, a layer of 0 or too many units. */
syn_status syn_shape_check(const syn_shape *shape, syn_ctx *ctx);

/* Multiply-adds of one sample. */
size_t syn_shape_macs(const syn_shape *shape);

/* The activation of layer l of synapses, 0 first. */
static inline syn_activation syn_shape_activation(const syn_shape *shape, size_t layer) {
  return layer + 1 == shape->layers ? shape->output : shape->hidden;
}

#ifdef __cplusplus
}
#endif

#endif
