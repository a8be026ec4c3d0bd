#include "experiments/host/bench/rules.h"

#include <stdio.h>
#include <string.h>

#include "experiments/host/run/rules.h"

#define ROUNDS HOST_ROUNDS

/* win_stay.lua as a policy file. */
static const char win_stay[] = "a_newer,r_newer,q_dec,q_null,q_inc\n"
                               "-1,-1,0,0,1\n0,-1,0,1,0\n1,-1,1,0,0\n"
                               "-1,0,0,0,1\n0,0,0,1,0\n1,0,1,0,0\n"
                               "-1,1,1,0,0\n0,1,0,1,0\n1,1,0,0,1\n";

static syn_status open_rule(syn_policy **out, const host *h, const char *name, syn_ctx *ctx) {
  char path[8192];
  snprintf(path, sizeof path, "%s/policies/rules/%s.lua", h->home, name);
  return syn_rule_open(out, path, NULL, 0, ctx);
}

static syn_status open_c(syn_policy **out, const char *name, const char *param, const char *text,
                         syn_ctx *ctx) {
  syn_arg arg = {.name = param, .kind = SYN_ARG_TEXT, .text = text};
  return syn_policy_open(out, name, &arg, 1, ctx);
}

/* Opens one of the two, times a short boundary run with it. */
static syn_status time_policy(double *out, const host *h, int lua, int learning, syn_ctx *ctx) {
  syn_options o;
  syn_policy *policy = NULL;
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.iterations = 400;
  o.curve_every = 0;
  syn_status status = lua        ? open_rule(&policy, h, learning ? "q_learning" : "win_stay", ctx)
                      : learning ? open_c(&policy, "qtable", "order", "synchronous", ctx)
                                 : open_c(&policy, "table", "csv", win_stay, ctx);
  if (!status)
    status = host_time_run(out, &(host_timing){.kernels = h->kernels, .skip = 1}, &o, policy, ctx);
  syn_policy_close(policy);
  return status;
}

static syn_status compare_runs(double *ratio, const host *h, int learning, syn_ctx *ctx) {
  double ratios[ROUNDS];
  syn_status status = SYN_OK;
  for (size_t i = 0; i < ROUNDS && !status; i++) {
    double c = 1, lua = 1;
    status = time_policy(&lua, h, 1, learning, ctx);
    if (!status)
      status = time_policy(&c, h, 0, learning, ctx);
    ratios[i] = lua / c;
  }
  *ratio = host_median(ratios, ROUNDS);
  return status;
}

/* ---- a local rule, its step alone ------------------------------------------------------------ */

typedef struct layer {
  size_t inputs, units;
  float *weight, *pre, *post;
  int8_t *action;
  syn_arena arena;
} layer;

static syn_status make_layer(layer *l, size_t inputs, size_t units, syn_ctx *ctx) {
  size_t n = (inputs + 1) * units;
  *l = (layer){.inputs = inputs, .units = units};
  if (!(l->weight = syn_arena_take(&l->arena, n, sizeof(float))) ||
      !(l->pre = syn_arena_take(&l->arena, inputs, sizeof(float))) ||
      !(l->post = syn_arena_take(&l->arena, units, sizeof(float))) ||
      !(l->action = syn_arena_take(&l->arena, n, 1)))
    return syn_fail_memory(ctx, "the benchmark");
  for (size_t i = 0; i < n; i++)
    l->weight[i] = (float)(i * 37 % 101) / 50.0f - 1.0f;
  for (size_t i = 0; i < inputs; i++)
    l->pre[i] = (float)(i * 13 % 29) / 29.0f;
  for (size_t u = 0; u < units; u++)
    l->post[u] = (float)(u * 7 % 11) / 11.0f - 0.5f;
  return SYN_OK;
}

/* hebb.lua as one would write it in C. */
static void hebb(const layer *l, float reward, float decay) {
  for (size_t u = 0; u < l->units; u++) {
    const float *w = l->weight + u * (l->inputs + 1);
    int8_t *a = l->action + u * (l->inputs + 1);
    for (size_t i = 0; i <= l->inputs; i++) {
      float pre = i ? l->pre[i - 1] : 1.0f;
      float x = reward * pre * l->post[u] - decay * w[i];
      a[i] = (int8_t)((x > 0) - (x < 0));
    }
  }
}

static syn_status compare_steps(double *ratio, syn_policy *rule, layer *l, syn_ctx *ctx) {
  enum { CALLS = 200 };
  double ratios[ROUNDS];
  size_t n = (l->inputs + 1) * l->units;
  syn_layer_view view = {0, l->inputs, l->units, l->weight, l->pre, l->post};
  syn_view seen = {
      .seed = 1, .n = n, .locals = 1, .reward = 1, .last = l->action, .layers = 1, .layer = &view};
  syn_status status = SYN_OK;
  for (size_t round = 0; round < ROUNDS && !status; round++) {
    double begin = syn_clock();
    for (size_t i = 0; i < CALLS && !status; i++, seen.iteration++)
      status = rule->type->act(rule, &seen, l->action, ctx);
    double lua = syn_clock() - begin;
    begin = syn_clock();
    for (size_t i = 0; i < CALLS; i++)
      hebb(l, i % 2 ? 1.0f : -1.0f, 0.01f);
    ratios[round] = lua / (syn_clock() - begin);
  }
  *ratio = host_median(ratios, ROUNDS);
  return status;
}

static syn_status bench_layer(json_t *out, const host *h, size_t inputs, size_t units,
                              syn_ctx *ctx) {
  layer l;
  syn_policy *rule = NULL;
  double ratio = 0;
  char name[24];
  syn_plan plan = {0};
  syn_plan_add(&plan, inputs, units);
  syn_status status = make_layer(&l, inputs, units, ctx);
  if (!status)
    status = open_rule(&rule, h, "hebb", ctx);
  if (!status)
    status = rule->type->start(rule, &plan, h->kernels, ctx);
  if (!status)
    status = compare_steps(&ratio, rule, &l, ctx);
  snprintf(name, sizeof name, "%zu", (inputs + 1) * units);
  if (!status)
    json_object_set_new(out, name, json_real(ratio));
  syn_policy_close(rule);
  syn_arena_close(&l.arena);
  return status;
}

/* ---- whole iterations on images --------------------------------------------------------------- */

static const char remembers[] = "return rule { name = 'remembers', state = { x = 0 },\n"
                                "sees = { 'reward', 'action' }, step = function(v, out)\n"
                                "v.x = 0.9 * v.x + v.reward * v.action\n"
                                "out:sign(v.x) end }\n";

enum { TABLE, REMEMBERS, REWARDED };

static syn_status time_iteration(double *out, const host *h, const syn_images *images, int hidden,
                                 int what, syn_ctx *ctx) {
  const double deep[] = {784, 32, 10}, flat[] = {784, 10};
  char path[8192];
  syn_options o;
  syn_policy *policy = NULL;
  syn_kernels dense = *h->kernels;
  dense.products = SYN_PRODUCTS_DENSE;
  syn_options_default(&o, &syn_task_images, SYN_METHOD_SYNAPTIC);
  syn_status status = syn_options_set_list(&o, "net", hidden ? deep : flat, hidden ? 3 : 2, ctx);
  o.iterations = hidden ? 40 : 80;
  o.batch_interval = o.curve_every = o.validate_every = 0;
  snprintf(path, sizeof path, "%s/policies/rewards/paper.lua", h->home);
  if (!status && what == REWARDED)
    status = host_reward_read(&o.rewarder, path, ctx);
  if (!status)
    status = what == REMEMBERS ? syn_rule_open_text(&policy, "remembers", remembers,
                                                    strlen(remembers), NULL, 0, ctx)
                               : open_c(&policy, "table", "csv", win_stay, ctx);
  if (!status)
    status = host_time_run(out, &(host_timing){.kernels = &dense, .images = images, .skip = 1}, &o,
                           policy, ctx);
  syn_policy_close(policy);
  syn_rewarder_close(o.rewarder);
  return status;
}

/* In turn with the table in C. */
static syn_status compare_iterations(double *ratio, const host *h, const syn_images *images,
                                     int hidden, int what, syn_ctx *ctx) {
  double ratios[ROUNDS];
  syn_status status = SYN_OK;
  for (size_t i = 0; i < ROUNDS && !status; i++) {
    double c = 1, lua = 1;
    status = time_iteration(&lua, h, images, hidden, what, ctx);
    if (!status)
      status = time_iteration(&c, h, images, hidden, TABLE, ctx);
    ratios[i] = lua / c;
  }
  *ratio = host_median(ratios, ROUNDS);
  return status;
}

syn_status host_bench_rules(json_t **out, const host *h, const syn_images *images, syn_ctx *ctx) {
  double table, learning, flat = 0, deep = 0, reward = 0;
  json_t *local = json_object();
  syn_status status = compare_runs(&table, h, 0, ctx);
  if (!status)
    status = compare_runs(&learning, h, 1, ctx);
  if (!status)
    status = bench_layer(local, h, 2, 100, ctx);
  if (!status)
    status = bench_layer(local, h, 784, 10, ctx);
  if (!status)
    status = bench_layer(local, h, 784, 32, ctx);
  if (!status)
    status = compare_iterations(&flat, h, images, 0, REMEMBERS, ctx);
  if (!status)
    status = compare_iterations(&deep, h, images, 1, REMEMBERS, ctx);
  if (!status)
    status = compare_iterations(&reward, h, images, 0, REWARDED, ctx);
  if (status)
    json_decref(local);
  else
    *out = json_pack("{s:f, s:f, s:o, s:{s:f, s:f}, s:f}", "table", table, "learning", learning,
                     "local", local, "state", "784-10", flat, "784-32-10", deep, "reward", reward);
  return status;
}
