/* The C policies, each in a source of its own name. The registry lists them. */
#ifndef SYN_POLICIES_CLASSES_H
#define SYN_POLICIES_CLASSES_H

#include "engine/train/policy.h"

extern const syn_policy_class syn_policy_qtable, syn_policy_table, syn_policy_random,
    syn_policy_explore;

#endif
