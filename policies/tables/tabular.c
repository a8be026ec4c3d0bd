#include "policies/tables/tabular.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/random.h"
#include "policies/common.h"

const char *const syn_tie_break_names[] = {"lowest", "random", NULL};

static syn_status refuse_ties(const syn_policy_class *class, syn_ctx *ctx) {
  return syn_fail(ctx, SYN_EINVAL, "policy '%s': five actions go with tie_break = 'lowest' only",
                  class->name);
}

syn_status syn_tabular_init(syn_tabular *t, const syn_policy_class *class, const char *csv,
                            unsigned history, unsigned actions, syn_tie_break tie, syn_ctx *ctx) {
  t->base.type = class;
  t->tie = tie;
  t->actions = actions;
  if (csv) {
    char name[64];
    snprintf(name, sizeof name, "csv of policy '%s'", class->name);
    syn_status status = syn_qvalues_parse(&t->q, &history, &t->actions, csv, name, ctx);
    if (status)
      return status;
  } else if (!(t->q = calloc(actions * syn_states(history), sizeof *t->q))) {
    return syn_fail_memory(ctx, "a Q-table");
  }
  if (t->actions > 3 && tie == SYN_TIE_RANDOM) {
    syn_tabular_release(t);
    return refuse_ties(class, ctx);
  }
  size_t states = syn_states(history);
  t->action = syn_arena_take(&t->arena, states, sizeof *t->action);
  if (tie == SYN_TIE_RANDOM) {
    t->low = syn_arena_take(&t->arena, states, sizeof *t->low);
    t->high = syn_arena_take(&t->arena, states, sizeof *t->high);
  }
  if (!t->action || (tie == SYN_TIE_RANDOM && (!t->low || !t->high))) {
    syn_tabular_release(t);
    return syn_fail_memory(ctx, "a Q-table");
  }
  t->table = (syn_table){.history = history,
                         .locals = syn_locals(history),
                         .action = t->action,
                         .stochastic = tie == SYN_TIE_RANDOM,
                         .low = t->low,
                         .high = t->high,
                         .two_sizes = t->actions > 3};
  syn_tabular_refresh(t, 0, states);
  return SYN_OK;
}

void syn_tabular_release(syn_tabular *t) {
  free(t->q);
  syn_arena_close(&t->arena);
}

void syn_tabular_refresh(syn_tabular *t, size_t first, size_t n) {
  syn_qvalues_greedy(t->action + first, t->low ? t->low + first : NULL,
                     t->high ? t->high + first : NULL, t->q, t->actions, first, n, t->tie);
  t->table.version++;
}

unsigned syn_tabular_history(const syn_policy *policy) {
  return ((const syn_tabular *)policy)->table.history;
}

int syn_tabular_max_action(const syn_policy *policy) {
  return ((const syn_tabular *)policy)->table.two_sizes ? 2 : 1;
}

const syn_table *syn_tabular_table(syn_policy *policy) {
  return &((syn_tabular *)policy)->table;
}

syn_status syn_tabular_act(syn_policy *policy, const syn_view *view, int8_t *action, syn_ctx *ctx) {
  (void)ctx;
  syn_table_act(&((syn_tabular *)policy)->table, view, action);
  return SYN_OK;
}

void syn_table_act(const syn_table *table, const syn_view *view, int8_t *action) {
  assert(view->locals == table->locals);
  size_t first = (size_t)view->reward_code * table->locals;
  uint32_t explore[3];
  syn_table_explore(explore, table);
  for (size_t s = 0; s < view->n; s++) {
    size_t state = first + view->local[s];
    int8_t a = table->action[state];
    if (table->stochastic) {
      uint32_t v = syn_synapse_bits(view->seed, SYN_STREAM_POLICY, view->iteration, s);
      a = (int8_t)(v < table->low[state] ? -1 : v < table->high[state] ? 0 : 1);
    }
    if (explore[2]) {
      uint32_t u = syn_synapse_bits(view->seed, SYN_STREAM_EXPLORE, view->iteration, s);
      if (u < explore[2])
        a = syn_table_random(table, explore, u);
    }
    action[s] = a;
  }
}
