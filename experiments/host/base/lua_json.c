#include "experiments/host/base/lua_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#define DEPTH_MAX 32

static syn_status take(json_t **out, lua_State *L, int index, int depth, syn_ctx *ctx);

static syn_status take_array(json_t *array, lua_State *L, int index, int depth, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  lua_Integer n = luaL_len(L, index);
  for (lua_Integer i = 1; i <= n && !status; i++) {
    json_t *item;
    lua_geti(L, index, i);
    status = take(&item, L, lua_gettop(L), depth + 1, ctx);
    if (!status)
      json_array_append_new(array, item);
    lua_pop(L, 1);
  }
  return status;
}

static syn_status take_object(json_t *object, lua_State *L, int index, int depth, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  lua_pushnil(L);
  while (!status && lua_next(L, index)) {
    json_t *item;
    if (lua_type(L, -2) != LUA_TSTRING) {
      status = syn_fail(ctx, SYN_EINVAL, "a table of options has names for keys, not %s",
                        lua_typename(L, lua_type(L, -2)));
    } else if (strlen(lua_tostring(L, -2)) != lua_rawlen(L, -2)) {
      status = syn_fail(ctx, SYN_EINVAL, "the name '%s' goes on behind a byte of value 0",
                        lua_tostring(L, -2));
    } else {
      status = take(&item, L, lua_gettop(L), depth + 1, ctx);
      if (!status && json_object_set_new(object, lua_tostring(L, -2), item))
        status = syn_fail(ctx, SYN_EINVAL, "the name '%s' is no UTF-8 text", lua_tostring(L, -2));
    }
    lua_pop(L, 1);
  }
  lua_settop(L, lua_gettop(L) - (status ? 1 : 0));
  return status;
}

static syn_status take_table(json_t **out, lua_State *L, int index, int depth, syn_ctx *ctx) {
  if (depth > DEPTH_MAX || !lua_checkstack(L, 8))
    return syn_fail(ctx, SYN_EINVAL, "tables nested more than %d deep, or in a circle", DEPTH_MAX);
  int array = lua_geti(L, index, 1) != LUA_TNIL;
  lua_pop(L, 1);
  *out = array ? json_array() : json_object();
  syn_status status =
      array ? take_array(*out, L, index, depth, ctx) : take_object(*out, L, index, depth, ctx);
  if (status) {
    json_decref(*out);
    *out = NULL;
  }
  return status;
}

static syn_status take(json_t **out, lua_State *L, int index, int depth, syn_ctx *ctx) {
  size_t n;
  *out = NULL;
  switch (lua_type(L, index)) {
  case LUA_TTABLE:
    return take_table(out, L, index, depth, ctx);
  case LUA_TSTRING: {
    const char *text = lua_tolstring(L, index, &n);
    if (strlen(text) != n)
      return syn_fail(ctx, SYN_EINVAL, "the text '%s' goes on behind a byte of value 0", text);
    *out = json_stringn(text, n);
    return *out ? SYN_OK : syn_fail(ctx, SYN_EINVAL, "a text is no UTF-8");
  }
  case LUA_TBOOLEAN:
    *out = json_boolean(lua_toboolean(L, index));
    return SYN_OK;
  case LUA_TNUMBER:
    if (lua_isinteger(L, index))
      *out = json_integer(lua_tointeger(L, index));
    else if (isfinite(lua_tonumber(L, index)))
      *out = json_real(lua_tonumber(L, index));
    return *out ? SYN_OK : syn_fail(ctx, SYN_EINVAL, "a number is not finite");
  default:
    return syn_fail(ctx, SYN_EINVAL, "a %s is no value of an option", luaL_typename(L, index));
  }
}

syn_status host_json_from_lua(json_t **out, lua_State *L, int index, syn_ctx *ctx) {
  return take(out, L, lua_absindex(L, index), 0, ctx);
}

void host_json_push(lua_State *L, const json_t *value) {
  luaL_checkstack(L, 8, "JSON");
  switch (json_typeof(value)) {
  case JSON_OBJECT: {
    const char *name;
    json_t *item;
    lua_createtable(L, 0, (int)json_object_size(value));
    json_object_foreach((json_t *)(uintptr_t)value, name, item) {
      host_json_push(L, item);
      lua_setfield(L, -2, name);
    }
    break;
  }
  case JSON_ARRAY:
    lua_createtable(L, (int)json_array_size(value), 0);
    for (size_t i = 0; i < json_array_size(value); i++) {
      host_json_push(L, json_array_get(value, i));
      lua_seti(L, -2, (lua_Integer)i + 1);
    }
    break;
  case JSON_STRING:
    lua_pushlstring(L, json_string_value(value), json_string_length(value));
    break;
  case JSON_INTEGER:
    lua_pushinteger(L, json_integer_value(value));
    break;
  case JSON_REAL:
    lua_pushnumber(L, json_real_value(value));
    break;
  case JSON_TRUE:
  case JSON_FALSE:
    lua_pushboolean(L, json_is_true(value));
    break;
  case JSON_NULL:
    lua_pushnumber(L, (lua_Number)NAN);
    break;
  }
}

syn_status host_json_digest(char out[SYN_DIGEST_SIZE], const json_t *value, syn_ctx *ctx) {
  char *text = json_dumps(value, HOST_JSON_CANONICAL);
  if (!text)
    return syn_fail_memory(ctx, "a record");
  syn_digest_bytes(out, text, strlen(text));
  free(text);
  return SYN_OK;
}
