/* A frozen policy: a Q-table from a policy file that acts greedily and learns nothing. */
#include <stdlib.h>

#include "policies/common.h"
#include "policies/tables/tabular.h"

enum { CSV, TIE_BREAK };

static const syn_param params[] = {
    [CSV] = {SYN_TEXT("csv", NULL, "the text of a policy file")},
    [TIE_BREAK] = {SYN_CHOICE("tie_break", "lowest", syn_tie_break_names,
                              "which of several greatest values acts: the lowest, or any")},
    {.name = NULL},
};

static void close_table(syn_policy *policy) {
  syn_tabular_release((syn_tabular *)policy);
  free(policy);
}

static syn_status open_table(syn_policy **out, const syn_value *args, syn_ctx *ctx) {
  syn_tabular *t = calloc(1, sizeof *t);
  if (!t)
    return syn_fail_memory(ctx, "a policy");
  syn_tie_break tie = (syn_tie_break)args[TIE_BREAK].number;
  syn_status status = syn_tabular_init(t, &syn_policy_table, args[CSV].text, 0, 0, tie, ctx);
  if (status)
    free(t);
  else
    *out = &t->base;
  return status;
}

const syn_policy_class syn_policy_table = {
    .abi = SYN_POLICY_ABI,
    .name = "table",
    .summary = "a policy file's table, frozen",
    .params = params,
    .open = open_table,
    .history = syn_tabular_history,
    .max_action = syn_tabular_max_action,
    .act = syn_tabular_act,
    .table = syn_tabular_table,
    .close = close_table,
};
