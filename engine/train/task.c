#include "engine/train/task.h"

#include <assert.h>

/* Samples that are scored at a time. */
#define SCORED ((size_t)(8 * SYN_LANES))

syn_status syn_task_open(syn_task **out, const syn_options *options, const syn_images *images,
                         const syn_kernels *kernels, syn_ctx *ctx) {
  *out = NULL;
  syn_shape shape;
  syn_status status = syn_options_check(options, &shape, ctx);
  if (status)
    return status;
  const syn_task_class *type = options->task;
  assert(type->abi == SYN_TASK_ABI);
  if (type->images && !images)
    return syn_fail(ctx, SYN_EINVAL, "task = '%s' needs a data set", type->name);
  syn_arena arena = {0};
  syn_task *task = syn_arena_take(&arena, 1, sizeof *task);
  if (!task)
    return syn_fail_memory(ctx, "the task");
  *task = (syn_task){.type = type,
                     .model = syn_models[0],
                     .network = {.shape = shape, .bytes = type->images},
                     .loss = &syn_loss_table[options->loss],
                     .arena = arena};
  status = task->model->plan(&task->plan, &task->network, ctx);
  task->inputs = task->plan.inputs;
  task->outputs = task->plan.outputs;
  if (status == SYN_OK)
    status = type->open(task, options, type->images ? images : NULL, kernels, ctx);
  if (status)
    syn_task_close(task);
  else
    *out = task;
  return status;
}

void syn_task_close(syn_task *task) {
  if (task) {
    syn_arena arena = task->arena; /* the task itself lives in it */
    syn_arena_close(&arena);
  }
}

syn_samples syn_task_samples(const syn_task *task, const uint32_t *rows, size_t n) {
  syn_samples samples = task->samples;
  samples.n = n;
  samples.rows = rows;
  return samples;
}

/* Some samples at a time, whose losses are added in the order of blocks. */
static void add_scores(const syn_task *task, syn_model *model, syn_meter *meter,
                       const uint32_t *rows, size_t n, double *loss, size_t *correct) {
  for (size_t first = 0; first < n; first += SCORED) {
    size_t some = n - first < SCORED ? n - first : SCORED;
    syn_samples batch = syn_task_samples(task, rows + first, some);
    syn_meter_batch(meter, &batch);
    syn_meter_begin(meter, 1);
    task->model->batch(model, &batch);
    task->model->base(model, 0.0);
    task->model->outputs(model, &(syn_sink){meter, syn_meter_take});
    for (size_t b = 0; b < meter->blocks; b++) {
      *loss += meter->block_loss[b];
      *correct += meter->block_correct[b];
    }
  }
}

syn_status syn_task_score(syn_score *out, const syn_task *task, const float *w,
                          const uint32_t *rows, size_t n, const syn_kernels *kernels,
                          syn_ctx *ctx) {
  syn_arena arena = {0};
  syn_pool *pool = NULL;
  syn_model *model = NULL;
  syn_meter meter;
  syn_status status = syn_pool_open(&pool, 1, ctx);
  if (status == SYN_OK)
    status = syn_meter_open(&meter, task->loss, task->samples.labels != NULL, 0, task->outputs,
                            SCORED, kernels, &arena, ctx);
  if (status == SYN_OK)
    status = task->model->open(&model,
                               &(syn_model_setup){.network = &task->network,
                                                  .plan = &task->plan,
                                                  .weights = w,
                                                  .samples = SCORED,
                                                  .kernels = kernels,
                                                  .pool = pool},
                               ctx);
  if (status == SYN_OK) {
    double loss = 0.0;
    size_t correct = 0;
    add_scores(task, model, &meter, rows, n, &loss, &correct);
    *out = (syn_score){task->loss->total(loss, n), (double)correct / (double)n};
    task->model->close(model);
  }
  syn_pool_close(pool);
  syn_arena_close(&arena);
  return status;
}
