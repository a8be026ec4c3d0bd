/* The contract that a rule must keep, played on a made-up network (engine/train/policy.h says what
 * it is, tests/contract asks more of the project's own policies). */
#include <stdlib.h>
#include <string.h>

#include "engine/base/random.h"
#include "policies/common.h"
#include "policies/qvalues.h"
#include "policies/rule_internal.h"

#define SEED 1

typedef struct stage {
  syn_shape shape;
  size_t n;
  unsigned history, locals, reward_code;
  int8_t reward;
  uint8_t *local, *after;   /* (n) */
  int8_t *action[2], *last; /* (n) */
  int8_t *expected;         /* (n) */
  uint8_t *scratch;         /* (n) */
  syn_layer_view layer[SYN_LAYERS_MAX];
  syn_arena arena;
} stage;

static float *random_floats(stage *s, size_t n, uint32_t major) {
  float *x = syn_arena_take(&s->arena, n, sizeof *x);
  for (size_t i = 0; x && i < n; i++)
    x[i] = 2.0f * syn_random_uniform(SEED, SYN_STREAM_POINTS, major, i) - 1.0f;
  return x;
}

static syn_status open_stage(stage *s, const syn_policy *policy, syn_ctx *ctx) {
  *s = (stage){.shape = {2, {12, 11, 3}, SYN_RELU, SYN_IDENTITY}}; /* 179 synapses */
  s->n = syn_shape_synapses(&s->shape);
  s->history = policy->class->history(policy);
  s->locals = 1;
  for (unsigned i = 0; i < s->history; i++)
    s->locals *= 3;
  s->reward_code = syn_history_zero(s->locals);
  uint8_t *bytes = syn_arena_take(&s->arena, 7, s->n);
  const float *weights = random_floats(s, s->n, 0);
  int taken = bytes && weights;
  for (size_t l = 0; l < s->shape.layers; l++) {
    size_t first = syn_shape_offset(&s->shape, l), in = s->shape.units[l],
           out = s->shape.units[l + 1];
    const float *pre = random_floats(s, in, 1 + (uint32_t)l);
    const float *post = random_floats(s, out, 2 + (uint32_t)l);
    taken = taken && pre && post;
    s->layer[l] = (syn_layer_view){first, in, out, weights ? weights + first : NULL, pre, post};
  }
  if (!taken)
    return syn_fail_memory(ctx, "a made-up network");
  s->local = bytes;
  s->after = bytes + s->n;
  s->scratch = bytes + 2 * s->n;
  s->last = (int8_t *)bytes + 3 * s->n;
  s->expected = (int8_t *)bytes + 4 * s->n;
  s->action[0] = (int8_t *)bytes + 5 * s->n;
  s->action[1] = (int8_t *)bytes + 6 * s->n;
  memset(s->local, (int)s->reward_code, s->n);
  return SYN_OK;
}

/* What the engine's kernels make of the table, on every instruction set at hand. */
static syn_status check_table(stage *s, const syn_table *table, uint32_t iteration,
                              const char *file, syn_ctx *ctx) {
  syn_step_table step = {.locals = s->locals, .stochastic = table->stochastic};
  size_t first = (size_t)s->reward_code * s->locals;
  memcpy(step.action, table->action + first, s->locals);
  memcpy(step.low, table->low + first, s->locals * sizeof *step.low);
  memcpy(step.high, table->high + first, s->locals * sizeof *step.high);
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (const char **isa = offered; *isa; isa++) {
    const syn_kernels *kernels;
    syn_status status = syn_kernels_get(&kernels, *isa, ctx);
    if (status)
      return status;
    kernels->policy_step(s->expected, s->scratch, s->local, NULL, &step, SEED, iteration, s->n);
    if (memcmp(s->expected, s->action[0], s->n) != 0)
      return syn_fail(ctx, SYN_EFAILED, "%s: iteration %u: its table acts otherwise under %s", file,
                      iteration + 1, *isa);
  }
  return SYN_OK;
}

static syn_status act(stage *s, syn_policy *const policy[2], uint32_t iteration, const char *file,
                      syn_ctx *ctx) {
  syn_view view = {SEED,           iteration, s->n,    s->history,      s->locals, s->local,
                   s->reward_code, s->reward, s->last, s->shape.layers, s->layer};
  for (int i = 0; i < 2; i++) {
    memset(s->action[i], 100, s->n);
    syn_status status = policy[i]->class->act(policy[i], &view, s->action[i], ctx);
    if (status)
      return status;
  }
  for (size_t k = 0; k < s->n; k++)
    if (s->action[0][k] < -1 || s->action[0][k] > 1)
      return syn_fail(ctx, SYN_EFAILED, "%s: iteration %u: synapse %zu got the action %d", file,
                      iteration + 1, k, s->action[0][k]);
  if (memcmp(s->action[0], s->action[1], s->n) != 0)
    return syn_fail(ctx, SYN_EFAILED, "%s: iteration %u: two equal instances act differently", file,
                    iteration + 1);
  const syn_table *table = policy[0]->class->table ? policy[0]->class->table(policy[0]) : NULL;
  return table ? check_table(s, table, iteration, file, ctx) : SYN_OK;
}

static syn_status learn(stage *s, syn_policy *const policy[2], uint32_t iteration, syn_ctx *ctx) {
  for (size_t k = 0; k < s->n; k++)
    s->after[k] = syn_history_shift(s->local[k], s->action[0][k], s->locals);
  s->reward = syn_random_bits(SEED, SYN_STREAM_BATCH, 0, iteration) & 1 ? 1 : -1;
  unsigned code = syn_history_shift((uint8_t)s->reward_code, s->reward, s->locals);
  syn_transition step = {SEED,     iteration,      s->n, s->locals,    s->local,
                         s->after, s->reward_code, code, s->action[0], s->reward, s->reward};
  syn_status status = SYN_OK;
  for (int i = 0; i < 2 && status == SYN_OK; i++)
    if (policy[i]->class->learn)
      status = policy[i]->class->learn(policy[i], &step, ctx);
  memcpy(s->local, s->after, s->n);
  memcpy(s->last, s->action[0], s->n);
  s->reward_code = code;
  return status;
}

static void ignore(void *self, const char *bytes, size_t n) {
  (void)self;
  (void)bytes;
  (void)n;
}

static syn_status play(syn_policy *const policy[2], uint32_t iterations, const char *file,
                       syn_ctx *ctx) {
  stage s;
  syn_status status = open_stage(&s, policy[0], ctx);
  for (int i = 0; i < 2 && status == SYN_OK; i++)
    if (policy[i]->class->start)
      status = policy[i]->class->start(policy[i], &s.shape, ctx);
  for (uint32_t t = 0; t < iterations && status == SYN_OK; t++) {
    status = act(&s, policy, t, file, ctx);
    if (status == SYN_OK)
      status = learn(&s, policy, t, ctx);
  }
  if (status == SYN_OK && policy[0]->class->save)
    status = policy[0]->class->save(policy[0], "final", ignore, NULL, ctx);
  syn_arena_close(&s.arena);
  return status;
}

syn_status syn_rule_check(const char *file, const char *text, size_t size, const syn_arg *params,
                          size_t n, uint32_t iterations, syn_ctx *ctx) {
  syn_policy *policy[2] = {NULL, NULL};
  syn_status status = SYN_OK;
  for (int i = 0; i < 2 && status == SYN_OK; i++)
    status = syn_rule_open_text(&policy[i], file, text, size, params, n, ctx);
  if (status == SYN_OK)
    status = play(policy, iterations, file, ctx);
  for (int i = 0; i < 2; i++)
    syn_policy_close(policy[i]);
  return status;
}
