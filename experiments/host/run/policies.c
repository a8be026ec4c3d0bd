#include "experiments/host/run/policies.h"

#include <math.h>
#include <string.h>

#include "experiments/host/run/rules.h"

json_t *host_number(double v) {
  int whole = fabs(v) <= 9007199254740992.0 && v == (double)(json_int_t)v;
  return whole ? json_integer((json_int_t)v) : json_real(v);
}

#define ARGS_MAX 32

static int is_default(const syn_param *param, const json_t *value) {
  if (json_is_number(value))
    return json_number_value(value) == param->value;
  return json_is_string(value) && param->text && strcmp(json_string_value(value), param->text) == 0;
}

json_t *host_policy_key(const json_t *policy, const syn_param *params, const json_t *inner) {
  json_t *keyed = json_object(), *value;
  const char *name;
  const char *class = json_string_value(json_object_get(policy, "name"));
  int rule = strcmp(class, "rule") == 0 || strcmp(class, "reward") == 0;
  json_object_foreach((json_t *)(uintptr_t)policy, name, value) {
    const syn_param *p = params;
    while (p && p->name && strcmp(p->name, name) != 0)
      p++;
    if ((rule && strcmp(name, "file") == 0) || (p && p->name && is_default(p, value)))
      continue;
    if (json_is_object(value))
      json_object_set(keyed, name, json_object_get(inner, name));
    else if (json_is_number(value))
      json_object_set_new(keyed, name, host_number(json_number_value(value)));
    else
      json_object_set(keyed, name, value);
  }
  return keyed;
}

static syn_status read_arg(syn_arg *arg, json_t *inner, const char *class, const char *name,
                           const json_t *value, syn_ctx *ctx) {
  *arg = (syn_arg){.name = name};
  if (json_is_object(value)) {
    json_t *keyed = NULL;
    arg->kind = SYN_ARG_POLICY;
    syn_status status = host_policy_open(&arg->policy, &keyed, value, ctx);
    if (keyed)
      json_object_set_new(inner, name, keyed);
    return status;
  }
  if (json_is_string(value)) {
    arg->kind = SYN_ARG_TEXT;
    arg->text = json_string_value(value);
  } else if (json_is_number(value)) {
    arg->kind = SYN_ARG_NUMBER;
    arg->number = json_number_value(value) + 0.0; /* no -0: it has the key of 0 */
  } else {
    return syn_fail(ctx, SYN_EINVAL, "policy '%s': %s must be a number, a text or a policy", class,
                    name);
  }
  return SYN_OK;
}

static syn_status open_by_class(syn_policy **out, json_t *inner, const char *class,
                                const json_t *policy, syn_ctx *ctx) {
  syn_arg args[ARGS_MAX];
  size_t n = 0;
  syn_status status = SYN_OK;
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)policy, name, value) {
    if (status || strcmp(name, "name") == 0)
      continue;
    if (n == ARGS_MAX)
      status = syn_fail(ctx, SYN_EINVAL, "policy '%s': more than %d parameters", class, ARGS_MAX);
    else if (!(status = read_arg(&args[n], inner, class, name, value, ctx)))
      n++;
  }
  if (!status)
    status = syn_policy_open(out, class, args, n, ctx);
  for (size_t i = 0; i < n && status; i++)
    syn_policy_close(args[i].policy);
  return status;
}

syn_status host_policy_open(syn_policy **out, json_t **keyed, const json_t *policy, syn_ctx *ctx) {
  *out = NULL;
  const char *class = json_string_value(json_object_get(policy, "name"));
  if (!class)
    return syn_fail(ctx, SYN_EINVAL,
                    "policy: a table with a name is wanted, such as "
                    "{ name = 'qtable' }");
  json_t *inner = json_object();
  syn_status status = strcmp(class, "rule") == 0 ? host_rule_open(out, policy, ctx)
                                                 : open_by_class(out, inner, class, policy, ctx);
  if (!status && keyed)
    *keyed = host_policy_key(policy, (*out)->type->params, inner);
  json_decref(inner);
  return status;
}
