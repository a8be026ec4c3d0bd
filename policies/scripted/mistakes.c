/* Mistakes of which Lua says nothing: a view that is compared by == is different from every number, and
 * a view or a number as a condition is true, 0 as well. So the text of a rule is read for them once it
 * is loaded: every expression is followed with what its value may be, through local variables and
 * nested functions, and where a mistake is certain it is refused. What comes out of tables, of the
 * rule's own functions and of their parameters may be anything and is left alone.
 *
 * A variable may be all that is ever assigned to it, so the text is gone through until nothing new comes
 * up, and then once more to complain. */
#include <string.h>

#include "policies/scripted/reader.h"

#define PASSES 24 /* after which a text is left alone */

static void statements(syn_reader *r);
static void block(syn_reader *r);

/* ---- statements -------------------------------------------------------------------------------- */

/* The ref of the function that begins at the token, or 0: none that the rule gives. */
static int ref_of(const syn_reader *r, int token) {
  for (int i = 0; i < r->functions; i++)
    if (r->function[i] == token)
      return r->ref[i];
  return 0;
}

/* Behind `function` or its name, up to its end; `token` is that of `function`. */
static void function_body(syn_reader *r, int token, int has_self) {
  int scopes = r->scopes, ref = ref_of(r, token);
  syn_reader_want(r, "(");
  for (int k = has_self; !r->lost && !syn_reader_take(r, ")"); k++) {
    if (!syn_reader_take(r, "...")) {
      int parameter = syn_reader_name(r);
      syn_reader_declare(r, parameter);
      syn_reader_assign(r, parameter,
                        ref ? syn_kinds_of_parameter(r->r.rule, ref, k) : SYN_KIND_ANY);
    }
    syn_reader_take(r, ",");
  }
  block(r);
  syn_reader_want(r, "end");
  r->scopes = scopes;
}

/* What target k of a list gets. */
static syn_kinds given_to(const syn_reader_values *list, int k) {
  if (k < list->n)
    return list->set[k];
  return list->several ? SYN_KIND_ANY : SYN_KIND_FALSY;
}

/* Names behind `local` or `for`, with what may stand between < and >. */
static int names(syn_reader *r, int token[SYN_READER_LIST]) {
  int n = 0;
  do {
    int i = syn_reader_name(r);
    if (syn_reader_take(r, "<")) {
      syn_reader_name(r);
      syn_reader_want(r, ">");
    }
    if (n == SYN_READER_LIST)
      r->lost = 1;
    else
      token[n++] = i;
  } while (!r->lost && syn_reader_take(r, ","));
  return n;
}

static void local_variables(syn_reader *r) {
  int token[SYN_READER_LIST];
  syn_reader_values list = {.n = 0};
  int n = names(r, token);
  if (syn_reader_take(r, "="))
    syn_reader_expressions(r, &list);
  for (int k = 0; k < n && !r->lost; k++) {
    syn_reader_declare(r, token[k]);
    syn_reader_assign(r, token[k], given_to(&list, k));
  }
}

/* Behind the first target. */
static void assignment(syn_reader *r, int first) {
  int target[SYN_READER_LIST], n = 0;
  syn_reader_values list;
  target[n++] = first;
  while (!r->lost && syn_reader_take(r, ",")) {
    int variable = syn_reader_suffixed(r).variable;
    if (n == SYN_READER_LIST)
      r->lost = 1;
    else
      target[n++] = variable;
  }
  syn_reader_want(r, "=");
  syn_reader_expressions(r, &list);
  for (int k = 0; k < n && !r->lost; k++)
    if (target[k])
      syn_reader_assign(r, target[k], syn_kinds_computed(given_to(&list, k)));
}

/* What variable k of a loop over `walk` is. */
static syn_kinds walked(syn_kinds walk, int k) {
  if (k == 0 && (walk == SYN_KIND_WALK || walk == SYN_KIND_WALK_TRANSITIONS))
    return SYN_KIND_NUMBER;
  return k == 1 && walk == SYN_KIND_WALK_TRANSITIONS ? SYN_KIND_TRANSITION : SYN_KIND_ANY;
}

static void for_loop(syn_reader *r) {
  int token[SYN_READER_LIST], scopes = r->scopes;
  syn_reader_values list;
  int n = names(r, token), counts = syn_reader_is(r, "=");
  syn_reader_next(r);
  syn_reader_expressions(r, &list);
  for (int k = 0; k < n && !r->lost; k++) {
    syn_reader_declare(r, token[k]);
    syn_reader_assign(r, token[k], counts ? SYN_KIND_NUMBER : walked(list.set[0], k));
  }
  syn_reader_want(r, "do");
  block(r);
  syn_reader_want(r, "end");
  r->scopes = scopes;
}

static void if_statement(syn_reader *r) {
  do {
    syn_reader_ask_truth(r, syn_reader_expression(r), NULL);
    syn_reader_want(r, "then");
    block(r);
  } while (!r->lost && syn_reader_take(r, "elseif"));
  if (syn_reader_take(r, "else"))
    block(r);
  syn_reader_want(r, "end");
}

static void while_loop(syn_reader *r) {
  syn_reader_ask_truth(r, syn_reader_expression(r), NULL);
  syn_reader_want(r, "do");
  block(r);
  syn_reader_want(r, "end");
}

/* What the body declares can be seen in the condition. */
static void repeat_loop(syn_reader *r) {
  int scopes = r->scopes;
  statements(r);
  syn_reader_want(r, "until");
  syn_reader_ask_truth(r, syn_reader_expression(r), NULL);
  r->scopes = scopes;
}

/* function a.b:c() ... end; with `local` its name is a variable, which its body can see. */
static void function_statement(syn_reader *r, int is_local) {
  int token = r->at - 1, first = syn_reader_name(r), has_self = 0;
  int variable = is_local ? first : syn_reader_variable(r, r->r.t[first]);
  if (is_local)
    syn_reader_declare(r, first);
  for (; !r->lost && (syn_reader_is(r, ".") || syn_reader_is(r, ":")); variable = 0) {
    has_self = syn_reader_is(r, ":");
    syn_reader_next(r);
    syn_reader_name(r);
  }
  if (variable)
    syn_reader_assign(r, variable, SYN_KIND_OTHER);
  function_body(r, token, has_self);
}

static void return_statement(syn_reader *r) {
  static const char *const ends[] = {"end", "else", "elseif", "until", ";", "", NULL};
  syn_reader_values list;
  if (!syn_token_is_one_of(syn_reader_here(r), ends))
    syn_reader_expressions(r, &list);
}

static void statement(syn_reader *r) {
  if (syn_reader_take(r, ";") || syn_reader_take(r, "break"))
    return;
  if (syn_reader_take(r, "::")) {
    syn_reader_name(r);
    syn_reader_want(r, "::");
  } else if (syn_reader_take(r, "goto")) {
    syn_reader_name(r);
  } else if (syn_reader_take(r, "do")) {
    block(r);
    syn_reader_want(r, "end");
  } else if (syn_reader_take(r, "while")) {
    while_loop(r);
  } else if (syn_reader_take(r, "repeat")) {
    repeat_loop(r);
  } else if (syn_reader_take(r, "if")) {
    if_statement(r);
  } else if (syn_reader_take(r, "for")) {
    for_loop(r);
  } else if (syn_reader_take(r, "function")) {
    function_statement(r, 0);
  } else if (syn_reader_take(r, "return")) {
    return_statement(r);
  } else if (!syn_reader_take(r, "local")) {
    syn_reader_value v = syn_reader_suffixed(r);
    if (syn_reader_is(r, "=") || syn_reader_is(r, ","))
      assignment(r, v.variable);
  } else if (syn_reader_take(r, "function")) {
    function_statement(r, 1);
  } else {
    local_variables(r);
  }
}

static void statements(syn_reader *r) {
  static const char *const ends[] = {"end", "else", "elseif", "until", "", NULL};
  while (!r->lost && !syn_token_is_one_of(syn_reader_here(r), ends))
    statement(r);
}

static void block(syn_reader *r) {
  int scopes = r->scopes;
  statements(r);
  r->scopes = scopes;
}

/* ---- the whole text ---------------------------------------------------------------------------- */

/* The token of the function `ref` of the rule: the one that begins and ends in its lines. Of several
 * the one behind `NAME =`; 0 if it is not clear which. */
static int token_of(const syn_reader *r, int ref, const lua_Debug *about) {
  int found = 0, named = 0, at = 0;
  const syn_token *t = r->r.t;
  for (int i = 2; i < r->r.n; i++) {
    if (!syn_token_is(t[i], "function") || t[i].line != about->linedefined ||
        t[syn_tokens_end_of_block(r->r.L, t, r->r.n, i + 1)].line != about->lastlinedefined)
      continue;
    int is_named =
        syn_token_is(t[i - 1], "=") && syn_token_is(t[i - 2], syn_name_of_function(r->r.rule, ref));
    if (is_named || !named)
      at = i;
    named += is_named;
    found++;
  }
  return named == 1 || found == 1 ? at : 0;
}

static void find_functions(syn_reader *r, lua_Debug *about) {
  const syn_rule *rule = r->r.rule;
  const int refs[] = {rule->act, rule->init, rule->learn, rule->saved, rule->step};
  for (size_t i = 0; i < sizeof refs / sizeof *refs; i++) {
    if (refs[i] == LUA_NOREF)
      continue;
    lua_rawgeti(r->r.L, LUA_REGISTRYINDEX, refs[i]);
    lua_getinfo(r->r.L, ">S", about);
    int token = token_of(r, refs[i], about);
    if (!token || ref_of(r, token))
      continue;
    r->function[r->functions] = token;
    r->ref[r->functions++] = refs[i];
  }
}

static void pass(syn_reader *r, int complains) {
  r->at = 1;
  r->scopes = r->changed = 0;
  r->complains = complains;
  syn_sandbox_charge(r->r.L, (uint64_t)r->r.n / 8 + 1);
  statements(r);
  r->lost |= r->at < r->r.n;
}

void syn_rule_refuse_mistakes(lua_State *L, const syn_rule *rule) {
  lua_Debug about;
  syn_reader r = {.r = {.L = L, .rule = rule, .file = about.short_src}, .body = function_body};
  luaL_checkstack(L, 40, NULL);
  r.r.t = syn_tokens_read(L, rule, &r.r.n);
  size_t n = (size_t)r.r.n + SYN_TOKENS_AROUND;
  r.scope = lua_newuserdatauv(L, n * sizeof *r.scope, 0);
  r.kinds = memset(lua_newuserdatauv(L, n * sizeof *r.kinds, 0), 0, n * sizeof *r.kinds);
  find_functions(&r, &about);
  int passes = 0;
  do
    pass(&r, 0);
  while (r.changed && !r.lost && ++passes < PASSES);
  if (!r.changed && !r.lost)
    pass(&r, 1);
}
