/* JSON: from and to Lua values, and its digest. */
#ifndef SYN_HOST_LUA_JSON_H
#define SYN_HOST_LUA_JSON_H

#include <jansson.h>
#include <lua.h>

#include "engine/base/digest.h"
#include "engine/base/status.h"

#define HOST_JSON_CANONICAL (JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17))

/* The value at `index`: a table with t[1] is an array, another an object whose keys must be texts.
 * SYN_EINVAL: a function, a circle (nested deeper than 32), a key that is no text. */
syn_status host_json_from_lua(json_t **out, lua_State *L, int index, syn_ctx *ctx);

/* Pushes the value; null is NaN (a number that was none). */
void host_json_push(lua_State *L, const json_t *value);

/* The digest of its canonical text. SYN_ENOMEM. */
syn_status host_json_digest(char out[SYN_DIGEST_SIZE], const json_t *value, syn_ctx *ctx);

#endif
