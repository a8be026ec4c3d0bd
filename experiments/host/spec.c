#include "experiments/host/spec.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/version.h"
#include "engine/train/task.h"
#include "experiments/host/rules.h"

/* What a spec holds besides the engine's options. */
static const char *const own_names[] = {"preset", "policy", "data", NULL};

static int is_own(const char *name) {
  for (const char *const *own = own_names; *own; own++)
    if (strcmp(*own, name) == 0)
      return 1;
  return 0;
}

/* ---- options ----------------------------------------------------------------------------------- */

static syn_status set_list(syn_options *o, const char *name, const json_t *list, syn_ctx *ctx) {
  double values[64];
  size_t n = json_array_size(list);
  for (size_t i = 0; i < n && i < 64; i++) {
    const json_t *v = json_array_get(list, i);
    if (!json_is_number(v))
      return syn_fail(ctx, SYN_EINVAL, "%s: entry %zu is not a number", name, i + 1);
    values[i] = json_number_value(v);
  }
  return syn_options_set_list(o, name, values, n < 64 ? n : 64, ctx);
}

/* Options are doubles: a seed beyond 2^53 would silently become its neighbour. */
static int exact(json_int_t v) { return v >= -((json_int_t)1 << 53) && v <= (json_int_t)1 << 53; }

static syn_status set_option(syn_options *o, const char *name, const json_t *value, syn_ctx *ctx) {
  if (json_is_array(value))
    return set_list(o, name, value, ctx);
  if (json_is_string(value))
    return syn_options_set_text(o, name, json_string_value(value), ctx);
  if (json_is_integer(value) && !exact(json_integer_value(value)))
    return syn_fail(ctx, SYN_EINVAL, "%s: whole numbers go up to 2^53", name);
  if (json_is_number(value))
    return syn_options_set_number(o, name, json_number_value(value), ctx);
  return syn_fail(ctx, SYN_EINVAL, "%s must be a number, a text or a list of numbers", name);
}

/* The one of task and method that is asked for, by its number. */
static syn_status choose(int *out, const json_t *asked, const char *name, syn_ctx *ctx) {
  const json_t *value = json_object_get(asked, name);
  const char *text = json_string_value(value);
  const syn_option *option = syn_option_find(name);
  syn_options scratch;
  if (!text)
    return syn_fail(ctx, SYN_EINVAL, "%s %s: '%s' or '%s'", name,
                    value ? "is no text" : "is missing", option->choices[0], option->choices[1]);
  syn_status status = syn_options_set_text(&scratch, name, text, ctx);
  *out = status ? 0 : *(int *)(void *)((char *)&scratch + option->offset);
  return status;
}

/* Every name is one of the engine's or of the spec's own; else the nearest is told. */
static syn_status check_names(const json_t *asked, syn_ctx *ctx) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)asked, name, value) {
    if (is_own(name) || syn_option_find(name))
      continue;
    const char *near = syn_nearest(name, own_names);
    if (near)
      return syn_fail(ctx, SYN_EINVAL, "no option is named '%s'; did you mean '%s'?", name, near);
    syn_options unused;
    return syn_options_set_number(&unused, name, 0, ctx); /* says the nearest option */
  }
  return SYN_OK;
}

/* Defaults of (task, method), net, preset, and then everything else: each may depend on those
 * before it. */
static syn_status resolve_options(syn_options *o, const json_t *asked, syn_ctx *ctx) {
  int task, method;
  syn_status status = check_names(asked, ctx);
  if (!status)
    status = choose(&task, asked, "task", ctx);
  if (!status)
    status = choose(&method, asked, "method", ctx);
  if (status)
    return status;
  syn_options_default(o, (syn_task_kind)task, (syn_method)method);
  const json_t *net = json_object_get(asked, "net"), *preset = json_object_get(asked, "preset");
  if (net)
    status = set_option(o, "net", net, ctx);
  if (!status && preset && !json_is_string(preset))
    status = syn_fail(ctx, SYN_EINVAL, "preset must be 'paper' or 'authors'");
  if (!status)
    status = syn_options_preset(o, preset ? json_string_value(preset) : "paper", ctx);
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)asked, name, value) {
    if (!status && !is_own(name))
      status = set_option(o, name, value, ctx);
  }
  syn_shape shape;
  return status ? status : syn_options_check(o, &shape, ctx);
}

static json_t *number(double v) {
  return v == (double)(json_int_t)v ? json_integer((json_int_t)v) : json_real(v);
}

json_t *host_option_value(const syn_options *o, const syn_option *option) {
  const void *field = (const char *)o + option->offset;
  if (option->kind == SYN_OPTION_CHOICE)
    return json_string(option->choices[*(const int *)field]);
  if (option->kind == SYN_OPTION_SEED)
    return json_integer((json_int_t) * (const uint64_t *)field);
  if (option->kind != SYN_OPTION_LIST)
    return number(*(const double *)field);
  json_t *list = json_array();
  for (const double *v = field; v <= (const double *)field + SYN_LAYERS_MAX && *v > 0; v++)
    json_array_append_new(list, number(*v));
  return list;
}

/* ---- policies ---------------------------------------------------------------------------------- */

#define ARGS_MAX 32

syn_status host_policy_open(syn_policy **out, const json_t *policy, syn_ctx *ctx) {
  *out = NULL;
  const char *class = json_string_value(json_object_get(policy, "name"));
  if (!class)
    return syn_fail(ctx, SYN_EINVAL, "policy: a table with a name is wanted, such as "
                                     "{ name = 'qtable' }");
  if (strcmp(class, "rule") == 0)
    return host_rule_open(out, policy, ctx);
  syn_arg args[ARGS_MAX];
  size_t n = 0;
  syn_status status = SYN_OK;
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)policy, name, value) {
    if (status || strcmp(name, "name") == 0)
      continue;
    if (n == ARGS_MAX) {
      status = syn_fail(ctx, SYN_EINVAL, "policy '%s': more than %d parameters", class, ARGS_MAX);
      continue;
    }
    syn_arg arg = {.name = name};
    if (json_is_object(value)) {
      arg.kind = SYN_ARG_POLICY;
      status = host_policy_open(&arg.policy, value, ctx);
    } else if (json_is_string(value)) {
      arg.kind = SYN_ARG_TEXT;
      arg.text = json_string_value(value);
    } else if (json_is_number(value)) {
      arg.kind = SYN_ARG_NUMBER;
      arg.number = json_number_value(value);
    } else {
      status = syn_fail(ctx, SYN_EINVAL, "policy '%s': %s must be a number, a text or a policy",
                        class, name);
    }
    if (!status)
      args[n++] = arg;
  }
  if (!status)
    status = syn_policy_open(out, class, args, n, ctx);
  for (size_t i = 0; i < n && status; i++)
    syn_policy_close(args[i].policy);
  return status;
}

/* Opened once here, so that nothing starts that could not act. */
static syn_status take_policy(host_spec *spec, const json_t *asked, syn_ctx *ctx) {
  json_t *policy = json_object_get(asked, "policy");
  int synaptic = spec->options.method == SYN_METHOD_SYNAPTIC;
  if (!synaptic && policy)
    return syn_fail(ctx, SYN_EINVAL, "policy: gradient descent has none; method = 'synaptic' does");
  if (!synaptic)
    return SYN_OK;
  if (!policy)
    return syn_fail(ctx, SYN_EINVAL, "policy is missing; `synlab policy list` lists what there is");
  syn_policy *opened;
  syn_status status = host_policy_open(&opened, policy, ctx);
  syn_policy_close(opened);
  if (status == SYN_OK)
    spec->policy = json_deep_copy(policy);
  return status;
}

/* ---- data -------------------------------------------------------------------------------------- */

/* A set that has a split of its own is split so, unless the run names another one; a preset is no
 * such naming. */
static syn_status take_split(host_spec *spec, const json_t *asked, syn_ctx *ctx) {
  syn_options usual, *o = &spec->options;
  if (spec->images->validates && !json_object_get(asked, "split"))
    o->split = SYN_SPLIT_GIVEN;
  syn_options_default(&usual, (syn_task_kind)o->task, (syn_method)o->method);
  if (o->split == SYN_SPLIT_GIVEN && o->train_fraction != usual.train_fraction)
    return syn_fail(ctx, SYN_EINVAL,
                    "train_fraction has no effect on a set that has a split of its own; split = 'random' "
                    "draws one over all of its images");
  return SYN_OK;
}

/* Finds the images, and sees that the network and the batches fit them. */
static syn_status take_data(host_spec *spec, host *h, const json_t *asked, syn_ctx *ctx) {
  const json_t *data = json_object_get(asked, "data");
  if (spec->options.task != SYN_TASK_IMAGES)
    return data ? syn_fail(ctx, SYN_EINVAL, "data: the boundary task makes its own") : SYN_OK;
  if (data && !json_is_string(data))
    return syn_fail(ctx, SYN_EINVAL, "data must be a name or a path");
  const char *path, *name = data ? json_string_value(data) : "notmnist";
  syn_status status = host_images(h, &spec->images, name, &path, ctx);
  syn_task *task = NULL;
  if (status == SYN_OK)
    status = take_split(spec, asked, ctx);
  if (status == SYN_OK)
    status = syn_task_open(&task, &spec->options, spec->images, h->kernels, ctx);
  syn_task_close(task);
  if (status == SYN_OK && !(spec->data = strdup(name)))
    status = syn_fail_memory(ctx, "a run");
  return status;
}

/* ---- the key ----------------------------------------------------------------------------------- */

/* What stands at its default has no part in the key, so that finished runs stay known when a new
 * version brings new options. tests/golden/defaults.txt holds the defaults still. */
static int counts(const syn_option *o, const json_t *value, const syn_options *defaults) {
  json_t *usual = host_option_value(defaults, o);
  int differs = !json_equal(value, usual);
  json_decref(usual);
  return differs && !o->result_neutral;
}

static syn_status make_key(host_spec *spec, syn_ctx *ctx) {
  json_t *keyed = json_object(), *options = json_object();
  syn_options defaults;
  syn_options_default(&defaults, (syn_task_kind)spec->options.task,
                      (syn_method)spec->options.method);
  spec->resolved = json_object();
  for (const syn_option *o = syn_option_table; o->name; o++) {
    json_t *value = host_option_value(&spec->options, o);
    if (counts(o, value, &defaults))
      json_object_set(options, o->name, value);
    json_object_set_new(spec->resolved, o->name, value);
  }
  json_object_set(options, "task", json_object_get(spec->resolved, "task"));
  json_object_set(options, "method", json_object_get(spec->resolved, "method"));
  if (spec->policy) {
    json_object_set_new(spec->resolved, "policy", host_policy_resolved(spec->policy));
    json_object_set_new(keyed, "policy", host_policy_keyed(spec->policy));
  }
  if (spec->data)
    json_object_set_new(keyed, "data", json_string(spec->images->digest));
  json_object_set_new(keyed, "numerics", json_string(SYN_NUMERICS_VERSION));
  json_object_set_new(keyed, "options", options);
  char *text = json_dumps(keyed, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17));
  json_decref(keyed);
  if (!text)
    return syn_fail_memory(ctx, "a run's key");
  syn_digest_bytes(spec->key, text, strlen(text));
  free(text);
  return SYN_OK;
}

syn_status host_spec_open(host_spec *out, host *h, const json_t *asked, syn_ctx *ctx) {
  *out = (host_spec){0};
  if (!json_is_object(asked))
    return syn_fail(ctx, SYN_EINVAL, "a run is a table of options");
  syn_status status = resolve_options(&out->options, asked, ctx);
  if (!status)
    status = take_policy(out, asked, ctx);
  if (!status)
    status = take_data(out, h, asked, ctx);
  if (!status)
    status = make_key(out, ctx);
  if (status)
    host_spec_close(out);
  return status;
}

void host_spec_close(host_spec *spec) {
  json_decref(spec->policy);
  json_decref(spec->resolved);
  free(spec->data);
  *spec = (host_spec){0};
}
