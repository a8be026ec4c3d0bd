/* What has been checked stays known: thousands of runs of a sweep share a policy, or differ in what their
 * images do not mind, and a policy is opened, and images are split, once for them all. */
#ifndef SYN_HOST_CHECKED_H
#define SYN_HOST_CHECKED_H

#include "engine/train/options.h"
#include "experiments/host/base/host.h"

/* Opens the policy, as host_policy_open does, unless this very value is known to be right: nobody may
 * change it from here on. *keyed is owned by the caller. */
syn_status host_checked_policy(host *h, json_t **keyed, json_t *policy, syn_ctx *ctx);

/* The same of a reward { name = "reward", ... } for a task with labels (1) or without. SYN_EINVAL also
 * where it asks for classes and there are none. */
syn_status host_checked_reward(host *h, json_t **keyed, json_t *reward, int labels, syn_ctx *ctx);

/* Can the task of these options be opened on these images? As syn_task_open says. */
syn_status host_checked_task(host *h, const syn_options *options, const syn_images *images,
                             syn_ctx *ctx);

void host_checked_close(host *h);

#endif
