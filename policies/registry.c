#include "policies/registry.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "policies/common.h"

#define PARAMS_MAX 16 /* of one class */
#define LIST_MAX   256

const syn_policy_class *const syn_policy_classes[] = {
    &syn_policy_qtable, &syn_policy_table, &syn_policy_random, &syn_policy_explore, NULL};

const syn_policy_class *syn_policy_find(const char *name) {
  for (const syn_policy_class *const *class = syn_policy_classes; *class; class ++)
    if (strcmp((*class)->name, name) == 0)
      return *class;
  return NULL;
}

/* ---- error lines ----------------------------------------------------------------------------- */

/* "a, b, c" */
static const char *list_of(char out[LIST_MAX], const char *const *names) {
  size_t at = 0;
  out[0] = '\0';
  for (size_t i = 0; names[i] && at < LIST_MAX; i++)
    at += (size_t)snprintf(out + at, LIST_MAX - at, "%s%s", i ? ", " : "", names[i]);
  return out;
}

/* "WHAT 'NAME'; did you mean 'NEAREST'?" or, with nothing near, "...; known are LIST". */
static syn_status fail_unknown(syn_ctx *ctx, const char *what, const char *name,
                               const char *const *known) {
  char list[LIST_MAX];
  const char *nearest = syn_nearest(name, known);
  if (nearest)
    return syn_fail(ctx, SYN_EINVAL, "%s '%s'; did you mean '%s'? Known are %s", what, name,
                    nearest, list_of(list, known));
  return syn_fail(ctx, SYN_EINVAL, "%s '%s'; known are %s", what, name,
                  known[0] ? list_of(list, known) : "none");
}

static syn_status fail_unknown_policy(syn_ctx *ctx, const char *name) {
  const char *known[sizeof syn_policy_classes / sizeof *syn_policy_classes];
  size_t n = 0;
  for (; syn_policy_classes[n]; n++)
    known[n] = syn_policy_classes[n]->name;
  known[n] = NULL;
  return fail_unknown(ctx, "unknown policy", name, known);
}

static syn_status fail_unknown_param(syn_ctx *ctx, const syn_policy_class *class,
                                     const char *name) {
  const char *known[PARAMS_MAX + 1];
  char what[LIST_MAX];
  size_t n = 0;
  for (; class->params[n].name; n++)
    known[n] = class->params[n].name;
  known[n] = NULL;
  snprintf(what, sizeof what, "policy '%s' has no parameter", class->name);
  return fail_unknown(ctx, what, name, known);
}

/* ---- arguments ------------------------------------------------------------------------------- */

static const char *const arg_kinds[] = {"a number", "a text", "a policy"}; /* by syn_arg_kind */

static syn_arg_kind kind_wanted(syn_param_kind kind) {
  switch (kind) {
  case SYN_PARAM_TEXT:
  case SYN_PARAM_CHOICE:
    return SYN_ARG_TEXT;
  case SYN_PARAM_POLICY:
    return SYN_ARG_POLICY;
  default:
    return SYN_ARG_NUMBER;
  }
}

static syn_status set_number(syn_value *value, const syn_policy_class *class,
                             const syn_param *param, double x, syn_ctx *ctx) {
  int whole = param->kind == SYN_PARAM_INTEGER;
  if (!(x >= param->lo && x <= param->hi) || (whole && x != floor(x)))
    return syn_fail(ctx, SYN_EINVAL,
                    "policy '%s': %s = %.10g; it must be %s from %.10g to %.10g%s%s", class->name,
                    param->name, x, whole ? "a whole number" : "a number", param->lo, param->hi,
                    param->unit[0] ? " " : "", param->unit);
  value->number = x;
  return SYN_OK;
}

static syn_status set_choice(syn_value *value, const syn_policy_class *class,
                             const syn_param *param, const char *text, syn_ctx *ctx) {
  size_t i = 0;
  while (param->choices[i] && strcmp(param->choices[i], text) != 0)
    i++;
  if (!param->choices[i]) {
    char what[LIST_MAX];
    snprintf(what, sizeof what, "policy '%s': %s has no choice", class->name, param->name);
    return fail_unknown(ctx, what, text, param->choices);
  }
  value->text = param->choices[i];
  value->number = (double)i;
  return SYN_OK;
}

static syn_status set_given(syn_value *value, const syn_policy_class *class, const syn_param *param,
                            const syn_arg *arg, syn_ctx *ctx) {
  syn_arg_kind wanted = kind_wanted(param->kind);
  if (arg->kind != wanted)
    return syn_fail(ctx, SYN_EINVAL, "policy '%s': %s must be %s, but is %s", class->name,
                    param->name, arg_kinds[wanted], arg_kinds[arg->kind]);
  switch (param->kind) {
  case SYN_PARAM_NUMBER:
  case SYN_PARAM_INTEGER:
    return set_number(value, class, param, arg->number, ctx);
  case SYN_PARAM_CHOICE:
    return set_choice(value, class, param, arg->text, ctx);
  case SYN_PARAM_TEXT:
    value->text = arg->text;
    return SYN_OK;
  case SYN_PARAM_POLICY:
    value->policy = arg->policy;
    return SYN_OK;
  }
  assert(!"a kind of parameter");
  return SYN_EINVAL;
}

static syn_status set_default(syn_value *value, const syn_policy_class *class,
                              const syn_param *param, syn_ctx *ctx) {
  syn_arg_kind kind = kind_wanted(param->kind);
  if (kind == SYN_ARG_NUMBER) {
    value->number = param->value;
    return SYN_OK;
  }
  if (!param->text) /* a policy never has a default */
    return syn_fail(ctx, SYN_EINVAL, "policy '%s' needs %s, %s: %s", class->name, param->name,
                    arg_kinds[kind], param->doc);
  if (param->kind == SYN_PARAM_CHOICE)
    return set_choice(value, class, param, param->text, ctx);
  value->text = param->text;
  return SYN_OK;
}

/* Every argument has a parameter, and none is given twice. */
static syn_status check_names(const syn_policy_class *class, const syn_arg *args, size_t n,
                              syn_ctx *ctx) {
  for (size_t i = 0; i < n; i++) {
    const syn_param *param = class->params;
    while (param->name && strcmp(param->name, args[i].name) != 0)
      param++;
    if (!param->name)
      return fail_unknown_param(ctx, class, args[i].name);
    for (size_t j = 0; j < i; j++)
      if (strcmp(args[j].name, args[i].name) == 0)
        return syn_fail(ctx, SYN_EINVAL, "policy '%s': %s is given twice", class->name,
                        args[i].name);
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
  for (size_t p = 0; status == SYN_OK && class->params[p].name; p++) {
    assert(p < PARAMS_MAX);
    size_t i = 0;
    while (i < n && strcmp(args[i].name, class->params[p].name) != 0)
      i++;
    status = i < n ? set_given(&values[p], class, &class->params[p], &args[i], ctx)
                   : set_default(&values[p], class, &class->params[p], ctx);
  }
  return status ? status : class->open(out, values, ctx);
}
