/* Fields of the table on top of the stack, set from C. */
#ifndef SYN_POLICIES_FIELDS_H
#define SYN_POLICIES_FIELDS_H

#include <lua.h>

/* NULL sets none. */
static inline void syn_set_text(lua_State *L, const char *field, const char *text) {
  lua_pushstring(L, text);
  lua_setfield(L, -2, field);
}

static inline void syn_set_number(lua_State *L, const char *field, lua_Number x) {
  lua_pushnumber(L, x);
  lua_setfield(L, -2, field);
}

static inline void syn_set_integer(lua_State *L, const char *field, lua_Integer x) {
  lua_pushinteger(L, x);
  lua_setfield(L, -2, field);
}

static inline void syn_set_flag(lua_State *L, const char *field, int yes) {
  lua_pushboolean(L, yes);
  lua_setfield(L, -2, field);
}

#endif
