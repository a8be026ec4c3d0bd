#include "engine/train/reward.h"

#include <math.h>

/* ---- what is to fall --------------------------------------------------------------------------- */

static int is_tie(const syn_options *o, double change, double reference) {
  return fabs(change) <= o->reward_band * fabs(reference);
}

static double loss_of(syn_score score) {
  return score.loss;
}
static double error_of(syn_score score) {
  return 1.0 - score.accuracy;
}

static double fall(double *reference, const syn_reward_state *state, const syn_options *o,
                   const syn_outcome *now) {
  *reference = state->reference;
  return state->reference - syn_signals[o->reward_signal].of(now->score);
}

/* Classes that fell less those that rose. */
static double vote(double *reference, const syn_reward_state *state, const syn_options *o,
                   const syn_outcome *now) {
  double sum = 0;
  *reference = 0;
  for (size_t k = 0; k < now->n; k++) {
    double usual = state->classes[k], change = usual - now->classes[k];
    if (!isnan(change) && !is_tie(o, change, usual))
      sum += change > 0 ? 1 : -1;
  }
  return sum;
}

const syn_signal_class syn_signals[] = {
    [SYN_SIGNAL_LOSS] = {"loss", "the loss of the batch falls", 0, 0, loss_of, fall},
    [SYN_SIGNAL_ACCURACY] = {"accuracy", "the accuracy on the batch rises", 1, 0, error_of, fall},
    [SYN_SIGNAL_CLASSES] = {"classes", "the loss of more labels falls than rises", 0, 1, loss_of,
                            vote},
    {.name = NULL},
};

/* ---- against what ------------------------------------------------------------------------------ */

static double previous(double reference, double x, const syn_options *o) {
  (void)reference;
  (void)o;
  return x;
}

static double best(double reference, double x, const syn_options *o) {
  (void)o;
  return x < reference ? x : reference;
}

static double average(double reference, double x, const syn_options *o) {
  return reference + (x - reference) / o->reward_memory;
}

const syn_against_class syn_againsts[] = {
    [SYN_AGAINST_PREVIOUS] = {"previous", "the iteration before", 0, previous},
    [SYN_AGAINST_BEST] = {"best", "the best so far", 0, best},
    [SYN_AGAINST_AVERAGE] = {"average", "a moving average, see reward_memory", 1, average},
    {.name = NULL},
};

/* ---- options ----------------------------------------------------------------------------------- */

static const char *signal_name(size_t i) {
  return syn_signals[i].name;
}
static const char *signal_doc(size_t i) {
  return syn_signals[i].doc;
}
static const char *against_doc(size_t i) {
  return syn_againsts[i].doc;
}
static const char *against_name(size_t i) {
  return syn_againsts[i].name;
}

static const char *const ties[] = {"penalty", "zero", NULL};
static const int8_t tie_signs[] = {[SYN_TIE_IS_PENALTY] = -1, [SYN_TIE_IS_ZERO] = 0};

static int hears(const void *options) {
  const syn_options *o = options;
  return o->method == SYN_METHOD_SYNAPTIC && !o->own_reward;
}

static int remembers(const void *options) {
  const syn_options *o = options;
  return hears(o) && (syn_againsts[o->reward_against].averages || o->reward_levels > 2);
}

static const syn_scope rewarded = {"method = 'synaptic' without a reward of one's own", hears};
static const syn_scope averaging = {"method = 'synaptic' with reward_against = 'average' or "
                                    "reward_levels above 2, without a reward of "
                                    "one's own",
                                    remembers};

#define AT(field) .offset = offsetof(syn_options, field)

const syn_param syn_reward_params[] = {
    {SYN_CHOICE_OF("reward_signal", "loss", signal_name, signal_doc,
                   "what is to get better for a reward"),
     AT(reward_signal), .scope = &rewarded},
    {SYN_CHOICE_OF("reward_against", "previous", against_name, against_doc, "better than what"),
     AT(reward_against), .scope = &rewarded},
    {SYN_NUMBER("reward_memory", "iterations", 10, 1, 1e6,
                "of moving averages: of the signal, of its changes"),
     AT(reward_memory), .scope = &averaging},
    {SYN_CHOICE("reward_tie", "penalty", ties,
                "a tie is a penalty (equation 3), or no reward at all"),
     AT(reward_tie), .scope = &rewarded},
    {SYN_NUMBER("reward_band", "", 0, 0, 1,
                "a change of at most this share of the reference is a tie"),
     AT(reward_band), .scope = &rewarded},
    {SYN_INTEGER(
         "reward_levels", "", 2, 2, 20,
         "even: levels of magnitude that Q learns from; 2 = the sign. Histories hold signs"),
     AT(reward_levels), .scope = &rewarded},
    {SYN_INTEGER("reward_delay", "iterations", 0, 0, SYN_DELAY_MAX,
                 "the reward arrives so much later"),
     AT(reward_delay), .scope = &rewarded},
    {.name = NULL},
};

syn_status syn_reward_check(const syn_options *o, int labels, syn_ctx *ctx) {
  const syn_signal_class *signal = &syn_signals[o->reward_signal];
  if (signal->classes && !labels)
    return syn_fail(
        ctx, SYN_EINVAL,
        "reward_signal = '%s' is for samples with labels, such as images; this task has "
        "none",
        signal->name);
  if (fmod(o->reward_levels, 2) != 0)
    return syn_fail(ctx, SYN_EINVAL, "reward_levels = %.0f must be even: as many up as down",
                    o->reward_levels);
  return SYN_OK;
}

void syn_rewarder_close(syn_rewarder *rewarder) {
  if (rewarder)
    rewarder->type->close(rewarder);
}

/* ---- the reward -------------------------------------------------------------------------------- */

void syn_reward_reset(syn_reward_state *state, const syn_options *o, syn_outcome now) {
  state->reference = syn_signals[o->reward_signal].of(now.score);
  for (size_t k = 0; now.classes && k < now.n; k++)
    if (!isnan(now.classes[k]))
      state->classes[k] = now.classes[k];
}

void syn_reward_start(syn_reward_state *state, const syn_options *o, syn_outcome now) {
  *state = (syn_reward_state){.change = -1};
  for (size_t k = 0; k < SYN_CLASSES_MAX; k++)
    state->classes[k] = NAN;
  syn_reward_reset(state, o, now);
}

static int8_t sign_of(const syn_options *o, double change, double reference) {
  if (is_tie(o, change, reference))
    return tie_signs[o->reward_tie];
  return change > 0 ? 1 : -1;
}

/* Level of a change, 1 .. most, by its size against the usual one. */
static double level_of(syn_reward_state *state, const syn_options *o, double change, double most) {
  double size = fabs(change), level = 1;
  if (!isfinite(size))
    return most;
  if (state->change < 0)
    state->change = size;
  while (level < most && size >= level * state->change)
    level++;
  state->change += (size - state->change) / o->reward_memory;
  return level;
}

static void follow(syn_reward_state *state, const syn_options *o, const syn_outcome *now) {
  const syn_against_class *against = &syn_againsts[o->reward_against];
  double x = syn_signals[o->reward_signal].of(now->score);
  state->reference = against->next(state->reference, x, o);
  for (size_t k = 0; now->classes && k < now->n; k++) {
    if (isnan(state->classes[k]))
      state->classes[k] = now->classes[k];
    else if (!isnan(now->classes[k]))
      state->classes[k] = against->next(state->classes[k], now->classes[k], o);
  }
}

syn_reward syn_reward_next(syn_reward_state *state, const syn_options *o, syn_outcome outcome) {
  double most = o->reward_levels / 2, reference;
  double change = syn_signals[o->reward_signal].change(&reference, state, o, &outcome);
  syn_reward now = {.sign = sign_of(o, change, reference)};
  now.value = now.sign;
  if (most > 1)
    now.value *= level_of(state, o, change, most) / most;
  follow(state, o, &outcome);
  uint32_t delay = (uint32_t)o->reward_delay;
  if (delay == 0)
    return now;
  uint32_t place = state->given++ % delay;
  syn_reward due = state->waiting[place];
  state->waiting[place] = now;
  return due;
}
