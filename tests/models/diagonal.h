/* A toy that shows what a new kind of network takes: output k = sum of the inputs k, k + K, k + 2 K, ...
 * each times a weight of its own, plus a bias. No layers, so no group is a full matrix: its plan is
 * one group of one row an output. */
#ifndef SYN_TESTS_MODELS_DIAGONAL_H
#define SYN_TESTS_MODELS_DIAGONAL_H

#include "engine/net/model.h"

extern const syn_model_class diagonal_model;

#endif
