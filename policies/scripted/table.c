/* Rules with a finite state: act becomes a table, and learn hears the distinct transitions. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policies/common.h"
#include "policies/sandbox/fields.h"
#include "policies/tables/qvalues.h"
#include "policies/scripted/internal.h"

static const char ACT_DRAWS[] =
    "act cannot draw; it may return {p_dec, p_null, p_inc}, and every synapse draws";

/* ---- asking act ------------------------------------------------------------------------------ */

typedef struct answer {
  int8_t action; /* of a distribution the likeliest, the lowest of equals */
  int stochastic;
  uint32_t low, high; /* thresholds, as in syn_step_table */
} answer;

static void answer_text(const answer *x, char *text, size_t size) {
  if (x->stochastic)
    snprintf(text, size, "{%g, %g, %g}", x->low / 65536.0, (x->high - x->low) / 65536.0,
             (65536 - x->high) / 65536.0);
  else
    snprintf(text, size, x->action ? "%+d" : "%d", x->action);
}

/* What was returned, in words. Pushes a string. */
static const char *returned(lua_State *L, int index) {
  return lua_isnil(L, index) ? "nothing" : syn_rule_shown(L, index);
}

/* The same where three numbers were wanted. */
static const char *returned_list(lua_State *L) {
  if (!lua_istable(L, -1))
    return returned(L, -1);
  int kind = lua_rawgeti(L, -1, -1);
  lua_pop(L, 1);
  return kind == LUA_TNIL ? lua_pushfstring(L, "a list of %I", syn_sandbox_border(L, -1))
                          : "a table by action, {[-1] = ...}";
}

/* A list of chances, on top of the stack. */
static answer read_chances(lua_State *L, const syn_rule *rule) {
  double p[3];
  if (syn_sandbox_border(L, -1) != 3)
    syn_rule_fail(L, rule->act,
                  "act returned %s; a distribution is the list {p_dec, p_null, p_inc}",
                  returned_list(L));
  for (int i = 0; i < 3; i++) {
    int kind = lua_rawgeti(L, -1, i + 1);
    p[i] = lua_tonumber(L, -1);
    if (kind != LUA_TNUMBER || !(p[i] >= 0.0 && p[i] <= 1.0))
      syn_rule_fail(L, rule->act,
                    "act returned %s as number %d of {p_dec, p_null, p_inc}; each is from 0 to 1",
                    returned(L, -1), i + 1);
    lua_pop(L, 1);
  }
  double sum = (p[0] + p[1]) + p[2];
  if (!(fabs(sum - 1.0) <= 1e-6))
    syn_rule_fail(
        L, rule->act,
        "act returned {%g, %g, %g}, which sums to %.9g; {p_dec, p_null, p_inc} must sum to 1", p[0],
        p[1], p[2], sum);
  int best = p[1] > p[0] ? 1 : 0;
  best = p[2] > p[best] ? 2 : best;
  answer x = {.action = (int8_t)(best - 1), .stochastic = 1};
  x.low = (uint32_t)(p[0] * 65536.0 + 0.5);
  x.high = p[2] == 0.0 ? 65536 : (uint32_t)((p[0] + p[1]) * 65536.0 + 0.5);
  x.high = x.high > 65536 ? 65536 : x.high < x.low ? x.low : x.high;
  return x;
}

/* What act returned, on top of the stack. */
static answer read_answer(lua_State *L, const syn_rule *rule) {
  if (lua_istable(L, -1))
    return read_chances(L, rule);
  double a = lua_tonumber(L, -1);
  if (lua_type(L, -1) != LUA_TNUMBER || !(a == -1.0 || a == 0.0 || a == 1.0))
    syn_rule_fail(L, rule->act,
                  "act returned %s; it must return -1, 0 or 1, or {p_dec, p_null, p_inc}",
                  returned(L, -1));
  return (answer){.action = (int8_t)a, .low = a < 0.0 ? 65536 : 0, .high = a <= 0.0 ? 65536 : 0};
}

/* Calls f(s, p, m) for a state; one result on the stack. */
static void call_with_state(lua_State *L, syn_rule *rule, int f, size_t number) {
  rule->now.state = (long)number;
  lua_rawgeti(L, LUA_REGISTRYINDEX, f);
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->states);
  lua_rawgeti(L, -1, (lua_Integer)number + 1);
  lua_remove(L, -2);
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->params);
  if (rule->memory == LUA_NOREF)
    lua_pushnil(L);
  else
    lua_rawgeti(L, LUA_REGISTRYINDEX, rule->memory);
  lua_call(L, 3, 1);
}

static answer ask(lua_State *L, syn_rule *rule, size_t number) {
  call_with_state(L, rule, rule->act, number);
  answer x = read_answer(L, rule);
  lua_pop(L, 1);
  return x;
}

/* Asks the states [asked, asked_end) into the table. */
static int tabulate(lua_State *L) {
  syn_rule *rule = lua_touserdata(L, 1);
  rule->now.function = "act";
  for (size_t s = rule->asked; s < rule->asked_end; s++) {
    answer x = ask(L, rule, s);
    rule->table.stochastic |= x.stochastic;
    rule->action[s] = x.action;
    rule->low[s] = x.low;
    rule->high[s] = x.high;
  }
  rule->table.version++;
  rule->now.state = -1;
  return 0;
}

/* Asks again, backwards, so that no counter in the rule goes unnoticed. */
static int ask_again(lua_State *L) {
  syn_rule *rule = lua_touserdata(L, 1);
  rule->now.function = "act";
  for (size_t s = rule->asked_end; s-- > rule->asked;) {
    answer x = ask(L, rule, s);
    if (x.action == rule->action[s] && x.low == rule->low[s] && x.high == rule->high[s])
      continue;
    answer first = {rule->action[s], rule->table.stochastic, rule->low[s], rule->high[s]};
    char one[64], two[64];
    answer_text(&first, one, sizeof one);
    answer_text(&x, two, sizeof two);
    return syn_rule_fail(
        L, rule->act,
        "act answers differently when asked twice, %s and then %s; it may depend on nothing but "
        "its arguments%s",
        one, two,
        rule->memory == LUA_NOREF ? "" : ", and what it changes in the memory must not show");
  }
  rule->now.state = -1;
  return 0;
}

int syn_rule_make_memory(lua_State *L) {
  syn_rule *rule = lua_touserdata(L, 1);
  const char *changer = rule->info.kind == SYN_RULE_LOCAL    ? "step"
                        : rule->info.kind == SYN_RULE_REWARD ? "value"
                                                             : "learn",
             *own = rule->info.kind == SYN_RULE_REWARD ? "memory" : "init";
  rule->now.function = own;
  luaL_unref(L, LUA_REGISTRYINDEX, rule->memory); /* of an earlier run */
  rule->memory = LUA_NOREF;
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->init);
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->params);
  lua_call(L, 1, 1);
  if (lua_isnil(L, -1))
    return syn_rule_fail(
        L, rule->init, "%s returned nothing; it returns the memory that %s changes", own, changer);
  if (!lua_istable(L, -1))
    return syn_rule_fail(L, rule->init,
                         "%s returned a %s; it returns the memory that %s changes, a table", own,
                         luaL_typename(L, -1), changer);
  rule->memory = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

/* ---- values ---------------------------------------------------------------------------------- */

typedef struct saving {
  syn_rule *rule;
  double *q; /* (states, 3), or NULL: only asked */
} saving;

static void read_values(lua_State *L, const syn_rule *rule, double row[3]) {
  if (!lua_istable(L, -1) || syn_sandbox_border(L, -1) != 3)
    syn_rule_fail(L, rule->saved,
                  "values returned %s; it must return the list {q_dec, q_null, q_inc}",
                  returned_list(L));
  for (int i = 0; i < 3; i++) {
    int kind = lua_rawgeti(L, -1, i + 1);
    if (kind != LUA_TNUMBER || !isfinite(lua_tonumber(L, -1)))
      syn_rule_fail(L, rule->saved,
                    "values returned %s as number %d of {q_dec, q_null, q_inc}; each is finite",
                    returned(L, -1), i + 1);
    row[i] = lua_tonumber(L, -1);
    lua_pop(L, 1);
  }
}

static int collect_values(lua_State *L) {
  const saving *s = lua_touserdata(L, 1);
  syn_rule *rule = s->rule;
  rule->now.function = "values";
  for (size_t i = rule->asked; i < rule->asked_end; i++) {
    double row[3];
    call_with_state(L, rule, rule->saved, i);
    read_values(L, rule, row);
    if (s->q)
      memcpy(s->q + 3 * i, row, sizeof row);
    lua_pop(L, 1);
  }
  rule->now.state = -1;
  return 0;
}

static syn_status ask_values(syn_rule *rule, double *q, syn_ctx *ctx) {
  saving s = {rule, q};
  return syn_sandbox_run_calls(rule->sandbox, rule->asked_end - rule->asked, collect_values, &s,
                               SYN_EFAILED, ctx);
}

/* ---- learning -------------------------------------------------------------------------------- */

/* What learn hears besides: { iteration, loss, loss_change, reward_value }. */
static void push_now(lua_State *L, const syn_transition *t) {
  lua_createtable(L, 0, 4);
  syn_set_integer(L, "iteration", (lua_Integer)t->iteration + 1);
  syn_set_number(L, "loss", t->loss);
  syn_set_number(L, "loss_change", t->loss_change);
  syn_set_number(L, "reward_value", t->value);
}

static int call_learn(lua_State *L) {
  syn_rule *rule = lua_touserdata(L, 1);
  rule->now.function = "learn";
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->learn);
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->memory);
  syn_rule_push_transitions(L, rule);
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->params);
  push_now(L, rule->transition);
  lua_call(L, 4, 1);
  if (!lua_isnil(L, -1))
    return syn_rule_fail(L, rule->learn,
                         "learn returned %s, which nobody hears; it changes the memory m itself, "
                         "m.x = ...",
                         returned(L, -1));
  return 0;
}

static int blame(lua_State *L) {
  const syn_rule *rule = lua_touserdata(L, 1);
  const char *name = rule->now.function;
  return syn_rule_fail(
      L, strcmp(name, "act") == 0 ? rule->act : rule->saved,
      "%s changes the memory each time it is asked; how often that is depends on the run, so only "
      "learn changes it, and %s may at most add what is not there yet",
      name, name);
}

/* act and values once more, for the states of the last tabulation. */
static syn_status ask_once_more(syn_rule *rule, syn_ctx *ctx) {
  int has_values = rule->saved != LUA_NOREF;
  syn_status status = has_values ? ask_values(rule, NULL, ctx) : SYN_OK;
  syn_trace before = syn_rule_trace_memory(rule);
  if (status == SYN_OK)
    status = syn_sandbox_run(rule->sandbox, ask_again, rule, SYN_EFAILED, ctx);
  if (status == SYN_OK && has_values && syn_rule_trace_memory(rule) == before)
    status = ask_values(rule, NULL, ctx);
  if (status == SYN_OK && syn_rule_trace_memory(rule) != before)
    status = syn_sandbox_run(rule->sandbox, blame, rule, SYN_EFAILED, ctx);
  return status;
}

/* The next iteration can only be in states with the new reward code: only these are asked now. The
 * others are asked when their turn comes, or when the table is saved. */
static syn_status learn(syn_policy *policy, const syn_transition *step, syn_ctx *ctx) {
  syn_rule *rule = (syn_rule *)policy;
  assert(step->locals == rule->table.locals);
  rule->transition = step;
  rule->now = (syn_rule_moment){.state = -1, .seed = step->seed, .iteration = step->iteration + 1};
  syn_status status = syn_rule_count_transitions(rule, step, ctx);
  syn_sandbox_allow_random(rule->sandbox, step->seed, step->iteration, SYN_SANDBOX_DRAWS);
  if (status == SYN_OK)
    status = syn_sandbox_run(rule->sandbox, call_learn, rule, SYN_EFAILED, ctx);
  syn_rule_remember_transitions(rule, step);
  syn_sandbox_forbid_random(rule->sandbox, ACT_DRAWS);
  rule->asked = (size_t)step->reward_after * step->locals;
  rule->asked_end = rule->asked + step->locals;
  if (status == SYN_OK)
    status = syn_sandbox_run_calls(rule->sandbox, step->locals, tabulate, rule, SYN_EFAILED, ctx);
  if (status == SYN_OK && rule->opening == SYN_RULE_ASKED_AGAIN)
    status = ask_once_more(rule, ctx);
  return status;
}

/* ---- what is saved --------------------------------------------------------------------------- */

/* A policy file of the chances: 1 for the action of a state and 0 for the others. */
static void chances_of_table(const syn_rule *rule, double *q) {
  for (size_t i = 0; i < (size_t)rule->table.locals * rule->table.locals; i++, q += 3) {
    q[0] = rule->low[i] / 65536.0;
    q[1] = (rule->high[i] - rule->low[i]) / 65536.0;
    q[2] = (65536 - rule->high[i]) / 65536.0;
  }
}

static syn_status save(const syn_policy *policy, const char *what, syn_write write, void *self,
                       syn_ctx *ctx) {
  syn_rule *rule = (syn_rule *)(uintptr_t)policy; /* asking the rule changes nothing that counts */
  size_t states = syn_states(rule->info.history);
  if (strcmp(what, "final") != 0)
    return syn_fail(ctx, SYN_EINVAL, "rule '%s' has no result '%s'; it has final", rule->info.name,
                    what);
  double *q = calloc(3 * states, sizeof *q);
  if (!q)
    return syn_fail_memory(ctx, "a rule's table");
  syn_status status = SYN_OK;
  rule->asked = 0;
  rule->asked_end = states;
  if (rule->saved != LUA_NOREF) {
    status = ask_values(rule, q, ctx);
  } else {
    if (rule->info.kind == SYN_RULE_LEARNING)
      status = syn_sandbox_run_calls(rule->sandbox, states, tabulate, rule, SYN_EFAILED, ctx);
    chances_of_table(rule, q);
  }
  if (status == SYN_OK)
    syn_qvalues_write(q, rule->info.history, 3, write, self);
  free(q);
  return status;
}

/* ---- the policy ------------------------------------------------------------------------------ */

static const syn_table *table_of(syn_policy *policy) {
  return &((syn_rule *)policy)->table;
}

static syn_status act(syn_policy *policy, const syn_view *view, int8_t *action, syn_ctx *ctx) {
  (void)ctx;
  syn_table_act(&((syn_rule *)policy)->table, view, action);
  return SYN_OK;
}

static syn_status take_memory(syn_rule *rule, syn_ctx *ctx) {
  size_t states = syn_states(rule->info.history);
  rule->table =
      (syn_table){.history = rule->info.history, .locals = syn_locals(rule->info.history)};
  rule->action = syn_arena_take(&rule->arena, states, sizeof *rule->action);
  rule->low = syn_arena_take(&rule->arena, states, sizeof *rule->low);
  rule->high = syn_arena_take(&rule->arena, states, sizeof *rule->high);
  if (!rule->action || !rule->low || !rule->high)
    return syn_fail_memory(ctx, "a rule's table");
  rule->table.action = rule->action;
  rule->table.low = rule->low;
  rule->table.high = rule->high;
  return SYN_OK;
}

/* The states; what transitions have in common. */
static int make_states(lua_State *L) {
  syn_rule_make_states(L, lua_touserdata(L, 1));
  syn_rule_make_transitions(L);
  return 0;
}

syn_status syn_rule_open_table(syn_rule *rule, syn_ctx *ctx) {
  static const lua_CFunction steps[] = {make_states, syn_rule_make_memory, tabulate, ask_again};
  rule->memory = LUA_NOREF;
  rule->class.act = act;
  rule->class.table = table_of;
  rule->class.save = save;
  if (rule->info.kind == SYN_RULE_LEARNING)
    rule->class.learn = learn;
  syn_status status = take_memory(rule, ctx);
  rule->asked = 0;
  rule->asked_end = syn_states(rule->info.history);
  for (size_t i = 0; i < sizeof steps / sizeof *steps && status == SYN_OK; i++) {
    if (steps[i] == tabulate)
      syn_sandbox_forbid_random(rule->sandbox, ACT_DRAWS);
    if (steps[i] == ask_again && rule->opening != SYN_RULE_WHOLE)
      continue; /* what it is compared with was asked twice */
    if (steps[i] != syn_rule_make_memory || rule->init != LUA_NOREF)
      status =
          syn_sandbox_run_calls(rule->sandbox, rule->asked_end, steps[i], rule, SYN_EINPUT, ctx);
  }
  rule->now.function = NULL;
  return status;
}
