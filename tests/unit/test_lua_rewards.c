/* Rewards in Lua: the shipped ones against the built-in ones that say the same, what they hear, what is
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/train/run.h"
#include "policies/reward.h"
#include "tests/contract/contract.h"
#include "tests/unit/noise.h"
#include "tests/unit/policies.h"
#include "tests/unit/rules.h"

static syn_rewarder *reward_of(const char *text) {
  syn_rewarder *rewarder;
  syn_ctx ctx = {0};
  if (syn_reward_open_text(&rewarder, "x.lua", text, strlen(text), NULL, 0, &ctx))
    fail_msg("%s", ctx.error);
  return rewarder;
}

static syn_rewarder *reward_in(const char *path) {
  char *text;
  size_t size;
  syn_rewarder *rewarder = NULL;
  syn_ctx ctx = {0};
  if (syn_rule_read(&text, &size, path, &ctx) ||
      syn_reward_open_text(&rewarder, path, text, size, NULL, 0, &ctx))
    fail_msg("%s", ctx.error);
  free(text);
  return rewarder;
}

static syn_options options_of(int images, int change) {
  syn_options o;
  syn_options_default(&o, images ? &syn_task_images : &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  if (images)
    assert_int_equal(syn_options_set_list(&o, "net", (double[]){36, 5, 3}, 3, NULL), SYN_OK);
  o.iterations = 300;
  o.batch_size = 30;
  o.batch_interval = 25;
  o.batch_change = change;
  o.trace = 1;
  return o;
}

/* The fingerprints of a run; the rewarder, if there is one, is closed. */
static syn_status run(syn_trace trace[2], syn_options o, syn_rewarder *rewarder, syn_ctx *ctx) {
  syn_task *task;
  syn_result *result = NULL;
  syn_policy *p = explore(0.25, OPEN("qtable", NUMBER("history", 2)));
  o.rewarder = rewarder;
  assert_int_equal(syn_task_open(&task, &o, o.task->images ? noise_images(240, 6, 3) : NULL,
                                 best_kernels(), ctx),
                   SYN_OK);
  syn_status status = syn_run_synaptic(&result, &o, task, p, best_kernels(), NULL, ctx);
  if (status == SYN_OK) {
    trace[0] = result->trace_action;
    trace[1] = result->trace_loss;
  }
  syn_result_close(result);
  syn_policy_close(p);
  syn_rewarder_close(rewarder);
  syn_task_close(task);
  return status;
}

static void plain(syn_options *o) {
  (void)o;
}
static void band(syn_options *o) {
  o->reward_band = 0.001;
  o->reward_tie = SYN_TIE_IS_ZERO;
}
static void slow(syn_options *o) {
  o->reward_against = SYN_AGAINST_AVERAGE;
  o->reward_memory = 10;
}
static void late(syn_options *o) {
  o->reward_delay = 5;
}

static const struct twin {
  const char *file;
  void (*set)(syn_options *o);
} twins[] = {
    {"policies/rewards/paper.lua", plain},
    {"policies/rewards/dead_band.lua", band},
    {"policies/rewards/slow_average.lua", slow},
    {"policies/rewards/delayed.lua", late},
};

/* With batches that carry the loss over, where a reference is kept, and that are measured anew, where it
 * is not. */
static void the_built_in_ones_have_the_same_bits(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
    for (int images = 0; images < 2; images++)
      for (int change = SYN_BATCH_CARRY; change <= SYN_BATCH_REMEASURE; change++) {
        if (change == SYN_BATCH_REMEASURE && twins[i].set == slow)
          continue;
        syn_options o = options_of(images, change);
        syn_trace own[2], built_in[2];
        syn_ctx ctx = {0};
        assert_int_equal(run(own, o, reward_in(twins[i].file), &ctx), SYN_OK);
        twins[i].set(&o);
        assert_int_equal(run(built_in, o, NULL, &ctx), SYN_OK);
        if (memcmp(own, built_in, sizeof own) != 0)
          fail_msg("%s: other bits than the built-in one (images %d, batches %d)", twins[i].file,
                   images, change);
      }
}

/* Every shipped reward runs, and no two do the same. */
static void all_run_and_differ(void **state) {
  (void)state;
  DIR *dir = opendir("policies/rewards");
  const struct dirent *entry;
  syn_trace trace[16][2];
  size_t n = 0;
  assert_non_null(dir);
  while ((entry = readdir(dir))) {
    char path[300];
    syn_ctx ctx = {0};
    if (!strstr(entry->d_name, ".lua"))
      continue;
    snprintf(path, sizeof path, "policies/rewards/%s", entry->d_name);
    if (run(trace[n], options_of(0, SYN_BATCH_CARRY), reward_in(path), &ctx))
      fail_msg("%s", ctx.error);
    for (size_t k = 0; k < n; k++)
      assert_memory_not_equal(trace[k], trace[n], sizeof *trace);
    n++;
  }
  closedir(dir);
  assert_true(n >= 7);
}

#define REWARD(fields, body)                                                                       \
  "return reward { name = 'x', " fields "\n  value = function(now, m, p)\n    " body "\n  end }\n"

static void it_hears_what_it_asks_for(void **state) {
  (void)state;
  static const char text[] = REWARD(
      "sees = { 'accuracy', 'classes' }, memory = function() return { last = nil, n = 0 } end,",
      "assert(now.accuracy >= 0 and now.accuracy <= 1 and #now.classes == 3)\n"
      "    local sum, k = 0, 0\n"
      "    for _, loss in ipairs(now.classes) do if loss then sum, k = sum + loss, k + 1 end end\n"
      "    assert(math.abs(sum / k - now.loss) < 1.5 and now.loss > 0)\n"
      "    m.n = m.n + 1\n"
      "    assert(now.iteration == m.n and now.new_batch == (m.n > 1 and (m.n - 1) % 25 == 0), "
      "m.n)\n"
      "    if m.last then assert(math.abs(m.last + now.loss_change - now.loss) < 1e-9) end\n"
      "    m.last = now.loss\n"
      "    return 0.5");
  syn_trace trace[2];
  syn_ctx ctx = {0};
  if (run(trace, options_of(1, SYN_BATCH_CARRY), reward_of(text), &ctx))
    fail_msg("%s", ctx.error);
}

/* What a check tells of falls and rises, and what it warns of. */
static void a_check_tells_what_is_rewarded(void **state) {
  (void)state;
  static const struct {
    const char *body;
    double falls, rises; /* -1: between 0.2 and 0.8 */
    const char *says;
  } cases[] = {
      {"return now.loss_change < 0 and 1 or -1", 1, 0, ""},
      {"return now.loss_change", 0, 1, "it rewards a loss that rises rather than one that falls"},
      {"return now.loss_change > 0 and 1 or 0", 0, 1, "is its sign turned over?"},
      {"return 1", 1, 1, "it says 1 whatever the loss does"},
      {"return 0", 0, 0, "it says 0 whatever the loss does: it never rewards"},
      {"return -0.5", 0, 0, "it says -0.5 whatever the loss does: it never rewards"},
      {"return now.loss_change < 0 and 0 or -1", 0, 0, "it never rewards: none of its answers"},
      {"return math.exp(-now.loss)", 1, 1, "it rewards everything: histories"},
      {"return math.random() < 0.5 and 1 or -1", -1, -1, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[400];
    syn_ctx ctx = {0};
    syn_reward_report report;
    snprintf(text, sizeof text, REWARD("", "%s"), cases[i].body);
    if (check_reward(&report, text, 400, &ctx))
      fail_msg("%s", ctx.error);
    assert_says(report.warning[0], cases[i].says);
    if (!*report.warning[0] != !*cases[i].says)
      fail_msg("%s: warns: %s", cases[i].body, report.warning[0]);
    if (cases[i].falls < 0)
      assert_true(report.falls > 0.2 && report.falls < 0.8 && report.rises > 0.2 &&
                  report.rises < 0.8);
    else
      assert_true(report.falls == cases[i].falls && report.rises == cases[i].rises);
  }
}

typedef struct mistake {
  const char *text, *says;
} mistake;

static const mistake at_loading[] = {
    {"return reward { name = 'x' }", "value is missing: value = function(now, m, p)"},
    {"return reward { name = 'x', value = 3 }", "reward: value must be a function, but is 3"},
    {"return reward { name = 'x', vlaue = 3 }",
     "reward has no field 'vlaue'; did you mean 'value'?"},
    {"return reward { name = 'x', init = 3 }", "reward has no field 'init'; here it is memory"},
    {"return reward { name = 'x', act = 3 }", "reward has no field 'act'; here it is value"},
    {"return rule { name = 'x' }", "this file is a rule, no reward"},
    {"return 3", "the file must end with `return reward { ... }`"},
    {REWARD("sees = { 'loss' },", ""), "a reward can ask for \"accuracy\" and \"classes\""},
    {REWARD("sees = 'accuracy',", ""), "it is a list of names"},
    {REWARD("memory = function() end,", ""),
     "memory returned nothing; it returns the memory that value changes"},
};

static const mistake at_work[] = {
    {REWARD("", "return 2"), "x.lua:2: value returned 2; it must return a number from -1 to 1"},
    {REWARD("", "return 0/0"), "value returned "},
    {REWARD("", "return '1'"), "value returned the text \"1\""},
    {REWARD("", "local x = 1"), "value returned nil"},
    {REWARD("", "return now.accuracy"), "now.accuracy is not in sees"},
    {REWARD("", "now.x = 1 return 1"), "now.x is assigned; what is to last goes into the memory m"},
    {REWARD("memory = function() return {} end,",
            "m.old = m.old or now return m.old.loss_change < 0 and 1 or -1"),
     "now is used after its call"},
    {REWARD("", "m.n = 1 return 1"),
     "(local 'm'); the memory is what memory = function(p) returns, and this reward has none"},
    {REWARD("", "return now.lose"), "now has no field 'lose'; did you mean 'loss'?"},
    {REWARD("", "if now.iteration == 40 then error 'enough' end return 1"),
     "x.lua:3: enough (value, iteration 40, seed 1)"},
    {REWARD("", "return os.time()"), "os"},
    {REWARD("", "for i = 1, 1e9 do end return 1"), "steps"},
    {"local t = {}\nfor i = 1, 40 do t['k' .. i] = i end\n" REWARD(
         "", "local c = 0 for _, k in ipairs { 'k1', 'k7' } do c = c + #tostring(t) end return c / "
             "100"),
     ""},
};

static void mistakes_are_named(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof at_loading / sizeof *at_loading; i++) {
    syn_rewarder *rewarder;
    syn_ctx ctx = {0};
    const char *text = at_loading[i].text;
    assert_int_not_equal(
        syn_reward_open_text(&rewarder, "x.lua", text, strlen(text), NULL, 0, &ctx), SYN_OK);
    assert_says(ctx.error, at_loading[i].says);
  }
  for (size_t i = 0; i < sizeof at_work / sizeof *at_work; i++) {
    syn_trace trace[2];
    syn_ctx ctx = {0};
    syn_status status =
        run(trace, options_of(0, SYN_BATCH_CARRY), reward_of(at_work[i].text), &ctx);
    if (*at_work[i].says && (!status || !strstr(ctx.error, at_work[i].says)))
      fail_msg("expected: %s\ngot: %s", at_work[i].says, ctx.error);
  }
}

/* Its random numbers are the run's, and not those that rules draw. */
static void draws_come_from_the_seed(void **state) {
  (void)state;
  static const char text[] = REWARD("", "return math.random() < 0.5 and 1 or -1");
  syn_trace one[2], two[2], other[2];
  syn_ctx ctx = {0};
  syn_options o = options_of(0, SYN_BATCH_CARRY);
  assert_int_equal(run(one, o, reward_of(text), &ctx), SYN_OK);
  assert_int_equal(run(two, o, reward_of(text), &ctx), SYN_OK);
  assert_memory_equal(one, two, sizeof one);
  o.seed = 2;
  assert_int_equal(run(other, o, reward_of(text), &ctx), SYN_OK);
  assert_memory_not_equal(one, other, sizeof one);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_built_in_ones_have_the_same_bits),
      cmocka_unit_test(all_run_and_differ),
      cmocka_unit_test(it_hears_what_it_asks_for),
      cmocka_unit_test(a_check_tells_what_is_rewarded),
      cmocka_unit_test(mistakes_are_named),
      cmocka_unit_test(draws_come_from_the_seed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
