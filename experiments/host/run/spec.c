#include "experiments/host/run/spec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/task.h"
#include "experiments/host/run/checked.h"
#include "experiments/host/run/key.h"

/* What a spec holds besides the engine's options. */
static const char *const own_names[] = {"preset", "policy", "reward", "data", NULL};

/* What stands beside options in a sweep, and never reaches a run. */
static const char *const sweep_names[] = {"seeds", "except", NULL};

static int is_among(const char *const *names, const char *name) {
  while (*names && strcmp(*names, name) != 0)
    names++;
  return *names != NULL;
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
static int exact(json_int_t v) {
  return v >= -((json_int_t)1 << 53) && v <= (json_int_t)1 << 53;
}

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

/* Task or method, which have to be asked for. */
static syn_status choose(syn_options *o, const json_t *asked, const char *name, syn_ctx *ctx) {
  const json_t *value = json_object_get(asked, name);
  const char *text = json_string_value(value), *choice;
  const syn_param *option = syn_option_find(name);
  if (text)
    return syn_options_set_text(o, name, text, ctx);
  char all[256] = "";
  for (size_t i = 0, n = 0; (choice = syn_param_choice(option, i)) && n < sizeof all; i++)
    n += (size_t)snprintf(all + n, sizeof all - n, "%s'%s'", i ? " or " : "", choice);
  return syn_fail(ctx, SYN_EINVAL, "%s %s: %s", name, value ? "is no text" : "is missing", all);
}

static const syn_policy_class *policy_with(const char *param) {
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++)
    if (syn_param_find((*c)->params, param))
      return *c;
  return NULL;
}

/* What other programs call an option. */
static const char *const meant[][2] = {
    {"learning_rate", "rate"},
    {"lr", "rate"},
    {"step", "rate"},
    {"alpha", "rate"},
    {"step_size", "rate"},
    {"epochs", "iterations"},
    {"steps", "iterations"},
    {"n_iterations", "iterations"},
    {"max_iter", "iterations"},
    {"hidden", "net"},
    {"n_hidden", "net"},
    {"hidden_units", "net"},
    {"layers", "net"},
    {"hidden_layers", "net"},
    {"architecture", "net"},
    {"dataset", "data"},
    {"images", "data"},
    {"batch", "batch_size"},
    {"rng", "seed"},
    {"random_state", "seed"},
    {"random_seed", "seed"},
    {"n_samples", "points"},
    {"samples", "points"},
    {"rule", "policy"},
    {"agent", "policy"},
    {"initialization", "init"},
    {"loss_function", "loss"},
    {"criterion", "loss"},
    {"reward", "reward_signal"},
    {"lr_schedule", "rate_schedule"},
    {"scheduler", "rate_schedule"},
    {"optimizer", "method"},
    {"algorithm", "method"},
    {"validation_split", "split"},
};

const char *host_option_meant(const char *word) {
  for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
    if (strcmp(meant[i][0], word) == 0 &&
        (syn_option_find(meant[i][1]) || is_among(own_names, meant[i][1])))
      return meant[i][1];
  return NULL;
}

#define NAMES_MAX 255

/* Says what may be meant by a name that no option has: an option, a word of sweeps, a parameter of a
 * policy. */
static syn_status fail_unknown(const char *name, syn_ctx *ctx) {
  const char *names[NAMES_MAX + 1] = {0};
  const syn_param *row;
  size_t n = 0;
  for (const char *const *own = own_names; *own; own++)
    names[n++] = *own;
  for (const char *const *word = sweep_names; *word; word++)
    names[n++] = *word;
  for (size_t i = 0; n < NAMES_MAX && (row = syn_option_at(i)); i++)
    names[n++] = row->name;
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++)
    for (row = (*c)->params; n < NAMES_MAX && row->name; row++)
      names[n++] = row->name;
  const char *near = host_option_meant(name);
  near = near ? near : syn_nearest(name, names);
  if (!near)
    return syn_fail(ctx, SYN_EINVAL, "no option is named '%s'; `synlab options` lists them", name);
  if (is_among(own_names, near) || syn_option_find(near))
    return syn_fail(ctx, SYN_EINVAL, "no option is named '%s'; did you mean '%s'?", name, near);
  if (is_among(sweep_names, near))
    return syn_fail(ctx, SYN_EINVAL, "no option is named '%s'; did you mean '%s' of lab.sweep?",
                    name, near);
  return syn_fail(ctx, SYN_EINVAL, "no option is named '%s'; did you mean '%s' of the policy '%s'?",
                  name, near, policy_with(near)->name);
}

/* Every name is one of the engine's or of the spec's own. */
static syn_status check_names(const json_t *asked, syn_ctx *ctx) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)asked, name, value) {
    if (!is_among(own_names, name) && !syn_option_find(name))
      return fail_unknown(name, ctx);
  }
  return SYN_OK;
}

/* Defaults of (task, method), net, preset, and then everything else: each may depend on those
 * before it. */
static syn_status resolve_options(syn_options *o, const json_t *asked, syn_ctx *ctx) {
  syn_options chosen = {0};
  syn_status status = check_names(asked, ctx);
  if (!status)
    status = choose(&chosen, asked, "task", ctx);
  if (!status)
    status = choose(&chosen, asked, "method", ctx);
  if (status)
    return status;
  syn_options_default(o, chosen.task, (syn_method)chosen.method);
  o->own_reward = o->method == SYN_METHOD_SYNAPTIC && json_object_get(asked, "reward") != NULL;
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
    if (!status && !is_among(own_names, name))
      status = set_option(o, name, value, ctx);
  }
  return status;
}

/* ---- options without an effect ----------------------------------------------------------------- */

/* What may be asked for, by its bit: the engine's options, two of the spec's own, and two that stand
 * or fall with others. */
#define REWARD_BIT  59
#define PRESET_BIT  60
#define AVERAGE_BIT 61
#define DATA_BIT    62
#define POLICY_BIT  63

/* Its name. */
static const char *name_at(int bit) {
  const syn_param *option = bit < DATA_BIT ? syn_option_at((size_t)bit) : NULL;
  return option ? option->name : bit == DATA_BIT ? "data" : "policy";
}

/* Its name, and NULL if the run reads it, else the runs that it belongs to, in words. */
static const char *idle_at(const char **name, char text[SYN_SCOPE_SIZE], const syn_options *o,
                           int bit) {
  if (bit == REWARD_BIT) {
    *name = "reward";
    return "method = 'synaptic'";
  }
  if (bit == PRESET_BIT || bit == AVERAGE_BIT) {
    *name = bit == PRESET_BIT ? "preset" : "average_after";
    return bit == PRESET_BIT ? "runs for which 'paper' and 'authors' differ"
                             : "runs of more iterations than it leaves out";
  }
  const syn_param *option = bit < DATA_BIT ? syn_option_at((size_t)bit) : NULL;
  *name = name_at(bit);
  if (option)
    return syn_option_is_read(o, option) ? NULL : syn_option_scope(text, option);
  if (bit == DATA_BIT)
    return o->task->images ? NULL : "a task on images";
  return o->method == SYN_METHOD_SYNAPTIC ? NULL : "method = 'synaptic'";
}

static void note(host_spec *spec, int bit, int read) {
  *(read ? &spec->read : &spec->idle) |= (uint64_t)1 << bit;
}

/* Would the other preset make another run? */
static int preset_counts(const syn_options *o, const json_t *asked) {
  syn_options other;
  syn_ctx ignored = {0};
  json_t *swapped = json_copy((json_t *)(uintptr_t)asked);
  int paper = strcmp(json_string_value(json_object_get(asked, "preset")), "paper") == 0,
      differs = 0;
  json_object_set_new(swapped, "preset", json_string(paper ? "authors" : "paper"));
  syn_status status = resolve_options(&other, swapped, &ignored);
  const syn_param *option;
  for (size_t i = 0; !status && (option = syn_option_at(i)); i++)
    differs |= syn_option_is_read(o, option) && !host_option_same(o, &other, option);
  json_decref(swapped);
  return status || differs;
}

/* What is asked of a Q-table's average, also of one within another policy; NULL: nothing. */
static const json_t *average_of(const json_t *policy) {
  const char *name = json_string_value(json_object_get(policy, "name"));
  json_t *value;
  if (name && strcmp(name, "qtable") == 0)
    return json_object_get(policy, "average_after");
  const json_t *after = NULL;
  json_object_foreach((json_t *)(uintptr_t)policy, name, value) {
    if (!after && json_is_object(value))
      after = average_of(value);
  }
  return after;
}

static void note_effects(host_spec *spec, const json_t *asked) {
  const char *name;
  char text[SYN_SCOPE_SIZE];
  for (int bit = 0; bit <= POLICY_BIT; bit++) {
    if (bit < DATA_BIT && !syn_option_at((size_t)bit))
      bit = DATA_BIT;
    if (json_object_get(asked, name_at(bit)))
      note(spec, bit, !idle_at(&name, text, &spec->options, bit));
  }
  if (json_object_get(asked, "reward"))
    note(spec, REWARD_BIT, spec->options.own_reward);
  if (json_object_get(asked, "preset"))
    note(spec, PRESET_BIT, preset_counts(&spec->options, asked));
  const json_t *after = average_of(json_object_get(asked, "policy"));
  if (after && spec->options.method == SYN_METHOD_SYNAPTIC)
    note(spec, AVERAGE_BIT, json_number_value(after) < spec->options.iterations);
}

static syn_status settle_options(host_spec *spec, syn_ctx *ctx) {
  syn_shape shape;
  syn_options_settle(&spec->options);
  return syn_options_check(&spec->options, &shape, ctx);
}

syn_status host_specs_check(size_t *run, const host_spec *specs, size_t n, syn_ctx *ctx) {
  uint64_t read = 0;
  for (size_t i = 0; i < n; i++)
    read |= specs[i].read;
  for (*run = 0; *run < n; ++*run) {
    uint64_t idle = specs[*run].idle & ~read;
    const char *name;
    char text[SYN_SCOPE_SIZE];
    if (!idle)
      continue;
    const char *belongs = idle_at(&name, text, &specs[*run].options, __builtin_ctzll(idle));
    return syn_fail(ctx, SYN_EINVAL, "%s has no effect here: it belongs to %s", name, belongs);
  }
  return SYN_OK;
}

/* ---- policies ---------------------------------------------------------------------------------- */

/* Opened once here, so that nothing starts that could not act. */
static syn_status take_policy(host_spec *spec, host *h, json_t **keyed, const json_t *asked,
                              syn_ctx *ctx) {
  json_t *policy = json_object_get(asked, "policy");
  if (spec->options.method != SYN_METHOD_SYNAPTIC)
    return SYN_OK;
  if (!policy)
    return syn_fail(ctx, SYN_EINVAL, "policy is missing; `synlab policy list` lists what there is");
  syn_status status = host_checked_policy(h, keyed, policy, ctx);
  if (status == SYN_OK)
    spec->policy = json_incref(policy);
  return status;
}

/* ---- rewards ----------------------------------------------------------------------------------- */

static syn_status take_reward(host_spec *spec, host *h, json_t **keyed, const json_t *asked,
                              syn_ctx *ctx) {
  json_t *reward = json_object_get(asked, "reward");
  if (!spec->options.own_reward)
    return SYN_OK;
  const char *name = json_string_value(json_object_get(reward, "name"));
  if (!name || strcmp(name, "reward") != 0)
    return syn_fail(ctx, SYN_EINVAL,
                    "reward: write reward = lab.reward(\"FILE.lua\", {...}); the "
                    "built-in ones are made by options, `synlab options reward`");
  syn_status status = host_checked_reward(h, keyed, reward, spec->options.task->labels, ctx);
  if (status == SYN_OK)
    spec->reward = json_incref(reward);
  return status;
}

/* ---- data -------------------------------------------------------------------------------------- */

/* The task's defaults for these images, and again what was asked for; a preset is no such asking. */
static syn_status fit_options(host_spec *spec, const json_t *asked, syn_ctx *ctx) {
  syn_options *o = &spec->options;
  syn_status status = SYN_OK;
  if (o->task->fit)
    o->task->fit(o, spec->images);
  for (const syn_param *own = o->task->params; own->name && !status; own++) {
    const json_t *value = json_object_get(asked, own->name);
    if (value && syn_option_is_read(o, own))
      status = set_option(o, own->name, value, ctx);
  }
  return status;
}

/* Finds the images, and sees that the network and the batches fit them. */
static syn_status take_data(host_spec *spec, host *h, const json_t *asked, syn_ctx *ctx) {
  const json_t *data = json_object_get(asked, "data");
  if (!spec->options.task->images)
    return SYN_OK;
  if (data && !json_is_string(data))
    return syn_fail(ctx, SYN_EINVAL, "data must be a name or a path");
  const char *path, *name = data ? json_string_value(data) : "notmnist";
  syn_status status = host_images(h, &spec->images, name, &path, ctx);
  if (status == SYN_OK)
    status = fit_options(spec, asked, ctx);
  if (status == SYN_OK)
    status = host_checked_task(h, &spec->options, spec->images, ctx);
  if (status == SYN_EINVAL && strcmp(name, "letters") == 0 && !h->profile.data) {
    syn_ctx why = *ctx;
    syn_fail(ctx, status, "on the built-in letters (--data gives other images): %s", why.error);
  }
  if (status == SYN_OK && !(spec->data = strdup(name)))
    status = syn_fail_memory(ctx, "a run");
  return status;
}

/* ---- all of it ----------------------------------------------------------------------------------- */

/* The images of a record stand for themselves: the key wants their digest, and all else was settled. */
static syn_status take_recorded(host_spec *spec, const syn_images *images, syn_ctx *ctx) {
  if (!spec->options.task->images)
    return SYN_OK;
  spec->images = images;
  spec->data = strdup("");
  return spec->data ? SYN_OK : syn_fail_memory(ctx, "a run");
}

/* `recorded` (may be NULL): images that are not opened. `numerics` NULL: this program's. */
static syn_status open_spec(host_spec *out, host *h, const json_t *asked,
                            const syn_images *recorded, const char *numerics, syn_ctx *ctx) {
  *out = (host_spec){0};
  if (!json_is_object(asked))
    return syn_fail(ctx, SYN_EINVAL, "a run is a table of options");
  json_t *keyed = NULL, *reward = NULL;
  syn_status status = resolve_options(&out->options, asked, ctx);
  if (!status)
    note_effects(out, asked);
  if (!status)
    status = settle_options(out, ctx);
  if (!status)
    status = take_policy(out, h, &keyed, asked, ctx);
  if (!status)
    status = take_reward(out, h, &reward, asked, ctx);
  if (!status)
    status = recorded ? take_recorded(out, recorded, ctx) : take_data(out, h, asked, ctx);
  if (!status)
    status =
        host_key_make(out, keyed, reward, numerics ? numerics : host_numerics(&out->options), ctx);
  json_decref(keyed);
  json_decref(reward);
  if (status)
    host_spec_close(out);
  return status;
}

syn_status host_spec_open(host_spec *out, host *h, const json_t *asked, syn_ctx *ctx) {
  return open_spec(out, h, asked, NULL, NULL, ctx);
}

syn_status host_spec_recorded(host_spec *out, host *h, const json_t *asked,
                              const syn_images *images, const char *numerics, syn_ctx *ctx) {
  return open_spec(out, h, asked, images, numerics, ctx);
}

void host_spec_close(host_spec *spec) {
  json_decref(spec->policy);
  json_decref(spec->reward);
  free(spec->data);
  *spec = (host_spec){0};
}
