#include "engine/net/steps.h"

#include <string.h>

syn_status syn_steps_open(syn_steps *s, const syn_plan *plan, int multiplicative, double rate,
                          double bias_step, syn_arena *arena, syn_ctx *ctx) {
  *s = (syn_steps){
      .plan = plan, .multiplicative = multiplicative, .rate = rate, .bias_step = bias_step};
  s->w0 = syn_arena_take(arena, plan->synapses, sizeof *s->w0);
  s->w = syn_arena_take(arena, plan->synapses, sizeof *s->w);
  if (!multiplicative)
    s->K = syn_arena_take(arena, plan->synapses, sizeof *s->K);
  return s->w0 && s->w && (multiplicative || s->K) ? SYN_OK : syn_fail_memory(ctx, "the weights");
}

/* w = w0 + step * K for a group, or for its biases. */
static void reconstruct_group(syn_steps *s, const syn_group *g, int biases_only) {
  float step = (float)s->rate, bias_step = (float)(s->rate * s->bias_step);
  for (size_t u = 0; u < g->units; u++) {
    size_t row = g->first + u * (g->inputs + 1);
    s->w[row] = s->w0[row] + bias_step * (float)s->K[row];
    for (size_t i = row + 1; i <= row + g->inputs && !biases_only; i++)
      s->w[i] = s->w0[i] + step * (float)s->K[i];
  }
}

static void multiply_group(syn_steps *s, const syn_group *g, const int8_t *action) {
  float step = (float)s->rate, bias_step = (float)(s->rate * s->bias_step);
  for (size_t u = 0, at = g->first; u < g->units; u++)
    for (size_t i = 0; i <= g->inputs; i++, at++)
      s->w[at] += s->w[at] * ((i ? step : bias_step) * (float)action[at]);
}

void syn_steps_move(syn_steps *s, const int8_t *action) {
  for (const syn_group *g = s->plan->group; g < s->plan->group + s->plan->groups; g++) {
    if (s->multiplicative)
      multiply_group(s, g, action);
    else
      reconstruct_group(s, g, g->deferred);
    s->stale |= g->deferred;
  }
}

const float *syn_steps_weights(syn_steps *s) {
  for (const syn_group *g = s->plan->group; s->stale && g < s->plan->group + s->plan->groups; g++)
    if (g->deferred)
      reconstruct_group(s, g, 0);
  s->stale = 0;
  return s->w;
}

void syn_steps_rebase(syn_steps *s) {
  memcpy(s->w0, syn_steps_weights(s), s->plan->synapses * sizeof *s->w0);
  if (s->K)
    memset(s->K, 0, s->plan->synapses * sizeof *s->K);
}

void syn_steps_state(syn_steps *s, syn_state *state) {
  syn_steps_weights(s);
  syn_state_piece(state, &s->rate, sizeof s->rate);
  syn_state_piece(state, s->w0, s->plan->synapses * sizeof *s->w0);
  syn_state_piece(state, s->w, s->plan->synapses * sizeof *s->w);
  if (s->K)
    syn_state_piece(state, s->K, s->plan->synapses * sizeof *s->K);
}
