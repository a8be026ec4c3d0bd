/* Values as texts: the same on every machine. */
#include <string.h>

#include <lauxlib.h>

#include "policies/sandbox/internal.h"

const char *syn_sandbox_text(lua_State *L, int index) {
  index = lua_absindex(L, index);
  int kind = lua_type(L, index);
  if (kind == LUA_TNUMBER && lua_tonumber(L, index) != lua_tonumber(L, index))
    return lua_pushstring(L, "nan"); /* whose sign differs between machines */
  if (kind == LUA_TSTRING || kind == LUA_TNUMBER) {
    lua_pushvalue(L, index);
    return lua_tostring(L, -1);
  }
  if (kind == LUA_TBOOLEAN || kind == LUA_TNIL)
    return luaL_tolstring(L, index, NULL);
  if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) { /* the host's own values only */
    lua_pushvalue(L, index);
    lua_call(L, 1, 1);
    return lua_tostring(L, -1);
  }
  return lua_pushstring(L, lua_typename(L, kind));
}

const char *syn_sandbox_name(lua_State *L, int index) {
  size_t n;
  if (lua_type(L, index) != LUA_TSTRING)
    return syn_sandbox_text(L, index);
  const char *name = lua_tolstring(L, index, &n);
  if (strlen(name) != n)
    luaL_error(L, "the text '%s' goes on behind a byte of value 0", name);
  return name;
}

const char *syn_sandbox_check_text(lua_State *L, int arg, size_t *n) {
  if (lua_type(L, arg) == LUA_TNUMBER) {
    syn_sandbox_text(L, arg);
    lua_replace(L, arg);
  }
  return luaL_checklstring(L, arg, n);
}
