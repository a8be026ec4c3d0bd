/* A reader of the text of a rule, which follows what values may be (kinds.h): its place among the tokens
 * and the variables that can be seen there. reader.c has these, expressions.c reads expressions and
 * complains of what is certainly wrong in them, mistakes.c reads statements and the whole.
 *
 * Lua has compiled the text, so it is sound. Where a reader does not understand it nevertheless, `lost`
 * is set: everything ends then, and nothing is complained of. */
#ifndef SYN_POLICIES_RULE_READER_H
#define SYN_POLICIES_RULE_READER_H

#include "policies/scripted/complaints.h"

#define SYN_READER_LIST 250 /* expressions or names of a list; Lua has registers for as many */

typedef struct syn_reader {
  syn_reading r;
  int at;             /* the next token */
  int *scope, scopes; /* tokens that declare the variables that can be seen */
  syn_kinds *kinds;   /* of the variables, by these tokens: all that is assigned to them */
  int changed;        /* has something been added to these? */
  int complains, lost;
  int function[5], ref[5], functions; /* tokens of the functions that a rule gives */
  void (*body)(struct syn_reader *r, int function, int has_self); /* from ( to end */
} syn_reader;

/* ---- tokens ------------------------------------------------------------------------------------ */

syn_token syn_reader_here(const syn_reader *r);
int syn_reader_is(const syn_reader *r, const char *text);
void syn_reader_next(syn_reader *r);
int syn_reader_take(syn_reader *r, const char *text); /* passes over it if it is there */
void syn_reader_want(syn_reader *r, const char *text);
int syn_reader_name(syn_reader *r); /* the token of a name, which is passed over */

/* ---- variables --------------------------------------------------------------------------------- */

void syn_reader_declare(syn_reader *r, int token);
void syn_reader_assign(syn_reader *r, int token, syn_kinds set);
/* The token that declares the variable of this name; 0: it is no local one. */
int syn_reader_variable(const syn_reader *r, syn_token name);

/* ---- expressions ------------------------------------------------------------------------------- */

typedef struct syn_reader_value {
  syn_part self;
  syn_part
      last;     /* of a or b, a and b: the operand whose truth is asked for with theirs; or empty */
  int several;  /* a call or ...: any number of values */
  int variable; /* the token that declares it, if it is just its name; or 0 */
} syn_reader_value;

typedef struct syn_reader_values {
  syn_kinds set[SYN_READER_LIST];
  int n, several; /* several: the last one is */
} syn_reader_values;

syn_reader_value syn_reader_expression(syn_reader *r);
void syn_reader_expressions(syn_reader *r, syn_reader_values *list);
/* A name, or something in brackets, and the fields, indices and calls behind it. */
syn_reader_value syn_reader_suffixed(syn_reader *r);
/* The truth of a value is asked for; by: "and", "or" or "not" if one of them asks, or NULL. */
void syn_reader_ask_truth(const syn_reader *r, syn_reader_value v, const char *by);

#endif
