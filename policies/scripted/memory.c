/* What a rule has learned, for checkpoints: the memory, and traces and states.
 *
 * A memory of plain data can be kept: numbers, texts, booleans, states, transitions, and tables of
 * these; a table that stands in several places is one again. A rule may also keep something in its
 * own local variables, and these cannot be given back. So their contents are taken down when the rule
 * is opened, and where they have changed since, there are no checkpoints rather than ones that go on
 * with other bits. Functions and the sandbox's own values are taken down by their addresses; they are
 * held from then on, so that nothing else can come to lie there. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/trace.h"
#include "policies/scripted/views.h"

#define DEPTH_MAX     150 /* tables within tables */
#define FUNCTIONS_MAX 256 /* of a rule that its functions call */

typedef enum tag {
  NIL,
  FALSE,
  TRUE,
  INTEGER,
  NUMBER,
  TEXT,
  STATE,
  TABLE,
  TRANSITION,
  AGAIN, /* a table that was met before, by its number */
  END,
  CONSTANT
} tag;

typedef struct met { /* a table */
  const void *self;
  uint32_t number; /* in the order in which they are met */
  int outside;     /* of the memory */
} met;

/* A walk over values. Tables are walked by lua_next, so nothing is allocated inside the sandbox. */
typedef struct walk {
  syn_rule *rule;
  syn_state *bytes; /* appended to, or read */
  syn_state outside;
  int memory; /* in the memory: only what can be given back */
  int depth;
  met *table; /* by hash of their addresses; NULL: a free place */
  size_t tables, room;
  uint32_t first;  /* number of the first one of the memory */
  int made;        /* giving back: index of the list of tables made so far */
  int held;        /* taking down what is outside: index of the table of what stays alive; or 0 */
  const char *why; /* it cannot be kept */
  int no_room;     /* the machine is short of memory */
  const void *function[FUNCTIONS_MAX];
  size_t functions;
} walk;

static void put(walk *w, tag t, const void *value, size_t n) {
  unsigned char byte = (unsigned char)t;
  syn_state_piece(w->bytes, &byte, 1);
  syn_state_piece(w->bytes, (void *)(uintptr_t)value, n);
}

/* Something that stays as it is as long as it is the same one. */
static void put_constant(walk *w, lua_State *L, int index) {
  const void *self = lua_topointer(L, index);
  unsigned char kind = (unsigned char)lua_type(L, index);
  put(w, CONSTANT, &self, sizeof self);
  syn_state_piece(w->bytes, &kind, 1);
  if (!w->held)
    return;
  luaL_checkstack(L, 2, NULL);
  lua_pushvalue(L, index);
  lua_pushboolean(L, 1);
  lua_rawset(L, w->held);
}

static void no_checkpoints(walk *w, lua_State *L, const char *why) {
  w->why = why;
  luaL_error(L, "%s", why);
}

static void no_room(walk *w, lua_State *L) {
  w->no_room = 1;
  luaL_error(L, "not enough memory for a checkpoint");
}

/* ---- keeping --------------------------------------------------------------------------------- */

static void put_value(walk *w, lua_State *L, int index);

/* The place of a table among those met, or where it would stand. */
static met *find_met(const walk *w, const void *self) {
  size_t at = (size_t)((uintptr_t)self >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20;
  while (w->table[at &= w->room - 1].self && w->table[at].self != self)
    at++;
  return &w->table[at];
}

static void make_room(walk *w, lua_State *L) {
  if (2 * w->tables < w->room)
    return;
  walk wider = {.room = w->room ? 2 * w->room : 256};
  if (!(wider.table = calloc(wider.room, sizeof *wider.table)))
    no_room(w, L);
  for (size_t i = 0; i < w->room; i++)
    if (w->table[i].self)
      *find_met(&wider, w->table[i].self) = w->table[i];
  free(w->table);
  w->table = wider.table;
  w->room = wider.room;
}

/* 1 if the table was met before; then that is put. */
static int put_again(walk *w, lua_State *L, const void *self) {
  make_room(w, L);
  met *place = find_met(w, self);
  if (!place->self) {
    *place = (met){self, (uint32_t)w->tables++, !w->memory};
    return 0;
  }
  if (place->outside && w->memory)
    no_checkpoints(w, L, "a table stands in its memory and in a local variable of the file");
  uint32_t number = place->number - (w->memory ? w->first : 0);
  put(w, AGAIN, &number, sizeof number);
  return 1;
}

/* The sandbox's own tables have metatables, and so have transitions, which rules may keep. */
static int is_transition(lua_State *L, int index) {
  if (!lua_getmetatable(L, index))
    return 0;
  luaL_getmetatable(L, SYN_RULE_TRANSITION);
  int yes = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return yes;
}

/* The elements that the table has in its list, and the others, as lua_createtable wants them: what is made
 * with these takes no more room. The walk gives the list first, more than half of whose places are taken. */
static void measure(lua_State *L, int index, uint32_t size[2]) {
  lua_Integer last = 0;
  uint32_t listed = 0, all = 0;
  int in_list = 1;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1), all++) {
    lua_Integer key = in_list && lua_isinteger(L, -2) ? lua_tointeger(L, -2) : 0;
    in_list = key > last && (lua_Integer)listed + 1 > key / 2;
    listed += (uint32_t)in_list;
    last = in_list ? key : last;
  }
  size[0] = (uint32_t)last;
  size[1] = all - listed;
}

static void put_table(walk *w, lua_State *L, int index) {
  int transition = is_transition(L, index);
  if (!transition && lua_getmetatable(L, index)) {
    lua_pop(L, 1);
    if (w->memory)
      no_checkpoints(w, L, "its memory holds something of the sandbox's");
    put_constant(w, L, index);
    return;
  }
  if (put_again(w, L, lua_topointer(L, index)))
    return;
  if (++w->depth > DEPTH_MAX || !lua_checkstack(L, 6))
    no_checkpoints(w, L, "its tables stand too deep in one another");
  uint32_t size[2];
  measure(L, index, size);
  put(w, transition ? TRANSITION : TABLE, size, sizeof size);
  lua_pushnil(L);
  while (lua_next(L, index)) {
    put_value(w, L, lua_gettop(L) - 1);
    put_value(w, L, lua_gettop(L));
    lua_pop(L, 1);
  }
  put(w, END, NULL, 0);
  w->depth--;
}

static void put_upvalues(walk *w, lua_State *L, int index) {
  const void *self = lua_topointer(L, index);
  for (size_t i = 0; i < w->functions; i++)
    if (w->function[i] == self)
      return;
  if (w->functions == FUNCTIONS_MAX || !lua_checkstack(L, 4))
    no_checkpoints(w, L, "it has too many functions");
  w->function[w->functions++] = self;
  for (int i = 1; lua_getupvalue(L, index, i); i++) {
    put_value(w, L, lua_gettop(L));
    lua_pop(L, 1);
  }
}

static void put_number(walk *w, lua_State *L, int index) {
  lua_Integer integer = lua_tointeger(L, index);
  lua_Number number = lua_tonumber(L, index);
  if (lua_isinteger(L, index))
    put(w, INTEGER, &integer, sizeof integer);
  else
    put(w, NUMBER, &number, sizeof number);
}

static void put_text(walk *w, lua_State *L, int index) {
  size_t n;
  const char *text = lua_tolstring(L, index, &n);
  put(w, TEXT, &n, sizeof n);
  syn_state_piece(w->bytes, (void *)(uintptr_t)text, n);
}

static void put_userdata(walk *w, lua_State *L, int index) {
  long number = syn_rule_numbered(L, index);
  if (number >= 0)
    put(w, STATE, &number, sizeof number);
  else if (w->memory)
    no_checkpoints(w, L, "its memory holds more than numbers, texts, booleans, states and tables");
  else
    put_constant(w, L, index);
}

/* The value at an absolute index. */
static void put_value(walk *w, lua_State *L, int index) {
  switch (lua_type(L, index)) {
  case LUA_TNIL:
    put(w, NIL, NULL, 0);
    return;
  case LUA_TBOOLEAN:
    put(w, lua_toboolean(L, index) ? TRUE : FALSE, NULL, 0);
    return;
  case LUA_TNUMBER:
    put_number(w, L, index);
    return;
  case LUA_TSTRING:
    put_text(w, L, index);
    return;
  case LUA_TTABLE:
    put_table(w, L, index);
    return;
  case LUA_TUSERDATA:
    put_userdata(w, L, index);
    return;
  default:
    if (w->memory)
      no_checkpoints(w, L,
                     lua_islightuserdata(L, index) ? "its memory holds a view"
                                                   : "its memory holds a function");
    put_constant(w, L, index);
    if (lua_isfunction(L, index))
      put_upvalues(w, L, index);
  }
}

/* The contents of local variables that its functions see. */
static void put_outside(walk *w, lua_State *L) {
  const int refs[] = {w->rule->act, w->rule->learn, w->rule->saved, w->rule->step};
  for (size_t i = 0; i < sizeof refs / sizeof *refs; i++)
    if (refs[i] != LUA_NOREF) {
      lua_rawgeti(L, LUA_REGISTRYINDEX, refs[i]);
      put_value(w, L, lua_gettop(L));
      lua_pop(L, 1);
    }
}

static int note_outside(lua_State *L) {
  static const char held;
  walk *w = lua_touserdata(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &held);
  w->held = lua_gettop(L);
  put_outside(w, L);
  return 0;
}

static int keep(lua_State *L) {
  walk *w = lua_touserdata(L, 1);
  syn_state *memory = w->bytes;
  w->bytes = &w->outside;
  put_outside(w, L);
  syn_trace now = syn_trace_bytes(SYN_TRACE_START, w->outside.bytes, w->outside.n);
  w->bytes = memory;
  w->first = (uint32_t)w->tables;
  if (w->outside.failed)
    no_room(w, L);
  if (now != w->rule->outside)
    no_checkpoints(w, L, "it changes variables outside of its memory");
  if (w->rule->memory == LUA_NOREF)
    return 0;
  w->memory = 1;
  lua_rawgeti(L, LUA_REGISTRYINDEX, w->rule->memory);
  put_value(w, L, lua_gettop(L));
  return 0;
}

static int note_memory(lua_State *L) {
  walk *w = lua_touserdata(L, 1);
  w->memory = 1;
  lua_rawgeti(L, LUA_REGISTRYINDEX, w->rule->memory);
  put_value(w, L, lua_gettop(L));
  return 0;
}

/* ---- giving back ----------------------------------------------------------------------------- */

static tag get_tag(walk *w, lua_State *L) {
  unsigned char byte = END;
  syn_state_piece(w->bytes, &byte, 1);
  if (w->bytes->failed)
    luaL_error(L, "the checkpoint is cut");
  return (tag)byte;
}

static void push_value(walk *w, lua_State *L, tag t);

static void push_table(walk *w, lua_State *L, tag t) {
  uint32_t size[2] = {0, 0};
  syn_state_piece(w->bytes, size, sizeof size);
  if (w->bytes->failed || size[0] / 2 + size[1] > w->bytes->n - w->bytes->at)
    luaL_error(L, "the checkpoint is cut");
  luaL_checkstack(L, 6, "a checkpoint");
  lua_createtable(L, (int)size[0], (int)size[1]);
  lua_pushvalue(L, -1);
  lua_rawseti(L, w->made, (lua_Integer)++w->tables);
  if (t == TRANSITION)
    luaL_setmetatable(L, SYN_RULE_TRANSITION);
  for (tag key; (key = get_tag(w, L)) != END;) {
    push_value(w, L, key);
    push_value(w, L, get_tag(w, L));
    if (lua_isnil(L, -2))
      luaL_error(L, "the checkpoint is no memory of a rule");
    lua_rawset(L, -3);
  }
}

static void push_again(walk *w, lua_State *L) {
  uint32_t number = UINT32_MAX;
  syn_state_piece(w->bytes, &number, sizeof number);
  if (number >= w->tables)
    luaL_error(L, "the checkpoint is no memory of a rule");
  lua_rawgeti(L, w->made, (lua_Integer)number + 1);
}

static void push_text(walk *w, lua_State *L) {
  size_t n = 0;
  syn_state_piece(w->bytes, &n, sizeof n);
  if (w->bytes->failed || n > w->bytes->n - w->bytes->at)
    luaL_error(L, "the checkpoint is cut");
  lua_pushlstring(L, (const char *)w->bytes->bytes + w->bytes->at, n);
  w->bytes->at += n;
}

static void push_state(walk *w, lua_State *L) {
  long number = -1;
  syn_state_piece(w->bytes, &number, sizeof number);
  if (!syn_rule_push_numbered(L, w->rule, number))
    luaL_error(L, "the checkpoint is no memory of a rule");
}

static void push_value(walk *w, lua_State *L, tag t) {
  lua_Integer integer = 0;
  lua_Number number = 0;
  switch (t) {
  case FALSE:
  case TRUE:
    lua_pushboolean(L, t == TRUE);
    return;
  case INTEGER:
    syn_state_piece(w->bytes, &integer, sizeof integer);
    lua_pushinteger(L, integer);
    return;
  case NUMBER:
    syn_state_piece(w->bytes, &number, sizeof number);
    lua_pushnumber(L, number);
    return;
  case TEXT:
    push_text(w, L);
    return;
  case STATE:
    push_state(w, L);
    return;
  case TABLE:
  case TRANSITION:
    push_table(w, L, t);
    return;
  case AGAIN:
    push_again(w, L);
    return;
  default:
    luaL_error(L, "the checkpoint is no memory of a rule");
  }
}

/* There may be no room for two: the memory that the beginning of the run has made goes first. */
static int give_back(lua_State *L) {
  walk *w = lua_touserdata(L, 1);
  lua_pushboolean(L, 0);
  lua_rawseti(L, LUA_REGISTRYINDEX, w->rule->memory);
  lua_gc(L, LUA_GCCOLLECT);
  lua_newtable(L);
  w->made = lua_gettop(L);
  push_value(w, L, get_tag(w, L));
  lua_rawseti(L, LUA_REGISTRYINDEX, w->rule->memory);
  lua_settop(L, 0);
  lua_gc(L, LUA_GCCOLLECT);
  return 0;
}

/* ---- the hook -------------------------------------------------------------------------------- */

static void close_walk(walk *w) {
  syn_state_close(&w->outside);
  free(w->table);
}

syn_trace syn_rule_trace_memory(syn_rule *rule) {
  walk w = {.rule = rule, .bytes = &w.outside};
  syn_ctx ignored = {0};
  syn_trace trace = 0;
  if (syn_sandbox_run(rule->sandbox, note_memory, &w, SYN_EINVAL, &ignored) == SYN_OK &&
      !w.outside.failed)
    trace = syn_trace_bytes(SYN_TRACE_START, w.outside.bytes, w.outside.n);
  close_walk(&w);
  return trace;
}

syn_status syn_rule_keep_memory(syn_rule *rule, syn_state *s, syn_ctx *ctx) {
  walk w = {.rule = rule, .bytes = s};
  syn_status status = SYN_OK;
  rule->now = (syn_rule_moment){.state = -1};
  if (!s->resuming)
    status = syn_sandbox_run(rule->sandbox, keep, &w, SYN_EINVAL, ctx);
  else if (rule->memory != LUA_NOREF)
    status = syn_sandbox_run_wide(rule->sandbox, give_back, &w, SYN_EINPUT, ctx);
  close_walk(&w);
  return status && w.no_room ? SYN_ENOMEM : status;
}

static syn_status state_of_memory(syn_rule *rule, syn_state *s, syn_ctx *ctx) {
  size_t states = (size_t)rule->table.locals * rule->table.locals;
  syn_state_piece(s, rule->action, states * sizeof *rule->action);
  syn_state_piece(s, rule->low, states * sizeof *rule->low);
  syn_state_piece(s, rule->high, states * sizeof *rule->high);
  syn_state_piece(s, &rule->table.stochastic, sizeof rule->table.stochastic);
  syn_rule_transitions_state(rule, s);
  rule->table.version += (uint64_t)s->resuming;
  return syn_rule_keep_memory(rule, s, ctx);
}

static syn_status state_of_traces(syn_rule *rule, syn_state *s, syn_ctx *ctx) {
  syn_views *views = rule->views;
  for (unsigned q = 0; q < SYN_QUANTITIES; q++)
    syn_state_piece(s, views->trace[q], views->trace[q] ? views->traced[q] * sizeof(float) : 0);
  syn_state_piece(s, &views->reward_trace, sizeof views->reward_trace);
  for (size_t k = 0; k < rule->states_own; k++)
    syn_state_piece(s, views->state[k], views->synapses * sizeof(float));
  return syn_rule_keep_memory(rule, s, ctx);
}

static syn_status state(syn_policy *policy, syn_state *s, syn_ctx *ctx) {
  syn_rule *rule = (syn_rule *)policy;
  return rule->info.kind == SYN_RULE_LOCAL ? state_of_traces(rule, s, ctx)
                                           : state_of_memory(rule, s, ctx);
}

syn_status syn_rule_open_state(syn_rule *rule, syn_ctx *ctx) {
  if (rule->info.kind == SYN_RULE_FINITE)
    return SYN_OK; /* it is its table */
  rule->class.state = state;
  return syn_rule_note_outside(rule, ctx);
}

syn_status syn_rule_note_outside(syn_rule *rule, syn_ctx *ctx) {
  walk w = {.rule = rule, .bytes = &w.outside};
  syn_ctx why = {0};
  syn_status status = syn_sandbox_run(rule->sandbox, note_outside, &w, SYN_EINPUT, &why);
  if (status == SYN_OK)
    rule->outside = syn_trace_bytes(SYN_TRACE_START, w.outside.bytes, w.outside.n);
  if (w.outside.failed || w.no_room)
    status = syn_fail_memory(ctx, "a rule");
  else if (status && w.why)
    status = SYN_OK; /* as a checkpoint will say when one is wanted */
  else if (status)
    status = syn_fail(ctx, status, "%s", why.error);
  close_walk(&w);
  return status;
}
