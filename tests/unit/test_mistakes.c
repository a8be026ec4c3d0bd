/* Mistakes of which Lua says nothing: views that are compared by ==, views and numbers as conditions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/policies.h"
#include "tests/unit/rules.h"

#define STEP(body)                                                                                 \
  "return rule { name = 'x', sees = { 'weight', 'action', 'reward', 'random' },\n"                 \
  "state = { x = 0, y = 1 }, params = { gain = 1 }, init = function() return {} end,\n"            \
  "step = function(v, out, p, m)\n" body "\nend }"
#define ACT_2(body) "return rule { name = 'x', history = 2,\nact = function(s, p)\n" body "\nend }"
#define VALUE(body)                                                                                \
  "return reward { name = 'x', memory = function() return {} end,\nvalue = function(now, m, "      \
  "p)\n" body "\nend }"

static syn_status open_any(const char *text, syn_ctx *ctx) {
  syn_policy *policy = NULL;
  syn_rewarder *rewarder = NULL;
  const size_t n = strlen(text);
  if (!strstr(text, "return reward")) {
    syn_status status = syn_rule_open_text(&policy, "x.lua", text, n, NULL, 0, ctx);
    syn_policy_close(policy);
    return status;
  }
  syn_status status = syn_reward_open_text(&rewarder, "x.lua", text, n, NULL, 0, ctx);
  if (rewarder)
    syn_rewarder_close(rewarder);
  return status;
}

typedef struct mistake {
  const char *text, *says;
} mistake;

static void assert_refused(const mistake *cases, size_t n) {
  for (size_t i = 0; i < n; i++) {
    syn_ctx ctx = {0};
    if (open_any(cases[i].text, &ctx) != SYN_EINPUT)
      fail_msg("not refused: %s\n%s", cases[i].text, ctx.error);
    assert_says(ctx.error, cases[i].says);
  }
}

#define REFUSED(cases) assert_refused(cases, sizeof(cases) / sizeof *(cases))

/* == on a view: no hook of Lua is asked. */
static void views_are_not_compared(void **state) {
  (void)state;
  static const mistake cases[] = {
      {STEP("out:set(0)\nif v.weight == 0 then end"),
       "x.lua:5: a view cannot be compared by ==, it is a number for every synapse; "
       "eq(v.weight, 0) gives 1 where it holds"},
      {STEP("if 1 ~= -v.action then end out:set(0)"),
       "by ~=, it is a number for every synapse; "
       "1 - eq(1, -v.action) gives 1 where it differs"},
      {STEP("local c = v.random == v.weight out:set(0)"), "eq(v.random, v.weight)"},
      {STEP("local c = (v.weight) == 1 out:set(0)"), "eq(v.weight, 1)"},
      {STEP("local c = v.reward * v.weight == 1 out:set(0)"), "eq(v.reward * v.weight, 1)"},
      {STEP("local c = v.reward == v.weight * 2 out:set(0)"), "eq(v.reward, v.weight * 2)"},
      {STEP("if v.x + 1 == 0 then out:set(1) end"), "eq(v.x + 1, 0)"},
      {STEP("-- two\r\n--[[ lines\n]] local w = v.weight\nlocal q = w == 1 out:sign(w)"),
       "x.lua:7: a view cannot be compared by ==, it is a number for every synapse; eq(w, 1)"},
      {STEP("local c = v.x - 1; if c == 0 then out:set(1) end"), "eq(c, 0)"},
      {STEP("local y = abs(v.x) + 1; out:set(y == 1 and 1 or -1)"), "eq(y, 1)"},
      {STEP("local big = abs(v.weight) if big == 1 then end out:set(0)"), "eq(big, 1)"},
      {STEP("if sign(v.weight) == 1 then end out:set(0)"), "eq(sign(v.weight), 1)"},
      {STEP("local a = v:draw(); v.x = a + v.x; a = v.x; out:set(a == 1 and 1 or 0)"), "eq(a, 1)"},
      {STEP("local a for k = 1, 3 do a = k * v.weight end\nlocal b = v.weight b = b * p.gain\n"
            "if b == 0 then out:set(0) end"),
       "x.lua:6: a view cannot be"},
      {STEP("local u = v local a, b = u.x, 1 if a == b then out:set(0) end"), "eq(a, b)"},
      {STEP("local f = function() return v.x == 0 end out:set(0)"), "eq(v.x, 0)"},
      {STEP("local a <const> = where(gt(v.x, 0), 1, 2) out:set(a ~= 1 and 1 or 0)"),
       "1 - eq(a, 1)"},
      {STEP("local a = v.reward > 0 and v.x or -v.x out:set(a == 1 and 1 or 0)"), "eq(a, 1)"},
      {"#!x\nlocal function s(u, out) out:set(u.random == 0) end\n"
       "return rule { name = 'x', sees = { 'random' }, step = s }",
       "x.lua:2: a view cannot be"},
      {ACT_2("return s.r[1] == '1' and 1 or 0"),
       "x.lua:3: s.r[1] is a number, and '1' is none, so they are never equal"},
      {STEP("out:set(true ~= v.reward and 1 or 0)"), "v.reward is a number, and true is none"},
  };
  REFUSED(cases);
}

/* A view as a condition is true. */
static void views_are_no_conditions(void **state) {
  (void)state;
  static const mistake cases[] = {
      {STEP("if v.action then out:set(0) else out:set(1) end"),
       "x.lua:4: a view is no condition, it is a number for every synapse; where(v.action, x, y) "
       "gives x where it is not 0, else y"},
      {STEP("if v.reward == 1 and v.action then out:set(0) else out:set(1) end"), "no condition"},
      {STEP("if v.reward == 1 then out:set(1) elseif (v.action) then out:set(0) end"),
       "no condition"},
      {STEP("if (v.reward == 1 and v.action) or v.reward == 0 then out:set(0) end"),
       "no condition"},
      {STEP("if 2 * v.x then out:set(1) else out:set(-1) end"), "where(2 * v.x, x, y)"},
      {STEP("local a = v:draw() - 0.5; if v.x + a then out:set(1) end"), "where(v.x + a, x, y)"},
      {STEP("while v.action do break end out:set(0)"), "no condition"},
      {STEP("repeat out:set(0) until v.action"), "no condition"},
      {STEP("repeat local a = v.x out:set(0) until a * 2"), "no condition"},
      {STEP("if not v.action then end out:set(0)"), "`not` does not look into a view"},
      {STEP("local d = 2 * v.x; out:set(not d and 1 or 0)"), "eq(d, 0)"},
      {STEP("out:set(v.action and 1)"), "`and` does not look into a view"},
      {STEP("out:set(sign(v.weight or 1))"), "`or` does not look into a view"},
      {STEP("local w = v.weight local f = function() return w and 1 end out:sign(w)"), "where(w,"},
      {STEP("if gt(v.weight, 0) then out:set(1) else out:set(0) end"),
       "x.lua:4: a view is no condition, it is a number for every synapse; where(gt(v.weight, 0), "
       "x, y) gives x where it is not 0, else y"},
      {STEP("if not eq(v.weight, v.action) then end out:set(0)"), "eq(eq(v.weight, v.action), 0)"},
      {STEP("out:set(lt(0.5, -v.weight) and 1 or 0)"), "x.lua:4: `and` does not look into a view"},
      {STEP("\nlocal big = v.weight:abs():gt(1)\nif big then out:set(0) end"),
       "x.lua:6: a view is no condition"},
      {STEP("while v.weight:ge(0) do break end out:set(0)"), "where(v.weight:ge(0), x, y)"},
      {STEP("local t, u = gt(v.x, 0), gt(v.x, 1) if t and u then out:set(1) end"),
       "where(t, x, y)"},
      {STEP("local w, a = v.weight, 1 a, w, a = a, a, a if w then out:set(0) end"),
       "w is a number or a view, and Lua takes all of them for true, 0 as well"},
      {STEP("local f = function(z) if z + 1 then out:set(1) end end f(v.x)"),
       "z + 1 is a number or a view"},
      {STEP("local long = v.x + v.x + v.x + v.x + v.x + v.x + v.x + v.x + v.x + v.x\n"
            "if v.x + v.x + v.x + v.x + v.x + v.x + v.x + v.x + v.x + v.x + v.x + v.x then end"),
       "where(x, x, y)"},
  };
  REFUSED(cases);
}

/* So is every number, 0 as well. */
static void numbers_are_no_conditions(void **state) {
  (void)state;
  static const mistake cases[] = {
      {STEP("if v.reward then out:set(1) end"),
       "x.lua:4: v.reward is a number, and Lua takes every number for true, 0 and -1 as well; "
       "compare it, as in v.reward > 0"},
      {STEP("out:set(v.reward and 1 or 0)"), "compare it, as in v.reward > 0"},
      {STEP("out:set(v.reward == 1 and v.iteration and 1 or 0)"), "v.iteration is a number"},
      {STEP("out:set(not v.reward and 1 or 0)"), "v.reward > 0"},
      {STEP("local r = v.reward if r == 1 and r or not r then end out:set(0)"), "r is a number"},
      {STEP("local w = v.weight[1] if not w then end out:set(0)"), "w is a number"},
      {STEP("if p.gain then out:set(1) else out:set(0) end"), "p.gain is a number"},
      {STEP("if gt(v.reward, 0) then out:set(1) else out:set(0) end"),
       "x.lua:4: gt(v.reward, 0) gives 1 or 0, and Lua takes both for true; where(gt(v.reward, 0), "
       "x, y) gives x where it is not 0, else y, and numbers are compared by < > =="},
      {STEP("local a = 1 repeat out:set(0) until eq(a, 1)"),
       "eq(a, 1) gives 1 or 0, and Lua takes"},
      {STEP("local n = 0 for k = 1, 3 do n = n + 1 end if n then out:set(0) end"), "n is a number"},
      {STEP("local up = 0 if v.reward > 0 then up = 1 end if up then out:set(1) end"),
       "up is a number"},
      {STEP("local up = v.reward > 0 and 1 or 0 if up then out:set(1) end"), "up is a number"},
      {STEP("out:set(math.abs(v.reward) and 1 or 0)"), "math.abs(v.reward) is a number"},
      {STEP("out:set(#v.x % 2 and 1 or 0)"), "#v.x % 2 is a number"},
      {STEP("out:set(v.iteration % 2 and 1 or 0)"), "v.iteration % 2 is a number"},
      {ACT_2("return s.r[1] and s.a[1] or -s.a[1]"), "x.lua:3: s.r[1] is a number"},
      {ACT_2("if s.a[1] then return 1 end return 0"), "s.a[1] > 0"},
      {ACT_2("local a, r = s.a, s.r if r[1] and a[1] > 0 then return 1 end return 0"),
       "r[1] is a number"},
      {ACT_2("if s.r[1] == 1 or -1 then return 1 end return 0"),
       "-1 is a number, and Lua takes every number for true, 0 as well; write the comparison anew, "
       "x == -1"},
      {ACT_2("return s.a[1] or s.a[2]"), "s.a[1] is a number"},
      {LEARN("m.good = now.loss_change and 1 or -1"), "now.loss_change is a number"},
      {LEARN("for _, t in ipairs(ts) do if t.r then m.n = 1 end end"), "t.r is a number"},
      {LEARN("for i = 1, #ts do local t = ts[i] if t.a then m.n = 1 end end"), "t.a is a number"},
      {LEARN("for _, t in ipairs(ts) do if t.s.r[1] then m.n = 1 end end"), "t.s.r[1] is a number"},
      {VALUE("return now.loss_change and 1 or -1"), "x.lua:3: now.loss_change is a number"},
      {VALUE("if now.new_batch and now.loss then return 1 end return 0"), "now.loss is a number"},
      {"local function up(s) return s.r[1] and 1 or -1 end\n"
       "return rule { name = 'x', history = 1, act = up }",
       "x.lua:1: s.r[1] is a number"},
  };
  REFUSED(cases);
}

/* What looks like a mistake and is none, or cannot be told from one that is none. */
static void right_rules_are_left_alone(void **state) {
  (void)state;
  static const char *const texts[] = {
      STEP("if v.reward == 1 and v.iteration ~= 3 then out:set(1) else out:set(0) end"),
      STEP("if v.weight[1] == 0.5 or #v.weight == 2 then out:set(0) else out:set(1) end"),
      STEP("local n = #v.weight if n == 3 then out:set(0) end local w = v.weight\n"
           "local first = w[1] if first and first ~= 2 then out:sign(w) end"),
      STEP("local w = eq(v.action, 1) local f = function(w) return w == 1 end\n"
           "if f(1) then out:sign(w) end"),
      STEP("local w = v.reward == 1 and v.weight or -v.weight out:sign(w) -- v.weight == 1"),
      STEP("local w = v.weight if w ~= nil and nil ~= v.action then out:sign(w) end"),
      STEP("local w = v.weight do local w = 1 if w == 1 then out:set(0) end end"),
      STEP("local w = v.weight w = 1 if w == 1 then out:set(0) end"),
      STEP("do local w = v.weight end local t = { w = 2 } if t.w == 2 then out:set(0) end"),
      "local w = 1\n" STEP("do local w = v.weight end if w == 1 then out:set(0) end"),
      STEP("for _, w in ipairs { 1 } do if w == 1 then out:set(0) end end local w = v.weight"),
      STEP("local u = v local t = { v = { weight = 1 } } if t.v.weight == 1 then out:set(0) end"),
      STEP(
          "local f = function(v) return v.weight == 1 end if f { weight = 1 } then out:set(0) end"),
      STEP("local s = 'v.weight == 1' local n = #v.weight == 2 or #(v.weight) == 1 out:set(0)"),
      STEP("local w = v.weight[1] if w == 1 or w and w ~= 2 then end out:set(0)"),
      STEP("local w = v.reward == 1 and 2 * v.weight or v.weight out:sign(w)"),
      STEP("if gt(v.reward, 0) == 1 then out:set(0) else out:set(1) end"),
      STEP("if gt(v.weight[1], 0) == 1 or eq(#v.weight, 3) == 1 then out:set(0) else out:set(1) "
           "end"),
      STEP("local f = function(x) return 1 end if gt(f(v.weight), 0) == 1 then out:set(0) end"),
      STEP("local g = gt(v.reward, 0) if g == 1 then out:set(1) else out:set(0) end"),
      STEP("local t = { gt = function(a) return a end } if t.gt(v.weight) then out:set(0) end"),
      STEP("local first = abs(v.weight)[1] if first == 1 or abs(v.weight)[2] == 3 then end "
           "out:set(0)"),
      "local function gt(a, b) return b > 0 end\n" STEP(
          "if gt(v.weight, 1) then out:set(1) else out:set(0) end"),
      STEP("local t = {} for i = 1, 2 do t[i] = v.weight end out:sign(t[1])"),
      STEP("local t = { v.weight, v.action } for i, w in ipairs(t) do if i == 1 then out:sign(w) "
           "end end"),
      STEP("local n = m.n or 0 m.n = n + 1 if m.n then out:set(0) end"),
      STEP("local t = m.t or {} if t then out:set(0) end"),
      STEP("local g = p.gain or 0.5 while 1 do break end out:set(g > 0 and 1 or 0)"),
      STEP("local LOUD = 1 if LOUD then out:set(0) end"),
      STEP("local a = nil if not a then a = v.x end if a then out:sign(a) end"),
      STEP("local a if v.reward > 0 then a = v.x end if a then out:sign(a) else out:set(0) end"),
      STEP("local function f(a, b) if b then return a end return a == 1 end f(1, v.x) f(v.x) "
           "out:set(0)"),
      STEP("local f, s, i = ipairs { 1 } if i == 0 and f then out:set(0) end"),
      STEP("local a, b = (function() return 1 end)() if b then out:set(0) end out:set(0)"),
      STEP("goto on ::on:: for k = 3, 1, -1 do if k == 2 then out:set(0) end end"),
      STEP("local function u(...) local a, b = ... if b then return a end end u(1) out:set(0)"),
      STEP("local t = { f = function(self, x) if x then return x end end } t:f(1) out:set(0)"),
      STEP("function m.f(x) if x then return 1 end end m.f = nil out:set(0)"),
      STEP("local t = { [1] = v.x, y = 2; 3 } if t[1] then out:set(0) end"),
      STEP("local n = 7 // 2 ~ 1 << 2 & 3 | 4 if n == 3 and n ~= 2 then end out:set(0)"),
      STEP("local s = \"a\" .. 1 .. [[b\n]] if s == \"a1b\" or s ~= 'c' then out:set(0) end"),
      ACT_2("if s.r[1] == 1 and (s.r[2] == 1 or s.r[2] == -1) then return 1 end return 0"),
      ACT_2("local seen = {} seen[s.a] = true return seen[s.a] and s.a[1] or 0"),
      ACT_2("return (s.r[1] < 0 and s.r[2] < 0) and -s.a[1] or s.a[1]"),
      LEARN("for i, t in ipairs(ts) do m[t.s] = m[t.s] or 0 if m[t.s] then m.n = i end end"),
      LEARN("if ts[1] and ts[1].r > 0 then m.n = 1 end if now.iteration == 3 then m.n = 2 end"),
      VALUE("if now.new_batch then return 0 end return m.x and 1 or -1"),
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    syn_ctx ctx = {0};
    if (open_any(texts[i], &ctx))
      fail_msg("%s\n%s", texts[i], ctx.error);
  }
}

/* However deep and long a text is, there is an end, and no stack is left. */
static void long_texts_end(void **state) {
  (void)state;
  enum { SIZE = 60000 };
  static char text[SIZE + 200];
  static const char *const parts[][3] = {
      {"", "(", ")"}, {"1", "-1 + ", ""}, {"'a'", "'a' .. ", ""}, {"1", "not not ", ""}};
  static const int depths[] = {60, 4000, 60, 60};
  for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
    size_t n = (size_t)snprintf(text, sizeof text, "local a = 1 local b = ");
    for (int k = 0; k < depths[i]; k++)
      n += (size_t)snprintf(text + n, sizeof text - n, "%s", parts[i][1]);
    n += (size_t)snprintf(text + n, sizeof text - n, "%s", i == 0 ? "a == 1" : parts[i][0]);
    for (int k = 0; k < depths[i]; k++)
      n += (size_t)snprintf(text + n, sizeof text - n, "%s", parts[i][2]);
    snprintf(text + n, sizeof text - n, "\n%s", ACT_2("return 0"));
    syn_ctx ctx = {0};
    if (open_any(text, &ctx))
      fail_msg("%s", ctx.error);
  }
  size_t n = 0; /* a chain that takes a pass a link, backwards */
  for (int k = 0; k < 120; k++)
    n += (size_t)snprintf(text + n, sizeof text - n, "local a%d ", k);
  for (int k = 119; k > 0; k--)
    n += (size_t)snprintf(text + n, sizeof text - n, "a%d = a%d ", k, k - 1);
  snprintf(text + n, sizeof text - n, "a0 = 1\n%s", ACT_2("return 0"));
  syn_ctx ctx = {0};
  if (open_any(text, &ctx))
    fail_msg("%s", ctx.error);
}

/* A mistake before the rest of a file, whatever that is: it is found, so all of it was understood. */
static void all_shipped_files_are_understood(void **state) {
  (void)state;
  static const char *const folders[] = {"policies/rules", "policies/rewards",
                                        "tests/rules/literature"};
  static const char wrong[] = "local zz = 1 + 1 if zz then end ";
  static char text[70000];
  int files = 0;
  for (size_t i = 0; i < 3; i++) {
    DIR *dir = opendir(folders[i]);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
      char path[600], *own;
      size_t n;
      syn_ctx ctx = {0};
      if (!strstr(entry->d_name, ".lua"))
        continue;
      snprintf(path, sizeof path, "%s/%s", folders[i], entry->d_name);
      assert_int_equal(syn_rule_read(&own, &n, path, &ctx), SYN_OK);
      snprintf(text, sizeof text, "%s%s", wrong, own);
      free(own);
      if (open_any(text, &ctx) != SYN_EINPUT || !strstr(ctx.error, "x.lua:1: zz is a number"))
        fail_msg("%s is not understood: %s", path, ctx.error);
      files++;
    }
    closedir(dir);
  }
  assert_true(files > 30);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(views_are_not_compared),
      cmocka_unit_test(views_are_no_conditions),
      cmocka_unit_test(numbers_are_no_conditions),
      cmocka_unit_test(right_rules_are_left_alone),
      cmocka_unit_test(long_texts_end),
      cmocka_unit_test(all_shipped_files_are_understood),
  };
  return cmocka_run_group_tests_name("mistakes", tests, NULL, NULL);
}
