/* Rules over local quantities: step is called once per layer and iteration, on whole vectors. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policies/scripted/kernels.h"
#include "policies/scripted/views.h"

#define TRACES ((1u << SYN_QUANTITIES) - (1u << SYN_SEES_WEIGHT_TRACE)) /* they stand last */
#define ACTIVITY                                                                                   \
  (1u << SYN_SEES_PRE | 1u << SYN_SEES_POST | 1u << SYN_SEES_PRE_TRACE | 1u << SYN_SEES_POST_TRACE)

/* ---- the declaration ------------------------------------------------------------------------- */

static unsigned quantity_named(lua_State *L, const char *name) {
  unsigned q = 0;
  while (syn_quantity_names[q] && strcmp(syn_quantity_names[q], name) != 0)
    q++;
  if (q < SYN_QUANTITIES)
    return q;
  const char *near = syn_nearest(name, syn_quantity_names);
  luaL_error(
      L,
      "sees: a synapse cannot see '%s'%s%s%s; it can see weight, pre, post, action, reward, a "
      "_trace of each of these, random, loss, loss_change and reward_value",
      name, near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
  return 0;
}

/* What step can ask anyhow may stand in sees, too. */
static void take_sees(lua_State *L, syn_rule *rule) {
  int kind = lua_getfield(L, -1, "sees"), list = lua_gettop(L);
  lua_Integer n = kind == LUA_TTABLE ? syn_sandbox_border(L, -1) : 0;
  lua_pushnil(L);
  int named = kind == LUA_TTABLE && n == 0 && lua_next(L, -2);
  lua_settop(L, list);
  if ((kind != LUA_TTABLE && kind != LUA_TNIL) || named)
    luaL_error(L, "rule: sees is %s; it is a list of names, such as sees = { \"pre\", \"weight\" }",
               named ? "a list without names in it" : syn_rule_shown(L, -1));
  for (lua_Integer i = 1; i <= n; i++) {
    if (lua_rawgeti(L, -1, i) != LUA_TSTRING)
      luaL_error(L, "sees: entry %I must be a name in quotes, but is %s", i, syn_rule_shown(L, -1));
    const char *name = syn_sandbox_name(L, -1);
    if (!syn_views_fact(name))
      rule->sees |= 1u << quantity_named(L, name);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* trace = 0.9, or the name of a parameter. */
static void take_trace(lua_State *L, syn_rule *rule) {
  int kind = lua_getfield(L, -1, "trace");
  if ((kind != LUA_TNIL) != ((rule->sees & TRACES) != 0))
    luaL_error(L, kind == LUA_TNIL
                      ? "rule: trace is missing: what a trace keeps of itself from one "
                        "iteration to the next, 0 to 1, or the name of a parameter"
                      : "rule: trace is given, but no trace is in sees");
  if (kind == LUA_TSTRING) {
    const char *name = syn_sandbox_name(L, -1);
    int i = 0;
    while (rule->info.params[i].name && strcmp(rule->info.params[i].name, name) != 0)
      i++;
    if (!rule->info.params[i].name)
      luaL_error(L, "rule: trace = \"%s\" is no parameter; a number stands without quotes", name);
    syn_param *p = &rule->params_declared[i];
    p->lo = isfinite(p->lo) ? p->lo : 0.0; /* where nothing is said, what a trace can keep */
    p->hi = isfinite(p->hi) ? p->hi : 1.0;
    if (!(p->lo >= 0.0 && p->hi <= 1.0 && p->value >= p->lo && p->value <= p->hi))
      luaL_error(L, "param '%s': min and max must be within 0 and 1, since trace takes it",
                 p->name);
    rule->decay_param = i;
  } else if (kind != LUA_TNIL) {
    rule->decay = lua_tonumber(L, -1);
    if (kind != LUA_TNUMBER || !(rule->decay >= 0.0 && rule->decay <= 1.0))
      luaL_error(L, "rule: trace = %s; it is a number from 0 to 1, or the name of a parameter",
                 syn_rule_shown(L, -1));
  }
  lua_pop(L, 1);
}

static void check_state_name(lua_State *L, const char *name) {
  if (syn_views_own(name))
    luaL_error(L, "rule: state '%s' has the name of something that v has anyhow; take another",
               name);
  if (!syn_views_name(name))
    luaL_error(L, "rule: state '%s' is no name; letters, digits and _ make one", name);
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* state = { credit = 0 }: its names with what they begin with. */
static void take_state(lua_State *L, syn_rule *rule) {
  int kind = lua_getfield(L, -1, "state");
  if (kind != LUA_TNIL && kind != LUA_TTABLE)
    luaL_error(L,
               "rule: state is %s; it is a table of names and what they begin with, such as "
               "state = { credit = 0 }",
               syn_rule_shown(L, -1));
  size_t n = 0;
  if (kind == LUA_TNIL) {
    lua_pop(L, 1);
    return;
  }
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING)
      luaL_error(L, "rule: every state has a name, state = { credit = 0 }");
    if (n == SYN_RULE_STATES_MAX)
      luaL_error(L, "rule: more than %d states", SYN_RULE_STATES_MAX);
    if (!(rule->state_name[n++] = syn_arena_string(&rule->arena, syn_sandbox_name(L, -2))))
      luaL_error(L, "not enough memory");
  }
  rule->states_own = n;
  qsort(rule->state_name, n, sizeof *rule->state_name, by_name); /* a table has no order */
  for (size_t k = 0; k < n; k++) {
    check_state_name(L, rule->state_name[k]);
    double start =
        lua_getfield(L, -1, rule->state_name[k]) == LUA_TNUMBER ? lua_tonumber(L, -1) : NAN;
    rule->state_start[k] = (float)start;
    if (!isfinite(rule->state_start[k]))
      luaL_error(L, "rule: state '%s' begins with %s; it is a finite number", rule->state_name[k],
                 syn_rule_shown(L, -1));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* steps = 4: out:set takes whole numbers from -4 to 4. */
static void take_steps(lua_State *L, syn_rule *rule) {
  int kind = lua_getfield(L, -1, "steps"), whole = 0;
  lua_Integer steps = kind == LUA_TNUMBER ? lua_tointegerx(L, -1, &whole) : 0;
  if (kind != LUA_TNIL && !(whole && steps >= 1 && steps <= SYN_ACTION_MAX))
    luaL_error(L, "rule: steps is %s; it is the greatest step of an action, 1 to %d",
               syn_rule_shown(L, -1), SYN_ACTION_MAX);
  rule->max_action = kind == LUA_TNIL ? 1 : (int)steps;
  lua_pop(L, 1);
}

void syn_rule_declare_step(lua_State *L, syn_rule *rule) {
  take_sees(L, rule);
  take_trace(L, rule);
  take_state(L, rule);
  take_steps(L, rule);
}

/* ---- a run's memory -------------------------------------------------------------------------- */

static int sees_activity(const syn_policy *policy) {
  return (((const syn_rule *)policy)->sees & ACTIVITY) != 0;
}

static int ignores_weights(const syn_policy *policy) {
  const unsigned weights = 1u << SYN_SEES_WEIGHT | 1u << SYN_SEES_WEIGHT_TRACE;
  return !(((const syn_rule *)policy)->sees & weights);
}

static int max_action(const syn_policy *policy) {
  return ((const syn_rule *)policy)->max_action;
}

static int take_states(syn_rule *rule, size_t synapses) {
  for (size_t k = 0; k < rule->states_own; k++) {
    float *x = syn_arena_take(&rule->views->arena, synapses, sizeof *x);
    if (!x)
      return 0;
    for (size_t s = 0; s < synapses; s++)
      x[s] = rule->state_start[k];
    rule->views->state[k] = x;
  }
  return 1;
}

/* Traces start at 0, and everything that an earlier run left is gone. */
syn_status syn_rule_start_step(syn_rule *rule, const syn_plan *plan, const syn_kernels *kernels,
                               syn_ctx *ctx) {
  rule->kernels = syn_rule_kernels_of(kernels->isa);
  syn_views *views = rule->views;
  size_t pre = 0, post = 0;
  syn_arena_close(&views->arena);
  memset(views->buffer, 0, sizeof views->buffer);
  views->room = views->scratch = 0;
  views->synapses = plan->synapses;
  views->reward_trace = 0.0f;
  for (size_t g = 0; g < plan->groups; g++) {
    const syn_group *group = &plan->group[g];
    size_t n = group->units * (group->inputs + 1);
    views->room = n > views->room ? n : views->room;
    views->pre_first[g] = pre;
    views->post_first[g] = post;
    pre += group->inputs + 1;
    post += group->units;
  }
  const size_t sizes[SYN_QUANTITIES] = {[SYN_SEES_WEIGHT_TRACE] = plan->synapses,
                                        [SYN_SEES_PRE_TRACE] = pre,
                                        [SYN_SEES_POST_TRACE] = post,
                                        [SYN_SEES_ACTION_TRACE] = plan->synapses};
  memcpy(views->traced, sizes, sizeof sizes);
  for (unsigned q = 0; q < SYN_QUANTITIES; q++)
    if (sizes[q] && rule->sees & 1u << q &&
        !(views->trace[q] = syn_arena_take(&views->arena, sizes[q], sizeof(float))))
      return syn_fail_memory(ctx, "a rule's traces");
  if (!take_states(rule, plan->synapses))
    return syn_fail_memory(ctx, "a rule's states");
  if (rule->init == LUA_NOREF)
    return SYN_OK;
  return syn_sandbox_run(rule->sandbox, syn_rule_make_memory, rule, SYN_EFAILED, ctx);
}

static void update_traces(syn_rule *rule, const syn_view *view) {
  syn_views *views = rule->views;
  double d = rule->decay_param >= 0 ? rule->values[rule->decay_param] : rule->decay;
  float decay = (float)d;
  float *const *trace = views->trace;
  const syn_rule_kernels *kernels = rule->kernels;
  if (rule->sees & 1u << SYN_SEES_REWARD_TRACE)
    views->reward_trace = decay * views->reward_trace + (float)view->reward;
  if (trace[SYN_SEES_ACTION_TRACE])
    kernels->decay_trace_actions(trace[SYN_SEES_ACTION_TRACE], decay, view->last, view->n);
  for (size_t l = 0; l < view->layers; l++) {
    const syn_layer_view *layer = &view->layer[l];
    if (trace[SYN_SEES_WEIGHT_TRACE])
      kernels->decay_trace(trace[SYN_SEES_WEIGHT_TRACE] + layer->first, decay, layer->weight,
                           layer->units * (layer->inputs + 1));
    if (trace[SYN_SEES_PRE_TRACE]) {
      float *pre = trace[SYN_SEES_PRE_TRACE] + views->pre_first[l], one = 1.0f;
      kernels->decay_trace(pre, decay, &one, 1);
      kernels->decay_trace(pre + 1, decay, layer->pre, layer->inputs);
    }
    if (trace[SYN_SEES_POST_TRACE])
      kernels->decay_trace(trace[SYN_SEES_POST_TRACE] + views->post_first[l], decay, layer->post,
                           layer->units);
  }
}

/* ---- acting ---------------------------------------------------------------------------------- */

typedef struct acting {
  syn_rule *rule;
  int8_t *action;
} acting;

static int call_step(lua_State *L) {
  const acting *a = lua_touserdata(L, 1);
  syn_rule *rule = a->rule;
  syn_views *views = rule->views;
  rule->now.function = "step";
  rule->now.layers = views->view->layers;
  for (size_t l = 0; l < views->view->layers; l++) {
    rule->now.layer = l + 1;
    syn_views_begin(views, l);
    views->action = a->action + views->layer->first;
    lua_rawgeti(L, LUA_REGISTRYINDEX, rule->step);
    syn_views_push(L, views);
    lua_rawgeti(L, LUA_REGISTRYINDEX, rule->params);
    if (rule->memory == LUA_NOREF)
      lua_pushnil(L);
    else
      lua_rawgeti(L, LUA_REGISTRYINDEX, rule->memory);
    lua_call(L, 4, 1);
    if (!views->written)
      return syn_rule_fail(L, rule->step,
                           "step wrote no actions%s; in each layer and iteration it ends with "
                           "out:sign(x), out:set(x) or out:sometimes(x)",
                           lua_isnil(L, -1) ? "" : ", but returned something, which nobody hears");
    syn_views_end(L, views);
    lua_pop(L, 1);
  }
  return 0;
}

static syn_status act(syn_policy *policy, const syn_view *view, int8_t *action, syn_ctx *ctx) {
  syn_rule *rule = (syn_rule *)policy;
  acting a = {rule, action};
  rule->now = (syn_rule_moment){.state = -1, .seed = view->seed, .iteration = view->iteration + 1};
  update_traces(rule, view);
  rule->views->view = view;
  syn_sandbox_allow_random(rule->sandbox, view->seed, view->iteration, SYN_SANDBOX_DRAWS);
  syn_status status = syn_sandbox_run(rule->sandbox, call_step, &a, SYN_EFAILED, ctx);
  rule->views->view = NULL;
  return status;
}

const syn_rule_kernels *syn_rule_kernels_of(const char *isa) {
#if defined(__x86_64__)
  if (strncmp(isa, "avx512", 6) == 0)
    return &syn_rule_kernels_avx512;
  if (strncmp(isa, "avx", 3) == 0)
    return &syn_rule_kernels_avx2;
#else
  (void)isa;
#endif
  return &syn_rule_kernels_portable;
}

static int install(lua_State *L) {
  syn_views_install(L, lua_touserdata(L, 1));
  return 0;
}

syn_status syn_rule_open_step(syn_rule *rule, syn_ctx *ctx) {
  rule->views = syn_arena_take(&rule->arena, 1, sizeof *rule->views);
  if (!rule->views)
    return syn_fail_memory(ctx, "a rule's views");
  rule->views->rule = rule;
  rule->memory = LUA_NOREF;
  rule->class.act = act;
  rule->class.max_action = max_action;
  rule->class.sees_activity = sees_activity;
  rule->class.ignores_weights = ignores_weights;
  return syn_sandbox_run(rule->sandbox, install, rule->views, SYN_EINPUT, ctx);
}
