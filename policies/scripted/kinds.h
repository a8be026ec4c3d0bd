/* What a value in the text of a rule may be, as far as it can be told without running it: a set of
 * kinds, bits. Sets only say what is certain: a value of which nothing is known may be anything. */
#ifndef SYN_POLICIES_RULE_KINDS_H
#define SYN_POLICIES_RULE_KINDS_H

#include "policies/scripted/tokens.h"

typedef unsigned syn_kinds;

enum {
  SYN_KIND_FALSY = 1 << 0,   /* nil or false: nothing else is, for Lua */
  SYN_KIND_VIEW = 1 << 1,    /* a number for every synapse */
  SYN_KIND_NUMBER = 1 << 2,  /* one that was computed or read */
  SYN_KIND_LITERAL = 1 << 3, /* one that stands in the text */
  SYN_KIND_TEXT = 1 << 4,
  SYN_KIND_OTHER = 1 << 5, /* true, tables, functions */
  SYN_KIND_ANY = (1 << 6) - 1,
  SYN_KIND_NUMERIC = SYN_KIND_VIEW | SYN_KIND_NUMBER | SYN_KIND_LITERAL,

  /* What a rule is given, and what it calls; all of these are true. */
  SYN_KIND_V = 1 << 6,       /* of step, and the following ones of where they are named */
  SYN_KIND_P = 1 << 7,       /* parameters */
  SYN_KIND_STATE = 1 << 8,   /* of act */
  SYN_KIND_SYMBOLS = 1 << 9, /* s.a, s.r */
  SYN_KIND_TRANSITIONS = 1 << 10,
  SYN_KIND_TRANSITION = 1 << 11,
  SYN_KIND_NOW = 1 << 12,        /* of learn, and of a reward */
  SYN_KIND_MATH = 1 << 13,       /* the library */
  SYN_KIND_OF_VIEWS = 1 << 14,   /* a function of views: sign and its like */
  SYN_KIND_COMPARES = 1 << 15,   /* one of them that gives 1 and 0 */
  SYN_KIND_OF_NUMBERS = 1 << 16, /* a function that gives a number, whatever it is given */
  SYN_KIND_IPAIRS = 1 << 17,     /* the function, */
  SYN_KIND_WALK = 1 << 18,       /* what it gives, */
  SYN_KIND_WALK_TRANSITIONS = 1 << 19
};

/* Is it of these kinds only, and of one of them at least? */
int syn_kinds_within(syn_kinds set, syn_kinds kinds);
/* What is computed, or assigned anew, is a number like any other, even if it stands in the text. */
syn_kinds syn_kinds_computed(syn_kinds set);

/* Of a name that is no local one. */
syn_kinds syn_kinds_of_global(syn_token name);
/* Of a field .NAME or method, and of [index], of what is of `set`. */
syn_kinds syn_kinds_of_field(const syn_rule *rule, syn_kinds set, syn_token name);
syn_kinds syn_kinds_of_index(syn_kinds set);
/* Of what a call returns: `function` is the set of what is called, `view`: an argument is a view for
 * certain; `numbers`: all are numbers. */
syn_kinds syn_kinds_of_call(syn_kinds function, int view, int numbers, syn_kinds first);
/* Of a op b, of two numbers or views. */
syn_kinds syn_kinds_of_arithmetic(syn_token op, syn_kinds a, syn_kinds b);

/* Of parameter k of the function of the rule that `ref` is, and the names that it has in files. */
syn_kinds syn_kinds_of_parameter(const syn_rule *rule, int ref, int k);
const char *syn_name_of_function(const syn_rule *rule, int ref);

#endif
