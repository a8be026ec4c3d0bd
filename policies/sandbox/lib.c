/* What code in a sandbox can call. Lua's own functions stand in the list below only if the time
 * they take is bounded by the size of their arguments and their answer depends on nothing else;
 * the rest is guarded or written anew here. Whatever is missing says why when it is touched. */
#include "policies/sandbox/internal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lualib.h>

#include "engine/base/random.h"
#include "engine/numeric/vec.h"

/* Bytes of a text that a function passes over in the time of a step; those of a number as a text. */
#define TEXT_A_STEP   64
#define DIGITS_A_STEP 4

/* ---- what is not offered, and why ------------------------------------------------------------ */

static const char *const missing[][2] = {
    {"pcall", "an error ends the run, and no rule can catch it"},
    {"xpcall", "an error ends the run, and no rule can catch it"},
    {"load", "a rule is one text, read once"},
    {"loadstring", "a rule is one text, read once"},
    {"loadfile", "a rule is one text, read once"},
    {"dofile", "a rule is one text, read once"},
    {"require",
     "a rule is one file that needs no other; if this is an experiment, `synlab run FILE` runs it"},
    {"package", "a rule is one file that needs no other"},
    {"io", "a rule touches no files"},
    {"os", "a rule touches nothing outside of it, the clock included"},
    {"debug", "it would open the sandbox"},
    {"coroutine", "a rule is called, and returns"},
    {"setmetatable", "tables stay plain"},
    {"getmetatable", "tables stay plain"},
    {"rawset", "tables stay plain"},
    {"rawget", "tables stay plain"},
    {"collectgarbage", "memory is looked after"},
    {"print", "a rule prints nothing; error(text) shows a value"},
    {"warn", "a rule prints nothing; error(text) shows a value"},
    {"next", "its order differs from run to run; pairs goes in sorted order"},
    {"utf8", "a rule needs no text"},
    {"_G", "globals cannot be changed"},
    {"floor", "numbers have math.floor"},
    {"ceil", "numbers have math.ceil"},
    {"round", "numbers have math.floor(x + 0.5)"},
    {"pow", "numbers have x^y"},
    {"mean", "numbers have what is in math"},
    {"sum", "numbers have what is in math"},
    {"null", "nothing is nil in Lua"},
    {"None", "nothing is nil in Lua"},
    {"True", "it is true in Lua"},
    {"False", "it is false in Lua"},
    {"math.pow", "write x^y, or x * x, which has the same bits everywhere"},
    {"string.dump", "there is no bytecode here"},
    {"string.pack", "a rule needs no binary data"},
    {"string.unpack", "a rule needs no binary data"},
    {"string.packsize", "a rule needs no binary data"},
    {"math.randomseed", "the seed of the run decides"},
    {"math.sin", "its last bits differ between machines"},
    {"math.cos", "its last bits differ between machines"},
    {"math.tan", "its last bits differ between machines"},
    {"math.asin", "its last bits differ between machines"},
    {"math.acos", "its last bits differ between machines"},
    {"math.atan", "its last bits differ between machines"},
};

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *nearest_key(lua_State *L, int table, const char *key) {
  const char *known[64];
  size_t n = 0;
  lua_pushnil(L);
  while (lua_next(L, table)) {
    if (lua_type(L, -2) == LUA_TSTRING && n + 1 < sizeof known / sizeof *known)
      known[n++] = lua_tostring(L, -2); /* anchored by the table */
    lua_pop(L, 1);
  }
  known[n] = NULL;
  qsort(known, n, sizeof *known, by_text); /* of two that are as near always the same one */
  return syn_nearest(key, known);
}

/* __index of the table behind a read-only one; upvalue 1: its prefix, "" or "math.". */
static int unknown_name(lua_State *L) {
  char name[96];
  const char *prefix = lua_tostring(L, lua_upvalueindex(1));
  const char *key = syn_sandbox_name(L, 2);
  snprintf(name, sizeof name, "%s%s", prefix, key);
  for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
    if (strcmp(missing[i][0], name) == 0)
      return syn_sandbox_fail(L, "%s is not offered to a rule: %s", name, missing[i][1]);
  const char *near = nearest_key(L, 1, key);
  if (near)
    return syn_sandbox_fail(L, "nothing is named '%s'; did you mean '%s%s'?", name, prefix, near);
  return syn_sandbox_fail(L, *prefix ? "nothing is named '%s'" : "nothing is named '%s' here",
                          name);
}

/* __newindex of a read-only table; upvalue 1: its prefix. */
static int read_only(lua_State *L) {
  const char *prefix = lua_tostring(L, lua_upvalueindex(1)), *key = syn_sandbox_name(L, 2);
  if (*prefix)
    return syn_sandbox_fail(L, "%s%s is assigned; what stands in '%.*s' cannot be changed", prefix,
                            key, (int)strlen(prefix) - 1, prefix);
  return syn_sandbox_fail(L, "global '%s' is assigned; write `local %s = ...`", key, key);
}

static void set_method(lua_State *L, int metatable, const char *event, lua_CFunction f,
                       const char *prefix) {
  lua_pushstring(L, prefix);
  lua_pushcclosure(L, f, 1);
  lua_setfield(L, metatable, event);
}

/* Pops a table; pushes an empty one that reads from it and cannot be written. */
static void protect(lua_State *L, const char *prefix) {
  int behind = lua_gettop(L);
  lua_createtable(L, 0, 1);
  set_method(L, behind + 1, "__index", unknown_name, prefix);
  lua_setmetatable(L, behind);
  lua_newtable(L);
  lua_createtable(L, 0, 3);
  lua_pushvalue(L, behind);
  lua_setfield(L, -2, "__index");
  set_method(L, behind + 2, "__newindex", read_only, prefix);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, behind + 1);
  lua_remove(L, behind);
}

/* ---- base ------------------------------------------------------------------------------------ */

static int base_tostring(lua_State *L) {
  luaL_checkany(L, 1);
  syn_sandbox_text(L, 1);
  return 1;
}

static int ipairs_next(lua_State *L) {
  luaL_checktype(L, 2, LUA_TNUMBER); /* a rule may call it with anything */
  lua_Integer i = luaL_checkinteger(L, 2) + 1;
  if (lua_isuserdata(L, 1) && i > luaL_len(L, 1))
    return 0; /* the host's lists refuse what is outside */
  lua_pushinteger(L, i);
  return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L) {
  luaL_checkany(L, 1);
  lua_pushcfunction(L, ipairs_next);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

/* ---- guards: Lua's own function (upvalue 1), after its work is charged ----------------------- */

/* In the same frame, so that its messages name it as it was called. */
static int pass_on(lua_State *L) {
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

static int guard_pack(lua_State *L) {
  syn_sandbox_charge_elements(L, (uint64_t)lua_gettop(L));
  return pass_on(L);
}

/* move(a, from, to, ...) */
static int guard_move(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer i = luaL_checkinteger(L, 2), j = luaL_checkinteger(L, 3);
  syn_sandbox_charge_elements(L, j >= i ? (uint64_t)j - (uint64_t)i : 0);
  return pass_on(L);
}

/* byte, len, lower, reverse, sub, upper: a text and perhaps places in it. */
static int guard_text(lua_State *L) {
  size_t n;
  syn_sandbox_check_text(L, 1, &n);
  syn_sandbox_charge(L, n / TEXT_A_STEP);
  return pass_on(L);
}

static int string_rep(lua_State *L) {
  size_t l, lsep;
  syn_sandbox_check_text(L, 1, &l);
  lua_Integer n = luaL_checkinteger(L, 2);
  if (lua_isnoneornil(L, 3))
    lsep = 0;
  else
    syn_sandbox_check_text(L, 3, &lsep);
  if (n <= 0 || l + lsep == 0) { /* Lua would count n even for nothing */
    lua_pushliteral(L, "");
    return 1;
  }
  if ((size_t)n > SYN_SANDBOX_STRING / (l + lsep))
    return syn_sandbox_fail(L, "string.rep makes a text of more than %zu MiB; that is the limit",
                            SYN_SANDBOX_STRING >> 20);
  syn_sandbox_charge(L, (uint64_t)n / 4 + 1);
  return pass_on(L);
}

/* "%-8.3g" as "%-8s" */
static void add_as_text(luaL_Buffer *b, const char *from, const char *conversion) {
  luaL_addchar(b, '%');
  const char *flags = from + 1, *width = flags + strspn(flags, "-+ #0");
  if (memchr(flags, '-', (size_t)(width - flags)))
    luaL_addchar(b, '-');
  while (width < conversion && *width != '.')
    luaL_addchar(b, *width++);
  luaL_addchar(b, 's');
}

/* No addresses: %p is refused, wherever it stands, and %s shows tables and functions by their kind.
 * No sign of nan either: it is written as a text of the same width. */
static int string_format(lua_State *L) {
  size_t n;
  const char *format = syn_sandbox_check_text(L, 1, &n), *end = format + n;
  int arg = 1, top = lua_gettop(L);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  while (format < end) {
    const char *begin = format;
    if (*format++ != '%' || (format < end && *format == '%' && format++)) {
      luaL_addlstring(&b, begin, (size_t)(format - begin));
      continue;
    }
    while (format < end && *format && strchr("-+ #0123456789.", *format))
      format++;
    if (format < end && *format == 'p')
      return syn_sandbox_fail(
          L, "string.format: %%p is not offered: addresses differ from run to run");
    int nan = ++arg <= top && lua_type(L, arg) == LUA_TNUMBER &&
              lua_tonumber(L, arg) != lua_tonumber(L, arg);
    if (arg <= top && format < end && (*format == 's' || (nan && strchr("aAeEfFgG", *format)))) {
      syn_sandbox_text(L, arg);
      lua_replace(L, arg);
    }
    if (nan && format < end && *format && strchr("aAeEfFgG", *format))
      add_as_text(&b, begin, format++);
    else {
      format += format < end;
      luaL_addlstring(&b, begin, (size_t)(format - begin));
    }
  }
  luaL_pushresult(&b);
  lua_replace(L, 1);
  return pass_on(L);
}

/* ---- math ------------------------------------------------------------------------------------ */

/* As floats, and so with the same bits on every machine, which libm has not. */
static int math_exp(lua_State *L) {
  lua_pushnumber(L, syn_exp((float)luaL_checknumber(L, 1)));
  return 1;
}

static int math_log(lua_State *L) {
  float x = (float)luaL_checknumber(L, 1);
  if (lua_gettop(L) > 1)
    return syn_sandbox_fail(L, "math.log has no base here; divide by math.log(base)");
  if (!(x > 0.0f && x < HUGE_VALF))
    lua_pushnumber(L, x == 0.0f ? -HUGE_VAL : x > 0.0f ? HUGE_VAL : (double)NAN);
  else if (x < FLT_MIN)
    lua_pushnumber(L, syn_log(x * 16777216.0f) - 16.6355323f); /* 24 ln 2 */
  else
    lua_pushnumber(L, syn_log(x));
  return 1;
}

static int math_tanh(lua_State *L) {
  lua_pushnumber(L, syn_tanh((float)luaL_checknumber(L, 1)));
  return 1;
}

static uint32_t draw(lua_State *L, syn_sandbox *sandbox) {
  if (sandbox->no_random)
    syn_sandbox_fail(L, "math.random: %s", sandbox->no_random);
  return syn_random_bits(sandbox->seed, SYN_STREAM_RULE, sandbox->iteration, sandbox->draws++);
}

/* random(): [0,1) in steps of 2^-32; random(n): 1..n; random(m, n): m..n, by multiply-shift. */
static int math_random(lua_State *L) {
  uint32_t bits = draw(L, syn_sandbox_of(L));
  if (lua_gettop(L) == 0) {
    lua_pushnumber(L, bits * 0x1p-32);
    return 1;
  }
  lua_Integer lo = lua_gettop(L) > 1 ? luaL_checkinteger(L, 1) : 1;
  lua_Integer hi = luaL_checkinteger(L, lua_gettop(L) > 1 ? 2 : 1);
  uint64_t span = (uint64_t)hi - (uint64_t)lo;
  if (hi < lo || span >= UINT64_C(1) << 31)
    return syn_sandbox_fail(
        L,
        "math.random(%lld, %lld): the second must not be smaller than the first, "
        "nor greater by 2^31 or more",
        (long long)lo, (long long)hi);
  lua_pushinteger(L, (lua_Integer)((uint64_t)lo + (((span + 1) * bits) >> 32)));
  return 1;
}

/* ---- the state ------------------------------------------------------------------------------- */

/* The arguments that a function takes as they are, from the lowest bit on; the highest stands for all
 * behind it. In all others a text is read as a number. */
static const struct {
  const char *function;
  uint32_t taken;
} taken_as_they_are[] = {
    {"assert", ~0u},  {"error", 1},   {"rawequal", ~0u}, {"type", ~0u},  {"tostring", ~0u},
    {"ipairs", ~0u},  {"pairs", ~0u}, {"rawlen", ~0u},   {"pack", ~0u},  {"sort", ~0u},
    {"select", ~1u},  {"byte", 1},    {"len", ~0u},      {"lower", ~0u}, {"upper", ~0u},
    {"reverse", ~0u}, {"sub", 1},     {"rep", 5},        {"format", 1},  {"find", 3},
    {"match", 3},     {"gmatch", 3},  {"gsub", 7},       {"insert", 4},  {"concat", 2},
};

/* Every function. A number may be given as a text, which is read digit by digit, however long it is.
 * Upvalues: Lua's function or our own, its guard, and what it takes as it is. */
static int pay_for_digits(lua_State *L) {
  uint32_t taken = (uint32_t)lua_tointeger(L, lua_upvalueindex(3));
  for (int i = 0, n = lua_gettop(L); i < n; i++)
    if (lua_type(L, i + 1) == LUA_TSTRING && !(taken >> (i < 31 ? i : 31) & 1))
      syn_sandbox_charge(L, lua_rawlen(L, i + 1) / DIGITS_A_STEP);
  return lua_tocfunction(L, lua_upvalueindex(2))(L);
}

/* From Lua's library, with a guard or as they are. */
typedef struct offer {
  const char *name;
  lua_CFunction guard;
} offer;

static const offer base_offers[] = {{"assert", NULL}, {"error", NULL},    {"rawequal", NULL},
                                    {"select", NULL}, {"tonumber", NULL}, {"type", NULL},
                                    {NULL, NULL}};
static const luaL_Reg base_own[] = {{"ipairs", base_ipairs},
                                    {"pairs", syn_sandbox_pairs},
                                    {"tostring", base_tostring},
                                    {"rawlen", syn_sandbox_rawlen},
                                    {NULL, NULL}};

static const offer string_offers[] = {
    {"byte", guard_text},      {"char", NULL},      {"len", guard_text},   {"lower", guard_text},
    {"reverse", guard_text},   {"sub", guard_text}, {"upper", guard_text}, {"rep", string_rep},
    {"format", string_format}, {NULL, NULL}};

static const offer table_offers[] = {{"pack", guard_pack}, {"move", guard_move}, {NULL, NULL}};

static const offer math_offers[] = {
    {"abs", NULL},  {"ceil", NULL},       {"floor", NULL},      {"fmod", NULL},
    {"max", NULL},  {"min", NULL},        {"modf", NULL},       {"sqrt", NULL},
    {"type", NULL}, {"ult", NULL},        {"tointeger", NULL},  {"pi", NULL},
    {"huge", NULL}, {"maxinteger", NULL}, {"mininteger", NULL}, {NULL, NULL}};
static const luaL_Reg math_own[] = {{"exp", math_exp},
                                    {"log", math_log},
                                    {"tanh", math_tanh},
                                    {"random", math_random},
                                    {NULL, NULL}};

/* Takes the value at the top into the table `chosen`. Lua's messages say "?" for a function that C
 * calls, as sort does, unless it stands in the table of loaded libraries by its whole name. */
static void offer_value(lua_State *L, int chosen, int names, const char *prefix, const char *name,
                        lua_CFunction guard) {
  uint32_t taken = 0;
  for (size_t i = 0; i < sizeof taken_as_they_are / sizeof *taken_as_they_are; i++)
    if (strcmp(taken_as_they_are[i].function, name) == 0)
      taken = taken_as_they_are[i].taken;
  if (lua_iscfunction(L, -1)) {
    lua_pushcfunction(L, guard ? guard : pass_on);
    lua_pushinteger(L, taken);
    lua_pushcclosure(L, pay_for_digits, 3);
  }
  lua_pushfstring(L, "%s%s", prefix, name);
  lua_pushvalue(L, -2);
  lua_rawset(L, names);
  lua_setfield(L, chosen, name);
}

/* Pushes a table with what is offered of the library at the top, which it replaces. */
static void choose(lua_State *L, int names, const char *prefix, const offer *offers,
                   const luaL_Reg *own) {
  int library = lua_gettop(L), chosen = library + 1;
  lua_newtable(L);
  for (const offer *o = offers; o->name; o++) {
    lua_getfield(L, library, o->name);
    offer_value(L, chosen, names, prefix, o->name, o->guard);
  }
  for (const luaL_Reg *f = own; f->name; f++) {
    lua_pushcfunction(L, f->func);
    offer_value(L, chosen, names, prefix, f->name, NULL);
  }
  lua_remove(L, library);
}

/* "x":upper() finds the read-only string table, and nothing can change that. */
static void protect_strings(lua_State *L, int strings) {
  lua_pushliteral(L, "");
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, strings);
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}

void syn_sandbox_fill(lua_State *L) {
  static const struct {
    const char *name, *prefix;
    lua_CFunction open;
    const offer *offers;
    const luaL_Reg *own;
  } libraries[] = {
      {"string", "string.", luaopen_string, string_offers, syn_pattern_functions},
      {"table", "table.", luaopen_table, table_offers, syn_list_functions},
      {"math", "math.", luaopen_math, math_offers, math_own},
  };
  lua_newtable(L);
  int names = lua_gettop(L);
  lua_pushcfunction(L, luaopen_base);
  lua_call(L, 0, 1);
  choose(L, names, "", base_offers, base_own);
  int globals = lua_gettop(L);
  for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
    lua_pushcfunction(L, libraries[i].open);
    lua_call(L, 0, 1);
    choose(L, names, libraries[i].prefix, libraries[i].offers, libraries[i].own);
    protect(L, libraries[i].prefix);
    if (i == 0)
      protect_strings(L, lua_gettop(L));
    lua_setfield(L, globals, libraries[i].name);
  }
  lua_pushvalue(L, globals);
  lua_setfield(L, LUA_REGISTRYINDEX, SYN_SANDBOX_GLOBALS);
  protect(L, "");
  lua_setfield(L, LUA_REGISTRYINDEX, SYN_SANDBOX_ENV);
  /* Lua's own tables go; what they held and was not chosen is out of reach and collected. */
  lua_newtable(L);
  lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  lua_pushvalue(L, names);
  lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
}
