#include "experiments/host/run/rules.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lauxlib.h>

#include "policies/sandbox/sandbox.h"

#define PARAMS_MAX 64

const char *const host_rule_kinds[] = {"finite", "learning", "local"};

/* ---- as a policy ----------------------------------------------------------------------------- */

syn_status host_rule_open(syn_policy **out, const json_t *policy, syn_ctx *ctx) {
  *out = NULL;
  const char *file = json_string_value(json_object_get(policy, "file"));
  const json_t *text = json_object_get(policy, "text");
  if (!file || !json_is_string(text))
    return syn_fail(ctx, SYN_EINVAL, "policy 'rule': write policy = rule(\"FILE.lua\", {...})");
  syn_arg args[PARAMS_MAX];
  size_t n = 0;
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)policy, name, value) {
    if (strcmp(name, "name") == 0 || strcmp(name, "file") == 0 || strcmp(name, "text") == 0)
      continue;
    if (n == PARAMS_MAX)
      return syn_fail(ctx, SYN_EINVAL, "%s: more than %d parameters", file, PARAMS_MAX);
    args[n] = (syn_arg){.name = name, .kind = SYN_ARG_TEXT};
    if (json_is_number(value)) {
      args[n].kind = SYN_ARG_NUMBER;
      args[n].number = json_number_value(value) + 0.0; /* no -0: it has the key of 0 */
    }
    n++;
  }
  return syn_rule_open_text(out, file, json_string_value(text), json_string_length(text), args, n,
                            ctx);
}

json_t *host_policy_resolved(const json_t *policy) {
  json_t *copy = json_copy((json_t *)(uintptr_t)policy), *value;
  const char *name;
  const syn_policy_class *class =
      syn_policy_find(json_string_value(json_object_get(policy, "name")));
  for (const syn_param *p = class ? class->params : NULL; copy && p && p->name; p++) {
    int number = p->kind == SYN_PARAM_NUMBER || p->kind == SYN_PARAM_INTEGER;
    if (json_object_get(copy, p->name) || (!number && !(p->text && p->text[0])))
      continue;
    if (p->kind == SYN_PARAM_INTEGER)
      value = json_integer((json_int_t)p->value);
    else
      value = number ? json_real(p->value) : json_string(p->text);
    json_object_set_new(copy, p->name, value);
  }
  json_object_foreach((json_t *)(uintptr_t)policy, name, value) {
    if (json_is_object(value))
      json_object_set_new(copy, name, host_policy_resolved(value));
  }
  return copy;
}

/* ---- for scripts ----------------------------------------------------------------------------- */

static void set_text(lua_State *L, const char *field, const char *text) {
  lua_pushstring(L, text);
  lua_setfield(L, -2, field);
}

static void set_number(lua_State *L, const char *field, double x) {
  lua_pushnumber(L, x);
  lua_setfield(L, -2, field);
}

static void push_params(lua_State *L, const syn_param *params, const double *values) {
  lua_newtable(L);
  for (lua_Integer i = 0; params[i].name; i++) {
    lua_newtable(L);
    set_text(L, "name", params[i].name);
    set_text(L, "unit", params[i].unit);
    set_text(L, "doc", params[i].doc);
    set_number(L, "value", values[i]);
    set_number(L, "default", params[i].value);
    set_number(L, "min", params[i].lo);
    set_number(L, "max", params[i].hi);
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

static void push_rule(lua_State *L, syn_policy *policy, const char *text, size_t size) {
  const syn_rule_info *info = syn_rule_describe(policy);
  lua_newtable(L);
  set_text(L, "file", info->file);
  set_text(L, "name", info->name);
  set_text(L, "doc", info->doc);
  set_text(L, "kind", host_rule_kinds[info->kind]);
  set_number(L, "history", info->history);
  lua_pushlstring(L, text, size);
  lua_setfield(L, -2, "text");
  push_params(L, info->params, info->values);
  lua_setfield(L, -2, "params");
  if (policy->type->table) {
    push_chances(L, policy->type->table(policy));
    lua_setfield(L, -2, "chances");
  }
}

/* Numbers by name from the table at index 2, if there is one. Keys and values stay in that table.
 * */
static size_t read_params(lua_State *L, syn_arg args[PARAMS_MAX]) {
  size_t n = 0;
  if (lua_isnoneornil(L, 2))
    return 0;
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, 2)) {
    if (lua_type(L, -2) != LUA_TSTRING || n == PARAMS_MAX)
      luaL_error(L, "rule: parameters are numbers by name, at most %d", PARAMS_MAX);
    args[n++] = (syn_arg){.name = lua_tostring(L, -2),
                          .kind = lua_isnumber(L, -1) ? SYN_ARG_NUMBER : SYN_ARG_TEXT,
                          .number = lua_tonumber(L, -1)};
    lua_pop(L, 1);
  }
  return n;
}

/* A shipped rule by its name alone is what is meant, most likely. */
static void fail_not_there(const host *h, const char *file, syn_status status, syn_ctx *ctx) {
  char shipped[256], path[8192];
  size_t n = strlen(file);
  int ends = n > 4 && strcmp(file + n - 4, ".lua") == 0;
  snprintf(shipped, sizeof shipped, "policies/rules/%.200s%s", file, ends ? "" : ".lua");
  snprintf(path, sizeof path, "%s/%s", h->home, shipped);
  int meant = !strchr(file, '/') && access(path, R_OK) == 0;
  syn_fail(
      ctx, status,
      "rule '%s': there is no such file beside the script, where the program was called, or in "
      "%s%s%s%s",
      file, h->home, meant ? "; did you mean " : "", meant ? shipped : "", meant ? "?" : "");
}

int host_api_rule(lua_State *L) {
  host *h = lua_touserdata(L, lua_upvalueindex(1));
  char place[8192];
  const char *file = luaL_checkstring(L, 1);
  syn_arg args[PARAMS_MAX];
  size_t size, n = read_params(L, args);
  syn_ctx ctx = {0};
  syn_policy *policy = NULL;
  char *text;
  const char *found = host_find(h, file, place, sizeof place);
  syn_status status = syn_rule_read(&text, &size, found, &ctx);
  if (status && *file != '/' && access(found, F_OK) != 0)
    fail_not_there(h, file, status, &ctx);
  if (status == SYN_OK)
    status = syn_rule_open_text(&policy, file, text, size, args, n, &ctx);
  if (status == SYN_OK)
    push_rule(L, policy, text, size);
  if (policy)
    policy->type->close(policy);
  free(text);
  if (status == SYN_OK)
    return 1;
  h->fault = status;
  lua_pushstring(L, ctx.error);
  return lua_error(L);
}
