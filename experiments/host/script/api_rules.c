/* Rules and rewards, for scripts. */
#include <stdlib.h>

#include "experiments/host/base/lua_json.h"
#include "experiments/host/run/rules.h"
#include "experiments/host/script/api.h"
#include "policies/sandbox/fields.h"
#include "policies/sandbox/sandbox.h"

#define PARAMS_MAX 64

static void push_params(lua_State *L, const syn_param *params, const double *values) {
  lua_newtable(L);
  for (lua_Integer i = 0; params[i].name; i++) {
    lua_newtable(L);
    syn_set_text(L, "name", params[i].name);
    syn_set_text(L, "unit", params[i].unit);
    syn_set_text(L, "doc", params[i].doc);
    syn_set_number(L, "value", values[i]);
    syn_set_number(L, "default", params[i].value);
    syn_set_number(L, "min", params[i].lo);
    syn_set_number(L, "max", params[i].hi);
    lua_rawseti(L, -2, i + 1);
  }
}

static void push_chances(lua_State *L, const syn_table *table) {
  size_t states = (size_t)table->locals * table->locals;
  lua_createtable(L, (int)states, 0);
  for (size_t s = 0; s < states; s++) {
    const double p[3] = {table->low[s] / 65536.0, (table->high[s] - table->low[s]) / 65536.0,
                         (65536 - table->high[s]) / 65536.0};
    lua_createtable(L, 3, 0);
    for (int k = 0; k < 3; k++) {
      lua_pushnumber(L, p[k]);
      lua_rawseti(L, -2, k + 1);
    }
    lua_rawseti(L, -2, (lua_Integer)s + 1);
  }
}

/* What rules and rewards have. */
static void push_info(lua_State *L, const syn_rule_info *info, const char *text, size_t size) {
  lua_newtable(L);
  syn_set_text(L, "file", info->file);
  syn_set_text(L, "name", info->name);
  syn_set_text(L, "doc", info->doc);
  lua_pushlstring(L, text, size);
  lua_setfield(L, -2, "text");
  push_params(L, info->params, info->values);
  lua_setfield(L, -2, "params");
}

static void push_rule(lua_State *L, syn_policy *policy, const char *text, size_t size) {
  const syn_rule_info *info = syn_rule_describe(policy);
  push_info(L, info, text, size);
  syn_set_text(L, "kind", host_rule_kinds[info->kind]);
  syn_set_number(L, "history", info->history);
  if (policy->type->table) {
    push_chances(L, policy->type->table(policy));
    lua_setfield(L, -2, "chances");
  }
}

/* Numbers by name from the table at index 2, if there is one. Keys and values stay in that
 * table. */
static size_t read_params(lua_State *L, syn_arg args[PARAMS_MAX]) {
  size_t n = 0;
  if (lua_isnoneornil(L, 2))
    return 0;
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, 2)) {
    if (lua_type(L, -2) != LUA_TSTRING || n == PARAMS_MAX)
      luaL_error(L, "rule: parameters are numbers by name, at most %d", PARAMS_MAX);
    args[n++] = (syn_arg){.name = syn_sandbox_name(L, -2),
                          .kind = lua_isnumber(L, -1) ? SYN_ARG_NUMBER : SYN_ARG_TEXT,
                          .number = lua_tonumber(L, -1)};
    lua_pop(L, 1);
  }
  return n;
}

/* rule(path, params) -> table: file, text, name, doc, kind ("finite", "learning", "local"), history,
 * params = {{name=, default=, min=, max=, unit=, doc=}, ...}, and for rules with a finite state
 * chances = {{p_dec, p_null, p_inc}, ...} by state, in the order of a policy file. */
static int api_rule(lua_State *L) {
  syn_arg args[PARAMS_MAX];
  size_t size, n = read_params(L, args);
  syn_ctx ctx = {0};
  syn_policy *policy = NULL;
  char *text;
  syn_status status = host_rule_text(host_of(L), "rule", host_check_text(L, 1), &text, &size, &ctx);
  if (status == SYN_OK)
    status = syn_rule_open_text(&policy, lua_tostring(L, 1), text, size, args, n, &ctx);
  if (status == SYN_OK)
    push_rule(L, policy, text, size);
  syn_policy_close(policy);
  free(text);
  return status ? host_api_fail(L, status, &ctx) : 1;
}

/* reward(path, params) -> the same, with file, text, name, doc and params. */
static int api_reward(lua_State *L) {
  syn_arg args[PARAMS_MAX];
  size_t size, n = read_params(L, args);
  syn_ctx ctx = {0};
  syn_rewarder *rewarder = NULL;
  char *text;
  syn_status status =
      host_rule_text(host_of(L), "reward", host_check_text(L, 1), &text, &size, &ctx);
  if (status == SYN_OK)
    status = syn_reward_open_text(&rewarder, lua_tostring(L, 1), text, size, args, n, &ctx);
  if (status == SYN_OK)
    push_info(L, syn_reward_describe(rewarder), text, size);
  syn_rewarder_close(rewarder);
  free(text);
  return status ? host_api_fail(L, status, &ctx) : 1;
}

const luaL_Reg host_api_rules[] = {{"rule", api_rule}, {"reward", api_reward}, {NULL, NULL}};
