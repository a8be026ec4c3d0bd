/* What is said of a rule when it is opened and checked, and where a person wrote what looks right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policies/scripted/views.h"
#include "tests/unit/policies.h"
#include "tests/unit/rules.h"

/* ---- mistakes ------------------------------------------------------------------------------------ */

#define CHECKED 40 /* iterations */

#define STEP(body)                                                                                 \
  "return rule { name = 'x', sees = { 'weight', 'action', 'reward', 'random' }, state = { n = 0 "  \
  "},\n"                                                                                           \
  "step = function(v, out)\n" body "\nend }"

#define MEMORY(act, values, count)                                                                 \
  "return rule { name = 'x', history = 1, init = function() return { n = 0 } end,\n"               \
  "act = function(s, p, m) " count " " act " end,\n"                                               \
  "values = function(s, p, m) " values " end, learn = function() end }"

static const rule_mistake mistakes[] = {
    {STEP("out:sign(math.abs(v.weight))"),
     "x.lua:3: bad argument #1 to 'abs' (number expected, got "
     "view); for views there is abs(x), without math."},
    {STEP("out:sign(math.sqrt(v.weight))"), "for views there is sqrt(x), without math."},
    {STEP("out:sign(floor(v.weight))"), "views know + - * / and the functions"},
    {STEP("out:sign(math.max(v.weight, 0))"), "views are compared number by number"},
    {STEP("out:sign(select(v.weight, 1, 2))"), "for views there is where(c, x, y)"},
    {STEP("error(v.weight)"), "x.lua:3: an error with a view for a text; write error(\"what is"},
    {STEP("return sign(v.weight)"),
     "x.lua:2: step wrote no actions, but returned something, which nobody hears; in each layer "
     "and "
     "iteration it ends with out:sign(x), out:set(x) or out:sometimes(x)"},
    {STEP("if v.layer == 1 then out:set(1) end"),
     "x.lua:2: step wrote no actions; in each layer and iteration it ends with out:sign(x), "
     "out:set(x) or out:sometimes(x) (step, layer 2 of 2, iteration 1"},
    {STEP("out:set(round(v.weight))"),
     "x.lua:3: round is not offered to a rule: numbers have math.floor(x + 0.5); views know + - * "
     "/ and the functions sign, abs"},
    {STEP("out:set(sigmoid(v.weight))"),
     "nothing is named 'sigmoid' here; views know + - * / and the"},
    {STEP("out:set(sigm(v.weight))"), "nothing is named 'sigm'; did you mean 'sign'?"},
    {STEP("out:sign(v.weight:squareroot())"), "a view has no 'squareroot'; views know + - * / and"},
    {STEP("out:sign(v.weight:sqr())"), "a view has no 'sqr'; did you mean 'sqrt'?"},
    {STEP("out:sgn(v.weight)"),
     "out has no 'sgn'; did you mean 'sign'? it has out:sign(x), out:set(x) and out:sometimes(x)"},
    {STEP("out:set(where(v.iteration % 2 == 0, 1, -1))"),
     "x.lua:3: where got false as argument 1; it takes views and numbers, and of numbers eq(x, "
     "y), lt, le, gt and ge give 1 or 0"},
    {STEP("out:set(abs(nil))"), "x.lua:3: abs got nil as argument 1; it takes views and numbers"},
    {STEP("out:set(v.weight * (v.reward > 0))"),
     "false stands in arithmetic with a view; of numbers eq("},
    {STEP("out:set(v.reward > 0)"), "x.lua:3: out:set got false; it takes a view or a number"},
    {STEP("v.n = nil out:set(1)"), "x.lua:3: v.n got nil; a state takes a view or a number"},
    {STEP("v.n = true out:set(1)"), "x.lua:3: v.n got true; a state takes a view or a number"},
    {STEP("v.n = v out:set(1)"), "this is v itself; take v.weight, v.pre, ..."},
    {"return rule { name = 'x', state = { n = 0 },\n"
     "step = function(v, out, p, mem) mem.n = 1 out:set(1) end }",
     "x.lua:2: attempt to index a nil value (local 'mem'); the memory is what init = function(p) "
     "returns, and this rule has none"},
    {"return rule { name = 'x', state = { n = 0 },\n"
     "step = function(v, out, p, m) local f = function() return m.n end f() out:set(1) end }",
     "x.lua:2: attempt to index a nil value (upvalue 'm'); the memory is what init = function(p) "
     "returns"},
    {ACT("return 0 end, init = function() return {}"), "init without learn: a memory that nothing"},
    {"return rule { name = 'x', history = 0, act = function(s, p, m) return m.n end }",
     "(local 'm'); the memory is what init = function(p) returns and learn changes, and this rule "
     "has none"},
    {"return rule { name = 'x', history = 0, act = function() end, memory = function() end }",
     "x.lua:1: rule has no field 'memory'; here it is init"},
    {"return rule { name = 'x', history = 0, value = function() end }",
     "x.lua:1: rule has no field 'value'; here it is act or step"},
    {LEARN("m.x = ts[1].reward"), "x.lua:3: a transition has no field 'reward'; it is t.r"},
    {LEARN("m.x = ts[1].foo"), "it has s and s2, the states before and after, a, the action"},
    {"return rule { name = 'x', history = 1, init = function() return 5 end,\n"
     "act = function() return 0 end, learn = function(m) end }",
     "x.lua:1: init returned a number; it returns the memory that learn changes, a table"},
    {"return rule { name = 'x', history = 1, init = function() end,\n"
     "act = function() return 0 end, learn = function(m) end }",
     "x.lua:1: init returned nothing; it returns the memory that learn changes"},
    {MEMORY("return m.n % 2", "return {0, 0, 0}", "m.n = m.n + 1"),
     "x.lua:2: act answers differently when asked twice, +1 and then 0; it may depend on nothing "
     "but its arguments, and what it changes in the memory must not show"},
    {MEMORY("return 0", "return {0, 0, 0}", "m.n = m.n + 1"),
     "x.lua:2: act changes the memory each time it is asked; how often that is depends on the run, "
     "so only learn changes it, and act may at most add what is not there yet"},
    {MEMORY("m[s] = m[s] or 0 return 0", "m.n = m.n + 1 return {0, 0, 0}", ""),
     "x.lua:3: values changes the memory each time it is asked"},
    {LEARN("return { q = 1 }"),
     "learn returned a table, which nobody hears; it changes the memory"},
    {ACT("return '1'"), "act returned the text \"1\"; it must return -1, 0 or 1"},
    {ACT("return {'0.5', 0.5, 0}"), "act returned the text \"0.5\" as number 1 of"},
    {ACT("if s.r[1] != 0 then return 1 end return 0"), "in Lua `not equal` is ~="},
    {ACT("if s.r[1] == 0 && true then return 1 end return 0"), "in Lua it is `and`"},
    {ACT("local x = 1\nx += 1\nreturn 0"), "in Lua one writes x = x + 1"},
    {"// a comment\n" ACT("return 0"), "in Lua a comment begins with --"},
    {"\xff\xfer\0e\0", "the text is in UTF-16; save it as UTF-8"},
    {"return rule { name = 'x', history = 0, zeta = 1, beta = 2, alpha = 3, [7] = 1, eta = 5,\n"
     "act = function() return 0 end }",
     "rule has no field '7'"},
    {"return rule { name = 'x', history = 0, zeta = 1, beta = 2, alpha = 3, eta = 5,\n"
     "act = function() return 0 end }",
     "rule has no field 'alpha'"},
    {"return rule { name = 'x', history = 0, act = function() return 0 end,\n"
     "params = { d = 'x', a = 'x', c = 'x', b = { min = 1 } } }",
     "param 'a' must be a number, or {default ="},
    {"return rule { name = 'x', history = 0, act = function() return 0 end,\n"
     "params = { b = { min = 1 } } }",
     "param 'b': default must be a number, but is nil"},
    {"return rule { name = 'x', history = '1', act = function() return 0 end }",
     "x.lua:1: rule: history is the text \"1\"; it is a whole number from 0 to 5, without quotes"},
    {"return rule { name = 'x', history = {}, act = function() return 0 end }",
     "x.lua:1: rule: history is a table; it is a whole number from 0 to 5"},
    {"return rule { name = 'x', sees = 'weight', step = function(v, out) out:set(0) end }",
     "x.lua:1: rule: sees is the text \"weight\"; it is a list of names, such as sees = { \"pre\", "
     "\"weight\" }"},
    {"return rule { name = 'x', sees = { weight = true }, step = function() end }",
     "rule: sees is a list without names in it"},
    {"return rule { name = 'x', sees = { 'action_trace' }, trace = '0.5', step = function() end }",
     "rule: trace = \"0.5\" is no parameter; a number stands without quotes"},
    {"return rule { name = 'x', history = 0, act = function() return 0 end,\n"
     "params = { b = '0.5' } }",
     "param 'b' must be a number, or {default =, min =, max =, doc =}, but is the text \"0.5\""},
    {"return rule { name = 'x', history = 0, act = function() return 0 end,\n"
     "params = { b = { default = 1, max = '2' } } }",
     "param 'b': max must be a number, but is the text \"2\""},
    {STEP("out:sign(v.weight ^ 2)"), "x.lua:3: views know no ^; x^2 is x * x, and further"},
    {STEP("out:sign(v.weight % 2)"),
     "x.lua:3: views know + - * / and the functions sign, abs, min, "
     "max, clamp, exp, log, sqrt, tanh, lt, le, gt, ge, eq, and_, or_, not_, where"},
    {ACT("return {[-1] = 0.5, [0] = 0.25, [1] = 0.25}"),
     "x.lua:2: act returned a table by action, {[-1] = ...}; a distribution is the list {p_dec, "
     "p_null, p_inc}"},
    {ACT("return {dec = 1, null = 0, inc = 0}"),
     "x.lua:2: act returned a list of 0; a distribution"},
    {MEMORY("return 0", "return {[-1] = 0, [0] = 0, [1] = 0}", ""),
     "x.lua:3: values returned a table by action, {[-1] = ...}; it must return the list {q_dec, "
     "q_null, q_inc}"},
    {MEMORY("return 0", "return 7", ""), "x.lua:3: values returned 7; it must return"},
    {MEMORY("return 0", "return {1, 2}", ""),
     "x.lua:3: values returned a list of 2; it must return"},
    {MEMORY("return 0", "return {1, '2', 3}", ""),
     "x.lua:3: values returned the text \"2\" as number 2 of {q_dec, q_null, q_inc}; each is "
     "finite"},
    {ACT("error()"), "x.lua:3: an error without a text; write error(\"what is wrong\")"},
    {ACT("assert(false, {})"), "x.lua:3: an error with a table for a text; write error(\"what is"},
};

static void mistakes_have_their_sentence(void **state) {
  (void)state;
  assert_mistakes(mistakes, sizeof mistakes / sizeof *mistakes, CHECKED);
}

static void a_mark_and_a_hash_bang_are_passed_over(void **state) {
  (void)state;
  static const char *const heads[] = {"\xef\xbb\xbf", "#!/usr/bin/env synlab\n",
                                      "\xef\xbb\xbf#!x\r\n"};
  for (size_t i = 0; i < 3; i++) {
    char text[300];
    snprintf(text, sizeof text, "%s%s", heads[i], UP);
    syn_policy *policy = open_text(text);
    policy->type->close(policy);
  }
}

static void parameters_want_no_more_than_a_default(void **state) {
  (void)state;
  syn_policy *policy =
      open_text("return rule { name = 'x', trace = 'keep', sees = { 'action_trace' },\n"
                "params = { gain = { default = 2, min = 1 }, keep = 0.5 },\n"
                "step = function(v, out, p) out:sign(p.gain * p.keep * v.action_trace + 1) end }");
  const syn_param *p = syn_rule_describe(policy)->params;
  assert_string_equal(p[0].name, "gain");
  assert_true(p[0].lo == 1.0 && p[0].hi == HUGE_VAL && !*p[0].doc);
  assert_true(p[1].value == 0.5 && p[1].lo == 0.0 && p[1].hi == 1.0); /* a trace's own bounds */
  policy->type->close(policy);
  static const struct {
    double value;
    const char *says;
  } wrong[] = {{0.5, "gain = 0.5; it must be a number of at least 1"},
               {HUGE_VAL, "gain = inf; it must be a number of at least 1"}};
  for (size_t i = 0; i < 2; i++) {
    syn_ctx ctx = {0};
    const char *text = "return rule { name = 'x', history = 0, act = function() return 0 end,\n"
                       "params = { gain = { default = 2, min = 1 } } }";
    const syn_arg arg = {.name = "gain", .kind = SYN_ARG_NUMBER, .number = wrong[i].value};
    assert_int_equal(syn_rule_open_text(&policy, "x.lua", text, strlen(text), &arg, 1, &ctx),
                     SYN_EINVAL);
    assert_says(ctx.error, wrong[i].says);
  }
}

/* Nothing has to be seen: states, draws and what is no secret are there anyhow. */
static void sees_may_be_left_out(void **state) {
  (void)state;
  static const char *const heads[] = {"", "sees = {},", "sees = { 'iteration' },"};
  for (size_t i = 0; i < 3; i++) {
    char text[300];
    snprintf(text, sizeof text,
             "return rule { name = 'x', %s state = { n = 0 }, step = function(v, out)\n"
             "v.n = v.n + 1 out:sign(v:draw() - 0.5 + v.n / v.iteration) end }",
             heads[i]);
    syn_policy *policy = open_text(text);
    policy->type->close(policy);
  }
}

/* All functions of views stand where they are listed. */
static void all_operations_are_listed(void **state) {
  (void)state;
  for (const syn_operation_entry *op = syn_rule_kernels_portable.operations; op->name; op++) {
    char word[32];
    snprintf(word, sizeof word, " %s,", op->name);
    if (op->name[0] != '_' && strcmp(op->name, "where") != 0)
      assert_says(SYN_VIEWS_KNOW, word);
  }
}

/* ---- `rule check` -------------------------------------------------------------------------------- */

static int warns_of(const syn_rule_report *report, const char *says) {
  for (size_t i = 0; i < SYN_RULE_WARNINGS; i++)
    if (strstr(report->warning[i], says))
      return 1;
  return 0;
}

#define KEEPS(body)                                                                                \
  "local n, seen = 0, {}\n"                                                                        \
  "return rule { name = 'x', sees = { 'reward', 'action' }, state = { x = 0 },\n"                  \
  "init = function() return { a = { 1 }, n = 0 } end, step = function(v, out, p, m)\n" body        \
  "\nout:set(v.reward > 0 and v.action or where(lt(v:draw(), 0.5), -1, 1)) end }"

/* It learns the sign of a sum. */
#define GROWS(what)                                                                                \
  "return rule { name = 'x', history = 0, init = function() return { n = 0 } end,\n"               \
  "learn = function(m, ts) for _, t in ipairs(ts) do m.n = m.n + t.count * " what " end end,\n"    \
  "act = function(s, p, m) return m.n > 0 and 1 or -1 end }"

/* What is allowed, but hardly meant. */
static void what_is_hardly_meant_is_told(void **state) {
  (void)state;
  static const char ignored[] = "the reward changes nothing that it does";
  static const struct {
    const char *text, *says;
  } cases[] = {
      {ACT("return 0"), "it never moves"},
      {STEP("out:set(0)"), "it never moves"},
      {STEP("out:set(v.action * v.reward)"), "left alone it never moves"},
      {ACT("return s.r[1] > 0 and s.a[1] or -s.a[1]"), "from rest it rests for ever"},
      {ACT("return s.r[1] > 0 and 1 or -1"), ""},
      {ACT("return s.r[1] < 0 and {0.5, 0, 0.5} or {0.25, 0.5, 0.25}"), ""},
      {ACT("return s.a[1] > 0 and -1 or 1"), ignored},
      {ACT("return {0.5, 0, 0.5}"), ignored},
      {"return rule { name = 'x', history = 0, act = function() return {0.5, 0, 0.5} end }", ""},
      {GROWS("t.a"), ignored},
      {GROWS("t.r"), ""},
      {GROWS("t.dl"), ""},
      {STEP("local y = { v.weight } if y[1] == 0 then out:set(1) else out:sign(v.random - 0.5) "
            "end"),
       ignored},
      {STEP("local f = function(z) if z == 0 then return v.action end return 1 end\n"
            "out:set(f(v.random * v.reward))"),
       ignored},
      {STEP("if v.reward > 0 then out:set(1) else out:set(v.action) end"), ""},
      {"return rule { name = 'x', sees = { 'weight' }, step = function(v, out)\n"
       "out:sign(v.weight) end }",
       ""},
      {"return rule { name = 'x', sees = { 'loss_change' }, step = function(v, out)\n"
       "out:set(v.loss_change ~= 0 and 1 or -1) end }",
       ignored},
      {"return rule { name = 'x', sees = { 'loss_change' }, step = function(v, out)\n"
       "out:set(v.loss_change > 0 and 1 or -1) end }",
       ""},
      {KEEPS("n = n + 1"), "no checkpoints: it changes variables outside of its memory"},
      {KEEPS("m.f = sign"), "no checkpoints: its memory holds a function"},
      {KEEPS("m.n = m.n + 1"), ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    syn_ctx ctx = {0};
    syn_rule_report report;
    if (check_rule(&report, cases[i].text, CHECKED, &ctx))
      fail_msg("%s", ctx.error);
    if (!warns_of(&report, cases[i].says))
      fail_msg("%s: %s", cases[i].text, report.warning[0]);
    if (!*report.warning[0] != !*cases[i].says)
      fail_msg("%s: warns: %s", cases[i].text, report.warning[0]);
    assert_int_equal(report.synapses, 7850);
    assert_true(report.microseconds > 0 && report.bytes >= report.kept);
  }
}

/* Moves of its own that chance decides. */
static void rules_that_explore_are_known(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int explores;
  } cases[] = {
      {ACT("return {0.5, 0, 0.5}"), 1},
      {ACT("return s.r[1] > 0 and 1 or -1"), 0},
      {ACT("return s.a[1] ~= 0 and {0.5, 0, 0.5} or 0"), 0},
      {STEP("out:sign(v.random - 0.5)"), 1},
      {STEP("out:sometimes(0.5)"), 1},
      {STEP("out:sign(v:draw() - 2)"), 0},
      {STEP("out:set(math.random() < 0.5 and 1 or -1)"), 1},
      {STEP("out:sign(v.weight * v.reward)"), 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    syn_ctx ctx = {0};
    syn_rule_report report;
    if (check_rule(&report, cases[i].text, CHECKED, &ctx))
      fail_msg("%s", ctx.error);
    if (report.explores != cases[i].explores)
      fail_msg("%s", cases[i].text);
  }
}

/* A view is void when its call has ended. */
static void views_do_not_last(void **state) {
  (void)state;
  static const struct {
    const char *text, *says;
  } cases[] = {
      {KEEPS("m.last = v.x"),
       "x.lua:3: m.last is a view, which is void when its call of step has ended; what a synapse "
       "remembers is a state, state = { last = 0 }"},
      {KEEPS("m.a[2] = 2 * v.x"), "m.a[2] is a view"},
      {KEEPS("m.a['b c'] = m.a['b c'] or { out }"), "m.a[\"b c\"][1] is a view"},
      {KEEPS("m.a.self = m m.v = v"), "m.v is a view"},
      {KEEPS("m[v.x] = 1"), "m has a view as a key"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    syn_ctx ctx = {0};
    syn_rule_report report;
    if (check_rule(&report, cases[i].text, CHECKED, &ctx) != SYN_EFAILED)
      fail_msg("%s: %s", cases[i].text, ctx.error);
    assert_says(ctx.error, cases[i].says);
  }
}

/* Random actions come in, and parameters go to their bounds. */
static void checks_go_where_runs_go(void **state) {
  (void)state;
  static const rule_mistake cases[] = {
      {STEP("out:set(v.reward * v.action * 1.2)"), "out:set got 1.2"},
      {"return rule { name = 'x', history = 0, params = { b = { default = 1, max = 3 } },\n"
       "act = function(s, p) return { p.b / 2, 0.5, 0 } end }",
       "with b = 3, its max: x.lua:2: act returned 1.5"},
      {"return rule { name = 'x', history = 0, params = { p = { default = 0.5, min = 0, max = 2 } "
       "},\n"
       "act = function(s, p) return { p.p, 1 - p.p, 0 } end }",
       "with p = 2, its max: x.lua:2: act returned 2"},
  };
  assert_mistakes(cases, sizeof cases / sizeof *cases, CHECKED);
}

/* No limit is passed in any call, and yet there is an end. */
static void a_whole_check_has_a_budget(void **state) {
  (void)state;
  static const char text[] =
      "return rule { name = 'burn', history = 0, init = function() return {} end,\n"
      "learn = function(m) for i = 1, 44e6 do end end, act = function() return 0 end }";
  const syn_rule_source source = {
      .file = "x.lua", .text = text, .size = sizeof text - 1, .seconds = 0.01};
  syn_ctx ctx = {0};
  syn_rule_report report;
  assert_int_equal(syn_rule_check(&report, &source, 200, NULL, &ctx), SYN_EFAILED);
  assert_says(ctx.error, "too slow to be checked: 0.01 s of CPU time were not enough for 500 "
                         "iterations of a network of 179 synapses (1 of them done)");
}

static void only_regular_files_are_read(void **state) {
  (void)state;
  char folder[] = "/tmp/synlab-rule-XXXXXX", pipe[64], big[64], *text;
  size_t size;
  assert_non_null(mkdtemp(folder));
  snprintf(pipe, sizeof pipe, "%s/pipe", folder);
  snprintf(big, sizeof big, "%s/big", folder);
  assert_int_equal(mkfifo(pipe, 0600), 0);
  FILE *file = fopen(big, "wb");
  assert_non_null(file);
  assert_int_equal(fseek(file, 1 << 30, SEEK_SET), 0);
  assert_int_equal(fputc('x', file), 'x');
  fclose(file);
  const struct {
    const char *path, *says;
  } cases[] = {{pipe, "this is no file, but a pipe"},
               {folder, "this is no file, but a folder"},
               {"/dev/zero", "this is no file, but a device"},
               {big, "1073741825 bytes; a rule file has at most 65536"},
               {"/no/such/file", "No such file"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    syn_ctx ctx = {0};
    syn_policy *policy;
    assert_int_equal(syn_rule_read(&text, &size, cases[i].path, &ctx), SYN_EINPUT);
    assert_null(text);
    assert_says(ctx.error, cases[i].says);
    assert_int_equal(syn_rule_open(&policy, cases[i].path, NULL, 0, &ctx), SYN_EINPUT);
  }
  unlink(pipe);
  unlink(big);
  rmdir(folder);
}

/* Many states, each cheap: they do not share the steps of one call. */
static void every_state_has_its_share(void **state) {
  (void)state;
  syn_policy *policy = open_text("return rule { name = 'x', history = 4, act = function(s)\n"
                                 "for i = 1, 12000 do end return s.r[1] end }"); /* 6,561 times */
  assert_true(syn_sandbox_steps(((const syn_rule *)policy)->sandbox) > syn_limits_default.steps);
  policy->type->close(policy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(mistakes_have_their_sentence),
      cmocka_unit_test(a_mark_and_a_hash_bang_are_passed_over),
      cmocka_unit_test(parameters_want_no_more_than_a_default),
      cmocka_unit_test(sees_may_be_left_out),
      cmocka_unit_test(all_operations_are_listed),
      cmocka_unit_test(what_is_hardly_meant_is_told),
      cmocka_unit_test(rules_that_explore_are_known),
      cmocka_unit_test(views_do_not_last),
      cmocka_unit_test(checks_go_where_runs_go),
      cmocka_unit_test(a_whole_check_has_a_budget),
      cmocka_unit_test(only_regular_files_are_read),
      cmocka_unit_test(every_state_has_its_share),
  };
  return cmocka_run_group_tests_name("rule check", tests, NULL, NULL);
}
