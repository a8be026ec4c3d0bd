/* What is wrong with an answer of a rule, in words. */
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

#include "policies/scripted/internal.h"

int syn_rule_fail(lua_State *L, int ref, const char *format, ...) {
  char line[512];
  lua_Debug f;
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
  lua_getinfo(L, ">S", &f);
  lua_pushfstring(L, "%s:%d: %s", f.short_src, f.linedefined, line);
  return lua_error(L);
}

const char *syn_rule_shown(lua_State *L, int index) {
  int kind = lua_type(L, index);
  size_t n;
  const char *text = kind == LUA_TSTRING ? lua_tolstring(L, index, &n) : NULL;
  if (text)
    return lua_pushfstring(L, "the text \"%s\"%s", text,
                           strlen(text) == n ? "" : " and what stands behind a byte of value 0");
  if (kind == LUA_TTABLE || kind == LUA_TFUNCTION)
    return lua_pushfstring(L, "a %s", lua_typename(L, kind));
  return syn_sandbox_text(L, index);
}
