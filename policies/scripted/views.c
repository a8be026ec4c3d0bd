#include "policies/scripted/views.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "policies/scripted/kernels.h"

const char *const syn_quantity_names[] = {
    "weight",    "pre",        "post",         "action",       "reward",
    "random",    "loss",       "loss_change",  "reward_value", "weight_trace",
    "pre_trace", "post_trace", "action_trace", "reward_trace", NULL};

const char *const syn_fact_names[] = {"iteration", "layer", "layers", "inputs",
                                      "fan_in",    "units", NULL};

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
  views->draws = 0;
  for (unsigned q = 0; q < SYN_QUANTITIES; q++)
    views->slot[q].x = NULL;
  for (size_t k = 0; k < SYN_RULE_STATES_MAX; k++)
    views->now[k] = SYN_NO_SLOT;
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

/* Uniform in [0,1), from the bits at (seed, SYN_STREAM_RULE, iteration, synapse) and the number of the
 * draw: 0 is v.random, and each v:draw() of a call takes the next. */
static void draw_numbers(const syn_views *views, float *x, uint32_t draw) {
  const syn_view *view = views->view;
  views->rule->kernels->uniforms(x, views->units * views->columns, views->layer->first, view->seed,
                                 view->iteration, SYN_STREAM_RULE, draw);
}

static const float *compute_random(lua_State *L, syn_views *views) {
  float *x = buffer_of(L, views, SYN_SEES_RANDOM);
  draw_numbers(views, x, 0);
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

static void push_quantity(lua_State *L, syn_views *views, syn_quantity q) {
  if (!(views->rule->sees & 1u << q))
    luaL_error(L, "v.%s is not in sees; add it: sees = { \"%s\", ... }", syn_quantity_names[q],
               syn_quantity_names[q]);
  const syn_view *view = views->view;
  switch (q) {
  case SYN_SEES_REWARD:
    lua_pushinteger(L, view->reward);
    return;
  case SYN_SEES_REWARD_VALUE:
    lua_pushnumber(L, view->value);
    return;
  case SYN_SEES_LOSS:
    lua_pushnumber(L, view->loss);
    return;
  case SYN_SEES_LOSS_CHANGE:
    lua_pushnumber(L, view->loss_change);
    return;
  case SYN_SEES_REWARD_TRACE:
    lua_pushnumber(L, views->reward_trace);
    return;
  default:
    if (!views->slot[q].x)
      views->slot[q] = (syn_slot){compute(L, views, q), shape_of(q)};
    push_handle(L, views, q);
  }
}

/* A number that is no secret; 0 if it has no such name. */
static int push_fact(lua_State *L, const syn_views *views, const char *name) {
  const syn_layer_view *layer = views->layer;
  const size_t facts[] = {views->view->iteration + (size_t)1,
                          (size_t)(layer - views->view->layer) + 1,
                          views->view->layers,
                          layer->inputs,
                          layer->inputs,
                          layer->units}; /* by syn_fact_names */
  for (size_t i = 0; syn_fact_names[i]; i++)
    if (strcmp(syn_fact_names[i], name) == 0) {
      lua_pushinteger(L, (lua_Integer)facts[i]);
      return 1;
    }
  return 0;
}

/* The place of a state among those of the rule, or -1. */
static int find_state(const syn_rule *rule, const char *name) {
  for (size_t k = 0; k < rule->states_own; k++)
    if (strcmp(rule->state_name[k], name) == 0)
      return (int)k;
  return -1;
}

/* The next slot of this call; its buffer is taken by those who want one. */
static unsigned take_slot(lua_State *L, syn_views *views, syn_slot slot) {
  if (views->used == SYN_SLOTS_MAX)
    luaL_error(L, "step makes too many results in one call: more than %d",
               SYN_SLOTS_MAX - SYN_QUANTITIES);
  views->slot[views->used] = slot;
  return views->used++;
}

/* The value that the state has now. */
static void push_state(lua_State *L, syn_views *views, size_t k) {
  if (views->now[k] == SYN_NO_SLOT)
    views->now[k] =
        take_slot(L, views, (syn_slot){views->state[k] + views->layer->first, SYN_BY_SYNAPSE});
  push_handle(L, views, views->now[k]);
}

static int fail_no_field(lua_State *L, const syn_rule *rule) {
  const char *known[SYN_QUANTITIES + SYN_RULE_STATES_MAX + 16];
  size_t n = 0;
  for (const char *const *name = syn_quantity_names; *name; name++)
    known[n++] = *name;
  for (const char *const *name = syn_fact_names; *name; name++)
    known[n++] = *name;
  for (size_t k = 0; k < rule->states_own; k++)
    known[n++] = rule->state_name[k];
  known[n] = NULL;
  const char *key = syn_sandbox_text(L, 2), *near = syn_nearest(key, known);
  if (near)
    return luaL_error(L, "v has no field '%s'; did you mean '%s'?", key, near);
  return luaL_error(L,
                    "v has no field '%s'; it has what is in sees, the states that the rule "
                    "declares, iteration, layer, layers, inputs (also fan_in), units, and v:draw()",
                    key);
}

/* v.NAME: a quantity or a method (by name in upvalue 4), a state, or a number that is no secret. */
static int index_v(lua_State *L, syn_views *views) {
  const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  lua_pushvalue(L, 2);
  int kind = lua_rawget(L, lua_upvalueindex(4)), state;
  if (kind == LUA_TNUMBER)
    push_quantity(L, views, (syn_quantity)lua_tointeger(L, -1));
  else if (kind == LUA_TNIL && (state = find_state(views->rule, key)) >= 0)
    push_state(L, views, (size_t)state);
  else if (kind == LUA_TNIL && !push_fact(L, views, key))
    return fail_no_field(L, views->rule);
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
  unsigned slot = take_slot(L, views, (syn_slot){NULL, shape});
  float *out = buffer_of(L, views, slot);
  views->slot[slot].x = out;
  push_handle(L, views, slot);
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
                      index == HANDLE_OUT
                          ? "out has no '%s'; write out:sign(x), out:set(x) or out:sometimes(x)"
                          : "a view has no '%s'",
                      lua_tostring(L, 2));
  }
  if (index == HANDLE_OUT)
    return luaL_error(L, "out can only be written: out:sign(x), out:set(x) or out:sometimes(x)");
  int whole = 0;
  size_t n = views->units * views->columns;
  lua_Integer i = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &whole) : 0;
  if (!whole || i < 1 || (uint64_t)i > n)
    return luaL_error(L, "index %s is outside of the view: it has numbers 1 to %I",
                      syn_sandbox_text(L, 2), (lua_Integer)n);
  lua_pushnumber(L, element(views, &views->slot[index], (size_t)i - 1));
  return 1;
}

static const syn_operation_entry *find_operation(const syn_rule *rule, const char *name) {
  const syn_operation_entry *op = rule->kernels->operations;
  while (strcmp(op->name, name) != 0)
    op++;
  return op;
}

/* An operand as one number for every synapse, in a result of its own. */
static const float *spread(lua_State *L, syn_views *views, syn_slot slot) {
  const float zero = 0.0f;
  const syn_slot in[3] = {slot, {&zero, 0}, {&zero, 0}};
  float *all = push_result(L, views, SYN_BY_SYNAPSE);
  run_by_unit(views, find_operation(views->rule, "__add"), all, in);
  lua_pop(L, 1);
  return all;
}

/* Is it the buffer of a result, which nobody writes any more in this call? */
static int is_result(const syn_views *views, unsigned slot) {
  return slot >= SYN_QUANTITIES && slot < SYN_SLOTS_MAX &&
         views->slot[slot].x == views->buffer[slot];
}

/* v.NAME = x, for a state: from here on v.NAME is x. It is kept when the call has ended, so views that
 * were taken before stay what they were. */
static int assign_state(lua_State *L, syn_views *views) {
  const char *key = syn_sandbox_text(L, 2);
  int state = find_state(views->rule, key);
  if (state < 0)
    return luaL_error(L, "v.%s is assigned; only states can be: state = { %s = 0 } declares one",
                      key, key);
  float number;
  syn_slot slot;
  unsigned shape = read_operand(L, 3, &slot, &number), from = SYN_NO_SLOT;
  if (lua_type(L, 3) == LUA_TLIGHTUSERDATA)
    from = read_handle(L, views, 3);
  syn_sandbox_charge(L, views->units * views->columns / 32 + 1);
  if (shape != SYN_BY_SYNAPSE || !is_result(views, from)) {
    spread(L, views, slot);
    from = views->used - 1;
  }
  views->now[state] = from;
  return 0;
}

static int view_newindex(lua_State *L) {
  syn_views *views = views_of(L);
  unsigned index = read_handle(L, views, 1);
  if (index == HANDLE_V)
    return assign_state(L, views);
  return luaL_error(
      L, index == HANDLE_OUT
             ? "out takes all actions at once: out:sign(x), out:set(x) or out:sometimes(x)"
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

/* Where number i of the layer stands. */
static const char *place_of(char text[64], const syn_views *views, size_t i) {
  size_t unit = i / views->columns + 1, input = i % views->columns;
  if (input == 0)
    snprintf(text, 64, "the bias of unit %zu", unit);
  else
    snprintf(text, 64, "unit %zu, input %zu", unit, input);
  return text;
}

/* "WHAT got 2.5 for unit 1, input 2; it wants ..." of the first that `most` steps do not allow, or, with
 * 0, that is not finite. */
static int fail_element(lua_State *L, const syn_views *views, const char *what, const float *x,
                        int most) {
  size_t n = views->units * views->columns, i = 0;
  const float bound = (float)most;
  while (i + 1 < n &&
         (most ? x[i] >= -bound && x[i] <= bound && truncf(x[i]) == x[i] : isfinite(x[i])))
    i++;
  char place[64], wants[64] = "finite numbers";
  if (most == 1)
    snprintf(wants, sizeof wants, "-1, 0 or 1");
  else if (most)
    snprintf(wants, sizeof wants, "whole numbers from %d to %d", -most, most);
  const char *more = most == 1 ? ", or steps = 2 to 8 in the rule" : "";
  place_of(place, views, i);
  if (isnan(x[i])) /* its sign differs between machines */
    return luaL_error(L, "%s got nan for %s; it wants %s", what, place, wants);
  return luaL_error(L, "%s got %f for %s; it wants %s%s", what, (lua_Number)x[i], place, wants,
                    fabsf(x[i]) > 1 && truncf(x[i]) == x[i] ? more : "");
}

enum { OUT_SIGN, OUT_SET, OUT_SOMETIMES, OUT_METHODS };
static const char *const out_names[] = {"sign", "set", "sometimes"};

/* The sign of x with the chance |x|: where(gt(abs(x), draw), sign(x), 0). */
static const float *draw_moves(lua_State *L, syn_views *views, const float *x) {
  size_t n = views->units * views->columns;
  float *u = push_result(L, views, SYN_BY_SYNAPSE), *moves = push_result(L, views, SYN_BY_SYNAPSE);
  lua_pop(L, 2);
  draw_numbers(views, u, ++views->draws);
  const syn_operand by[3] = {{x, 1}, {x, 1}, {x, 1}};
  const syn_operand over[3] = {{moves, 1}, {u, 1}, {u, 1}};
  find_operation(views->rule, "abs")->run(moves, n, by);
  find_operation(views->rule, "gt")->run(u, n, over);
  find_operation(views->rule, "sign")->run(moves, n, by);
  const syn_operand both[3] = {{moves, 1}, {u, 1}, {u, 1}};
  find_operation(views->rule, "__mul")->run(moves, n, both);
  return moves;
}

/* out:sign(x), out:set(x) and out:sometimes(x); upvalue 2 tells which. */
static int write_out(lua_State *L) {
  syn_views *views = views_of(L);
  int which = (int)lua_tointeger(L, lua_upvalueindex(2));
  const syn_rule_kernels *kernels = views->rule->kernels;
  if (lua_gettop(L) != 2 || lua_type(L, 1) != LUA_TLIGHTUSERDATA ||
      read_handle(L, views, 1) != HANDLE_OUT)
    return luaL_error(L, "write out:%s(x), with a colon and one argument", out_names[which]);
  float number;
  syn_slot slot;
  unsigned shape = read_operand(L, 2, &slot, &number);
  size_t n = views->units * views->columns;
  syn_sandbox_charge(L, n / 32 + 1);
  const float *x = shape == SYN_BY_SYNAPSE ? slot.x : spread(L, views, slot);
  if (which == OUT_SOMETIMES)
    x = draw_moves(L, views, x);
  int most = which == OUT_SET ? views->rule->max_action : 0;
  if (!(most ? kernels->exact_actions(views->action, x, n, most)
             : kernels->signs(views->action, x, n))) {
    char what[32];
    snprintf(what, sizeof what, "out:%s", out_names[which]);
    return fail_element(L, views, what, x, most);
  }
  views->written = 1;
  return 0;
}

/* ---- numbers that last ----------------------------------------------------------------------- */

/* v:draw(): a view of random numbers of its own. */
static int draw(lua_State *L) {
  syn_views *views = views_of(L);
  if (lua_gettop(L) != 1 || lua_type(L, 1) != LUA_TLIGHTUSERDATA ||
      read_handle(L, views, 1) != HANDLE_V)
    return luaL_error(L, "write v:draw(), with a colon and no argument");
  syn_sandbox_charge(L, views->units * views->columns / 8 + 1);
  float *x = push_result(L, views, SYN_BY_SYNAPSE);
  draw_numbers(views, x, ++views->draws);
  return 1;
}

void syn_views_end(lua_State *L, syn_views *views) {
  size_t n = views->units * views->columns;
  for (size_t k = 0; k < views->rule->states_own; k++) {
    float *to = views->state[k] + views->layer->first;
    const float *x = views->now[k] == SYN_NO_SLOT ? to : views->slot[views->now[k]].x;
    if (x == to || views->rule->kernels->finite(to, x, n))
      continue;
    char place[64];
    size_t i = 0;
    while (i + 1 < n && isfinite(x[i]))
      i++;
    place_of(place, views, i);
    syn_rule_fail(L, views->rule->step, "v.%s is %s for %s at the end of step; states are finite",
                  views->rule->state_name[k], isnan(x[i]) ? "nan" : "infinite", place);
  }
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
  for (int which = 0; which < OUT_METHODS; which++) {
    lua_pushlightuserdata(L, rule);
    lua_pushinteger(L, which);
    lua_pushcclosure(L, write_out, 2);
    lua_setfield(L, -2, out_names[which]);
  }
}

/* What v has by name: the numbers of the quantities, and its method. */
static void push_quantity_numbers(lua_State *L, syn_rule *rule) {
  lua_newtable(L);
  for (unsigned q = 0; q < SYN_QUANTITIES; q++) {
    lua_pushinteger(L, q);
    lua_setfield(L, -2, syn_quantity_names[q]);
  }
  lua_pushlightuserdata(L, rule);
  lua_pushcclosure(L, draw, 1);
  lua_setfield(L, -2, "draw");
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
  push_quantity_numbers(L, views->rule);
  lua_pushcclosure(L, view_index, 4);
  lua_setfield(L, -2, "__index");
  lua_pushlightuserdata(L, NULL); /* all light userdata share their metatable */
  lua_insert(L, -2);
  lua_setmetatable(L, -2);
  lua_settop(L, methods - 1);
}
