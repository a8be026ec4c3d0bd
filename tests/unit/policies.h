/* Policies for tests: opened, or the test fails with the line; and what such lines say. Include it
 * behind cmocka.h. */
#ifndef SYN_TESTS_POLICIES_H
#define SYN_TESTS_POLICIES_H

#include <stdlib.h>
#include <string.h>

#include "policies/registry.h"
#include "policies/rule.h"
#include "policies/tables/qvalues.h"
#include "tests/unit/text.h"

/* Arguments, in braces of a list. */
#define NUMBER(n, x) {.name = n, .kind = SYN_ARG_NUMBER, .number = x}
#define TEXT(n, x)   {.name = n, .kind = SYN_ARG_TEXT, .text = x}
#define POLICY(n, x) {.name = n, .kind = SYN_ARG_POLICY, .policy = x}
#define OPEN(name, ...)                                                                            \
  open_policy(name, (syn_arg[]){__VA_ARGS__}, sizeof((syn_arg[]){__VA_ARGS__}) / sizeof(syn_arg))

/* A policy file of history 1. */
static const char table_1[] = "a_newer,r_newer,q_dec,q_null,q_inc\n"
                              "-1,-1,0,0,0\n0,-1,1,0,0\n1,-1,0,1,0\n-1,0,0,0,1\n0,0,1,1,0\n"
                              "1,0,1,0,1\n-1,1,0,1,1\n0,1,1,2,3\n1,1,3,2,1\n";

static inline syn_policy *open_policy(const char *name, const syn_arg *args, size_t n) {
  syn_policy *policy;
  syn_ctx ctx = {0};
  if (syn_policy_open(&policy, name, args, n, &ctx))
    fail_msg("%s", ctx.error);
  return policy;
}

static inline syn_policy *open_text(const char *text) {
  syn_policy *policy;
  syn_ctx ctx = {0};
  if (syn_rule_open_text(&policy, "x.lua", text, strlen(text), NULL, 0, &ctx))
    fail_msg("%s", ctx.error);
  return policy;
}

static inline syn_policy *open_file(const char *path, const syn_arg *args, size_t n) {
  syn_policy *policy;
  syn_ctx ctx = {0};
  if (syn_rule_open(&policy, path, args, n, &ctx))
    fail_msg("%s", ctx.error);
  return policy;
}

static inline syn_policy *explore(double epsilon, syn_policy *inner) {
  return OPEN("explore", NUMBER("epsilon", epsilon), POLICY("inner", inner));
}

static inline void assert_says(const char *line, const char *says) {
  if (!strstr(line, says))
    fail_msg("expected: %s\ngot: %s", says, line);
}

/* A result as numbers; the caller frees. */
static inline double *result_of(const syn_policy *policy, const char *what) {
  test_text text = {0};
  syn_ctx ctx = {0};
  double *q = NULL;
  unsigned history;
  if (policy->type->save(policy, what, test_append, &text, &ctx) ||
      syn_qvalues_parse(&q, &history, NULL, text.bytes, what, &ctx))
    fail_msg("%s", ctx.error);
  free(text.bytes);
  return q;
}

#endif
