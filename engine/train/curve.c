#include "engine/train/curve.h"

#include <math.h>
#include <string.h>

syn_status syn_recorder_open(syn_recorder *r, syn_result **out, const syn_options *options,
                             const syn_task *task, const syn_kernels *kernels, syn_ctx *ctx) {
  *out = NULL;
  syn_arena arena = {0};
  syn_result *result = syn_arena_take(&arena, 1, sizeof *result);
  if (!result)
    return syn_fail_memory(ctx, "the result");
  result->arena = arena;
  size_t rows =
      options->curve_every > 0 ? (size_t)(options->iterations / options->curve_every) + 2 : 0;
  *r = (syn_recorder){
      .options = options, .task = task, .kernels = kernels, .result = result, .room = rows};
  syn_arena *a = &result->arena;
  if (!(r->iteration = syn_arena_take(a, rows, sizeof *r->iteration)) ||
      !(r->loss = syn_arena_take(a, rows, sizeof(double))) ||
      !(r->accuracy = syn_arena_take(a, rows, sizeof(double))) ||
      !(r->validation_loss = syn_arena_take(a, rows, sizeof(double))) ||
      !(r->validation_accuracy = syn_arena_take(a, rows, sizeof(double)))) {
    syn_result_close(result);
    return syn_fail_memory(ctx, "the curve; a greater curve_every takes less");
  }
  syn_status status = SYN_OK;
  if (options->cosine > 0 && rows > 0)
    status = (r->cosine = syn_arena_take(a, rows, sizeof(double)))
                 ? syn_compass_open(&r->compass, task, kernels, a, ctx)
                 : syn_fail_memory(ctx, "the curve");
  if (status) {
    syn_recorder_close(r);
    syn_result_close(result);
    return status;
  }
  result->curve = (syn_curve){.iteration = r->iteration,
                              .loss = r->loss,
                              .accuracy = r->accuracy,
                              .validation_loss = r->validation_loss,
                              .validation_accuracy = r->validation_accuracy,
                              .cosine = r->cosine};
  *out = result;
  return SYN_OK;
}

void syn_recorder_close(syn_recorder *r) {
  syn_compass_close(&r->compass);
}

int syn_recorder_due(const syn_recorder *r, uint32_t done) {
  double every = r->options->curve_every;
  return every > 0 && (fmod(done, every) == 0 || done == (uint32_t)r->options->iterations);
}

syn_status syn_recorder_row(syn_recorder *r, uint32_t done, syn_score batch, const float *w,
                            syn_ctx *ctx) {
  double every = r->options->validate_every;
  syn_score validation = {NAN, NAN};
  if (r->task->type->validates && every > 0 &&
      (fmod(done, every) == 0 || done == (uint32_t)r->options->iterations)) {
    syn_status status = syn_task_score(&validation, r->task, w, r->task->split.validation,
                                       r->task->split.n_validation, r->kernels, ctx);
    if (status)
      return status;
  }
  size_t row = r->result->curve.rows++;
  r->iteration[row] = done;
  r->loss[row] = batch.loss;
  r->accuracy[row] = batch.accuracy;
  r->validation_loss[row] = validation.loss;
  r->validation_accuracy[row] = validation.accuracy;
  if (r->cosine)
    r->cosine[row] = syn_compass_read(&r->compass, w);
  return SYN_OK;
}

syn_status syn_recorder_finish(syn_recorder *r, syn_ending ending, uint32_t done, syn_score batch,
                               const float *w, syn_ctx *ctx) {
  syn_result *result = r->result;
  const syn_split *split = &r->task->split;
  size_t n = r->task->plan.synapses;
  float *weights = syn_arena_take(&result->arena, n, sizeof *weights);
  if (!weights)
    return syn_fail_memory(ctx, "the final weights");
  memcpy(weights, w, n * sizeof *weights);
  result->ending = ending;
  result->iterations = done;
  result->batch = batch;
  result->synapses = n;
  result->weights = weights;
  result->trace_weight = syn_trace_f32s(SYN_TRACE_START, weights, n);
  result->validation = (syn_score){NAN, NAN};
  syn_status status =
      syn_task_score(&result->train, r->task, w, split->train, split->n_train, r->kernels, ctx);
  if (status == SYN_OK && r->task->type->validates)
    status = syn_task_score(&result->validation, r->task, w, split->validation, split->n_validation,
                            r->kernels, ctx);
  return status;
}

void syn_result_close(syn_result *result) {
  if (result) {
    syn_arena arena = result->arena; /* the result itself lives in it */
    syn_arena_close(&arena);
  }
}

void syn_run_init(float *w, const syn_options *options, const syn_plan *plan) {
  if (options->init == SYN_INIT_NORMAL)
    syn_plan_init_normal(w, plan, options->seed);
  else
    syn_plan_init_uniform(w, plan, (float)options->init_range, options->seed, SYN_STREAM_WEIGHTS);
}

syn_ending syn_run_ending(const syn_options *options, uint32_t done, syn_score batch, int row) {
  if (!isfinite(batch.loss))
    return SYN_DIVERGED;
  return row && done >= options->abort_after && batch.accuracy < options->abort_below ? SYN_ABORTED
                                                                                      : SYN_ENDED;
}
