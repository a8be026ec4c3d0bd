/* `rule { ... }`: what a rule file declares, checked field by field. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policies/scripted/internal.h"

#define LIST_MAX 256

/* "a, b, c" */
static const char *list_of(char out[LIST_MAX], const char *const *names) {
  size_t at = 0;
  out[0] = '\0';
  for (size_t i = 0; names[i] && at < LIST_MAX; i++)
    at += (size_t)snprintf(out + at, LIST_MAX - at, "%s%s", i ? ", " : "", names[i]);
  return out;
}

/* Is the key on top of the stack one of `known`? */
static int is_known(lua_State *L, const char *const *known) {
  if (lua_type(L, -1) != LUA_TSTRING)
    return 0;
  while (*known && strcmp(*known, syn_sandbox_name(L, -1)) != 0)
    known++;
  return *known != NULL;
}

/* What a field is called here that others call so; NULL: nothing like it. */
static const char *called_here(const char *what, const char *key) {
  static const char *const names[][3] = {{"reward", "init", "memory"},
                                         {"reward", "act", "value"},
                                         {"reward", "step", "value"},
                                         {"reward", "learn", "value"},
                                         {"rule", "memory", "init"},
                                         {"rule", "value", "act or step"},
                                         {"rule", "states", "state"},
                                         {"rule", "exploration", "epsilon of the run"},
                                         {"rule", "epsilon", "epsilon of the run"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(names[i][0], what) == 0 && strcmp(names[i][1], key) == 0)
      return names[i][2];
  return NULL;
}

/* Every key of the table at `index` is one of `known`. `what` begins the message. A table has no
 * order, so of several that are not the first by the alphabet is named. */
static void check_keys(lua_State *L, int index, const char *what, const char *const *known) {
  char list[LIST_MAX];
  index = lua_absindex(L, index);
  lua_pushnil(L); /* the one to be named */
  int wrong = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, index)) {
    lua_pop(L, 1);
    if (is_known(L, known))
      continue;
    if (lua_isnil(L, wrong) ||
        strcmp(syn_sandbox_name(L, wrong + 1), syn_sandbox_name(L, wrong)) < 0) {
      lua_pushvalue(L, wrong + 1);
      lua_replace(L, wrong);
    }
    lua_settop(L, wrong + 1);
  }
  if (!lua_isnil(L, wrong)) {
    const char *key = syn_sandbox_name(L, wrong);
    const char *near = lua_type(L, wrong) == LUA_TSTRING ? syn_nearest(key, known) : NULL;
    const char *here = called_here(what, key);
    if (here)
      luaL_error(L, "%s has no field '%s'; here it is %s", what, key, here);
    if (near)
      luaL_error(L, "%s has no field '%s'; did you mean '%s'?", what, key, near);
    luaL_error(L, "%s has no field '%s'; it has %s", what, key, list_of(list, known));
  }
  lua_pop(L, 1);
}

/* Copies a text field of the table on top of the stack; "" if it is optional and not there. */
static char *take_text(lua_State *L, syn_rule *rule, const char *what, const char *field,
                       int required) {
  int kind = lua_getfield(L, -1, field);
  if (kind != LUA_TSTRING && (required || kind != LUA_TNIL))
    luaL_error(L, "%s: %s must be a text in quotes, but is %s", what, field, syn_rule_shown(L, -1));
  char *text = syn_arena_string(&rule->arena, kind == LUA_TSTRING ? syn_sandbox_name(L, -1) : "");
  if (!text)
    luaL_error(L, "not enough memory");
  for (char *c = text; *c; c++)
    if (iscntrl((unsigned char)*c))
      *c = ' ';
  lua_pop(L, 1);
  return text;
}

static double take_number(lua_State *L, const char *what, const char *field) {
  if (lua_getfield(L, -1, field) != LUA_TNUMBER)
    luaL_error(L, "%s: %s must be a number, but is %s", what, field, syn_rule_shown(L, -1));
  double x = lua_tonumber(L, -1);
  if (!isfinite(x))
    luaL_error(L, "%s: %s must be a finite number", what, field);
  lua_pop(L, 1);
  return x;
}

/* A reference to a function field, or LUA_NOREF. */
static int take_function(lua_State *L, const syn_rule *rule, const char *field) {
  int kind = lua_getfield(L, -1, field);
  if (kind == LUA_TFUNCTION)
    return luaL_ref(L, LUA_REGISTRYINDEX);
  if (kind != LUA_TNIL)
    luaL_error(L, "%s: %s must be a function, but is %s", rule->noun, field, syn_rule_shown(L, -1));
  lua_pop(L, 1);
  return LUA_NOREF;
}

/* ---- parameters ------------------------------------------------------------------------------ */

static void check_param_name(lua_State *L, const char *name) {
  static const char *const taken[] = {"name", "file", "text",
                                      NULL}; /* of a policy in an experiment */
  int good = (isalpha((unsigned char)*name) || *name == '_') && strlen(name) < SYN_RULE_NAME_MAX;
  for (const char *c = name; *c; c++)
    good = good && (isalnum((unsigned char)*c) || *c == '_');
  if (!good)
    luaL_error(L, "params: '%s' is no name; letters, digits and _ make one", name);
  for (const char *const *t = taken; *t; t++)
    if (strcmp(*t, name) == 0)
      luaL_error(L, "params: '%s' has a meaning of its own in experiments; take another name",
                 name);
}

/* A number that may be left out: `otherwise` then. */
static double take_bound(lua_State *L, const char *what, const char *field, double otherwise) {
  int given = lua_getfield(L, -1, field) != LUA_TNIL;
  lua_pop(L, 1);
  return given ? take_number(L, what, field) : otherwise;
}

/* The declaration of one parameter, on top of the stack: a number, its default, or a table. */
static void take_param(lua_State *L, syn_rule *rule, syn_param *param, const char *name) {
  static const char *const known[] = {"default", "min", "max", "unit", "doc", NULL};
  char what[SYN_RULE_NAME_MAX + 16];
  check_param_name(L, name);
  snprintf(what, sizeof what, "param '%s'", name);
  if (lua_type(L, -1) == LUA_TNUMBER) { /* keep = 0.5 says keep = { default = 0.5 } */
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "default");
    lua_replace(L, -2);
  }
  if (!lua_istable(L, -1))
    luaL_error(L, "%s must be a number, or {default =, min =, max =, doc =}, but is %s", what,
               syn_rule_shown(L, -1));
  check_keys(L, -1, what, known);
  param->kind = SYN_PARAM_NUMBER;
  param->value = take_number(L, what, "default");
  param->lo = take_bound(L, what, "min", -HUGE_VAL);
  param->hi = take_bound(L, what, "max", HUGE_VAL);
  if (!(param->lo <= param->value && param->value <= param->hi))
    luaL_error(L, "%s: default = %f is not between min = %f and max = %f", what, param->value,
               param->lo, param->hi);
  param->doc = take_text(L, rule, what, "doc", 0);
  param->unit = take_text(L, rule, what, "unit", 0);
  if (!(param->name = syn_arena_string(&rule->arena, name)))
    luaL_error(L, "not enough memory");
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the table on top of the stack, sorted, since a table has no order. */
static size_t param_names(lua_State *L, const char *names[SYN_RULE_PARAMS_MAX]) {
  size_t n = 0;
  int nameless = 0;
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TSTRING)
      nameless = 1;
    else if (n++ < SYN_RULE_PARAMS_MAX)
      names[n - 1] = syn_sandbox_name(L, -1); /* anchored by the table */
  }
  if (nameless)
    luaL_error(L, "params: every parameter has a name, params = { decay = {...} }");
  if (n > SYN_RULE_PARAMS_MAX)
    luaL_error(L, "params: more than %d", SYN_RULE_PARAMS_MAX);
  qsort(names, n, sizeof *names, by_name);
  return n;
}

static void take_params(lua_State *L, syn_rule *rule) {
  const char *names[SYN_RULE_PARAMS_MAX];
  syn_param *params = syn_arena_take(&rule->arena, SYN_RULE_PARAMS_MAX + 1, sizeof *params);
  rule->values = syn_arena_take(&rule->arena, SYN_RULE_PARAMS_MAX, sizeof *rule->values);
  if (!params || !rule->values)
    luaL_error(L, "not enough memory");
  int kind = lua_getfield(L, -1, "params");
  if (kind != LUA_TNIL && kind != LUA_TTABLE)
    luaL_error(L, "%s: params must be a table, but is %s", rule->noun, syn_rule_shown(L, -1));
  size_t n = kind == LUA_TTABLE ? param_names(L, names) : 0;
  for (size_t i = 0; i < n; i++) {
    lua_getfield(L, -1, names[i]);
    take_param(L, rule, &params[i], names[i]);
    lua_pop(L, 1);
    rule->values[i] = params[i].value;
  }
  lua_pop(L, 1);
  rule->info.params = rule->class.params = rule->params_declared = params;
  rule->info.values = rule->values;
}

/* ---- the two kinds --------------------------------------------------------------------------- */

static void take_history(lua_State *L, syn_rule *rule) {
  int kind = lua_getfield(L, -1, "history"), whole = 0;
  if (kind == LUA_TNIL)
    luaL_error(
        L,
        "rule: history is missing: how many past (action, reward) pairs a synapse remembers, "
        "0 to %d",
        SYN_HISTORY_MAX);
  lua_Integer history = lua_tointegerx(L, -1, &whole);
  if (kind != LUA_TNUMBER || !whole || history < 0)
    luaL_error(L, "rule: history is %s; it is a whole number from 0 to %d%s", syn_rule_shown(L, -1),
               SYN_HISTORY_MAX, kind == LUA_TSTRING ? ", without quotes" : "");
  if (history > SYN_HISTORY_MAX)
    luaL_error(
        L, "rule: history = %d is too long for a table: that would have 9^%d states; at most %d",
        (int)(history < 1000 ? history : 1000), (int)(history < 1000 ? history : 1000),
        SYN_HISTORY_MAX);
  rule->info.history = (unsigned)history;
  lua_pop(L, 1);
}

static void refuse_fields(lua_State *L, const char *const *fields, const char *with) {
  for (const char *const *f = fields; *f; f++) {
    if (lua_getfield(L, -1, *f) != LUA_TNIL)
      luaL_error(L, "rule: %s does not go with %s", *f, with);
    lua_pop(L, 1);
  }
}

static int take_switch(lua_State *L, const syn_rule *rule, const char *field) {
  int kind = lua_getfield(L, -1, field), on = lua_toboolean(L, -1);
  if (kind != LUA_TNIL && kind != LUA_TBOOLEAN)
    luaL_error(L, "rule: %s is %s; it is true or false", field, syn_rule_shown(L, -1));
  if (on && rule->learn == LUA_NOREF)
    luaL_error(L, "rule: %s belongs to rules with learn", field);
  lua_pop(L, 1);
  return on;
}

static void declare_finite(lua_State *L, syn_rule *rule) {
  static const char *const others[] = {"sees", "trace", "state", "steps", NULL};
  refuse_fields(L, others, "act; it belongs to rules with a step");
  take_history(L, rule);
  if (rule->learn != LUA_NOREF && rule->init == LUA_NOREF)
    luaL_error(L,
               "rule: learn wants init = function(p), which returns the memory that learn changes");
  if (rule->learn == LUA_NOREF && rule->init != LUA_NOREF)
    luaL_error(L,
               "rule: init without learn: a memory that nothing changes; use locals of the file");
  if (rule->saved != LUA_NOREF && rule->learn == LUA_NOREF)
    luaL_error(L, "rule: values without learn: they are what a rule has learned");
  rule->by_layer = take_switch(L, rule, "by_layer");
  rule->next_action = take_switch(L, rule, "next_action");
  rule->info.kind = rule->learn == LUA_NOREF ? SYN_RULE_FINITE : SYN_RULE_LEARNING;
}

static void declare_local(lua_State *L, syn_rule *rule) {
  static const char *const others[] = {"history",  "learn",       "values",
                                       "by_layer", "next_action", NULL};
  refuse_fields(L, others, "step; it belongs to rules with an act");
  rule->info.kind = SYN_RULE_LOCAL;
  syn_rule_declare_step(L, rule);
}

/* The table at index 1, with its name, its doc and its parameters: what both declare. The name is
 * returned, since it marks the declaration as whole once the rest stands. */
static const char *take_head(lua_State *L, syn_rule *rule, const char *const *known) {
  if (lua_gettop(L) != 1 || !lua_istable(L, 1))
    luaL_error(L, "%s takes one table: return %s { name = ..., ... }", rule->noun, rule->noun);
  if (rule->info.name)
    luaL_error(L, "%s: a second %s; a file declares one", rule->noun, rule->noun);
  check_keys(L, 1, rule->noun, known);
  const char *name = take_text(L, rule, rule->noun, "name", 1);
  if (!*name || strlen(name) > SYN_RULE_NAME_MAX)
    luaL_error(L, "%s: name must have 1 to %d characters", rule->noun, SYN_RULE_NAME_MAX);
  rule->info.doc = take_text(L, rule, rule->noun, "doc", 0);
  take_params(L, rule);
  return name;
}

static int wants(lua_State *L, const char *what) {
  int found = 0;
  if (lua_getfield(L, 1, "sees") == LUA_TTABLE)
    for (lua_Integer i = 1; i <= syn_sandbox_border(L, -1); i++) {
      int text = lua_rawgeti(L, -1, i) == LUA_TSTRING;
      const char *name = text ? syn_sandbox_name(L, -1) : "";
      if (strcmp(name, "accuracy") != 0 && strcmp(name, "classes") != 0)
        luaL_error(L,
                   "reward: sees: %s; a reward can ask for \"accuracy\" and \"classes\", and "
                   "hears of the loss anyhow",
                   syn_rule_shown(L, -1));
      found |= strcmp(name, what) == 0;
      lua_pop(L, 1);
    }
  else if (!lua_isnil(L, -1))
    luaL_error(L, "reward: sees is %s; it is a list of names", syn_rule_shown(L, -1));
  lua_pop(L, 1);
  return found;
}

int syn_reward_global(lua_State *L) {
  static const char *const known[] = {"name", "doc", "params", "memory", "value", "sees", NULL};
  syn_rule *rule = lua_touserdata(L, lua_upvalueindex(1));
  const char *name = take_head(L, rule, known);
  rule->act = rule->learn = rule->saved = LUA_NOREF;
  rule->init = take_function(L, rule, "memory");
  rule->step = take_function(L, rule, "value");
  if (rule->step == LUA_NOREF)
    luaL_error(L,
               "reward: value is missing: value = function(now, m, p), which returns a number from "
               "-1 to 1");
  rule->hears_accuracy = wants(L, "accuracy");
  rule->hears_classes = wants(L, "classes");
  rule->info.kind = SYN_RULE_REWARD;
  rule->info.name = name;
  return 1; /* its own table */
}

int syn_rule_global(lua_State *L) {
  static const char *const known[] = {
      "name", "doc",  "params", "history", "act",   "init",     "learn",       "values",
      "sees", "step", "trace",  "state",   "steps", "by_layer", "next_action", NULL};
  syn_rule *rule = lua_touserdata(L, lua_upvalueindex(1));
  const char *name = take_head(L, rule, known);
  rule->act = take_function(L, rule, "act");
  rule->init = take_function(L, rule, "init");
  rule->learn = take_function(L, rule, "learn");
  rule->saved = take_function(L, rule, "values");
  rule->step = take_function(L, rule, "step");
  if ((rule->act == LUA_NOREF) == (rule->step == LUA_NOREF))
    luaL_error(L,
               "rule: it has %s; a rule with a finite state has act, a rule over local quantities "
               "has step",
               rule->act == LUA_NOREF ? "neither act nor step" : "both act and step");
  if (rule->step == LUA_NOREF)
    declare_finite(L, rule);
  else
    declare_local(L, rule);
  rule->info.name = name;
  return 1; /* its own table */
}

/* ---- arguments ------------------------------------------------------------------------------- */

/* "decay (0 .. 1), rate (0 .. 10), any" */
static void describe_params(const syn_rule *rule, char *text, size_t size) {
  size_t at = 0;
  snprintf(text, size, "none");
  for (const syn_param *p = rule->info.params; p->name && at < size; p++) {
    at += (size_t)snprintf(text + at, size - at, "%s%s", at ? ", " : "", p->name);
    if (at < size && (isfinite(p->lo) || isfinite(p->hi)))
      at += (size_t)snprintf(text + at, size - at, " (%.10g .. %.10g%s%s)", p->lo, p->hi,
                             *p->unit ? " " : "", p->unit);
  }
}

static syn_status fail_unknown(const syn_rule *rule, const char *name, syn_ctx *ctx) {
  const char *known[SYN_RULE_PARAMS_MAX + 1] = {0};
  char params[512], hint[96] = "";
  for (size_t i = 0; rule->info.params[i].name; i++)
    known[i] = rule->info.params[i].name;
  const char *near = syn_nearest(name, known);
  if (near)
    snprintf(hint, sizeof hint, "did you mean '%s'? It", near);
  else
    snprintf(hint, sizeof hint, "it");
  describe_params(rule, params, sizeof params);
  return syn_fail(ctx, SYN_EINVAL, "%s: %s '%s' has no parameter '%s'; %s has: %s", rule->info.file,
                  rule->noun, rule->info.name, name, hint, params);
}

syn_status syn_rule_set_params(syn_rule *rule, const syn_arg *args, size_t n, syn_ctx *ctx) {
  char whose[512];
  snprintf(whose, sizeof whose, "%s: %s '%s': ", rule->info.file, rule->noun, rule->info.name);
  for (size_t a = 0; a < n; a++) {
    const syn_param *p = syn_param_find(rule->info.params, args[a].name);
    syn_value value;
    if (!p)
      return fail_unknown(rule, args[a].name, ctx);
    for (size_t b = 0; b < a; b++)
      if (strcmp(args[b].name, p->name) == 0)
        return syn_fail(ctx, SYN_EINVAL, "%s%s is given twice", whose, p->name);
    syn_status status = syn_param_take(&value, p, &args[a], whose, ctx);
    if (status)
      return status;
    rule->values[p - rule->info.params] = value.number;
  }
  return SYN_OK;
}

/* ---- p --------------------------------------------------------------------------------------- */

/* Upvalue 1: the rule. */
static int unknown_param(lua_State *L) {
  const syn_rule *rule = lua_touserdata(L, lua_upvalueindex(1));
  char params[256];
  describe_params(rule, params, sizeof params);
  return luaL_error(L, "p has no parameter '%s'; it has: %s", syn_sandbox_name(L, 2), params);
}

static int params_are_fixed(lua_State *L) {
  return luaL_error(L, "p.%s is assigned; parameters cannot be changed", syn_sandbox_name(L, 2));
}

void syn_rule_make_params(lua_State *L, syn_rule *rule) {
  lua_newtable(L); /* p, empty */
  lua_newtable(L); /* its metatable */
  lua_newtable(L); /* the values */
  for (size_t i = 0; rule->info.params[i].name; i++) {
    lua_pushnumber(L, rule->values[i]);
    lua_setfield(L, -2, rule->info.params[i].name);
  }
  lua_newtable(L);
  lua_pushlightuserdata(L, rule);
  lua_pushcclosure(L, unknown_param, 1);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, params_are_fixed);
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, -2);
  rule->params = luaL_ref(L, LUA_REGISTRYINDEX);
}
