/* What a rule that learns hears of an iteration: the distinct transitions of all synapses, and how many
 * made each. By layer, if it asks for that; with the action that followed, one iteration later, if it
 * asks for that. */
#include <string.h>

#include "policies/sandbox/fields.h"
#include "policies/scripted/internal.h"

/* How many counts a local history has. */
static size_t width_of(const syn_rule *rule) {
  return rule->next_action ? 9 : 3;
}

static size_t layers_of(const syn_rule *rule) {
  return rule->by_layer && rule->layers ? rule->layers : 1;
}

/* ---- a run's memory ---------------------------------------------------------------------------- */

syn_status syn_rule_start_learning(syn_rule *rule, const syn_plan *plan, syn_ctx *ctx) {
  syn_past *past = &rule->past;
  syn_arena_close(&rule->run);
  *past = (syn_past){0};
  rule->count = NULL;
  rule->layers = plan->groups;
  for (size_t g = 0; g < plan->groups; g++)
    rule->layer_first[g] = plan->group[g].first;
  past->n = plan->synapses;
  past->before = syn_arena_take(&rule->run, past->n, 1);
  past->action = syn_arena_take(&rule->run, past->n, 1);
  return past->before && past->action ? SYN_OK : syn_fail_memory(ctx, "a rule's transitions");
}

void syn_rule_transitions_state(syn_rule *rule, syn_state *s) {
  syn_past *past = &rule->past;
  if (!rule->next_action)
    return;
  syn_state_piece(s, past->before, past->n);
  syn_state_piece(s, past->action, past->n);
  syn_state_piece(s, &past->there, sizeof past->there);
  syn_state_piece(s, &past->reward_before, sizeof past->reward_before);
  syn_state_piece(s, &past->reward_after, sizeof past->reward_after);
  syn_state_piece(s, &past->reward, sizeof past->reward);
  syn_state_piece(s, &past->loss_change, sizeof past->loss_change);
}

/* ---- counting ---------------------------------------------------------------------------------- */

/* Two counts side by side, so that equal neighbours do not wait for one another. */
static void count_plainly(syn_rule *rule, const syn_transition *t) {
  uint32_t *even = rule->count, *odd = rule->count + 3 * t->locals;
  size_t s = 0;
  for (; s + 2 <= t->n; s += 2) {
    even[3 * t->before[s] + (unsigned)(t->action[s] + 1)]++;
    odd[3 * t->before[s + 1] + (unsigned)(t->action[s + 1] + 1)]++;
  }
  if (s < t->n)
    even[3 * t->before[s] + (unsigned)(t->action[s] + 1)]++;
  for (size_t i = 0; i < 3 * t->locals; i++)
    even[i] += odd[i];
}

/* By layer, and with what followed: of the iteration before, then. */
static void count_fully(syn_rule *rule, const syn_transition *t) {
  const uint8_t *before = rule->next_action ? rule->past.before : t->before;
  const int8_t *action = rule->next_action ? rule->past.action : t->action;
  size_t width = width_of(rule);
  for (size_t l = 0; l < layers_of(rule); l++) {
    size_t first = layers_of(rule) > 1 ? rule->layer_first[l] : 0;
    size_t end = l + 1 < layers_of(rule) ? rule->layer_first[l + 1] : t->n;
    uint32_t *count = rule->count + l * t->locals * width;
    for (size_t s = first; s < end; s++) {
      size_t at = 3 * before[s] + (size_t)(action[s] + 1);
      count[rule->next_action ? 3 * at + (size_t)(t->action[s] + 1) : at]++;
    }
  }
}

syn_status syn_rule_count_transitions(syn_rule *rule, const syn_transition *t, syn_ctx *ctx) {
  int plain = !rule->next_action && layers_of(rule) == 1;
  size_t n = t->locals * (plain ? 6 : layers_of(rule) * width_of(rule));
  if (!rule->count && !(rule->count = syn_arena_take(&rule->run, n, sizeof *rule->count)))
    return syn_fail_memory(ctx, "a rule's transitions");
  memset(rule->count, 0, n * sizeof *rule->count);
  if (plain)
    count_plainly(rule, t);
  else if (!rule->next_action || rule->past.there)
    count_fully(rule, t);
  return SYN_OK;
}

void syn_rule_remember_transitions(syn_rule *rule, const syn_transition *t) {
  syn_past *past = &rule->past;
  if (!rule->next_action || past->n != t->n)
    return;
  memcpy(past->before, t->before, t->n);
  memcpy(past->action, t->action, t->n);
  past->there = 1;
  past->reward_before = t->reward_before;
  past->reward_after = t->reward_after;
  past->reward = t->reward;
  past->loss_change = t->loss_change;
}

/* ---- for Lua ----------------------------------------------------------------------------------- */

/* A state of an entry; the list of states stands at `states`. */
static void set_state(lua_State *L, const char *field, int states, size_t number) {
  lua_rawgeti(L, states, (lua_Integer)number + 1);
  lua_setfield(L, -2, field);
}

/* An entry, and what it is about. */
typedef struct entry {
  size_t layer; /* from 1; 0: all of them */
  unsigned history;
  int action, next; /* next: 2 if nobody asks */
  uint32_t count;
} entry;

static void push_entry(lua_State *L, const syn_rule *rule, const entry *e, int states) {
  const syn_transition *t = rule->transition;
  const syn_past *past = rule->next_action ? &rule->past : NULL;
  size_t before = past ? past->reward_before : t->reward_before;
  size_t after = past ? past->reward_after : t->reward_after;
  lua_createtable(L, 0, 8);
  set_state(L, "s", states, before * t->locals + e->history);
  set_state(L, "s2", states,
            after * t->locals +
                syn_history_shift((uint8_t)e->history, (int8_t)e->action, t->locals));
  syn_set_integer(L, "a", e->action);
  syn_set_integer(L, "r", past ? past->reward : t->reward);
  syn_set_integer(L, "count", e->count);
  syn_set_number(L, "dl", past ? past->loss_change : t->loss_change);
  if (past)
    syn_set_integer(L, "a2", e->next);
  if (e->layer)
    syn_set_integer(L, "layer", (lua_Integer)e->layer);
}

/* In the order of layers, states and actions. All of it is made anew, so a rule may keep it, and what it
 * keeps stays as it is. */
void syn_rule_push_transitions(lua_State *L, syn_rule *rule) {
  const size_t locals = rule->transition->locals, width = width_of(rule);
  lua_createtable(L, rule->distinct, 0);
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->states);
  luaL_getmetatable(L, SYN_RULE_TRANSITION);
  int meta = lua_gettop(L), states = meta - 1, list = meta - 2;
  lua_Integer n = 0;
  for (size_t i = 0; i < layers_of(rule) * locals * width; i++) {
    size_t way = i % width;
    entry e = {.layer = layers_of(rule) > 1 || rule->by_layer ? i / (locals * width) + 1 : 0,
               .history = (unsigned)(i / width % locals),
               .action = (int)(width == 9 ? way / 3 : way) - 1,
               .next = (int)(way % 3) - 1,
               .count = rule->count[i]};
    if (!e.count)
      continue;
    push_entry(L, rule, &e, states);
    lua_pushvalue(L, meta);
    lua_setmetatable(L, -2);
    lua_rawseti(L, list, ++n);
  }
  rule->distinct = (int)n;
  lua_pop(L, 2);
}

/* __index of a transition: what it has not got is a mistake. */
static int unknown_field(lua_State *L) {
  static const char *const meant[][2] = {
      {"reward", "r"},      {"action", "a"},       {"state", "s"},  {"next", "s2"},
      {"next_state", "s2"}, {"s1", "s"},           {"n", "count"},  {"new", "s2"},
      {"R", "r"},           {"r2", "r"},           {"dloss", "dl"}, {"loss", "dl"},
      {"change", "dl"},     {"loss_change", "dl"},
  };
  const char *key = syn_sandbox_name(L, 2);
  for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
    if (strcmp(key, meant[i][0]) == 0)
      return luaL_error(L, "a transition has no field '%s'; it is t.%s", key, meant[i][1]);
  if (strcmp(key, "a2") == 0)
    return luaL_error(L,
                      "t.a2, the action that followed, wants next_action = true in the rule; the "
                      "transitions then come one iteration later");
  if (strcmp(key, "layer") == 0)
    return luaL_error(L, "t.layer wants by_layer = true in the rule");
  return luaL_error(L,
                    "a transition has no field '%s'; it has s and s2, the states before and after, "
                    "a, the action, r, the reward, dl, how the loss rose, and count, of how many "
                    "synapses",
                    key);
}

void syn_rule_make_transitions(lua_State *L) {
  luaL_newmetatable(L, SYN_RULE_TRANSITION);
  lua_pushcfunction(L, unknown_field);
  lua_setfield(L, -2, "__index");
}
