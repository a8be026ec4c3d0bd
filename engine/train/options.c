#include "engine/train/options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the registry ---------------------------------------------------------------------------- */

static const char *const tasks[] = {"boundary", "images", NULL};
static const char *const methods[] = {"synaptic", "descent", NULL};
static const char *const losses[] = {"cross_entropy", "euclidean", NULL};
static const char *const activations[] = {"identity", "relu", "tanh", NULL};
static const char *const updates[] = {"additive", "multiplicative", NULL};
static const char *const signals[] = {"loss", "accuracy", "classes", NULL};
static const char *const againsts[] = {"previous", "best", "average", NULL};
static const char *const reward_ties[] = {"penalty", "zero", NULL};
static const char *const schedules[] = {"constant", "linear", "cosine", "step", NULL};
static const char *const inits[] = {"uniform", "normal", NULL};
static const char *const batch_changes[] = {"carry", "remeasure", NULL};
static const char *const splits[] = {"random", "chance", "dedup", "given", NULL};

#define AT(field) offsetof(syn_options, field)
#define NUMBER(name, scope, unit, lo, hi, doc)                                                     \
  {#name, unit, doc, SYN_OPTION_NUMBER, AT(name), lo, hi, NULL, 0, SYN_FOR_##scope}
#define INTEGER(name, scope, unit, lo, hi, doc)                                                    \
  {#name, unit, doc, SYN_OPTION_INTEGER, AT(name), lo, hi, NULL, 0, SYN_FOR_##scope}
#define CHOICE(name, scope, choices, doc)                                                          \
  {#name, "", doc, SYN_OPTION_CHOICE, AT(name), 0, 0, choices, 0, SYN_FOR_##scope}

#define ITERATIONS_MAX 4e9 /* an iteration is a 32-bit number */

const syn_option syn_option_table[] = {
    CHOICE(task, ALL, tasks, "match the sign of a random network on the plane, or name images"),
    CHOICE(method, ALL, methods, "Algorithm 1 of the paper, or gradient descent, its baseline"),
    {"net", "units", "layer sizes, inputs first: {784,32,10}", SYN_OPTION_LIST, AT(net), 1,
     SYN_UNITS_MAX, NULL, 0, SYN_FOR_ALL},
    CHOICE(hidden, HIDDEN, activations, "activation of hidden layers"),
    CHOICE(output, ALL, activations, "activation of the last layer"),
    CHOICE(loss, ALL, losses,
           "mean cross-entropy (images), or Euclidean norm of outputs - targets / samples; for "
           "images targets are 1 for the class and 0 for the others, without softmax"),
    {"seed", "", "with the options and the data it decides every bit of a run", SYN_OPTION_SEED,
     AT(seed), 0, 9007199254740992.0, NULL, 0,
     SYN_FOR_ALL},
    INTEGER(iterations, ALL, "iterations", 0, ITERATIONS_MAX, "length of the run"),
    NUMBER(rate, ALL, "", 0, 1e3, "alpha_s, step of one action; the learning rate for descent"),
    INTEGER(rate_switch, ALL, "iteration", 0, ITERATIONS_MAX,
            "from here on rate is multiplied by rate_factor; 0 = never"),
    NUMBER(rate_factor, SWITCH, "", 0, 1e3, "see rate_switch"),
    CHOICE(rate_schedule, ALL, schedules,
           "how rate goes to rate_end * rate over the run; step: at its half"),
    NUMBER(rate_end, SCHEDULE, "rate", 1e-6, 1e3, "see rate_schedule"),
    INTEGER(rate_pieces, SCHEDULE, "", 2, 1000, "a schedule's steps: rate is constant within each"),
    CHOICE(reward_signal, SYNAPTIC, signals,
           "what is to get better for a reward; classes: the loss of most classes (images)"),
    CHOICE(reward_against, SYNAPTIC, againsts,
           "better than what: the iteration before, the best so far, a moving average"),
    NUMBER(reward_memory, MEMORY, "iterations", 1, 1e6, "of moving averages: of the signal, of its changes"),
    CHOICE(reward_tie, SYNAPTIC, reward_ties, "a tie is a penalty (equation 3), or no reward at all"),
    NUMBER(reward_band, SYNAPTIC, "", 0, 1, "a change of at most this share of the reference is a tie"),
    INTEGER(reward_levels, SYNAPTIC, "", 2, 20,
            "even: levels of magnitude that Q learns from; 2 = the sign. Histories hold signs"),
    INTEGER(reward_delay, SYNAPTIC, "iterations", 0, 100, "the reward arrives so much later"),
    NUMBER(bias_step, ALL, "rate", 0, 1e3, "step of a bias, as a multiple of rate"),
    CHOICE(update, SYNAPTIC, updates, "w + a*rate, or equation (2) as printed: w + w*a*rate"),
    CHOICE(init, ALL, inits, "initial weights; normal has sd 2/(fan_in + fan_out); biases are 0"),
    NUMBER(init_range, UNIFORM, "", 0, 1e3, "uniform initial weights lie in [-init_range, init_range)"),
    INTEGER(batch_size, ALL, "samples", 0, 1e9, "training samples that the loss is measured on; 0 = all"),
    INTEGER(batch_interval, ALL, "iterations", 0, ITERATIONS_MAX,
            "a new batch is drawn this often; 0 = never"),
    CHOICE(batch_change, BATCHES, batch_changes,
           "the previous loss at a new batch: carried over from the old one, or measured again"),
    CHOICE(split, IMAGES, splits,
           "training and validation images: by a permutation, by chance image by image, without "
           "identical images on both sides, or as the set gives them (where it does, that is the "
           "default)"),
    NUMBER(train_fraction, IMAGES, "", 0.01, 0.99, "share of the images that train"),
    NUMBER(abort_below, ALL, "accuracy", 0, 1,
           "a run below this batch accuracy from abort_after on stops; 0 = never"),
    INTEGER(abort_after, ABORT, "iterations", 0, ITERATIONS_MAX, "see abort_below"),
    INTEGER(points, BOUNDARY, "points", 1, 1e8, "boundary task: training points"),
    NUMBER(point_range, BOUNDARY, "", 1e-6, 1e6, "boundary task: points lie in [-point_range, point_range)^2"),
    NUMBER(target_range, BOUNDARY, "", 0, 1e3, "boundary task: weights of the target network"),
    INTEGER(curve_every, ALL, "iterations", 0, ITERATIONS_MAX, "a row of the curve this often; 0 = none"),
    INTEGER(validate_every, IMAGES, "iterations", 0, ITERATIONS_MAX,
            "validation in the curve this often, on its rows; 0 = only at the end"),
    INTEGER(map, BOUNDARY, "cells", 0, 1024, "boundary task: keep outputs on a map x map grid; 0 = none"),
    INTEGER(trace, SYNAPTIC, "", 0, 1, "1: also keep a fingerprint of all actions"),
    {"threads", "threads", "threads of one run; the result does not depend on it",
     SYN_OPTION_INTEGER, AT(threads), 1, 64, NULL, 1, SYN_FOR_ALL},
    {NULL, NULL, NULL, SYN_OPTION_NUMBER, 0, 0, 0, NULL, 0, SYN_FOR_ALL},
};

#define OPTIONS (sizeof syn_option_table / sizeof *syn_option_table - 1)

const syn_option *syn_option_find(const char *name) {
  for (const syn_option *o = syn_option_table; o->name; o++)
    if (strcmp(o->name, name) == 0)
      return o;
  return NULL;
}

/* ---- options without an effect --------------------------------------------------------------- */

static const char *const scopes[] = {
    [SYN_FOR_ALL] = NULL,
    [SYN_FOR_SYNAPTIC] = "method = 'synaptic'",
    [SYN_FOR_BOUNDARY] = "task = 'boundary'",
    [SYN_FOR_IMAGES] = "task = 'images'",
    [SYN_FOR_HIDDEN] = "a net with a hidden layer",
    [SYN_FOR_UNIFORM] = "init = 'uniform'",
    [SYN_FOR_SWITCH] = "a rate_switch above 0",
    [SYN_FOR_SCHEDULE] = "a rate_schedule that is not 'constant'",
    [SYN_FOR_MEMORY] =
        "method = 'synaptic' with reward_against = 'average' or reward_levels above 2",
    [SYN_FOR_BATCHES] = "method = 'synaptic' with a batch_interval above 0",
    [SYN_FOR_ABORT] = "an abort_below above 0",
};

const char *syn_option_scope(const syn_option *option) { return scopes[option->scope]; }

int syn_option_is_read(const syn_options *o, const syn_option *option) {
  int synaptic = o->method == SYN_METHOD_SYNAPTIC, images = o->task == SYN_TASK_IMAGES;
  switch (option->scope) {
  case SYN_FOR_ALL:
    return 1;
  case SYN_FOR_SYNAPTIC:
    return synaptic;
  case SYN_FOR_BOUNDARY:
    return !images;
  case SYN_FOR_IMAGES:
    return images;
  case SYN_FOR_HIDDEN:
    return o->net[2] > 0;
  case SYN_FOR_UNIFORM:
    return o->init == SYN_INIT_UNIFORM;
  case SYN_FOR_SWITCH:
    return o->rate_switch > 0;
  case SYN_FOR_SCHEDULE:
    return o->rate_schedule != SYN_SCHEDULE_CONSTANT;
  case SYN_FOR_MEMORY:
    return synaptic && (o->reward_against == SYN_AGAINST_AVERAGE || o->reward_levels > 2);
  case SYN_FOR_BATCHES:
    return synaptic && o->batch_interval > 0;
  case SYN_FOR_ABORT:
    return o->abort_below > 0;
  }
  return 1;
}

void syn_options_settle(syn_options *o) {
  syn_options defaults;
  syn_options_default(&defaults, (syn_task_kind)o->task, (syn_method)o->method);
  for (const syn_option *option = syn_option_table; option->name; option++) {
    if (syn_option_is_read(o, option))
      continue;
    void *to = (char *)o + option->offset;
    const void *from = (const char *)&defaults + option->offset;
    memcpy(to, from, option->kind == SYN_OPTION_CHOICE ? sizeof(int) : sizeof(double));
  }
}

/* ---- defaults and presets -------------------------------------------------------------------- */

static void set_net(syn_options *o, double inputs, double hidden, double outputs) {
  memset(o->net, 0, sizeof o->net);
  size_t l = 0;
  o->net[l++] = inputs;
  if (hidden > 0)
    o->net[l++] = hidden;
  o->net[l] = outputs;
}

void syn_options_default(syn_options *o, syn_task_kind task, syn_method method) {
  *o = (syn_options){.task = (int)task,
                     .method = (int)method,
                     .seed = 1,
                     .rate_factor = 0.5,
                     .rate_end = 0.1,
                     .rate_pieces = 20,
                     .reward_memory = 10,
                     .reward_levels = 2,
                     .train_fraction = 0.75,
                     .abort_after = 25000,
                     .points = 2000,
                     .point_range = 10,
                     .target_range = 1,
                     .threads = 1};
  if (task == SYN_TASK_BOUNDARY) {
    set_net(o, 2, 100, 1);
    o->hidden = o->output = SYN_TANH;
    o->loss = SYN_LOSS_EUCLIDEAN;
    o->iterations = 10000;
    o->rate = 0.001;
    o->curve_every = 10;
  } else {
    set_net(o, 784, 0, 10);
    o->hidden = SYN_RELU;
    o->output = SYN_IDENTITY;
    o->loss = SYN_LOSS_CROSS_ENTROPY;
    o->iterations = 200000;
    o->rate = 0.0001;
    o->batch_size = o->batch_interval = 5000;
    o->curve_every = o->validate_every = 1000;
  }
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
  int images = o->task == SYN_TASK_IMAGES, deep = o->net[2] > 0;
  int synaptic = o->method == SYN_METHOD_SYNAPTIC;
  o->update = SYN_UPDATE_ADDITIVE;
  o->batch_change = SYN_BATCH_CARRY;
  o->bias_step = authors && synaptic ? 2 : 1;
  o->init = SYN_INIT_UNIFORM;
  o->init_range = images ? 0.1 : 1;
  o->rate_switch = 0;
  o->abort_below = 0;
  o->split = authors ? SYN_SPLIT_CHANCE : SYN_SPLIT_RANDOM;
  if (images && synaptic) {
    o->iterations = deep ? 500000 : 200000;
    o->rate_switch = !deep ? 0 : authors ? 100000 : 60000;
    o->abort_below = authors ? 0.2 : 0;
  }
  if (images && !synaptic) {
    o->iterations = deep ? 500 : 5000;
    if (authors && deep)
      o->init = SYN_INIT_NORMAL;
    else if (authors)
      o->init_range = 1;
  }
  return SYN_OK;
}

/* ---- setting --------------------------------------------------------------------------------- */

static syn_status find(const syn_option **out, const char *name, syn_ctx *ctx) {
  *out = syn_option_find(name);
  if (*out)
    return SYN_OK;
  const char *names[OPTIONS + 1] = {0};
  for (size_t i = 0; i < OPTIONS; i++)
    names[i] = syn_option_table[i].name;
  const char *near = syn_nearest(name, names);
  if (near)
    return syn_fail(ctx, SYN_EINVAL, "no option is named '%s'; did you mean '%s'?", name, near);
  return syn_fail(ctx, SYN_EINVAL, "no option is named '%s'; `synlab options` lists them", name);
}

static syn_status check_number(const syn_option *o, double v, syn_ctx *ctx) {
  int whole = o->kind != SYN_OPTION_NUMBER;
  if (!(v >= o->lo && v <= o->hi) || (whole && v != floor(v)))
    return syn_fail(ctx, SYN_EINVAL, "%s = %.17g: must be %s from %.10g to %.10g", o->name, v,
                    whole ? "a whole number" : "a number", o->lo, o->hi);
  return SYN_OK;
}

static syn_status wrong_kind(const syn_option *o, const char *given, syn_ctx *ctx) {
  static const char *const wanted[] = {[SYN_OPTION_NUMBER] = "a number",
                                       [SYN_OPTION_INTEGER] = "a whole number",
                                       [SYN_OPTION_CHOICE] = "one of its names",
                                       [SYN_OPTION_LIST] = "a list of numbers",
                                       [SYN_OPTION_SEED] = "a whole number"};
  return syn_fail(ctx, SYN_EINVAL, "%s is %s, not %s", o->name, wanted[o->kind], given);
}

syn_status syn_options_set_number(syn_options *options, const char *name, double value,
                                  syn_ctx *ctx) {
  const syn_option *o;
  syn_status status = find(&o, name, ctx);
  if (status)
    return status;
  void *field = (char *)options + o->offset;
  if (o->kind == SYN_OPTION_CHOICE || o->kind == SYN_OPTION_LIST)
    return wrong_kind(o, "a number", ctx);
  if ((status = check_number(o, value, ctx)))
    return status;
  if (o->kind == SYN_OPTION_SEED)
    *(uint64_t *)field = (uint64_t)value;
  else
    *(double *)field = value;
  return SYN_OK;
}

syn_status syn_options_set_text(syn_options *options, const char *name, const char *value,
                                syn_ctx *ctx) {
  const syn_option *o;
  syn_status status = find(&o, name, ctx);
  if (status)
    return status;
  if (o->kind != SYN_OPTION_CHOICE)
    return wrong_kind(o, "a text", ctx);
  char list[256] = "";
  for (int i = 0; o->choices[i]; i++) {
    if (strcmp(o->choices[i], value) == 0) {
      *(int *)((char *)options + o->offset) = i;
      return SYN_OK;
    }
    size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", o->choices[i]);
  }
  return syn_fail(ctx, SYN_EINVAL, "%s = '%s': must be one of %s", o->name, value, list);
}

syn_status syn_options_set_list(syn_options *options, const char *name, const double *values,
                                size_t n, syn_ctx *ctx) {
  const syn_option *o;
  syn_status status = find(&o, name, ctx);
  if (status)
    return status;
  if (o->kind != SYN_OPTION_LIST)
    return wrong_kind(o, "a list", ctx);
  if (n < 2 || n > SYN_LAYERS_MAX + 1)
    return syn_fail(ctx, SYN_EINVAL, "%s has %zu layers; inputs, outputs and up to %d between them",
                    o->name, n, SYN_LAYERS_MAX - 1);
  for (size_t i = 0; i < n; i++)
    if ((status = check_number(o, values[i], ctx)))
      return status;
  double *field = (double *)(void *)((char *)options + o->offset);
  for (size_t i = 0; i <= SYN_LAYERS_MAX; i++)
    field[i] = i < n ? values[i] : 0;
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
  double way = (piece < last ? piece : last) / last; /* 0 in the first piece, 1 in the last */
  if (o->rate_schedule == SYN_SCHEDULE_LINEAR)
    return rate * (1.0 + (o->rate_end - 1.0) * way);
  if (o->rate_schedule == SYN_SCHEDULE_COSINE)
    return rate * (o->rate_end + (1.0 - o->rate_end) * half_cosine(way));
  return way < 0.5 ? rate : rate * o->rate_end;
}

/* ---- what holds between options -------------------------------------------------------------- */

syn_status syn_options_check(const syn_options *o, syn_shape *shape, syn_ctx *ctx) {
  *shape = (syn_shape){.hidden = (syn_activation)o->hidden, .output = (syn_activation)o->output};
  while (shape->layers <= SYN_LAYERS_MAX && o->net[shape->layers] > 0) {
    shape->units[shape->layers] = (size_t)o->net[shape->layers];
    shape->layers++;
  }
  shape->layers -= shape->layers > 0;
  int images = o->task == SYN_TASK_IMAGES;
  if (!images && o->loss == SYN_LOSS_CROSS_ENTROPY)
    return syn_fail(ctx, SYN_EINVAL, "loss = '%s' does not fit task = '%s'; it wants '%s'",
                    losses[o->loss], tasks[o->task], losses[SYN_LOSS_EUCLIDEAN]);
  if (!images && o->net[0] != 2)
    return syn_fail(ctx, SYN_EINVAL,
                    "net: the boundary task has points of 2 coordinates, the network has %.0f inputs",
                    o->net[0]);
  if (o->batch_interval > 0 && o->batch_size == 0)
    return syn_fail(ctx, SYN_EINVAL,
                    "batch_interval = %.0f draws new batches, so batch_size must not be 0 (all)",
                    o->batch_interval);
  if (o->abort_below > 0 && o->curve_every == 0)
    return syn_fail(ctx, SYN_EINVAL, "abort_below looks at rows of the curve; curve_every is 0");
  if (images && o->validate_every > 0 &&
      (o->curve_every == 0 || fmod(o->validate_every, o->curve_every) != 0))
    return syn_fail(ctx, SYN_EINVAL,
                    "validate_every = %.0f must be a multiple of curve_every = %.0f (or 0)",
                    o->validate_every, o->curve_every);
  if (!images && o->batch_size > o->points)
    return syn_fail(ctx, SYN_EINVAL,
                    "batch_size = %.0f, but there are only %.0f points; 0 takes them all",
                    o->batch_size, o->points);
  if (!images && o->reward_signal == SYN_SIGNAL_CLASSES)
    return syn_fail(ctx, SYN_EINVAL,
                    "reward_signal = 'classes' is for images; the boundary task has 'loss' and "
                    "'accuracy'");
  if (fmod(o->reward_levels, 2) != 0)
    return syn_fail(ctx, SYN_EINVAL, "reward_levels = %.0f must be even: as many up as down",
                    o->reward_levels);
  if (o->map > 0 && images)
    return syn_fail(ctx, SYN_EINVAL, "map is for the boundary task");
  return syn_shape_check(shape, ctx);
}
