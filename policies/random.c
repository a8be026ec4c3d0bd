/* Every synapse takes one of the three actions at random: exploration and nothing else, so that
 * it has the same bits as explore { epsilon = 1 } around anything. */
#include <stdlib.h>

#include "policies/common.h"

static const syn_param params[] = {{.name = NULL}};

static const int8_t rest[1] = {0}; /* never taken */
static const syn_table table = {
    .history = 0, .locals = 1, .action = rest, .epsilon = 1.0, .version = 1};

static syn_status open_random(syn_policy **out, const syn_value *args, syn_ctx *ctx) {
  (void)args;
  syn_policy *policy = malloc(sizeof *policy);
  if (!policy)
    return syn_fail_memory(ctx, "a policy");
  policy->type = &syn_policy_random;
  *out = policy;
  return SYN_OK;
}

static unsigned history_of(const syn_policy *policy) {
  (void)policy;
  return table.history;
}

static syn_status act(syn_policy *policy, const syn_view *view, int8_t *action, syn_ctx *ctx) {
  (void)policy;
  (void)ctx;
  syn_table_act(&table, view, action);
  return SYN_OK;
}

static const syn_table *table_of(syn_policy *policy) {
  (void)policy;
  return &table;
}

static void close_random(syn_policy *policy) {
  free(policy);
}

const syn_policy_class syn_policy_random = {
    .abi = SYN_POLICY_ABI,
    .name = "random",
    .summary = "one of the three actions at random",
    .params = params,
    .open = open_random,
    .history = history_of,
    .act = act,
    .table = table_of,
    .close = close_random,
};
