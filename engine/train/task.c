#include "engine/train/task.h"

#include <math.h>
#include <string.h>

/* Samples that are scored at a time. */
#define SCORED ((size_t)(8 * SYN_LANES))

static syn_status open_boundary(syn_task *task, const syn_options *o, const syn_kernels *kernels,
                                syn_ctx *ctx) {
  size_t n = (size_t)o->points, synapses = task->plan.synapses;
  float *points = syn_arena_take(&task->arena, 2 * n, sizeof *points);
  float *targets = syn_arena_take(&task->arena, n * task->outputs, sizeof *targets);
  float *w = syn_arena_take(&task->arena, synapses, sizeof *w);
  uint32_t *all = syn_arena_take(&task->arena, n, sizeof *all);
  if (!points || !targets || !w || !all)
    return syn_fail_memory(ctx, "the boundary task");
  for (size_t i = 0; i < n; i++)
    all[i] = (uint32_t)i;
  task->split = (syn_split){.train = all, .n_train = n};
  float range = (float)o->point_range;
  for (size_t i = 0; i < 2 * n; i++)
    points[i] = 2.0f * range * syn_random_uniform(o->seed, SYN_STREAM_POINTS, 0, i) - range;
  syn_plan_init_uniform(w, &task->plan, (float)o->target_range, o->seed, SYN_STREAM_TARGET);
  task->n_points = n;
  task->points = points;
  task->target_weights = w;
  syn_status status =
      syn_model_outputs(targets, task->model, &task->network, w,
                        &(syn_samples){.n = n, .reals = points}, kernels, ctx);
  task->targets = targets;
  return status;
}

static syn_status open_images(syn_task *task, const syn_options *o, const syn_images *images,
                              syn_ctx *ctx) {
  size_t pixels = images->width * images->height;
  if (task->inputs != pixels)
    return syn_fail(ctx, SYN_EINVAL, "net: %zu inputs, but the images have %zux%zu = %zu pixels",
                    task->inputs, images->width, images->height, pixels);
  if (task->outputs != images->classes)
    return syn_fail(ctx, SYN_EINVAL, "net: %zu outputs, but the images have %zu classes",
                    task->outputs, images->classes);
  task->pixels = images->pixels;
  task->labels = images->labels;
  if (o->split == SYN_SPLIT_GIVEN && !images->validates)
    return syn_fail(ctx, SYN_EINVAL,
                    "split = 'given', but the images have no training and validation part of their own");
  syn_status status =
      o->split == SYN_SPLIT_GIVEN
          ? syn_split_given(&task->split, images->validates, images->pixels, images->n, pixels,
                            &task->arena, ctx)
          : syn_split_make(&task->split, (syn_split_kind)o->split, o->train_fraction, images->pixels,
                           images->labels, images->n, pixels, o->seed, &task->arena, ctx);
  if (status == SYN_OK && o->batch_size > (double)task->split.n_train)
    return syn_fail(ctx, SYN_EINVAL,
                    "batch_size = %.0f, but only %zu images train; 0 takes them all", o->batch_size,
                    task->split.n_train);
  return status;
}

syn_status syn_task_open(syn_task **out, const syn_options *options, const syn_images *images,
                         const syn_kernels *kernels, syn_ctx *ctx) {
  *out = NULL;
  syn_shape shape;
  syn_status status = syn_options_check(options, &shape, ctx);
  if (status)
    return status;
  if (options->task == SYN_TASK_IMAGES && !images)
    return syn_fail(ctx, SYN_EINVAL, "task = 'images' needs a data set");
  syn_arena arena = {0};
  syn_task *task = syn_arena_take(&arena, 1, sizeof *task);
  if (!task)
    return syn_fail_memory(ctx, "the task");
  *task = (syn_task){.kind = (syn_task_kind)options->task,
                     .model = syn_models[0],
                     .network = {.shape = shape, .bytes = options->task == SYN_TASK_IMAGES},
                     .loss = &syn_loss_table[options->loss],
                     .arena = arena};
  status = task->model->plan(&task->plan, &task->network, ctx);
  task->inputs = task->plan.inputs;
  task->outputs = task->plan.outputs;
  if (status == SYN_OK)
    status = task->kind == SYN_TASK_BOUNDARY ? open_boundary(task, options, kernels, ctx)
                                             : open_images(task, options, images, ctx);
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
  return (syn_samples){n, rows, task->pixels, task->points, task->labels, task->targets};
}

syn_status syn_task_map(float *map, size_t cells, const syn_task *task, const float *w,
                        const syn_options *options, const syn_kernels *kernels, syn_ctx *ctx) {
  syn_arena arena = {0};
  size_t n = cells * cells;
  float *points = syn_arena_take(&arena, 2 * n, sizeof *points);
  float *outputs = syn_arena_take(&arena, n * task->outputs, sizeof *outputs);
  syn_status status = points && outputs ? SYN_OK : syn_fail_memory(ctx, "the map");
  double range = options->point_range, cell = 2.0 * range / (double)cells;
  for (size_t i = 0; i < n && !status; i++) {
    points[2 * i] = (float)(((double)(i % cells) + 0.5) * cell - range);
    points[2 * i + 1] = (float)(((double)(i / cells) + 0.5) * cell - range);
  }
  if (!status)
    status = syn_model_outputs(outputs, task->model, &task->network, w,
                               &(syn_samples){.n = n, .reals = points}, kernels, ctx);
  for (size_t i = 0; i < n && !status; i++)
    map[i] = outputs[i * task->outputs];
  syn_arena_close(&arena);
  return status;
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
    status = syn_meter_open(&meter, task->loss, task->labels != NULL, 0, task->outputs, SCORED,
                            kernels, &arena, ctx);
  if (status == SYN_OK)
    status = task->model->open(&model,
                               &(syn_model_setup){.network = &task->network, .plan = &task->plan,
                                                  .weights = w, .samples = SCORED,
                                                  .kernels = kernels, .pool = pool},
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
