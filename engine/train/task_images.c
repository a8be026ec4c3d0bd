/* Images (table 1, figure 3): bytes and labels of an image set, split into two parts. Loss: mean
 * cross-entropy in nats, or one that compares the plain outputs (no softmax) with 1 for the label's
 * unit and 0 for the others (net/loss.h). Accuracy: share of images whose first greatest output is the
 * label. */
#include "engine/train/task.h"

#include <stdio.h>

enum { SPLIT, TRAIN_FRACTION, SPLIT_SEED, HELD_OUT };

static const char *const splits[] = {[SYN_SPLIT_RANDOM] = "random",
                                     [SYN_SPLIT_CHANCE] = "chance",
                                     [SYN_SPLIT_DEDUP] = "dedup",
                                     [SYN_SPLIT_GIVEN] = "given",
                                     NULL};

static const syn_param params[] = {
    [SPLIT] = {SYN_CHOICE("split", "random", splits,
                          "training and validation images: by a permutation, by chance image by "
                          "image, without identical images on both sides, or as the set gives them "
                          "(where it does, that is the default)")},
    [TRAIN_FRACTION] = {SYN_NUMBER("train_fraction", "", 0.75, 0.01, 0.99,
                                   "share of the images that train")},
    [SPLIT_SEED] = {SYN_INTEGER("split_seed", "", 0, 0, 9007199254740992.0,
                                "what the split is drawn by; 0 = the seed of the run")},
    [HELD_OUT] = {SYN_NUMBER("held_out", "of the training part", 0, 0, 0.9,
                             "is set aside and validated on, and the validation part is not looked "
                             "at: for choosing settings")},
    {.name = NULL},
};

static void set_split(syn_options *o, syn_split_kind kind) {
  o->own[SPLIT] = (syn_value){.number = kind, .text = splits[kind]};
}

static syn_split_kind split_of(const syn_options *o) {
  return (syn_split_kind)o->own[SPLIT].number;
}

static void defaults(syn_options *o) {
  syn_options_net(o, 784, 0, 10);
  o->hidden = SYN_RELU;
  o->output = SYN_IDENTITY;
  o->loss = SYN_LOSS_CROSS_ENTROPY;
  o->iterations = 200000;
  o->rate = 0.0001;
  o->batch_size = o->batch_interval = 5000;
  o->curve_every = o->validate_every = 1000;
}

static void preset(syn_options *o, int authors) {
  int deep = o->net[2] > 0;
  o->init_range = 0.1;
  set_split(o, authors ? SYN_SPLIT_CHANCE : SYN_SPLIT_RANDOM);
  if (o->method == SYN_METHOD_SYNAPTIC) {
    o->iterations = deep ? 500000 : 200000;
    o->rate_switch = !deep ? 0 : authors ? 100000 : 60000;
    o->abort_below = authors ? 0.2 : 0;
    return;
  }
  o->iterations = deep ? 500 : 5000;
  if (authors && deep)
    o->init = SYN_INIT_NORMAL;
  else if (authors)
    o->init_range = 1;
}

/* A set that has a split of its own is split so. */
static void fit(syn_options *o, const syn_images *images) {
  if (images->validates)
    set_split(o, SYN_SPLIT_GIVEN);
}

static syn_status check_split(const syn_options *o, const syn_images *images, syn_ctx *ctx) {
  if (split_of(o) != SYN_SPLIT_GIVEN)
    return SYN_OK;
  if (!images->validates)
    return syn_fail(
        ctx, SYN_EINVAL,
        "split = 'given', but the images have no training and validation part of their own");
  if (o->own[TRAIN_FRACTION].number != params[TRAIN_FRACTION].value)
    return syn_fail(
        ctx, SYN_EINVAL,
        "train_fraction has no effect on a set that has a split of its own; split = 'random' "
        "draws one over all of its images");
  if (o->own[SPLIT_SEED].number > 0 && o->own[HELD_OUT].number == 0)
    return syn_fail(
        ctx, SYN_EINVAL,
        "split_seed has no effect on a set that has a split of its own, unless held_out "
        "sets a part of it aside");
  return SYN_OK;
}

/* The network of the options, with as many inputs and outputs as the images want. */
static void print_net(char *text, size_t size, const double *net, size_t inputs, size_t outputs) {
  int n = snprintf(text, size, "net = {%zu", inputs);
  for (size_t l = 1; l < SYN_LAYERS_MAX && net[l + 1] > 0; l++)
    n += snprintf(text + n, size - (size_t)n, ", %.0f", net[l]);
  snprintf(text + n, size - (size_t)n, ", %zu}", outputs);
}

/* Network and batch fit the set; if not, one line says all that would. */
static syn_status check_fit(const syn_task *task, const syn_options *o, const syn_images *images,
                            syn_ctx *ctx) {
  char net[SYN_ERROR_SIZE / 2] = "", train[64] = "";
  size_t pixels = images->width * images->height, n_train = task->split.n_train;
  if (task->inputs != pixels || task->outputs != images->classes)
    print_net(net, sizeof net, o->net, pixels, images->classes);
  int large = o->batch_size > (double)n_train;
  if (large)
    snprintf(train, sizeof train, " (%zu images train)", n_train);
  if (!*net && !large)
    return SYN_OK;
  return syn_fail(
      ctx, SYN_EINVAL,
      "%zu images of %zu pixels in %zu classes do not fit these options; %s%s%s would%s", images->n,
      pixels, images->classes, net, *net && large ? ", " : "",
      large ? syn_options_whole_batch(o) : "", train);
}

static syn_status split(syn_task *task, const syn_options *o, const syn_images *images,
                        syn_ctx *ctx) {
  size_t n = images->n, pixels = images->width * images->height;
  uint64_t seed = o->own[SPLIT_SEED].number > 0 ? (uint64_t)o->own[SPLIT_SEED].number : o->seed;
  syn_split_kind kind = split_of(o);
  syn_status status =
      kind == SYN_SPLIT_GIVEN
          ? syn_split_given(&task->split, images->validates, images->pixels, n, pixels,
                            &task->arena, ctx)
          : syn_split_make(&task->split, kind, o->own[TRAIN_FRACTION].number, images->pixels,
                           images->labels, n, pixels, seed, &task->arena, ctx);
  return status || o->own[HELD_OUT].number == 0
             ? status
             : syn_split_hold_out(&task->split, o->own[HELD_OUT].number, kind == SYN_SPLIT_DEDUP,
                                  images->pixels, n, pixels, seed, &task->arena, ctx);
}

static syn_status open(syn_task *task, const syn_options *o, const syn_images *images,
                       const syn_kernels *kernels, syn_ctx *ctx) {
  (void)kernels;
  task->samples = (syn_samples){.n = images->n, .pixels = images->pixels, .labels = images->labels};
  syn_status status = check_split(o, images, ctx);
  if (!status)
    status = split(task, o, images, ctx);
  return status ? status : check_fit(task, o, images, ctx);
}

/* How many images train is drawn by `chance`, and depends on the order of groups in `dedup`. */
static int seedless(const syn_options *o) {
  return split_of(o) == SYN_SPLIT_RANDOM || split_of(o) == SYN_SPLIT_GIVEN;
}

static double trains(const syn_options *o, const syn_images *images) {
  return o->own[TRAIN_FRACTION].number * (1 - o->own[HELD_OUT].number) * (double)images->n;
}

const syn_task_class syn_task_images = {
    .abi = SYN_TASK_ABI,
    .name = "images",
    .doc = "name images",
    .params = params,
    .images = 1,
    .labels = 1,
    .validates = 1,
    .defaults = defaults,
    .preset = preset,
    .fit = fit,
    .open = open,
    .seedless = seedless,
    .trains = trains,
};
