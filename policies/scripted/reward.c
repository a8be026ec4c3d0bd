/* Rewards in Lua: `value` is asked once an iteration. Before each run two instances answer made-up news
 * in Lua states of different hash seeds. */
#include "policies/reward.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "policies/scripted/internal.h"

#define STATES    8  /* Lua states tried until one has another order than the first */
#define AGREEMENT 60 /* iterations before a run */
#define CLASSES   4  /* made up */

typedef struct reward {
  syn_rewarder base;
  syn_rule *rule; /* owned */
} reward;

static const syn_rewarder_class class;

/* ---- asking ------------------------------------------------------------------------------------ */

typedef struct asking {
  syn_rule *rule;
  const syn_news *news;
  double value;
} asking;

/* The mean losses of the classes, false where the batch has none of one. */
static void push_classes(lua_State *L, const syn_news *news) {
  lua_createtable(L, (int)news->n, 0);
  for (size_t k = 0; k < news->n; k++) {
    if (isnan(news->classes[k]))
      lua_pushboolean(L, 0);
    else
      lua_pushnumber(L, news->classes[k]);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
}

static int fail_no_news(lua_State *L, const char *key) {
  static const char *const known[] = {"loss",      "loss_change", "accuracy", "classes",
                                      "iteration", "new_batch",   NULL};
  if (strcmp(key, "accuracy") == 0 || strcmp(key, "classes") == 0)
    return luaL_error(L, "now.%s is not in sees; add it: sees = { \"%s\" }", key, key);
  const char *near = syn_nearest(key, known);
  if (near)
    return luaL_error(L, "now has no field '%s'; did you mean '%s'?", key, near);
  return luaL_error(
      L,
      "now has no field '%s'; it has loss, loss_change, iteration, new_batch, and, if "
      "they are in sees, accuracy and classes",
      key);
}

/* now.NAME. `now` is a light userdata, the number of the iteration: nothing is made anew for it, and one
 * that is used after its call is known by its number. Upvalue 1: the rule. */
static int index_now(lua_State *L) {
  const syn_rule *rule = lua_touserdata(L, lua_upvalueindex(1));
  const syn_news *news = rule->news;
  const char *key = syn_sandbox_name(L, 2);
  if (!news || (uintptr_t)lua_touserdata(L, 1) != (uintptr_t)news->iteration + 1)
    return luaL_error(L, "now is used after its call; it is of one iteration only");
  if (strcmp(key, "loss_change") == 0)
    lua_pushnumber(L, news->loss_change);
  else if (strcmp(key, "loss") == 0)
    lua_pushnumber(L, news->loss);
  else if (strcmp(key, "iteration") == 0)
    lua_pushinteger(L, (lua_Integer)news->iteration + 1);
  else if (strcmp(key, "new_batch") == 0)
    lua_pushboolean(L, news->new_batch);
  else if (rule->hears_accuracy && strcmp(key, "accuracy") == 0)
    lua_pushnumber(L, news->accuracy);
  else if (rule->hears_classes && news->classes && strcmp(key, "classes") == 0)
    push_classes(L, news);
  else
    return fail_no_news(L, key);
  return 1;
}

static int now_is_fixed(lua_State *L) {
  return luaL_error(L, "now.%s is assigned; what is to last goes into the memory m",
                    syn_sandbox_name(L, 2));
}

static int ask(lua_State *L) {
  asking *a = lua_touserdata(L, 1);
  syn_rule *rule = a->rule;
  rule->now.function = "value";
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->step);
  lua_pushlightuserdata(L, (void *)((uintptr_t)a->news->iteration + 1));
  if (rule->memory == LUA_NOREF)
    lua_pushnil(L);
  else
    lua_rawgeti(L, LUA_REGISTRYINDEX, rule->memory);
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->params);
  lua_call(L, 3, 1);
  a->value = lua_tonumber(L, -1);
  if (lua_type(L, -1) != LUA_TNUMBER || !(a->value >= -1.0 && a->value <= 1.0))
    return syn_rule_fail(L, rule->step, "value returned %s; it must return a number from -1 to 1",
                         syn_rule_shown(L, -1));
  return 0;
}

static syn_status next(syn_rewarder *rewarder, const syn_news *news, syn_reward *out,
                       syn_ctx *ctx) {
  syn_rule *rule = ((reward *)rewarder)->rule;
  asking a = {rule, news, 0};
  rule->now = (syn_rule_moment){.state = -1, .seed = news->seed, .iteration = news->iteration + 1};
  syn_sandbox_allow_random(rule->sandbox, news->seed, news->iteration, SYN_SANDBOX_REWARD_DRAWS);
  rule->news = news;
  syn_status status = syn_sandbox_run(rule->sandbox, ask, &a, SYN_EFAILED, ctx);
  rule->news = NULL;
  *out = (syn_reward){.sign = (int8_t)((a.value > 0) - (a.value < 0)), .value = a.value + 0.0};
  return status;
}

static int hears_accuracy(const syn_rewarder *rewarder) {
  return ((const reward *)rewarder)->rule->hears_accuracy;
}

static int hears_classes(const syn_rewarder *rewarder) {
  return ((const reward *)rewarder)->rule->hears_classes;
}

/* Everything that an earlier run left is gone. */
static syn_status begin(syn_rule *rule, syn_ctx *ctx) {
  if (rule->init == LUA_NOREF)
    return SYN_OK;
  rule->now = (syn_rule_moment){.state = -1};
  return syn_sandbox_run(rule->sandbox, syn_rule_make_memory, rule, SYN_EFAILED, ctx);
}

static syn_status state(syn_rewarder *rewarder, syn_state *s, syn_ctx *ctx) {
  return syn_rule_keep_memory(((reward *)rewarder)->rule, s, ctx);
}

static void close_reward(syn_rewarder *rewarder) {
  syn_rule_close(((reward *)rewarder)->rule);
  free(rewarder);
}

/* ---- opening ----------------------------------------------------------------------------------- */

/* All light userdata share their metatable: it is that of `now`. */
static int prepare(lua_State *L) {
  lua_pushlightuserdata(L, NULL);
  lua_newtable(L);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, index_now, 1);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, now_is_fixed);
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, -2);
  return 0;
}

static syn_status open_source(reward **out, const syn_rule_source *source, syn_ctx *ctx) {
  syn_rule *rule;
  reward *r = *out = calloc(1, sizeof *r);
  if (!r)
    return syn_fail_memory(ctx, "a reward");
  syn_status status = syn_rule_load(&rule, "reward", syn_reward_global, source->file, source->text,
                                    source->size, source->args, source->n, ctx);
  if (status) {
    free(r);
    *out = NULL;
    return status;
  }
  *r = (reward){{&class}, rule};
  status = syn_sandbox_run(rule->sandbox, prepare, rule, SYN_EINPUT, ctx);
  if (status == SYN_OK)
    status = syn_rule_note_outside(rule, ctx);
  if (status == SYN_OK)
    status = begin(rule, ctx);
  if (status) {
    close_reward(&r->base);
    *out = NULL;
  }
  return status;
}

syn_status syn_reward_open_text(syn_rewarder **out, const char *file, const char *text, size_t size,
                                const syn_arg *params, size_t n, syn_ctx *ctx) {
  reward *r;
  const syn_rule_source source = {file, text, size, params, n, 0};
  syn_status status = open_source(&r, &source, ctx);
  *out = status ? NULL : &r->base;
  return status;
}

const syn_rule_info *syn_reward_describe(const syn_rewarder *rewarder) {
  return &((const reward *)rewarder)->rule->info;
}

/* ---- two of them ------------------------------------------------------------------------------- */

/* Another one, in a Lua state that walks its tables in another order. */
static syn_status open_twin(reward **out, const syn_rule_source *source, const syn_rule *first,
                            syn_ctx *ctx) {
  reward *tried[STATES] = {NULL};
  size_t t = 0;
  int differ = 0;
  syn_status status = SYN_OK;
  for (; t < STATES && status == SYN_OK && !differ; t++) {
    status = open_source(&tried[t], source, ctx);
    if (status == SYN_OK)
      status = syn_sandbox_differ(&differ, first->sandbox, tried[t]->rule->sandbox, ctx);
  }
  *out = status == SYN_OK ? tried[t - 1] : NULL;
  for (size_t i = 0; i < t; i++)
    if (tried[i] && tried[i] != *out)
      close_reward(&tried[i]->base);
  return status;
}

/* Losses that fall and rise, and now and then another batch. */
static void make_up(syn_news *news, double classes[CLASSES], uint32_t iteration) {
  double u = (double)syn_random_uniform(1, SYN_STREAM_BATCH, 2, iteration) - 0.52;
  *news = (syn_news){.seed = 1,
                     .iteration = iteration,
                     .loss_change = iteration % 7 == 6 ? 0 : 0.01 * u,
                     .loss = news->loss,
                     .n = CLASSES,
                     .classes = classes,
                     .new_batch = iteration % 25 == 24};
  news->loss += news->loss_change;
  news->accuracy = exp(-news->loss);
  for (size_t k = 0; k < CLASSES; k++)
    classes[k] = k + 1 == iteration % 9
                     ? NAN
                     : news->loss + (double)syn_random_uniform(1, SYN_STREAM_BATCH, 3,
                                                               CLASSES * iteration + k);
}

/* Answers to falls and to rises of the loss. */
typedef struct answers {
  uint32_t falls, rises, falls_up, rises_up; /* up: above 0 */
  double least, most;
} answers;

static void count(answers *a, double loss_change, double value) {
  a->falls += loss_change < 0;
  a->rises += loss_change > 0;
  a->falls_up += loss_change < 0 && value > 0;
  a->rises_up += loss_change > 0 && value > 0;
  a->least = fmin(a->least, value);
  a->most = fmax(a->most, value);
}

/* Plays both, or the first alone. */
static syn_status play(syn_rewarder *one, syn_rewarder *two, uint32_t iterations, answers *out,
                       syn_ctx *ctx) {
  syn_news news = {.loss = 2};
  double classes[CLASSES];
  syn_status status = SYN_OK;
  *out = (answers){.least = 1, .most = -1};
  for (uint32_t t = 0; t < iterations && status == SYN_OK; t++) {
    syn_reward a, b;
    make_up(&news, classes, t);
    status = next(one, &news, &a, ctx);
    if (status == SYN_OK)
      count(out, news.loss_change, a.value);
    if (status || !two)
      continue;
    status = next(two, &news, &b, ctx);
    if (status == SYN_OK && memcmp(&a.value, &b.value, sizeof a.value) != 0)
      status =
          syn_fail(ctx, SYN_EFAILED,
                   "%s: it answers differently in two Lua states, %.17g and %.17g, so it would "
                   "from run to run (value, iteration %u)",
                   ((const reward *)one)->rule->info.file, a.value, b.value, t + 1);
  }
  return status;
}

/* Opens two and plays them; *cost: microseconds of an answer, unless it is NULL. */
static syn_status play_two(const syn_rule_source *source, uint32_t iterations, answers *out,
                           double *cost, syn_ctx *ctx) {
  reward *one, *two = NULL;
  answers ignored;
  syn_status status = open_source(&one, source, ctx);
  if (status)
    return status;
  status = open_twin(&two, source, one->rule, ctx);
  if (status == SYN_OK)
    status = play(&one->base, &two->base, iterations, out, ctx);
  double start = syn_clock_thread();
  if (status == SYN_OK && cost)
    status = play(&one->base, NULL, iterations, &ignored, ctx);
  if (cost)
    *cost = 1e6 * (syn_clock_thread() - start) / iterations;
  close_reward(&one->base);
  if (two)
    close_reward(&two->base);
  return status;
}

/* A run begins. */
static syn_status start(syn_rewarder *rewarder, syn_ctx *ctx) {
  const syn_rule *rule = ((const reward *)rewarder)->rule;
  syn_arg args[SYN_RULE_PARAMS_MAX];
  syn_rule_source source = {rule->info.file, rule->text, rule->size, args, 0, 0};
  for (; rule->info.params[source.n].name; source.n++)
    args[source.n] = (syn_arg){.name = rule->info.params[source.n].name,
                               .kind = SYN_ARG_NUMBER,
                               .number = rule->values[source.n]};
  syn_ctx why = {0};
  answers ignored;
  syn_status status = play_two(&source, AGREEMENT, &ignored, NULL, &why);
  if (status == SYN_EFAILED && strstr(why.error, "it answers differently"))
    return syn_fail(ctx, status, "%s", why.error);
  return begin(((reward *)rewarder)->rule, ctx); /* other faults are for the run to find */
}

static const syn_rewarder_class class = {
    .name = "reward",
    .accuracy = hears_accuracy,
    .classes = hears_classes,
    .start = start,
    .next = next,
    .state = state,
    .close = close_reward,
};

/* ---- the long check ------------------------------------------------------------------------------ */

static int is_given(const syn_rule_source *source, const char *name) {
  for (size_t i = 0; i < source->n; i++)
    if (strcmp(source->args[i].name, name) == 0)
      return 1;
  return 0;
}

/* At one end of a parameter. */
static syn_status play_bound(const syn_rule_source *source, const char *name, double value,
                             const char *which, uint32_t iterations, syn_ctx *ctx) {
  syn_arg args[SYN_RULE_PARAMS_MAX];
  syn_rule_source at = *source;
  answers ignored;
  syn_ctx inner = {0};
  memcpy(args, source->args, source->n * sizeof *args);
  args[at.n++] = (syn_arg){.name = name, .kind = SYN_ARG_NUMBER, .number = value};
  at.args = args;
  syn_status status = play_two(&at, iterations, &ignored, NULL, &inner);
  return status
             ? syn_fail(ctx, status, "with %s = %.10g, its %s: %s", name, value, which, inner.error)
             : SYN_OK;
}

#define INVERTED 0.25 /* by which rises are rewarded oftener than falls */

static void look_at_answers(syn_reward_report *report, const answers *a) {
  char *says = report->warning[0];
  size_t size = sizeof report->warning[0];
  report->falls = (double)a->falls_up / (a->falls ? a->falls : 1);
  report->rises = (double)a->rises_up / (a->rises ? a->rises : 1);
  if (a->least == a->most)
    snprintf(says, size, "it says %g whatever the loss does%s", a->most,
             a->most > 0 ? "" : ": it never rewards");
  else if (a->most <= 0)
    snprintf(says, size, "it never rewards: none of its answers is above 0");
  else if (a->least > 0)
    snprintf(says, size,
             "it rewards everything: histories, v.reward and t.r hold the sign of its answers, "
             "which is the same whatever the loss does");
  else if (report->rises > report->falls + INVERTED)
    snprintf(says, size,
             "it rewards a loss that rises rather than one that falls; is its sign turned over? "
             "now.loss_change is below 0 where the loss fell");
}

syn_status syn_reward_try(syn_reward_report *report, const syn_rule_source *source,
                          uint32_t iterations, syn_ctx *ctx) {
  reward *r;
  answers found;
  *report = (syn_reward_report){0};
  syn_status status = play_two(source, iterations, &found, &report->microseconds, ctx);
  if (status == SYN_OK)
    status = open_source(&r, source, ctx);
  if (status)
    return status;
  look_at_answers(report, &found);
  for (const syn_param *p = r->rule->info.params; p->name && status == SYN_OK; p++) {
    if (is_given(source, p->name))
      continue;
    if (isfinite(p->lo) && p->lo != p->value)
      status = play_bound(source, p->name, p->lo, "min", iterations, ctx);
    if (status == SYN_OK && isfinite(p->hi) && p->hi != p->value)
      status = play_bound(source, p->name, p->hi, "max", iterations, ctx);
  }
  close_reward(&r->base);
  return status;
}
