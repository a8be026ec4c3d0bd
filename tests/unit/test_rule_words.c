/* Words that rules and rewards use: none is taken for the one that it only begins like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "policies/scripted/internal.h"
#include "tests/unit/policies.h"
#include "tests/unit/rules.h"

#define CHECKED 10 /* iterations */

#define FIELD(field)                                                                               \
  "return rule { name = 'x', history = 1, act = function() return 0 end,\n" field " }"
#define STEP(fields, body)                                                                         \
  "return rule { name = 'x', sees = { 'weight' }, params = { keep = 0.5 }, " fields "\n"           \
  "step = function(v, out, p)\n" body "\nout:sign(v.weight) end }"
#define REWARD(fields, body)                                                                       \
  "return reward { name = 'x', " fields "\nvalue = function(now, m, p)\n" body "\nreturn 1 end }"

static const char *const rules[] = {
    FIELD("['doc\\0'] = 'd'"),
    FIELD("['act\\0'] = 5"),
    FIELD("doc = 'first\\0second'"),
    FIELD("params = { ['keep\\0'] = 0.5 }"),
    FIELD("params = { keep = { ['default\\0'] = 0.5, default = 0 } }"),
    FIELD("params = { keep = { default = 0.5, unit = 'm\\0s' } }"),
    "return rule { name = 'x\\0y', history = 1, act = function() return 0 end }",
    ACT("return s['a\\0'][1]"),
    ACT("return p['keep\\0']"),
    ACT("p['keep\\0'] = 1 return 0"),
    ACT("return math['abs\\0'](1)"),
    ACT("math['abs\\0'] = 1 return 0"),
    LEARN("local x = ts[1]['dl\\0x']"),
    STEP("state = { ['credit\\0'] = 0 },", ""),
    STEP("state = { credit = 0 },", "v['credit\\0'] = 1"),
    STEP("state = { credit = 0 },", "local x = v['credit\\0x']"),
    STEP("", "local x = v['weight\\0']"),
    STEP("", "local x = v['iteration\\0']"),
    STEP("", "v['n\\0'] = 1"),
    STEP("", "local x = v.weight['sign\\0']"),
    STEP("", "local x = out['set\\0']"),
    "return rule { name = 'x', sees = { 'weight\\0' }, step = function(v, out) out:set(0) end }",
    "return rule { name = 'x', sees = { 'iteration\\0' }, step = function(v, out) out:set(0) end }",
    "return rule { name = 'x', sees = { 'pre_trace' }, params = { keep = 0.5 }, trace = "
    "'keep\\0',\n"
    "step = function(v, out) out:set(0) end }",
};

static const char *const rewards[] = {
    REWARD("['doc\\0'] = 'd',", ""),
    REWARD("doc = 'first\\0second',", ""),
    REWARD("sees = { 'accuracy\\0' },", ""),
    REWARD("params = { ['flip\\0'] = 0.5 },", ""),
    REWARD("", "local x = now['loss\\0']"),
    REWARD("sees = { 'accuracy' },", "local x = now['accuracy\\0x']"),
    REWARD("", "now['loss\\0'] = 1"),
    REWARD("", "local x = p['flip\\0']"),
};

static const char goes_on[] = "goes on behind a byte of value 0";

static void a_byte_of_value_0_ends_no_word(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
    syn_ctx ctx = {0};
    syn_rule_report report;
    if (check_rule(&report, rules[i], CHECKED, &ctx) == SYN_OK || !strstr(ctx.error, goes_on))
      fail_msg("%s\nsays: %s", rules[i], ctx.error);
  }
  for (size_t i = 0; i < sizeof rewards / sizeof *rewards; i++) {
    syn_ctx ctx = {0};
    syn_reward_report report;
    if (check_reward(&report, rewards[i], CHECKED, &ctx) == SYN_OK || !strstr(ctx.error, goes_on))
      fail_msg("%s\nsays: %s", rewards[i], ctx.error);
  }
}

/* Such texts as a rule's own keys and values are what they are. */
static void other_texts_may_have_one(void **state) {
  (void)state;
  static const char text[] =
      LEARN("m['a\\0b'], m.a = (m['a\\0b'] or 0) + 1, 'c\\0d' assert(#m.a == 3 and m['a'] == m.a)\n"
            "assert(tostring(m.a) .. 'x' == 'c\\0dx' and m['a\\0b'] >= 1 and m['a\\0'] == nil)");
  syn_ctx ctx = {0};
  syn_rule_report report;
  if (check_rule(&report, text, CHECKED, &ctx))
    fail_msg("%s", ctx.error);
}

/* Only states are assigned; what is meant by another name is told as where it is read. */
static void what_may_be_assigned_is_told(void **state) {
  (void)state;
  static const rule_mistake cases[] = {
      {STEP("", "v.layer = 3"),
       "x.lua:3: v.layer is assigned; only states can be, and layer is what v has anyhow"},
      {STEP("state = { credit = 0 },", "v.weight = 1"), "and weight is what v has anyhow"},
      {STEP("", "v.draw = 1"), "and draw is what v has anyhow"},
      {STEP("state = { credit = 0, n = 0 },", "v.credti = 1"),
       "x.lua:3: v.credti is assigned; did you mean 'credit'?"},
      {STEP("state = { credit = 0 },", "v.n = 1"),
       "v.n is assigned; only states can be: state = { n = 0 } declares one"},
      {STEP("", "v['a b'] = 1"),
       "v.a b is assigned; only states can be, and this is no name of one"},
      {STEP("", "v[1] = 1"), "v.1 is assigned; only states can be, and this is no name of one"},
  };
  assert_mistakes(cases, sizeof cases / sizeof *cases, CHECKED);
}

/* What the functions of views are given. */
static void functions_say_what_they_take(void **state) {
  (void)state;
  static const rule_mistake cases[] = {
      {STEP("", "local x = clamp(v.weight, 1)"),
       "x.lua:3: clamp(x, low, high) got 2 arguments; high is missing"},
      {STEP("", "local x = v.weight:clamp()"), "low and high are missing"},
      {STEP("", "local x = clamp(0.5)"), "got 1 argument; low and high are missing"},
      {STEP("", "local x = clamp()"),
       "clamp(x, low, high) got 0 arguments; x, low and high are missing"},
      {STEP("", "local x = min(v.weight)"), "min(x, y) got 1 argument; y is missing"},
      {STEP("", "local x = min(v.weight, 1, 2)"), "min(x, y) got 3 arguments; it takes 2"},
      {STEP("", "local x = v.weight:abs(1)"), "abs(x) got 2 arguments; it takes 1"},
      {STEP("", "local x = where(v.weight, 1)"), "where(c, x, y) got 2 arguments; y is missing"},
      {STEP("", "local x = clamp(v.weight, 1, -1)"),
       "x.lua:3: clamp(x, low, high): low = 1.0 is more than high = -1.0"},
      {STEP("", "local x = clamp(v.weight, 0 / 0, 1)"), "clamp(x, low, high): low is nan"},
      {STEP("", "local x = clamp(0.5, 0, 0 / 0)"), "clamp(x, low, high): high is nan"},
      {STEP("state = { c = 0 },", "local z = 0 * v.weight v.c = clamp(z / z, -7, 7)"),
       "v.c is nan for the bias of unit 1 at the end of step"},
      {STEP("", "local z = 0 * v.weight out:sign(min(z / z, 7))"), "out:sign got nan for"},
      {STEP("", "local z = 0 * v.weight out:sign(max(z / z, 7))"), "out:sign got nan for"},
      {STEP("", "out:sign(max(0 / 0, 7))"), "out:sign got nan for"},
  };
  assert_mistakes(cases, sizeof cases / sizeof *cases, CHECKED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_byte_of_value_0_ends_no_word),
      cmocka_unit_test(other_texts_may_have_one),
      cmocka_unit_test(what_may_be_assigned_is_told),
      cmocka_unit_test(functions_say_what_they_take),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
