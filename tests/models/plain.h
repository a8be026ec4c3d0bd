/* The multilayer perceptron in the order of the paper's equations: one sample, one unit and one sum
 * at a time, with nothing packed, split or vectorised. It follows the same specification
 * (numeric/kernels.h, net/mlp.h), so a run with it is the same bit for bit; it exists to be read and
 * to be compared with. */
#ifndef SYN_TESTS_MODELS_PLAIN_H
#define SYN_TESTS_MODELS_PLAIN_H

#include "engine/net/model.h"

extern const syn_model_class plain_model;

#endif
