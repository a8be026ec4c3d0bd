/* Local rules in Lua: whole vectors against plain loops, traces, random numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/numeric/vec.h"
#include "policies/sandbox/internal.h"
#include "policies/scripted/internal.h"
#include "tests/contract/contract.h"
#include "tests/unit/policies.h"

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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(expressions_match_plain_loops),
      cmocka_unit_test(levels_have_the_same_bits),
      cmocka_unit_test(traces_decay),
      cmocka_unit_test(steps_allocate_nothing),
      cmocka_unit_test(random_numbers_come_from_the_run),
  };
  return cmocka_run_group_tests_name("local rules", tests, NULL, NULL);
}
