#include "policies/scripted/views.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "policies/scripted/kernels.h"

const char *const syn_quantity_names[] = {"weight",     "pre",          "post",         "action",
                                          "reward",     "random",       "weight_trace", "pre_trace",
                                          "post_trace", "action_trace", "reward_trace", NULL};

/* ---- handles --------------------------------------------------------------------------------- */

enum { HANDLE_V = SYN_SLOTS_MAX, HANDLE_OUT, HANDLE_BITS = 10 };
static_assert(HANDLE_OUT < 1 << HANDLE_BITS, "handles need more bits");
static_assert(sizeof(void *) == 8, "a handle holds the number of the call and of the view");

static void push_handle(lua_State *L, const syn_views *views, unsigned index) {
  lua_pushlightuserdata(L, (void *)(uintptr_t)(views->call << HANDLE_BITS | index));
}

/* The view's number within this call. */
static unsigned read_handle(lua_State *L, const syn_views *views, int arg) {
  uintptr_t handle = (uintptr_t)lua_touserdata(L, arg);
  if (!views || handle >> HANDLE_BITS != views->call || !views->view)
    luaL_error(L,
               "a view is used after its call; views are valid only during the call of step that "
               "they come from");
  return (unsigned)(handle & ((1u << HANDLE_BITS) - 1));
}

static syn_rule *rule_of(lua_State *L) {
  return lua_touserdata(L, lua_upvalueindex(1));
}

static syn_views *views_of(lua_State *L) {
  return rule_of(L)->views;
}

void syn_views_begin(syn_views *views, size_t l) {
  views->call++;
  views->layer = &views->view->layer[l];
  views->units = views->layer->units;
  views->columns = views->layer->inputs + 1;
  views->used = SYN_QUANTITIES;
  views->written = 0;
  for (unsigned q = 0; q < SYN_QUANTITIES; q++)
    views->slot[q].x = NULL;
}

void syn_views_push(lua_State *L, const syn_views *views) {
  push_handle(L, views, HANDLE_V);
  push_handle(L, views, HANDLE_OUT);
}

static size_t size_of(const syn_views *views, unsigned shape) {
  return (shape & SYN_BY_UNIT ? views->units : 1) * (shape & SYN_BY_INPUT ? views->columns : 1);
}

/* Memory of a slot: taken in the first calls, there in all later ones. */
static float *buffer_of(lua_State *L, syn_views *views, unsigned slot) {
  if (views->buffer[slot])
    return views->buffer[slot];
  size_t bytes = views->room * sizeof(float);
  if (bytes > SYN_SCRATCH_MAX - views->scratch)
    luaL_error(L, "step makes too many results in one call: more than %d MiB",
               (int)(SYN_SCRATCH_MAX >> 20));
  if (!(views->buffer[slot] = syn_arena_take(&views->arena, views->room, sizeof(float))))
    luaL_error(L, "the machine is out of memory");
  views->scratch += bytes;
  views->rule->info.temporaries = views->scratch;
  return views->buffer[slot];
}

/* ---- quantities ------------------------------------------------------------------------------ */

static const float *compute_pre(lua_State *L, syn_views *views) {
  float *x = buffer_of(L, views, SYN_SEES_PRE);
  x[0] = 1.0f;
  memcpy(x + 1, views->layer->pre, views->layer->inputs * sizeof *x);
  return x;
}

static const float *compute_action(lua_State *L, syn_views *views) {
  float *x = buffer_of(L, views, SYN_SEES_ACTION);
  views->rule->kernels->floats_of(x, views->view->last + views->layer->first,
                                  views->units * views->columns);
  return x;
}

/* Uniform in [0,1): syn_random_uniform at (seed, SYN_STREAM_RULE, iteration, synapse). */
static const float *compute_random(lua_State *L, syn_views *views) {
  float *x = buffer_of(L, views, SYN_SEES_RANDOM);
  const syn_view *view = views->view;
  uint32_t key[2] = {(uint32_t)view->seed, (uint32_t)(view->seed >> 32)}, word[4];
  size_t first = views->layer->first, n = views->units * views->columns;
  for (size_t i = 0; i < n; i++) {
    size_t index = first + i;
    if (i == 0 || index % 4 == 0)
      syn_philox(word, (uint32_t[4]){(uint32_t)(index / 4), view->iteration, SYN_STREAM_RULE, 0},
                 key);
    x[i] = (float)(word[index % 4] >> 8) * 0x1p-24f;
  }
  return x;
}

static const float *compute(lua_State *L, syn_views *views, syn_quantity q) {
  size_t l = (size_t)(views->layer - views->view->layer);
  switch (q) {
  case SYN_SEES_WEIGHT:
    return views->layer->weight;
  case SYN_SEES_PRE:
    return compute_pre(L, views);
  case SYN_SEES_POST:
    return views->layer->post;
  case SYN_SEES_ACTION:
    return compute_action(L, views);
  case SYN_SEES_RANDOM:
    return compute_random(L, views);
  case SYN_SEES_PRE_TRACE:
    return views->trace[q] + views->pre_first[l];
  case SYN_SEES_POST_TRACE:
    return views->trace[q] + views->post_first[l];
  default:
    return views->trace[q] + views->layer->first;
  }
}

static unsigned shape_of(syn_quantity q) {
  switch (q) {
  case SYN_SEES_PRE:
  case SYN_SEES_PRE_TRACE:
    return SYN_BY_INPUT;
  case SYN_SEES_POST:
  case SYN_SEES_POST_TRACE:
    return SYN_BY_UNIT;
  default:
    return SYN_BY_SYNAPSE;
  }
}

static int push_quantity(lua_State *L, syn_views *views, syn_quantity q) {
  if (!(views->rule->sees & 1u << q))
    return luaL_error(L, "v.%s is not in sees; add it: sees = { \"%s\", ... }",
                      syn_quantity_names[q], syn_quantity_names[q]);
  if (q == SYN_SEES_REWARD)
    lua_pushinteger(L, views->view->reward);
  else if (q == SYN_SEES_REWARD_TRACE)
    lua_pushnumber(L, views->reward_trace);
  else {
    if (!views->slot[q].x)
      views->slot[q] = (syn_slot){compute(L, views, q), shape_of(q)};
    push_handle(L, views, q);
  }
  return 1;
}

/* v.NAME: a quantity (their numbers by name are upvalue 4), or one of the numbers that are no
 * secret. */
static int index_v(lua_State *L, syn_views *views) {
  const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(4)) != LUA_TNIL)
    return push_quantity(L, views, (syn_quantity)lua_tointeger(L, -1));
  size_t l = (size_t)(views->layer - views->view->layer);
  if (strcmp(key, "iteration") == 0)
    lua_pushinteger(L, (lua_Integer)views->view->iteration + 1);
  else if (strcmp(key, "layer") == 0)
    lua_pushinteger(L, (lua_Integer)l + 1);
  else if (strcmp(key, "inputs") == 0)
    lua_pushinteger(L, (lua_Integer)views->layer->inputs);
  else if (strcmp(key, "units") == 0)
    lua_pushinteger(L, (lua_Integer)views->units);
  else
    return luaL_error(L,
                      "v has no field '%s'; it has weight, pre, post, action, reward, a _trace of "
                      "each of these, random, iteration, layer, inputs and units",
                      syn_sandbox_text(L, 2));
  return 1;
}

/* ---- views as values ------------------------------------------------------------------------- */

/* A number or a view as an operand; `number` (1) holds the number. Returns its shape. */
static unsigned read_operand(lua_State *L, int arg, syn_slot *slot, float *number) {
  if (lua_type(L, arg) == LUA_TNUMBER) {
    *number = (float)lua_tonumber(L, arg);
    *slot = (syn_slot){number, 0};
    return 0;
  }
  if (lua_type(L, arg) != LUA_TLIGHTUSERDATA)
    luaL_error(L, "views are computed with views and numbers, but this is a %s",
               luaL_typename(L, arg));
  syn_views *views = views_of(L);
  unsigned index = read_handle(L, views, arg);
  if (index >= SYN_SLOTS_MAX)
    luaL_error(L, "this is %s; take v.weight, v.pre, ...",
               index == HANDLE_V ? "v itself" : "out, which can only be written");
  *slot = views->slot[index];
  return slot->shape;
}

/* Runs one operation unit by unit, where operands differ in shape. */
static void run_by_unit(const syn_views *views, const syn_operation_entry *op, float *out,
                        const syn_slot *in) {
  size_t columns = views->columns;
  for (size_t u = 0; u < views->units; u++) {
    syn_operand operand[3];
    for (int k = 0; k < 3; k++) {
      const syn_slot *s = &in[k];
      size_t offset = s->shape == SYN_BY_SYNAPSE ? u * columns : s->shape == SYN_BY_UNIT ? u : 0;
      operand[k] = (syn_operand){s->x + offset, s->shape & SYN_BY_INPUT};
    }
    op->run(out + u * columns, columns, operand);
  }
}

static void run_operation(const syn_views *views, const syn_operation_entry *op, float *out,
                          unsigned shape, const syn_slot *in) {
  syn_operand operand[3];
  for (int k = 0; k < 3; k++) {
    if (in[k].shape && in[k].shape != shape) {
      run_by_unit(views, op, out, in);
      return;
    }
    operand[k] = (syn_operand){in[k].x, in[k].shape != 0};
  }
  op->run(out, size_of(views, shape), operand);
}

/* A slot for a result of this call, on the stack as a view. */
static float *push_result(lua_State *L, syn_views *views, unsigned shape) {
  if (views->used == SYN_SLOTS_MAX)
    luaL_error(L, "step makes too many results in one call: more than %d",
               SYN_SLOTS_MAX - SYN_QUANTITIES);
  float *out = buffer_of(L, views, views->used);
  views->slot[views->used] = (syn_slot){out, shape};
  push_handle(L, views, views->used++);
  return out;
}

/* Any operation; upvalue 2 is its place among them. */
static int operate(lua_State *L) {
  const syn_operation_entry *op =
      &rule_of(L)->kernels->operations[lua_tointeger(L, lua_upvalueindex(2))];
  float number[3] = {0};
  syn_slot in[3] = {{number, 0}, {number + 1, 0}, {number + 2, 0}};
  unsigned shape = 0;
  for (unsigned k = 0; k < op->operands; k++)
    shape |= read_operand(L, (int)k + 1, &in[k], &number[k]);
  if (shape == 0) {
    float result;
    op->run(&result, 1, (syn_operand[3]){{number, 0}, {number + 1, 0}, {number + 2, 0}});
    lua_pushnumber(L, result);
    return 1;
  }
  syn_views *views = views_of(L);
  syn_sandbox_charge(L, size_of(views, shape) / 32 + 1);
  float *out = push_result(L, views, shape);
  run_operation(views, op, out, shape, in);
  return 1;
}

static float element(const syn_views *views, const syn_slot *slot, size_t synapse) {
  size_t unit = synapse / views->columns, column = synapse % views->columns;
  switch (slot->shape) {
  case SYN_BY_INPUT:
    return slot->x[column];
  case SYN_BY_UNIT:
    return slot->x[unit];
  default:
    return slot->x[synapse];
  }
}

static int view_index(lua_State *L) {
  syn_views *views = views_of(L);
  unsigned index = read_handle(L, views, 1);
  if (index == HANDLE_V)
    return index_v(L, views);
  if (lua_type(L, 2) ==
      LUA_TSTRING) { /* a method: upvalues 2 and 3 hold those of views and of out */
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(index == HANDLE_OUT ? 3 : 2)) != LUA_TNIL)
      return 1;
    return luaL_error(L,
                      index == HANDLE_OUT ? "out has no '%s'; write out:sign(x) or out:set(x)"
                                          : "a view has no '%s'",
                      lua_tostring(L, 2));
  }
  if (index == HANDLE_OUT)
    return luaL_error(L, "out can only be written: out:sign(x) or out:set(x)");
  int whole = 0;
  size_t n = views->units * views->columns;
  lua_Integer i = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &whole) : 0;
  if (!whole || i < 1 || (uint64_t)i > n)
    return luaL_error(L, "index %s is outside of the view: it has numbers 1 to %I",
                      syn_sandbox_text(L, 2), (lua_Integer)n);
  lua_pushnumber(L, element(views, &views->slot[index], (size_t)i - 1));
  return 1;
}

static int view_newindex(lua_State *L) {
  unsigned index = read_handle(L, views_of(L), 1);
  return luaL_error(L, index == HANDLE_OUT
                           ? "out takes all actions at once: out:sign(x) or out:set(x)"
                           : "a view cannot be written; compute a new one");
}

static int view_length(lua_State *L) {
  const syn_views *views = views_of(L);
  read_handle(L, views, 1);
  lua_pushinteger(L, (lua_Integer)(views->units * views->columns));
  return 1;
}

static int view_tostring(lua_State *L) {
  const syn_views *views = views_of(L);
  unsigned index = read_handle(L, views, 1);
  if (index == HANDLE_V || index == HANDLE_OUT)
    lua_pushstring(L, index == HANDLE_V ? "v" : "out");
  else
    lua_pushfstring(L, "view of %I numbers", (lua_Integer)(views->units * views->columns));
  return 1;
}

static int cannot_compare(lua_State *L) {
  return luaL_error(L,
                    "views are compared number by number with lt(a, b), le, gt, ge and eq, which "
                    "give 1 and 0");
}

static int cannot_operate(lua_State *L) {
  return luaL_error(L, "views know " SYN_VIEWS_KNOW);
}

static int cannot_raise(lua_State *L) {
  return luaL_error(L, "views know no ^; x^2 is x * x, and further there are " SYN_VIEWS_KNOW);
}

/* ---- out ------------------------------------------------------------------------------------- */

static const syn_operation_entry *find_operation(const syn_rule *rule, const char *name) {
  const syn_operation_entry *op = rule->kernels->operations;
  while (strcmp(op->name, name) != 0)
    op++;
  return op;
}

static int fail_element(lua_State *L, const syn_views *views, const float *x, int exact) {
  size_t n = views->units * views->columns, i = 0;
  while (i + 1 < n && (exact ? x[i] == -1.0f || x[i] == 0.0f || x[i] == 1.0f : isfinite(x[i])))
    i++;
  char place[64];
  if (i % views->columns == 0)
    snprintf(place, sizeof place, "the bias of unit %zu", i / views->columns + 1);
  else
    snprintf(place, sizeof place, "unit %zu, input %zu", i / views->columns + 1,
             i % views->columns);
  if (isnan(x[i])) /* its sign differs between machines */
    return luaL_error(L, "%s got nan for %s; it wants %s", exact ? "out:set" : "out:sign", place,
                      exact ? "-1, 0 or 1" : "finite numbers");
  return luaL_error(L, "%s got %f for %s; it wants %s", exact ? "out:set" : "out:sign",
                    (lua_Number)x[i], place, exact ? "-1, 0 or 1" : "finite numbers");
}

/* out:sign(x) and out:set(x); upvalue 2 tells which. */
static int write_out(lua_State *L) {
  syn_views *views = views_of(L);
  int exact = lua_toboolean(L, lua_upvalueindex(2));
  const syn_rule_kernels *kernels = views->rule->kernels;
  if (lua_gettop(L) != 2 || lua_type(L, 1) != LUA_TLIGHTUSERDATA ||
      read_handle(L, views, 1) != HANDLE_OUT)
    return luaL_error(L, "write out:%s(x), with a colon and one argument", exact ? "set" : "sign");
  float number;
  syn_slot slot;
  unsigned shape = read_operand(L, 2, &slot, &number);
  size_t n = views->units * views->columns;
  syn_sandbox_charge(L, n / 32 + 1);
  const float *x = slot.x;
  if (shape != SYN_BY_SYNAPSE) { /* spread it over all synapses */
    const float zero = 0.0f;
    const syn_slot in[3] = {slot, {&zero, 0}, {&zero, 0}};
    float *all = push_result(L, views, SYN_BY_SYNAPSE);
    run_by_unit(views, find_operation(views->rule, "__add"), all, in);
    x = all;
  }
  if (!(exact ? kernels->exact_actions : kernels->signs)(views->action, x, n))
    return fail_element(L, views, x, exact);
  views->written = 1;
  return 0;
}

/* ---- into the sandbox ------------------------------------------------------------------------ */

static void push_operation(lua_State *L, syn_rule *rule, const syn_operation_entry *op) {
  lua_pushlightuserdata(L, rule);
  lua_pushinteger(L, op - rule->kernels->operations);
  lua_pushcclosure(L, operate, 2);
}

void syn_views_globals(lua_State *L, syn_rule *rule) {
  for (const syn_operation_entry *op = rule->kernels->operations; op->name; op++) {
    if (op->name[0] == '_')
      continue;
    push_operation(L, rule, op);
    syn_sandbox_global(L, op->name);
  }
}

static void push_methods(lua_State *L, syn_rule *rule) {
  lua_newtable(L);
  for (const syn_operation_entry *op = rule->kernels->operations; op->name; op++) {
    push_operation(L, rule, op);
    lua_setfield(L, -2, op->name);
  }
}

static void push_out_methods(lua_State *L, syn_rule *rule) {
  lua_newtable(L);
  for (int exact = 0; exact <= 1; exact++) {
    lua_pushlightuserdata(L, rule);
    lua_pushboolean(L, exact);
    lua_pushcclosure(L, write_out, 2);
    lua_setfield(L, -2, exact ? "set" : "sign");
  }
}

static void push_quantity_numbers(lua_State *L) {
  lua_newtable(L);
  for (unsigned q = 0; q < SYN_QUANTITIES; q++) {
    lua_pushinteger(L, q);
    lua_setfield(L, -2, syn_quantity_names[q]);
  }
}

void syn_views_install(lua_State *L, syn_views *views) {
  static const luaL_Reg others[] = {{"__newindex", view_newindex},
                                    {"__len", view_length},
                                    {"__tostring", view_tostring},
                                    {"__lt", cannot_compare},
                                    {"__le", cannot_compare},
                                    {"__mod", cannot_operate},
                                    {"__pow", cannot_raise},
                                    {"__idiv", cannot_operate},
                                    {"__concat", cannot_operate},
                                    {"__call", cannot_operate},
                                    {NULL, NULL}};
  push_methods(L, views->rule); /* the metamethods of arithmetic among them */
  int methods = lua_gettop(L);
  lua_newtable(L);
  for (const syn_operation_entry *op = views->rule->kernels->operations; op->name; op++) {
    if (op->name[0] != '_')
      continue;
    lua_getfield(L, methods, op->name);
    lua_setfield(L, -2, op->name);
    lua_pushnil(L);
    lua_setfield(L, methods, op->name);
  }
  lua_pushliteral(L, "view"); /* for Lua's messages */
  lua_setfield(L, -2, "__name");
  lua_pushlightuserdata(L, views->rule);
  luaL_setfuncs(L, others, 1);
  lua_pushlightuserdata(L, views->rule);
  lua_pushvalue(L, methods);
  push_out_methods(L, views->rule);
  push_quantity_numbers(L);
  lua_pushcclosure(L, view_index, 4);
  lua_setfield(L, -2, "__index");
  lua_pushlightuserdata(L, NULL); /* all light userdata share their metatable */
  lua_insert(L, -2);
  lua_setmetatable(L, -2);
  lua_settop(L, methods - 1);
}
