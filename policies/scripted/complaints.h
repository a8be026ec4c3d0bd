/* What is said of an expression in a rule's text that does not mean what it looks like (mistakes.c finds
 * them). Each raises an error that begins with the line, and leaves values on the stack. */
#ifndef SYN_POLICIES_RULE_COMPLAINTS_H
#define SYN_POLICIES_RULE_COMPLAINTS_H

#include "policies/scripted/kinds.h"

/* An expression: tokens [begin, end). */
typedef struct syn_part {
  int begin, end;
  syn_kinds set;
  int compares; /* a call of gt and its like */
} syn_part;

typedef struct syn_reading {
  lua_State *L;
  const syn_rule *rule;
  const char *file;   /* as Lua's messages name it */
  const syn_token *t; /* n of them, and some empty ones */
  int n;
} syn_reading;

/* Its truth is asked for, and it is always true; by: "and", "or" or "not" if one of them asks. */
int syn_complain_of_truth(const syn_reading *r, syn_part part, const char *by);
/* a == b or a ~= b, with one of them a view. */
int syn_complain_of_equality(const syn_reading *r, syn_part a, int op, syn_part b);
/* The same of what is never equal: a number, and something that is none. */
int syn_complain_of_unequals(const syn_reading *r, syn_part number, syn_part other);

#endif
