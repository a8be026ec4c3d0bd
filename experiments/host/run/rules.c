#include "experiments/host/run/rules.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lauxlib.h>

#include "experiments/host/base/lua_json.h"
#include "policies/sandbox/sandbox.h"

#define PARAMS_MAX 64

const char *const host_rule_kinds[] = {"finite", "learning", "local"};

/* ---- as a policy ----------------------------------------------------------------------------- */

/* File, text and parameters of a rule or reward. */
typedef struct declared {
  const char *file, *text;
  size_t size, n;
  syn_arg args[PARAMS_MAX];
} declared;

static syn_status read_declared(declared *d, const json_t *from, const char *noun, syn_ctx *ctx) {
  const json_t *text = json_object_get(from, "text");
  *d = (declared){.file = json_string_value(json_object_get(from, "file")),
                  .text = json_string_value(text)};
  if (!d->file || !d->text)
    return syn_fail(ctx, SYN_EINVAL, "write %s = lab.%s(\"FILE.lua\", {...})",
                    strcmp(noun, "rule") == 0 ? "policy" : noun, noun);
  d->size = json_string_length(text);
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)from, name, value) {
    if (strcmp(name, "name") == 0 || strcmp(name, "file") == 0 || strcmp(name, "text") == 0)
      continue;
    if (d->n == PARAMS_MAX)
      return syn_fail(ctx, SYN_EINVAL, "%s: more than %d parameters", d->file, PARAMS_MAX);
    d->args[d->n] = (syn_arg){.name = name, .kind = SYN_ARG_TEXT};
    if (json_is_number(value)) {
      d->args[d->n].kind = SYN_ARG_NUMBER;
      d->args[d->n].number = json_number_value(value) + 0.0; /* no -0: it has the key of 0 */
    }
    d->n++;
  }
  return SYN_OK;
}

syn_status host_rule_open(syn_policy **out, const json_t *policy, syn_ctx *ctx) {
  declared d;
  *out = NULL;
  syn_status status = read_declared(&d, policy, "rule", ctx);
  return status ? status : syn_rule_open_text(out, d.file, d.text, d.size, d.args, d.n, ctx);
}

syn_status host_reward_open(syn_rewarder **out, const json_t *reward, syn_ctx *ctx) {
  declared d;
  *out = NULL;
  syn_status status = read_declared(&d, reward, "reward", ctx);
  return status ? status : syn_reward_open_text(out, d.file, d.text, d.size, d.args, d.n, ctx);
}

syn_status host_reward_read(syn_rewarder **out, const char *path, syn_ctx *ctx) {
  char *text;
  size_t size;
  *out = NULL;
  syn_status status = syn_rule_read(&text, &size, path, ctx);
  if (status == SYN_OK)
    status = syn_reward_open_text(out, path, text, size, NULL, 0, ctx);
  free(text);
  return status;
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

/* What rules and rewards have. */
static void push_info(lua_State *L, const syn_rule_info *info, const char *text, size_t size) {
  lua_newtable(L);
  set_text(L, "file", info->file);
  set_text(L, "name", info->name);
  set_text(L, "doc", info->doc);
  lua_pushlstring(L, text, size);
  lua_setfield(L, -2, "text");
  push_params(L, info->params, info->values);
  lua_setfield(L, -2, "params");
}

static void push_rule(lua_State *L, syn_policy *policy, const char *text, size_t size) {
  const syn_rule_info *info = syn_rule_describe(policy);
  push_info(L, info, text, size);
  set_text(L, "kind", host_rule_kinds[info->kind]);
  set_number(L, "history", info->history);
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
    args[n++] = (syn_arg){.name = syn_sandbox_name(L, -2),
                          .kind = lua_isnumber(L, -1) ? SYN_ARG_NUMBER : SYN_ARG_TEXT,
                          .number = lua_tonumber(L, -1)};
    lua_pop(L, 1);
  }
  return n;
}

/* A file that is not there: what is meant, most likely, is the same with .lua behind it, or a shipped one
 * by its name alone. NULL: neither. */
static const char *file_meant(const host *h, const char *noun, const char *file, char meant[256]) {
  char path[8192];
  size_t n = strlen(file);
  int ends = n > 4 && strcmp(file + n - 4, ".lua") == 0;
  if (!ends && n < 250) {
    snprintf(meant, 256, "%s.lua", file);
    if (access(host_find(h, meant, path, sizeof path), R_OK) == 0)
      return meant;
  }
  snprintf(meant, 256, "policies/%ss/%.200s%s", noun, file, ends ? "" : ".lua");
  snprintf(path, sizeof path, "%s/%s", h->home, meant);
  return !strchr(file, '/') && access(path, R_OK) == 0 ? meant : NULL;
}

syn_status host_rule_text(host *h, const char *noun, const char *file, char **text, size_t *size,
                          syn_ctx *ctx) {
  char place[8192], name[256];
  const char *found = host_find(h, file, place, sizeof place);
  syn_status status = syn_rule_read(text, size, found, ctx);
  if (!status || *file == '/')
    return status;
  struct stat about;
  const int there = stat(found, &about) == 0;
  const char *meant = file_meant(h, noun, file, name);
  if (there && !(S_ISDIR(about.st_mode) && meant)) /* a folder by that name is no answer */
    return status;
  return syn_fail(ctx, status,
                  "%s '%s': there is no such file beside the script, where the program was called, "
                  "or in %s%s%s%s",
                  noun, file, h->home, meant ? "; did you mean " : "", meant ? meant : "",
                  meant ? "?" : "");
}

static int end_call(lua_State *L, host *h, syn_status status, const syn_ctx *ctx) {
  if (status == SYN_OK)
    return 1;
  h->fault = status;
  lua_pushstring(L, ctx->error);
  return lua_error(L);
}

int host_api_rule(lua_State *L) {
  host *h = lua_touserdata(L, lua_upvalueindex(1));
  syn_arg args[PARAMS_MAX];
  size_t size, n = read_params(L, args);
  syn_ctx ctx = {0};
  syn_policy *policy = NULL;
  char *text;
  syn_status status = host_rule_text(h, "rule", host_check_text(L, 1), &text, &size, &ctx);
  if (status == SYN_OK)
    status = syn_rule_open_text(&policy, lua_tostring(L, 1), text, size, args, n, &ctx);
  if (status == SYN_OK)
    push_rule(L, policy, text, size);
  syn_policy_close(policy);
  free(text);
  return end_call(L, h, status, &ctx);
}

int host_api_reward(lua_State *L) {
  host *h = lua_touserdata(L, lua_upvalueindex(1));
  syn_arg args[PARAMS_MAX];
  size_t size, n = read_params(L, args);
  syn_ctx ctx = {0};
  syn_rewarder *rewarder = NULL;
  char *text;
  syn_status status = host_rule_text(h, "reward", host_check_text(L, 1), &text, &size, &ctx);
  if (status == SYN_OK)
    status = syn_reward_open_text(&rewarder, lua_tostring(L, 1), text, size, args, n, &ctx);
  if (status == SYN_OK)
    push_info(L, syn_reward_describe(rewarder), text, size);
  syn_rewarder_close(rewarder);
  free(text);
  return end_call(L, h, status, &ctx);
}
