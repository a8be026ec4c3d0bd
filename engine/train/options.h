/* Every option of a run by name: rows of base/param.h that the host validates against, that
 * `synlab options` prints, and that presets set. The run's own rows stand in options.c, those of
 * rewards in reward.c, those of a task in its file.
 *
 * Source: the paper's sections 2 and 3; where its text, the authors' code and common sense
 * differ, the ledger (paper/ledger.md) names the option that decides.
 */
#ifndef SYN_TRAIN_OPTIONS_H
#define SYN_TRAIN_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/param.h"
#include "engine/base/status.h"
#include "engine/net/loss.h"
#include "engine/net/shape.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum syn_method { SYN_METHOD_SYNAPTIC, SYN_METHOD_DESCENT } syn_method;
typedef enum syn_update { SYN_UPDATE_ADDITIVE, SYN_UPDATE_MULTIPLICATIVE } syn_update;
typedef enum syn_batch_change { SYN_BATCH_CARRY, SYN_BATCH_REMEASURE } syn_batch_change;
typedef enum syn_signal { SYN_SIGNAL_LOSS, SYN_SIGNAL_ACCURACY, SYN_SIGNAL_CLASSES } syn_signal;
typedef enum syn_against {
  SYN_AGAINST_PREVIOUS,
  SYN_AGAINST_BEST,
  SYN_AGAINST_AVERAGE
} syn_against;
typedef enum syn_reward_tie { SYN_TIE_IS_PENALTY, SYN_TIE_IS_ZERO } syn_reward_tie;
typedef enum syn_schedule {
  SYN_SCHEDULE_CONSTANT,
  SYN_SCHEDULE_LINEAR,
  SYN_SCHEDULE_COSINE,
  SYN_SCHEDULE_STEP
} syn_schedule;
typedef enum syn_init { SYN_INIT_UNIFORM, SYN_INIT_NORMAL } syn_init;

#define SYN_TASK_PARAMS_MAX 16 /* of one task */

/* Choices are int so that one table can set them; see the enums above. */
typedef struct syn_options {
  const struct syn_task_class *task; /* see train/task.h */
  int method, loss, hidden, output;  /* hidden, output: syn_activation */
  double net[SYN_LAYERS_MAX + 1];    /* units of each layer, inputs first; 0 ends the list */
  uint64_t seed;
  double iterations;
  double rate;                     /* alpha_s; for descent its learning rate */
  double rate_switch, rate_factor; /* at iteration rate_switch (0 = never), rate *= rate_factor */
  int rate_schedule;               /* syn_schedule: see syn_options_rate */
  double rate_end, rate_pieces;    /* rate ends at rate_end * rate, in so many steps */
  int reward_signal, reward_against, reward_tie; /* see train/reward.h */
  double reward_memory, reward_band, reward_levels, reward_delay;
  int own_reward; /* 1: there is a reward of one's own, and those options have no effect */
  struct syn_rewarder *rewarder; /* that one (train/reward.h), borrowed; NULL: the options say it */
  double bias_step;              /* a bias moves by bias_step * rate */
  int update, init;
  double init_range;
  double batch_size, batch_interval; /* 0 = all training samples; 0 = never drawn anew */
  int batch_change;
  double abort_below, abort_after;    /* accuracy on the batch; abort_below 0 = never */
  double curve_every, validate_every; /* iterations; 0 = never */
  double cosine;                      /* 1: the curve has it too, see compass.h */
  double map;                         /* cells a side of the task's map; 0 = none */
  double threads;
  double trace;                       /* 1: fingerprint all actions too */
  syn_value own[SYN_TASK_PARAMS_MAX]; /* the task's own options, in the order of its params */
} syn_options;

/* Row i of all options: the run's own, those of rewards, those of each task; NULL past the end. */
const syn_param *syn_option_at(size_t i);

/* The option, or NULL. */
const syn_param *syn_option_find(const char *name);

/* The value that a run has: of a task's own option, if the run's task is another, its default. The
 * numbers of the list (net) stand in syn_options. */
syn_value syn_option_value(const syn_options *options, const syn_param *option);

#define SYN_SCOPE_SIZE 128

/* The runs that an option has an effect on, in words; NULL: all. And is this one of them? */
const char *syn_option_scope(char text[SYN_SCOPE_SIZE], const syn_param *option);
int syn_option_is_read(const syn_options *options, const syn_param *option);

/* Sets options without an effect to their defaults. */
void syn_options_settle(syn_options *options);

/* Sets the defaults of (task, method): the paper's own values for that experiment as far as it
 * states them, preset `paper` for the rest. */
void syn_options_default(syn_options *options, const struct syn_task_class *task,
                         syn_method method);

/* Applies preset "paper" or "authors" to options whose task, method and net stand already.
 * SYN_EINVAL: unknown preset, with the nearest. */
syn_status syn_options_preset(syn_options *options, const char *preset, syn_ctx *ctx);

/* Set one option. SYN_EINVAL, in one line: unknown name (with the nearest known one), a value of
 * the wrong kind, out of range, or not one of the choices. An own option of another task is checked
 * and has no effect. */
syn_status syn_options_set_number(syn_options *options, const char *name, double value,
                                  syn_ctx *ctx);
syn_status syn_options_set_text(syn_options *options, const char *name, const char *value,
                                syn_ctx *ctx);
syn_status syn_options_set_list(syn_options *options, const char *name, const double *values,
                                size_t n, syn_ctx *ctx);

/* Sets net: layers inputs, hidden (if above 0), outputs. For defaults of tasks. */
static inline void syn_options_net(syn_options *options, double inputs, double hidden,
                                   double outputs) {
  for (size_t l = 0; l <= SYN_LAYERS_MAX; l++)
    options->net[l] = 0;
  options->net[0] = inputs;
  options->net[1] = hidden > 0 ? hidden : outputs;
  options->net[2] = hidden > 0 ? outputs : 0;
}

/* What takes all training samples as the batch, in the words of options. */
static inline const char *syn_options_whole_batch(const syn_options *options) {
  return options->batch_interval > 0 ? "batch_size = 0, batch_interval = 0" : "batch_size = 0";
}

/* The rate of iteration `now`, by schedule and switch: constant within each of rate_pieces equal
 * parts of the run, so that it changes seldom. */
double syn_options_rate(const syn_options *options, uint32_t now);

/* What holds between options (batch size and interval, loss and task, ...), and the shape that
 * they describe. SYN_EINVAL. */
syn_status syn_options_check(const syn_options *options, syn_shape *shape, syn_ctx *ctx);

#ifdef __cplusplus
}
#endif

#endif
