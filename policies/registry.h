/* The C policies by name, and opening one from arguments by name.
 *
 * Arguments come as a flat list of (name, value); a policy argument (explore's `inner`) is given
 * as an opened policy. The registry checks them against the class's params: unknown names, values
 * of the wrong kind or out of range are one line with the nearest known name or the range.
 */
#ifndef SYN_POLICIES_REGISTRY_H
#define SYN_POLICIES_REGISTRY_H

#include "engine/train/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

/* qtable, table, random, explore; ends with NULL. */
extern const syn_policy_class *const syn_policy_classes[];

const syn_policy_class *syn_policy_find(const char *name);

/* Opens class `name`. On success *out owns the policies among args; on failure the caller still
 * does. SYN_EINVAL, SYN_EINPUT (a policy file that does not parse), SYN_ENOMEM. */
syn_status syn_policy_open(syn_policy **out, const char *name, const syn_arg *args, size_t n,
                           syn_ctx *ctx);

#ifdef __cplusplus
}
#endif

#endif
