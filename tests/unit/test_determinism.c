/* Rules that must do the same in every Lua state, process and instruction set, and what is said
 * where one does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/numeric/vec.h"
#include "engine/train/run.h"
#include "policies/scripted/stage.h"
#include "policies/scripted/views.h"
#include "tests/contract/contract.h"
#include "tests/unit/policies.h"
#include "tests/unit/rules.h"

/* ---- two Lua states ------------------------------------------------------------------------------ */

/* By the order of a hash table: that seeds differ is what makes the comparison of states worth it. */
static void lua_states_have_seeds_of_their_own(void **state) {
  (void)state;
  syn_sandbox *one, *other[8];
  syn_ctx ctx = {0};
  int differ = 0, any = 0;
  assert_int_equal(syn_sandbox_open(&one, "a.lua", NULL, &ctx), SYN_OK);
  for (int i = 0; i < 8; i++) {
    assert_int_equal(syn_sandbox_open(&other[i], "b.lua", NULL, &ctx), SYN_OK);
    assert_int_equal(syn_sandbox_differ(&differ, one, other[i], &ctx), SYN_OK);
    any |= differ;
  }
  assert_true(any);
  assert_int_equal(syn_sandbox_differ(&differ, one, one, &ctx), SYN_OK);
  assert_false(differ);
  for (int i = 0; i < 8; i++)
    syn_sandbox_close(other[i]);
  syn_sandbox_close(one);
}

#define DOWN "return rule { name = 'x', history = 1, act = function(s) return -s.r[1] end }"

/* A rule that would answer differently: here it is opened again from another text. */
static void a_run_does_not_begin_with_a_rule_that_differs(void **state) {
  (void)state;
  syn_policy *policy = open_text(UP);
  syn_rule *rule = (syn_rule *)policy;
  syn_options options;
  syn_shape shape;
  syn_task *task;
  syn_result *result = NULL;
  syn_ctx ctx = {0};
  syn_options_default(&options, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  syn_options_set_number(&options, "points", 40, NULL);
  options.iterations = 10;
  assert_int_equal(syn_options_check(&options, &shape, &ctx), SYN_OK);
  assert_int_equal(syn_task_open(&task, &options, NULL, best_kernels(), &ctx), SYN_OK);
  rule->text = DOWN;
  rule->size = strlen(DOWN);
  assert_int_equal(syn_run_synaptic(&result, &options, task, policy, best_kernels(), NULL, &ctx),
                   SYN_EFAILED);
  assert_says(ctx.error, "x.lua: it answers differently in two Lua states, -1 and +1, so it would "
                         "from run to run (act, state a = (-1), r = (-1))");
  syn_result_close(result);
  syn_task_close(task);
  policy->type->close(policy);
}

static void play_both(const char *one, const char *two, const char *says) {
  static const syn_plan plan = {
      .groups = 2, .group = {{0, 11, 12, 0}, {143, 3, 11, 0}}, .synapses = 179};
  syn_policy *policy[2] = {open_text(one), open_text(two)};
  syn_stage stage;
  syn_ctx ctx = {0};
  syn_status status = syn_stage_open(&stage, &plan, policy, 2, 0.25, &ctx);
  for (int t = 0; t < 30 && status == SYN_OK; t++)
    status = syn_stage_play(&stage, policy, 2, &ctx);
  assert_int_equal(status, SYN_EFAILED);
  assert_true(stage.differ);
  assert_says(ctx.error, says);
  syn_stage_close(&stage);
  for (int i = 0; i < 2; i++)
    policy[i]->type->close(policy[i]);
}

#define LEARNS(after)                                                                              \
  "return rule { name = 'x', history = 0, init = function() return { n = 0 } end,\n"               \
  "learn = function(m) m.n = m.n + 1 end, act = function(s, p, m) return m.n > " after             \
  " and { 0.25, 0.5, 0.25 } or 0 end }"
#define STEPS(units)                                                                               \
  "return rule { name = 'x', sees = { 'weight' }, step = function(v, out)\n"                       \
  "out:set(v.units == " units " and 1 or 0) end }"

static void what_differs_is_named(void **state) {
  (void)state;
  play_both(LEARNS("9"), LEARNS("19"),
            "{0.25, 0.5, 0.25} and 0, so it would from run to run (act, state a = (), r = (), "
            "iteration 11)");
  play_both(STEPS("3"), STEPS("4"),
            "1 and 0, so it would from run to run (step, layer 2 of 2, unit "
            "1, input 0, iteration 1)");
  play_both("return rule { name = 'x', sees = { 'weight' }, step = function(v, out)\n"
            "if v.iteration == 5 then error 'five' end out:set(1) end }",
            "return rule { name = 'x', sees = { 'weight' }, step = function(v, out)\n"
            "out:set(1) end }",
            "five");
}

/* ---- instruction sets ---------------------------------------------------------------------------- */

/* The kernels of the run max_action rules and exploration. */
static int steps_taken;
static void counted_step(int8_t *action, uint8_t *out, const uint8_t *in, int32_t *lattice,
                         const syn_step_table *table, uint64_t seed, uint32_t iteration, size_t n) {
  steps_taken++;
  best_kernels()->policy_step(action, out, in, lattice, table, seed, iteration, n);
}

static void the_kernels_of_the_run_are_used(void **state) {
  (void)state;
  static const syn_plan plan = {.groups = 1, .group = {{0, 2, 3, 0}}, .synapses = 8};
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  syn_policy *policy = open_text(STEPS("3"));
  for (const char **isa = offered; *isa; isa++) {
    const syn_kernels *kernels;
    assert_int_equal(syn_kernels_get(&kernels, *isa, NULL), SYN_OK);
    assert_int_equal(policy->type->start(policy, &plan, kernels, NULL), SYN_OK);
    assert_ptr_equal(((const syn_rule *)policy)->kernels, syn_rule_kernels_of(*isa));
  }
  assert_ptr_equal(syn_rule_kernels_of("portable"), &syn_rule_kernels_portable);
  const syn_arg args[] = {{.name = "epsilon", .kind = SYN_ARG_NUMBER, .number = 0.25},
                          {.name = "inner", .kind = SYN_ARG_POLICY, .policy = policy}};
  syn_policy *explore;
  syn_ctx ctx = {0};
  assert_int_equal(syn_policy_open(&explore, "explore", args, 2, &ctx), SYN_OK);
  syn_kernels counting = *best_kernels();
  counting.policy_step = counted_step;
  assert_int_equal(explore->type->start(explore, &plan, &counting, &ctx), SYN_OK);
  float weight[8] = {0};
  int8_t last[8] = {0}, action[8];
  uint8_t local[8] = {0};
  const syn_layer_view layer = {0, 3, 2, weight, weight, weight};
  const syn_view view = {
      .n = 8, .locals = 1, .local = local, .last = last, .layers = 1, .layer = &layer};
  assert_int_equal(explore->type->act(explore, &view, action, &ctx), SYN_OK);
  assert_int_equal(steps_taken, 1);
  syn_policy_close(explore);
}

/* nan is handed on. */
static float smaller(float a, float b) {
  return a < b || isnan(a) ? a : b;
}

static float greater(float a, float b) {
  return a > b || isnan(a) ? a : b;
}

/* clang-format off */
static float plain(const char *name, float a, float b, float c) {
  if (strcmp(name, "__unm") == 0) return -a;
  if (strcmp(name, "__add") == 0) return a + b;
  if (strcmp(name, "__sub") == 0) return a - b;
  if (strcmp(name, "__mul") == 0) return a * b;
  if (strcmp(name, "__div") == 0) return a / b;
  if (strcmp(name, "sign") == 0) return a > 0.0f ? 1.0f : a < 0.0f ? -1.0f : a;
  if (strcmp(name, "abs") == 0) return fabsf(a);
  if (strcmp(name, "exp") == 0) return syn_exp(a);
  if (strcmp(name, "tanh") == 0) return syn_tanh(a);
  if (strcmp(name, "min") == 0) return smaller(a, b);
  if (strcmp(name, "max") == 0) return greater(a, b);
  if (strcmp(name, "lt") == 0) return a < b ? 1.0f : 0.0f;
  if (strcmp(name, "le") == 0) return a <= b ? 1.0f : 0.0f;
  if (strcmp(name, "gt") == 0) return a > b ? 1.0f : 0.0f;
  if (strcmp(name, "ge") == 0) return a >= b ? 1.0f : 0.0f;
  if (strcmp(name, "eq") == 0) return a == b ? 1.0f : 0.0f;
  if (strcmp(name, "where") == 0) return a != 0.0f ? b : c;
  if (strcmp(name, "and_") == 0) return a != 0.0f && b != 0.0f;
  if (strcmp(name, "or_") == 0) return a != 0.0f || b != 0.0f;
  if (strcmp(name, "not_") == 0) return a == 0.0f;
  if (strcmp(name, "sqrt") == 0) return sqrtf(a);
  if (strcmp(name, "log") == 0) return a >= FLT_MIN ? syn_log(a) : a < 0.0f || isnan(a) ? NAN : -INFINITY;
  if (strcmp(name, "clamp") == 0) return smaller(greater(a, b), c);
  fail_msg("no plain loop for %s", name);
  return 0;
}
/* clang-format on */

static int same_bits(float a, float b) { /* nan is nan: which one, no rule can tell */
  return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

/* Every operation under every instruction set at hand, against a plain loop: whole lanes and rests,
 * zeros of both signs, infinities, the smallest and the greatest numbers, nan. */
static void operations_are_plain_loops_everywhere(void **state) {
  (void)state;
  enum { MOST = 130 };
  static const float odd[] = {0.0f,     -0.0f,  INFINITY, -INFINITY, NAN,  FLT_MIN,
                              -FLT_MIN, 1e-44f, FLT_MAX,  -FLT_MAX,  1.0f, -1.0f};
  float x[3][MOST], got[MOST];
  for (uint32_t k = 0; k < 3; k++)
    for (size_t i = 0; i < MOST; i++)
      x[k][i] = i % 3 == k ? odd[(i / 3 + 5 * k) % (sizeof odd / sizeof *odd)]
                           : 8.0f * syn_random_uniform(1, SYN_STREAM_POINTS, k, i) - 4.0f;
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (const char **isa = offered; *isa; isa++) {
    const syn_rule_kernels *level = syn_rule_kernels_of(*isa);
    for (const syn_operation_entry *op = level->operations; op->name; op++)
      for (size_t n = 0; n <= MOST; n += n < 40 ? 1 : 17)
        for (int many = 0; many < 8; many++) {
          const syn_operand in[3] = {{x[0], many & 1}, {x[1], many & 2}, {x[2], many & 4}};
          op->run(got, n, in);
          for (size_t i = 0; i < n; i++) {
            float wanted = plain(op->name, x[0][many & 1 ? i : 0], x[1][many & 2 ? i : 0],
                                 x[2][many & 4 ? i : 0]);
            if (!same_bits(got[i], wanted))
              fail_msg("%s under %s: %a instead of %a at %zu of %zu", op->name, *isa,
                       (double)got[i], (double)wanted, i, n);
          }
        }
  }
}

static void actions_are_plain_loops_everywhere(void **state) {
  (void)state;
  enum { MOST = 70 };
  float x[MOST], y[MOST], trace[MOST], floats[MOST];
  int8_t last[MOST], action[MOST];
  for (size_t i = 0; i < MOST; i++) {
    x[i] = 8.0f * syn_random_uniform(2, SYN_STREAM_POINTS, 0, i) - 4.0f;
    y[i] = 8.0f * syn_random_uniform(2, SYN_STREAM_POINTS, 1, i) - 4.0f;
    last[i] = (int8_t)(i % 3) - 1;
  }
  x[5] = 0.0f;
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (const char **isa = offered; *isa; isa++) {
    const syn_rule_kernels *level = syn_rule_kernels_of(*isa);
    for (size_t n = 0; n <= MOST; n++) {
      assert_true(level->signs(action, x, n));
      memcpy(trace, y, sizeof trace);
      level->decay_trace(trace, 0.3f, x, n);
      level->decay_trace_actions(trace, 0.7f, last, n);
      level->floats_of(floats, last, n);
      for (size_t i = 0; i < n; i++) {
        float t = 0.3f * y[i], u = t + x[i], v = 0.7f * u;
        assert_int_equal(action[i], (x[i] > 0.0f) - (x[i] < 0.0f));
        assert_true(same_bits(trace[i], v + (float)last[i]));
        assert_true(floats[i] == (float)last[i]);
      }
      assert_true(level->exact_actions(action, floats, n, 1));
      assert_memory_equal(action, last, n);
      assert_true(level->finite(trace, x, n));
      assert_memory_equal(trace, x, n * sizeof *x);
    }
    for (size_t i = 0; i < MOST; i++)
      floats[i] = (float)(int)(i % 17) - 8.0f;
    assert_true(level->exact_actions(action, floats, MOST, 8));
    for (size_t i = 0; i < MOST; i++)
      assert_int_equal(action[i], (int)(i % 17) - 8);
    assert_false(level->exact_actions(action, floats, MOST, 7));
    for (size_t i = 0; i < MOST; i += 13)
      for (int k = 0; k < 3; k++) {
        static const float wrong[] = {0.5f, NAN, INFINITY};
        float kept = floats[i];
        floats[i] = wrong[k];
        assert_false(level->exact_actions(action, floats, MOST, 8));
        assert_int_equal(level->finite(trace, floats, MOST), k == 0);
        floats[i] = kept;
      }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lua_states_have_seeds_of_their_own),
      cmocka_unit_test(a_run_does_not_begin_with_a_rule_that_differs),
      cmocka_unit_test(what_differs_is_named),
      cmocka_unit_test(the_kernels_of_the_run_are_used),
      cmocka_unit_test(operations_are_plain_loops_everywhere),
      cmocka_unit_test(actions_are_plain_loops_everywhere),
  };
  return cmocka_run_group_tests_name("determinism", tests, NULL, NULL);
}
