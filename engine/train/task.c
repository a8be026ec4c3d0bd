#include "engine/train/task.h"

#include <math.h>
#include <string.h>

/* Blocks that are scored at a time. */
#define TILE 8

static syn_status open_boundary(syn_task *task, const syn_options *o, const syn_kernels *kernels,
                                syn_ctx *ctx) {
  size_t n = (size_t)o->points, synapses = syn_shape_synapses(&task->shape);
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
  syn_mlp_init_uniform(w, &task->shape, (float)o->target_range, o->seed, SYN_STREAM_TARGET);
  task->n_points = n;
  task->points = points;
  task->target_weights = w;
  syn_status status = syn_mlp_outputs(targets, points, n, w, &task->shape, kernels, ctx);
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
                     .shape = shape,
                     .loss = (syn_loss)options->loss,
                     .inputs = shape.units[0],
                     .outputs = shape.units[shape.layers],
                     .arena = arena};
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

void syn_task_points(float *points, float *targets, const syn_task *task, const uint32_t *rows,
                     size_t n) {
  for (size_t i = 0; i < n; i++) {
    memcpy(points + i * task->inputs, task->points + rows[i] * task->inputs,
           task->inputs * sizeof *points);
    memcpy(targets + i * task->outputs, task->targets + rows[i] * task->outputs,
           task->outputs * sizeof *targets);
  }
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
    status = syn_mlp_outputs(outputs, points, n, w, &task->shape, kernels, ctx);
  for (size_t i = 0; i < n && !status; i++)
    map[i] = outputs[i * task->outputs];
  syn_arena_close(&arena);
  return status;
}

/* Sums of one tile of samples, added to *loss in the order of blocks. */
typedef struct scorer {
  const syn_task *task;
  const syn_kernels *kernels;
  float *h, *z, *t, *scratch;
  uint8_t y[TILE * SYN_LANES];
  double loss;
  size_t correct;
} scorer;

static void score_tile(scorer *s, const float *w, const uint32_t *rows, size_t first, size_t n) {
  const syn_task *task = s->task;
  size_t blocks = (n + SYN_LANES - 1) / SYN_LANES;
  double loss[TILE];
  uint32_t correct[TILE];
  if (task->kind == SYN_TASK_IMAGES) {
    syn_pack_floats(s->h, task->pixels, rows + first, n, task->inputs);
    for (size_t i = 0; i < n; i++)
      s->y[i] = task->labels[rows[first + i]];
    syn_mlp_pack_labels(s->t, s->y, n, task->outputs);
  } else {
    syn_mlp_pack(s->h, task->points + first * task->inputs, n, task->inputs);
    syn_mlp_pack(s->t, task->targets + first * task->outputs, n, task->outputs);
  }
  syn_mlp_forward(s->z, s->h, w, &task->shape, blocks, s->scratch, s->kernels);
  if (task->kind == SYN_TASK_IMAGES)
    s->kernels->cross_entropy(loss, correct, s->z, s->y, n, blocks, task->outputs);
  if (task->loss == SYN_LOSS_EUCLIDEAN)
    s->kernels->squared_error(loss, task->kind == SYN_TASK_IMAGES ? NULL : correct, s->z, s->t, n,
                              blocks, task->outputs);
  for (size_t b = 0; b < blocks; b++) {
    s->loss += loss[b];
    s->correct += correct[b];
  }
}

syn_status syn_task_score(syn_score *out, const syn_task *task, const float *w,
                          const uint32_t *rows, size_t n, const syn_kernels *kernels,
                          syn_ctx *ctx) {
  syn_arena arena = {0};
  scorer s = {.task = task, .kernels = kernels};
  s.h = syn_arena_take(&arena, TILE * SYN_LANES * task->inputs, sizeof(float));
  s.z = syn_arena_take(&arena, TILE * SYN_LANES * task->outputs, sizeof(float));
  s.t = syn_arena_take(&arena, TILE * SYN_LANES * task->outputs, sizeof(float));
  s.scratch = syn_arena_take(&arena, syn_mlp_scratch(&task->shape, TILE), sizeof(float));
  if (!s.h || !s.z || !s.t || !s.scratch) {
    syn_arena_close(&arena);
    return syn_fail_memory(ctx, "scoring the network");
  }
  if (task->kind == SYN_TASK_BOUNDARY)
    n = task->n_points;
  for (size_t first = 0; first < n; first += TILE * SYN_LANES)
    score_tile(&s, w, rows, first, n - first < TILE * SYN_LANES ? n - first : TILE * SYN_LANES);
  out->loss = (task->loss == SYN_LOSS_CROSS_ENTROPY ? s.loss : sqrt(s.loss)) / (double)n;
  out->accuracy = (double)s.correct / (double)n;
  syn_arena_close(&arena);
  return SYN_OK;
}
