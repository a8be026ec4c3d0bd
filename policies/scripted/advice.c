/* What is added to messages of Lua's own, for people who know another language, or numbers but not
 * views. */
#include <assert.h>
#include <stdio.h>

#include "policies/scripted/views.h"

static const syn_advice always[] = {
    {"to 'abs' (number expected, got view", "; for views there is abs(x), without math."},
    {"to 'exp' (number expected, got view", "; for views there is exp(x), without math."},
    {"to 'log' (number expected, got view", "; for views there is log(x), without math."},
    {"to 'sqrt' (number expected, got view", "; for views there is sqrt(x), without math."},
    {"to 'tanh' (number expected, got view", "; for views there is tanh(x), without math."},
    {"to 'max' (number expected, got view", "; for views there is max(x, y), without math."},
    {"to 'min' (number expected, got view", "; for views there is min(x, y), without math."},
    {"to 'select' (number expected, got view", "; for views there is where(c, x, y)"},
    {"number expected, got view", "; views know " SYN_VIEWS_KNOW},
    {"near '!'", "; in Lua `not equal` is ~=, and `not` is a word"},
    {"unexpected symbol near '&'", "; in Lua it is `and`"},
    {"unexpected symbol near '|'", "; in Lua it is `or`"},
    {"syntax error near '+'", "; in Lua one writes x = x + 1"},
    {"syntax error near '-'", "; in Lua one writes x = x - 1"},
    {"near '//'", "; in Lua a comment begins with --"},
};

/* Where a step is given views: of names that nothing has. */
static const syn_advice of_views[] = {
    {"is not offered to a rule: numbers have", "; views know " SYN_VIEWS_KNOW},
    {"' here", "; views know " SYN_VIEWS_KNOW},
};

enum { ALWAYS = sizeof always / sizeof *always, OF_VIEWS = sizeof of_views / sizeof *of_views };

static void add(syn_rule *rule, size_t *n, const syn_advice *advice, size_t more) {
  for (size_t i = 0; i < more; i++)
    rule->advice[(*n)++] = advice[i];
  rule->advice[*n] = (syn_advice){NULL, NULL};
}

void syn_rule_advise(syn_rule *rule) {
  static_assert(ALWAYS + OF_VIEWS + 2 < SYN_RULE_ADVICE, "no room for advice");
  size_t n = 0;
  add(rule, &n, always, ALWAYS);
  syn_sandbox_advise(rule->sandbox, rule->advice);
}

/* The function that a rule without a memory gives, and the place of the memory among what it is given:
 * LUA_NOREF if it has a memory. */
static int function_without_memory(const syn_rule *rule, int *place) {
  *place = rule->info.kind == SYN_RULE_LOCAL ? 4 : rule->info.kind == SYN_RULE_REWARD ? 2 : 3;
  return rule->init != LUA_NOREF ? LUA_NOREF : rule->act != LUA_NOREF ? rule->act : rule->step;
}

/* Of a parameter that would be the memory: Lua calls it by its name. */
static void advise_on_memory(lua_State *L, syn_rule *rule, size_t *n) {
  int place, ref = function_without_memory(rule, &place);
  if (ref == LUA_NOREF)
    return;
  lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
  const char *name = lua_getlocal(L, NULL, place);
  if (!name)
    return;
  const char *says = rule->info.kind == SYN_RULE_LOCAL
                         ? "; the memory is what init = function(p) returns, and this rule has none"
                     : rule->info.kind == SYN_RULE_REWARD
                         ? "; the memory is what memory = function(p) returns, and this reward has "
                           "none"
                         : "; the memory is what init = function(p) returns and learn changes, and "
                           "this rule has none";
  static const char *const as[] = {"local", "upvalue"};
  for (size_t i = 0; i < 2; i++) {
    snprintf(rule->sign[i], sizeof rule->sign[i], "a nil value (%s '%.50s')", as[i], name);
    add(rule, n, &(syn_advice){rule->sign[i], says}, 1);
  }
}

void syn_rule_advise_on_declaration(lua_State *L, syn_rule *rule) {
  size_t n = ALWAYS;
  if (rule->info.kind == SYN_RULE_LOCAL)
    add(rule, &n, of_views, OF_VIEWS);
  advise_on_memory(L, rule, &n);
}
