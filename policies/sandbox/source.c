/* The text of a rule, as it is compiled.
 *
 * Two operators of Lua leave their answer open: the length of a list with holes follows the size of
 * its table, and so addresses and the hash seed; and a number that is joined to a text is written by
 * the C library, which shows the sign of nan. No hook sees them, so they are spelt differently before
 * the text is compiled:
 *
 *   #x      _LENGTH ^ x           as strong as # and to the right, like it
 *   x .. y  x .. _JOIN() .. y     the machine joins from the right, so what _JOIN returns meets y and
 *                                 then x
 *
 * _LENGTH is a value of the sandbox with a metamethod, and _JOIN returns one; both are locals of the
 * chunk. Of more than two operands of .. the machine of Lua 5.4.4 loses the result where its stack
 * moves in a metamethod: so _JOIN makes room before, no collection leaves less, and one in the meantime
 * leaves the stack where it is (sandbox.c). Lines stay what they are. The text as it was written is compiled first, so syntax errors are of that. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "policies/sandbox/internal.h"

#define LENGTH    "_LENGTH"
#define JOIN      "_JOIN"
#define OPERATORS "_OPERATORS"

/* ---- reading ----------------------------------------------------------------------------------- */

typedef struct reader {
  const char *at, *end;
} reader;

static char peek(const reader *r, size_t ahead) {
  return (size_t)(r->end - r->at) > ahead ? r->at[ahead] : '\0';
}

/* At "[==[": how many "=", or -1 if this is no long bracket. */
static int long_bracket(const reader *r) {
  int level = 0;
  while (peek(r, 1 + (size_t)level) == '=')
    level++;
  return peek(r, 0) == '[' && peek(r, 1 + (size_t)level) == '[' ? level : -1;
}

static void skip_long(reader *r, int level) {
  for (r->at += level + 2; r->at < r->end; r->at++) {
    int n = 0;
    while (*r->at == ']' && peek(r, 1 + (size_t)n) == '=')
      n++;
    if (*r->at == ']' && n == level && peek(r, 1 + (size_t)n) == ']') {
      r->at += n + 2;
      return;
    }
  }
}

static void skip_quoted(reader *r) {
  char quote = *r->at++;
  while (r->at < r->end && *r->at != quote)
    r->at += *r->at == '\\' && r->at + 1 < r->end ? 2 : 1;
  r->at += r->at < r->end;
}

static void skip_comment(reader *r) {
  r->at += 2;
  int level = long_bracket(r);
  if (level >= 0)
    skip_long(r, level);
  else
    while (r->at < r->end && *r->at != '\n' && *r->at != '\r')
      r->at++;
}

/* As Lua reads it: 3..2 is one malformed number. */
static void skip_number(reader *r) {
  const char *exponent = *r->at == '0' && (peek(r, 1) | 32) == 'x' ? "pP" : "eE";
  r->at += *exponent == 'p' ? 2 : 0;
  while (r->at < r->end) {
    if (strchr(exponent, *r->at) && *r->at)
      r->at += peek(r, 1) == '+' || peek(r, 1) == '-' ? 2 : 1;
    else if (isxdigit((unsigned char)*r->at) || *r->at == '.')
      r->at++;
    else
      return;
  }
}

static void skip_name(reader *r) {
  while (isalnum((unsigned char)peek(r, 0)) || peek(r, 0) == '_')
    r->at++;
}

static void skip_token(reader *r) {
  char c = *r->at;
  if (c == '-' && peek(r, 1) == '-')
    skip_comment(r);
  else if (c == '\'' || c == '"')
    skip_quoted(r);
  else if (c == '[' && long_bracket(r) >= 0)
    skip_long(r, long_bracket(r));
  else if (isdigit((unsigned char)c) || (c == '.' && isdigit((unsigned char)peek(r, 1))))
    skip_number(r);
  else if (isalpha((unsigned char)c) || c == '_')
    skip_name(r);
  else if (c == '.' && peek(r, 1) == '.')
    r->at += peek(r, 2) == '.' ? 3 : 2;
  else
    r->at++;
}

const char *syn_sandbox_token(const char *at, const char *end) {
  reader r = {at, end};
  skip_token(&r);
  return r.at > end ? end : r.at;
}

/* ---- writing ----------------------------------------------------------------------------------- */

static void refuse_own_names(lua_State *L, const char *name, size_t n) {
  if ((n == strlen(LENGTH) && memcmp(name, LENGTH, n) == 0) ||
      (n == strlen(JOIN) && memcmp(name, JOIN, n) == 0))
    syn_sandbox_fail(L, "%s: the name '%.*s' is the sandbox's own; take another one",
                     syn_sandbox_of(L)->source, (int)n, name);
}

/* What is to be written instead of a token of n characters, or NULL: it stays. */
static const char *instead_of(lua_State *L, const char *token, size_t n) {
  if (isalpha((unsigned char)*token) || *token == '_')
    refuse_own_names(L, token, n);
  if (n == 2 && memcmp(token, "..", 2) == 0)
    return " .. " JOIN "() .. ";
  return *token == '#' ? " " LENGTH "^" : NULL;
}

static void respell(lua_State *L, const char *text, size_t n) {
  const char *end = text + n, *next;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  luaL_addstring(&b, "local " LENGTH ", " JOIN " = " OPERATORS "() ");
  for (; text < end; text = next) {
    next = syn_sandbox_token(text, end);
    const char *instead = instead_of(L, text, (size_t)(next - text));
    if (instead)
      luaL_addstring(&b, instead);
    else
      luaL_addlstring(&b, text, (size_t)(next - text));
  }
  luaL_pushresult(&b);
}

/* ---- the two operators --------------------------------------------------------------------------- */

/* Where an unbroken list ends; for one with holes one of the places before a hole, by its contents
 * alone: doubled from 1 until nothing is there, then halved. */
lua_Integer syn_sandbox_border(lua_State *L, int list) {
  lua_Integer low = 0, high = 1;
  list = lua_absindex(L, list);
  while (lua_rawgeti(L, list, high) != LUA_TNIL) {
    lua_pop(L, 1);
    low = high;
    if (high == LUA_MAXINTEGER)
      return high;
    high = high > LUA_MAXINTEGER / 2 ? LUA_MAXINTEGER : 2 * high;
  }
  lua_pop(L, 1);
  while (high - low > 1) {
    lua_Integer middle = low + (high - low) / 2;
    if (lua_rawgeti(L, list, middle) == LUA_TNIL)
      high = middle;
    else
      low = middle;
    lua_pop(L, 1);
  }
  return low;
}

static int length(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING)
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 2));
  else if (lua_type(L, 2) == LUA_TTABLE)
    lua_pushinteger(L, syn_sandbox_border(L, 2));
  else if (luaL_getmetafield(L, 2, "__len") != LUA_TNIL) /* the host's own lists and views */
    lua_len(L, 2);
  else
    return syn_sandbox_fail(L, "attempt to get the length of a %s value (# wants a list or a text)",
                            luaL_typename(L, 2));
  return 1;
}

static void push_part(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TSTRING && lua_type(L, index) != LUA_TNUMBER)
    syn_sandbox_fail(L,
                     "attempt to concatenate a %s value (.. joins texts and numbers; tostring(x) "
                     "makes a text)",
                     luaL_typename(L, index));
  syn_sandbox *sandbox = syn_sandbox_of(L);
  sandbox->joining = 1;
  syn_sandbox_text(L, index);
  sandbox->joining = 0;
}

/* It holds the right part between its two calls; nothing else runs between them. */
static int join(lua_State *L) {
  syn_sandbox *sandbox = syn_sandbox_of(L);
  if (!lua_rawequal(L, 2, lua_upvalueindex(1))) {
    push_part(L, 2);
    lua_setiuservalue(L, lua_upvalueindex(1), 1);
    lua_pushvalue(L, lua_upvalueindex(1));
  } else {
    push_part(L, 1);
    lua_getiuservalue(L, lua_upvalueindex(1), 1);
    syn_sandbox_charge(L, (lua_rawlen(L, -1) + lua_rawlen(L, -2)) / 256);
    sandbox->joining = 1;
    lua_concat(L, 2);
    sandbox->joining = 0;
  }
  return 1;
}

/* _JOIN */
static int begin_join(lua_State *L) {
  luaL_checkstack(L, SYN_SANDBOX_ROOM, NULL);
  lua_pushvalue(L, lua_upvalueindex(1));
  return 1;
}

/* The global that the text takes them from before all else; it is gone then. */
static int take_operators(lua_State *L) {
  lua_pushnil(L);
  syn_sandbox_global(L, OPERATORS);
  lua_newuserdatauv(L, 1, 0);
  lua_newtable(L);
  lua_pushcfunction(L, length);
  lua_setfield(L, -2, "__pow");
  lua_setmetatable(L, -2);
  lua_newuserdatauv(L, 1, 1);
  lua_newtable(L);
  lua_pushvalue(L, -2);
  lua_pushcclosure(L, join, 1);
  lua_setfield(L, -2, "__concat");
  lua_setmetatable(L, -2);
  lua_pushcclosure(L, begin_join, 1);
  return 2;
}

/* ---- compiling -------------------------------------------------------------------------------- */

void syn_sandbox_skip_head(const char **text, const char *end) {
  if (end - *text >= 3 && memcmp(*text, "\xef\xbb\xbf", 3) == 0)
    *text += 3;
  if (end - *text >= 2 && memcmp(*text, "#!", 2) == 0)
    while (*text < end && **text != '\n')
      ++*text;
}

static void refuse_utf16(lua_State *L, const char *text, size_t n) {
  if (n >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
    syn_sandbox_fail(L, "%s:1: the text is in UTF-16; save it as UTF-8", syn_sandbox_of(L)->source);
}

static int is_too_deep(lua_State *L) {
  const char *error = lua_tostring(L, -1);
  return error && strstr(error, "C stack overflow");
}

/* Of nesting that is too deep for it Lua does not say the line: it is the first one with which the
 * text up to there is too deep. */
static void fail_too_deep(lua_State *L, const char *text, size_t n, const char *name) {
  size_t fits = 0, most = n;
  int line = 1;
  while (fits < most) {
    size_t half = fits + (most - fits) / 2;
    int status = luaL_loadbufferx(L, text, half, name, "t");
    if (status && is_too_deep(L))
      most = half;
    else
      fits = half + 1;
    lua_pop(L, 1);
  }
  for (size_t i = 0; i + 1 < most; i++)
    line += text[i] == '\n';
  syn_sandbox_fail(L,
                   "%s:%d: too many expressions stand in one another, as in a long chain of .. or "
                   "many brackets; take them apart with locals, or join texts by table.concat",
                   syn_sandbox_of(L)->source, line);
}

static void compile(lua_State *L, const char *text, size_t n, const char *name) {
  if (!luaL_loadbufferx(L, text, n, name, "t"))
    return;
  if (is_too_deep(L))
    fail_too_deep(L, text, n, name);
  lua_error(L);
}

void syn_sandbox_chunk(lua_State *L, const char *text, size_t n) {
  syn_sandbox *sandbox = syn_sandbox_of(L);
  if (n > SYN_SANDBOX_TEXT)
    syn_sandbox_fail(L, "%s:1: %zu bytes; a rule file has at most %zu", sandbox->source, n,
                     SYN_SANDBOX_TEXT);
  char name[LUA_IDSIZE + 1];
  snprintf(name, sizeof name, "@%s", sandbox->source);
  const char *end = text + n;
  refuse_utf16(L, text, n);
  syn_sandbox_skip_head(&text, end);
  n = (size_t)(end - text);
  compile(L, text, n, name); /* for its errors, and to be sure that it is a text */
  lua_pop(L, 1);
  respell(L, text, n);
  text = lua_tolstring(L, -1, &n);
  compile(L, text, n, name);
  lua_remove(L, -2);
  lua_getfield(L, LUA_REGISTRYINDEX, SYN_SANDBOX_ENV);
  lua_setupvalue(L, -2, 1); /* the chunk's _ENV */
  lua_pushcfunction(L, take_operators);
  syn_sandbox_global(L, OPERATORS);
  lua_call(L, 0, 1);
}
