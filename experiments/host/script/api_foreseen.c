/* Runs as they will be, for scripts: all options resolved. Those of a sweep differ in few options, so
 * each is a table of these, and its metatable knows the others: `__index` the options of the first
 * run with its task and method, `__pairs` an iterator over all. */
#include <lauxlib.h>

#include "experiments/host/base/lua_json.h"
#include "experiments/host/run/key.h"
#include "experiments/host/run/rules.h"
#include "experiments/host/script/api.h"

/* next(spec, key): what the first run has, then what only this one has. */
static int next_option(lua_State *L) {
  lua_settop(L, 2);
  luaL_getmetafield(L, 1, "__index");
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

#define LIKES_MAX 16

/* Stack slots of what is shared: metatables of specs, and policies by the value that they were read to. */
typedef struct shared {
  int metatables, policies;
  const syn_options *likes[LIKES_MAX];
  size_t n;
} shared;

static void push_option(lua_State *L, const syn_options *options, const syn_param *o) {
  json_t *value = host_option_value(options, o);
  host_json_push(L, value);
  json_decref(value);
}

/* Pushes the metatable of runs that are like this one; *like are their options. */
static void push_metatable(lua_State *L, shared *s, const syn_options **like,
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
  lua_createtable(L, 0, 2);
  lua_newtable(L);
  for (size_t k = 0; (o = syn_option_at(k)); k++) {
    push_option(L, options, o);
    lua_setfield(L, -2, o->name);
  }
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, pairs_of_options);
  lua_setfield(L, -2, "__pairs");
  *like = options;
  if (s->n == LIKES_MAX)
    return; /* it is this one's alone */
  s->likes[s->n++] = options;
  lua_pushvalue(L, -1);
  lua_rawseti(L, s->metatables, (lua_Integer)s->n);
}

/* Pushes a policy or reward, resolved; one table for all runs that share it. */
static void push_policy(lua_State *L, const shared *s, const json_t *policy) {
  if (lua_rawgetp(L, s->policies, policy) != LUA_TNIL)
    return;
  lua_pop(L, 1);
  json_t *resolved = host_policy_resolved(policy);
  host_json_push(L, resolved);
  json_decref(resolved);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, s->policies, policy);
}

static void push_spec(lua_State *L, shared *s, const host_spec *spec) {
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

/* Runs as they will be: for each { spec = all options, key = }, and of runs on images data = the set as
 * asked for, and its digest. */
static int api_specs(lua_State *L) {
  host *h = lua_touserdata(L, lua_upvalueindex(1));
  luaL_checktype(L, 1, LUA_TTABLE);
  syn_ctx ctx = {0};
  host_specs b;
  syn_status status =
      host_api_specs_read(&b, L, 1, h, luaL_opt(L, host_check_text, 2, "the plan"), &ctx);
  shared s = {.metatables = lua_gettop(L) + 1, .policies = lua_gettop(L) + 2};
  lua_newtable(L);
  lua_newtable(L);
  if (!status)
    lua_createtable(L, (int)b.n, 0);
  for (size_t i = 0; i < b.n && !status; i++) {
    lua_createtable(L, 0, 4);
    push_spec(L, &s, &b.specs[i]);
    lua_setfield(L, -2, "spec");
    lua_pushstring(L, b.specs[i].key);
    lua_setfield(L, -2, "key");
    lua_pushstring(L, b.specs[i].data);
    lua_setfield(L, -2, "data");
    lua_pushstring(L, b.specs[i].images ? b.specs[i].images->digest : NULL);
    lua_setfield(L, -2, "digest");
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  host_api_specs_close(&b);
  h->fault = SYN_OK; /* of a trial before; this call's own is set below */
  return status ? host_api_fail(L, status, &ctx) : 1;
}

const luaL_Reg host_api_foreseen[] = {
    {"specs", api_specs},
    {NULL, NULL},
};
