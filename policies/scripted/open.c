/* Rules as they are opened for use: held to what no text can tell. Before each run one is compared with
 * others of its kind, in Lua states of other hash seeds at other addresses. */
#include <stdlib.h>
#include <string.h>

#include "policies/registry.h"
#include "policies/scripted/stage.h"
#include "policies/scripted/views.h"

#define AGREEMENT    40       /* iterations before a run */
#define AGREED_STEPS 20000000 /* of both rules, after which it is enough */
#define STATES       8        /* Lua states tried until one has another order than the first */

/* Another instance of a rule with the same parameters, in a Lua state that walks its tables in
 * another order. States are kept open while they are tried, so that they lie at other addresses. */
syn_status syn_rule_open_twin(syn_policy **out, const syn_rule *rule, syn_rule_opening opening,
                              syn_ctx *ctx) {
  syn_arg args[SYN_RULE_PARAMS_MAX];
  syn_policy *tried[STATES] = {NULL};
  size_t n = 0, t = 0;
  int differ = 0;
  for (; rule->info.params[n].name; n++)
    args[n] = (syn_arg){
        .name = rule->info.params[n].name, .kind = SYN_ARG_NUMBER, .number = rule->values[n]};
  syn_status status = SYN_OK;
  for (; t < STATES && status == SYN_OK && !differ; t++) {
    status = syn_rule_open_source(&tried[t], rule->info.file, rule->text, rule->size, args, n,
                                  opening, ctx);
    if (status == SYN_OK)
      status = syn_sandbox_differ(&differ, rule->sandbox, ((syn_rule *)tried[t])->sandbox, ctx);
  }
  *out = status == SYN_OK ? tried[t - 1] : NULL;
  for (size_t i = 0; i < t; i++)
    if (tried[i] != *out)
      syn_policy_close(tried[i]);
  return status;
}

/* Both play a while: rules that learn, and local ones. */
static syn_status play_agreement(syn_policy *const policy[2], syn_ctx *ctx) {
  syn_stage stage;
  uint64_t steps = 0;
  syn_status status = syn_stage_open(&stage, &syn_stage_network, policy, 2, SYN_STAGE_EPSILON, ctx);
  for (uint32_t t = 0; t < AGREEMENT && steps < AGREED_STEPS && status == SYN_OK; t++) {
    status = syn_stage_play(&stage, policy, 2, ctx);
    for (int i = 0; i < 2; i++)
      steps += syn_sandbox_steps(((const syn_rule *)policy[i])->sandbox);
  }
  syn_stage_close(&stage);
  return stage.differ ? status : SYN_OK; /* where both fail alike, that is for the run to say */
}

/* Does it answer the same in Lua states of different hash seeds? SYN_EFAILED: the state or layer and
 * both answers. */
static syn_status agree(const syn_rule *rule, syn_ctx *ctx) {
  syn_policy *twin[2] = {NULL, NULL};
  syn_status status = syn_rule_open_twin(&twin[0], rule, SYN_RULE_TWIN, ctx);
  if (status == SYN_OK && rule->info.kind == SYN_RULE_FINITE)
    status = syn_stage_same_tables(rule, (const syn_rule *)twin[0], ctx);
  else if (status == SYN_OK)
    status = syn_rule_open_twin(&twin[1], (const syn_rule *)twin[0], SYN_RULE_ASKED_AGAIN, ctx);
  if (status == SYN_OK && twin[1])
    status = play_agreement(twin, ctx);
  syn_policy_close(twin[0]);
  syn_policy_close(twin[1]);
  return status == SYN_EINPUT || status == SYN_EINVAL ? SYN_EFAILED : status;
}

/* A run begins. */
static syn_status start(syn_policy *policy, const syn_plan *plan, const syn_kernels *kernels,
                        syn_ctx *ctx) {
  const syn_rule *rule = (const syn_rule *)policy;
  syn_status status = agree(rule, ctx);
  return status ? status : rule->start(policy, plan, kernels, ctx);
}

syn_status syn_rule_open_text(syn_policy **out, const char *file, const char *text, size_t size,
                              const syn_arg *params, size_t n, syn_ctx *ctx) {
  syn_status status = syn_rule_open_source(out, file, text, size, params, n, SYN_RULE_WHOLE, ctx);
  if (status)
    return status;
  syn_rule *rule = (syn_rule *)*out;
  rule->start = rule->class.start;
  rule->class.start = start;
  return SYN_OK;
}

syn_status syn_rule_open(syn_policy **out, const char *path, const syn_arg *params, size_t n,
                         syn_ctx *ctx) {
  *out = NULL;
  char *text;
  size_t size;
  syn_status status = syn_rule_read(&text, &size, path, ctx);
  if (status == SYN_OK)
    status = syn_rule_open_text(out, path, text, size, params, n, ctx);
  free(text);
  return status;
}
