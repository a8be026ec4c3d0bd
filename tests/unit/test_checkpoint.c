/* Checkpoints: a run that goes on from any of its states is the run that was never cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/train/run.h"
#include "policies/reward.h"
#include "policies/scripted/internal.h"
#include "tests/unit/noise.h"
#include "tests/unit/policies.h"

#define STATES_MAX 16
#define OTHERS     10000 /* functions that take the place of one */

typedef struct kept { /* states, at every row of the curve */
  char *bytes[STATES_MAX];
  size_t n[STATES_MAX], states;
  int given_up; /* how often */
  char why[SYN_ERROR_SIZE];
} kept;

static int due(void *self, int row) {
  (void)self;
  return row;
}

static void keep(void *self, const void *bytes, size_t n, const char *why) {
  kept *k = self;
  assert_true(bytes && !why && !k->given_up);
  assert_true(k->states < STATES_MAX);
  k->bytes[k->states] = malloc(n);
  memcpy(k->bytes[k->states], bytes, n);
  k->n[k->states++] = n;
}

static void give_up(void *self, const char *why) {
  kept *k = self;
  k->given_up++;
  strcpy(k->why, why);
}

static syn_status go_on(void *self, uint32_t done, uint32_t of, syn_score batch) {
  (void)self;
  (void)done;
  (void)of;
  (void)batch;
  return SYN_OK;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static syn_policy *qtable(const char *order) {
  return explore(0.25, OPEN("qtable", TEXT("order", order), NUMBER("average_after", 20)));
}

static syn_policy *explored_file(const char *path) {
  return explore(0.25, open_file(path, NULL, 0));
}

/* What a run makes: everything that a record says of it. */
typedef struct outcome {
  char text[1 << 16];
  size_t n;
} outcome;

static void add(void *self, const char *bytes, size_t n) {
  outcome *o = self;
  assert_true(o->n + n <= sizeof o->text);
  memcpy(o->text + o->n, bytes, n);
  o->n += n;
}

static void describe(outcome *o, const syn_result *r, const syn_policy *policy) {
  static const char *const names[] = {"final", "average"};
  const syn_curve *c = &r->curve;
  add(o, (const char *)&r->train, sizeof r->train);
  add(o, (const char *)&r->batch, sizeof r->batch);
  add(o, (const char *)&r->trace_loss, sizeof r->trace_loss);
  add(o, (const char *)&r->trace_action, sizeof r->trace_action);
  add(o, (const char *)&r->trace_weight, sizeof r->trace_weight);
  add(o, (const char *)&r->rewards_up, sizeof r->rewards_up);
  add(o, (const char *)c->iteration, c->rows * sizeof *c->iteration);
  add(o, (const char *)c->loss, c->rows * sizeof *c->loss);
  add(o, (const char *)c->accuracy, c->rows * sizeof *c->accuracy);
  add(o, (const char *)c->validation_loss, c->rows * sizeof *c->validation_loss);
  if (c->cosine)
    add(o, (const char *)c->cosine, c->rows * sizeof *c->cosine);
  for (size_t i = 0; i < 2 && policy && policy->type->save; i++)
    policy->type->save(policy, names[i], add, o, NULL);
}

static const char *reward_file; /* a reward in Lua for all runs; NULL: none */

static syn_rewarder *open_reward(void) {
  char *text;
  size_t size;
  syn_rewarder *rewarder = NULL;
  syn_ctx ctx = {0};
  if (!reward_file)
    return NULL;
  if (syn_rule_read(&text, &size, reward_file, &ctx) ||
      syn_reward_open_text(&rewarder, reward_file, text, size, NULL, 0, &ctx))
    fail_msg("%s", ctx.error);
  free(text);
  return rewarder;
}

/* One run, from `state` of `from` or from the start. The policy is closed. */
static syn_status run(outcome *o, const syn_options *asked, syn_policy *policy, kept *into,
                      const kept *from, size_t state) {
  syn_options own = *asked, *options = &own;
  options->rewarder = open_reward();
  syn_ctx ctx = {0};
  syn_task *task;
  syn_result *result = NULL;
  const syn_kernels *k;
  syn_checkpoint checkpoint = {.self = into, .due = due, .keep = keep, .give_up = give_up};
  syn_observer observer = {NULL, go_on, &checkpoint};
  const syn_images *images = options->task->images ? noise_images(200, 6, 3) : NULL;
  if (from) {
    checkpoint.bytes = from->bytes[state];
    checkpoint.n = from->n[state];
  }
  o->n = 0;
  assert_int_equal(syn_kernels_get(&k, NULL, NULL), SYN_OK);
  assert_int_equal(syn_task_open(&task, options, images, k, &ctx), SYN_OK);
  syn_status status = policy ? syn_run_synaptic(&result, options, task, policy, k, &observer, &ctx)
                             : syn_run_descent(&result, options, task, k, &observer, &ctx);
  if (status == SYN_OK)
    describe(o, result, policy);
  else
    print_message("%s\n", ctx.error);
  syn_result_close(result);
  syn_policy_close(policy);
  syn_rewarder_close(options->rewarder);
  syn_task_close(task);
  return status;
}

static void forget(kept *k) {
  for (size_t i = 0; i < k->states; i++)
    free(k->bytes[i]);
  *k = (kept){0};
}

/* Goes on from every state, with another number of threads, and compares. */
static void check(syn_options options, syn_policy *(*open)(const char *), const char *how) {
  static outcome whole, part;
  kept states = {0}, more = {0};
  assert_int_equal(run(&whole, &options, open ? open(how) : NULL, &states, NULL, 0), SYN_OK);
  if (!states.states)
    fail_msg("no state: %s", states.why);
  options.threads = options.threads > 1 ? 1 : 3;
  for (size_t i = 0; i < states.states; i++) {
    assert_int_equal(run(&part, &options, open ? open(how) : NULL, &more, &states, i), SYN_OK);
    assert_int_equal(more.states, states.states - i - 1);
    assert_int_equal(part.n, whole.n);
    assert_memory_equal(part.text, whole.text, whole.n);
    forget(&more);
  }
  forget(&states);
}

static syn_options boundary(syn_method method) {
  syn_options o;
  syn_options_default(&o, &syn_task_boundary, method);
  syn_options_set_number(&o, "points", 40, NULL);
  o.iterations = 100;
  o.curve_every = o.validate_every = 9;
  o.trace = 1;
  return o;
}

static syn_options images(syn_method method) {
  syn_options o;
  syn_options_default(&o, &syn_task_images, method);
  assert_int_equal(syn_options_set_list(&o, "net", (double[]){36, 5, 3}, 3, NULL), SYN_OK);
  o.iterations = 100;
  o.curve_every = 9;
  o.validate_every = 18;
  o.batch_size = 50;
  o.batch_interval = 20;
  o.rate_switch = 40;
  o.trace = method == SYN_METHOD_SYNAPTIC;
  return o;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void on_the_boundary_task(void **state) {
  (void)state;
  syn_options o = boundary(SYN_METHOD_SYNAPTIC);
  check(o, qtable, "in_place");
  check(o, qtable, "synchronous");
  o.reward_against = SYN_AGAINST_AVERAGE;
  o.reward_levels = 4;
  o.reward_delay = 5;
  o.rate_schedule = SYN_SCHEDULE_COSINE;
  check(o, qtable, "in_place");
  o.batch_size = 25;
  o.batch_interval = 10;
  check(o, qtable, "in_place");
  o.update = SYN_UPDATE_MULTIPLICATIVE;
  check(o, qtable, "in_place");
  o.cosine = 1;
  check(o, qtable, "in_place");
  o = boundary(SYN_METHOD_DESCENT);
  check(o, NULL, NULL);
  o.rate_schedule = SYN_SCHEDULE_COSINE;
  o.batch_size = 25;
  o.batch_interval = 10;
  check(o, NULL, NULL);
}

static void on_images(void **state) {
  (void)state;
  syn_options o = images(SYN_METHOD_SYNAPTIC);
  check(o, qtable, "in_place");
  o.batch_change = SYN_BATCH_REMEASURE;
  o.reward_signal = SYN_SIGNAL_ACCURACY;
  o.rate_schedule = SYN_SCHEDULE_LINEAR;
  check(o, qtable, "in_place");
  o.reward_signal = SYN_SIGNAL_CLASSES;
  o.loss = SYN_LOSS_EUCLIDEAN;
  check(o, qtable, "in_place");
  o.batch_size = o.batch_interval = 0;
  check(o, qtable, "in_place");
  o.update = SYN_UPDATE_MULTIPLICATIVE;
  check(o, qtable, "in_place");
  check(images(SYN_METHOD_DESCENT), NULL, NULL);
}

static const char learning[] =
    "local ACTIONS = { -1, 0, 1 }\n"
    "local function row(m, s) m.q[s] = m.q[s] or { [-1] = 0, [0] = 0, [1] = 0 } return m.q[s] end\n"
    "return rule { name = 'learns', doc = 'x', history = 2,\n"
    "  init = function() return { q = {}, n = 0, share = 0.5, on = true, word = 'w' } end,\n"
    "  learn = function(m, transitions)\n"
    "    m.n = m.n + 1\n"
    "    for _, t in ipairs(transitions) do\n"
    "      local q = row(m, t.s)\n"
    "      q[t.a] = q[t.a] + 0.1 * (t.r - q[t.a]) + math.random() * 0.01\n"
    "    end\n"
    "  end,\n"
    "  act = function(s, p, m)\n"
    "    local q, best = m.q[s], -1\n"
    "    if not q then return { 0.25, 0.5, 0.25 } end\n"
    "    for _, a in ipairs(ACTIONS) do if q[a] > q[best] then best = a end end\n"
    "    return best\n"
    "  end }\n";

static const char traces[] =
    "return rule { name = 'traces', doc = 'x',\n"
    "  sees = { 'reward_trace', 'action_trace', 'weight_trace', 'pre_trace', 'post', 'random' },\n"
    "  trace = 0.9,\n"
    "  step = function(v, out) out:sign(v.reward_trace * v.action_trace + v.pre_trace * v.post\n"
    "    - v.weight_trace + 3 * v.random - 1.5) end }\n";

static void with_rules(void **state) {
  (void)state;
  check(boundary(SYN_METHOD_SYNAPTIC), open_text, learning);
  check(images(SYN_METHOD_SYNAPTIC), open_text, learning);
  check(boundary(SYN_METHOD_SYNAPTIC), open_text, traces);
  check(images(SYN_METHOD_SYNAPTIC), open_text, traces);
}

/* Tables that stand in several places or in a circle, kept transitions, lists of states as keys, and a
 * list with holes: all of it is the same afterwards. */
static const char tangled[] =
    "return rule { name = 'tangled', history = 2,\n"
    "  init = function() local a = { n = 0 } return { one = a, other = a, q = {}, by = {} } end,\n"
    "  learn = function(m, ts)\n"
    "    m.self = m\n"
    "    m.one.n = m.one.n + 1\n"
    "    assert(m.other == m.one and m.self == m and m.other.n == m.one.n)\n"
    "    if m.last then assert(m.first == m.last[1] and m.first.count == m.count) end\n"
    "    m.last, m.first, m.count = ts, ts[1], ts[1].count\n"
    "    ts[1].seen = m.one.n\n"
    "    for _, t in ipairs(ts) do\n"
    "      m.by[t.s.a] = (m.by[t.s.a] or 0) + t.count\n"
    "      m.by[t.s.r] = (m.by[t.s.r] or 0) + t.r\n"
    "      m.q[#m.q + 1], m.q[t.s] = t.count, (m.q[t.s] or 0) + t.r\n"
    "      m.q['k' .. #m.q % 7] = m.one.n % 3 > 0 and 1 or nil\n"
    "    end\n"
    "    if #m.q > 20 then for i = 3, 15 do m.q[i] = nil end end\n"
    "  end,\n"
    "  act = function(s, p, m)\n"
    "    local n = #m.q + (m.by[s.a] or 0) + (m.by[s.r] or 0) + (m.first and m.first.seen or 0)\n"
    "    for k, v in pairs(m.by) do n = n * 3 % 1009 + v end\n"
    "    return n // 1 % 3 - 1\n"
    "  end }\n";

static void with_a_tangled_memory(void **state) {
  (void)state;
  check(boundary(SYN_METHOD_SYNAPTIC), open_text, tangled);
  check(images(SYN_METHOD_SYNAPTIC), open_text, tangled);
}

/* A memory of which there is no room for two, nor for much beside it: many small tables, and texts. */
static const char large[] =
    "return rule { name = 'large', sees = { 'random' },\n"
    "  init = function() local m, line = { n = 0 }, ('x'):rep(2^19)\n"
    "    for i = 1, 200000 do m[i] = { i, -i, 0.5 } end\n"
    "    for i = 1, 60 do m['t' .. i] = line .. i end\n"
    "    return m end,\n"
    "  step = function(v, out, p, m)\n"
    "    if v.layer == 1 then m.n = m.n + 1 m[m.n][2] = m.n assert(#m.t60 == 2^19 + 2) end\n"
    "    out:sign(v.random - 0.25 * m[m.n][3] + m[m.n + 1][2]) end }\n";

static void with_a_memory_that_is_all_but_full(void **state) {
  (void)state;
  syn_options o = boundary(SYN_METHOD_SYNAPTIC);
  o.curve_every = 60; /* one state */
  check(o, open_text, large);
}

/* What is shipped, and what once went on with other bits. */
static void with_every_rule_and_case(void **state) {
  (void)state;
  static const char *const files[] = {"policies/rules/hebb.lua",
                                      "policies/rules/perturbation.lua",
                                      "policies/rules/alopex.lua",
                                      "policies/rules/krinsky.lua",
                                      "policies/rules/many_probes.lua",
                                      "policies/rules/one_plus_one.lua",
                                      "policies/rules/probe_and_vote.lua",
                                      "policies/rules/reward_inaction.lua",
                                      "policies/rules/rprop.lua",
                                      "policies/rules/spsa.lua",
                                      "policies/rules/tsetlin.lua",
                                      "policies/rules/q_average.lua",
                                      "policies/rules/q_learning.lua",
                                      "policies/rules/random_walk.lua",
                                      "policies/rules/symmetric.lua",
                                      "policies/rules/win_stay.lua",
                                      "policies/rules/win_stay_rest.lua",
                                      "tests/rules/literature/annealing.lua",
                                      "tests/rules/literature/bcm.lua",
                                      "tests/rules/literature/bush_mosteller.lua",
                                      "tests/rules/literature/by_layer.lua",
                                      "tests/rules/literature/correlation.lua",
                                      "tests/rules/literature/eligibility.lua",
                                      "tests/rules/literature/krylov.lua",
                                      "tests/rules/literature/reward_penalty.lua",
                                      "tests/rules/literature/sarsa.lua",
                                      "tests/rules/cases/d03_pairs_symbols.lua",
                                      "tests/rules/cases/d04_nan_sign.lua",
                                      "tests/rules/cases/d10_alias_transitions.lua",
                                      "tests/rules/cases/d16_keeps_list.lua",
                                      "tests/rules/cases/ds1.lua",
                                      "tests/rules/cases/t_dead.lua"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    check(boundary(SYN_METHOD_SYNAPTIC), explored_file, files[i]);
    check(images(SYN_METHOD_SYNAPTIC), explored_file, files[i]);
  }
}

/* No checkpoint, with the reason, where one would go on with other bits. */
static void with_every_reward(void **state) {
  (void)state;
  static const char *const files[] = {
      "policies/rewards/accepted.lua",    "policies/rewards/dead_band.lua",
      "policies/rewards/delayed.lua",     "policies/rewards/noisy_bit.lua",
      "policies/rewards/paper.lua",       "policies/rewards/scaled.lua",
      "policies/rewards/slow_average.lua"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    reward_file = files[i];
    check(boundary(SYN_METHOD_SYNAPTIC), qtable, "in_place");
    syn_options o = images(SYN_METHOD_SYNAPTIC);
    check(o, qtable, "in_place");
    o.batch_change = SYN_BATCH_REMEASURE;
    check(o, open_text, traces);
  }
  reward_file = NULL;
}

static void not_where_a_rule_hides_something(void **state) {
  (void)state;
  static const struct {
    const char *text, *why;
  } rules[] = {
      {"local n = 0\nreturn rule { name = 'x', history = 1, init = function() return {} end,\n"
       "  learn = function(m) n = n + 1 m.odd = n % 2 end,\n"
       "  act = function(s, p, m) return m.odd == 1 and 1 or -1 end }",
       "variables outside of its memory"},
      {"local t = { n = 0 }\nlocal function count() t.n = t.n + 1 end\n"
       "return rule { name = 'x', history = 1, init = function() return {} end,\n"
       "  learn = function(m) count() end, act = function(s, p, m) return 1 end }",
       "variables outside of its memory"},
      {"return rule { name = 'x', history = 1, init = function() return {} end,\n"
       "  learn = function(m) m.f = function() return 1 end end,\n"
       "  act = function(s, p, m) return 1 end }",
       "holds a function"},
      {"local t = {}\nreturn rule { name = 'x', history = 1, init = function() return {} end,\n"
       "  learn = function(m) m.t = t end, act = function(s, p, m) return #t end }",
       "in its memory and in a local variable"},
      {"local n = 0\nreturn rule { name = 'x', sees = { 'reward' },\n"
       "  step = function(v, out) n = n + 1 out:set(n % 2) end }",
       "variables outside of its memory"},
  };
  static outcome o;
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
    kept k = {0};
    syn_options options = boundary(SYN_METHOD_SYNAPTIC);
    assert_int_equal(run(&o, &options, open_text(rules[i].text), &k, NULL, 0), SYN_OK);
    assert_int_equal(k.states, 0);
    assert_int_equal(k.given_up, 1);
    if (!strstr(k.why, rules[i].why))
      fail_msg("rule %zu: no '%s' in: %s", i, rules[i].why, k.why);
    forget(&k);
  }
}

/* What was changed may look as it was before; who has changed it once is not trusted again. */
static void never_again_once_it_was_seen(void **state) {
  (void)state;
  static const char text[] = "local n = 0\nreturn rule { name = 'x', sees = { 'reward' },\n"
                             "  step = function(v, out) n = v.iteration // 30 % 2 out:set(n) end }";
  static outcome o;
  kept k = {0};
  syn_options options = boundary(SYN_METHOD_SYNAPTIC); /* states at 9, 18, 27; then a change */
  assert_int_equal(run(&o, &options, open_text(text), &k, NULL, 0), SYN_OK);
  assert_int_equal(k.states, 3);
  assert_int_equal(k.given_up, 1);
  assert_says(k.why, "variables outside of its memory");
  forget(&k);
}

/* A function that is put in the place of another one may come to lie where that one lay. */
static int put_another(lua_State *L) {
  const syn_rule *rule = lua_touserdata(L, 1);
  lua_createtable(L, OTHERS, 0); /* nothing else is made below, and nothing given away */
  lua_rawgeti(L, LUA_REGISTRYINDEX, rule->step);
  assert_string_equal(lua_getupvalue(L, 3, 1), "f");
  const void *before = lua_topointer(L, -1);
  lua_pop(L, 1);
  lua_pushnil(L);
  assert_string_equal(lua_setupvalue(L, 3, 1), "f");
  lua_gc(L, LUA_GCCOLLECT);
  assert_string_equal(lua_getupvalue(L, 3, 2), "make");
  for (int i = 1; i <= OTHERS; i++) {
    lua_pushvalue(L, 4);
    lua_call(L, 0, 1);
    if (lua_topointer(L, -1) == before)
      return luaL_error(L, "function %d stands at the address of the first", i);
    lua_rawseti(L, 2, i);
  }
  return 0;
}

static void no_address_comes_back(void **state) {
  (void)state;
  static const char text[] =
      "local make = function() return function() return 0.25 end end\n"
      "local f = make()\n"
      "return rule { name = 'x', sees = { 'random' },\n"
      "  step = function(v, out) f = f or make() out:sign(f() - v.random) end }";
  syn_policy *policy = open_text(text);
  syn_rule *rule = (syn_rule *)policy;
  syn_ctx ctx = {0};
  if (syn_sandbox_run(rule->sandbox, put_another, rule, SYN_EFAILED, &ctx))
    fail_msg("%s", ctx.error);
  syn_policy_close(policy);
}

/* The bytes of another run, or a part of them, are refused. */
static void not_from_foreign_bytes(void **state) {
  (void)state;
  static outcome o;
  kept k = {0}, unused = {0};
  syn_options options = boundary(SYN_METHOD_SYNAPTIC), other = images(SYN_METHOD_SYNAPTIC);
  assert_int_equal(run(&o, &options, qtable("in_place"), &k, NULL, 0), SYN_OK);
  assert_int_equal(run(&o, &other, qtable("in_place"), &unused, &k, 3), SYN_EINPUT);
  assert_int_equal(run(&o, &options, open_text(learning), &unused, &k, 3), SYN_EINPUT);
  for (size_t cut = 1; cut < k.n[3]; cut += cut) {
    k.n[3] -= cut;
    assert_int_equal(run(&o, &options, qtable("in_place"), &unused, &k, 3), SYN_EINPUT);
  }
  forget(&k);
  forget(&unused);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(on_the_boundary_task),
      cmocka_unit_test(on_images),
      cmocka_unit_test(with_rules),
      cmocka_unit_test(with_a_tangled_memory),
      cmocka_unit_test(with_a_memory_that_is_all_but_full),
      cmocka_unit_test(with_every_rule_and_case),
      cmocka_unit_test(with_every_reward),
      cmocka_unit_test(not_where_a_rule_hides_something),
      cmocka_unit_test(never_again_once_it_was_seen),
      cmocka_unit_test(no_address_comes_back),
      cmocka_unit_test(not_from_foreign_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
