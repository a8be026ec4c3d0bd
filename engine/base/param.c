#include "engine/base/param.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CHOICES_MAX 64
#define LIST_MAX    256

const syn_param *syn_param_find(const syn_param *rows, const char *name) {
  for (const syn_param *p = rows; p->name; p++)
    if (strcmp(p->name, name) == 0)
      return p;
  return NULL;
}

const char *syn_param_choice(const syn_param *param, size_t i) {
  if (param->choice)
    return param->choice(i);
  return param->choices ? param->choices[i] : NULL;
}

#define RANGE_SIZE 160

/* "a whole number from 0 to 5 pairs", "a number of at least 1": what a number is to be. */
static const char *range_of(char text[RANGE_SIZE], const syn_param *p) {
  const char *what = p->kind == SYN_PARAM_NUMBER ? "a number" : "a whole number";
  const char *space = *p->unit ? " " : "";
  if (isfinite(p->lo) && isfinite(p->hi))
    snprintf(text, RANGE_SIZE, "%s from %.10g to %.10g%s%.40s", what, p->lo, p->hi, space, p->unit);
  else if (isfinite(p->lo))
    snprintf(text, RANGE_SIZE, "%s of at least %.10g%s%.40s", what, p->lo, space, p->unit);
  else if (isfinite(p->hi))
    snprintf(text, RANGE_SIZE, "%s of at most %.10g%s%.40s", what, p->hi, space, p->unit);
  else
    snprintf(text, RANGE_SIZE, "%s%s%.40s", what, *p->unit ? " of " : "", p->unit);
  return text;
}

syn_status syn_fail_unknown(syn_ctx *ctx, const char *what, const char *name,
                            const char *const *known) {
  char list[LIST_MAX] = "none";
  size_t at = 0;
  for (size_t i = 0; known[i] && at < LIST_MAX; i++)
    at += (size_t)snprintf(list + at, LIST_MAX - at, "%s%s", i ? ", " : "", known[i]);
  const char *nearest = syn_nearest(name, known);
  if (nearest)
    return syn_fail(ctx, SYN_EINVAL, "%s '%s'; did you mean '%s'? Known are %s", what, name,
                    nearest, list);
  return syn_fail(ctx, SYN_EINVAL, "%s '%s'; known are %s", what, name, list);
}

/* ---- the checker ----------------------------------------------------------------------------- */

static const char *const arg_kinds[] = {[SYN_ARG_NUMBER] = "a number",
                                        [SYN_ARG_TEXT] = "a text",
                                        [SYN_ARG_POLICY] = "a policy",
                                        [SYN_ARG_LIST] = "a list"};

static const syn_arg_kind wanted_kinds[] = {
    [SYN_PARAM_NUMBER] = SYN_ARG_NUMBER, [SYN_PARAM_INTEGER] = SYN_ARG_NUMBER,
    [SYN_PARAM_SEED] = SYN_ARG_NUMBER,   [SYN_PARAM_LIST] = SYN_ARG_LIST,
    [SYN_PARAM_TEXT] = SYN_ARG_TEXT,     [SYN_PARAM_CHOICE] = SYN_ARG_TEXT,
    [SYN_PARAM_POLICY] = SYN_ARG_POLICY};

static syn_status take_number(syn_value *out, const syn_param *p, double x, const char *whose,
                              syn_ctx *ctx) {
  int whole = p->kind != SYN_PARAM_NUMBER;
  char range[RANGE_SIZE];
  if (!isfinite(x) || x < p->lo || x > p->hi || (whole && x != floor(x)))
    return syn_fail(ctx, SYN_EINVAL, "%s%s = %.*g; it must be %s", whose, p->name,
                    x == floor(x) ? 17 : 10, x, range_of(range, p));
  out->number = x;
  return SYN_OK;
}

static syn_status take_choice(syn_value *out, const syn_param *p, const char *text,
                              const char *whose, syn_ctx *ctx) {
  const char *known[CHOICES_MAX + 1] = {NULL}, *choice;
  for (size_t i = 0; i < CHOICES_MAX && (choice = syn_param_choice(p, i)); i++) {
    known[i] = choice;
    if (strcmp(choice, text) == 0) {
      *out = (syn_value){.number = (double)i, .text = choice};
      return SYN_OK;
    }
  }
  char what[LIST_MAX];
  snprintf(what, sizeof what, "%s%s has no choice", whose, p->name);
  return syn_fail_unknown(ctx, what, text, known);
}

static syn_status wrong_kind(const syn_param *p, const syn_arg *given, const char *whose,
                             syn_ctx *ctx) {
  syn_arg_kind wanted = wanted_kinds[p->kind];
  char range[RANGE_SIZE];
  const char *quote = given->kind == SYN_ARG_TEXT && given->text ? "'" : "";
  return syn_fail(ctx, SYN_EINVAL, "%s%s must be %s, but is %s%.60s%s", whose, p->name,
                  wanted == SYN_ARG_NUMBER ? range_of(range, p) : arg_kinds[wanted], quote,
                  *quote ? given->text : arg_kinds[given->kind], quote);
}

syn_status syn_param_take(syn_value *out, const syn_param *p, const syn_arg *given,
                          const char *whose, syn_ctx *ctx) {
  syn_arg_kind wanted = wanted_kinds[p->kind];
  syn_status status = SYN_OK;
  *out = (syn_value){0};
  if (given->kind != wanted)
    return wrong_kind(p, given, whose, ctx);
  if (p->kind == SYN_PARAM_CHOICE)
    return take_choice(out, p, given->text, whose, ctx);
  if (wanted == SYN_ARG_NUMBER)
    return take_number(out, p, given->number, whose, ctx);
  for (size_t i = 0; i < given->n && wanted == SYN_ARG_LIST && !status; i++)
    status = take_number(out, p, given->list[i], whose, ctx);
  out->text = given->text;
  out->policy = given->policy;
  return status;
}

syn_status syn_param_default(syn_value *out, const syn_param *p, const char *whose, syn_ctx *ctx) {
  syn_arg_kind wanted = wanted_kinds[p->kind];
  *out = (syn_value){.number = p->value, .text = p->text};
  if (wanted == SYN_ARG_NUMBER)
    return SYN_OK;
  if (!p->text) /* a policy never has a default */
    return syn_fail(ctx, SYN_EINVAL, "%s%s is missing, %s: %s", whose, p->name, arg_kinds[wanted],
                    p->doc);
  return p->kind == SYN_PARAM_CHOICE ? take_choice(out, p, p->text, whose, ctx) : SYN_OK;
}
