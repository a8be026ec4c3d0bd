/* What the policies that are Q-tables share: `table`, frozen, and `qtable`, which learns.
 *
 * A syn_tabular owns the values q (states, actions) and, derived from them, the greedy actions that
 * the engine runs (syn_table). Whoever changes q calls syn_tabular_refresh for the states changed.
 */
#ifndef SYN_POLICIES_TABULAR_H
#define SYN_POLICIES_TABULAR_H

#include "engine/base/arena.h"
#include "policies/tables/qvalues.h"

extern const char *const syn_tie_break_names[]; /* by syn_tie_break; ends with NULL */

typedef struct syn_tabular {
  syn_policy base;
  syn_table table; /* its arrays are the three below */
  syn_tie_break tie;
  unsigned actions;     /* 3 or 5 */
  double *q;            /* (states, actions) malloc'ed */
  int8_t *action;       /* (states) */
  uint32_t *low, *high; /* (states) with SYN_TIE_RANDOM, else NULL */
  syn_arena arena;
} syn_tabular;

/* Fills *t (zeros): values from the text of a policy file, or all 0 with `history` and `actions` if
 * it is NULL. SYN_EINPUT (the text does not parse), SYN_EINVAL (ties cannot be drawn among five
 * actions), SYN_ENOMEM; *t holds nothing then. */
syn_status syn_tabular_init(syn_tabular *t, const syn_policy_class *class, const char *csv,
                            unsigned history, unsigned actions, syn_tie_break tie, syn_ctx *ctx);
void syn_tabular_release(syn_tabular *t);

/* The values of states [first, first + n) have changed. */
void syn_tabular_refresh(syn_tabular *t, size_t first, size_t n);

/* Members of a class whose instances begin with a syn_tabular. */
unsigned syn_tabular_history(const syn_policy *policy);
int syn_tabular_max_action(const syn_policy *policy);
const syn_table *syn_tabular_table(syn_policy *policy);
syn_status syn_tabular_act(syn_policy *policy, const syn_view *view, int8_t *action, syn_ctx *ctx);

#endif
