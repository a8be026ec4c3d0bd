/* The multilayer perceptron, the paper's network: a model class (net/model.h).
 *
 * Layers from input to output are the groups of its plan. Where the inputs are bytes and weights
 * move on the lattice, the first layer's pre-activations follow it too (numeric/kernels.h):
 *
 *   Z = (Z0 + (rate/255) * D) + bias,   D += action . x   in every iteration
 *
 * Actions of -2..2 go through that product as two of -1..1, whose sum they are: kernels need know
 * no others. Real inputs and multiplicative updates take the dense path: the whole product every
 * iteration. |D| is kept below 2^30 by the plan's moves_max.
 */
#ifndef SYN_NET_MLP_H
#define SYN_NET_MLP_H

#include "engine/net/model.h"

extern const syn_model_class syn_mlp;
extern const syn_gradient_class syn_mlp_gradient; /* mlp_gradient.c */

#endif
