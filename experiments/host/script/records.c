#include "experiments/host/script/records.h"

#include <lauxlib.h>
#include <string.h>

#include "experiments/host/base/lua_json.h"
#include "experiments/host/base/words.h"
#include "experiments/host/script/api.h"
#include "experiments/host/store/store.h"
#include "policies/sandbox/fields.h"

/* What is read when it is asked for. */
static const char *const parts[] = {"curve", "trace", "map", "policies", NULL};

static int is_part(const char *name) {
  for (const char *const *part = parts; name && *part; part++)
    if (strcmp(*part, name) == 0)
      return 1;
  return 0;
}

/* ---- parts ------------------------------------------------------------------------------------- */

/* Pushes a table of the parts of a record, from the store. */
static void read_parts(lua_State *L, host *h, const char *key) {
  json_t *record = NULL;
  syn_ctx ctx = {0};
  syn_status status = host_store_read(&record, host_own_store(h), key, &ctx);
  if (!status && !record)
    status = syn_fail(&ctx, SYN_EFAILED, "run %.12s: its record is gone from %s/runs", key,
                      host_own_store(h).folder);
  if (status)
    host_api_fail(L, SYN_EFAILED, &ctx);
  lua_createtable(L, 0, 4);
  for (const char *const *part = parts; *part; part++)
    if (json_object_get(record, *part)) {
      host_json_push(L, json_object_get(record, *part));
      lua_setfield(L, -2, *part);
    }
  json_decref(record);
}

/* Pushes the table of the parts of the record at 1: the one that was read last is kept, others as long
 * as somebody has them. Upvalues: the host, what was read by record, the last. A failed run has none. */
static int push_parts(lua_State *L) {
  lua_pushvalue(L, 1);
  if (lua_rawget(L, lua_upvalueindex(2)) == LUA_TTABLE)
    return 1;
  lua_pushliteral(L, "key");
  const char *key = lua_rawget(L, 1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
  lua_pushliteral(L, "error");
  if (!key || lua_rawget(L, 1) != LUA_TNIL)
    return 0;
  read_parts(L, lua_touserdata(L, lua_upvalueindex(1)), key);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, -2);
  lua_rawset(L, lua_upvalueindex(2));
  lua_pushvalue(L, -1);
  lua_rawseti(L, lua_upvalueindex(3), 1);
  return 1;
}

/* __stored(record, name), and __index */
static int stored_part(lua_State *L) {
  if (lua_type(L, 2) != LUA_TSTRING || !is_part(lua_tostring(L, 2)) || !push_parts(L))
    return 0;
  lua_getfield(L, -1, lua_tostring(L, 2));
  return 1;
}

/* All that it has, in a table of its own: __pairs. */
static int pairs_of_record(lua_State *L) {
  lua_settop(L, 1);
  lua_newtable(L);
  if (push_parts(L)) {
    lua_replace(L, 3);
    lua_settop(L, 3);
    for (lua_pushnil(L); lua_next(L, 3);) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, 2);
    }
  }
  for (lua_pushnil(L); lua_next(L, 1);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, 2);
  }
  lua_getglobal(L, "next");
  lua_pushvalue(L, 2);
  lua_pushnil(L);
  return 3;
}

/* ---- records ----------------------------------------------------------------------------------- */

void host_records_begin(host_records *r, lua_State *L, host *h) {
  host_options_begin(&r->options, L);
  lua_createtable(L, 0, 3);
  r->metatable = lua_gettop(L);
  lua_pushlightuserdata(L, h);
  lua_newtable(L); /* what was read: weak on both sides */
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "kv");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_newtable(L);
  const luaL_Reg functions[] = {{"__stored", stored_part},
                                {"__index", stored_part},
                                {"__pairs", pairs_of_record},
                                {NULL, NULL}};
  luaL_setfuncs(L, functions, 3);
}

/* The data of a record, with the name that was asked for. */
static void push_data(lua_State *L, const json_t *data, const host_spec *spec) {
  char name[4096];
  host_json_push(L, data);
  if (!spec->data)
    return;
  host_last_name(name, sizeof name, spec->data);
  syn_set_text(L, "name", name);
}

void host_records_push(lua_State *L, host_records *r, const json_t *record, const host_spec *spec) {
  const char *name;
  json_t *value;
  luaL_checkstack(L, 16, "a record");
  lua_createtable(L, 0, (int)json_object_size(record));
  json_object_foreach((json_t *)(uintptr_t)record, name, value) {
    if (is_part(name) || strcmp(name, "spec") == 0)
      continue;
    if (strcmp(name, "data") == 0)
      push_data(L, value, spec);
    else
      host_json_push(L, value);
    lua_setfield(L, -2, name);
  }
  host_options_push(L, &r->options, spec);
  lua_setfield(L, -2, "spec");
  lua_pushvalue(L, r->metatable);
  lua_setmetatable(L, -2);
}
