/* Mistakes with views of which Lua asks nobody: == between a view and a number is false, and a view
 * as a condition is true, without a word. So the text of `step` is read for them once it is loaded.
 *
 * What is taken for a view: v.NAME, v being the first parameter of step; gt(...), abs(...) and the
 * like with such a view in the brackets, and as methods; and a local that is declared as just one of
 * these, local w = v.NAME. All only where the name is bound once in the whole function, or nowhere in
 * the file, so that it cannot mean anything else; all other operands are left alone, and so is a
 * comparison with nil. Without a view in the brackets gt(...) and its like are numbers, 1 or 0, and no
 * condition either, since 0 is true. A right rule is never refused; a wrong one may pass. */
#include <ctype.h>
#include <string.h>

#include "policies/scripted/views.h"

typedef struct token {
  const char *at;
  int size, line;
} token;

/* The text as tokens; token 0 and those from n on are empty. */
typedef struct reading {
  lua_State *L;
  const syn_rule *rule;
  lua_Debug step;
  token *t;
  int n, begin, end; /* the body of step: behind its first parameter, and its `end` */
  unsigned bound;    /* bits of those `functions` whose names the file gives another meaning */
} reading;

/* ---- tokens ------------------------------------------------------------------------------------ */

static int is(token t, const char *text) {
  return (size_t)t.size == strlen(text) && memcmp(t.at, text, (size_t)t.size) == 0;
}

static int is_one_of(token t, const char *const *texts) {
  while (*texts && !is(t, *texts))
    texts++;
  return *texts != NULL;
}

static int same(token a, token b) {
  return a.size == b.size && memcmp(a.at, b.at, (size_t)a.size) == 0;
}

static int is_word(token t) {
  return t.size && (isalpha((unsigned char)*t.at) || *t.at == '_');
}

static int is_keyword(token t) {
  static const char *const words[] = {"and",   "break", "do",       "else",  "elseif", "end",
                                      "false", "for",   "function", "goto",  "if",     "in",
                                      "local", "nil",   "not",      "or",    "repeat", "return",
                                      "then",  "true",  "until",    "while", NULL};
  return is_one_of(t, words);
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
static int read_tokens(const syn_rule *rule, token *t) {
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
        t[n] = (token){at, (int)(next - at), line};
      n++;
    }
    at = pass_over(at, next, end, &line);
  }
  return n;
}

/* ---- scopes ------------------------------------------------------------------------------------ */

/* Where the block ends in which token i stands: at its end, until, else or elseif. */
static int end_of_block(const reading *r, int i) {
  static const char *const opens[] = {"function", "if", "do", "repeat", NULL};
  static const char *const closes[] = {"end", "until", NULL};
  static const char *const parts[] = {"else", "elseif", NULL};
  int depth = 0;
  syn_sandbox_charge(r->L, (uint64_t)r->n / 64);
  for (; i < r->n; i++) {
    depth += is_one_of(r->t[i], opens) - is_one_of(r->t[i], closes);
    if (depth < 0 || (depth == 0 && is_one_of(r->t[i], parts)))
      return i;
  }
  return r->n;
}

/* Is token i among names that are declared or assigned here? In doubt, yes. */
static int is_bound_at(const reading *r, int i) {
  static const char *const list[] = {",", "<", ">", "(", ".", ":", NULL};
  int depth = 0, k = i - 1;
  if (is(r->t[i + 1], "="))
    return 1;
  while (is_one_of(r->t[k], list) || (is_word(r->t[k]) && !is_keyword(r->t[k])))
    k--;
  if (is(r->t[k], "local") || is(r->t[k], "for") || is(r->t[k], "function"))
    return 1;
  for (k = i + 1; is(r->t[i + 1], ",") && k < r->n && depth >= 0; k++) { /* i, ... = */
    if (depth == 0 && is(r->t[k], "="))
      return 1;
    if (is_keyword(r->t[k]) || is(r->t[k], ";"))
      return 0;
    depth += (r->t[k].size == 1 && strchr("([{", *r->t[k].at)) -
             (r->t[k].size == 1 && strchr(")]}", *r->t[k].at));
  }
  return 0;
}

/* Does token i name a variable, and no field or label? */
static int is_variable(const reading *r, int i) {
  static const char *const before[] = {".", ":", "::", "goto", NULL};
  return !is_one_of(r->t[i - 1], before);
}

/* Is the name of token i bound anywhere in step but at i? */
static int is_bound_elsewhere(const reading *r, int i) {
  for (int k = r->begin; k < r->end; k++)
    if (k != i && same(r->t[k], r->t[i]) && is_variable(r, k)) {
      syn_sandbox_charge(r->L, (uint64_t)r->n / 64);
      if (is_bound_at(r, k))
        return 1;
    }
  return 0;
}

/* ---- views ------------------------------------------------------------------------------------- */

/* Is v.NAME, at token i, a view? */
static int is_quantity(const reading *r, int i) {
  if (!same(r->t[i], r->t[r->begin - 1]) || !is_variable(r, i) || !is(r->t[i + 1], "."))
    return 0;
  static const char *const numbers[] = {"reward", "reward_value", "reward_trace",
                                        "loss",   "loss_change",  NULL};
  return (is_one_of(r->t[i + 2], syn_quantity_names) && !is_one_of(r->t[i + 2], numbers)) ||
         is_one_of(r->t[i + 2], r->rule->state_name);
}

/* +1 and -1 at brackets. */
static int depth_of(token t) {
  return t.size != 1 ? 0 : (strchr("([{", *t.at) != NULL) - (strchr(")]}", *t.at) != NULL);
}

/* Behind the bracket that closes the one at token i. */
static int behind_bracket(const reading *r, int i) {
  int depth = 0;
  syn_sandbox_charge(r->L, (uint64_t)r->n / 64);
  do
    depth += depth_of(r->t[i++]);
  while (depth > 0 && i < r->n);
  return i;
}

enum { COMPARISONS = 8, FUNCTIONS = 18 }; /* the first ones give 1 and 0 */
static const char *const functions[] = {"lt",   "le",   "gt",    "ge",    "eq",  "and_", "or_",
                                        "not_", "sign", "abs",   "exp",   "log", "sqrt", "tanh",
                                        "min",  "max",  "clamp", "where", NULL};

static int function_of(token t) {
  int f = 0;
  while (functions[f] && !is(t, functions[f]))
    f++;
  return functions[f] ? f : -1;
}

static void find_bound(reading *r) {
  for (int i = 1; i < r->n; i++) {
    int f = function_of(r->t[i]);
    if (f < 0 || r->bound >> f & 1 || !is_variable(r, i))
      continue;
    syn_sandbox_charge(r->L, (uint64_t)r->n / 64);
    r->bound |= (unsigned)is_bound_at(r, i) << f;
  }
}

/* Does token i call one of the first `n` functions? */
static int is_call(const reading *r, int i, int n) {
  int f = function_of(r->t[i]);
  return f >= 0 && f < n && !(r->bound >> f & 1) && is_variable(r, i) && is(r->t[i + 1], "(");
}

/* Behind the view that begins at token i; 0 if none does. */
static int behind_view(const reading *r, int i) {
  static const char *const around[] = {"(", ")", ",", "+", "-", "*", "/", NULL};
  int next = 0;
  if (is_quantity(r, i)) {
    next = i + 3;
  } else if (is_call(r, i, FUNCTIONS)) {
    int close = behind_bracket(r, i + 1) - 1, depth = 0, found = 0;
    for (int k = i + 2, end; k < close && !found; k++) {
      depth += depth_of(r->t[k]);
      found = depth == 0 && is_one_of(r->t[k - 1], around) && (end = behind_view(r, k)) &&
              is_one_of(r->t[end], around) && !is(r->t[end], "(");
    }
    next = found ? close + 1 : 0;
  }
  while (next && is(r->t[next], ":") && function_of(r->t[next + 1]) >= 0 && is(r->t[next + 2], "("))
    next = behind_bracket(r, next + 2);
  return next;
}

/* ---- mistakes ---------------------------------------------------------------------------------- */

static int refuse(const reading *r, int at, const char *says) {
  return luaL_error(r->L, "%s:%d: %s", r->step.short_src, r->t[at].line, says);
}

static void refuse_comparison(const reading *r, int at, const char *view, token op, token with) {
  int number = with.size && with.size < 40 && isdigit((unsigned char)*with.at);
  const char *other = number ? lua_pushlstring(r->L, with.at, (size_t)with.size) : "x";
  const char *sign = is(op, "==") ? "==" : "~=";
  refuse(r, at,
         lua_pushfstring(r->L,
                         "a view cannot be compared by %s, it is a number for every "
                         "synapse; %seq(%s, %s) gives 1 where it %s",
                         sign, *sign == '~' ? "1 - " : "", view, other,
                         *sign == '~' ? "differs" : "holds"));
}

/* A condition that always holds; `number`: gt(...) of what may be numbers. */
static void refuse_condition(const reading *r, int at, const char *view, int number) {
  const char *says =
      number ? lua_pushfstring(r->L, "%s gives 1 or 0, and Lua takes both for true", view)
             : "a view is no condition, it is a number for every synapse";
  refuse(r, at,
         lua_pushfstring(r->L, "%s; where(%s, x, y) gives x where it is not 0, else y%s", says,
                         view, number ? ", and numbers are compared by < > ==" : ""));
}

/* Tokens [i, next) are a view, or `number`: gt(...) of what may be numbers, and stand where they do. */
static void check_operand(const reading *r, int i, int next, int number) {
  static const char *const goes_on[] = {".", "[", ":", "(", "{", NULL};
  static const char *const begins[] = {"(",  "=",      ",",     "{",     "[",   ";",  "return",
                                       "if", "elseif", "while", "until", "and", "or", NULL};
  const token *t = r->t;
  const char *view =
      lua_pushlstring(r->L, t[i].at, (size_t)(t[next - 1].at - t[i].at + t[next - 1].size));
  int at = i, p = i - 1;
  while (is(t[p], "(") && is(t[next], ")") && p > 1 &&
         (!is_word(t[p - 1]) || is_keyword(t[p - 1])) &&
         !strchr(")]}\"'", t[p - 1].at[t[p - 1].size - 1])) /* brackets, and no call */
    p--, next++;
  while (is(t[p], "-"))
    p--;
  if (is_one_of(t[next], goes_on) || (t[next].size && strchr("\"'[", *t[next].at)) || is(t[p], "#"))
    return;
  if (is(t[next], "==") || is(t[next], "~=")) {
    if (!is(t[next + 1], "nil") && !number)
      refuse_comparison(r, at, view, t[next], t[next + 1]);
  } else if (is(t[p], "==") || is(t[p], "~=")) {
    if (!is(t[p - 1], "nil") && !number)
      refuse_comparison(r, at, view, t[p], t[p - 1]);
  } else if (is(t[p], "not")) {
    if (number)
      refuse_condition(r, at, view, number);
    refuse(r, at,
           lua_pushfstring(r->L,
                           "`not` does not look into a view, it is a number for every "
                           "synapse; eq(%s, 0) gives 1 where it is 0",
                           view));
  } else if (is_one_of(t[p], begins)) {
    int loop = i;
    syn_sandbox_charge(r->L, (uint64_t)r->n / 64);
    while (loop > 0 && !is(t[loop], "while") && !is(t[loop], "for"))
      loop--;
    int joined = is(t[next], "and") || (is(t[next], "or") && !is(t[p], "and") && !is(t[p], "or"));
    if (joined && number)
      refuse_condition(r, at, view, number);
    if (joined)
      refuse(r, at,
             lua_pushfstring(r->L,
                             "`%s` does not look into a view, it is a number for every "
                             "synapse; where(%s, x, y) gives x where it is not 0, else y",
                             is(t[next], "or") ? "or" : "and", view));
    if (is(t[next], "then") || (is(t[next], "do") && is(t[loop], "while")) ||
        (is(t[p], "until") && (!t[next].size || is_word(t[next]) || is(t[next], ";"))))
      refuse_condition(r, at, view, number);
  }
}

/* ---- step -------------------------------------------------------------------------------------- */

/* local w = a view, with token i as w, and nothing behind it. */
static void check_local(const reading *r, int i) {
  int next = is_word(r->t[i]) && is(r->t[i + 1], "=") ? behind_view(r, i + 2) : 0;
  if (!next || is_bound_elsewhere(r, i) || is(r->t[next], "and") || is(r->t[next], "or") ||
      !(is_word(r->t[next]) || is(r->t[next], ";")))
    return;
  int end = end_of_block(r, i);
  for (int k = next; k < end; k++)
    if (same(r->t[k], r->t[i]) && is_variable(r, k))
      check_operand(r, k, k + 1, 0);
}

/* Finds the function that begins and ends in the lines of step. Of several the one behind `step =`;
 * 0 if it is not clear which. */
static int find_step(reading *r) {
  int found = 0, named = 0, at = 0;
  lua_rawgeti(r->L, LUA_REGISTRYINDEX, r->rule->step);
  lua_getinfo(r->L, ">S", &r->step);
  for (int i = 2; i < r->n; i++) {
    if (!is(r->t[i], "function") || r->t[i].line != r->step.linedefined ||
        r->t[end_of_block(r, i + 1)].line != r->step.lastlinedefined)
      continue;
    int is_named = is(r->t[i - 1], "=") && is(r->t[i - 2], "step");
    if (is_named || !named)
      at = i;
    named += is_named;
    found++;
  }
  if (named != 1 && found != 1)
    return 0;
  r->end = end_of_block(r, at + 1);
  while (!is(r->t[at], "("))
    at++;
  r->begin = at + 2; /* behind ( and v */
  return is_word(r->t[at + 1]) && !is_bound_elsewhere(r, at + 1);
}

void syn_rule_refuse_mistakes(lua_State *L, const syn_rule *rule) {
  reading r = {.L = L, .rule = rule, .n = read_tokens(rule, NULL)};
  size_t bytes = ((size_t)r.n + 8) * sizeof *r.t;
  r.t = memset(lua_newuserdatauv(L, bytes, 0), 0, bytes);
  for (int i = 0; i < r.n + 8; i++)
    r.t[i].at = "";
  read_tokens(rule, r.t);
  if (!find_step(&r))
    return;
  find_bound(&r);
  luaL_checkstack(L, 20, NULL);
  for (int i = r.begin; i < r.end; i++) {
    int top = lua_gettop(L);
    int next = behind_view(&r, i);
    if (next)
      check_operand(&r, i, next, 0);
    else if (is_call(&r, i, COMPARISONS))
      check_operand(&r, i, behind_bracket(&r, i + 1), 1);
    if (is(r.t[i], "local"))
      check_local(&r, i + 1);
    lua_settop(L, top);
  }
}
