/* Pieces that the policies of this room share. */
#ifndef SYN_POLICIES_COMMON_H
#define SYN_POLICIES_COMMON_H

#include "engine/train/policy.h"

/* The action of every synapse by a table, one by one: what the engine's kernel does at once. For
 * callers that have no kernel at hand. */
void syn_table_act(const syn_table *table, const syn_view *view, int8_t *action);

extern const syn_policy_class syn_policy_qtable, syn_policy_table, syn_policy_random,
    syn_policy_explore;

#endif
