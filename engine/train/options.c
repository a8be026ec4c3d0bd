#include "engine/train/options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/net/loss.h"
#include "engine/train/reward.h"
#include "engine/train/task.h"

/* ---- the run's own rows ---------------------------------------------------------------------- */

static const char *task_name(size_t i) {
  return syn_tasks[i] ? syn_tasks[i]->name : NULL;
}
static const char *task_doc(size_t i) {
  return syn_tasks[i]->doc;
}
static const char *loss_doc(size_t i) {
  return syn_loss_table[i].doc;
}
static const char *loss_name(size_t i) {
  return i < SYN_LOSSES ? syn_loss_table[i].name : NULL;
}

static const char *const methods[] = {"synaptic", "descent", NULL};
static const char *const activations[] = {"identity", "relu", "tanh", NULL};
static const char *const updates[] = {"additive", "multiplicative", NULL};
static const char *const schedules[] = {"constant", "linear", "cosine", "step", NULL};
static const char *const inits[] = {"uniform", "normal", NULL};
static const char *const batch_changes[] = {"carry", "remeasure", NULL};

/* Where rows have an effect. */
#define SCOPE(name, words, condition)                                                              \
  static int is_##name(const void *options) {                                                      \
    const syn_options *o = options;                                                                \
    return condition;                                                                              \
  }                                                                                                \
  static const syn_scope name = {words, is_##name};

SCOPE(synaptic, "method = 'synaptic'", o->method == SYN_METHOD_SYNAPTIC)
SCOPE(deep, "a net with a hidden layer", o->net[2] > 0)
SCOPE(uniform, "init = 'uniform'", o->init == SYN_INIT_UNIFORM)
SCOPE(switching, "a rate_switch above 0", o->rate_switch > 0)
SCOPE(scheduled, "a rate_schedule that is not 'constant'",
      o->rate_schedule != SYN_SCHEDULE_CONSTANT)
SCOPE(batches, "method = 'synaptic' with a batch_interval above 0",
      o->method == SYN_METHOD_SYNAPTIC && o->batch_interval > 0)
SCOPE(aborting, "an abort_below above 0", o->abort_below > 0)
SCOPE(validating, "a task with samples for validation", o->task->validates)
SCOPE(curved, "a curve_every above 0", o->curve_every > 0)
SCOPE(drawn, "a task with a map", o->task->map != NULL)

#define AT(field)      .offset = offsetof(syn_options, field)
#define OPTIONS_MAX    128
#define ITERATIONS_MAX 4e9 /* an iteration is a 32-bit number */

static const syn_param rows[] = {
    {SYN_CHOICE_OF("task", NULL, task_name, task_doc, "what is to be learned"), AT(task)},
    {SYN_CHOICE("method", NULL, methods,
                "Algorithm 1 of the paper, or gradient descent, its baseline"),
     AT(method)},
    {.name = "net",
     .unit = "units",
     .doc = "layer sizes, inputs first: {784,32,10}",
     .kind = SYN_PARAM_LIST,
     .lo = 1,
     .hi = SYN_UNITS_MAX,
     AT(net)},
    {SYN_CHOICE("hidden", "relu", activations, "activation of hidden layers"), AT(hidden),
     .scope = &deep},
    {SYN_CHOICE("output", "identity", activations, "activation of the last layer"), AT(output)},
    {SYN_CHOICE_OF("loss", "cross_entropy", loss_name, loss_doc, "what is to fall"), AT(loss)},
    {.name = "seed",
     .unit = "",
     .doc = "with the options and the data it decides every bit of a run",
     .kind = SYN_PARAM_SEED,
     .value = 1,
     .hi = 9007199254740992.0,
     AT(seed)},
    {SYN_INTEGER("iterations", "iterations", 10000, 0, ITERATIONS_MAX, "length of the run"),
     AT(iterations)},
    {SYN_NUMBER("rate", "", 0.001, 0, 1e3,
                "alpha_s, step of one action; the learning rate for descent"),
     AT(rate)},
    {SYN_INTEGER("rate_switch", "iteration", 0, 0, ITERATIONS_MAX,
                 "from here on rate is multiplied by rate_factor; 0 = never"),
     AT(rate_switch)},
    {SYN_NUMBER("rate_factor", "", 0.5, 0, 1e3, "see rate_switch"), AT(rate_factor),
     .scope = &switching},
    {SYN_CHOICE("rate_schedule", "constant", schedules,
                "how rate goes to rate_end * rate over the run; step: at its half"),
     AT(rate_schedule)},
    {SYN_NUMBER("rate_end", "rate", 0.1, 1e-6, 1e3, "see rate_schedule"), AT(rate_end),
     .scope = &scheduled},
    {SYN_INTEGER("rate_pieces", "", 20, 2, 1000,
                 "a schedule's steps: rate is constant within each"),
     AT(rate_pieces), .scope = &scheduled},
    {SYN_NUMBER("bias_step", "rate", 1, 0, 1e3, "step of a bias, as a multiple of rate"),
     AT(bias_step)},
    {SYN_CHOICE("update", "additive", updates,
                "w + a*rate, or equation (2) as printed: w + w*a*rate"),
     AT(update), .scope = &synaptic},
    {SYN_CHOICE("init", "uniform", inits,
                "initial weights; normal has sd 2/(fan_in + fan_out); biases are 0"),
     AT(init)},
    {SYN_NUMBER("init_range", "", 1, 0, 1e3,
                "uniform initial weights lie in [-init_range, init_range)"),
     AT(init_range), .scope = &uniform},
    {SYN_INTEGER("batch_size", "samples", 0, 0, 1e9,
                 "training samples that the loss is measured on; 0 = all"),
     AT(batch_size)},
    {SYN_INTEGER("batch_interval", "iterations", 0, 0, ITERATIONS_MAX,
                 "a new batch is drawn this often; 0 = never"),
     AT(batch_interval)},
    {SYN_CHOICE(
         "batch_change", "carry", batch_changes,
         "the previous loss at a new batch: carried over from the old one, or measured again"),
     AT(batch_change), .scope = &batches},
    {SYN_NUMBER("abort_below", "accuracy", 0, 0, 1,
                "a run below this batch accuracy from abort_after on stops; 0 = never"),
     AT(abort_below)},
    {SYN_INTEGER("abort_after", "iterations", 25000, 0, ITERATIONS_MAX, "see abort_below"),
     AT(abort_after), .scope = &aborting},
    {SYN_INTEGER("curve_every", "iterations", 10, 0, ITERATIONS_MAX,
                 "a row of the curve this often; 0 = none"),
     AT(curve_every)},
    {SYN_INTEGER("validate_every", "iterations", 0, 0, ITERATIONS_MAX,
                 "validation in the curve this often, on its rows; 0 = only at the end"),
     AT(validate_every), .scope = &validating},
    {SYN_INTEGER("cosine", "", 0, 0, 1,
                 "1: the curve also has the cosine between what the weights moved since the row "
                 "before and the way down from there, over the training part"),
     AT(cosine), .scope = &curved},
    {SYN_INTEGER("map", "cells", 0, 0, 1024, "keep outputs on a map x map grid; 0 = none"), AT(map),
     .scope = &drawn},
    {SYN_INTEGER("trace", "", 0, 0, 1, "1: also keep a fingerprint of all actions"), AT(trace),
     .scope = &synaptic},
    {SYN_INTEGER("threads", "threads", 1, 1, 64,
                 "threads of one run; the result does not depend on it"),
     AT(threads), .neutral = 1},
    {.name = NULL},
};

/* ---- all rows -------------------------------------------------------------------------------- */

/* Row *i of a table, or NULL and *i less its length. */
static const syn_param *row_of(const syn_param *table, size_t *i) {
  size_t n = 0;
  while (table[n].name)
    n++;
  if (*i < n)
    return &table[*i];
  *i -= n;
  return NULL;
}

const syn_param *syn_option_at(size_t i) {
  const syn_param *row = row_of(rows, &i);
  if (!row)
    row = row_of(syn_reward_params, &i);
  for (const syn_task_class *const *task = syn_tasks; !row && *task; task++)
    row = row_of((*task)->params, &i);
  return row;
}

const syn_param *syn_option_find(const char *name) {
  const syn_param *row = syn_param_find(rows, name);
  if (!row)
    row = syn_param_find(syn_reward_params, name);
  for (const syn_task_class *const *task = syn_tasks; !row && *task; task++)
    row = syn_param_find((*task)->params, name);
  return row;
}

/* The row's place among the own ones of a task; SYN_TASK_PARAMS_MAX if it is none of them. */
static size_t own_place(const syn_task_class *task, const syn_param *row) {
  for (size_t i = 0; task && task->params[i].name; i++)
    if (row == &task->params[i])
      return i;
  return SYN_TASK_PARAMS_MAX;
}

static const syn_task_class *owner_of(const syn_param *row) {
  const syn_task_class *const *task = syn_tasks;
  while (*task && own_place(*task, row) == SYN_TASK_PARAMS_MAX)
    task++;
  return *task;
}

static void set_task(syn_options *o, const syn_task_class *task) {
  if (o->task == task)
    return;
  o->task = task;
  for (size_t i = 0; task->params[i].name; i++)
    (void)syn_param_default(&o->own[i], &task->params[i], "", NULL);
}

/* Puts a checked value where the row says. */
static void put(syn_options *o, const syn_param *row, syn_value value) {
  void *field = (char *)o + row->offset;
  size_t own = own_place(o->task, row);
  if (own < SYN_TASK_PARAMS_MAX)
    o->own[own] = value;
  else if (owner_of(row)) /* of a task that this run has not */
    return;
  else if (row == rows)
    set_task(o, syn_tasks[(size_t)value.number]);
  else if (row->kind == SYN_PARAM_CHOICE)
    *(int *)field = (int)value.number;
  else if (row->kind == SYN_PARAM_SEED)
    *(uint64_t *)field = (uint64_t)value.number;
  else if (row->kind != SYN_PARAM_LIST)
    *(double *)field = value.number;
}

syn_value syn_option_value(const syn_options *o, const syn_param *row) {
  const void *field = (const char *)o + row->offset;
  size_t own = own_place(o->task, row);
  syn_value value = {0};
  if (own < SYN_TASK_PARAMS_MAX)
    return o->own[own];
  if (owner_of(row))
    (void)syn_param_default(&value, row, "", NULL);
  else if (row == rows)
    value.text = o->task->name;
  else if (row->kind == SYN_PARAM_CHOICE)
    value = (syn_value){.number = *(const int *)field,
                        .text = syn_param_choice(row, (size_t)*(const int *)field)};
  else if (row->kind == SYN_PARAM_SEED)
    value.number = (double)*(const uint64_t *)field;
  else if (row->kind != SYN_PARAM_LIST)
    value.number = *(const double *)field;
  return value;
}

/* ---- options without an effect --------------------------------------------------------------- */

const char *syn_option_scope(char text[SYN_SCOPE_SIZE], const syn_param *row) {
  const syn_task_class *owner = owner_of(row);
  if (!owner && !row->scope)
    return NULL;
  snprintf(text, SYN_SCOPE_SIZE, "%s%s%s%s%s", owner ? "task = '" : "", owner ? owner->name : "",
           owner ? "'" : "", owner && row->scope ? " with " : "",
           row->scope ? row->scope->words : "");
  return text;
}

int syn_option_is_read(const syn_options *o, const syn_param *row) {
  if (owner_of(row) && own_place(o->task, row) == SYN_TASK_PARAMS_MAX)
    return 0;
  return !row->scope || row->scope->holds(o);
}

void syn_options_settle(syn_options *o) {
  syn_options defaults, settled = *o;
  const syn_param *row;
  syn_options_default(&defaults, o->task, (syn_method)o->method);
  for (size_t i = 0; (row = syn_option_at(i)); i++)
    if (!syn_option_is_read(o, row))
      put(&settled, row, syn_option_value(&defaults, row));
  *o = settled;
}

/* ---- defaults and presets -------------------------------------------------------------------- */

void syn_options_default(syn_options *o, const syn_task_class *task, syn_method method) {
  const syn_param *const tables[] = {rows + 1, syn_reward_params};
  *o = (syn_options){0};
  set_task(o, task);
  for (size_t t = 0; t < 2; t++)
    for (const syn_param *row = tables[t]; row->name; row++) {
      syn_value value;
      if (syn_param_default(&value, row, "", NULL) == SYN_OK)
        put(o, row, value);
    }
  o->method = (int)method;
  task->defaults(o);
  if (method == SYN_METHOD_DESCENT) {
    o->rate = 0.1;
    o->batch_size = o->batch_interval = 0;
    o->iterations = 5000;
    o->curve_every = o->validate_every = 10;
  }
  (void)syn_options_preset(o, "paper", NULL);
}

/* Where text and code differ: the ledger in code. */
syn_status syn_options_preset(syn_options *o, const char *preset, syn_ctx *ctx) {
  static const char *const presets[] = {"paper", "authors", NULL};
  int authors = strcmp(preset, "authors") == 0;
  if (!authors && strcmp(preset, "paper") != 0) {
    const char *near = syn_nearest(preset, presets);
    return syn_fail(ctx, SYN_EINVAL, "preset: no preset is named '%s'; %s%s%s", preset,
                    near ? "did you mean '" : "there are 'paper' and 'authors", near ? near : "",
                    near ? "'?" : "'");
  }
  o->update = SYN_UPDATE_ADDITIVE;
  o->batch_change = SYN_BATCH_CARRY;
  o->bias_step = authors && o->method == SYN_METHOD_SYNAPTIC ? 2 : 1;
  o->init = SYN_INIT_UNIFORM;
  o->init_range = 1;
  o->rate_switch = 0;
  o->abort_below = 0;
  if (o->task->preset)
    o->task->preset(o, authors);
  return SYN_OK;
}

/* ---- setting --------------------------------------------------------------------------------- */

/* The row of that name, the run's own task's first. */
static syn_status find(const syn_param **out, const syn_options *o, const char *name,
                       syn_ctx *ctx) {
  *out = o->task ? syn_param_find(o->task->params, name) : NULL;
  if (!*out)
    *out = syn_option_find(name);
  if (*out)
    return SYN_OK;
  const char *names[OPTIONS_MAX + 1] = {0};
  const syn_param *row;
  for (size_t i = 0; i < OPTIONS_MAX && (row = syn_option_at(i)); i++)
    names[i] = row->name;
  const char *near = syn_nearest(name, names);
  if (near)
    return syn_fail(ctx, SYN_EINVAL, "no option is named '%s'; did you mean '%s'?", name, near);
  return syn_fail(ctx, SYN_EINVAL, "no option is named '%s'; `synlab options` lists them", name);
}

static syn_status set(syn_options *o, const syn_arg *given, const syn_param **row, syn_ctx *ctx) {
  syn_value value;
  syn_status status = find(row, o, given->name, ctx);
  if (!status)
    status = syn_param_take(&value, *row, given, "", ctx);
  if (!status)
    put(o, *row, value);
  return status;
}

syn_status syn_options_set_number(syn_options *o, const char *name, double value, syn_ctx *ctx) {
  const syn_param *row;
  return set(o, &(syn_arg){.name = name, .kind = SYN_ARG_NUMBER, .number = value}, &row, ctx);
}

syn_status syn_options_set_text(syn_options *o, const char *name, const char *value, syn_ctx *ctx) {
  const syn_param *row;
  return set(o, &(syn_arg){.name = name, .kind = SYN_ARG_TEXT, .text = value}, &row, ctx);
}

syn_status syn_options_set_list(syn_options *o, const char *name, const double *values, size_t n,
                                syn_ctx *ctx) {
  const syn_param *row;
  syn_status status =
      set(o, &(syn_arg){.name = name, .kind = SYN_ARG_LIST, .list = values, .n = n}, &row, ctx);
  if (status)
    return status;
  if (n < 2 || n > SYN_LAYERS_MAX + 1)
    return syn_fail(ctx, SYN_EINVAL, "%s has %zu layers; inputs, outputs and up to %d between them",
                    row->name, n, SYN_LAYERS_MAX - 1);
  for (size_t i = 0; i <= SYN_LAYERS_MAX; i++)
    o->net[i] = i < n ? values[i] : 0;
  return SYN_OK;
}

/* ---- the rate ------------------------------------------------------------------------------------ */

/* (1 + cos(pi x)) / 2 for x in 0..1, by its series, since libraries differ in last bits. */
static double half_cosine(double x) {
  double y2 = -(9.86960440108935861883 * x * x), term = 1, sum = 1;
  for (int k = 1; k < 30; k += 2) {
    term *= y2 / (k * (k + 1));
    sum += term;
  }
  return (1.0 + sum) / 2.0;
}

double syn_options_rate(const syn_options *o, uint32_t now) {
  double rate = o->rate;
  if (o->rate_switch > 0 && now >= (uint32_t)o->rate_switch)
    rate = o->rate * o->rate_factor;
  if (o->rate_schedule == SYN_SCHEDULE_CONSTANT)
    return rate;
  double piece = floor((double)now * o->rate_pieces / o->iterations), last = o->rate_pieces - 1;
  double progress = (piece < last ? piece : last) / last; /* 0 in the first piece, 1 in the last */
  if (o->rate_schedule == SYN_SCHEDULE_LINEAR)
    return rate * (1.0 + (o->rate_end - 1.0) * progress);
  if (o->rate_schedule == SYN_SCHEDULE_COSINE)
    return rate * (o->rate_end + (1.0 - o->rate_end) * half_cosine(progress));
  return progress < 0.5 ? rate : rate * o->rate_end;
}

/* ---- what holds between options -------------------------------------------------------------- */

static const char *losses_of_targets(char list[128]) {
  size_t n = 0;
  for (size_t i = 0; i < SYN_LOSSES && n < 128; i++)
    if (!syn_loss_table[i].labels)
      n += (size_t)snprintf(list + n, 128 - n, "%s'%s'", n ? " or " : "", syn_loss_table[i].name);
  return list;
}

syn_status syn_options_check(const syn_options *o, syn_shape *shape, syn_ctx *ctx) {
  char losses[128];
  *shape = (syn_shape){.hidden = (syn_activation)o->hidden, .output = (syn_activation)o->output};
  while (shape->layers <= SYN_LAYERS_MAX && o->net[shape->layers] > 0) {
    shape->units[shape->layers] = (size_t)o->net[shape->layers];
    shape->layers++;
  }
  shape->layers -= shape->layers > 0;
  if (syn_loss_table[o->loss].labels && !o->task->labels)
    return syn_fail(ctx, SYN_EINVAL, "loss = '%s' does not fit task = '%s'; it wants %s",
                    syn_loss_table[o->loss].name, o->task->name, losses_of_targets(losses));
  if (o->batch_interval > 0 && o->batch_size == 0)
    return syn_fail(ctx, SYN_EINVAL,
                    "batch_size = 0 takes all samples, and nothing is drawn anew: batch_interval "
                    "must be 0, not %.0f",
                    o->batch_interval);
  if (o->abort_below > 0 && o->curve_every == 0)
    return syn_fail(ctx, SYN_EINVAL, "abort_below looks at rows of the curve; curve_every is 0");
  if (o->task->validates && o->validate_every > 0 &&
      (o->curve_every == 0 || fmod(o->validate_every, o->curve_every) != 0))
    return syn_fail(ctx, SYN_EINVAL,
                    "validate_every = %.0f must be a multiple of curve_every = %.0f (or 0)",
                    o->validate_every, o->curve_every);
  if (o->map > 0 && !o->task->map)
    return syn_fail(ctx, SYN_EINVAL, "map: task = '%s' has none", o->task->name);
  syn_status status = o->task->check ? o->task->check(o, ctx) : SYN_OK;
  if (status == SYN_OK)
    status = syn_reward_check(o, o->task->labels, ctx);
  return status ? status : syn_shape_check(shape, ctx);
}
