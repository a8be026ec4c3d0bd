/* Short trajectories, and the fingerprint of every bit in them: losses, actions, rewards, weights
 * and the learned table. The same on every instruction set, at any number of threads, with every
 * compiler and level of optimisation, by the network in plain loops too; tests/golden/builds.sh runs
 * this program in all those ways.
 *
 *   trajectories [--quick]   every case on every instruction set that this CPU offers, with 1, 2
 *                            and 3 threads, by dense and by sparse products, and by plain loops;
 *                            --quick: one thread, best set
 *
 * Exit 0 if all fingerprints are those pinned below, else 1 and the lines that differ.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/run.h"
#include "policies/tables/qvalues.h"
#include "policies/registry.h"
#include "tests/golden/runs.h"
#include "tests/models/plain.h"

typedef struct golden {
  const char *name;
  const syn_task_class *task;
  double net[5];
  int hidden;
  const char *policy; /* qtable options by `order`, or "win-stay" as a frozen table */
  const char *order;
  double history, epsilon;
  double iterations, batch_size, batch_interval, rate, rate_switch, bias_step;
  int update, batch_change;
  const char *expected; /* loss action weight table, rewards up */
  const char *actions;  /* of qtable; NULL: its default */
  const char *options;  /* any others: "name value name value"; NULL: none */
} golden;

static const golden goldens[] = {
#include "tests/golden/trajectories.inc"
};

typedef struct text {
  char bytes[200000];
  size_t n;
} text;

static void append(void *self, const char *bytes, size_t n) {
  text *t = self;
  if (t->n + n < sizeof t->bytes) {
    memcpy(t->bytes + t->n, bytes, n);
    t->bytes[t->n += n] = '\0';
  }
}

/* Q-values whose greedy action repeats a rewarded move and reverses a penalised one. */
static void win_stay(text *out, unsigned history) {
  static double q[SYN_STATES_MAX * 3];
  size_t locals = 1;
  for (unsigned i = 0; i < history; i++)
    locals *= 3;
  for (size_t state = 0; state < locals * locals; state++) {
    int action = (int)(state % locals % 3) - 1, reward = (int)(state / locals % 3) - 1;
    for (int a = -1; a <= 1; a++)
      q[3 * state + (size_t)(a + 1)] = a == action * reward ? 1.0 : 0.0;
  }
  syn_qvalues_write(q, history, 3, append, out);
}

static syn_status open_policy(syn_policy **out, const golden *g, syn_ctx *ctx) {
  static text csv;
  syn_policy *inner;
  csv.n = 0;
  syn_status status;
  if (strcmp(g->policy, "win-stay") == 0) {
    win_stay(&csv, (unsigned)g->history);
    status =
        syn_policy_open(&inner, "table",
                        &(syn_arg){.name = "csv", .kind = SYN_ARG_TEXT, .text = csv.bytes}, 1, ctx);
  } else {
    syn_arg args[] = {{.name = "history", .kind = SYN_ARG_NUMBER, .number = g->history},
                      {.name = "order", .kind = SYN_ARG_TEXT, .text = g->order},
                      {.name = "actions", .kind = SYN_ARG_TEXT, .text = g->actions}};
    status = syn_policy_open(&inner, "qtable", args, g->actions ? 3 : 2, ctx);
  }
  if (status)
    return status;
  syn_arg args[] = {{.name = "epsilon", .kind = SYN_ARG_NUMBER, .number = g->epsilon},
                    {.name = "inner", .kind = SYN_ARG_POLICY, .policy = inner}};
  return syn_policy_open(out, "explore", args, 2, ctx);
}

static void set_options(syn_options *o, const golden *g) {
  syn_options_default(o, g->task, SYN_METHOD_SYNAPTIC);
  memcpy(o->net, g->net, sizeof g->net);
  o->hidden = g->hidden;
  syn_options_set_number(o, "points", 500, NULL);
  o->iterations = g->iterations;
  o->batch_size = g->batch_size;
  o->batch_interval = g->batch_interval;
  o->rate = g->rate;
  o->rate_switch = g->rate_switch;
  o->bias_step = g->bias_step;
  o->update = g->update;
  o->batch_change = g->batch_change;
  o->curve_every = o->validate_every = 0;
  o->trace = 1;
  o->seed = 20220412;
}

/* Runs a case and writes its fingerprint; 0 if the run itself failed. */
static int fingerprint(char *out, size_t size, const golden *g, const char *isa,
                       const char *products, unsigned threads, const syn_model_class *model) {
  syn_ctx ctx = {0};
  syn_options options;
  syn_task *task = NULL;
  syn_policy *policy = NULL;
  syn_result *result = NULL;
  const syn_kernels *set;
  syn_kernels kernels;
  static text table;
  table.n = 0;
  table.bytes[0] = '\0';
  set_options(&options, g);
  options.threads = threads;
  syn_status status = syn_kernels_get(&set, isa, &ctx);
  if (!status) {
    kernels = *set;
    status = syn_kernels_products(&kernels, products, &ctx);
  }
  if (!status && g->options)
    status = set_others(&options, g->options, &ctx);
  if (!status)
    status = syn_task_open(&task, &options, g->task == &syn_task_images ? make_images() : NULL,
                           &kernels, &ctx);
  if (!status) {
    task->model = model;
    status = open_policy(&policy, g, &ctx);
  }
  if (!status)
    status = syn_run_synaptic(&result, &options, task, policy, &kernels, NULL, &ctx);
  if (!status && strcmp(g->policy, "qtable") == 0)
    status = policy->type->save(policy, "final", append, &table, &ctx);
  if (!status)
    snprintf(out, size, "%016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %" PRIu64,
             result->trace_loss, result->trace_action, result->trace_weight,
             syn_trace_bytes(SYN_TRACE_START, table.bytes, table.n), result->rewards_up);
  else
    fprintf(stderr, "%s: %s\n", g->name, ctx.error);
  syn_result_close(result);
  syn_policy_close(policy);
  syn_task_close(task);
  return status == SYN_OK;
}

static int check(const golden *g, const char *isa, const char *products, unsigned threads,
                 const syn_model_class *model) {
  char got[128];
  if (!fingerprint(got, sizeof got, g, isa, products, threads, model))
    return 0;
  int same = strcmp(got, g->expected) == 0;
  if (!same)
    printf("%s, %s, %s, %s, threads %u:\n  got      %s\n  expected %s\n", g->name, model->name, isa,
           products, threads, got, g->expected);
  return same;
}

int main(int argc, char **argv) {
  int quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
  int wrong = 0, checked = 0;
  const char *offered[SYN_ISA_MAX];
  syn_kernels_offered(offered);
  for (const golden *g = goldens; g < goldens + sizeof goldens / sizeof *goldens; g++) {
    for (const char **isa = offered; *isa; isa++) {
      for (unsigned threads = 1; threads <= (quick ? 1 : 3); threads++, checked += 2) {
        wrong += !check(g, *isa, "dense", threads, syn_models[0]);
        wrong += !check(g, *isa, "sparse", threads, syn_models[0]);
      }
      if (quick)
        break;
    }
    wrong += !check(g, "portable", "dense", 1, &plain_model);
    checked++;
  }
  printf("%d passed, %d failed\n", checked - wrong, wrong);
  return wrong != 0;
}
