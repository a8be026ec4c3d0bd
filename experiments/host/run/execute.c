#include "experiments/host/run/execute.h"

#include "engine/base/clock.h"
#include "experiments/host/run/checkpoint.h"
#include "experiments/host/run/policies.h"
#include "experiments/host/run/record.h"
#include "experiments/host/run/rules.h"

static syn_status execute(json_t **record, const host_taker *taker, const host *h,
                          const host_spec *spec, unsigned threads, const syn_observer *observer,
                          syn_ctx *ctx) {
  syn_options options = spec->options;
  syn_task *task = NULL;
  syn_policy *policy = NULL;
  syn_result *result = NULL;
  options.threads = threads;
  double begin = syn_clock();
  syn_status status = syn_task_open(&task, &options, spec->images, h->kernels, ctx);
  if (!status && spec->policy)
    status = host_policy_open(&policy, NULL, spec->policy, ctx);
  if (!status && spec->reward)
    status = host_reward_open(&options.rewarder, spec->reward, ctx);
  if (!status)
    status = policy ? syn_run_synaptic(&result, &options, task, policy, h->kernels, observer, ctx)
                    : syn_run_descent(&result, &options, task, h->kernels, observer, ctx);
  if (!status)
    status = host_record_make(record, h, spec, task, result, policy, syn_clock() - begin, ctx);
  if (!status && taker)
    status = taker->take(taker->self, *record, spec, task, result, ctx);
  syn_result_close(result);
  syn_rewarder_close(options.rewarder);
  syn_policy_close(policy);
  syn_task_close(task);
  return status;
}

syn_status host_execute(json_t **record, const host *h, const host_spec *spec, unsigned threads,
                        const syn_observer *observer, syn_ctx *ctx) {
  return execute(record, NULL, h, spec, threads, observer, ctx);
}

syn_status host_execute_for(const host_taker *taker, const host *h, const host_spec *spec,
                            unsigned threads, const syn_observer *observer, syn_ctx *ctx) {
  json_t *record = NULL;
  syn_status status = execute(&record, taker, h, spec, threads, observer, ctx);
  json_decref(record);
  return status;
}

/* From the checkpoint, if there is one that fits. */
static syn_status execute_from(json_t **record, const host *h, const host_spec *spec,
                               unsigned threads, const syn_observer *observer, host_checkpoint *c,
                               syn_ctx *ctx) {
  syn_observer watching = *observer;
  watching.checkpoint = &c->hook;
  syn_status status = host_execute(record, h, spec, threads, &watching, ctx);
  if (status == SYN_EINPUT && c->hook.bytes) {
    host_checkpoint_reject(c, ctx->error);
    *ctx = (syn_ctx){0};
    status = host_execute(record, h, spec, threads, &watching, ctx);
  }
  if (status == SYN_OK)
    json_object_set_new(*record, "seconds", json_real(c->spent + syn_clock() - c->begin));
  return status;
}

syn_status host_compute(const host *h, host_store store, const host_spec *spec, unsigned threads,
                        const syn_observer *observer, syn_ctx *ctx) {
  host_checkpoint checkpoint;
  json_t *record = NULL;
  syn_status status = host_checkpoint_open(&checkpoint, h, store, spec->key, ctx);
  if (status)
    return status;
  status = execute_from(&record, h, spec, threads, observer, &checkpoint, ctx);
  if (status == SYN_OK)
    status = host_store_write(store, spec->key, record, ctx);
  if (status == SYN_OK || status == SYN_EFAILED)
    host_checkpoint_remove(&checkpoint);
  host_checkpoint_close(&checkpoint);
  json_decref(record);
  return status;
}

double host_cost(const host_spec *spec) {
  const syn_options *o = &spec->options;
  syn_shape shape;
  if (syn_options_check(o, &shape, NULL))
    return 1;
  double samples = o->batch_size > 0 ? o->batch_size : o->task->trains(o, spec->images);
  double macs = (double)syn_shape_macs(&shape);
  /* tanh costs some sixty multiply-adds a unit; descent has two more products, in floats */
  for (size_t l = 1; l <= shape.layers; l++)
    if ((l < shape.layers ? shape.hidden : shape.output) == SYN_TANH)
      macs += 60 * (double)shape.units[l];
  return (o->iterations + 1) * samples * macs * (o->method == SYN_METHOD_DESCENT ? 12 : 1);
}
