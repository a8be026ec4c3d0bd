/* Expressions: what their values may be, and what in them is certainly no condition, or never equal. */
#include "policies/scripted/reader.h"

static syn_reader_value expression(syn_reader *r, int least);

/* ---- values ------------------------------------------------------------------------------------ */

static syn_reader_value value_of(const syn_reader *r, int begin, syn_kinds set) {
  return (syn_reader_value){.self = {.begin = begin, .end = r->at, .set = set}};
}

/* Always true, and a number or a view. A number that just stands there is meant so. */
static int is_always_true(syn_kinds set) {
  return syn_kinds_within(set, SYN_KIND_NUMERIC) && set != SYN_KIND_LITERAL;
}

void syn_reader_ask_truth(const syn_reader *r, syn_reader_value v, const char *by) {
  if (!r->complains)
    return;
  if (is_always_true(v.self.set))
    syn_complain_of_truth(&r->r, v.self, by);
  else if (v.last.set)
    syn_complain_of_truth(&r->r, v.last, NULL);
}

/* a and b, with a the beginning of b: is it there at all? */
static int is_guard(const syn_reader *r, syn_part a, syn_part b) {
  int n = a.end - a.begin, i = 0;
  while (i < n && syn_token_same(r->r.t[a.begin + i], r->r.t[b.begin + i]))
    i++;
  return i == n && b.begin + n < b.end;
}

/* a and b, a or b. */
static syn_reader_value join(syn_reader *r, syn_reader_value a, syn_reader_value b, int is_or) {
  syn_reader_value v = value_of(r, a.self.begin, 0);
  syn_kinds left = a.self.set;
  int literal = b.self.set == SYN_KIND_LITERAL;
  int or_default = literal && left == SYN_KIND_NUMBER;
  if (!is_or && !(left == SYN_KIND_NUMBER && is_guard(r, a.self, b.self)))
    syn_reader_ask_truth(r, a, "and");
  else if (is_or && is_always_true(left) && !or_default)
    syn_reader_ask_truth(r, a, "or");
  v.self.set = is_or ? (left & ~(syn_kinds)SYN_KIND_FALSY) | syn_kinds_computed(b.self.set)
                     : (left & SYN_KIND_FALSY) | syn_kinds_computed(b.self.set);
  if (is_or && a.last.set)
    v.last = a.last;
  else if (is_always_true(b.self.set) || (is_or && literal))
    v.last = b.self;
  else
    v.last = b.last;
  return v;
}

static void compare(const syn_reader *r, syn_part a, int op, syn_part b) {
  const syn_kinds others = SYN_KIND_TEXT | SYN_KIND_OTHER;
  if (!r->complains)
    return;
  if ((a.set == SYN_KIND_VIEW && b.set != SYN_KIND_FALSY) ||
      (b.set == SYN_KIND_VIEW && a.set != SYN_KIND_FALSY))
    syn_complain_of_equality(&r->r, a, op, b);
  if (syn_kinds_within(a.set, SYN_KIND_NUMERIC) && syn_kinds_within(b.set, others))
    syn_complain_of_unequals(&r->r, a, b);
  if (syn_kinds_within(b.set, SYN_KIND_NUMERIC) && syn_kinds_within(a.set, others))
    syn_complain_of_unequals(&r->r, b, a);
}

/* ---- expressions ------------------------------------------------------------------------------- */

void syn_reader_expressions(syn_reader *r, syn_reader_values *list) {
  list->n = 0;
  do {
    syn_reader_value v = expression(r, 0);
    if (list->n == SYN_READER_LIST)
      r->lost = 1;
    else
      list->set[list->n++] = v.self.set;
    list->several = v.several;
  } while (!r->lost && syn_reader_take(r, ","));
}

/* Behind the opening bracket or brace of a table. */
static void fields(syn_reader *r) {
  while (!r->lost && !syn_reader_take(r, "}")) {
    if (syn_reader_take(r, "[")) {
      expression(r, 0);
      syn_reader_want(r, "]");
      syn_reader_want(r, "=");
    } else if (syn_token_is_name(syn_reader_here(r)) && syn_token_is(r->r.t[r->at + 1], "=")) {
      syn_reader_next(r);
      syn_reader_next(r);
    }
    expression(r, 0);
    if (!syn_reader_take(r, ","))
      syn_reader_take(r, ";");
  }
}

/* The arguments of a call of `function`: what it returns. */
static syn_kinds arguments(syn_reader *r, syn_kinds function) {
  int view = 0, numbers = 1;
  syn_kinds first = 0;
  if (syn_token_is_text(syn_reader_here(r))) {
    syn_reader_next(r);
    return syn_kinds_of_call(function, 0, 0, SYN_KIND_TEXT);
  }
  if (syn_reader_take(r, "{")) {
    fields(r);
    return syn_kinds_of_call(function, 0, 0, SYN_KIND_OTHER);
  }
  syn_reader_want(r, "(");
  while (!r->lost && !syn_reader_take(r, ")")) {
    syn_reader_value v = expression(r, 0);
    first = first ? first : v.self.set;
    view |= v.self.set == SYN_KIND_VIEW;
    numbers &= syn_kinds_within(v.self.set, SYN_KIND_NUMBER | SYN_KIND_LITERAL);
    syn_reader_take(r, ",");
  }
  return syn_kinds_of_call(function, view, numbers, first);
}

/* Of receiver:method(...) what the method is. */
static syn_kinds method_of(const syn_reader *r, syn_kinds receiver, syn_token method) {
  if (receiver == SYN_KIND_VIEW)
    return syn_kinds_of_field(r->r.rule, receiver, method);
  return SYN_KIND_ANY;
}

static void call(syn_reader *r, syn_reader_value *v, syn_kinds function, int on_view) {
  int begin = v->self.begin;
  syn_kinds set = arguments(r, function);
  *v = value_of(r, begin, set);
  if (on_view && function != SYN_KIND_ANY)
    v->self.set = SYN_KIND_VIEW;
  v->self.compares = function & SYN_KIND_COMPARES && function != SYN_KIND_ANY;
  v->several = set == SYN_KIND_ANY || set & (SYN_KIND_WALK | SYN_KIND_WALK_TRANSITIONS);
}

/* v:draw() is a view, and so is what the methods of views give. */
static void call_method(syn_reader *r, syn_reader_value *v) {
  syn_reader_next(r);
  syn_token method = r->r.t[syn_reader_name(r)];
  syn_kinds receiver = v->self.set;
  int draws = receiver == SYN_KIND_V && syn_token_is(method, "draw");
  call(r, v, method_of(r, receiver, method), receiver == SYN_KIND_VIEW);
  if (draws)
    *v = value_of(r, v->self.begin, SYN_KIND_VIEW);
}

syn_reader_value syn_reader_suffixed(syn_reader *r) {
  int begin = r->at;
  syn_reader_value v;
  if (syn_reader_take(r, "(")) {
    v = expression(r, 0);
    syn_reader_want(r, ")");
    v.self.begin = begin;
    v.self.end = r->at;
    v.several = v.variable = 0;
  } else {
    syn_token wanted = r->r.t[syn_reader_name(r)];
    int variable = syn_reader_variable(r, wanted);
    v = value_of(r, begin, variable ? r->kinds[variable] : syn_kinds_of_global(wanted));
    v.variable = variable;
  }
  while (!r->lost) {
    if (syn_reader_take(r, ".")) {
      v = value_of(r, begin, syn_kinds_of_field(r->r.rule, v.self.set, r->r.t[syn_reader_name(r)]));
    } else if (syn_reader_take(r, "[")) {
      expression(r, 0);
      syn_reader_want(r, "]");
      v = value_of(r, begin, syn_kinds_of_index(v.self.set));
    } else if (syn_reader_is(r, ":")) {
      call_method(r, &v);
    } else if (syn_token_is_text(syn_reader_here(r)) || syn_reader_is(r, "(") ||
               syn_reader_is(r, "{")) {
      call(r, &v, v.self.set, 0);
    } else {
      break;
    }
    v.self.end = r->at;
  }
  return v;
}

static syn_reader_value simple(syn_reader *r) {
  int begin = r->at;
  syn_kinds set = 0;
  if (syn_token_is_number(syn_reader_here(r)))
    set = SYN_KIND_LITERAL;
  else if (syn_token_is_text(syn_reader_here(r)))
    set = SYN_KIND_TEXT;
  else if (syn_reader_is(r, "nil") || syn_reader_is(r, "false"))
    set = SYN_KIND_FALSY;
  else if (syn_reader_is(r, "true") || syn_reader_is(r, "{") || syn_reader_is(r, "function"))
    set = SYN_KIND_OTHER;
  else if (syn_reader_is(r, "..."))
    set = SYN_KIND_ANY;
  if (!set)
    return syn_reader_suffixed(r);
  int several = syn_reader_is(r, "..."), table = syn_reader_is(r, "{"),
      function = syn_reader_is(r, "function");
  syn_reader_next(r);
  if (table)
    fields(r);
  if (function)
    r->body(r, begin, 0);
  syn_reader_value v = value_of(r, begin, set);
  v.several = several;
  return v;
}

/* How strongly an operator binds to its left and to its right; 0: it is none of two operands. */
static int strength(syn_token t, int *right) {
  static const struct {
    const char *op;
    int left, right;
  } operators[] = {{"or", 1, 1},  {"and", 2, 2}, {"<", 3, 3},   {">", 3, 3},    {"<=", 3, 3},
                   {">=", 3, 3},  {"~=", 3, 3},  {"==", 3, 3},  {"|", 4, 4},    {"~", 5, 5},
                   {"&", 6, 6},   {"<<", 7, 7},  {">>", 7, 7},  {"..", 9, 8},   {"+", 10, 10},
                   {"-", 10, 10}, {"*", 11, 11}, {"/", 11, 11}, {"//", 11, 11}, {"%", 11, 11},
                   {"^", 14, 13}};
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
    if (syn_token_is(t, operators[i].op)) {
      *right = operators[i].right;
      return operators[i].left;
    }
  return 0;
}

#define UNARY 12

static syn_reader_value unary(syn_reader *r) {
  int begin = r->at;
  syn_kinds set = 0;
  int minus = syn_reader_is(r, "-"), not = syn_reader_is(r, "not"),
      other = syn_reader_is(r, "#") || syn_reader_is(r, "~");
  if (!minus && !not&&!other)
    return simple(r);
  syn_reader_next(r);
  syn_reader_value v = expression(r, UNARY);
  if (not)
    syn_reader_ask_truth(r, v, "not");
  if (minus)
    set = v.self.set == SYN_KIND_LITERAL
              ? SYN_KIND_LITERAL
              : syn_kinds_of_arithmetic(r->r.t[begin], v.self.set, v.self.set);
  return value_of(r, begin, not? SYN_KIND_FALSY | SYN_KIND_OTHER : minus ? set : SYN_KIND_NUMBER);
}

static syn_reader_value binary(syn_reader *r, syn_reader_value a, int op, syn_reader_value b) {
  static const char *const orders[] = {"<", ">", "<=", ">=", "==", "~=", NULL};
  syn_token t = r->r.t[op];
  if (syn_token_is(t, "and") || syn_token_is(t, "or"))
    return join(r, a, b, syn_token_is(t, "or"));
  if (syn_token_is(t, "==") || syn_token_is(t, "~="))
    compare(r, a.self, op, b.self);
  syn_kinds set = syn_token_is_one_of(t, orders) ? SYN_KIND_FALSY | SYN_KIND_OTHER
                  : syn_token_is(t, "..")
                      ? SYN_KIND_TEXT
                      : syn_kinds_of_arithmetic(t, syn_kinds_computed(a.self.set),
                                                syn_kinds_computed(b.self.set));
  return value_of(r, a.self.begin, set);
}

/* An expression of operators that bind more strongly than `least`. */
static syn_reader_value expression(syn_reader *r, int least) {
  syn_reader_value v = unary(r);
  int right = 0, left;
  while (!r->lost && (left = strength(syn_reader_here(r), &right)) > least) {
    int op = r->at;
    syn_reader_next(r);
    syn_reader_value b = expression(r, right);
    v = binary(r, v, op, b);
  }
  return v;
}

syn_reader_value syn_reader_expression(syn_reader *r) {
  return expression(r, 0);
}
