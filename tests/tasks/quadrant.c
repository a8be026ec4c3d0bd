#include "tests/tasks/quadrant.h"

#include "engine/base/random.h"

enum { POINTS };

static const syn_param params[] = {
    [POINTS] = {SYN_INTEGER("quadrant_points", "points", 200, 4, 1e6,
                            "of which a quarter validates")},
    {.name = NULL},
};

static void defaults(syn_options *o) {
  syn_options_net(o, 2, 8, 4);
  o->hidden = SYN_RELU;
  o->validate_every = 10;
}

static syn_status open_quadrant(syn_task *task, const syn_options *o, const syn_images *images,
                                const syn_kernels *kernels, syn_ctx *ctx) {
  (void)images;
  (void)kernels;
  size_t n = (size_t)o->own[POINTS].number;
  float *points = syn_arena_take(&task->arena, 2 * n, sizeof *points);
  uint8_t *labels = syn_arena_take(&task->arena, n, 1);
  uint32_t *rows = syn_arena_take(&task->arena, n, sizeof *rows);
  if (!points || !labels || !rows)
    return syn_fail_memory(ctx, "the quadrants");
  if (task->inputs != 2 || task->outputs != 4)
    return syn_fail(ctx, SYN_EINVAL, "net: quadrants take 2 inputs and 4 outputs");
  for (size_t i = 0; i < 2 * n; i++)
    points[i] = 2.0f * syn_random_uniform(o->seed, SYN_STREAM_POINTS, 0, i) - 1.0f;
  for (size_t i = 0; i < n; i++) {
    labels[i] = (uint8_t)((points[2 * i] > 0) + 2 * (points[2 * i + 1] > 0));
    rows[i] = (uint32_t)i;
  }
  task->samples = (syn_samples){.n = n, .reals = points, .labels = labels};
  task->split = (syn_split){
      .train = rows, .n_train = n - n / 4, .validation = rows + n - n / 4, .n_validation = n / 4};
  return SYN_OK;
}

static double trains(const syn_options *o, const syn_images *images) {
  (void)images;
  return 0.75 * o->own[POINTS].number;
}

const syn_task_class quadrant_task = {
    .abi = SYN_TASK_ABI,
    .name = "quadrant",
    .doc = "name the quadrant of a point",
    .params = params,
    .labels = 1,
    .validates = 1,
    .defaults = defaults,
    .open = open_quadrant,
    .trains = trains,
};
