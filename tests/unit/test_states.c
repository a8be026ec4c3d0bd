/* Rules that remember: states of a synapse's own, the memory of a step, draws, and long steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policies/rule.h"
#include "tests/contract/contract.h"

enum {
  INPUTS = 3,
  UNITS = 4,
  FIRST = UNITS * (INPUTS + 1),
  SECOND = 2 * (UNITS + 1),
  N = FIRST + SECOND
};

static const syn_plan network = {
    .groups = 2, .group = {{0, UNITS, INPUTS, 0}, {FIRST, 2, UNITS, 0}}, .synapses = N};

typedef struct world {
  syn_policy *policy;
  syn_view view;
  syn_layer_view layer[2];
  float weight[N];
  int8_t last[N], action[N];
  uint8_t local[N];
} world;

static void open_world(world *w, const char *text) {
  syn_ctx ctx = {0};
  *w = (world){0};
  if (syn_rule_open_text(&w->policy, "x.lua", text, strlen(text), NULL, 0, &ctx) ||
      w->policy->type->start(w->policy, &network, best_kernels(), &ctx))
    fail_msg("%s", ctx.error);
  w->layer[0] = (syn_layer_view){0, INPUTS, UNITS, w->weight, w->weight, w->weight};
  w->layer[1] = (syn_layer_view){FIRST, UNITS, 2, w->weight + FIRST, w->weight, w->weight};
  w->view = (syn_view){.seed = 5,
                       .n = N,
                       .locals = 1,
                       .local = w->local,
                       .last = w->last,
                       .layers = 2,
                       .layer = w->layer,
                       .loss = 2.5,
                       .loss_change = -0.5,
                       .reward = 1,
                       .value = 0.25};
}

static syn_status act(world *w, syn_ctx *ctx) {
  syn_status status = w->policy->type->act(w->policy, &w->view, w->action, ctx);
  memcpy(w->last, w->action, N);
  w->view.iteration++;
  return status;
}

static void acts(world *w, int wanted) {
  syn_ctx ctx = {0};
  if (act(w, &ctx))
    fail_msg("%s", ctx.error);
  for (size_t s = 0; s < N; s++)
    assert_int_equal(w->action[s], wanted);
}

static void close_world(world *w) {
  w->policy->type->close(w->policy);
}

#define RULE(fields, body)                                                                         \
  "return rule { name = 'x', sees = { 'action', 'random', 'reward', 'loss', 'loss_change',\n"      \
  "  'reward_value' }, " fields "\n  step = function(v, out, p, m)\n" body "\n  end }\n"

static void a_state_lasts(void **state) {
  (void)state;
  world w;
  open_world(&w, RULE("state = { n = 3 },", "v.n = v.n + 1 out:set(gt(v.n, 5))"));
  static const int wanted[] = {0, 0, 1, 1};
  for (size_t t = 0; t < 4; t++)
    acts(&w, wanted[t]);
  assert_int_equal(w.policy->type->start(w.policy, &network, best_kernels(), NULL), SYN_OK);
  acts(&w, 0); /* a new run begins anew */
  close_world(&w);
}

/* A view stays what it was when the state it came from is assigned; states change places at once. */
static void views_of_states_are_values(void **state) {
  (void)state;
  world w;
  open_world(&w, RULE("state = { a = 1, b = -1, old = 0 },", "local before = v.a\n"
                                                             "v.a = v.a * 5\n"
                                                             "assert(before[1] == v.a[1] / 5)\n"
                                                             "v.a, v.b = v.b, before\n"
                                                             "v.old = 7\n"
                                                             "out:set(v.a)"));
  acts(&w, -1);
  acts(&w, 1);
  acts(&w, -1);
  close_world(&w);
}

static void shapes_are_spread(void **state) {
  (void)state;
  world w;
  open_world(&w, RULE("state = { x = 0 },", "v.x = v.layer == 1 and 1 or v.reward - 2\n"
                                            "out:set(v.x)"));
  syn_ctx ctx = {0};
  assert_int_equal(act(&w, &ctx), SYN_OK);
  for (size_t s = 0; s < N; s++)
    assert_int_equal(w.action[s], s < FIRST ? 1 : -1);
  close_world(&w);
}

static void facts_are_there(void **state) {
  (void)state;
  world w;
  open_world(&w, RULE("", "assert(v.layers == 2 and v.fan_in == v.inputs)\n"
                          "assert(v.loss == 2.5 and v.loss_change == -0.5)\n"
                          "assert(v.reward_value == 0.25 and v.iteration == 1)\n"
                          "out:set(v.reward)"));
  acts(&w, 1);
  close_world(&w);
}

static void a_memory_is_one_for_all_layers(void **state) {
  (void)state;
  world w;
  open_world(&w, RULE("params = { from = 2 }, init = function(p) return { n = p.from } end,",
                      "m.n = m.n - 1 out:set(m.n >= -1 and 1 or -1)"));
  acts(&w, 1); /* 1, 0 */
  syn_ctx ctx = {0};
  assert_int_equal(act(&w, &ctx), SYN_OK); /* -1, -2 */
  assert_int_equal(w.action[0], 1);
  assert_int_equal(w.action[N - 1], -1);
  assert_int_equal(w.policy->type->start(w.policy, &network, best_kernels(), NULL), SYN_OK);
  acts(&w, 1);
  close_world(&w);
}

static void draws_are_numbers_of_their_own(void **state) {
  (void)state;
  world w;
  open_world(&w, RULE("state = { a = 0, b = 0, c = 0 },",
                      "v.a, v.b, v.c = v.random, v:draw(), v:draw()\n"
                      "for i = 1, #v.a do\n"
                      "  assert(v.a[i] ~= v.b[i] and v.b[i] ~= v.c[i] and v.a[i] ~= v.c[i])\n"
                      "  assert(v.a[i] >= 0 and v.c[i] < 1)\n"
                      "end\n"
                      "out:set(sign(v.a - v.a))"));
  acts(&w, 0);
  close_world(&w);
}

static void sometimes_is_a_chance(void **state) {
  (void)state;
  world w;
  open_world(&w, RULE("", "out:sometimes(v.layer == 1 and -0.25 or 2)"));
  int moved = 0, rounds = 2000;
  for (int t = 0; t < rounds; t++) {
    syn_ctx ctx = {0};
    assert_int_equal(act(&w, &ctx), SYN_OK);
    for (size_t s = 0; s < N; s++) {
      assert_true(s < FIRST ? w.action[s] <= 0 : w.action[s] == 1);
      moved += s < FIRST && w.action[s];
    }
  }
  double share = moved / (double)(rounds * FIRST); /* sd 0.0024 */
  assert_true(share > 0.24 && share < 0.26);
  close_world(&w);
}

/* Of whole numbers nothing is left to chance, and beyond `steps` there is nothing. */
static void sometimes_rounds_longer_steps(void **state) {
  (void)state;
  world w;
  open_world(&w, RULE("steps = 4,", "out:sometimes(v.layer == 1 and -2.25 or v.iteration % 2 == 0 "
                                    "and 3 or 1/0)"));
  int longer = 0, rounds = 2000;
  for (int t = 0; t < rounds; t++) {
    syn_ctx ctx = {0};
    assert_int_equal(act(&w, &ctx), SYN_OK);
    for (size_t s = 0; s < N; s++) {
      assert_true(s < FIRST ? w.action[s] == -2 || w.action[s] == -3
                            : w.action[s] == (t % 2 ? 3 : 4));
      longer += s < FIRST && w.action[s] == -3;
    }
  }
  double share = longer / (double)(rounds * FIRST); /* sd 0.0024 */
  assert_true(share > 0.24 && share < 0.26);
  close_world(&w);
}

static void long_steps(void **state) {
  (void)state;
  world w;
  open_world(&w, RULE("steps = 8,", "out:set(v.iteration % 2 == 0 and -8 or 5)"));
  assert_int_equal(w.policy->type->max_action(w.policy), 8);
  acts(&w, 5);
  acts(&w, -8);
  close_world(&w);
}

/* Two iterations of a rule that learns: of the first one it hears in the second, by layer and with what
 * followed. All synapses begin in the same state; those of the first layer move up and then rest, all but
 * one; those of the second move down, and again. */
static void transitions_tell_layers_and_what_followed(void **state) {
  (void)state;
  static const char text[] =
      "return rule { name = 'x', history = 1, by_layer = true, next_action = true,\n"
      "init = function() return {} end,\n"
      "learn = function(m, transitions, p, now)\n"
      "  local parts = {}\n"
      "  for i, t in ipairs(transitions) do\n"
      "    parts[i] = ('%d: %d then %d, %d, %g, %d'):format(t.layer, t.a, t.a2, t.r, t.dl, "
      "t.count)\n"
      "  end\n"
      "  local got, want = table.concat(parts, '; '), now.iteration == 1 and ''\n"
      "    or '1: 1 then 0, -1, 0.25, 15; 1: 1 then 1, -1, 0.25, 1; 2: -1 then -1, -1, 0.25, 10'\n"
      "  assert(got == want, got)\n"
      "  assert(now.loss_change == (now.iteration == 1 and 0.25 or -0.5))\n"
      "end, act = function() return 0 end }\n";
  world w;
  open_world(&w, text);
  uint8_t before[N], after[N];
  int8_t action[N];
  for (size_t s = 0; s < N; s++) {
    before[s] = 1;
    action[s] = s < FIRST ? 1 : -1;
    after[s] = s < FIRST ? 2 : 0;
  }
  syn_transition step = {.n = N,
                         .locals = 3,
                         .before = before,
                         .after = after,
                         .reward_before = 1,
                         .reward_after = 0,
                         .action = action,
                         .reward = -1,
                         .value = -1,
                         .loss_change = 0.25};
  syn_ctx ctx = {0};
  if (w.policy->type->learn(w.policy, &step, &ctx))
    fail_msg("%s", ctx.error);
  memcpy(before, after, N);
  for (size_t s = 1; s < FIRST; s++)
    action[s] = 0;
  step.iteration = 1;
  step.loss_change = -0.5;
  step.reward = 1;
  if (w.policy->type->learn(w.policy, &step, &ctx))
    fail_msg("%s", ctx.error);
  close_world(&w);
}

typedef struct mistake {
  const char *text, *says;
} mistake;

/* What loads fails when it acts; what does not load says so at once. */
static const mistake mistakes[] = {
    {RULE("state = { n = 'x' },", ""),
     "state 'n' begins with the text \"x\"; it is a finite number"},
    {RULE("state = { 3 },", ""), "every state has a name, state = { credit = 0 }"},
    {RULE("state = 3,", ""), "state is 3; it is a table of names"},
    {RULE("state = { weight = 0 },", ""), "state 'weight' has the name of something that v has"},
    {RULE("state = { draw = 0 },", ""), "state 'draw' has the name of something that v has"},
    {RULE("state = { layer = 0 },", ""), "state 'layer' has the name of something that v has"},
    {RULE("state = { ['a b'] = 0 },", ""), "state 'a b' is no name"},
    {RULE("steps = 9,", ""), "steps is 9; it is the greatest step of an action, 1 to 8"},
    {RULE("steps = 1.5,", ""), "steps is 1.5"},
    {RULE("state = { n = 0 },", "v.m = 1 out:set(0)"), "x.lua:4: v.m is assigned; only states can"},
    {RULE("", "v.weight = 1 out:set(0)"), "v.weight is assigned; only states can be"},
    {RULE("state = { n = 0 },", "v.n = 'x' out:set(0)"),
     "v.n got the text \"x\"; a state takes a view or a number"},
    {RULE("state = { n = 0 },", "v.n = 1 / (v.n - v.n) out:set(0)"),
     "v.n is infinite for the bias of unit 1 at the end of step; states are finite"},
    {RULE("state = { n = 0 },", "v.n = (v.n - v.n) / (v.n - v.n) out:set(0)"), "v.n is nan for"},
    {RULE("state = { credit = 0 },", "out:set(v.credti)"), "did you mean 'credit'?"},
    {RULE("state = { n = 0 },", "if v.n == 0 then out:set(0) end"), "cannot be compared by =="},
    {RULE("", "out:set(2 * v.action + 2)"), "it wants -1, 0 or 1, or steps = 2 to 8 in the rule"},
    {RULE("steps = 2,", "out:set(v.action + 3)"), "it wants whole numbers from -2 to 2"},
    {RULE("", "out:sometimes(0 / v.action)"), "out:sometimes got nan"},
    {RULE("steps = 3,", "out:sometimes(0 / v.action)"), "out:sometimes got nan"},
    {RULE("", "v.draw() out:set(0)"), "write v:draw(), with a colon"},
    {RULE("init = function() end,", "out:set(0)"), "init returned nothing; it returns the memory"},
    {"return rule { name = 'x', history = 1, by_layer = true, act = function() return 0 end }",
     "by_layer belongs to rules with learn"},
    {"return rule { name = 'x', history = 1, state = { n = 0 }, act = function() return 0 end }",
     "state does not go with act; it belongs to rules with a step"},
};

static void mistakes_are_named(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    const char *text = mistakes[i].text;
    syn_ctx ctx = {0};
    world w = {0};
    syn_status status = syn_rule_open_text(&w.policy, "x.lua", text, strlen(text), NULL, 0, &ctx);
    if (!status)
      status = w.policy->type->start(w.policy, &network, best_kernels(), &ctx);
    if (!status) {
      syn_policy_close(w.policy);
      open_world(&w, text);
      status = act(&w, &ctx);
    }
    syn_policy_close(w.policy);
    if (!status || !strstr(ctx.error, mistakes[i].says))
      fail_msg("expected: %s\ngot: %s\nof:\n%s", mistakes[i].says, ctx.error, text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_state_lasts),
      cmocka_unit_test(views_of_states_are_values),
      cmocka_unit_test(shapes_are_spread),
      cmocka_unit_test(facts_are_there),
      cmocka_unit_test(a_memory_is_one_for_all_layers),
      cmocka_unit_test(draws_are_numbers_of_their_own),
      cmocka_unit_test(sometimes_is_a_chance),
      cmocka_unit_test(sometimes_rounds_longer_steps),
      cmocka_unit_test(long_steps),
      cmocka_unit_test(transitions_tell_layers_and_what_followed),
      cmocka_unit_test(mistakes_are_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
