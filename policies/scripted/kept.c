/* Views that a rule has put into its memory, where they are void once the call has ended: for `rule
 * check`, which names the first of them. */
#include <stdio.h>
#include <string.h>

#include "policies/scripted/internal.h"

#define DEPTH_MAX 100 /* tables within tables */
#define PLACE_MAX 120

typedef struct search {
  const syn_rule *rule;
  char
      found[PLACE_MAX]; /* of those at hand the first by the alphabet, since a table has no order */
  int as_key;           /* the place is the table whose key it is */
  int seen;             /* where the table of those that were met stands */
} search;

/* The path of the key on top of the stack in the table `path`. */
static void add_key(lua_State *L, char out[PLACE_MAX], const char *path) {
  size_t n = 0;
  const char *key = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &n) : NULL;
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
  if (key && n && strspn(key, letters) == n && !strchr("0123456789", *key))
    snprintf(out, PLACE_MAX, "%s.%s", path, key);
  else if (key)
    snprintf(out, PLACE_MAX, "%s[\"%s\"]", path, key);
  else if (lua_isinteger(L, -1))
    snprintf(out, PLACE_MAX, "%s[%lld]", path, (long long)lua_tointeger(L, -1));
  else
    snprintf(out, PLACE_MAX, "%s[...]", path);
}

static void note(search *s, const char *path, int as_key) {
  if (*s->found && strcmp(path, s->found) >= 0)
    return;
  snprintf(s->found, sizeof s->found, "%s", path);
  s->as_key = as_key;
}

/* The table on top of the stack, which `path` names. */
static void search_table(lua_State *L, search *s, const char *path, int depth) {
  if (depth == DEPTH_MAX || !lua_checkstack(L, 8))
    return;
  lua_pushvalue(L, -1);
  int met = lua_rawget(L, s->seen) != LUA_TNIL;
  lua_pop(L, 1);
  if (met)
    return;
  lua_pushvalue(L, -1);
  lua_pushboolean(L, 1);
  lua_rawset(L, s->seen);
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    char place[PLACE_MAX];
    syn_sandbox_charge(L, 1);
    if (lua_type(L, -2) == LUA_TLIGHTUSERDATA)
      note(s, path, 1);
    lua_pushvalue(L, -2);
    add_key(L, place, path);
    lua_pop(L, 1);
    if (lua_type(L, -1) == LUA_TLIGHTUSERDATA)
      note(s, place, 0);
    else if (lua_type(L, -1) == LUA_TTABLE)
      search_table(L, s, place, depth + 1);
  }
}

static int refuse(lua_State *L) {
  search *s = lua_touserdata(L, 1);
  lua_newtable(L);
  s->seen = lua_gettop(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, s->rule->memory);
  search_table(L, s, "m", 0);
  if (!*s->found)
    return 0;
  const char *dot = strrchr(s->found, '.'), *name = dot && !strpbrk(dot, "[]") ? dot + 1 : "x";
  return syn_rule_fail(L, s->rule->step,
                       "%s %s, which is void when its call of step has ended; what a synapse "
                       "remembers is a state, state = { %s = 0 }",
                       s->found, s->as_key ? "has a view as a key" : "is a view", name);
}

syn_status syn_rule_refuse_kept_views(syn_rule *rule, syn_ctx *ctx) {
  search s = {.rule = rule};
  if (rule->info.kind != SYN_RULE_LOCAL || rule->memory == LUA_NOREF)
    return SYN_OK;
  rule->now = (syn_rule_moment){.function = "step", .state = -1};
  return syn_sandbox_run(rule->sandbox, refuse, &s, SYN_EFAILED, ctx);
}
