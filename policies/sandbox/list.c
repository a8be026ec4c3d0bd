/* What Lua's library does with lists, by the length that follows from their contents alone. */
#include "policies/sandbox/internal.h"

/* Of the list at index 1; charges a walk over it. */
static lua_Integer walk_length(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer n = syn_sandbox_border(L, 1);
  syn_sandbox_charge_elements(L, (uint64_t)n);
  return n;
}

int syn_sandbox_rawlen(lua_State *L) {
  luaL_argexpected(L, lua_istable(L, 1) || lua_type(L, 1) == LUA_TSTRING, 1, "table or string");
  lua_pushinteger(L, lua_istable(L, 1) ? syn_sandbox_border(L, 1) : (lua_Integer)lua_rawlen(L, 1));
  return 1;
}

static int list_insert(lua_State *L) {
  lua_Integer end = walk_length(L) + 1, at = end;
  int top = lua_gettop(L);
  if (top != 2 && top != 3)
    return syn_sandbox_fail(L, "table.insert takes a list, perhaps a place, and a value");
  if (top == 3) {
    at = luaL_checkinteger(L, 2);
    luaL_argcheck(L, at >= 1 && at <= end, 2, "position out of bounds");
  }
  for (lua_Integer i = end; i > at; i--) {
    lua_geti(L, 1, i - 1);
    lua_seti(L, 1, i);
  }
  lua_seti(L, 1, at);
  return 0;
}

static int list_remove(lua_State *L) {
  lua_Integer n = walk_length(L), at = luaL_optinteger(L, 2, n);
  luaL_argcheck(L, at == n || (at >= 1 && at <= n + 1), 2, "position out of bounds");
  lua_geti(L, 1, at);
  for (; at < n; at++) {
    lua_geti(L, 1, at + 1);
    lua_seti(L, 1, at);
  }
  lua_pushnil(L);
  lua_seti(L, 1, at);
  return 1;
}

/* unpack(a, from, to) and concat(a, sep, from, to): charges the range that they walk over. */
static lua_Integer range(lua_State *L, int at, lua_Integer *to) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer from = luaL_optinteger(L, at, 1);
  *to = lua_isnoneornil(L, at + 1) ? syn_sandbox_border(L, 1) : luaL_checkinteger(L, at + 1);
  syn_sandbox_charge_elements(L, *to >= from ? (uint64_t)*to - (uint64_t)from : 0);
  return from;
}

static int list_unpack(lua_State *L) {
  lua_Integer to, from = range(L, 2, &to);
  if (from > to)
    return 0;
  if (to - from >= 1000000 || !lua_checkstack(L, (int)(to - from + 1)))
    return syn_sandbox_fail(L, "table.unpack: too many results to unpack");
  for (lua_Integer i = from;; i++) {
    lua_geti(L, 1, i);
    if (i == to)
      return (int)(to - from + 1);
  }
}

static int list_concat(lua_State *L) {
  size_t between;
  if (lua_isnoneornil(L, 2)) {
    lua_settop(L, lua_gettop(L) < 2 ? 2 : lua_gettop(L));
    lua_pushliteral(L, "");
    lua_replace(L, 2);
  }
  const char *separator = syn_sandbox_check_text(L, 2, &between);
  lua_Integer to, from = range(L, 3, &to);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (lua_Integer i = from; i <= to; i++) {
    int kind = lua_geti(L, 1, i);
    if (kind != LUA_TSTRING && kind != LUA_TNUMBER)
      return syn_sandbox_fail(L, "table.concat: element %lld is a %s; it joins texts and numbers",
                              (long long)i, lua_typename(L, kind));
    syn_sandbox_text(L, -1);
    lua_remove(L, -2);
    luaL_addvalue(&b);
    if (i == to)
      break;
    luaL_addlstring(&b, separator, between);
  }
  luaL_pushresult(&b);
  return 1;
}

const luaL_Reg syn_list_functions[] = {{"insert", list_insert},    {"remove", list_remove},
                                       {"concat", list_concat},    {"unpack", list_unpack},
                                       {"sort", syn_sandbox_sort}, {NULL, NULL}};
