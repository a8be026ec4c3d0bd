#include "engine/net/model.h"

typedef struct copier {
  float *to; /* (n, outputs) */
  size_t n, outputs;
} copier;

/* Blocks to rows. */
static void copy(void *self, const float *z, size_t first, size_t blocks) {
  copier *c = self;
  for (size_t s = 0; s < blocks * SYN_LANES && first * SYN_LANES + s < c->n; s++)
    for (size_t k = 0; k < c->outputs; k++)
      c->to[(first * SYN_LANES + s) * c->outputs + k] =
          z[(s / SYN_LANES * c->outputs + k) * SYN_LANES + s % SYN_LANES];
}

syn_status syn_model_outputs(float *outputs, const syn_model_class *type,
                             const syn_network *network, const float *weights,
                             const syn_samples *samples, const syn_kernels *kernels, syn_ctx *ctx) {
  syn_plan plan;
  syn_pool *pool = NULL;
  syn_model *model = NULL;
  syn_status status = type->plan(&plan, network, ctx);
  if (status == SYN_OK)
    status = syn_pool_open(&pool, 1, ctx);
  if (status == SYN_OK)
    status = type->open(&model,
                        &(syn_model_setup){.network = network,
                                           .plan = &plan,
                                           .weights = weights,
                                           .samples = samples->n,
                                           .kernels = kernels,
                                           .pool = pool},
                        ctx);
  if (status == SYN_OK) {
    copier c = {outputs, samples->n, plan.outputs};
    type->batch(model, samples);
    type->base(model, 0.0);
    type->outputs(model, &(syn_sink){&c, copy});
    type->close(model);
  }
  syn_pool_close(pool);
  return status;
}
