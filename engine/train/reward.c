#include "engine/train/reward.h"

#include <math.h>

static double signal_of(const syn_options *o, syn_score score) {
  return o->reward_signal == SYN_SIGNAL_ACCURACY ? 1.0 - score.accuracy : score.loss;
}

void syn_reward_reset(syn_reward_state *state, const syn_options *o, syn_score score) {
  state->reference = signal_of(o, score);
}

void syn_reward_start(syn_reward_state *state, const syn_options *o, syn_score score) {
  *state = (syn_reward_state){.change = -1};
  syn_reward_reset(state, o, score);
}

static int8_t sign_of(const syn_options *o, double change, double reference) {
  if (fabs(change) <= o->reward_band * fabs(reference))
    return o->reward_tie == SYN_TIE_IS_ZERO ? 0 : -1;
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

static void follow(syn_reward_state *state, const syn_options *o, double x) {
  if (o->reward_against == SYN_AGAINST_PREVIOUS)
    state->reference = x;
  else if (o->reward_against == SYN_AGAINST_BEST)
    state->reference = x < state->reference ? x : state->reference;
  else
    state->reference += (x - state->reference) / o->reward_memory;
}

syn_reward syn_reward_next(syn_reward_state *state, const syn_options *o, syn_score score) {
  double x = signal_of(o, score), change = state->reference - x, most = o->reward_levels / 2;
  syn_reward now = {.sign = sign_of(o, change, state->reference)};
  now.value = now.sign;
  if (most > 1)
    now.value *= level_of(state, o, change, most) / most;
  follow(state, o, x);
  uint32_t delay = (uint32_t)o->reward_delay;
  if (delay == 0)
    return now;
  uint32_t place = state->given++ % delay;
  syn_reward due = state->waiting[place];
  state->waiting[place] = now;
  return due;
}
