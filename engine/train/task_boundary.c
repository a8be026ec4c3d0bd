/* Boundary (figures 1 and 2): `points` points uniform in [-point_range, point_range)^2; targets
 * are the outputs of a network of the learner's own shape with weights uniform in
 * [-target_range, target_range) and biases 0, drawn from SYN_STREAM_TARGET. Loss: Euclidean norm
 * of the difference over all points, divided by their number. Accuracy: share of points whose
 * output has the target's sign. All points train. */
#include "engine/base/random.h"
#include "engine/train/task.h"

enum { POINTS, POINT_RANGE, TARGET_RANGE };

static const syn_param params[] = {
    [POINTS] = {SYN_INTEGER("points", "points", 2000, 1, 1e8, "boundary task: training points")},
    [POINT_RANGE] = {SYN_NUMBER("point_range", "", 10, 1e-6, 1e6,
                                "boundary task: points lie in [-point_range, point_range)^2")},
    [TARGET_RANGE] = {SYN_NUMBER("target_range", "", 1, 0, 1e3,
                                 "boundary task: weights of the target network")},
    {.name = NULL},
};

static void defaults(syn_options *o) {
  syn_options_net(o, 2, 100, 1);
  o->hidden = o->output = SYN_TANH;
  o->loss = SYN_LOSS_EUCLIDEAN;
  o->iterations = 10000;
  o->rate = 0.001;
  o->curve_every = 10;
}

static syn_status check(const syn_options *o, syn_ctx *ctx) {
  if (o->net[0] != 2)
    return syn_fail(
        ctx, SYN_EINVAL,
        "net: the boundary task has points of 2 coordinates, the network has %.0f input%s",
        o->net[0], syn_s((size_t)o->net[0]));
  if (o->batch_size > o->own[POINTS].number)
    return syn_fail(ctx, SYN_EINVAL, "batch_size = %.0f, but points = %.0f; %s takes them all",
                    o->batch_size, o->own[POINTS].number, syn_options_whole_batch(o));
  return SYN_OK;
}

static syn_status open(syn_task *task, const syn_options *o, const syn_images *images,
                       const syn_kernels *kernels, syn_ctx *ctx) {
  (void)images;
  size_t n = (size_t)o->own[POINTS].number;
  float *points = syn_arena_take(&task->arena, 2 * n, sizeof *points);
  float *targets = syn_arena_take(&task->arena, n * task->outputs, sizeof *targets);
  float *w = syn_arena_take(&task->arena, task->plan.synapses, sizeof *w);
  uint32_t *all = syn_arena_take(&task->arena, n, sizeof *all);
  if (!points || !targets || !w || !all)
    return syn_fail_memory(ctx, "the boundary task");
  for (size_t i = 0; i < n; i++)
    all[i] = (uint32_t)i;
  float range = (float)o->own[POINT_RANGE].number;
  for (size_t i = 0; i < 2 * n; i++)
    points[i] = 2.0f * range * syn_random_uniform(o->seed, SYN_STREAM_POINTS, 0, i) - range;
  syn_plan_init_uniform(w, &task->plan, (float)o->own[TARGET_RANGE].number, o->seed,
                        SYN_STREAM_TARGET);
  task->split = (syn_split){.train = all, .n_train = n};
  task->target_weights = w;
  task->samples = (syn_samples){.n = n, .reals = points, .targets = targets};
  return syn_model_outputs(targets, task->model, &task->network, w, &task->samples, kernels, ctx);
}

static double trains(const syn_options *o, const syn_images *images) {
  (void)images;
  return o->own[POINTS].number;
}

/* First outputs on a grid over the points' square. */
static syn_status map(float *out, size_t cells, const syn_task *task, const float *w,
                      const syn_options *o, const syn_kernels *kernels, syn_ctx *ctx) {
  syn_arena arena = {0};
  size_t n = cells * cells;
  float *points = syn_arena_take(&arena, 2 * n, sizeof *points);
  float *outputs = syn_arena_take(&arena, n * task->outputs, sizeof *outputs);
  syn_status status = points && outputs ? SYN_OK : syn_fail_memory(ctx, "the map");
  double range = o->own[POINT_RANGE].number, cell = 2.0 * range / (double)cells;
  for (size_t i = 0; i < n && !status; i++) {
    points[2 * i] = (float)(((double)(i % cells) + 0.5) * cell - range);
    points[2 * i + 1] = (float)(((double)(i / cells) + 0.5) * cell - range);
  }
  if (!status)
    status = syn_model_outputs(outputs, task->model, &task->network, w,
                               &(syn_samples){.n = n, .reals = points}, kernels, ctx);
  for (size_t i = 0; i < n && !status; i++)
    out[i] = outputs[i * task->outputs];
  syn_arena_close(&arena);
  return status;
}

const syn_task_class syn_task_boundary = {
    .abi = SYN_TASK_ABI,
    .name = "boundary",
    .doc = "match a random network on the plane",
    .params = params,
    .defaults = defaults,
    .check = check,
    .open = open,
    .trains = trains,
    .map = map,
};
