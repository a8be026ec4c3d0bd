/* Rules in Lua: what their errors say, their parameters, what learn gets, rules of the literature. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/policies.h"
#include "tests/unit/rules.h"

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
    {"return rule { name = 'x', step = function() end }\n", {"step wrote no actions"}},
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

static void errors_help(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    const mistake *m = &mistakes[i];
    syn_ctx ctx = {0};
    syn_rule_report report;
    if (check_rule(&report, m->text, 5000, &ctx) == SYN_OK)
      fail_msg("no error: %s", m->text);
    for (size_t k = 0; k < 3 && m->says[k]; k++)
      assert_says(ctx.error, m->says[k]);
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
    assert_says(ctx.error, cases[i].says);
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
    assert_string_equal(report.warning[0], "");
    free(text);
    n++;
  }
  closedir(dir);
  assert_true(n >= 9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(errors_help),
      cmocka_unit_test(params_are_checked),
      cmocka_unit_test(transitions_are_counted),
      cmocka_unit_test(literature_is_good),
  };
  return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
