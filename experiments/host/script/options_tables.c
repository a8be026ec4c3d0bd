#include "experiments/host/script/options_tables.h"

#include <lauxlib.h>

#include "experiments/host/base/lua_json.h"
#include "experiments/host/run/key.h"
#include "experiments/host/run/rules.h"

/* next(spec, key): what the first run has, then what only this one has. */
static int next_option(lua_State *L) {
  lua_settop(L, 2);
  luaL_getmetafield(L, 1, "__others");
  lua_pushvalue(L, 2);
  int first_ones = lua_isnil(L, 2) || lua_rawget(L, 3) != LUA_TNIL;
  lua_settop(L, 3);
  lua_pushvalue(L, 2);
  if (first_ones && lua_next(L, 3)) {
    lua_pushvalue(L, 4);
    if (lua_rawget(L, 1) == LUA_TNIL)
      lua_pop(L, 1);
    else
      lua_replace(L, 5);
    return 2;
  }
  lua_settop(L, 3);
  if (first_ones)
    lua_pushnil(L);
  else
    lua_pushvalue(L, 2);
  while (lua_next(L, 1)) {
    lua_pushvalue(L, 4);
    int told = lua_rawget(L, 3) != LUA_TNIL;
    lua_pop(L, 1);
    if (!told)
      return 2;
    lua_pop(L, 1);
  }
  return 0;
}

static int pairs_of_options(lua_State *L) {
  lua_pushcfunction(L, next_option);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

/* ---- pushing ----------------------------------------------------------------------------------- */

static void push_option(lua_State *L, const syn_options *options, const syn_param *o) {
  json_t *value = host_option_value(options, o);
  host_json_push(L, value);
  json_decref(value);
}

/* Pushes the metatable of runs that are like this one; *like are their options. */
static void push_metatable(lua_State *L, host_options_tables *s, const syn_options **like,
                           const syn_options *options) {
  size_t i = 0;
  const syn_param *o;
  while (i < s->n && (s->likes[i]->task != options->task || s->likes[i]->method != options->method))
    i++;
  if (i < s->n) {
    lua_rawgeti(L, s->metatables, (lua_Integer)i + 1);
    *like = s->likes[i];
    return;
  }
  lua_createtable(L, 0, 4);
  lua_newtable(L);
  for (size_t k = 0; (o = syn_option_at(k)); k++) {
    push_option(L, options, o);
    lua_setfield(L, -2, o->name);
  }
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "__index");
  lua_setfield(L, -2, "__others");
  lua_pushcfunction(L, pairs_of_options);
  lua_setfield(L, -2, "__pairs");
  *like = options;
  if (s->n == HOST_LIKES_MAX)
    return; /* it is this one's alone */
  s->likes[s->n++] = options;
  lua_pushvalue(L, -1);
  lua_rawseti(L, s->metatables, (lua_Integer)s->n);
}

/* Pushes a policy or reward, resolved; one table for all runs that share it. */
static void push_policy(lua_State *L, const host_options_tables *s, const json_t *policy) {
  if (lua_rawgetp(L, s->policies, policy) != LUA_TNIL)
    return;
  lua_pop(L, 1);
  json_t *resolved = host_policy_resolved(policy);
  host_json_push(L, resolved);
  json_decref(resolved);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, s->policies, policy);
}

void host_options_begin(host_options_tables *s, lua_State *L) {
  *s = (host_options_tables){.metatables = lua_gettop(L) + 1, .policies = lua_gettop(L) + 2};
  lua_newtable(L);
  lua_newtable(L);
}

void host_options_push(lua_State *L, host_options_tables *s, const host_spec *spec) {
  const syn_options *like;
  const syn_param *o;
  lua_newtable(L);
  push_metatable(L, s, &like, &spec->options);
  for (size_t k = 0; (o = syn_option_at(k)); k++)
    if (!host_option_same(&spec->options, like, o)) {
      push_option(L, &spec->options, o);
      lua_setfield(L, -3, o->name);
    }
  lua_setmetatable(L, -2);
  if (spec->policy) {
    push_policy(L, s, spec->policy);
    lua_setfield(L, -2, "policy");
  }
  if (spec->reward) {
    push_policy(L, s, spec->reward);
    lua_setfield(L, -2, "reward");
  }
}
