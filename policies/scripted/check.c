/* What a rule must hold to (engine/train/policy.h says what that is, tests/contract asks more of the
 * project's own policies), for `synlab rule check`; before each run open.c looks in short. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/clock.h"
#include "policies/registry.h"
#include "policies/scripted/stage.h"
#include "policies/scripted/views.h"

#define COST_SECONDS 0.2
#define COST_MOST    500 /* iterations */

static const syn_plan cost_network = {.groups = 1, .group = {{0, 10, 784, 0}}, .synapses = 7850};

/* ---- the long check ------------------------------------------------------------------------------ */

typedef struct check {
  const syn_rule_source *source;
  const syn_rule_watch *watch;
  syn_rule_report *report;
  double begin;
  unsigned done, of; /* iterations */
} check;

static void ignore(void *self, const char *bytes, size_t n) {
  (void)self;
  (void)bytes;
  (void)n;
}

static syn_status within_budget(const check *c, syn_ctx *ctx) {
  double seconds = c->source->seconds > 0 ? c->source->seconds : SYN_RULE_CHECK_SECONDS;
  if (syn_clock_thread() - c->begin <= seconds)
    return SYN_OK;
  return syn_fail(ctx, SYN_EFAILED,
                  "%s: it is too slow to be checked: %g s of CPU time were not enough for %u "
                  "iterations of a network of 179 synapses (%u of them done)",
                  c->source->file, seconds, c->of, c->done);
}

/* What came of it. */
typedef struct outcome {
  int moved;
  syn_trace trace; /* of the actions */
} outcome;

/* How it is played. */
typedef struct how {
  uint32_t iterations;
  double epsilon;
  int turned;    /* the rewards are */
  uint64_t seed; /* 0: as it is */
} how;

static syn_status play(check *c, syn_policy *const *policy, size_t policies, how h, outcome *out,
                       syn_ctx *ctx) {
  syn_stage stage;
  uint32_t iterations = h.iterations;
  syn_status status = syn_stage_open(&stage, &syn_stage_network, policy, policies, h.epsilon, ctx);
  stage.turned = h.turned;
  stage.seed = h.seed ? h.seed : stage.seed;
  for (uint32_t t = 0; t < iterations && status == SYN_OK; t++) {
    status = syn_stage_play(&stage, policy, policies, ctx);
    if (c->watch)
      c->watch->tell(c->watch->self, c->done, c->of);
    c->done++;
    if (status == SYN_OK)
      status = within_budget(c, ctx);
  }
  if (status == SYN_OK && policy[0]->type->save)
    status = policy[0]->type->save(policy[0], "final", ignore, NULL, ctx);
  *out = (outcome){stage.moved, stage.trace};
  syn_stage_close(&stage);
  return status;
}

/* It and another one, in different Lua states, with random actions in between. */
static syn_status play_two(check *c, syn_policy *first, uint32_t iterations, outcome *out,
                           syn_ctx *ctx) {
  syn_policy *policy[2] = {first, NULL};
  syn_rule *rule = (syn_rule *)first;
  rule->opening = SYN_RULE_TWIN; /* they are compared here */
  syn_status status = syn_rule_open_twin(&policy[1], rule, SYN_RULE_ASKED_AGAIN, ctx);
  if (status == SYN_OK && first->type->table)
    status = syn_stage_same_tables(rule, (const syn_rule *)policy[1], ctx);
  if (status == SYN_OK)
    status =
        play(c, policy, 2, (how){.iterations = iterations, .epsilon = SYN_STAGE_EPSILON}, out, ctx);
  syn_policy_close(policy[1]);
  if (status == SYN_OK)
    status = syn_rule_refuse_kept_views(rule, ctx);
  return status;
}

/* One that nothing has happened to: a finite rule is its table and stays as it is. */
static syn_status open_fresh(syn_policy **out, syn_policy *played, syn_ctx *ctx) {
  const syn_rule *rule = (const syn_rule *)played;
  *out = played;
  return rule->info.kind == SYN_RULE_FINITE ? SYN_OK
                                            : syn_rule_open_twin(out, rule, SYN_RULE_TWIN, ctx);
}

/* One alone. */
static syn_status play_one(check *c, syn_policy *policy, how h, outcome *out, syn_ctx *ctx) {
  syn_policy *fresh;
  syn_status status = open_fresh(&fresh, policy, ctx);
  if (status == SYN_OK)
    status = play(c, &fresh, 1, h, out, ctx);
  if (fresh != policy)
    syn_policy_close(fresh);
  return status;
}

/* ---- bounds of parameters ------------------------------------------------------------------------ */

static int is_given(const syn_rule_source *s, const char *name) {
  for (size_t i = 0; i < s->n; i++)
    if (strcmp(s->args[i].name, name) == 0)
      return 1;
  return 0;
}

static syn_status play_bound(check *c, const char *name, double value, const char *which,
                             uint32_t iterations, syn_ctx *ctx) {
  syn_arg args[SYN_RULE_PARAMS_MAX + 1];
  size_t n = 0;
  outcome ignored;
  for (; n < c->source->n && n < SYN_RULE_PARAMS_MAX; n++)
    args[n] = c->source->args[n];
  args[n++] = (syn_arg){.name = name, .kind = SYN_ARG_NUMBER, .number = value};
  syn_ctx inner = {0};
  syn_policy *policy = NULL;
  const syn_rule_source *s = c->source;
  syn_status status =
      syn_rule_open_source(&policy, s->file, s->text, s->size, args, n, SYN_RULE_TWIN, &inner);
  if (status == SYN_OK)
    status = play_two(c, policy, iterations, &ignored, &inner);
  syn_policy_close(policy);
  return status
             ? syn_fail(ctx, status, "with %s = %.10g, its %s: %s", name, value, which, inner.error)
             : SYN_OK;
}

static syn_status play_bounds(check *c, const syn_rule *rule, uint32_t iterations, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  for (const syn_param *p = rule->info.params; p->name && status == SYN_OK; p++) {
    if (is_given(c->source, p->name))
      continue;
    if (isfinite(p->lo) && p->lo != p->value)
      status = play_bound(c, p->name, p->lo, "min", iterations, ctx);
    if (status == SYN_OK && isfinite(p->hi) && p->hi != p->value)
      status = play_bound(c, p->name, p->hi, "max", iterations, ctx);
  }
  return status;
}

static unsigned bounds_of(const check *c, const syn_rule *rule) {
  unsigned n = 0;
  for (const syn_param *p = rule->info.params; p->name; p++)
    if (!is_given(c->source, p->name))
      n += (unsigned)(isfinite(p->lo) && p->lo != p->value) +
           (unsigned)(isfinite(p->hi) && p->hi != p->value);
  return n;
}

/* ---- cost ---------------------------------------------------------------------------------------- */

/* Bytes of the whole network that last from one iteration to the next. */
static size_t kept_by(const syn_rule *rule) {
  size_t bytes = rule->states_own * cost_network.synapses * sizeof(float);
  for (unsigned q = 0; rule->views && q < SYN_QUANTITIES; q++)
    bytes += rule->views->trace[q] ? rule->views->traced[q] * sizeof(float) : 0;
  return bytes;
}

/* A synapse's share; of a table it is its history. */
static void count_bytes(syn_rule_report *report, const syn_rule *rule) {
  size_t n = cost_network.synapses, kept = kept_by(rule), all = kept + rule->info.temporaries;
  int local = rule->info.kind == SYN_RULE_LOCAL;
  report->bytes = local ? (all + n - 1) / n : 1;
  report->kept = local ? (kept + n - 1) / n : 1;
}

static syn_status measure(check *c, syn_policy *played, syn_ctx *ctx) {
  syn_stage stage;
  syn_policy *policy;
  syn_status status = open_fresh(&policy, played, ctx);
  if (status)
    return status;
  status = syn_stage_open(&stage, &cost_network, &policy, 1, SYN_STAGE_EPSILON, ctx);
  double begin = syn_clock_thread(), spent = 0;
  uint32_t t = 0;
  for (; t < COST_MOST && spent < COST_SECONDS && status == SYN_OK;
       t++, spent = syn_clock_thread() - begin)
    status = syn_stage_play_cost(&stage, policy, ctx);
  c->report->microseconds = 1e6 * spent / (t ? t : 1);
  c->report->synapses = stage.n;
  count_bytes(c->report, (const syn_rule *)policy);
  syn_stage_close(&stage);
  if (policy != played)
    syn_policy_close(policy);
  return status;
}

/* ---- warnings ------------------------------------------------------------------------------------ */

static void warn(check *c, const char *text) {
  size_t i = 0;
  while (i + 1 < SYN_RULE_WARNINGS && *c->report->warning[i])
    i++;
  snprintf(c->report->warning[i], sizeof c->report->warning[i], "%.190s", text);
}

static void warn_of_moves(check *c, const syn_rule *rule, int moved, int moved_alone) {
  if (!moved)
    warn(c, "it never moves: all its actions were 0, whatever synapses had done before");
  else if (!moved_alone)
    warn(c,
         rule->info.kind == SYN_RULE_LOCAL
             ? "left alone it never moves: where nothing has moved, it does not either; run it "
               "with epsilon > 0"
             : "left alone it never moves: from rest it rests for ever; run it with epsilon > 0");
}

/* Is it told of rewards, or of losses? */
static int hears(const syn_rule *rule) {
  const unsigned news = 1u << SYN_SEES_REWARD | 1u << SYN_SEES_REWARD_VALUE |
                        1u << SYN_SEES_REWARD_TRACE | 1u << SYN_SEES_LOSS |
                        1u << SYN_SEES_LOSS_CHANGE;
  return rule->info.kind == SYN_RULE_LOCAL      ? (rule->sees & news) != 0
         : rule->info.kind == SYN_RULE_LEARNING ? 1
                                                : rule->info.history > 0;
}

/* Are its actions others where each reward is turned over? */
static syn_status look_at_rewards(check *c, syn_policy *policy, const outcome *before,
                                  syn_ctx *ctx) {
  outcome turned;
  const how h = {.iterations = c->report->iterations, .epsilon = SYN_STAGE_EPSILON, .turned = 1};
  if (!before->moved || !hears((const syn_rule *)policy))
    return SYN_OK;
  syn_status status = play_one(c, policy, h, &turned, ctx);
  if (status == SYN_OK && turned.trace == before->trace)
    warn(c, "the reward changes nothing that it does: it acts alike where every reward, and every "
            "change of the loss, is turned over");
  return status;
}

static void look_at_memory(check *c, syn_policy *policy) {
  syn_state state = {0};
  syn_ctx why = {0};
  char text[sizeof why.error + 32];
  if (policy->type->state && policy->type->state(policy, &state, &why) == SYN_EINVAL) {
    const char *behind = strstr(why.error, ": "); /* the name of the file */
    snprintf(text, sizeof text, "no checkpoints: %s", behind ? behind + 2 : why.error);
    warn(c, text);
  }
  syn_state_close(&state);
}

/* Left alone, from rest, and once more with another seed. */
static syn_status look_at_moves(check *c, syn_policy *policy, int moved, uint32_t iterations,
                                syn_ctx *ctx) {
  outcome alone, again;
  syn_status status = play_one(c, policy, (how){.iterations = iterations}, &alone, ctx);
  if (status == SYN_OK)
    status = play_one(c, policy, (how){.iterations = iterations, .seed = 2}, &again, ctx);
  if (status)
    return status;
  warn_of_moves(c, (const syn_rule *)policy, moved, alone.moved);
  c->report->explores = alone.moved && alone.trace != again.trace;
  return SYN_OK;
}

/* ---- all of it ----------------------------------------------------------------------------------- */

syn_status syn_rule_check(syn_rule_report *report, const syn_rule_source *source,
                          uint32_t iterations, const syn_rule_watch *watch, syn_ctx *ctx) {
  syn_policy *policy = NULL;
  outcome first = {0};
  check c = {.source = source, .watch = watch, .report = report, .begin = syn_clock_thread()};
  *report = (syn_rule_report){.iterations = iterations};
  syn_status status = syn_rule_open_source(&policy, source->file, source->text, source->size,
                                           source->args, source->n, SYN_RULE_WHOLE, ctx);
  if (status)
    return status;
  const syn_rule *rule = (const syn_rule *)policy;
  uint32_t fewer = iterations / 4;
  snprintf(report->name, sizeof report->name, "%s", rule->info.name);
  report->kind = rule->info.kind;
  report->history = rule->info.history;
  c.of = iterations + (hears(rule) ? iterations : 0) + (2 + bounds_of(&c, rule)) * fewer;
  status = play_two(&c, policy, iterations, &first, ctx);
  if (status == SYN_OK)
    status = look_at_moves(&c, policy, first.moved, fewer, ctx);
  if (status == SYN_OK)
    status = look_at_rewards(&c, policy, &first, ctx);
  if (status == SYN_OK)
    status = play_bounds(&c, rule, fewer, ctx);
  if (status == SYN_OK)
    status = measure(&c, policy, ctx);
  if (status == SYN_OK)
    look_at_memory(&c, policy);
  report->seconds = syn_clock_thread() - c.begin;
  syn_policy_close(policy);
  return status;
}
