#include "policies/scripted/reader.h"

syn_token syn_reader_here(const syn_reader *r) {
  return r->r.t[r->at];
}

int syn_reader_is(const syn_reader *r, const char *text) {
  return syn_token_is(syn_reader_here(r), text);
}

void syn_reader_next(syn_reader *r) {
  if (r->at < r->r.n)
    r->at++;
  else
    r->lost = 1;
}

int syn_reader_take(syn_reader *r, const char *text) {
  if (!syn_reader_is(r, text))
    return 0;
  syn_reader_next(r);
  return 1;
}

void syn_reader_want(syn_reader *r, const char *text) {
  if (!syn_reader_take(r, text))
    r->lost = 1;
}

int syn_reader_name(syn_reader *r) {
  int token = r->at;
  if (!syn_token_is_name(syn_reader_here(r)))
    r->lost = 1;
  syn_reader_next(r);
  return token;
}

void syn_reader_declare(syn_reader *r, int token) {
  r->scope[r->scopes++] = token;
}

void syn_reader_assign(syn_reader *r, int token, syn_kinds set) {
  r->changed |= (r->kinds[token] | set) != r->kinds[token];
  r->kinds[token] |= set;
}

int syn_reader_variable(const syn_reader *r, syn_token name) {
  int i = r->scopes;
  syn_sandbox_charge(r->r.L, (uint64_t)i / 16 + 1);
  while (i > 0 && !syn_token_same(r->r.t[r->scope[i - 1]], name))
    i--;
  return i ? r->scope[i - 1] : 0;
}
