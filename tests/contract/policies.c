/* The contract, for every registered policy with every kind of parameters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "policies/registry.h"
#include "tests/contract/contract.h"

#define HEADER_1 "a_newer,r_newer,q_dec,q_null,q_inc\n"

/* Every set of greatest actions occurs. */
static const char table_1[] = HEADER_1 "-1,-1,0,0,0\n0,-1,1,0,0\n1,-1,0,1,0\n"
                                       "-1,0,0,0,1\n0,0,1,1,0\n1,0,1,0,1\n"
                                       "-1,1,0,1,1\n0,1,-2,-3,-2\n1,1,0.5,0.25,0.125\n";
static const char table_0[] = "q_dec,q_null,q_inc\n1,2,3\n";

#define NUMBER(n, x) {.name = n, .kind = SYN_ARG_NUMBER, .number = x}
#define TEXT(n, x)   {.name = n, .kind = SYN_ARG_TEXT, .text = x}

typedef struct candidate {
  const char *label, *name;
  syn_arg args[4];               /* ends with a NULL name */
  const struct candidate *inner; /* the argument `inner`, or NULL */
} candidate;

/* Every one of five actions is the greatest somewhere; ties go to the lowest. */
static const char table_5[] =
    "a_newer,r_newer,q_dec2,q_dec,q_null,q_inc,q_inc2\n-1,-1,0,0,0,0,0\n0,-1,0,1,0,0,0\n"
    "1,-1,0,0,1,0,0\n-1,0,0,0,0,1,0\n0,0,0,0,0,0,1\n1,0,1,0,0,0,1\n-1,1,0,0,0,2,2\n"
    "0,1,-1,-2,-3,-4,-5\n1,1,1,2,3,4,5\n";

static const candidate qtable = {"qtable", "qtable", {{0}}, NULL};
static const candidate random_actions = {"random", "random", {{0}}, NULL};
static const candidate table = {"table", "table", {TEXT("csv", table_1)}, NULL};
static const candidate two = {"qtable, two", "qtable", {TEXT("actions", "two")}, NULL};
static const candidate five = {"qtable, five", "qtable", {TEXT("actions", "five")}, NULL};
static const candidate ties = {
    "table, random ties", "table", {TEXT("csv", table_1), TEXT("tie_break", "random")}, NULL};

static const candidate candidates[] = {
    {"qtable", "qtable", {{0}}, NULL},
    {"qtable, history 0", "qtable", {NUMBER("history", 0), NUMBER("average_after", 10)}, NULL},
    {"qtable, history 1", "qtable", {NUMBER("history", 1), NUMBER("rate", 1)}, NULL},
    {"qtable, history 3", "qtable", {NUMBER("history", 3), NUMBER("average_after", 0)}, NULL},
    {"qtable, history 5", "qtable", {NUMBER("history", 5), NUMBER("average_after", 39)}, NULL},
    {"qtable, synchronous", "qtable", {TEXT("order", "synchronous"), NUMBER("rate", 0.5)}, NULL},
    {"qtable, random ties", "qtable", {TEXT("tie_break", "random")}, NULL},
    {"qtable, start values", "qtable", {TEXT("csv", table_1), NUMBER("average_after", 0)}, NULL},
    {"qtable, sees actions", "qtable", {TEXT("sees", "actions")}, NULL},
    {"qtable, sees rewards", "qtable", {TEXT("sees", "rewards"), NUMBER("history", 3)}, NULL},
    {"qtable, two actions", "qtable", {TEXT("actions", "two"), NUMBER("average_after", 0)}, NULL},
    {"qtable, five actions", "qtable", {TEXT("actions", "five"), NUMBER("average_after", 0)}, NULL},
    {"qtable, five, sees actions",
     "qtable",
     {TEXT("actions", "five"), TEXT("sees", "actions")},
     NULL},
    {"qtable, five, sees rewards",
     "qtable",
     {TEXT("actions", "five"), TEXT("sees", "rewards"), TEXT("order", "synchronous")},
     NULL},
    {"qtable, five, start values", "qtable", {TEXT("actions", "five"), TEXT("csv", table_5)}, NULL},
    {"qtable, falling rate", "qtable", {NUMBER("rate_over", 20), NUMBER("rate_end", 0.001)}, NULL},
    {"qtable, hopeful", "qtable", {NUMBER("initial", 5)}, NULL},
    {"table, five actions", "table", {TEXT("csv", table_5)}, NULL},
    {"explore, two", "explore", {NUMBER("epsilon", 0.5)}, &two},
    {"explore, five", "explore", {NUMBER("epsilon", 0.5)}, &five},
    {"explore, less and less",
     "explore",
     {NUMBER("epsilon", 1), NUMBER("epsilon_end", 0.1), NUMBER("epsilon_over", 30)},
     &five},
    {"table", "table", {TEXT("csv", table_1)}, NULL},
    {"table, history 0", "table", {TEXT("csv", table_0)}, NULL},
    {"table, random ties", "table", {TEXT("csv", table_1), TEXT("tie_break", "random")}, NULL},
    {"random", "random", {{0}}, NULL},
    {"explore, qtable", "explore", {NUMBER("epsilon", 0.25)}, &qtable},
    {"explore, table", "explore", {{0}}, &table},
    {"explore, random ties", "explore", {{0}}, &ties},
    {"explore, random", "explore", {{0}}, &random_actions},
    {"explore, epsilon 0", "explore", {NUMBER("epsilon", 0)}, &table},
    {"explore, epsilon 1", "explore", {NUMBER("epsilon", 1)}, &ties},
};
#define CANDIDATES (sizeof candidates / sizeof *candidates)

static syn_policy *make(void *self) {
  const candidate *c = self;
  syn_arg args[5];
  size_t n = 0;
  for (; c->args[n].name; n++)
    args[n] = c->args[n];
  if (c->inner) {
    syn_policy *inner = make((void *)(uintptr_t)c->inner);
    args[n++] = (syn_arg){.name = "inner", .kind = SYN_ARG_POLICY, .policy = inner};
  }
  syn_policy *policy;
  syn_ctx ctx = {0};
  if (syn_policy_open(&policy, c->name, args, n, &ctx))
    fail_msg("%s: %s", c->label, ctx.error);
  return policy;
}

static void keeps_the_contract(void **state) {
  contract_check(make, *state);
}

static void every_registered_policy_is_here(void **state) {
  (void)state;
  for (const syn_policy_class *const *class = syn_policy_classes; *class; class ++) {
    size_t i = 0;
    while (i < CANDIDATES && strcmp(candidates[i].name, (*class)->name) != 0)
      i++;
    if (i == CANDIDATES)
      fail_msg("policy '%s' has no candidate in this file", (*class)->name);
    assert_ptr_equal(syn_policy_find((*class)->name), *class);
  }
}

int main(void) {
  struct CMUnitTest tests[CANDIDATES + 1] = {cmocka_unit_test(every_registered_policy_is_here)};
  for (size_t i = 0; i < CANDIDATES; i++)
    tests[i + 1] = (struct CMUnitTest){.name = candidates[i].label,
                                       .test_func = keeps_the_contract,
                                       .initial_state = (void *)(uintptr_t)&candidates[i]};
  return cmocka_run_group_tests_name("contract", tests, NULL, NULL);
}
