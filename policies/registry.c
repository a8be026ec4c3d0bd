#include "policies/registry.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "policies/common.h"

#define PARAMS_MAX 16 /* of one class */
#define WHOSE_MAX  64

const syn_policy_class *const syn_policy_classes[] = {
    &syn_policy_qtable, &syn_policy_table, &syn_policy_random, &syn_policy_explore, NULL};

const syn_policy_class *syn_policy_find(const char *name) {
  for (const syn_policy_class *const *class = syn_policy_classes; *class; class ++)
    if (strcmp((*class)->name, name) == 0)
      return *class;
  return NULL;
}

static syn_status fail_unknown_policy(syn_ctx *ctx, const char *name) {
  const char *known[sizeof syn_policy_classes / sizeof *syn_policy_classes] = {NULL};
  for (size_t n = 0; syn_policy_classes[n]; n++)
    known[n] = syn_policy_classes[n]->name;
  return syn_fail_unknown(ctx, "unknown policy", name, known);
}

static syn_status fail_unknown_param(syn_ctx *ctx, const syn_policy_class *class,
                                     const char *name) {
  const char *known[PARAMS_MAX + 1] = {NULL};
  char what[WHOSE_MAX + 32];
  for (size_t n = 0; class->params[n].name; n++)
    known[n] = class->params[n].name;
  snprintf(what, sizeof what, "policy '%s' has no parameter", class->name);
  return syn_fail_unknown(ctx, what, name, known);
}

/* Every argument has a parameter, and none is given twice. */
static syn_status check_names(const syn_policy_class *class, const syn_arg *args, size_t n,
                              syn_ctx *ctx) {
  for (size_t i = 0; i < n; i++) {
    if (!syn_param_find(class->params, args[i].name))
      return fail_unknown_param(ctx, class, args[i].name);
    for (size_t j = 0; j < i; j++)
      if (strcmp(args[j].name, args[i].name) == 0)
        return syn_fail(ctx, SYN_EINVAL, "policy '%s': %s is given twice", class->name,
                        args[i].name);
  }
  return SYN_OK;
}

/* No number that was given, but for a default, is without an effect. */
static syn_status check_effects(const syn_policy_class *class, const syn_value *values,
                                syn_ctx *ctx) {
  for (size_t p = 0; class->params[p].name; p++) {
    const syn_param *param = &class->params[p];
    if (param->scope && values[p].number != param->value && !param->scope->holds(values))
      return syn_fail(ctx, SYN_EINVAL,
                      "policy '%s': %s = %.10g has no effect here: it belongs to %s", class->name,
                      param->name, values[p].number, param->scope->words);
  }
  return SYN_OK;
}

syn_status syn_policy_open(syn_policy **out, const char *name, const syn_arg *args, size_t n,
                           syn_ctx *ctx) {
  *out = NULL;
  const syn_policy_class *class = syn_policy_find(name);
  if (!class)
    return fail_unknown_policy(ctx, name);
  assert(class->abi == SYN_POLICY_ABI);
  syn_status status = check_names(class, args, n, ctx);
  syn_value values[PARAMS_MAX] = {{0}};
  char whose[WHOSE_MAX];
  snprintf(whose, sizeof whose, "policy '%s': ", class->name);
  for (size_t p = 0; status == SYN_OK && class->params[p].name; p++) {
    assert(p < PARAMS_MAX);
    size_t i = 0;
    while (i < n && strcmp(args[i].name, class->params[p].name) != 0)
      i++;
    status = i < n ? syn_param_take(&values[p], &class->params[p], &args[i], whose, ctx)
                   : syn_param_default(&values[p], &class->params[p], whose, ctx);
    values[p].given = i < n;
  }
  if (status == SYN_OK)
    status = check_effects(class, values, ctx);
  return status ? status : class->open(out, values, ctx);
}
