/* What every policy must hold to (engine/train/policy.h), C or Lua: one check for all of them.
 *
 * The check plays made-up trajectories (random rewards, small networks) and asserts with cmocka:
 *   - the class describes itself: name, summary, parameters with defaults inside their ranges
 *   - actions are -1, 0 or 1, or -2..2 with a table of two step sizes, for all synapses and nothing
 *     beyond; equal instances act equally
 *   - a table is well-formed, its version changes with its contents, and `act` has the bits of the
 *     engine's kernels on every instruction set at hand and those of the kernel's definition
 *   - results are policy files that parse, twice the same; an unknown one is refused with a line
 *   - an instance can be closed whether it was started or not
 */
#ifndef SYN_TESTS_CONTRACT_H
#define SYN_TESTS_CONTRACT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/train/policy.h"

/* The kernels that this CPU is best at, for policies that are started by hand. */
static inline const syn_kernels *best_kernels(void) {
  const syn_kernels *kernels = NULL;
  syn_kernels_get(&kernels, NULL, NULL);
  return kernels;
}

/* A row of parameters describes itself, and its default is one of its values. */
static inline void contract_check_param(const syn_param *param) {
  syn_value value;
  assert_true(param->unit && param->doc && param->doc[0]);
  for (size_t i = 0; param->choice_doc && syn_param_choice(param, i); i++)
    assert_true(param->choice_doc(i) && param->choice_doc(i)[0]);
  if (syn_param_default(&value, param, "", NULL)) {
    assert_null(param->text); /* it must be given */
    return;
  }
  assert_true(param->kind == SYN_PARAM_TEXT || param->kind == SYN_PARAM_CHOICE ||
              (param->lo <= param->value && param->value <= param->hi));
}

/* `make` opens a fresh, equal policy each time; the check closes what it gets. */
void contract_check(syn_policy *(*make)(void *self), void *self);

#endif
