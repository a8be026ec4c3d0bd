#include "policies/scripted/stage.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "policies/common.h"

const syn_plan syn_stage_network = {
    .groups = 2, .group = {{0, 11, 12, 0}, {143, 3, 11, 0}}, .synapses = 179};

#define SEED 1

static float *random_floats(syn_stage *s, size_t n, uint32_t major) {
  float *x = syn_arena_take(&s->arena, n, sizeof *x);
  for (size_t i = 0; x && i < n; i++)
    x[i] = 2.0f * syn_random_uniform(SEED, SYN_STREAM_POINTS, major, i) - 1.0f;
  return x;
}

static int take_layers(syn_stage *s, const float *weights) {
  int taken = 1;
  for (size_t l = 0; l < s->plan->groups; l++) {
    size_t first = s->plan->group[l].first, in = s->plan->group[l].inputs,
           out = s->plan->group[l].units;
    const float *pre = random_floats(s, in, 1 + (uint32_t)l);
    const float *post = random_floats(s, out, 2 + (uint32_t)l);
    taken = taken && pre && post;
    s->layer[l] = (syn_layer_view){first, in, out, weights + first, pre, post};
  }
  return taken;
}

static syn_status start(const syn_stage *s, syn_policy *policy, const char *isa, syn_ctx *ctx) {
  const syn_kernels *kernels;
  syn_status status = syn_kernels_get(&kernels, isa, ctx);
  return status ? status : policy->type->start(policy, s->plan, kernels, ctx);
}

syn_status syn_stage_open(syn_stage *s, const syn_plan *plan, syn_policy *const *policy,
                          size_t policies, double epsilon, syn_ctx *ctx) {
  *s = (syn_stage){
      .plan = plan, .epsilon = epsilon, .loss = 1, .seed = SEED, .trace = SYN_TRACE_START};
  s->n = plan->synapses;
  s->history = policy[0]->type->history(policy[0]);
  s->locals = syn_locals(s->history);
  s->reward_code = syn_history_zero(s->locals);
  uint8_t *bytes = syn_arena_take(&s->arena, 7, s->n);
  const float *weights = random_floats(s, s->n, 0);
  if (!bytes || !weights || !take_layers(s, weights))
    return syn_fail_memory(ctx, "a made-up network");
  s->local = bytes;
  s->after = bytes + s->n;
  s->scratch = bytes + 2 * s->n;
  s->last = (int8_t *)bytes + 3 * s->n;
  s->expected = (int8_t *)bytes + 4 * s->n;
  s->action[0] = (int8_t *)bytes + 5 * s->n;
  s->action[1] = (int8_t *)bytes + 6 * s->n;
  memset(s->local, (int)s->reward_code, s->n);
  syn_status status = SYN_OK;
  for (size_t i = 0; i < policies && status == SYN_OK; i++)
    status = start(s, policy[i], i ? "portable" : NULL, ctx);
  return status;
}

void syn_stage_close(syn_stage *s) {
  syn_arena_close(&s->arena);
}

/* ---- comparing ----------------------------------------------------------------------------------- */

static const char *const DIFFERS =
    "it answers differently in two Lua states, %s and %s, so it would from run to run";

/* "-1" or "{0.25, 0.5, 0.25}" */
static void answer_text(const syn_rule *rule, size_t state, char *text, size_t size) {
  uint32_t low = rule->low[state], high = rule->high[state];
  if (low % 65536 == 0 && high % 65536 == 0)
    snprintf(text, size, rule->action[state] ? "%+d" : "%d", rule->action[state]);
  else
    snprintf(text, size, "{%g, %g, %g}", low / 65536.0, (high - low) / 65536.0,
             (65536 - high) / 65536.0);
}

static syn_status fail_differs(const char *file, const char *place, const char *one,
                               const char *two, uint32_t iteration, syn_ctx *ctx) {
  char what[256], when[48] = "";
  snprintf(what, sizeof what, DIFFERS, one, two);
  if (iteration)
    snprintf(when, sizeof when, ", iteration %u", iteration);
  return syn_fail(ctx, SYN_EFAILED, "%s: %s (%s%s)", file, what, place, when);
}

/* Of two rules with tables, over the states [first, end). */
static syn_status same_answers(const syn_rule *a, const syn_rule *b, size_t first, size_t end,
                               uint32_t iteration, syn_ctx *ctx) {
  for (size_t s = first; s < end; s++) {
    if (a->action[s] == b->action[s] && a->low[s] == b->low[s] && a->high[s] == b->high[s])
      continue;
    char place[160], one[80], two[80];
    size_t n = (size_t)snprintf(place, sizeof place, "act, ");
    syn_rule_state_text(a, s, place + n, sizeof place - n);
    answer_text(a, s, one, sizeof one);
    answer_text(b, s, two, sizeof two);
    return fail_differs(a->info.file, place, one, two, iteration, ctx);
  }
  return SYN_OK;
}

syn_status syn_stage_same_tables(const syn_rule *a, const syn_rule *b, syn_ctx *ctx) {
  return same_answers(a, b, 0, (size_t)a->table.locals * a->table.locals, 0, ctx);
}

/* The actions of a local rule. */
static syn_status same_actions(const syn_stage *s, const syn_rule *rule, syn_ctx *ctx) {
  size_t k = 0, l = 0;
  while (k < s->n && s->action[0][k] == s->action[1][k])
    k++;
  if (k == s->n)
    return SYN_OK;
  while (l + 1 < s->plan->groups && s->layer[l + 1].first <= k)
    l++;
  char place[96], one[8], two[8];
  size_t columns = s->layer[l].inputs + 1, at = k - s->layer[l].first;
  snprintf(place, sizeof place, "step, layer %zu of %zu, unit %zu, input %zu", l + 1,
           s->plan->groups, at / columns + 1, at % columns);
  snprintf(one, sizeof one, "%d", s->action[0][k]);
  snprintf(two, sizeof two, "%d", s->action[1][k]);
  return fail_differs(rule->info.file, place, one, two, s->iteration + 1, ctx);
}

/* The table at the current reward code, for a kernel. */
static void cut_table(syn_step_table *step, const syn_stage *s, const syn_table *table) {
  size_t first = (size_t)s->reward_code * s->locals;
  *step = (syn_step_table){.locals = s->locals, .stochastic = table->stochastic};
  memcpy(step->action, table->action + first, s->locals);
  memcpy(step->low, table->low + first, s->locals * sizeof *step->low);
  memcpy(step->high, table->high + first, s->locals * sizeof *step->high);
}

/* What the engine's kernels make of the table, on every instruction set at hand. */
static syn_status check_table(syn_stage *s, const syn_table *table, const char *file,
                              syn_ctx *ctx) {
  syn_step_table step;
  cut_table(&step, s, table);
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (const char **isa = offered; *isa; isa++) {
    const syn_kernels *kernels;
    syn_status status = syn_kernels_get(&kernels, *isa, ctx);
    if (status)
      return status;
    kernels->policy_step(s->expected, s->scratch, s->local, NULL, &step, s->seed, s->iteration,
                         s->n);
    if (memcmp(s->expected, s->action[0], s->n) != 0)
      return syn_fail(ctx, SYN_EFAILED, "%s: iteration %u: its table acts otherwise under %s", file,
                      s->iteration + 1, *isa);
  }
  return SYN_OK;
}

/* ---- playing ------------------------------------------------------------------------------------- */

/* The status of both: where one fails and the other does not, they differ, and the error says how. */
static void note(syn_stage *s, syn_status *all, size_t which, syn_status one) {
  s->differ |= which > 0 && !one != !*all;
  *all = *all ? *all : one;
}

static syn_status same(syn_stage *s, syn_policy *const *policy, syn_ctx *ctx) {
  const syn_rule *rule = (const syn_rule *)policy[0];
  if (rule->info.kind == SYN_RULE_LOCAL)
    return same_actions(s, rule, ctx);
  size_t first = (size_t)s->reward_code * s->locals;
  syn_status status = same_answers(rule, (const syn_rule *)policy[1], first, first + s->locals,
                                   s->iteration + 1, ctx);
  return status ? status : check_table(s, &rule->table, rule->info.file, ctx);
}

static syn_status act(syn_stage *s, syn_policy *const *policy, size_t policies, syn_ctx *ctx) {
  syn_view view = {.seed = s->seed,
                   .iteration = s->iteration,
                   .n = s->n,
                   .history = s->history,
                   .locals = s->locals,
                   .local = s->local,
                   .reward_code = s->reward_code,
                   .reward = s->reward,
                   .value = s->reward,
                   .loss = s->loss,
                   .loss_change = s->loss_change,
                   .last = s->last,
                   .layers = s->plan->groups,
                   .layer = s->layer};
  syn_status status = SYN_OK;
  for (size_t i = 0; i < policies; i++)
    note(s, &status, i, policy[i]->type->act(policy[i], &view, s->action[i], ctx));
  if (status)
    return status;
  for (size_t k = 0; k < s->n; k++)
    s->moved |= s->action[0][k] != 0;
  s->trace = syn_trace_bytes(s->trace, s->action[0], s->n);
  if (policies == 2)
    s->differ = (status = same(s, policy, ctx)) != SYN_OK;
  return status;
}

/* Here and there another action than the rule's, as exploration would have it. */
static void explore(syn_stage *s) {
  syn_step_table step = {.locals = 3, .action = {-1, 0, 1}};
  syn_explore_thresholds(step.explore, s->epsilon);
  for (size_t k = 0; k < s->n && step.explore[2]; k++) {
    uint32_t u = syn_synapse_bits(SEED, SYN_STREAM_EXPLORE, s->iteration, k);
    if (u < step.explore[2])
      s->action[0][k] = (int8_t)(u < step.explore[0] ? -1 : u < step.explore[1] ? 0 : 1);
  }
}

static syn_status learn(syn_stage *s, syn_policy *const *policy, size_t policies, syn_ctx *ctx) {
  for (size_t k = 0; k < s->n; k++)
    s->after[k] = syn_history_shift(s->local[k], syn_history_symbol(s->action[0][k]), s->locals);
  s->reward = syn_random_bits(SEED, SYN_STREAM_BATCH, 0, s->iteration) & 1 ? 1 : -1;
  s->reward = s->turned ? (int8_t)-s->reward : s->reward;
  s->loss_change = -0.01 * s->reward * syn_random_uniform(SEED, SYN_STREAM_BATCH, 1, s->iteration);
  s->loss += s->loss_change;
  unsigned code = syn_history_shift((uint8_t)s->reward_code, s->reward, s->locals);
  syn_transition step = {s->seed,   s->iteration,   s->n,          s->locals,    s->local,
                         s->after,  s->reward_code, code,          s->action[0], s->reward,
                         s->reward, s->loss,        s->loss_change};
  syn_status status = SYN_OK;
  for (size_t i = 0; i < policies && policy[0]->type->learn; i++)
    note(s, &status, i, policy[i]->type->learn(policy[i], &step, ctx));
  memcpy(s->local, s->after, s->n);
  memcpy(s->last, s->action[0], s->n);
  s->reward_code = code;
  return status;
}

syn_status syn_stage_play(syn_stage *s, syn_policy *const *policy, size_t policies, syn_ctx *ctx) {
  syn_status status = act(s, policy, policies, ctx);
  if (status)
    return status;
  explore(s);
  status = learn(s, policy, policies, ctx);
  s->iteration++;
  return status;
}

syn_status syn_stage_play_cost(syn_stage *s, syn_policy *policy, syn_ctx *ctx) {
  const syn_rule *rule = (const syn_rule *)policy;
  if (rule->info.kind == SYN_RULE_LOCAL) {
    syn_status status = act(s, &policy, 1, ctx);
    memcpy(s->last, s->action[0], s->n);
    s->iteration++;
    return status;
  }
  const syn_kernels *kernels;
  syn_status status = syn_kernels_get(&kernels, NULL, ctx);
  if (status)
    return status;
  syn_step_table step;
  cut_table(&step, s, &rule->table);
  kernels->policy_step(s->action[0], s->scratch, s->local, NULL, &step, s->seed, s->iteration,
                       s->n);
  status = learn(s, &policy, 1, ctx);
  s->iteration++;
  return status;
}
