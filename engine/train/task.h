/* What a network is asked to learn, as a table: one class for each task, samples and targets of
 * one run of it, and how well a network does.
 *
 * A task's file holds all that is its own: options, defaults, what presets say of it, checks,
 * samples. To add a task: its file, and a line in SYN_TASKS.
 *
 * Order of calls:
 *   defaults, preset              options are made; then those that were asked for are set
 *   fit                           the images are known: defaults that they bring
 *   check                         options stand
 *   open                          samples and targets; the task is not changed from here on
 *   map                           after the run, for pictures
 */
#ifndef SYN_TRAIN_TASK_H
#define SYN_TRAIN_TASK_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/data/images.h"
#include "engine/data/split.h"
#include "engine/net/model.h"
#include "engine/train/options.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_TASK_ABI 1

/* All that are compiled in. */
#define SYN_TASKS(TASK)                                                                            \
  TASK(boundary)                                                                                   \
  TASK(images)

typedef struct syn_task {
  const struct syn_task_class *type;
  const syn_model_class *model;
  syn_network network; /* that is to learn it; no moves yet */
  syn_plan plan;       /* of that network */
  size_t inputs, outputs;
  const syn_loss_class *loss;
  syn_samples samples;         /* all there are; what `open` fills, with the next two */
  syn_split split;             /* rows that train, and rows that do not */
  const float *target_weights; /* (S) of a network that is right everywhere; NULL: none is known */
  syn_arena arena;
} syn_task;

typedef struct syn_task_class {
  uint32_t abi;
  const char *name, *doc;
  /* Its own options, kept in syn_options.own in this order; ends with a NULL name, at most
   * SYN_TASK_PARAMS_MAX. No other option has such a name. */
  const syn_param *params;

  /* facts */
  int images;    /* does it show images of a set, as pixels? Else samples are real numbers */
  int labels;    /* has a sample a label? Else it has a target for each output */
  int validates; /* are some samples kept from training? */

  /* must: the paper's own values, of Algorithm 1, for options whose rows say other ones. */
  void (*defaults)(syn_options *options);
  /* may: what preset "paper" or "authors" says of this task; method and net stand. */
  void (*preset)(syn_options *options, int authors);
  /* may: defaults of its own options that an image set brings. */
  void (*fit)(syn_options *options, const syn_images *images);
  /* may: what holds between its options and others. SYN_EINVAL, and what would be right. */
  syn_status (*check)(const syn_options *options, syn_ctx *ctx);
  /* must: samples, split and target weights into task->arena; network, plan and loss stand. `images`
   * NULL unless it shows them, else borrowed for the task's life. Of the options it goes by net,
   * activations, loss, batch_size, seed and its own. SYN_EINVAL: the network or the options do not
   * fit the data; SYN_ENOMEM. */
  syn_status (*open)(syn_task *task, const syn_options *options, const syn_images *images,
                     const syn_kernels *kernels, syn_ctx *ctx);
  /* may: 1 if `open` succeeds with every seed or with none, so that one seed tells it of all. */
  int (*seedless)(const syn_options *options);
  /* must: how many samples train, or nearly so, without opening it: for the price of a run. */
  double (*trains)(const syn_options *options, const syn_images *images);
  /* may: a picture of what the network with weights w (S) does, (cells, cells) row by row from
   * below. SYN_ENOMEM. */
  syn_status (*map)(float *map, size_t cells, const syn_task *task, const float *w,
                    const syn_options *options, const syn_kernels *kernels, syn_ctx *ctx);
} syn_task_class;

#define SYN_TASK_DECLARED(name) extern const syn_task_class syn_task_##name;
SYN_TASKS(SYN_TASK_DECLARED)
#undef SYN_TASK_DECLARED

extern const syn_task_class *const syn_tasks[]; /* ends with NULL */

/* The options' task on these images (NULL unless it shows them; else borrowed for its life).
 * SYN_EINVAL if options contradict each other or do not fit the data. */
syn_status syn_task_open(syn_task **out, const syn_options *options, const syn_images *images,
                         const syn_kernels *kernels, syn_ctx *ctx);
void syn_task_close(syn_task *task);

/* Rows (n) of the task as samples for a network; NULL: rows 0..n-1. Borrows `rows`. */
syn_samples syn_task_samples(const syn_task *task, const uint32_t *rows, size_t n);

typedef struct syn_score {
  double loss, accuracy;
} syn_score;

/* Loss and accuracy of the network with weights w (S) over rows (n) of the task. SYN_ENOMEM. */
syn_status syn_task_score(syn_score *out, const syn_task *task, const float *w,
                          const uint32_t *rows, size_t n, const syn_kernels *kernels, syn_ctx *ctx);

#ifdef __cplusplus
}
#endif

#endif
