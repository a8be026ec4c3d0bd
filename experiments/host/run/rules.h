/* Rules and rewards in experiments: a policy { name = "rule", file =, text =, parameters by name }. A run is a
 * function of the text; the file is only its name in messages and no part of a run's key.
 */
#ifndef SYN_HOST_RULES_H
#define SYN_HOST_RULES_H

#include "experiments/host/base/host.h"
#include "policies/reward.h"

/* Opens such a policy. SYN_EINVAL, SYN_EINPUT. */
syn_status host_rule_open(syn_policy **out, const json_t *policy, syn_ctx *ctx);

/* Opens a reward { name = "reward", file =, text =, parameters by name }. SYN_EINVAL, SYN_EINPUT. */
syn_status host_reward_open(syn_rewarder **out, const json_t *reward, syn_ctx *ctx);

/* The text of the file of a rule or reward (`noun`), where it is found (host_find); the caller frees it.
 * SYN_EINPUT: it is not there, or no file, with what was meant. */
syn_status host_rule_text(host *h, const char *noun, const char *file, char **text, size_t *size,
                          syn_ctx *ctx);

/* Opens the reward in a file. */
syn_status host_reward_read(syn_rewarder **out, const char *path, syn_ctx *ctx);

/* A copy of a policy, or of policies in a policy, in which parameters of C policies that were left out
 * stand at their defaults: what a record shows. The caller owns it. */
json_t *host_policy_resolved(const json_t *policy);

extern const char *const host_rule_kinds[]; /* by syn_rule_kind */

#endif
