/* Parameters: what can be set by name, one row each, and the one checker of what is given for them.
 *
 * Options of runs (train/options.h), of tasks and rewards, and parameters of policies and of rules
 * are rows of this kind. A row says its name, type, default, range, unit, meaning, and where it
 * applies; whoever lists, documents or checks parameters reads the rows.
 *
 *   static const syn_param params[] = {
 *       {SYN_INTEGER("history", "pairs", 2, 0, 5, "past pairs that a synapse remembers")},
 *       {SYN_CHOICE("order", "in_place", orders, "of updates")},
 *       {.name = NULL},
 *   };
 */
#ifndef SYN_BASE_PARAM_H
#define SYN_BASE_PARAM_H

#include <stddef.h>

#include "engine/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum syn_param_kind {
  SYN_PARAM_NUMBER,
  SYN_PARAM_INTEGER,
  SYN_PARAM_SEED, /* a whole number, in 64 bits */
  SYN_PARAM_LIST, /* of whole numbers */
  SYN_PARAM_TEXT,
  SYN_PARAM_CHOICE,
  SYN_PARAM_POLICY
} syn_param_kind;

/* Where a parameter has an effect. */
typedef struct syn_scope {
  const char *words; /* "a net with a hidden layer" */
  int (*holds)(
      const void *values); /* is it there? Of the struct that `offset` is in, or of an array
                                       of syn_value, one for each row */
} syn_scope;

typedef struct syn_param {
  const char *name, *unit, *doc;
  syn_param_kind kind;
  double value, lo, hi; /* default and inclusive range, for numbers; a range may be infinite */
  const char *text;     /* default, for text and choices; NULL: must be given */
  const char *const *choices;          /* ends with NULL; or, where another table has the names, */
  const char *(*choice)(size_t i);     /* choice i; NULL past the end */
  const char *(*choice_doc)(size_t i); /* what it stands for; NULL: `doc` says all */
  size_t offset;                       /* of its field, where values are kept in a struct */
  int neutral;                         /* 1: no result depends on it (threads) */
  const syn_scope *scope;              /* NULL: it always has an effect */
} syn_param;

/* The parts of a row that every one of its kind has; others may follow in the same braces. */
#define SYN_NUMBER(name_, unit_, value_, lo_, hi_, doc_)                                           \
  .name = name_, .unit = unit_, .doc = doc_, .kind = SYN_PARAM_NUMBER, .value = value_, .lo = lo_, \
  .hi = hi_
#define SYN_INTEGER(name_, unit_, value_, lo_, hi_, doc_)                                          \
  .name = name_, .unit = unit_, .doc = doc_, .kind = SYN_PARAM_INTEGER, .value = value_,           \
  .lo = lo_, .hi = hi_
#define SYN_CHOICE(name_, text_, choices_, doc_)                                                   \
  .name = name_, .unit = "", .doc = doc_, .kind = SYN_PARAM_CHOICE, .text = text_,                 \
  .choices = choices_
#define SYN_CHOICE_OF(name_, text_, choice_, choice_doc_, doc_)                                    \
  .name = name_, .unit = "", .doc = doc_, .kind = SYN_PARAM_CHOICE, .text = text_,                 \
  .choice = choice_, .choice_doc = choice_doc_
#define SYN_TEXT(name_, text_, doc_)                                                               \
  .name = name_, .unit = "", .doc = doc_, .kind = SYN_PARAM_TEXT, .text = text_
#define SYN_POLICY(name_, doc_) .name = name_, .unit = "", .doc = doc_, .kind = SYN_PARAM_POLICY

struct syn_policy; /* train/policy.h */

/* A parameter's value, checked: for a choice its text and, as number, its place among the choices. */
typedef struct syn_value {
  double number;
  const char *text;
  struct syn_policy *policy;
  int given; /* of a policy's parameter: it is not the default that nobody asked for */
} syn_value;

/* What was given for a parameter. */
typedef enum syn_arg_kind {
  SYN_ARG_NUMBER,
  SYN_ARG_TEXT,
  SYN_ARG_POLICY,
  SYN_ARG_LIST
} syn_arg_kind;

typedef struct syn_arg {
  const char *name;
  syn_arg_kind kind;
  double number;
  const char *text;
  struct syn_policy *policy;
  const double *list; /* (n) */
  size_t n;
} syn_arg;

/* Of rows that end with a NULL name the one of this name, or NULL. */
const syn_param *syn_param_find(const syn_param *rows, const char *name);

/* Choice i; NULL past the end, and where there are no choices. */
const char *syn_param_choice(const syn_param *param, size_t i);

/* The value of what was given. `whose` begins each line of error ("policy 'qtable': "; "" for
 * none). SYN_EINVAL: of the wrong kind, out of range, or none of the choices, with the nearest. A
 * list's numbers are checked and left where they are. */
syn_status syn_param_take(syn_value *out, const syn_param *param, const syn_arg *given,
                          const char *whose, syn_ctx *ctx);

/* The default. SYN_EINVAL: it must be given. */
syn_status syn_param_default(syn_value *out, const syn_param *param, const char *whose,
                             syn_ctx *ctx);

/* "WHAT 'NAME'; did you mean 'NEAREST'? Known are A, B", SYN_EINVAL. `known` ends with NULL. */
syn_status syn_fail_unknown(syn_ctx *ctx, const char *what, const char *name,
                            const char *const *known);

#ifdef __cplusplus
}
#endif

#endif
