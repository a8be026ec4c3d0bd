#include "experiments/host/run/record.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/grow.h"
#include "experiments/host/base/words.h"
#include "experiments/host/run/key.h"

/* ---- pieces ------------------------------------------------------------------------------------ */

static json_t *real(double v) {
  return isfinite(v) ? json_real(v) : json_null();
}

static json_t *reals(const double *v, size_t n) {
  json_t *list = json_array();
  for (size_t i = 0; i < n; i++)
    json_array_append_new(list, real(v[i]));
  return list;
}

static json_t *score(syn_score s) {
  return json_pack("{s:o, s:o}", "loss", real(s.loss), "accuracy", real(s.accuracy));
}

static json_t *hex(syn_trace trace) {
  char text[17];
  snprintf(text, sizeof text, "%016" PRIx64, trace);
  return json_string(text);
}

static json_t *curve_of(const syn_curve *c) {
  json_t *curve = json_object(), *iteration = json_array();
  for (size_t i = 0; i < c->rows; i++)
    json_array_append_new(iteration, json_integer(c->iteration[i]));
  json_object_set_new(curve, "iteration", iteration);
  json_object_set_new(curve, "loss", reals(c->loss, c->rows));
  json_object_set_new(curve, "accuracy", reals(c->accuracy, c->rows));
  json_object_set_new(curve, "validation_loss", reals(c->validation_loss, c->rows));
  json_object_set_new(curve, "validation_accuracy", reals(c->validation_accuracy, c->rows));
  if (c->cosine)
    json_object_set_new(curve, "cosine", reals(c->cosine, c->rows));
  return curve;
}

/* ---- maps and policies ------------------------------------------------------------------------- */

static syn_status add_map(json_t *record, const char *name, const float *w, const host *h,
                          const host_spec *spec, const syn_task *task, syn_ctx *ctx) {
  size_t cells = (size_t)spec->options.map, n = cells * cells;
  float *map = malloc(n * sizeof *map);
  if (!map)
    return syn_fail_memory(ctx, "the map");
  syn_status status = task->type->map(map, cells, task, w, &spec->options, h->kernels, ctx);
  if (status == SYN_OK) {
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
      json_array_append_new(list, real((double)map[i]));
    json_object_set_new(record, name, list);
  }
  free(map);
  return status;
}

static syn_status add_maps(json_t *record, const host *h, const host_spec *spec,
                           const syn_task *task, const syn_result *result, syn_ctx *ctx) {
  json_t *map = json_pack("{s:i}", "cells", (int)spec->options.map);
  json_object_set_new(record, "map", map);
  syn_status status = SYN_OK;
  if (task->target_weights)
    status = add_map(map, "target", task->target_weights, h, spec, task, ctx);
  return status ? status : add_map(map, "learned", result->weights, h, spec, task, ctx);
}

typedef struct saved {
  char *bytes;
  size_t n, room;
  int failed;
} saved;

static void append(void *self, const char *bytes, size_t n) {
  saved *t = self;
  t->failed |= !syn_grow(&t->bytes, &t->room, t->n + n + 1, 1);
  if (t->failed)
    return;
  memcpy(t->bytes + t->n, bytes, n);
  t->bytes[t->n += n] = '\0';
}

/* What the policy can save, by name; a policy that has none of a name goes without it. */
static syn_status add_policies(json_t *record, const syn_policy *policy, syn_ctx *ctx) {
  static const char *const names[] = {"final", "average", NULL};
  json_t *policies = json_object();
  syn_status status = SYN_OK;
  for (const char *const *name = names; *name && policy->type->learn && policy->type->save;
       name++) {
    saved t = {0};
    syn_ctx why = {0};
    syn_status got = policy->type->save(policy, *name, append, &t, &why);
    if (t.failed)
      status = syn_fail_memory(ctx, "the learned policy");
    else if (got == SYN_OK)
      json_object_set_new(policies, *name, json_stringn(t.bytes, t.n));
    else if (got != SYN_EINVAL) /* such as an error in a rule's own code */
      status = syn_fail(ctx, got, "%s", why.error);
    free(t.bytes);
  }
  if (json_object_size(policies) > 0)
    json_object_set(record, "policies", policies);
  json_decref(policies);
  return status;
}

/* ---- the whole record -------------------------------------------------------------------------- */

syn_status host_record_make(json_t **out, const host *h, const host_spec *spec,
                            const syn_task *task, const syn_result *r, const syn_policy *policy,
                            double seconds, syn_ctx *ctx) {
  static const char *const endings[] = {
      [SYN_ENDED] = "ended", [SYN_ABORTED] = "aborted", [SYN_DIVERGED] = "diverged"};
  json_t *record =
      json_pack("{s:s, s:o, s:s, s:I, s:I, s:f, s:I, s:o, s:o, s:o}", "key", spec->key, "spec",
                host_spec_resolved(spec), "status", endings[r->ending], "iterations",
                (json_int_t)r->iterations, "synapses", (json_int_t)r->synapses, "seconds", seconds,
                "rewards_up", (json_int_t)r->rewards_up, "batch", score(r->batch), "train",
                score(r->train), "curve", curve_of(&r->curve));
  json_t *trace =
      json_pack("{s:o, s:o}", "loss", hex(r->trace_loss), "weight", hex(r->trace_weight));
  if (!record || !trace)
    return syn_fail_memory(ctx, "a record");
  if (spec->options.trace > 0)
    json_object_set_new(trace, "action", hex(r->trace_action));
  json_object_set_new(record, "trace", trace);
  syn_status status = SYN_OK;
  if (task->type->validates)
    json_object_set_new(record, "validation", score(r->validation));
  if (spec->images) {
    char name[4096];
    host_last_name(name, sizeof name, spec->data);
    json_object_set_new(record, "data",
                        json_pack("{s:s, s:I, s:s, s:I, s:I, s:I, s:I}", "name", name, "n",
                                  (json_int_t)spec->images->n, "digest", spec->images->digest,
                                  "train", (json_int_t)task->split.n_train, "validation",
                                  (json_int_t)task->split.n_validation, "leaked",
                                  (json_int_t)task->split.n_leaked, "dropped",
                                  (json_int_t)task->split.n_dropped));
  }
  if (spec->options.map > 0)
    status = add_maps(record, h, spec, task, r, ctx);
  if (status == SYN_OK && policy)
    status = add_policies(record, policy, ctx);
  if (status)
    json_decref(record);
  else
    *out = record;
  return status;
}

json_t *host_record_failed(const host_spec *spec, const char *error) {
  json_t *text = json_string(error); /* NULL if a path in it is no UTF-8 */
  return json_pack("{s:s, s:o, s:s, s:o}", "key", spec->key, "spec", host_spec_resolved(spec),
                   "status", "failed", "error", text ? text : json_string("see the message"));
}
