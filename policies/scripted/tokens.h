/* The text of a rule file as tokens, for what reads it once Lua has compiled it. */
#ifndef SYN_POLICIES_RULE_TOKENS_H
#define SYN_POLICIES_RULE_TOKENS_H

#include "policies/scripted/internal.h"

typedef struct syn_token {
  const char *at;
  int size, line; /* lines from 1, as Lua counts them */
} syn_token;

#define SYN_TOKENS_AROUND 8 /* empty ones behind the last; token 0 is empty, too */

/* Tokens 1 to *n - 1 without comments. They live in a userdata that is left on the stack. */
syn_token *syn_tokens_read(lua_State *L, const syn_rule *rule, int *n);

int syn_token_is(syn_token t, const char *text);
int syn_token_is_one_of(syn_token t, const char *const *texts); /* these end with NULL */
int syn_token_same(syn_token a, syn_token b);
int syn_token_is_name(syn_token t); /* a word, and no keyword of Lua */
int syn_token_is_number(syn_token t);
int syn_token_is_text(syn_token t);

/* Where the block ends in which token i stands: at its end, until, else or elseif; n if nowhere. */
int syn_tokens_end_of_block(lua_State *L, const syn_token *t, int n, int i);

#endif
