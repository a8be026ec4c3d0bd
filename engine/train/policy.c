#include "engine/train/policy.h"

void syn_policy_close(syn_policy *policy) {
  if (policy)
    policy->type->close(policy);
}
