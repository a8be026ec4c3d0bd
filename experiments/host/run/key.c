#include "experiments/host/run/key.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/version.h"
#include "engine/train/task.h"
#include "experiments/host/run/policies.h"
#include "experiments/host/run/rules.h"

/* ---- values of options ------------------------------------------------------------------------- */

json_t *host_option_value(const syn_options *o, const syn_param *option) {
  syn_value value = syn_option_value(o, option);
  if (value.text)
    return json_string(value.text);
  if (option->kind != SYN_PARAM_LIST)
    return host_number(value.number);
  json_t *list = json_array();
  for (const double *v = o->net; v <= o->net + SYN_LAYERS_MAX && *v > 0; v++)
    json_array_append_new(list, host_number(*v));
  return list;
}

int host_option_same(const syn_options *a, const syn_options *b, const syn_param *option) {
  syn_value x = syn_option_value(a, option), y = syn_option_value(b, option);
  if (x.text || y.text)
    return x.text && y.text && strcmp(x.text, y.text) == 0;
  if (option->kind != SYN_PARAM_LIST)
    return x.number == y.number;
  size_t l = 0;
  while (l <= SYN_LAYERS_MAX && a->net[l] == b->net[l] && a->net[l] > 0)
    l++;
  return l > SYN_LAYERS_MAX || a->net[l] == b->net[l];
}

json_t *host_spec_resolved(const host_spec *spec) {
  json_t *resolved = json_object();
  const syn_param *o;
  for (size_t i = 0; (o = syn_option_at(i)); i++)
    json_object_set_new(resolved, o->name, host_option_value(&spec->options, o));
  if (spec->policy)
    json_object_set_new(resolved, "policy", host_policy_resolved(spec->policy));
  if (spec->reward)
    json_object_set(resolved, "reward", spec->reward);
  return resolved;
}

/* ---- the key ----------------------------------------------------------------------------------- */

const char *host_numerics(const syn_options *options) {
  if (options->method == SYN_METHOD_DESCENT)
    return SYN_DESCENT_VERSION;
  return options->cosine > 0 ? SYN_NUMERICS_VERSION "+" SYN_DESCENT_VERSION : SYN_NUMERICS_VERSION;
}

/* What stands at its default has no part in the key, so that finished runs stay known when a new
 * version brings new options. tests/golden/defaults.txt holds the defaults still. */
static json_t *keyed_options(const host_spec *spec) {
  json_t *options = json_object();
  syn_options defaults;
  syn_options_default(&defaults, spec->options.task, (syn_method)spec->options.method);
  const syn_param *o;
  for (size_t i = 0; (o = syn_option_at(i)); i++) {
    int always = strcmp(o->name, "task") == 0 || strcmp(o->name, "method") == 0;
    if (always || (!o->neutral && !host_option_same(&spec->options, &defaults, o)))
      json_object_set_new(options, o->name, host_option_value(&spec->options, o));
  }
  return options;
}

syn_status host_key_make(host_spec *spec, json_t *policy, json_t *reward, const char *numerics,
                         syn_ctx *ctx) {
  json_t *keyed = json_object();
  json_object_set_new(keyed, "options", keyed_options(spec));
  json_object_set_new(keyed, "numerics", json_string(numerics));
  if (spec->policy)
    json_object_set(keyed, "policy", policy);
  if (spec->reward)
    json_object_set(keyed, "reward", reward);
  if (spec->data)
    json_object_set_new(keyed, "data", json_string(spec->images->digest));
  char *text = json_dumps(keyed, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17));
  json_decref(keyed);
  if (!text)
    return syn_fail_memory(ctx, "a run's key");
  syn_digest_bytes(spec->key, text, strlen(text));
  free(text);
  return SYN_OK;
}
