/* A run's key, and its options as a record shows them. */
#ifndef SYN_HOST_KEY_H
#define SYN_HOST_KEY_H

#include "experiments/host/run/spec.h"

/* The version of the numerics that a run by these options has in this program: its method's, or both where a
 * synaptic run looks at gradients. */
const char *host_numerics(const syn_options *options);

/* Makes spec->key under a version of the numerics, when all else of it stands. `policy` and `reward` as they count for it (policies.h);
 * NULL where the run has none. SYN_ENOMEM. */
syn_status host_key_make(host_spec *spec, json_t *policy, json_t *reward, const char *numerics,
                         syn_ctx *ctx);

/* Every option by name, the policy and the reward: what a record keeps. The caller owns it. */
json_t *host_spec_resolved(const host_spec *spec);

/* An option's value, as a script would write it. The caller owns it. */
json_t *host_option_value(const syn_options *options, const syn_param *option);

/* Is it the same in both? */
int host_option_same(const syn_options *a, const syn_options *b, const syn_param *option);

#endif
