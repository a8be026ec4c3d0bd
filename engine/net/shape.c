#include "engine/net/shape.h"

syn_status syn_shape_check(const syn_shape *shape, syn_ctx *ctx) {
  if (shape->layers < 1 || shape->layers > SYN_LAYERS_MAX)
    return syn_fail(ctx, SYN_EINVAL, "net: %zu layers of synapses; 1 to %d are possible",
                    shape->layers, SYN_LAYERS_MAX);
  for (size_t l = 0; l <= shape->layers; l++)
    if (shape->units[l] < 1 || shape->units[l] > SYN_UNITS_MAX)
      return syn_fail(ctx, SYN_EINVAL, "net: layer %zu has %zu units; 1 to %d are possible", l,
                      shape->units[l], SYN_UNITS_MAX);
  return SYN_OK;
}

size_t syn_shape_macs(const syn_shape *shape) {
  size_t macs = 0;
  for (size_t l = 0; l < shape->layers; l++)
    macs += shape->units[l + 1] * shape->units[l];
  return macs;
}
