#include "experiments/host/base/lua_json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "policies/sandbox/sandbox.h"

#define DEPTH_MAX 32

/* ---- tables that were read --------------------------------------------------------------------- */

typedef struct read_table {
  const void *table; /* NULL: free */
  json_t *value;     /* owned */
} read_table;

struct host_json_memo {
  read_table *places; /* owned */
  size_t n, room;     /* room: a power of 2 */
  int off;            /* code of a script may have run: what is known may have changed */
};

host_json_memo *host_json_memo_open(void) {
  host_json_memo *memo = calloc(1, sizeof *memo);
  if (memo && !(memo->places = calloc(64, sizeof *memo->places))) {
    free(memo);
    return NULL;
  }
  if (memo)
    memo->room = 64;
  return memo;
}

void host_json_memo_close(host_json_memo *memo) {
  for (size_t i = 0; memo && i < memo->room; i++)
    json_decref(memo->places[i].value);
  free(memo ? memo->places : NULL);
  free(memo);
}

/* Where this table is noted, or where it is to be. */
static read_table *place_of(const host_json_memo *memo, const void *table) {
  size_t at = ((uintptr_t)table >> 4) * 11400714819323198485u >> 20;
  for (at &= memo->room - 1; memo->places[at].table && memo->places[at].table != table;)
    at = (at + 1) & (memo->room - 1);
  return &memo->places[at];
}

static void remember(host_json_memo *memo, const void *table, json_t *value) {
  if (2 * memo->n >= memo->room) {
    host_json_memo larger = {.room = 2 * memo->room, .n = memo->n};
    larger.places = calloc(larger.room, sizeof *larger.places);
    if (!larger.places)
      return; /* it is read again */
    for (size_t i = 0; i < memo->room; i++)
      if (memo->places[i].table)
        *place_of(&larger, memo->places[i].table) = memo->places[i];
    free(memo->places);
    *memo = larger;
  }
  *place_of(memo, table) = (read_table){table, json_incref(value)};
  memo->n++;
}

/* Can reading the table at `index` run code? */
static int runs_code(lua_State *L, int index) {
  int index_field = luaL_getmetafield(L, index, "__index") != LUA_TNIL;
  int length_field = luaL_getmetafield(L, index, "__len") != LUA_TNIL;
  int pairs_field = luaL_getmetafield(L, index, "__pairs") != LUA_TNIL;
  lua_pop(L, index_field + length_field + pairs_field);
  return index_field || length_field || pairs_field;
}

const char *host_check_text(lua_State *L, int arg) {
  luaL_checkstring(L, arg);
  return syn_sandbox_name(L, arg);
}

/* ---- from Lua ---------------------------------------------------------------------------------- */

#define PLACE_MAX 200

typedef struct reader {
  lua_State *L;
  host_json_memo *memo; /* or NULL */
  syn_ctx *ctx;
  char *place; /* (PLACE_MAX) of what was refused, found on the way out: "policy.keep" */
} reader;

static void is_in(const reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was refused stands in this part. */
static void is_in(const reader *r, const char *format, ...) {
  char inner[PLACE_MAX];
  va_list args;
  va_start(args, format);
  memcpy(inner, r->place, sizeof inner);
  vsnprintf(r->place, PLACE_MAX, format, args);
  va_end(args);
  size_t n = strlen(r->place);
  snprintf(r->place + n, PLACE_MAX - n, "%s%s", *inner && *inner != '[' ? "." : "", inner);
}

static syn_status take(json_t **out, const reader *r, int index, int depth);

/* Nothing of a list of n is passed over. One with an index or a length of its own is what these say. */
static syn_status check_list(const reader *r, int index, lua_Integer n) {
  lua_State *L = r->L;
  syn_status status = SYN_OK;
  if (runs_code(L, index))
    return SYN_OK;
  lua_pushnil(L);
  while (!status && lua_next(L, index)) {
    int numbered = lua_isinteger(L, -2);
    if (!numbered)
      status = syn_fail(r->ctx, SYN_EINVAL, "a list, and something in it has %s for its number",
                        lua_type(L, -2) == LUA_TSTRING ? "a name" : luaL_typename(L, -2));
    else if (lua_tointeger(L, -2) < 1 || lua_tointeger(L, -2) > n)
      status = syn_fail(r->ctx, SYN_EINVAL, "a list with a gap before its number %lld",
                        (long long)lua_tointeger(L, -2));
    lua_pop(L, status ? 2 : 1);
  }
  return status;
}

static syn_status take_array(json_t *array, const reader *r, int index, int depth) {
  lua_State *L = r->L;
  lua_Integer n = luaL_len(L, index);
  syn_status status = check_list(r, index, n);
  for (lua_Integer i = 1; i <= n && !status; i++) {
    json_t *item;
    lua_geti(L, index, i);
    status = take(&item, r, lua_gettop(L), depth + 1);
    if (!status)
      json_array_append_new(array, item);
    else
      is_in(r, "[%lld]", (long long)i);
    lua_pop(L, 1);
  }
  return status;
}

static syn_status take_object(json_t *object, const reader *r, int index, int depth) {
  lua_State *L = r->L;
  syn_ctx *ctx = r->ctx;
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
      status = take(&item, r, lua_gettop(L), depth + 1);
      if (status)
        is_in(r, "%s", lua_tostring(L, -2));
      if (!status && json_object_set_new(object, lua_tostring(L, -2), item))
        status = syn_fail(ctx, SYN_EINVAL, "the name '%s' is no UTF-8 text", lua_tostring(L, -2));
    }
    lua_pop(L, 1);
  }
  lua_settop(L, lua_gettop(L) - (status ? 1 : 0));
  return status;
}

/* Pushes what `pairs` gives of the table at `index`, in a table of its own; 0: it has no way of its own. */
static int push_pairs(lua_State *L, int index) {
  if (luaL_getmetafield(L, index, "__pairs") == LUA_TNIL)
    return 0;
  lua_pushvalue(L, index);
  lua_call(L, 1, 3);
  lua_newtable(L);
  lua_insert(L, -4); /* the copy, and the three values of `pairs` above it */
  int copy = lua_gettop(L) - 3;
  for (;;) {
    lua_pushvalue(L, copy + 1);
    lua_pushvalue(L, copy + 2);
    lua_pushvalue(L, copy + 3);
    lua_call(L, 2, 2);
    if (lua_isnil(L, -2))
      break;
    lua_pushvalue(L, -2);
    lua_replace(L, copy + 3);
    lua_rawset(L, copy);
  }
  lua_settop(L, copy);
  return 1;
}

static syn_status read_table_at(json_t **out, const reader *r, int index, int depth) {
  lua_State *L = r->L;
  int array = lua_geti(L, index, 1) != LUA_TNIL;
  lua_pop(L, 1);
  *out = array ? json_array() : json_object();
  int own = !array && push_pairs(L, index);
  syn_status status = array ? take_array(*out, r, index, depth)
                            : take_object(*out, r, own ? lua_gettop(L) : index, depth);
  if (own)
    lua_pop(L, 1);
  if (status) {
    json_decref(*out);
    *out = NULL;
  }
  return status;
}

static syn_status take_table(json_t **out, const reader *r, int index, int depth) {
  host_json_memo *memo = r->memo;
  const void *table = lua_topointer(r->L, index);
  if (depth > DEPTH_MAX || !lua_checkstack(r->L, 8))
    return syn_fail(r->ctx, SYN_EINVAL, "tables nested more than %d deep, or in a circle",
                    DEPTH_MAX);
  if (memo && !memo->off && runs_code(r->L, index))
    memo->off = 1;
  const read_table *known = memo && !memo->off ? place_of(memo, table) : NULL;
  if (known && known->table) {
    *out = json_incref(known->value);
    return SYN_OK;
  }
  syn_status status = read_table_at(out, r, index, depth);
  if (!status && depth > 0 && memo && !memo->off)
    remember(memo, table, *out);
  return status;
}

static syn_status take(json_t **out, const reader *r, int index, int depth) {
  lua_State *L = r->L;
  size_t n;
  *out = NULL;
  switch (lua_type(L, index)) {
  case LUA_TTABLE:
    return take_table(out, r, index, depth);
  case LUA_TSTRING: {
    const char *text = lua_tolstring(L, index, &n);
    if (strlen(text) != n)
      return syn_fail(r->ctx, SYN_EINVAL, "the text '%s' goes on behind a byte of value 0", text);
    *out = json_stringn(text, n);
    return *out ? SYN_OK : syn_fail(r->ctx, SYN_EINVAL, "a text is no UTF-8");
  }
  case LUA_TBOOLEAN:
    *out = json_boolean(lua_toboolean(L, index));
    return SYN_OK;
  case LUA_TNUMBER:
    if (lua_isinteger(L, index))
      *out = json_integer(lua_tointeger(L, index));
    else if (isfinite(lua_tonumber(L, index)))
      *out = json_real(lua_tonumber(L, index));
    return *out ? SYN_OK : syn_fail(r->ctx, SYN_EINVAL, "a number is not finite");
  default:
    return syn_fail(r->ctx, SYN_EINVAL, "a %s is no value of an option", luaL_typename(L, index));
  }
}

/* The line of a refusal begins with its place. */
static syn_status take_whole(json_t **out, lua_State *L, int index, host_json_memo *memo,
                             syn_ctx *ctx) {
  char place[PLACE_MAX] = "";
  syn_ctx why = {0};
  syn_status status = take(out, &(reader){L, memo, &why, place}, index, 0);
  return status ? syn_fail(ctx, status, "%s%s%s", place, *place ? ": " : "", why.error) : SYN_OK;
}

syn_status host_json_from_lua(json_t **out, lua_State *L, int index, syn_ctx *ctx) {
  return take_whole(out, L, lua_absindex(L, index), NULL, ctx);
}

syn_status host_json_item(json_t **out, lua_State *L, int index, lua_Integer i,
                          host_json_memo *memo, syn_ctx *ctx) {
  if (memo && !memo->off && runs_code(L, index))
    memo->off = 1;
  lua_geti(L, index, i);
  syn_status status = take_whole(out, L, lua_gettop(L), memo, ctx);
  lua_pop(L, 1);
  return status;
}

/* ---- to Lua, and digests ----------------------------------------------------------------------- */

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

int host_json_print(const json_t *value) {
  char *text = json_dumps(value, HOST_JSON_CANONICAL);
  if (text)
    puts(text);
  free(text);
  return text != NULL;
}

syn_status host_json_digest(char out[SYN_DIGEST_SIZE], const json_t *value, syn_ctx *ctx) {
  char *text = json_dumps(value, HOST_JSON_CANONICAL);
  if (!text)
    return syn_fail_memory(ctx, "a record");
  syn_digest_bytes(out, text, strlen(text));
  free(text);
  return SYN_OK;
}
