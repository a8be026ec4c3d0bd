/* The reward: what the network hears after an iteration. The paper's is one bit, equation (3): did
 * the loss fall? Options make others of it, each choice a row of a table in reward.c:
 *
 *   signal    x, which is to fall: the loss, or 1 - accuracy (both on the batch); or classes, where
 *             x is the mean loss of each class of images, and all of them vote
 *   against   the reference: x of the iteration before, the best x so far, or its moving average
 *             over some `reward_memory` iterations (a <- a + (x - a) / memory, after it was used)
 *   change    reference - x; a change of at most reward_band * |reference| is a tie. With classes:
 *             the classes whose x fell, less those whose x rose, each with its own reference; a tie
 *             counts for neither, and nor does a class that the batch has no images of
 *   sign      +1 for a change above, -1 below, and for a tie -1 ("penalty", the paper's) or 0; a
 *             change that is not a number is -1
 *   levels    of magnitude, reward_levels / 2 each way: with s the moving average of |change|, the
 *             level is 1 below s, 2 below 2 s, ... and the value is sign * level / levels each way
 *   delay     sign and value arrive so many iterations later; 0 arrives until then
 *
 * Histories hold signs. Values, in [-1, 1], are what a policy learns from; with two levels they
 * are the signs.
 *
 * Or a reward of one's own, a syn_rewarder, hears what each iteration led to and answers (rewards in
 * Lua: policies/reward.h).
 */
#ifndef SYN_TRAIN_REWARD_H
#define SYN_TRAIN_REWARD_H

#include "engine/base/state.h"
#include "engine/train/options.h"
#include "engine/train/task.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_DELAY_MAX   100
#define SYN_CLASSES_MAX 256 /* a label is a byte */

/* What an iteration has led to. */
typedef struct syn_outcome {
  syn_score score;       /* on the batch; accuracy may be NAN where the signal is another */
  size_t n;              /* classes */
  const double *classes; /* (n) mean loss of each, NAN where the batch has none; NULL unless the
                            signal is classes */
} syn_outcome;

typedef struct syn_reward {
  int8_t sign;
  double value;
} syn_reward;

/* Plain bytes, so that a checkpoint can keep it. */
typedef struct syn_reward_state {
  double reference, change;        /* change: moving average of its magnitude; negative: none yet */
  double classes[SYN_CLASSES_MAX]; /* their references; NAN: none yet */
  syn_reward waiting[SYN_DELAY_MAX];
  uint32_t given; /* rewards so far */
} syn_reward_state;

/* What a reward of one's own hears of an iteration. Borrowed. */
typedef struct syn_news {
  uint64_t seed;
  uint32_t iteration;       /* 0 is the first */
  double loss, loss_change; /* of the batch, and how it rose by the move */
  double accuracy;          /* on the batch; NAN unless asked for */
  size_t n;                 /* classes */
  const double *classes;    /* (n) as in syn_outcome; NULL unless asked for */
  int new_batch;            /* the batch is another one than that of the iteration before */
} syn_news;

typedef struct syn_rewarder syn_rewarder; /* its own instance; begins with syn_rewarder_class * */

typedef struct syn_rewarder_class {
  const char *name;
  /* may: does it want these? NULL = no. */
  int (*accuracy)(const syn_rewarder *);
  int (*classes)(const syn_rewarder *);
  /* must: a run begins. */
  syn_status (*start)(syn_rewarder *, syn_ctx *ctx);
  /* must: the reward of an iteration. */
  syn_status (*next)(syn_rewarder *, const syn_news *news, syn_reward *out, syn_ctx *ctx);
  /* must: describes what it remembers, for checkpoints. SYN_EINVAL: there are none, and why. */
  syn_status (*state)(syn_rewarder *, syn_state *state, syn_ctx *ctx);
  void (*close)(syn_rewarder *);
} syn_rewarder_class;

struct syn_rewarder {
  const syn_rewarder_class *type;
};

void syn_rewarder_close(syn_rewarder *rewarder); /* NULL is fine */

/* x: what is to fall. */
typedef struct syn_signal_class {
  const char *name, *doc;
  int accuracy, classes; /* does it read these of an outcome, too? */
  /* must: x of the whole batch. */
  double (*of)(syn_score score);
  /* must: how far it fell from the reference, and what that was. */
  double (*change)(double *reference, const syn_reward_state *state, const syn_options *options,
                   const syn_outcome *now);
} syn_signal_class;

/* The reference: what x is compared with. */
typedef struct syn_against_class {
  const char *name, *doc;
  int averages; /* does it read reward_memory? */
  /* must: x has been compared with it; the next one. */
  double (*next)(double reference, double x, const syn_options *options);
} syn_against_class;

/* End with a NULL name. By syn_signal, and by syn_against. */
extern const syn_signal_class syn_signals[];
extern const syn_against_class syn_againsts[];

/* The options of rewards; ends with a NULL name. */
extern const syn_param syn_reward_params[];

/* What holds between them. `labels`: samples have one. SYN_EINVAL. */
syn_status syn_reward_check(const syn_options *options, int labels, syn_ctx *ctx);

/* Before the first iteration, and where a new batch is measured again (remeasure): the reference is
 * what the network has now. */
void syn_reward_reset(syn_reward_state *state, const syn_options *options, syn_outcome now);

/* All as at the start of a run. */
void syn_reward_start(syn_reward_state *state, const syn_options *options, syn_outcome now);

/* The reward that arrives after an iteration that led to `now`. */
syn_reward syn_reward_next(syn_reward_state *state, const syn_options *options, syn_outcome now);

#ifdef __cplusplus
}
#endif

#endif
