/* The registry of models. */
#include "engine/net/mlp.h"

const syn_model_class *const syn_models[] = {&syn_mlp, NULL};
