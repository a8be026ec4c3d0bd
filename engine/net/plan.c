#include "engine/net/plan.h"

#include <assert.h>

void syn_plan_add(syn_plan *plan, size_t inputs, size_t units) {
  assert(plan->groups < SYN_GROUPS_MAX);
  plan->group[plan->groups++] = (syn_group){plan->synapses, units, inputs, 0};
  plan->synapses += units * (inputs + 1);
  plan->macs += units * inputs;
}

void syn_plan_init_uniform(float *w, const syn_plan *plan, float range, uint64_t seed,
                           syn_stream stream) {
  for (size_t g = 0; g < plan->groups; g++) {
    size_t in = plan->group[g].inputs, index = 0;
    for (size_t u = 0; u < plan->group[g].units; u++) {
      *w++ = 0.0f;
      for (size_t i = 0; i < in; i++)
        *w++ = 2.0f * range * syn_random_uniform(seed, stream, (uint32_t)g, index++) - range;
    }
  }
}

void syn_plan_init_normal(float *w, const syn_plan *plan, uint64_t seed) {
  for (size_t g = 0; g < plan->groups; g++) {
    size_t in = plan->group[g].inputs, units = plan->group[g].units, index = 0;
    double sd = 2.0 / (double)(in + units);
    for (size_t u = 0; u < units; u++) {
      *w++ = 0.0f;
      for (size_t i = 0; i < in; i++)
        *w++ = (float)(sd * syn_random_normal(seed, SYN_STREAM_WEIGHTS, (uint32_t)g, index++));
    }
  }
}
