/* Rules in Lua: what they compute, against the C policies and plain loops; what their errors say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/numeric/vec.h"
#include "engine/train/run.h"
#include "policies/tables/qvalues.h"
#include "policies/scripted/internal.h"
#include "policies/sandbox/internal.h"
#include "tests/contract/contract.h"
#include "tests/unit/text.h"

#define NUMBER(n, x) {.name = n, .kind = SYN_ARG_NUMBER, .number = x}

static syn_policy *open_text(const char *text) {
  syn_policy *policy;
  syn_ctx ctx = {0};
  if (syn_rule_open_text(&policy, "x.lua", text, strlen(text), NULL, 0, &ctx))
    fail_msg("%s", ctx.error);
  return policy;
}

static syn_policy *open_file(const char *path, const syn_arg *args, size_t n) {
  syn_policy *policy;
  syn_ctx ctx = {0};
  if (syn_rule_open(&policy, path, args, n, &ctx))
    fail_msg("%s", ctx.error);
  return policy;
}

static syn_policy *open_class(const char *name, const syn_arg *args, size_t n) {
  syn_policy *policy;
  syn_ctx ctx = {0};
  if (syn_policy_open(&policy, name, args, n, &ctx))
    fail_msg("%s", ctx.error);
  return policy;
}

static syn_policy *explore(double epsilon, syn_policy *inner) {
  return open_class("explore",
                    (syn_arg[]){NUMBER("epsilon", epsilon),
                                {.name = "inner", .kind = SYN_ARG_POLICY, .policy = inner}},
                    2);
}

/* ---- errors ---------------------------------------------------------------------------------- */

#define HISTORY_1(body)                                                                            \
  "return rule {\n  name = 'x', history = 1,\n  act = function(s, p)\n" body "  end,\n}\n"

typedef struct mistake {
  const char *text, *says[3]; /* all of them are in the line */
} mistake;

static const mistake mistakes[] = {
    {"return rule {\n  name = = 'x'\n}\n", {"x.lua:2: unexpected symbol near '='"}},
    {"return 5\n", {"x.lua: the file must end with `return rule { ... }`"}},
    {"rule { name = 'x', history = 0, act = function() return 0 end }\n", {"must end with"}},
    {HISTORY_1("    return 2\n"),
     {"x.lua:3: act returned 2; it must return -1, 0 or 1", "(act, state a = (-1), r = (-1))"}},
    {HISTORY_1("    return s.r[1] > 0 and 'up' or 0\n"),
     {"x.lua:3: act returned the text \"up\";", "state a = (-1), r = (+1)"}},
    {HISTORY_1("    local x = s.a[1]\n"), {"x.lua:3: act returned nothing;"}},
    {HISTORY_1("    return {0.5, 0.25, 0.5}\n"),
     {"x.lua:3: act returned {0.5, 0.25, 0.5}, which sums to 1.25; {p_dec, p_null, p_inc} must sum "
      "to 1",
      "state a = (-1)"}},
    {HISTORY_1("    return {0.5, 0.5}\n"), {"x.lua:3: act returned a list of 2;"}},
    {HISTORY_1("    return {1.5, -0.5, 0}\n"), {"act returned 1.5 as number 1"}},
    {HISTORY_1("    return {0/0, 0.5, 0.5}\n"), {"as number 1 of {p_dec, p_null, p_inc}"}},
    {HISTORY_1("    return s.b[1]\n"),
     {"x.lua:4: a state has no field 'b'; it has a, the actions, and r, the rewards",
      "(act, state a = (-1), r = (-1)) [line 4"}},
    {HISTORY_1("    return s.a[2]\n"), {"x.lua:4: there is no a[2]; the rule's history is 1"}},
    {HISTORY_1("    return s.a[0]\n"), {"x.lua:4: there is no a[0];"}},
    {HISTORY_1("    last = s.a[1]\n    return last\n"),
     {"x.lua:4: global 'last' is assigned; write `local last = ...`"}},
    {HISTORY_1("    return s.a[1] * pp.rate\n"), {"x.lua:4: nothing is named 'pp'"}},
    {HISTORY_1("    return s.a[1] * p.rate\n"),
     {"x.lua:4: p has no parameter 'rate'; it has: none"}},
    {HISTORY_1("    while true do end\n"),
     {"x.lua:4: it ran for more than 50000000 steps", "is there an endless loop?",
      "(act, state a = (-1)"}},
    {HISTORY_1("    local t = {}\n    while true do t[#t + 1] = {} end\n"),
     {"x.lua:5: it wants more than 64 MiB of memory; that is the limit", "(act, state"}},
    {"local function deep(s)\n  error('no idea')\nend\n" HISTORY_1("    deep(s)\n    return 0\n"),
     {"x.lua:2: no idea", "[line 2 in deep < line 7 in the function of line 6]"}},
    {"return rule { name = 'x', history = 7, act = function() return 0 end }\n",
     {"x.lua:1: rule: history = 7 is too long for a table: that would have 9^7 states; at most 5"}},
    {"return rule { name = 'x', history = 1.5, act = function() return 0 end }\n",
     {"history is 1.5; it is a whole number from 0 to 5"}},
    {"return rule { name = 'x', act = function() return 0 end }\n", {"history is missing"}},
    {"return rule { name = 'x', history = 1 }\n", {"neither act nor step"}},
    {"return rule { name = 'x', histroy = 1 }\n",
     {"x.lua:1: rule has no field 'histroy'; did you mean 'history'?"}},
    {"return rule { history = 1, act = function() return 0 end }\n",
     {"name must be a text in quotes, but is nil"}},
    {"return rule { name = 'x', history = 1, act = 5 }\n", {"act must be a function, but is 5"}},
    {"return rule { name = 'x', history = 1, act = function() return 0 end, learn = function() end "
     "}\n",
     {"learn wants init"}},
    {"return rule { name = 'x', history = 1, act = function() return 0 end, sees = {'pre'} }\n",
     {"sees does not go with act"}},
    {"return rule { name = 'x', history = 1, step = function() end, sees = {'pre'} }\n",
     {"history does not go with step"}},
    {"return rule { name = 'x', step = function() end }\n", {"sees is missing"}},
    {"return rule { name = 'x', step = function() end, sees = {'weigth'} }\n",
     {"did you mean 'weight'?"}},
    {"return rule { name = 'x', step = function() end, sees = {'pre_trace'} }\n",
     {"trace is missing"}},
    {"return rule { name = 'x', step = function() end, sees = {'pre_trace'}, trace = 1.5 }\n",
     {"trace = 1.5; it is a number from 0 to 1"}},
    {"return rule { name = 'x', step = function() end, sees = {'pre_trace'}, trace = 'keep' }\n",
     {"trace = \"keep\" is no parameter"}},
    {"return rule { name = 'x', history = 0, act = function() return 0 end,\n params = { rate = "
     "'1' "
     "} }\n",
     {"x.lua:1: param 'rate' must be a number, or {default =, min =, max =, doc =}, but is the "
      "text \"1\""}},
    {"return rule { name = 'x', history = 0, act = function() return 0 end,\n"
     "params = { rate = { default = 2, min = 0, max = 1, doc = 'a rate' } } }\n",
     {"param 'rate': default = 2.0 is not between min = 0.0 and max = 1.0"}},
    {"return rule { name = 'x', history = 0, act = function() return 0 end,\n"
     "params = { rate = { default = 1, min = 0, max = 1, doc = 1 } } }\n",
     {"param 'rate': doc must be a text in quotes"}},
    {"return rule { name = 'x', history = 0, act = function() return 0 end,\n"
     "params = { file = { default = 1, min = 0, max = 1, doc = 'a file' } } }\n",
     {"'file' has a meaning of its own"}},
    {"local r = rule { name = 'x', history = 0, act = function() return 0 end }\n"
     "return rule { name = 'y', history = 0, act = function() return 1 end }\n",
     {"x.lua:2: rule: a second rule"}},
    {"local n = 0\nreturn rule {\n  name = 'late', history = 1,\n  init = function() return {} "
     "end,\n"
     "  learn = function()\n    n = n + 1\n    if n == 4711 then error('had enough') end\n  end,\n"
     "  act = function(s) return -s.a[1] end,\n}\n",
     {"x.lua:7: had enough", "(learn, iteration 4711, seed 1)", "[line 7"}},
    {"return rule {\n  name = 'late', sees = { 'weight' },\n  step = function(v, out)\n"
     "    if v.iteration == 4711 and v.layer == 2 then error('had enough') end\n    "
     "out:sign(v.weight)\n"
     "  end,\n}\n",
     {"x.lua:4: had enough", "(step, layer 2 of 2, iteration 4711, seed 1)", "[line 4"}},
    {"return rule {\n  name = 'x', history = 1,\n  init = function() return {} end,\n"
     "  learn = function(m) m.bad = true end,\n  act = function(s, p, m) return m.bad and 3 or 0 "
     "end,\n}\n",
     {"x.lua:5: act returned 3", "(act, state a = (", "iteration 1, seed 1)"}},
};

static syn_status check_text(const char *text, uint32_t iterations, syn_ctx *ctx) {
  const syn_rule_source source = {.file = "x.lua", .text = text, .size = strlen(text)};
  syn_rule_report report;
  return syn_rule_check(&report, &source, iterations, NULL, ctx);
}

static void errors_help(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    const mistake *m = &mistakes[i];
    syn_ctx ctx = {0};
    if (check_text(m->text, 5000, &ctx) == SYN_OK)
      fail_msg("no error: %s", m->text);
    for (size_t k = 0; k < 3 && m->says[k]; k++)
      if (!strstr(ctx.error, m->says[k]))
        fail_msg("expected: %s\ngot: %s", m->says[k], ctx.error);
  }
}

static const char with_params[] =
    "return rule { name = 'x', history = 0, act = function(_, p) return p.move end, params = {\n"
    "  move = { default = 0, min = -1, max = 1, unit = 'steps', doc = 'the move' },\n"
    "  able = { default = 0, min = 0, max = 1, doc = 'nothing' } } }\n";

static void params_are_checked(void **state) {
  (void)state;
  static const struct {
    syn_arg arg;
    const char *says;
  } cases[] = {
      {NUMBER("moove", 1), "x.lua: rule 'x' has no parameter 'moove'; did you mean 'move'? It has: "
                           "able (0 .. 1), move (-1 .. 1 steps)"},
      {NUMBER("move", 2), "x.lua: rule 'x': move = 2; it must be a number from -1 to 1 steps"},
      {NUMBER("move", NAN), "must be a number from"},
      {{.name = "move", .kind = SYN_ARG_TEXT, .text = "up"}, "move must be a number"},
  };
  syn_policy *policy;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    syn_ctx ctx = {0};
    assert_int_equal(syn_rule_open_text(&policy, "x.lua", with_params, strlen(with_params),
                                        &cases[i].arg, 1, &ctx),
                     SYN_EINVAL);
    if (!strstr(ctx.error, cases[i].says))
      fail_msg("expected: %s\ngot: %s", cases[i].says, ctx.error);
  }
  const syn_arg move = NUMBER("move", -1);
  syn_ctx ctx = {0};
  assert_int_equal(
      syn_rule_open_text(&policy, "x.lua", with_params, strlen(with_params), &move, 1, &ctx),
      SYN_OK);
  assert_int_equal(policy->type->table(policy)->action[0], -1);
  const syn_rule_info *info = syn_rule_describe(policy);
  assert_string_equal(info->params[1].name, "move");
  assert_true(info->values[1] == -1.0);
  policy->type->close(policy);
}

/* ---- the same bits as in C ------------------------------------------------------------------- */

typedef struct outcome {
  syn_trace loss, action, weight;
  double accuracy;
  test_text final; /* empty if the policy saves nothing */
} outcome;

/* A short boundary run; closes the policy. */
static outcome boundary(syn_policy *policy, unsigned iterations) {
  syn_options options;
  syn_shape shape;
  syn_task *task;
  syn_result *result;
  const syn_kernels *kernels;
  syn_ctx ctx = {0};
  syn_options_default(&options, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  syn_options_set_number(&options, "points", 300, NULL);
  options.seed = 7;
  options.iterations = iterations;
  options.trace = 1;
  options.rate = 0.003;
  memcpy(options.net, (double[]){2, 20, 1, 0}, 4 * sizeof(double));
  assert_int_equal(syn_options_check(&options, &shape, &ctx), SYN_OK);
  assert_int_equal(syn_kernels_get(&kernels, NULL, &ctx), SYN_OK);
  assert_int_equal(syn_task_open(&task, &options, NULL, kernels, &ctx), SYN_OK);
  if (syn_run_synaptic(&result, &options, task, policy, kernels, NULL, &ctx))
    fail_msg("%s", ctx.error);
  outcome o = {.loss = result->trace_loss,
               .action = result->trace_action,
               .weight = result->trace_weight,
               .accuracy = result->train.accuracy};
  if (policy->type->save)
    policy->type->save(policy, "final", test_append, &o.final, &ctx);
  syn_result_close(result);
  syn_task_close(task);
  policy->type->close(policy);
  return o;
}

static void assert_same_run(const outcome *a, const outcome *b) {
  assert_int_equal(a->loss, b->loss);
  assert_int_equal(a->action, b->action);
  assert_int_equal(a->weight, b->weight);
}

/* The rule's table as a policy file makes the C policy `table` do the same. */
static void finite_rules_have_the_bits_of_the_c_table(void **state) {
  (void)state;
  static const char *const files[] = {"policies/rules/win_stay.lua",
                                      "policies/rules/win_stay_rest.lua",
                                      "policies/rules/symmetric.lua"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    outcome lua = boundary(explore(0.25, open_file(files[i], NULL, 0)), 400);
    const syn_arg csv = {.name = "csv", .kind = SYN_ARG_TEXT, .text = lua.final.bytes};
    outcome c = boundary(explore(0.25, open_class("table", &csv, 1)), 400);
    assert_same_run(&lua, &c);
    free(lua.final.bytes);
  }
}

/* A third each is what the C table draws among three equal values. */
static void stochastic_rules_have_the_bits_of_the_c_table(void **state) {
  (void)state;
  const syn_arg args[] = {
      {.name = "csv", .kind = SYN_ARG_TEXT, .text = "q_dec,q_null,q_inc\n1,1,1\n"},
      {.name = "tie_break", .kind = SYN_ARG_TEXT, .text = "random"}};
  outcome c = boundary(open_class("table", args, 2), 400);
  outcome lua = boundary(open_file("policies/rules/random_walk.lua", NULL, 0), 400);
  assert_same_run(&lua, &c);
  free(lua.final.bytes);
}

static void q_learning_has_the_bits_of_the_c_policy(void **state) {
  (void)state;
  static const double rates[] = {0.01, 0.3, 1.0};
  for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
    const syn_arg rate = NUMBER("rate", rates[i]);
    const syn_arg args[] = {rate, {.name = "order", .kind = SYN_ARG_TEXT, .text = "synchronous"}};
    outcome c = boundary(explore(0.25, open_class("qtable", args, 2)), 1000);
    outcome lua =
        boundary(explore(0.25, open_file("policies/rules/q_learning.lua", &rate, 1)), 1000);
    assert_same_run(&lua, &c);
    assert_string_equal(lua.final.bytes, c.final.bytes);
    free(lua.final.bytes);
    free(c.final.bytes);
  }
}

/* ---- local rules ----------------------------------------------------------------------------- */

#define INPUTS 7
#define UNITS  5
#define N      (UNITS * (INPUTS + 1))

typedef struct place { /* what a synapse sees, as plain numbers */
  float w, pre, post, a, r, random;
} place;

typedef struct formula {
  const char *lua;
  float (*c)(const place *);
} formula;

#define F(name, expression)                                                                        \
  static float name(const place *v) {                                                              \
    return expression;                                                                             \
  }
F(f_weight, v->w)
F(f_pre, v->pre - 0.25f)
F(f_post, v->post + 0.0f)
F(f_hebb, v->r * v->pre * v->post - 0.5f * v->w)
F(f_divide, v->w / v->post - v->pre / 2.0f)
F(f_negate, -v->w + 1.0f - v->post)
F(f_abs, fabsf(v->w) - 0.5f)
F(f_min, fminf(v->w, v->post))
F(f_max, fmaxf(v->pre, v->post) - 0.1f)
F(f_exp, syn_exp(v->w) - 1.5f)
F(f_tanh, syn_tanh(v->w * 3.0f) + v->pre)
F(f_where, v->w > 0.0f ? v->post : v->a)
F(f_chain, (float)((v->w >= v->post) + (v->w <= v->pre) - (v->a == 1.0f)))
F(f_lt, v->pre < v->post ? 1.0f : -1.0f)
F(f_random, v->random - 0.5f)
F(f_sign, ((v->w > 0.0f) - (v->w < 0.0f)) * v->a)
F(f_number, v->r)

static const formula formulas[] = {
    {"v.weight", f_weight},
    {"v.pre - 0.25", f_pre},
    {"v.post + 0", f_post},
    {"v.reward * v.pre * v.post - 0.5 * v.weight", f_hebb},
    {"v.weight / v.post - v.pre / 2", f_divide},
    {"-v.weight + 1 - v.post", f_negate},
    {"abs(v.weight) - 0.5", f_abs},
    {"min(v.weight, v.post)", f_min},
    {"max(v.pre, v.post) - 0.1", f_max},
    {"exp(v.weight) - 1.5", f_exp},
    {"(v.weight * 3):tanh() + v.pre", f_tanh},
    {"where(gt(v.weight, 0), v.post, v.action)", f_where},
    {"ge(v.weight, v.post) + le(v.weight, v.pre) - eq(v.action, 1)", f_chain},
    {"where(lt(v.pre, v.post), 1, -1)", f_lt},
    {"v.random - 0.5", f_random},
    {"sign(v.weight) * v.action", f_sign},
    {"v.reward", f_number},
};

typedef struct layer {
  float weight[N], pre[INPUTS], post[UNITS];
  int8_t last[N];
  uint8_t local[N];
  syn_layer_view layer;
  syn_view view;
} layer;

/* Numbers with equals among them, and every action. */
static void make_layer(layer *l, uint32_t iteration) {
  for (size_t i = 0; i < N; i++) {
    l->weight[i] = 2.0f * syn_random_uniform(5, SYN_STREAM_POINTS, iteration, i) - 1.0f;
    l->last[i] = (int8_t)(syn_random_bits(5, SYN_STREAM_BATCH, iteration, i) % 3) - 1;
    l->local[i] = 0;
  }
  for (size_t i = 0; i < INPUTS; i++)
    l->pre[i] = (float)(i % 4) / 4.0f;
  for (size_t u = 0; u < UNITS; u++)
    l->post[u] = 0.25f + (float)(u % 3) / 4.0f;
  l->weight[9] = l->pre[0];
  l->weight[10] = 0.0f;
  l->layer = (syn_layer_view){0, INPUTS, UNITS, l->weight, l->pre, l->post};
  l->view = (syn_view){.seed = 99,
                       .iteration = iteration,
                       .n = N,
                       .locals = 1,
                       .local = l->local,
                       .reward = iteration % 2 ? 1 : -1,
                       .last = l->last,
                       .layers = 1,
                       .layer = &l->layer};
}

static place place_of(const layer *l, size_t s) {
  size_t unit = s / (INPUTS + 1), column = s % (INPUTS + 1);
  return (place){
      l->weight[s],          column ? l->pre[column - 1] : 1.0f,
      l->post[unit],         (float)l->last[s],
      (float)l->view.reward, syn_random_uniform(99, SYN_STREAM_RULE, l->view.iteration, s)};
}

static const syn_plan one_layer = {
    .groups = 1, .group = {{0, UNITS, INPUTS, 0}}, .synapses = UNITS * (INPUTS + 1)};

static void step_once(syn_policy *policy, const layer *l, int8_t *action) {
  syn_ctx ctx = {0};
  if (policy->type->act(policy, &l->view, action, &ctx))
    fail_msg("%s", ctx.error);
}

static void expressions_match_plain_loops(void **state) {
  (void)state;
  static layer l;
  for (size_t f = 0; f < sizeof formulas / sizeof *formulas; f++) {
    char text[500];
    snprintf(text, sizeof text,
             "return rule { name = 'x', sees = { 'weight', 'pre', 'post', 'action', 'reward', "
             "'random' },\n"
             "step = function(v, out) out:sign(%s) end }\n",
             formulas[f].lua);
    syn_policy *policy = open_text(text);
    assert_int_equal(policy->type->start(policy, &one_layer, best_kernels(), NULL), SYN_OK);
    for (uint32_t t = 0; t < 4; t++) {
      int8_t action[N];
      make_layer(&l, t);
      step_once(policy, &l, action);
      for (size_t s = 0; s < N; s++) {
        place v = place_of(&l, s);
        float x = formulas[f].c(&v);
        if (action[s] != (x > 0.0f) - (x < 0.0f))
          fail_msg("%s: synapse %zu: %d for %g", formulas[f].lua, s, action[s], (double)x);
      }
    }
    policy->type->close(policy);
  }
}

/* Every level of vectors that this CPU has, against the portable one, whole lanes and rests. */
static void levels_have_the_same_bits(void **state) {
  (void)state;
  const syn_rule_kernels *best = syn_rule_kernels_of(best_kernels()->isa),
                         *plain = &syn_rule_kernels_portable;
  const syn_rule_kernels *levels[] = {best, plain};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    levels[1] = &syn_rule_kernels_avx2;
#endif
  enum { MOST = 70 };
  float x[3][MOST], got[MOST], wanted[MOST];
  int8_t action[2][MOST], last[MOST];
  for (size_t i = 0; i < MOST; i++) {
    for (uint32_t k = 0; k < 3; k++)
      x[k][i] = 8.0f * syn_random_uniform(1, SYN_STREAM_POINTS, k, i) - 4.0f;
    last[i] = (int8_t)(i % 3) - 1;
  }
  x[0][3] = x[1][3] = 0.0f;
  x[0][5] = x[1][5] = -0.0f;
  x[0][7] = INFINITY;
  x[1][9] = -INFINITY;
  for (size_t level = 0; level < 2; level++)
    for (size_t n = 0; n <= MOST; n++) {
      for (size_t o = 0; plain->operations[o].name; o++)
        for (int many = 0; many < 8; many++) {
          const syn_operand in[3] = {{x[0], many & 1}, {x[1], many & 2}, {x[2], many & 4}};
          levels[level]->operations[o].run(got, n, in);
          plain->operations[o].run(wanted, n, in);
          assert_memory_equal(got, wanted, n * sizeof *got);
        }
      assert_int_equal(levels[level]->signs(action[0], x[0], n), plain->signs(action[1], x[0], n));
      assert_memory_equal(action[0], action[1], n);
      memcpy(got, x[2], sizeof got);
      memcpy(wanted, x[2], sizeof wanted);
      levels[level]->decay_trace(got, 0.3f, x[1], n);
      plain->decay_trace(wanted, 0.3f, x[1], n);
      levels[level]->decay_trace_actions(got, 0.7f, last, n);
      plain->decay_trace_actions(wanted, 0.7f, last, n);
      assert_memory_equal(got, wanted, sizeof got);
      levels[level]->floats_of(got, last, n);
      plain->floats_of(wanted, last, n);
      assert_memory_equal(got, wanted, n * sizeof *got);
    }
}

/* Traces by hand: t = 0.5 t + x, the newest x included; elements are read one by one. */
static void traces_decay(void **state) {
  (void)state;
  static const char text[] =
      "return rule { name = 'x', trace = 'keep', params = { keep = { default = 0.5, min = 0, max = "
      "1,\n"
      "  doc = 'kept' } }, sees = { 'weight_trace', 'pre_trace', 'post_trace', 'action_trace', "
      "'reward_trace' },\n"
      "step = function(v, out)\n"
      "  if v.iteration == 3 then\n"
      "    assert(v.reward_trace == 0.25 * -1 + 0.5 * 1 - 1)\n"
      "    assert(v.pre_trace[1] == 1.75 and v.pre_trace[3] == 0.25 * 1.75)\n"
      "    assert(v.post_trace[1] == 0.25 * 1.75 and v.post_trace[9] == 0.5 * 1.75)\n"
      "  end\n"
      "  out:sign(v.action_trace)\nend }\n";
  static layer l;
  float trace[N] = {0};
  syn_policy *policy = open_text(text);
  assert_int_equal(policy->type->start(policy, &one_layer, best_kernels(), NULL), SYN_OK);
  for (uint32_t t = 0; t < 5; t++) {
    int8_t action[N];
    make_layer(&l, t);
    step_once(policy, &l, action);
    for (size_t s = 0; s < N; s++) {
      trace[s] = 0.5f * trace[s] + (float)l.last[s];
      assert_int_equal(action[s], (trace[s] > 0.0f) - (trace[s] < 0.0f));
    }
  }
  policy->type->close(policy);
}

/* After the first calls nothing is taken from the system, and the Lua state does not grow. */
static void steps_allocate_nothing(void **state) {
  (void)state;
  static layer l;
  syn_policy *policy = open_file("policies/rules/hebb.lua", NULL, 0);
  syn_sandbox *sandbox = ((syn_rule *)policy)->sandbox;
  assert_int_equal(policy->type->start(policy, &one_layer, best_kernels(), NULL), SYN_OK);
  int8_t action[N];
  make_layer(&l, 0);
  step_once(policy, &l, action);
  size_t used = sandbox->used, scratch = syn_rule_describe(policy)->temporaries;
  assert_true(scratch > 0);
  for (int t = 0; t < 1000; t++) {
    step_once(policy, &l, action);
    assert_int_equal(sandbox->used, used);
  }
  assert_int_equal(syn_rule_describe(policy)->temporaries, scratch);
  policy->type->close(policy);
}

/* math.random in step and learn: the numbers at (seed, SYN_STREAM_RULE, iteration, draw). */
static void random_numbers_come_from_the_run(void **state) {
  (void)state;
  static const char text[] =
      "return rule { name = 'x', sees = { 'weight' }, step = function(v, out)\n"
      "  local a, b = math.random(), math.random(-1, 1)\n"
      "  assert(a >= 0 and a < 1)\n  out:set(b)\nend }\n";
  static layer l;
  syn_policy *policy = open_text(text);
  assert_int_equal(policy->type->start(policy, &one_layer, best_kernels(), NULL), SYN_OK);
  for (uint32_t t = 0; t < 50; t++) {
    int8_t action[N];
    make_layer(&l, t);
    step_once(policy, &l, action);
    uint32_t bits = syn_random_bits(99, SYN_STREAM_RULE, t, SYN_SANDBOX_DRAWS + 1);
    assert_int_equal(action[0], (int)(((uint64_t)3 * bits) >> 32) - 1);
    assert_int_equal(action[N - 1], action[0]);
  }
  policy->type->close(policy);
}

/* ---- learning -------------------------------------------------------------------------------- */

/* Transitions are distinct, in order, and count every synapse once. */
static void transitions_are_counted(void **state) {
  (void)state;
  static const char text[] =
      "return rule { name = 'x', history = 1, init = function() return { n = 0 } end,\n"
      "learn = function(m, transitions)\n"
      "  local parts = {}\n"
      "  for i, t in ipairs(transitions) do\n"
      "    parts[i] = ('%s %d %d %s %d'):format(t.s, t.a, t.r, t.s2, t.count)\n"
      "  end\n"
      "  local got = table.concat(parts, '; ')\n"
      "  assert(got == 'state a = (-1), r = (0) 1 1 state a = (+1), r = (+1) 2; '\n"
      "    .. 'state a = (+1), r = (0) -1 1 state a = (-1), r = (+1) 1; '\n"
      "    .. 'state a = (+1), r = (0) 0 1 state a = (0), r = (+1) 4', got)\n"
      "end, act = function() return 0 end }\n";
  syn_policy *policy = open_text(text);
  const uint8_t before[7] = {2, 0, 2, 2, 0, 2, 2}, after[7] = {1, 2, 1, 0, 2, 1, 1};
  const int8_t action[7] = {0, 1, 0, -1, 1, 0, 0};
  const syn_transition step = {3, 0, 7, 3, before, after, 1, 2, action, 1, 1, 0, 0};
  syn_ctx ctx = {0};
  if (policy->type->learn(policy, &step, &ctx))
    fail_msg("%s", ctx.error);
  policy->type->close(policy);
}

/* ---- shipped rules --------------------------------------------------------------------------- */

/* Pinned: what each shipped rule reaches in a short run, and its bits. */
typedef struct pin {
  const char *file;
  double accuracy;
  syn_trace weight;
  syn_arg arg; /* a parameter, if it has a name */
} pin;

#define NONE {.name = NULL}

static const pin pins[] = {
    {"policies/rules/hebb.lua", 0.49333333333333335, UINT64_C(0x8ea3793d08b5f6dd), NONE},
    {"policies/rules/perturbation.lua", 0.96999999999999997, UINT64_C(0xb0c47ac2f8342a5f), NONE},
    {"policies/rules/q_average.lua", 0.96666666666666667, UINT64_C(0x85b23dcff2325a54),
     NUMBER("learning", 1000)},
    {"policies/rules/q_learning.lua", 0.97999999999999998, UINT64_C(0xb3b0704fd74f68ce), NONE},
    {"policies/rules/random_walk.lua", 0.72999999999999998, UINT64_C(0xf5217b55f4c28321), NONE},
    {"policies/rules/symmetric.lua", 0.98333333333333328, UINT64_C(0x9689f14ebf675755), NONE},
    {"policies/rules/win_stay.lua", 0.98666666666666669, UINT64_C(0x4f1bc86bbaf2ab9d), NONE},
    {"policies/rules/alopex.lua", 0.97333333333333338, UINT64_C(0xc617da224d819cbf), NONE},
    {"policies/rules/krinsky.lua", 0.96333333333333337, UINT64_C(0x4b090a25a7542ee2), NONE},
    {"policies/rules/many_probes.lua", 0.93666666666666665, UINT64_C(0x8fb488a5ed63cd43), NONE},
    {"policies/rules/one_plus_one.lua", 0.98999999999999999, UINT64_C(0xaf775ad499fe5c1a), NONE},
    {"policies/rules/probe_and_vote.lua", 0.96333333333333337, UINT64_C(0xe1bb7052d868e4e3), NONE},
    {"policies/rules/reward_inaction.lua", 0.98666666666666669, UINT64_C(0x206c8faa38dd9dc5), NONE},
    {"policies/rules/rprop.lua", 0.97999999999999998, UINT64_C(0x951bb0eabe52d982), NONE},
    {"policies/rules/spsa_sign.lua", 0.98999999999999999, UINT64_C(0x7feb3fcc7f28ddf4), NONE},
    {"policies/rules/tsetlin.lua", 0.97666666666666668, UINT64_C(0xd267421472ad743c), NONE},
    {"policies/rules/win_stay_rest.lua", 0.95999999999999996, UINT64_C(0x8d3ead135bc26a4a), NONE},
};

static void shipped_rules_are_pinned(void **state) {
  (void)state;
  int wrong = 0;
  for (size_t i = 0; i < sizeof pins / sizeof *pins; i++) {
    outcome o = boundary(
        explore(0.25, open_file(pins[i].file, &pins[i].arg, pins[i].arg.name != NULL)), 2000);
    free(o.final.bytes);
    if (fabs(o.accuracy - pins[i].accuracy) > 1e-12 || o.weight != pins[i].weight) {
      print_error("    {\"%s\", %.17g, UINT64_C(0x%016llx)},\n", pins[i].file, o.accuracy,
                  (unsigned long long)o.weight);
      wrong = 1;
    }
  }
  assert_false(wrong);
}

static void every_shipped_rule_is_pinned(void **state) {
  (void)state;
  DIR *dir = opendir("policies/rules");
  const struct dirent *entry;
  assert_non_null(dir);
  while ((entry = readdir(dir))) {
    size_t i = 0;
    if (!strstr(entry->d_name, ".lua"))
      continue;
    while (i < sizeof pins / sizeof *pins && !strstr(pins[i].file, entry->d_name))
      i++;
    if (i == sizeof pins / sizeof *pins)
      fail_msg("%s is in no pin of this file", entry->d_name);
  }
  closedir(dir);
}

static syn_policy *make_rule(void *self) {
  return open_file(self, NULL, 0);
}

static syn_policy *make_explored(void *self) {
  return explore(0.25, open_file(self, NULL, 0));
}

/* What authors write out of the literature, with parameters that say no more than their defaults. */
static void literature_is_good(void **state) {
  (void)state;
  DIR *dir = opendir("tests/rules/literature");
  const struct dirent *entry;
  size_t n = 0;
  assert_non_null(dir);
  while ((entry = readdir(dir))) {
    char path[300], *text;
    syn_rule_source source = {.file = path};
    syn_rule_report report;
    syn_ctx ctx = {0};
    snprintf(path, sizeof path, "tests/rules/literature/%s", entry->d_name);
    if (!strstr(path, ".lua"))
      continue;
    assert_int_equal(syn_rule_read(&text, &source.size, path, &ctx), SYN_OK);
    source.text = text;
    if (syn_rule_check(&report, &source, 100, NULL, &ctx))
      fail_msg("%s", ctx.error);
    assert_string_equal(report.warning, "");
    free(text);
    n++;
  }
  closedir(dir);
  assert_true(n >= 9);
}

static void keeps_the_contract(void **state) {
  contract_check(make_rule, *state);
  contract_check(make_explored, *state);
}

int main(void) {
  enum { OTHERS = 14, PINS = sizeof pins / sizeof *pins };
  struct CMUnitTest tests[OTHERS + PINS] = {
      cmocka_unit_test(errors_help),
      cmocka_unit_test(params_are_checked),
      cmocka_unit_test(finite_rules_have_the_bits_of_the_c_table),
      cmocka_unit_test(stochastic_rules_have_the_bits_of_the_c_table),
      cmocka_unit_test(q_learning_has_the_bits_of_the_c_policy),
      cmocka_unit_test(expressions_match_plain_loops),
      cmocka_unit_test(levels_have_the_same_bits),
      cmocka_unit_test(traces_decay),
      cmocka_unit_test(steps_allocate_nothing),
      cmocka_unit_test(random_numbers_come_from_the_run),
      cmocka_unit_test(transitions_are_counted),
      cmocka_unit_test(every_shipped_rule_is_pinned),
      cmocka_unit_test(literature_is_good),
      cmocka_unit_test(shipped_rules_are_pinned),
  };
  size_t n = OTHERS;
  for (size_t i = 0; i < PINS; i++)
    tests[n++] = (struct CMUnitTest){.name = pins[i].file,
                                     .test_func = keeps_the_contract,
                                     .initial_state = (void *)(uintptr_t)pins[i].file};
  return _cmocka_run_group_tests("rules", tests, n, NULL, NULL);
}
