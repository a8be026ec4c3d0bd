/* States, as a rule sees them: one value in Lua for each, always the same for the same state, so
 * that a rule can keep what it learns under it, m[s]. s.a and s.r are lists of fixed length;
 * whatever is outside of them is an error. */
#include <stdio.h>
#include <string.h>

#include "policies/sandbox/fields.h"
#include "policies/scripted/internal.h"

static const char STATE[] = "state", SYMBOLS[] = "list of a state";

typedef struct state {
  uint32_t number; /* first: pairs sorts by it */
} state;

/* Numbers of lists begin behind those of states: first all of actions, then all of rewards. */
#define FIRST_LIST ((uint32_t)SYN_LOCAL_MAX * SYN_LOCAL_MAX)

typedef struct symbols {
  uint32_t number; /* first: pairs sorts by it */
  char field;      /* 'a' or 'r' */
  uint8_t n;
  int8_t symbol[SYN_HISTORY_MAX]; /* newest first */
} symbols;

static symbols symbols_of(unsigned history, char field, uint32_t code) {
  symbols list = {.number = FIRST_LIST + (field == 'r' ? SYN_LOCAL_MAX : 0) + code,
                  .field = field,
                  .n = (uint8_t)history};
  for (unsigned i = 0; i < history; i++, code /= 3)
    list.symbol[i] = (int8_t)(code % 3) - 1;
  return list;
}

/* "(-1, 0)" */
static void list_text(const symbols *list, char *text, size_t size) {
  size_t at = (size_t)snprintf(text, size, "(");
  for (unsigned i = 0; i < list->n && at < size; i++)
    at += (size_t)snprintf(text + at, size - at, list->symbol[i] ? "%s%+d" : "%s%d", i ? ", " : "",
                           list->symbol[i]);
  if (at < size)
    snprintf(text + at, size - at, ")");
}

void syn_rule_state_text(const syn_rule *rule, size_t number, char *text, size_t size) {
  unsigned history = rule->info.history;
  uint32_t locals = rule->table.locals;
  symbols a = symbols_of(history, 'a', (uint32_t)number % locals);
  symbols r = symbols_of(history, 'r', (uint32_t)number / locals);
  char actions[32], rewards[32];
  list_text(&a, actions, sizeof actions);
  list_text(&r, rewards, sizeof rewards);
  snprintf(text, size, "state a = %s, r = %s", actions, rewards);
}

/* Upvalue 1 of the methods of a state: the rule. */
static int state_tostring(lua_State *L) {
  char text[128];
  const state *s = luaL_checkudata(L, 1, STATE);
  syn_rule_state_text(lua_touserdata(L, lua_upvalueindex(1)), s->number, text, sizeof text);
  lua_pushstring(L, text);
  return 1;
}

static int state_index(lua_State *L) {
  luaL_checkudata(L, 1, STATE);
  const char *key = lua_type(L, 2) == LUA_TSTRING ? syn_sandbox_name(L, 2) : "";
  if (strcmp(key, "a") == 0)
    lua_getiuservalue(L, 1, 1);
  else if (strcmp(key, "r") == 0)
    lua_getiuservalue(L, 1, 2);
  else
    return luaL_error(L, "a state has no field '%s'; it has a, the actions, and r, the rewards",
                      syn_sandbox_text(L, 2));
  return 1;
}

static int symbols_index(lua_State *L) {
  const symbols *list = luaL_checkudata(L, 1, SYMBOLS);
  int whole = 0;
  lua_Integer i = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &whole) : 0;
  if (!whole || i < 1 || i > list->n) {
    char range[48] = "";
    if (list->n)
      snprintf(range, sizeof range, ": %c[1] is the newest, %c[%d] the oldest", list->field,
               list->field, list->n);
    return luaL_error(L, "there is no %c[%s]; the rule's history is %d%s", list->field,
                      syn_sandbox_text(L, 2), (int)list->n, range);
  }
  lua_pushinteger(L, list->symbol[i - 1]);
  return 1;
}

static int symbols_length(lua_State *L) {
  lua_pushinteger(L, ((const symbols *)luaL_checkudata(L, 1, SYMBOLS))->n);
  return 1;
}

static int symbols_tostring(lua_State *L) {
  char text[64];
  list_text(luaL_checkudata(L, 1, SYMBOLS), text, sizeof text);
  lua_pushstring(L, text);
  return 1;
}

static int cannot_change(lua_State *L) {
  return luaL_error(L, "a state cannot be changed");
}

static void make_metatables(lua_State *L, syn_rule *rule) {
  static const luaL_Reg of_state[] = {{"__index", state_index},
                                      {"__newindex", cannot_change},
                                      {"__tostring", state_tostring},
                                      {NULL, NULL}};
  static const luaL_Reg of_symbols[] = {{"__index", symbols_index},
                                        {"__newindex", cannot_change},
                                        {"__len", symbols_length},
                                        {"__tostring", symbols_tostring},
                                        {NULL, NULL}};
  luaL_newmetatable(L, STATE);
  syn_set_flag(L, SYN_SANDBOX_NUMBERED, 1);
  lua_pushlightuserdata(L, rule);
  luaL_setfuncs(L, of_state, 1);
  luaL_newmetatable(L, SYMBOLS);
  syn_set_flag(L, SYN_SANDBOX_NUMBERED, 1);
  luaL_setfuncs(L, of_symbols, 0);
  lua_pop(L, 2);
}

/* Pushes a list with the actions, or the rewards, of all codes. */
static void push_symbols(lua_State *L, const syn_rule *rule, char field) {
  unsigned locals = rule->table.locals;
  lua_createtable(L, (int)locals, 0);
  for (uint32_t code = 0; code < locals; code++) {
    symbols *list = lua_newuserdatauv(L, sizeof *list, 0);
    *list = symbols_of(rule->info.history, field, code);
    luaL_setmetatable(L, SYMBOLS);
    lua_rawseti(L, -2, code + 1);
  }
}

long syn_rule_numbered(lua_State *L, int index) {
  const state *s = luaL_testudata(L, index, STATE);
  const symbols *list = s ? NULL : luaL_testudata(L, index, SYMBOLS);
  return s ? (long)s->number : list ? (long)list->number : -1;
}

/* A list is the one of the first state that has it. */
int syn_rule_push_numbered(lua_State *L, const syn_rule *rule, long number) {
  long locals = (long)rule->table.locals, first = (long)FIRST_LIST, rewards = first + SYN_LOCAL_MAX;
  long at = number < first ? number : number < rewards ? number - first : number - rewards;
  if (number < 0 || at >= (number < first ? locals * locals : locals))
    return 0;
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->states);
  lua_rawgeti(L, -1, (number < rewards ? at : at * locals) + 1);
  if (number >= first) {
    lua_getiuservalue(L, -1, number < rewards ? 1 : 2);
    lua_remove(L, -2);
  }
  lua_remove(L, -2);
  return 1;
}

void syn_rule_make_states(lua_State *L, syn_rule *rule) {
  uint32_t locals = rule->table.locals, states = locals * locals;
  make_metatables(L, rule);
  push_symbols(L, rule, 'a');
  push_symbols(L, rule, 'r');
  lua_createtable(L, (int)states, 0);
  int all = lua_gettop(L), rewards = all - 1, actions = all - 2;
  for (uint32_t number = 0; number < states; number++) {
    state *s = lua_newuserdatauv(L, sizeof *s, 2);
    s->number = number;
    luaL_setmetatable(L, STATE);
    lua_rawgeti(L, actions, number % locals + 1);
    lua_setiuservalue(L, -2, 1);
    lua_rawgeti(L, rewards, number / locals + 1);
    lua_setiuservalue(L, -2, 2);
    lua_rawseti(L, all, number + 1);
  }
  rule->states = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_settop(L, actions - 1);
}
