/* Rules in Lua have the bits of the same policy in C, and those that are shipped the bits they had. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/train/run.h"
#include "tests/contract/contract.h"
#include "tests/unit/policies.h"

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
    outcome c = boundary(explore(0.25, open_policy("table", &csv, 1)), 400);
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
  outcome c = boundary(open_policy("table", args, 2), 400);
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
    outcome c = boundary(explore(0.25, open_policy("qtable", args, 2)), 1000);
    outcome lua =
        boundary(explore(0.25, open_file("policies/rules/q_learning.lua", &rate, 1)), 1000);
    assert_same_run(&lua, &c);
    assert_string_equal(lua.final.bytes, c.final.bytes);
    free(lua.final.bytes);
    free(c.final.bytes);
  }
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
    {"policies/rules/alopex.lua", 0.98666666666666669, UINT64_C(0x3501db8f59214ed8), NONE},
    {"policies/rules/krinsky.lua", 0.96333333333333337, UINT64_C(0x4b090a25a7542ee2), NONE},
    {"policies/rules/many_probes.lua", 0.97333333333333338, UINT64_C(0xa00b8f654d93a1f8), NONE},
    {"policies/rules/one_plus_one.lua", 0.94999999999999996, UINT64_C(0xf938e31b5de2e643), NONE},
    {"policies/rules/probe_and_vote.lua", 0.96333333333333337, UINT64_C(0xe1bb7052d868e4e3), NONE},
    {"policies/rules/reward_inaction.lua", 0.98666666666666669, UINT64_C(0x206c8faa38dd9dc5), NONE},
    {"policies/rules/rprop.lua", 0.97999999999999998, UINT64_C(0x951bb0eabe52d982), NONE},
    {"policies/rules/spsa.lua", 0.96333333333333337, UINT64_C(0xc4fe80b914d192de), NONE},
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

static void keeps_the_contract(void **state) {
  contract_check(make_rule, *state);
  contract_check(make_explored, *state);
}

int main(void) {
  enum { OTHERS = 5, PINS = sizeof pins / sizeof *pins };
  struct CMUnitTest tests[OTHERS + PINS] = {
      cmocka_unit_test(finite_rules_have_the_bits_of_the_c_table),
      cmocka_unit_test(stochastic_rules_have_the_bits_of_the_c_table),
      cmocka_unit_test(q_learning_has_the_bits_of_the_c_policy),
      cmocka_unit_test(every_shipped_rule_is_pinned),
      cmocka_unit_test(shipped_rules_are_pinned),
  };
  size_t n = OTHERS;
  for (size_t i = 0; i < PINS; i++)
    tests[n++] = (struct CMUnitTest){.name = pins[i].file,
                                     .test_func = keeps_the_contract,
                                     .initial_state = (void *)(uintptr_t)pins[i].file};
  return _cmocka_run_group_tests("bits of rules", tests, n, NULL, NULL);
}
