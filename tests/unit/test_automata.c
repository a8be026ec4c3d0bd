/* Shipped rules that remember do what their sources say: each against a plain loop over single synapses,
 * written from the source and not from the rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/numeric/vec.h"
#include "policies/rule.h"
#include "tests/contract/contract.h"

enum { INPUTS = 6, UNITS = 5, N = UNITS * (INPUTS + 1), ITERATIONS = 400, SEED = 9 };

static const syn_plan network = {.groups = 1, .group = {{0, UNITS, INPUTS, 0}}, .synapses = N};

/* What a plain loop knows, and keeps. */
typedef struct plain {
  uint32_t iteration; /* from 1 */
  int reward;
  double loss, loss_change;
  int last[N], action[N];
  float x[N], y[N]; /* of the synapses */
  double a, b;      /* of the network */
  int flag;
} plain;

/* Random number k of a synapse in this iteration: v.random is number 0. */
static float draw(const plain *p, size_t s, uint64_t k) {
  return syn_random_uniform(SEED, SYN_STREAM_RULE, p->iteration - 1, s + (k << 34));
}

static int coin(const plain *p, size_t s) {
  float u = draw(p, s, 0) - 0.5f;
  return (u > 0) - (u < 0);
}

static int sign(float x) {
  return (x > 0) - (x < 0);
}

/* ---- automata ---------------------------------------------------------------------------------- */

/* States 1..3 hold "up", -1..-3 "down"; x is the state, 0 before the first move. */
static void tsetlin(plain *p) {
  for (size_t s = 0; s < N; s++) {
    int state = (int)p->x[s];
    if (state == 0)
      state = draw(p, s, 0) < 0.5f ? -1 : 1;
    int side = state > 0 ? 1 : -1;
    if (p->reward > 0 && state * side < 3 && p->x[s] != 0)
      state += side;
    else if (p->reward < 0 && state * side == 1)
      state = -state;
    else if (p->reward < 0)
      state -= side;
    p->x[s] = (float)state;
    p->action[s] = sign(p->x[s]);
  }
}

static void krinsky(plain *p) {
  for (size_t s = 0; s < N; s++) {
    int state = (int)p->x[s];
    if (state == 0)
      state = draw(p, s, 0) < 0.5f ? -1 : 1;
    int side = state > 0 ? 1 : -1;
    if (p->reward > 0)
      state = 3 * side;
    else if (p->reward < 0)
      state = state * side == 1 ? -state : state - side;
    p->x[s] = (float)state;
    p->action[s] = sign(p->x[s]);
  }
}

/* x: the probability of a move up. */
static void reward_inaction(plain *p) {
  for (size_t s = 0; s < N; s++) {
    if (p->iteration == 1)
      p->x[s] = 0.5f;
    else if (p->reward > 0)
      p->x[s] = p->x[s] + 0.02f * ((p->last[s] > 0 ? 1.0f : 0.0f) - p->x[s]);
    p->action[s] = draw(p, s, 0) < p->x[s] ? 1 : -1;
  }
}

/* ---- tries and votes --------------------------------------------------------------------------- */

static void probe_and_vote(plain *p) {
  for (size_t s = 0; s < N; s++) {
    if (p->iteration % 2 == 1) {
      p->action[s] = coin(p, s);
      continue;
    }
    p->x[s] = 0.998f * p->x[s] + (float)(p->reward * p->last[s]);
    float chance = 0.05f * p->x[s];
    if (p->reward < 0)
      p->action[s] = -p->last[s];
    else
      p->action[s] = fabsf(chance) > draw(p, s, 1) ? sign(chance) : 0;
  }
}

/* x: credit; y: the last try. A cycle of 20; a vote of 0.4 * credit steps. */
static void many_probes(plain *p) {
  for (size_t s = 0; s < N; s++) {
    int try = (int)p->y[s], back = p->reward < 0 ? -try:
      0;
    p->x[s] = 0.999f * p->x[s] + (float)(p->reward * try);
    if (p->iteration % 20 != 0) {
      p->y[s] = draw(p, s, 0) < 0.5f ? -1 : 1;
      p->action[s] = back + (int)p->y[s];
      continue;
    }
    float wish = (float)back + (float)0.4 * p->x[s], size = fminf(fabsf(wish), 8);
    int whole = (int)size;
    whole += draw(p, s, 1) < size - (float)whole;
    p->y[s] = 0;
    p->action[s] = sign(wish) * whole;
  }
}

/* x: what the pair said, in steps; y: the direction. a: the loss on its first side, b: the usual
 * difference. */
static void spsa(plain *p) {
  double says = 0;
  if (p->iteration % 2 == 0) {
    p->a = p->loss;
    for (size_t s = 0; s < N; s++)
      p->action[s] = -2 * (int)p->y[s];
    return;
  }
  if (p->iteration > 1) {
    double fall = p->loss - p->a;
    p->b = p->b > 0 ? 0.98 * p->b + 0.02 * fabs(fall) : fabs(fall);
    says = fmax(-3, fmin(3, fall / p->b));
  }
  for (size_t s = 0; s < N; s++) {
    float back = p->y[s], side = draw(p, s, 0) < 0.5f ? -1 : 1;
    float wish = back + (float)says * p->y[s] + side, size = fminf(fabsf(wish), 8);
    int whole = (int)size;
    whole += draw(p, s, 1) < size - (float)whole;
    p->action[s] = sign(wish) * whole;
    p->y[s] = side;
  }
}

/* a: the share of synapses that try; y: the last try. */
static void one_plus_one(plain *p) {
  if (p->iteration == 1)
    p->a = 0.5;
  else
    p->a = p->reward > 0 ? fmin(1, p->a * 1.5) : fmax(1e-5, p->a / pow(1.5, 0.25));
  for (size_t s = 0; s < N; s++) {
    int back = p->reward > 0 ? 0 : -(int)p->y[s];
    float u = draw(p, s, 0), share = (float)p->a;
    p->y[s] = u < (float)(p->a / 2) ? -1 : u < share ? 1 : 0;
    p->action[s] = back + (int)p->y[s];
  }
}

/* a: the temperature, b: the changes since the last one. */
static void alopex(plain *p) {
  p->b += fabs(p->loss_change);
  if (p->iteration % 10 == 0) {
    p->a = p->b / 10;
    p->b = 0;
  }
  for (size_t s = 0; s < N; s++) {
    float up = 1.0f / (1.0f + syn_exp((float)p->loss_change * (float)p->last[s] / (float)p->a));
    p->action[s] = p->iteration == 1 || p->a == 0 ? coin(p, s) : draw(p, s, 0) < up ? 1 : -1;
  }
}

/* x: the size of a step, y: the running side of rewarded moves. */
static void rprop(plain *p) {
  for (size_t s = 0; s < N; s++) {
    if (p->iteration == 1)
      p->x[s] = 1;
    float before = p->y[s];
    p->y[s] = 0.9f * before + (float)(p->reward * sign((float)p->last[s]));
    int agree = sign(before) * sign(p->y[s]);
    p->x[s] = p->x[s] * (agree > 0 ? 1.2f : agree < 0 ? 0.5f : 1.0f);
    p->x[s] = p->x[s] < 1 ? 1 : p->x[s] > 8 ? 8 : p->x[s];
    float up = 0.5f + 0.4f * syn_tanh(p->y[s]);
    p->action[s] = (int)p->x[s] * (draw(p, s, 0) < up ? 1 : -1);
  }
}

/* ---- both -------------------------------------------------------------------------------------- */

static const struct pair {
  const char *name;
  void (*act)(plain *p);
} pairs[] = {
    {"tsetlin", tsetlin},
    {"krinsky", krinsky},
    {"alopex", alopex},
    {"reward_inaction", reward_inaction},
    {"many_probes", many_probes},
    {"probe_and_vote", probe_and_vote},
    {"spsa", spsa},
    {"one_plus_one", one_plus_one},
    {"rprop", rprop},
};

static void compare(const struct pair *pair) {
  char path[200];
  float weight[N] = {0}, zeros[N] = {0};
  int8_t last[N] = {0}, action[N];
  uint8_t local[N] = {0};
  syn_policy *policy;
  syn_ctx ctx = {0};
  snprintf(path, sizeof path, "policies/rules/%s.lua", pair->name);
  if (syn_rule_open(&policy, path, NULL, 0, &ctx) ||
      policy->type->start(policy, &network, best_kernels(), &ctx))
    fail_msg("%s", ctx.error);
  plain p = {.loss = 1};
  for (uint32_t t = 0; t < ITERATIONS; t++) {
    const syn_layer_view layer = {0, INPUTS, UNITS, weight, zeros, zeros};
    const syn_view view = {.seed = SEED,
                           .iteration = t,
                           .n = N,
                           .locals = 1,
                           .local = local,
                           .last = last,
                           .layers = 1,
                           .layer = &layer,
                           .reward = (int8_t)p.reward,
                           .value = p.reward,
                           .loss = p.loss,
                           .loss_change = p.loss_change};
    if (policy->type->act(policy, &view, action, &ctx))
      fail_msg("%s", ctx.error);
    p.iteration = t + 1;
    pair->act(&p);
    for (size_t s = 0; s < N; s++) {
      if (action[s] != p.action[s])
        fail_msg("%s: iteration %u, synapse %zu: %d, but its source says %d", path, t + 1, s,
                 action[s], p.action[s]);
      p.last[s] = last[s] = action[s];
    }
    p.reward = syn_random_bits(SEED, SYN_STREAM_BATCH, 0, t) & 1 ? 1 : -1;
    p.loss_change = -0.01 * p.reward * (double)syn_random_uniform(SEED, SYN_STREAM_BATCH, 1, t);
    p.loss += p.loss_change;
  }
  policy->type->close(policy);
}

static void rules_do_what_their_sources_say(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    compare(&pairs[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(rules_do_what_their_sources_say)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
