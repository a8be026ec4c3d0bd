/* JSON: from and to Lua values, and its digest. */
#ifndef SYN_HOST_LUA_JSON_H
#define SYN_HOST_LUA_JSON_H

#include <jansson.h>
#include <lua.h>

#include "engine/base/digest.h"
#include "engine/base/status.h"

#define HOST_JSON_CANONICAL (JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17))

/* The text at an argument of a function, where C wants a text: an error if it has a byte of value 0, at
 * which C would take it to end. */
const char *host_check_text(lua_State *L, int arg);

/* The value at `index`: a table with t[1] is an array, another an object whose keys must be texts.
 * SYN_EINVAL: a function, a circle (nested deeper than 32), a key that is no text. */
syn_status host_json_from_lua(json_t **out, lua_State *L, int index, syn_ctx *ctx);

/* Tables that stand in many values of one list, such as the policy of a sweep, are read once, and the
 * values share what was read: nobody may change it. */
typedef struct host_json_memo host_json_memo;

/* NULL: not enough memory. */
host_json_memo *host_json_memo_open(void);
void host_json_memo_close(host_json_memo *memo);

/* Item `i` of the list at `index`, read as host_json_from_lua does. The list is not changed meanwhile;
 * where code of a script may run, by metamethods, nothing is shared from there on. */
syn_status host_json_item(json_t **out, lua_State *L, int index, lua_Integer i,
                          host_json_memo *memo, syn_ctx *ctx);

/* Pushes the value; null is NaN (a number that was none). */
void host_json_push(lua_State *L, const json_t *value);

/* A line on stdout, canonical. 0: not enough memory. */
int host_json_print(const json_t *value);

/* The digest of its canonical text. SYN_ENOMEM. */
syn_status host_json_digest(char out[SYN_DIGEST_SIZE], const json_t *value, syn_ctx *ctx);

#endif
