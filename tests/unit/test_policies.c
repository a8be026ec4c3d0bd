/* The registry of policies: which there are, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "tests/unit/policies.h"

/* clang-format off */
static const struct refused {
  const char *policy;
  syn_arg args[2]; /* up to the first NULL name */
  const char *error;
} refused[] = {
    {"qtabel", {{0}},
     "unknown policy 'qtabel'; did you mean 'qtable'? Known are qtable, table, random, explore"},
    {"gradient", {{0}}, "unknown policy 'gradient'; known are qtable, table, random, explore"},
    {"qtable", {{.name = "raet", .kind = SYN_ARG_NUMBER, .number = 1}},
     "policy 'qtable' has no parameter 'raet'; did you mean 'rate'? Known are history, sees, "
     "actions, rate, rate_end, rate_over, discount, tie_break, order, average_after, initial, "
     "csv"},
    {"qtable", {TEXT("actions", "five"), TEXT("tie_break", "random")},
     "policy 'qtable': five actions go with tie_break = 'lowest' only"},
    {"qtable", {TEXT("actions", "five"), TEXT("csv", "q_dec,q_null,q_inc\n0,0,0\n")},
     "policy 'qtable': its csv has 3 actions, but actions = 'five'"},
    {"qtable", {TEXT("csv", "q_dec2,q_dec,q_null,q_inc,q_inc2\n0,0,0,0,0\n")},
     "policy 'qtable': its csv has 5 actions, but actions = 'three'"},
    {"random", {{.name = "epsilon", .kind = SYN_ARG_NUMBER, .number = 1}},
     "policy 'random' has no parameter 'epsilon'; known are none"},
    {"qtable", {{.name = "rate", .kind = SYN_ARG_NUMBER, .number = 1.5}},
     "policy 'qtable': rate = 1.5; it must be a number from 0 to 1"},
    {"qtable", {{.name = "rate", .kind = SYN_ARG_NUMBER, .number = NAN}},
     "policy 'qtable': rate = nan; it must be a number from 0 to 1"},
    {"qtable", {{.name = "discount", .kind = SYN_ARG_NUMBER, .number = -0.1}},
     "policy 'qtable': discount = -0.1; it must be a number from 0 to 1"},
    {"qtable", {{.name = "history", .kind = SYN_ARG_NUMBER, .number = 6}},
     "policy 'qtable': history = 6; it must be a whole number from 0 to 5 pairs"},
    {"qtable", {{.name = "history", .kind = SYN_ARG_NUMBER, .number = 1.5}},
     "policy 'qtable': history = 1.5; it must be a whole number from 0 to 5 pairs"},
    {"qtable", {{.name = "average_after", .kind = SYN_ARG_NUMBER, .number = -1}},
     "policy 'qtable': average_after = -1; it must be a whole number from 0 to 4000000000 "
     "iterations"},
    {"qtable", {{.name = "rate", .kind = SYN_ARG_TEXT, .text = "fast"}},
     "policy 'qtable': rate must be a number from 0 to 1, but is 'fast'"},
    {"qtable", {{.name = "order", .kind = SYN_ARG_NUMBER, .number = 1}},
     "policy 'qtable': order must be a text, but is a number"},
    {"qtable", {{.name = "order", .kind = SYN_ARG_TEXT, .text = "inplace"}},
     "policy 'qtable': order has no choice 'inplace'; did you mean 'in_place'? Known are in_place, "
     "synchronous"},
    {"qtable", {{.name = "tie_break", .kind = SYN_ARG_TEXT, .text = "first"}},
     "policy 'qtable': tie_break has no choice 'first'; known are lowest, random"},
    {"qtable", {{.name = "rate", .kind = SYN_ARG_NUMBER, .number = 0.1},
                {.name = "rate", .kind = SYN_ARG_NUMBER, .number = 0.2}},
     "policy 'qtable': rate is given twice"},
    {"qtable", {{.name = "csv", .kind = SYN_ARG_TEXT, .text = "q_dec,q_null,q_inc\n1,2,x\n"}},
     "csv of policy 'qtable', line 2: q_inc is 'x', not a finite number"},
    {"table", {{0}}, "policy 'table': csv is missing, a text: the text of a policy file"},
    {"table", {{.name = "csv", .kind = SYN_ARG_TEXT, .text = ""}},
     "csv of policy 'table', line 1: the text ends without a policy table"},
    {"table", {{.name = "csv", .kind = SYN_ARG_TEXT, .text = "q_dec,q_null,q_inc\n1,2\n"}},
     "csv of policy 'table', line 2: 2 columns, but the header names 3"},
    {"explore", {{0}}, "policy 'explore': inner is missing, a policy: what acts otherwise"},
    {"explore", {{.name = "inner", .kind = SYN_ARG_TEXT, .text = "qtable"}},
     "policy 'explore': inner must be a policy, but is 'qtable'"},
    {"explore", {{.name = "epsilon", .kind = SYN_ARG_NUMBER, .number = 1.1}},
     "policy 'explore': epsilon = 1.1; it must be a number from 0 to 1"},
};
/* clang-format on */

static void faults_are_named(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    syn_ctx ctx = {0};
    syn_policy *policy = (syn_policy *)&ctx;
    size_t n = 0;
    while (n < 2 && refused[i].args[n].name)
      n++;
    syn_status status = syn_policy_open(&policy, refused[i].policy, refused[i].args, n, &ctx);
    assert_string_equal(ctx.error, refused[i].error);
    assert_int_equal(status, strncmp(ctx.error, "csv of", 6) ? SYN_EINVAL : SYN_EINPUT);
    assert_null(policy);
  }
}

static void known_policies(void **state) {
  (void)state;
  static const char *const names[] = {"qtable", "table", "random", "explore"};
  for (size_t i = 0; i < 4; i++)
    assert_string_equal(syn_policy_classes[i]->name, names[i]);
  assert_null(syn_policy_classes[4]);
  assert_null(syn_policy_find("Qtable"));
  syn_policy_close(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(faults_are_named),
      cmocka_unit_test(known_policies),
  };
  return cmocka_run_group_tests_name("policies", tests, NULL, NULL);
}
