/* Between Lua values and JSON. */
#ifndef SYN_HOST_LUA_JSON_H
#define SYN_HOST_LUA_JSON_H

#include <jansson.h>
#include <lua.h>

#include "engine/base/status.h"

/* The value at `index`: a table with t[1] is an array, another an object whose keys must be texts.
 * SYN_EINVAL: a function, a circle (nested deeper than 32), a key that is no text. */
syn_status host_json_from_lua(json_t **out, lua_State *L, int index, syn_ctx *ctx);

/* Pushes the value; null is NaN (a number that was none). */
void host_json_push(lua_State *L, const json_t *value);

#endif
