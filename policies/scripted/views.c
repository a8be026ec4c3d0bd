#include "policies/scripted/views.h"

#include <assert.h>
#include <ctype.h>
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

static_assert(SYN_HANDLE_OUT < 1 << SYN_HANDLE_BITS, "handles need more bits");
static_assert(sizeof(void *) == 8, "a handle holds the number of the call and of the view");

void syn_view_push(lua_State *L, const syn_views *views, unsigned index) {
  lua_pushlightuserdata(L, (void *)(uintptr_t)(views->call << SYN_HANDLE_BITS | index));
}

/* The view's number within this call. */
unsigned syn_view_handle(lua_State *L, const syn_views *views, int arg) {
  uintptr_t handle = (uintptr_t)lua_touserdata(L, arg);
  if (!views || handle >> SYN_HANDLE_BITS != views->call || !views->view)
    luaL_error(L,
               "a view is used after its call; views are valid only during the call of step that "
               "they come from");
  return (unsigned)(handle & ((1u << SYN_HANDLE_BITS) - 1));
}

syn_views *syn_views_of(lua_State *L) {
  return ((syn_rule *)lua_touserdata(L, lua_upvalueindex(1)))->views;
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
  syn_view_push(L, views, SYN_HANDLE_V);
  syn_view_push(L, views, SYN_HANDLE_OUT);
}

size_t syn_views_size(const syn_views *views, unsigned shape) {
  return (shape & SYN_BY_UNIT ? views->units : 1) * (shape & SYN_BY_INPUT ? views->columns : 1);
}

/* Memory of a slot: taken in the first calls, there in all later ones. */
float *syn_views_buffer(lua_State *L, syn_views *views, unsigned slot) {
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

/* The next slot of this call; its buffer is taken by those who want one. */
unsigned syn_views_slot(lua_State *L, syn_views *views, syn_slot slot) {
  if (views->used == SYN_SLOTS_MAX)
    luaL_error(L, "step makes too many results in one call: more than %d",
               SYN_SLOTS_MAX - SYN_QUANTITIES);
  views->slot[views->used] = slot;
  return views->used++;
}

/* A slot for a result of this call, on the stack as a view. */
float *syn_views_result(lua_State *L, syn_views *views, unsigned shape) {
  unsigned slot = syn_views_slot(L, views, (syn_slot){NULL, shape});
  float *out = syn_views_buffer(L, views, slot);
  views->slot[slot].x = out;
  syn_view_push(L, views, slot);
  return out;
}

/* Uniform in [0,1), from the bits at (seed, SYN_STREAM_RULE, iteration, synapse) and the number of the
 * draw: 0 is v.random, and each v:draw() of a call takes the next. */
void syn_views_draw(const syn_views *views, float *x, uint32_t syn_view_draw) {
  const syn_view *view = views->view;
  views->rule->kernels->uniforms(x, views->units * views->columns, views->layer->first, view->seed,
                                 view->iteration, SYN_STREAM_RULE, syn_view_draw);
}

/* The place of a state among those of the rule, or -1. */
int syn_views_state(const syn_rule *rule, const char *name) {
  for (size_t k = 0; k < rule->states_own; k++)
    if (strcmp(rule->state_name[k], name) == 0)
      return (int)k;
  return -1;
}

int syn_views_is_operand(lua_State *L, int arg) {
  return lua_type(L, arg) == LUA_TNUMBER || lua_type(L, arg) == LUA_TLIGHTUSERDATA;
}

static int is_among(const char *const *names, const char *name) {
  while (*names && strcmp(*names, name) != 0)
    names++;
  return *names != NULL;
}

int syn_views_fact(const char *name) {
  return is_among(syn_fact_names, name);
}

int syn_views_own(const char *name) {
  return is_among(syn_quantity_names, name) || syn_views_fact(name) || strcmp(name, "draw") == 0;
}

int syn_views_name(const char *name) {
  return (isalpha((unsigned char)*name) || *name == '_') && strlen(name) < 64 &&
         strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
             strlen(name);
}

/* A number or a view as an operand; `number` (1) holds the number. Returns its shape. */
unsigned syn_views_operand(lua_State *L, int arg, syn_slot *slot, float *number) {
  if (lua_type(L, arg) == LUA_TNUMBER) {
    *number = (float)lua_tonumber(L, arg);
    *slot = (syn_slot){number, 0};
    return 0;
  }
  syn_views *views = syn_views_of(L);
  unsigned index = syn_view_handle(L, views, arg);
  if (index >= SYN_SLOTS_MAX)
    luaL_error(L, "this is %s; take v.weight, v.pre, ...",
               index == SYN_HANDLE_V ? "v itself" : "out, which can only be written");
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

void syn_views_run(const syn_views *views, const syn_operation_entry *op, float *out,
                   unsigned shape, const syn_slot *in) {
  syn_operand operand[3];
  for (int k = 0; k < 3; k++) {
    if (in[k].shape && in[k].shape != shape) {
      run_by_unit(views, op, out, in);
      return;
    }
    operand[k] = (syn_operand){in[k].x, in[k].shape != 0};
  }
  op->run(out, syn_views_size(views, shape), operand);
}

const syn_operation_entry *syn_views_operation(const syn_rule *rule, const char *name) {
  const syn_operation_entry *op = rule->kernels->operations;
  while (strcmp(op->name, name) != 0)
    op++;
  return op;
}

/* An operand as one number for every synapse, in a result of its own. */
const float *syn_views_spread(lua_State *L, syn_views *views, syn_slot slot) {
  const float zero = 0.0f;
  const syn_slot in[3] = {slot, {&zero, 0}, {&zero, 0}};
  float *all = syn_views_result(L, views, SYN_BY_SYNAPSE);
  run_by_unit(views, syn_views_operation(views->rule, "__add"), all, in);
  lua_pop(L, 1);
  return all;
}
