/* v.NAME: what a synapse sees, computed when it is asked for, its states, and the numbers that are no
 * secret. */
#include <string.h>

#include "policies/scripted/views.h"

static const float *compute_pre(lua_State *L, syn_views *views) {
  float *x = syn_views_buffer(L, views, SYN_SEES_PRE);
  x[0] = 1.0f;
  memcpy(x + 1, views->layer->pre, views->layer->inputs * sizeof *x);
  return x;
}

static const float *compute_action(lua_State *L, syn_views *views) {
  float *x = syn_views_buffer(L, views, SYN_SEES_ACTION);
  views->rule->kernels->floats_of(x, views->view->last + views->layer->first,
                                  views->units * views->columns);
  return x;
}

static const float *compute_random(lua_State *L, syn_views *views) {
  float *x = syn_views_buffer(L, views, SYN_SEES_RANDOM);
  syn_views_draw(views, x, 0);
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
    syn_view_push(L, views, q);
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

/* The value that the state has now. */
static void push_state(lua_State *L, syn_views *views, size_t k) {
  if (views->now[k] == SYN_NO_SLOT)
    views->now[k] =
        syn_views_slot(L, views, (syn_slot){views->state[k] + views->layer->first, SYN_BY_SYNAPSE});
  syn_view_push(L, views, views->now[k]);
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
  const char *key = syn_sandbox_name(L, 2), *near = syn_nearest(key, known);
  if (near)
    return luaL_error(L, "v has no field '%s'; did you mean '%s'?", key, near);
  return luaL_error(L,
                    "v has no field '%s'; it has what is in sees, the states that the rule "
                    "declares, iteration, layer, layers, inputs (also fan_in), units, and v:draw()",
                    key);
}

/* v.NAME: a quantity or a method (by name in upvalue 4), a state, or a number that is no secret. */
int syn_view_field(lua_State *L, syn_views *views) {
  const char *key = lua_type(L, 2) == LUA_TSTRING ? syn_sandbox_name(L, 2) : "";
  lua_pushvalue(L, 2);
  int kind = lua_rawget(L, lua_upvalueindex(4)), state;
  if (kind == LUA_TNUMBER)
    push_quantity(L, views, (syn_quantity)lua_tointeger(L, -1));
  else if (kind == LUA_TNIL && (state = syn_views_state(views->rule, key)) >= 0)
    push_state(L, views, (size_t)state);
  else if (kind == LUA_TNIL && !push_fact(L, views, key))
    return fail_no_field(L, views->rule);
  return 1;
}
