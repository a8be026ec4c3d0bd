/* Texts of rules and rewards for tests, and what `rule check` and `reward check` say of them. Include it
 * behind cmocka.h. */
#ifndef SYN_TESTS_RULES_H
#define SYN_TESTS_RULES_H

#include <string.h>

#include "policies/reward.h"
#include "policies/rule.h"
#include "tests/unit/policies.h"

#define UP        "return rule { name = 'x', history = 1, act = function(s) return s.r[1] end }"
#define ACT(body) "return rule { name = 'x', history = 1,\nact = function(s, p)\n" body "\nend }"
#define LEARN(body)                                                                                \
  "return rule { name = 'x', history = 1, init = function() return {} end,\n"                      \
  "act = function() return 0 end, learn = function(m, ts, p, now)\n" body "\nend }"

static inline syn_status check_rule(syn_rule_report *report, const char *text, uint32_t iterations,
                                    syn_ctx *ctx) {
  const syn_rule_source source = {.file = "x.lua", .text = text, .size = strlen(text)};
  return syn_rule_check(report, &source, iterations, NULL, ctx);
}

static inline syn_status check_reward(syn_reward_report *report, const char *text,
                                      uint32_t iterations, syn_ctx *ctx) {
  const syn_rule_source source = {.file = "x.lua", .text = text, .size = strlen(text)};
  return syn_reward_try(report, &source, iterations, ctx);
}

/* Texts of rules, and of what is said of each. */
typedef struct rule_mistake {
  const char *text, *says;
} rule_mistake;

/* All of them are refused, in these words. */
static inline void assert_mistakes(const rule_mistake *cases, size_t n, uint32_t iterations) {
  for (size_t i = 0; i < n; i++) {
    syn_ctx ctx = {0};
    syn_rule_report report;
    if (check_rule(&report, cases[i].text, iterations, &ctx) == SYN_OK)
      fail_msg("no error: %s", cases[i].text);
    assert_says(ctx.error, cases[i].says);
  }
}

#endif
