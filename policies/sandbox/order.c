/* The same order every time: Lua's own sort takes its pivots from the clock, and the order in which
 * it walks a table depends on addresses. */
#include <stdint.h>

#include "policies/sandbox/internal.h"

/* Is the value at `a` before the one at `b`? With a function at index 2, as it says. */
static int before(lua_State *L, int a, int b) {
  if (lua_isnil(L, 2))
    return lua_compare(L, a, b, LUA_OPLT);
  a = lua_absindex(L, a);
  b = lua_absindex(L, b);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, a);
  lua_pushvalue(L, b);
  lua_call(L, 2, 1);
  int yes = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return yes;
}

/* Merges the sorted runs [from, middle) and [middle, to) of table `in` into table `out`. */
static void merge(lua_State *L, int in, int out, lua_Integer from, lua_Integer middle,
                  lua_Integer to) {
  lua_Integer i = from, j = middle;
  for (lua_Integer k = from; k < to; k++) {
    int second = i == middle;
    if (i < middle && j < to) {
      lua_geti(L, in, i);
      lua_geti(L, in, j);
      second = before(L, -1, -2);
      lua_pop(L, 2);
    }
    lua_geti(L, in, second ? j++ : i++);
    lua_seti(L, out, k);
  }
}

/* Sorts 1..n of the table at `list`; the function, or nil, is at index 2. */
static void sort(lua_State *L, int list, lua_Integer n) {
  list = lua_absindex(L, list);
  lua_createtable(L, n < 1 << 20 ? (int)n : 0, 0);
  int in = list, out = lua_gettop(L);
  for (lua_Integer width = 1; width < n; width *= 2) {
    syn_sandbox_charge(L, (uint64_t)n * 4);
    for (lua_Integer from = 1; from <= n; from += 2 * width) {
      lua_Integer middle = from + width <= n ? from + width : n + 1;
      lua_Integer to = from + 2 * width <= n ? from + 2 * width : n + 1;
      merge(L, in, out, from, middle, to);
    }
    int swap = in;
    in = out;
    out = swap;
  }
  for (lua_Integer i = 1; in != list && i <= n; i++) {
    lua_geti(L, in, i);
    lua_seti(L, list, i);
  }
  lua_settop(L, out > in ? out - 1 : in - 1);
}

int syn_sandbox_sort(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  if (!lua_isnoneornil(L, 2))
    luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_settop(L, 2);
  lua_Integer n = syn_sandbox_border(L, 1);
  syn_sandbox_charge_elements(L, (uint64_t)n);
  sort(L, 1, n);
  return 0;
}

/* The order of keys: numbers, texts, booleans, then what has a number of its own (states and their
 * lists: SYN_SANDBOX_NUMBERED). */
static int key_rank(lua_State *L, int index) {
  switch (lua_type(L, index)) {
  case LUA_TNUMBER:
    return 0;
  case LUA_TSTRING:
    return 1;
  case LUA_TBOOLEAN:
    return 2;
  default:
    if (luaL_getmetafield(L, index, SYN_SANDBOX_NUMBERED) != LUA_TNIL) {
      lua_pop(L, 1);
      return 3;
    }
    return syn_sandbox_fail(L,
                            "pairs: a key is a %s, and these have no order; keys may be numbers, "
                            "texts, booleans and states",
                            luaL_typename(L, index));
  }
}

static int key_before(lua_State *L) {
  int a = key_rank(L, 1), b = key_rank(L, 2), yes = a < b;
  if (a == b && a <= 1)
    yes = lua_compare(L, 1, 2, LUA_OPLT);
  else if (a == b && a == 2)
    yes = lua_toboolean(L, 1) < lua_toboolean(L, 2);
  else if (a == b)
    yes = *(uint32_t *)lua_touserdata(L, 1) < *(uint32_t *)lua_touserdata(L, 2);
  lua_pushboolean(L, yes);
  return 1;
}

/* Upvalues: the sorted keys, and how many were given out. */
static int pairs_next(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE); /* a rule may call it with anything */
  lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
  for (;;) {
    if (lua_geti(L, lua_upvalueindex(1), ++i) == LUA_TNIL)
      return 1;
    lua_pushvalue(L, -1);
    if (lua_rawget(L, 1) != LUA_TNIL) { /* else it was removed on the way */
      lua_pushinteger(L, i);
      lua_replace(L, lua_upvalueindex(2));
      return 2;
    }
    lua_pop(L, 2);
  }
}

int syn_sandbox_pairs(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_pushcfunction(L, key_before); /* index 2, as `sort` wants it */
  lua_newtable(L);
  lua_Integer n = 0;
  lua_pushnil(L);
  while (lua_next(L, 1)) {
    lua_pop(L, 1);
    key_rank(L, -1);
    lua_pushvalue(L, -1);
    lua_rawseti(L, 3, ++n);
  }
  syn_sandbox_charge(L, (uint64_t)n);
  sort(L, 3, n);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, pairs_next, 2);
  lua_pushvalue(L, 1);
  return 2;
}
