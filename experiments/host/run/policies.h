/* Policies from a run's JSON, and how they count for its key. */
#ifndef SYN_HOST_POLICIES_H
#define SYN_HOST_POLICIES_H

#include <jansson.h>

#include "policies/registry.h"

/* Opens a policy from its object {name=, params...}; nested ones too. *keyed (NULL: not wanted), which
 * the caller owns, is the policy as it counts for a key: without parameters at their defaults and the
 * files of rules, numbers in one spelling. */
syn_status host_policy_open(syn_policy **out, json_t **keyed, const json_t *policy, syn_ctx *ctx);

/* A policy or reward as it counts for a key. `inner` holds the policies in it by name, keyed already; NULL:
 * it has none. The caller owns it. */
json_t *host_policy_key(const json_t *policy, const syn_param *params, const json_t *inner);

/* A number in one spelling, whatever it was written as: 1, 1.0 and 1e0; 0 and -0. */
json_t *host_number(double v);

#endif
