#include "engine/train/reward.h"

#include <math.h>

static double signal_of(const syn_options *o, syn_score score) {
  return o->reward_signal == SYN_SIGNAL_ACCURACY ? 1.0 - score.accuracy : score.loss;
}

void syn_reward_reset(syn_reward_state *state, const syn_options *o, syn_outcome now) {
  state->reference = signal_of(o, now.score);
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

static int is_tie(const syn_options *o, double change, double reference) {
  return fabs(change) <= o->reward_band * fabs(reference);
}

static int8_t sign_of(const syn_options *o, double change, double reference) {
  if (is_tie(o, change, reference))
    return o->reward_tie == SYN_TIE_IS_ZERO ? 0 : -1;
  return change > 0 ? 1 : -1;
}

/* Classes that fell less those that rose. */
static double vote(const syn_reward_state *state, const syn_options *o, syn_outcome now) {
  double sum = 0;
  for (size_t k = 0; k < now.n; k++) {
    double reference = state->classes[k], change = reference - now.classes[k];
    if (!isnan(change) && !is_tie(o, change, reference))
      sum += change > 0 ? 1 : -1;
  }
  return sum;
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

static void follow(double *reference, const syn_options *o, double x) {
  if (o->reward_against == SYN_AGAINST_PREVIOUS)
    *reference = x;
  else if (o->reward_against == SYN_AGAINST_BEST)
    *reference = x < *reference ? x : *reference;
  else
    *reference += (x - *reference) / o->reward_memory;
}

static void follow_all(syn_reward_state *state, const syn_options *o, syn_outcome now) {
  follow(&state->reference, o, signal_of(o, now.score));
  for (size_t k = 0; now.classes && k < now.n; k++) {
    if (isnan(state->classes[k]))
      state->classes[k] = now.classes[k];
    else if (!isnan(now.classes[k]))
      follow(&state->classes[k], o, now.classes[k]);
  }
}

syn_reward syn_reward_next(syn_reward_state *state, const syn_options *o, syn_outcome outcome) {
  int votes = o->reward_signal == SYN_SIGNAL_CLASSES;
  double most = o->reward_levels / 2, reference = votes ? 0 : state->reference;
  double change = votes ? vote(state, o, outcome) : reference - signal_of(o, outcome.score);
  syn_reward now = {.sign = sign_of(o, change, reference)};
  now.value = now.sign;
  if (most > 1)
    now.value *= level_of(state, o, change, most) / most;
  follow_all(state, o, outcome);
  uint32_t delay = (uint32_t)o->reward_delay;
  if (delay == 0)
    return now;
  uint32_t place = state->given++ % delay;
  syn_reward due = state->waiting[place];
  state->waiting[place] = now;
  return due;
}
