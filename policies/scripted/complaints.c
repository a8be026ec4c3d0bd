#include "policies/scripted/complaints.h"

#include <string.h>

#define SHOWN 60 /* most bytes of the rule's text in a message */

static int raise(const syn_reading *r, int at, const char *says) {
  return luaL_error(r->L, "%s:%d: %s", r->file, r->t[at].line, says);
}

/* Are the first and the last token the brackets around it? */
static int is_bracketed(const syn_token *t, syn_part part) {
  int depth = 0, i = part.begin;
  if (!syn_token_is(t[i], "("))
    return 0;
  do
    depth += syn_token_is(t[i], "(") - syn_token_is(t[i], ")");
  while (depth > 0 && ++i < part.end);
  return i == part.end - 1;
}

/* As it stands there, without brackets around it; "x" where it is long. Pushes a string. */
static const char *text_of(const syn_reading *r, syn_part part) {
  while (is_bracketed(r->t, part))
    part.begin++, part.end--;
  const char *at = r->t[part.begin].at;
  const syn_token *last = &r->t[part.end - 1];
  size_t n = (size_t)(last->at - at) + (size_t)last->size;
  return n <= SHOWN && !memchr(at, '\n', n) && !memchr(at, '\r', n) ? lua_pushlstring(r->L, at, n)
                                                                    : lua_pushliteral(r->L, "x");
}

static const char *of_view(const syn_reading *r, const char *view, const char *by) {
  if (!by)
    return lua_pushfstring(r->L,
                           "a view is no condition, it is a number for every synapse; where(%s, x, "
                           "y) gives x where it is not 0, else y",
                           view);
  return lua_pushfstring(r->L,
                         strcmp(by, "not") == 0
                             ? "`%s` does not look into a view, it is a number for every synapse; "
                               "eq(%s, 0) gives 1 where it is 0"
                             : "`%s` does not look into a view, it is a number for every synapse; "
                               "where(%s, x, y) gives x where it is not 0, else y",
                         by, view);
}

static const char *of_number(const syn_reading *r, syn_part part, const char *text) {
  if (part.compares)
    return lua_pushfstring(r->L,
                           "%s gives 1 or 0, and Lua takes both for true; where(%s, x, y) gives x "
                           "where it is not 0, else y, and numbers are compared by < > ==",
                           text, text);
  if (part.set == SYN_KIND_LITERAL)
    return lua_pushfstring(r->L,
                           "%s is a number, and Lua takes every number for true, 0 as well; write "
                           "the comparison anew, x == %s",
                           text, text);
  if (part.set & SYN_KIND_VIEW)
    return lua_pushfstring(r->L,
                           "%s is a number or a view, and Lua takes all of them for true, 0 as "
                           "well; numbers are compared, as in %s > 0, and where(%s, x, y) is for "
                           "views",
                           text, text, text);
  return lua_pushfstring(r->L,
                         "%s is a number, and Lua takes every number for true, 0 and -1 as well; "
                         "compare it, as in %s > 0",
                         text, text);
}

int syn_complain_of_truth(const syn_reading *r, syn_part part, const char *by) {
  const char *text = text_of(r, part);
  return raise(r, part.begin,
               part.set == SYN_KIND_VIEW ? of_view(r, text, by) : of_number(r, part, text));
}

int syn_complain_of_equality(const syn_reading *r, syn_part a, int op, syn_part b) {
  int differs = syn_token_is(r->t[op], "~=");
  const char *left = text_of(r, a), *right = text_of(r, b);
  return raise(r, a.begin,
               lua_pushfstring(r->L,
                               "a view cannot be compared by %s, it is a number for every synapse; "
                               "%seq(%s, %s) gives 1 where it %s",
                               differs ? "~=" : "==", differs ? "1 - " : "", left, right,
                               differs ? "differs" : "holds"));
}

int syn_complain_of_unequals(const syn_reading *r, syn_part number, syn_part other) {
  const char *left = text_of(r, number), *right = text_of(r, other);
  return raise(r, number.begin,
               lua_pushfstring(r->L, "%s is a number, and %s is none, so they are never equal",
                               left, right));
}
