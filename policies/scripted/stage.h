/* A made-up network on which rules are played, two equal ones side by side: random weights and
 * activities, random rewards, and random actions in between, as exploration gives them. What both
 * answer is compared bit for bit; they are to stand in Lua states of different hash seeds. */
#ifndef SYN_POLICIES_RULE_STAGE_H
#define SYN_POLICIES_RULE_STAGE_H

#include "policies/scripted/internal.h"

typedef struct syn_stage {
  const syn_plan *plan; /* borrowed */
  size_t n;
  unsigned history, locals, reward_code;
  int8_t reward;
  double loss, loss_change;
  double epsilon;           /* chance of a random action */
  int turned;               /* rewards are turned over, with the losses; 0 unless it is set */
  uint64_t seed;            /* that rules draw by; the network's own is fixed */
  syn_trace trace;          /* of the actions of the first */
  uint32_t iteration;       /* played so far */
  int differ;               /* the two did not do the same */
  int moved;                /* some action of the rule's own was not 0 */
  uint8_t *local, *after;   /* (n) */
  int8_t *action[2], *last; /* (n) */
  int8_t *expected;         /* (n) */
  uint8_t *scratch;         /* (n) */
  syn_layer_view layer[SYN_GROUPS_MAX];
  syn_arena arena;
} syn_stage;

/* For `policies` (1 or 2) equal rules, which it starts, with the best kernels and with the plainest
 * ones. The caller closes *stage in any case. SYN_ENOMEM. */
syn_status syn_stage_open(syn_stage *stage, const syn_plan *plan, syn_policy *const *policy,
                          size_t policies, double epsilon, syn_ctx *ctx);
void syn_stage_close(syn_stage *stage);

/* Plays one iteration. SYN_EFAILED: they answer differently, or a table is not what the engine's
 * kernels make of it; else what the rule itself fails with. */
syn_status syn_stage_play(syn_stage *stage, syn_policy *const *policy, size_t policies,
                          syn_ctx *ctx);

/* Plays one iteration of one rule as a run would, with its table in the engine's kernel. */
syn_status syn_stage_play_cost(syn_stage *stage, syn_policy *policy, syn_ctx *ctx);

/* Do two rules have the same table? SYN_EFAILED names the first state in which they do not. */
syn_status syn_stage_same_tables(const syn_rule *a, const syn_rule *b, syn_ctx *ctx);

/* A small network to play on, and the share of random actions. */
extern const syn_plan syn_stage_network;
#define SYN_STAGE_EPSILON 0.25

#endif
