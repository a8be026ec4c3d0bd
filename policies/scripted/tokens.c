#include "policies/scripted/tokens.h"

#include <ctype.h>
#include <string.h>

int syn_token_is(syn_token t, const char *text) {
  return (size_t)t.size == strlen(text) && memcmp(t.at, text, (size_t)t.size) == 0;
}

int syn_token_is_one_of(syn_token t, const char *const *texts) {
  while (*texts && !syn_token_is(t, *texts))
    texts++;
  return *texts != NULL;
}

int syn_token_same(syn_token a, syn_token b) {
  return a.size == b.size && memcmp(a.at, b.at, (size_t)a.size) == 0;
}

int syn_token_is_name(syn_token t) {
  static const char *const keywords[] = {"and",   "break", "do",       "else",  "elseif", "end",
                                         "false", "for",   "function", "goto",  "if",     "in",
                                         "local", "nil",   "not",      "or",    "repeat", "return",
                                         "then",  "true",  "until",    "while", NULL};
  return t.size && (isalpha((unsigned char)*t.at) || *t.at == '_') &&
         !syn_token_is_one_of(t, keywords);
}

int syn_token_is_number(syn_token t) {
  return t.size && (isdigit((unsigned char)*t.at) ||
                    (t.size > 1 && *t.at == '.' && isdigit((unsigned char)t.at[1])));
}

int syn_token_is_text(syn_token t) {
  return t.size && (strchr("\"'", *t.at) || (*t.at == '[' && t.size > 1));
}

/* Passes over [at, next), counting lines as Lua does: \r\n and \n\r are one. */
static const char *pass_over(const char *at, const char *next, const char *end, int *line) {
  for (; at < next; at++)
    if (*at == '\n' || *at == '\r') {
      ++*line;
      if (at + 1 < end && (at[1] == '\n' || at[1] == '\r') && at[1] != *at)
        at++;
    }
  return at;
}

/* Tokens into `t`, or only their number where it is NULL. */
static int read_tokens(const syn_rule *rule, syn_token *t) {
  const char *at = rule->text, *end = at + rule->size;
  int n = 1, line = 1;
  syn_sandbox_skip_head(&at, end);
  while (at < end) {
    const char *next = syn_sandbox_token(at, end);
    if (next == at + 1 && next < end &&
        ((*next == '=' && strchr("=~<>", *at)) || (*next == *at && strchr(":/<>", *at))))
      next++;
    if (!isspace((unsigned char)*at) && !(*at == '-' && next > at + 1)) { /* no comment */
      if (t)
        t[n] = (syn_token){at, (int)(next - at), line};
      n++;
    }
    at = pass_over(at, next, end, &line);
  }
  return n;
}

syn_token *syn_tokens_read(lua_State *L, const syn_rule *rule, int *n) {
  *n = read_tokens(rule, NULL);
  size_t bytes = ((size_t)*n + SYN_TOKENS_AROUND) * sizeof(syn_token);
  syn_token *t = memset(lua_newuserdatauv(L, bytes, 0), 0, bytes);
  for (int i = 0; i < *n + SYN_TOKENS_AROUND; i++)
    t[i].at = "";
  read_tokens(rule, t);
  return t;
}

int syn_tokens_end_of_block(lua_State *L, const syn_token *t, int n, int i) {
  static const char *const opens[] = {"function", "if", "do", "repeat", NULL};
  static const char *const closes[] = {"end", "until", NULL};
  static const char *const parts[] = {"else", "elseif", NULL};
  int depth = 0;
  syn_sandbox_charge(L, (uint64_t)n / 64);
  for (; i < n; i++) {
    depth += syn_token_is_one_of(t[i], opens) - syn_token_is_one_of(t[i], closes);
    if (depth < 0 || (depth == 0 && syn_token_is_one_of(t[i], parts)))
      return i;
  }
  return n;
}
