/* What step writes: actions and states; and the numbers that it draws. */
#include <math.h>
#include <stdio.h>

#include "policies/scripted/views.h"

enum { OUT_SIGN, OUT_SET, OUT_SOMETIMES };
const char *const syn_out_names[] = {"sign", "set", "sometimes"};

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

/* The sign of x with the chance |x|: where(gt(abs(x), draw), sign(x), 0). */
static const float *draw_moves(lua_State *L, syn_views *views, const float *x) {
  size_t n = views->units * views->columns;
  float *u = syn_views_result(L, views, SYN_BY_SYNAPSE),
        *moves = syn_views_result(L, views, SYN_BY_SYNAPSE);
  lua_pop(L, 2);
  syn_views_draw(views, u, ++views->draws);
  const syn_operand by[3] = {{x, 1}, {x, 1}, {x, 1}};
  const syn_operand over[3] = {{moves, 1}, {u, 1}, {u, 1}};
  syn_views_operation(views->rule, "abs")->run(moves, n, by);
  syn_views_operation(views->rule, "gt")->run(u, n, over);
  syn_views_operation(views->rule, "sign")->run(moves, n, by);
  const syn_operand both[3] = {{moves, 1}, {u, 1}, {u, 1}};
  syn_views_operation(views->rule, "__mul")->run(moves, n, both);
  return moves;
}

/* With longer steps: as many whole ones as go into |x|, and one more with the chance of the rest. */
static const float *draw_steps(lua_State *L, syn_views *views, const float *x) {
  size_t n = views->units * views->columns;
  const float most = (float)views->rule->max_action;
  float *u = syn_views_result(L, views, SYN_BY_SYNAPSE),
        *moves = syn_views_result(L, views, SYN_BY_SYNAPSE);
  lua_pop(L, 2);
  syn_views_draw(views, u, ++views->draws);
  for (size_t i = 0; i < n; i++) {
    float size = fabsf(x[i]);
    size = size > most ? most : size; /* nan stays what it is */
    float whole = truncf(size);
    size = size == size ? whole + (float)(u[i] < size - whole) : size;
    moves[i] = x[i] < 0 ? -size : size;
  }
  return moves;
}

/* out:sign(x), out:set(x) and out:sometimes(x); upvalue 2 tells which. */
int syn_out_write(lua_State *L) {
  syn_views *views = syn_views_of(L);
  int which = (int)lua_tointeger(L, lua_upvalueindex(2));
  const syn_rule_kernels *kernels = views->rule->kernels;
  if (lua_gettop(L) != 2 || lua_type(L, 1) != LUA_TLIGHTUSERDATA ||
      syn_view_handle(L, views, 1) != SYN_HANDLE_OUT)
    return luaL_error(L, "write out:%s(x), with a colon and one argument", syn_out_names[which]);
  if (!syn_views_is_operand(L, 2))
    return luaL_error(L, "out:%s got %s; it takes a view or a number, and " SYN_VIEWS_COMPARE,
                      syn_out_names[which], syn_rule_shown(L, 2));
  float number;
  syn_slot slot;
  unsigned shape = syn_views_operand(L, 2, &slot, &number);
  size_t n = views->units * views->columns;
  syn_sandbox_charge(L, n / 32 + 1);
  const float *x = shape == SYN_BY_SYNAPSE ? slot.x : syn_views_spread(L, views, slot);
  int most = which == OUT_SIGN ? 0 : views->rule->max_action;
  if (which == OUT_SOMETIMES && most > 1)
    x = draw_steps(L, views, x);
  else if (which == OUT_SOMETIMES)
    x = draw_moves(L, views, x);
  if (!(most ? kernels->exact_actions(views->action, x, n, most)
             : kernels->signs(views->action, x, n))) {
    char what[32];
    snprintf(what, sizeof what, "out:%s", syn_out_names[which]);
    return fail_element(L, views, what, x, most);
  }
  views->written = 1;
  return 0;
}

/* Is it the buffer of a result, which nobody writes any more in this call? */
static int is_result(const syn_views *views, unsigned slot) {
  return slot >= SYN_QUANTITIES && slot < SYN_SLOTS_MAX &&
         views->slot[slot].x == views->buffer[slot];
}

static int fail_assign(lua_State *L, const syn_rule *rule, const char *key) {
  const char *near = syn_nearest(key, rule->state_name);
  if (syn_views_own(key))
    return luaL_error(L, "v.%s is assigned; only states can be, and %s is what v has anyhow", key,
                      key);
  if (near)
    return luaL_error(L, "v.%s is assigned; did you mean '%s'?", key, near);
  if (!syn_views_name(key))
    return luaL_error(L, "v.%s is assigned; only states can be, and this is no name of one", key);
  return luaL_error(L, "v.%s is assigned; only states can be: state = { %s = 0 } declares one", key,
                    key);
}

/* v.NAME = x, for a state: from here on v.NAME is x. It is kept when the call has ended, so views that
 * were taken before stay what they were. */
int syn_view_assign(lua_State *L, syn_views *views) {
  const char *key = syn_sandbox_name(L, 2);
  int state = syn_views_state(views->rule, key);
  if (state < 0)
    return fail_assign(L, views->rule, key);
  if (!syn_views_is_operand(L, 3))
    return luaL_error(L, "v.%s got %s; a state takes a view or a number", key,
                      syn_rule_shown(L, 3));
  float number;
  syn_slot slot;
  unsigned shape = syn_views_operand(L, 3, &slot, &number), from = SYN_NO_SLOT;
  if (lua_type(L, 3) == LUA_TLIGHTUSERDATA)
    from = syn_view_handle(L, views, 3);
  syn_sandbox_charge(L, views->units * views->columns / 32 + 1);
  if (shape != SYN_BY_SYNAPSE || !is_result(views, from)) {
    syn_views_spread(L, views, slot);
    from = views->used - 1;
  }
  views->now[state] = from;
  return 0;
}

/* v:draw(): a view of random numbers of its own. */
int syn_view_draw(lua_State *L) {
  syn_views *views = syn_views_of(L);
  if (lua_gettop(L) != 1 || lua_type(L, 1) != LUA_TLIGHTUSERDATA ||
      syn_view_handle(L, views, 1) != SYN_HANDLE_V)
    return luaL_error(L, "write v:draw(), with a colon and no argument");
  syn_sandbox_charge(L, views->units * views->columns / 8 + 1);
  float *x = syn_views_result(L, views, SYN_BY_SYNAPSE);
  syn_views_draw(views, x, ++views->draws);
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
