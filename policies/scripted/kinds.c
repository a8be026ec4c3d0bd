#include "policies/scripted/kinds.h"

#include <string.h>

#include "policies/scripted/views.h"

int syn_kinds_within(syn_kinds set, syn_kinds kinds) {
  return set && !(set & ~kinds);
}

syn_kinds syn_kinds_computed(syn_kinds set) {
  return set & SYN_KIND_LITERAL ? (set & ~(syn_kinds)SYN_KIND_LITERAL) | SYN_KIND_NUMBER : set;
}

/* ---- functions --------------------------------------------------------------------------------- */

static const char *const compares[] = {"lt", "le", "gt", "ge", "eq", "and_", "or_", "not_", NULL};

static int is_operation(syn_token name) {
  const syn_operation_entry *op = syn_rule_kernels_portable.operations;
  while (op->name && !syn_token_is(name, op->name))
    op++;
  return op->name && op->name[0] != '_';
}

static syn_kinds function_of_views(syn_token name) {
  if (!is_operation(name))
    return 0;
  return SYN_KIND_OF_VIEWS | (syn_token_is_one_of(name, compares) ? SYN_KIND_COMPARES : 0);
}

syn_kinds syn_kinds_of_global(syn_token name) {
  syn_kinds function = function_of_views(name);
  return function                       ? function
         : syn_token_is(name, "math")   ? SYN_KIND_MATH
         : syn_token_is(name, "ipairs") ? SYN_KIND_IPAIRS
                                        : SYN_KIND_ANY;
}

static syn_kinds field_of_math(syn_token name) {
  static const char *const numbers[] = {"huge", "pi", "maxinteger", "mininteger", NULL};
  static const char *const functions[] = {"abs",  "ceil", "floor", "exp",  "log",    "sqrt",
                                          "tanh", "max",  "min",   "fmod", "random", NULL};
  return syn_token_is_one_of(name, numbers)     ? SYN_KIND_NUMBER
         : syn_token_is_one_of(name, functions) ? SYN_KIND_OF_NUMBERS
                                                : SYN_KIND_ANY;
}

syn_kinds syn_kinds_of_call(syn_kinds function, int view, int numbers, syn_kinds first) {
  if (function & SYN_KIND_OF_VIEWS && !(function & ~(SYN_KIND_OF_VIEWS | SYN_KIND_COMPARES)))
    return view ? SYN_KIND_VIEW : numbers ? SYN_KIND_NUMBER : SYN_KIND_VIEW | SYN_KIND_NUMBER;
  if (function == SYN_KIND_OF_NUMBERS)
    return SYN_KIND_NUMBER;
  if (function == SYN_KIND_IPAIRS)
    return first == SYN_KIND_TRANSITIONS ? SYN_KIND_WALK_TRANSITIONS : SYN_KIND_WALK;
  return SYN_KIND_ANY;
}

/* ---- fields ------------------------------------------------------------------------------------ */

static syn_kinds field_of_v(const syn_rule *rule, syn_token name) {
  static const char *const numbers[] = {"reward", "reward_value", "reward_trace",
                                        "loss",   "loss_change",  NULL};
  if (syn_token_is_one_of(name, numbers) || syn_token_is_one_of(name, syn_fact_names))
    return SYN_KIND_NUMBER;
  if (syn_token_is_one_of(name, syn_quantity_names) || syn_token_is_one_of(name, rule->state_name))
    return SYN_KIND_VIEW;
  return SYN_KIND_ANY;
}

static syn_kinds field_of_transition(syn_token name) {
  static const char *const numbers[] = {"a", "r", "count", "dl", "layer", "a2", NULL};
  if (syn_token_is_one_of(name, numbers))
    return SYN_KIND_NUMBER;
  return syn_token_is(name, "s") || syn_token_is(name, "s2") ? SYN_KIND_STATE : SYN_KIND_ANY;
}

static syn_kinds field_of_now(syn_token name) {
  static const char *const numbers[] = {"loss",         "loss_change", "iteration",
                                        "reward_value", "accuracy",    NULL};
  return syn_token_is_one_of(name, numbers) ? SYN_KIND_NUMBER : SYN_KIND_ANY;
}

syn_kinds syn_kinds_of_field(const syn_rule *rule, syn_kinds set, syn_token name) {
  switch (set & ~(syn_kinds)SYN_KIND_FALSY) { /* of nil there is no field */
  case SYN_KIND_V:
    return field_of_v(rule, name);
  case SYN_KIND_P:
    return SYN_KIND_NUMBER;
  case SYN_KIND_STATE:
    return syn_token_is(name, "a") || syn_token_is(name, "r") ? SYN_KIND_SYMBOLS : SYN_KIND_ANY;
  case SYN_KIND_TRANSITION:
    return field_of_transition(name);
  case SYN_KIND_NOW:
    return field_of_now(name);
  case SYN_KIND_MATH:
    return field_of_math(name);
  default:
    return syn_kinds_within(set, SYN_KIND_VIEW) && is_operation(name) ? function_of_views(name)
                                                                      : SYN_KIND_ANY;
  }
}

syn_kinds syn_kinds_of_index(syn_kinds set) {
  switch (set & ~(syn_kinds)SYN_KIND_FALSY) {
  case SYN_KIND_VIEW:
  case SYN_KIND_SYMBOLS:
  case SYN_KIND_P:
    return SYN_KIND_NUMBER;
  case SYN_KIND_TRANSITIONS:
    return SYN_KIND_TRANSITION | SYN_KIND_FALSY;
  default:
    return SYN_KIND_ANY;
  }
}

syn_kinds syn_kinds_of_arithmetic(syn_token op, syn_kinds a, syn_kinds b) {
  static const char *const of_views[] = {"+", "-", "*", "/", NULL};
  if (!a || !b)
    return 0;
  if (!syn_token_is_one_of(op, of_views)) /* views refuse the others */
    return SYN_KIND_NUMBER;
  if (a == SYN_KIND_VIEW || b == SYN_KIND_VIEW)
    return SYN_KIND_VIEW;
  return SYN_KIND_NUMBER | ((a | b) & SYN_KIND_VIEW);
}

/* ---- what functions are given ------------------------------------------------------------------ */

/* Those of a kind of rule: what they are called in files, and their parameters. */
typedef struct given {
  const char *name;
  syn_kinds parameter[4];
} given;

static given given_to(const syn_rule *rule, int ref) {
  const int reward = rule->info.kind == SYN_RULE_REWARD;
  if (ref == rule->init)
    return (given){reward ? "memory" : "init", {SYN_KIND_P}};
  if (ref == rule->learn)
    return (given){"learn", {SYN_KIND_ANY, SYN_KIND_TRANSITIONS, SYN_KIND_P, SYN_KIND_NOW}};
  if (ref == rule->act || ref == rule->saved)
    return (given){ref == rule->act ? "act" : "values", {SYN_KIND_STATE, SYN_KIND_P, SYN_KIND_ANY}};
  if (reward)
    return (given){"value", {SYN_KIND_NOW, SYN_KIND_ANY, SYN_KIND_P}};
  return (given){"step", {SYN_KIND_V, SYN_KIND_ANY, SYN_KIND_P, SYN_KIND_ANY}};
}

syn_kinds syn_kinds_of_parameter(const syn_rule *rule, int ref, int k) {
  syn_kinds set = k < 4 ? given_to(rule, ref).parameter[k] : 0;
  return set ? set : SYN_KIND_ANY;
}

const char *syn_name_of_function(const syn_rule *rule, int ref) {
  return given_to(rule, ref).name;
}
