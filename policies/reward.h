/* Rewards in Lua: what the network hears after an iteration, out of a file.
 *
 *   return reward {
 *     name = "the paper's bit",
 *     value = function(now, m, p) return now.loss_change < 0 and 1 or -1 end,
 *   }
 *
 * `value` is called once an iteration and returns a number in [-1, 1]: its sign goes into histories, the
 * number itself to policies that learn. `memory = function(p)` makes its memory m, which checkpoints
 * keep; `sees = { "accuracy", "classes" }` asks for what costs more than the loss. The file runs in the
 * sandbox of rules (sandbox/sandbox.h), and is compared with itself in Lua states of other hash seeds
 * before each run.
 */
#ifndef SYN_POLICIES_REWARD_H
#define SYN_POLICIES_REWARD_H

#include "engine/train/reward.h"
#include "policies/rule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Opens a reward from its text; `file` names it in messages. The caller owns *out
 * (syn_rewarder_close). Errors as those of syn_rule_open. */
syn_status syn_reward_open_text(syn_rewarder **out, const char *file, const char *text, size_t size,
                                const syn_arg *params, size_t n, syn_ctx *ctx);

/* What it says of itself; borrowed from it. `kind` and `history` mean nothing. */
const syn_rule_info *syn_reward_describe(const syn_rewarder *rewarder);

/* What a check found, of made-up losses. */
typedef struct syn_reward_report {
  double microseconds; /* of CPU time, an answer */
  double falls, rises; /* shares of the falls, and of the rises, that it rewards: answers above 0 */
  char warning[SYN_RULE_WARNINGS][200]; /* of what is allowed, but hardly meant; then "" */
} syn_reward_report;

/* `synlab reward check`: plays it on made-up losses, two instances side by side, from the defaults of its
 * parameters (or those given) and at every min and max. SYN_EFAILED: an answer that it may not give, or
 * two that differ. */
syn_status syn_reward_try(syn_reward_report *report, const syn_rule_source *source,
                          uint32_t iterations, syn_ctx *ctx);

#ifdef __cplusplus
}
#endif

#endif
