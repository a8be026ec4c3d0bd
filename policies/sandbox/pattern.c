/* string.find, match, gmatch and gsub with a matcher that counts its steps.
 *
 * Lua's own matcher can backtrack for longer than the universe lasts, inside of C, where no hook
 * can stop it. This one follows the same rules (Lua 5.4 manual, 6.4.1; the structure is that of
 * lstrlib.c, Copyright 1994-2022 Lua.org, PUC-Rio, MIT licence) and charges every step to the
 * sandbox, so that the limits of a call hold here too. Left out: gsub's table as a replacement. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

#include "policies/sandbox/internal.h"

#define DEPTH_MAX    200 /* recursion, hence C stack */
#define CAPTURES_MAX 32
#define CHARGE       64 /* steps charged at once */

enum { OPEN = -1, POSITION = -2 }; /* lengths of captures that are none */

typedef struct matcher {
  lua_State *L;
  const char *begin, *end; /* of the subject */
  const char *stop;        /* of the pattern */
  int depth, captures, steps;
  struct {
    const char *begin;
    ptrdiff_t length;
  } capture[CAPTURES_MAX];
} matcher;

static const char *match(matcher *m, const char *s, const char *p);

static void step(matcher *m) {
  if (++m->steps == CHARGE) {
    m->steps = 0;
    syn_sandbox_charge(m->L, CHARGE);
  }
}

static void bad_pattern(const matcher *m, const char *what) {
  syn_sandbox_fail(m->L, "malformed pattern (%s)", what);
}

/* ---- one character --------------------------------------------------------------------------- */

/* Behind the class that begins at p. */
static const char *class_end(const matcher *m, const char *p) {
  if (*p++ == '%') {
    if (p == m->stop)
      bad_pattern(m, "ends with '%'");
    return p + 1;
  }
  if (p[-1] != '[')
    return p;
  if (p < m->stop && *p == '^')
    p++;
  do { /* a ']' right at the start stands for itself */
    if (p == m->stop)
      bad_pattern(m, "missing ']'");
    if (*p++ == '%') {
      if (p == m->stop)
        bad_pattern(m, "missing ']'");
      p++;
    }
  } while (p == m->stop || *p != ']');
  return p + 1;
}

static int in_named_class(int c, int name) {
  int yes;
  switch (tolower(name)) {
  case 'a':
    yes = isalpha(c);
    break;
  case 'c':
    yes = iscntrl(c);
    break;
  case 'd':
    yes = isdigit(c);
    break;
  case 'g':
    yes = isgraph(c);
    break;
  case 'l':
    yes = islower(c);
    break;
  case 'p':
    yes = ispunct(c);
    break;
  case 's':
    yes = isspace(c);
    break;
  case 'u':
    yes = isupper(c);
    break;
  case 'w':
    yes = isalnum(c);
    break;
  case 'x':
    yes = isxdigit(c);
    break;
  default:
    return name == c;
  }
  return isupper(name) ? !yes : yes != 0;
}

/* Is c in the set from p, '[', to last, ']'? */
static int in_set(matcher *m, int c, const char *p, const char *last) {
  int yes = 1;
  if (p[1] == '^') {
    yes = 0;
    p++;
  }
  while (++p < last) {
    step(m);
    if (*p == '%') {
      if (in_named_class(c, (unsigned char)*++p))
        return yes;
    } else if (p[1] == '-' && p + 2 < last) {
      p += 2;
      if ((unsigned char)p[-2] <= c && c <= (unsigned char)*p)
        return yes;
    } else if ((unsigned char)*p == c) {
      return yes;
    }
  }
  return !yes;
}

/* Does the character at s, if there is one, fit the class [p, next)? */
static int fits(matcher *m, const char *s, const char *p, const char *next) {
  step(m);
  if (s == m->end)
    return 0;
  int c = (unsigned char)*s;
  switch (*p) {
  case '.':
    return 1;
  case '%':
    return in_named_class(c, (unsigned char)p[1]);
  case '[':
    return in_set(m, c, p, next - 1);
  default:
    return (unsigned char)*p == c;
  }
}

/* ---- items of a pattern ---------------------------------------------------------------------- */

static const char *balanced(matcher *m, const char *s, const char *p) {
  if (m->stop - p < 2)
    bad_pattern(m, "%b wants two characters");
  if (s == m->end || *s != p[0])
    return NULL;
  size_t open = 1;
  while (++s < m->end) {
    step(m);
    if (*s == p[1]) {
      if (--open == 0)
        return s + 1;
    } else if (*s == p[0]) {
      open++;
    }
  }
  return NULL;
}

static const char *most(matcher *m, const char *s, const char *p, const char *next) {
  ptrdiff_t i = 0;
  while (fits(m, s + i, p, next))
    i++;
  for (; i >= 0; i--) {
    const char *end = match(m, s + i, next + 1);
    if (end)
      return end;
  }
  return NULL;
}

static const char *fewest(matcher *m, const char *s, const char *p, const char *next) {
  for (;; s++) {
    const char *end = match(m, s, next + 1);
    if (end || !fits(m, s, p, next))
      return end;
  }
}

static const char *open_capture(matcher *m, const char *s, const char *p, ptrdiff_t kind) {
  if (m->captures == CAPTURES_MAX)
    bad_pattern(m, "too many captures");
  m->capture[m->captures].begin = s;
  m->capture[m->captures].length = kind;
  m->captures++;
  const char *end = match(m, s, p);
  if (!end)
    m->captures--;
  return end;
}

static const char *close_capture(matcher *m, const char *s, const char *p) {
  int i = m->captures - 1;
  while (i >= 0 && m->capture[i].length != OPEN)
    i--;
  if (i < 0)
    bad_pattern(m, "')' without '('");
  m->capture[i].length = s - m->capture[i].begin;
  const char *end = match(m, s, p);
  if (!end)
    m->capture[i].length = OPEN;
  return end;
}

static const char *same_again(matcher *m, const char *s, int digit) {
  int i = digit - '1';
  if (i < 0 || i >= m->captures || m->capture[i].length < 0)
    bad_pattern(m, "invalid capture index");
  size_t n = (size_t)m->capture[i].length;
  syn_sandbox_charge(m->L, n / 16 + 1);
  return (size_t)(m->end - s) >= n && memcmp(m->capture[i].begin, s, n) == 0 ? s + n : NULL;
}

static int at_frontier(matcher *m, const char *s, const char *p, const char *next) {
  int before = s == m->begin ? 0 : (unsigned char)s[-1];
  int here = s == m->end ? 0 : (unsigned char)*s;
  return !in_set(m, before, p, next - 1) && in_set(m, here, p, next - 1);
}

/* A class with what follows it. Where the rest of the pattern is next, *p is moved there and the
 * place in the subject returned; else *p becomes NULL and the end of the whole match is. */
static const char *repeated(matcher *m, const char *s, const char **p) {
  const char *class = *p, *next = class_end(m, class), *end;
  *p = NULL;
  switch (next < m->stop ? *next : '\0') {
  case '?':
    if (fits(m, s, class, next) && (end = match(m, s + 1, next + 1)))
      return end;
    *p = next + 1;
    return s;
  case '+':
    return fits(m, s, class, next) ? most(m, s + 1, class, next) : NULL;
  case '*':
    return most(m, s, class, next);
  case '-':
    return fewest(m, s, class, next);
  default:
    if (!fits(m, s, class, next))
      return NULL;
    *p = next;
    return s + 1;
  }
}

/* The end of the match of pattern p at s, or NULL. */
static const char *match(matcher *m, const char *s, const char *p) {
  if (++m->depth > DEPTH_MAX)
    bad_pattern(m, "too complex");
  while (s && p && p < m->stop) {
    step(m);
    const char *next;
    if (*p == '(' || *p == ')') {
      int position = p[0] == '(' && p + 1 < m->stop && p[1] == ')';
      s = *p == ')' ? close_capture(m, s, p + 1)
                    : open_capture(m, s, p + 1 + position, position ? POSITION : OPEN);
      p = NULL;
    } else if (*p == '$' && p + 1 == m->stop) {
      s = s == m->end ? s : NULL;
      p = NULL;
    } else if (*p == '%' && p + 1 < m->stop && p[1] == 'b') {
      s = balanced(m, s, p + 2);
      p += 4;
    } else if (*p == '%' && p + 1 < m->stop && p[1] == 'f') {
      if (p + 2 == m->stop || p[2] != '[')
        bad_pattern(m, "missing '[' after %f");
      next = class_end(m, p + 2);
      s = at_frontier(m, s, p + 2, next) ? s : NULL;
      p = next;
    } else if (*p == '%' && p + 1 < m->stop && isdigit((unsigned char)p[1])) {
      s = same_again(m, s, p[1]);
      p += 2;
    } else {
      s = repeated(m, s, &p);
    }
  }
  m->depth--;
  return s;
}

/* ---- captures -------------------------------------------------------------------------------- */

/* Pushes capture i; without any captures, number 0 is the whole match [s, end). */
static void push_capture(matcher *m, int i, const char *s, const char *end) {
  if (i >= m->captures) {
    if (i > 0)
      syn_sandbox_fail(m->L, "invalid capture index %%%d", i + 1);
    lua_pushlstring(m->L, s, (size_t)(end - s));
  } else if (m->capture[i].length == POSITION) {
    lua_pushinteger(m->L, m->capture[i].begin - m->begin + 1);
  } else if (m->capture[i].length == OPEN) {
    bad_pattern(m, "unfinished capture");
  } else {
    lua_pushlstring(m->L, m->capture[i].begin, (size_t)m->capture[i].length);
  }
}

static int push_captures(matcher *m, const char *s, const char *end) {
  int n = m->captures == 0 && s ? 1 : m->captures;
  luaL_checkstack(m->L, n, "too many captures");
  for (int i = 0; i < n; i++)
    push_capture(m, i, s, end);
  return n;
}

static const char *match_at(matcher *m, const char *s, const char *p) {
  m->depth = m->captures = 0;
  return match(m, s, p);
}

/* ---- find and match -------------------------------------------------------------------------- */

static const char *find_plain(lua_State *L, const char *s, size_t n, const char *what, size_t k) {
  const char *end = s + n;
  for (; (size_t)(end - s) >= k; s++) {
    if (k == 0 || !(s = memchr(s, *what, (size_t)(end - s) - k + 1)))
      return s;
    syn_sandbox_charge(L, k / 16 + 1);
    if (memcmp(s, what, k) == 0)
      return s;
  }
  return NULL;
}

/* Where to begin, from 1; negative from the end. Past the end + 1 there is nothing: 0. */
static size_t first_of(lua_State *L, int arg, size_t n) {
  lua_Integer i = luaL_optinteger(L, arg, 1);
  if (i < 0)
    i = (size_t)-(i + 1) < n ? (lua_Integer)n + i + 1 : 1;
  else if (i == 0)
    i = 1;
  return (size_t)i > n + 1 ? 0 : (size_t)i;
}

static int find_or_match(lua_State *L, int find) {
  size_t n, k;
  const char *s = syn_sandbox_check_text(L, 1, &n), *p = syn_sandbox_check_text(L, 2, &k);
  size_t first = first_of(L, 3, n);
  if (!first) {
    lua_pushnil(L);
    return 1;
  }
  if (find && lua_toboolean(L, 4)) {
    const char *at = find_plain(L, s + first - 1, n - first + 1, p, k);
    lua_pushnil(L);
    if (!at)
      return 1;
    lua_pushinteger(L, at - s + 1);
    lua_pushinteger(L, at - s + (lua_Integer)k);
    return 2;
  }
  matcher m = {.L = L, .begin = s, .end = s + n, .stop = p + k};
  int anchored = k > 0 && *p == '^';
  const char *from = s + first - 1, *end;
  do {
    if ((end = match_at(&m, from, p + anchored))) {
      if (!find)
        return push_captures(&m, from, end);
      lua_pushinteger(L, from - s + 1);
      lua_pushinteger(L, end - s);
      return 2 + push_captures(&m, NULL, NULL);
    }
  } while (++from <= m.end && !anchored);
  lua_pushnil(L);
  return 1;
}

static int string_find(lua_State *L) {
  return find_or_match(L, 1);
}

static int string_match(lua_State *L) {
  return find_or_match(L, 0);
}

/* ---- gmatch ---------------------------------------------------------------------------------- */

/* Upvalues: subject, pattern, where to go on (from 0), where the last match ended (-1: nowhere). */
static int gmatch_next(lua_State *L) {
  size_t n, k;
  const char *s = lua_tolstring(L, lua_upvalueindex(1), &n);
  const char *p = lua_tolstring(L, lua_upvalueindex(2), &k);
  lua_Integer at = lua_tointeger(L, lua_upvalueindex(3));
  lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
  matcher m = {.L = L, .begin = s, .end = s + n, .stop = p + k};
  for (; at <= (lua_Integer)n; at++) {
    const char *end = match_at(&m, s + at, p);
    if (end && end - s != last) {
      for (int i = 3; i <= 4; i++) {
        lua_pushinteger(L, end - s);
        lua_replace(L, lua_upvalueindex(i));
      }
      return push_captures(&m, s + at, end);
    }
  }
  return 0;
}

static int string_gmatch(lua_State *L) {
  syn_sandbox_check_text(L, 1, NULL);
  syn_sandbox_check_text(L, 2, NULL);
  lua_settop(L, 2);
  lua_pushinteger(L, 0);
  lua_pushinteger(L, -1);
  lua_pushcclosure(L, gmatch_next, 4);
  return 1;
}

/* ---- gsub ------------------------------------------------------------------------------------ */

/* The replacement text at index 3, with %0 to %9 filled in. */
static void add_text(matcher *m, luaL_Buffer *b, const char *s, const char *end) {
  size_t n;
  const char *text = lua_tolstring(m->L, 3, &n);
  for (size_t i = 0; i < n; i++) {
    step(m);
    if (text[i] != '%') {
      luaL_addchar(b, text[i]);
    } else if (++i < n && text[i] == '%') {
      luaL_addchar(b, '%');
    } else if (i < n && text[i] == '0') {
      luaL_addlstring(b, s, (size_t)(end - s));
    } else if (i < n && isdigit((unsigned char)text[i])) {
      push_capture(m, text[i] - '1', s, end);
      syn_sandbox_text(m->L, -1);
      lua_remove(m->L, -2);
      luaL_addvalue(b);
    } else {
      syn_sandbox_fail(m->L, "string.gsub: %% in the replacement wants a digit or %% behind it");
    }
  }
}

/* What the function at index 3 makes of the match; nil and false keep it. */
static void add_answer(matcher *m, luaL_Buffer *b, const char *s, const char *end) {
  lua_State *L = m->L;
  lua_pushvalue(L, 3);
  lua_call(L, push_captures(m, s, end), 1);
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    luaL_addlstring(b, s, (size_t)(end - s));
  } else if (lua_isstring(L, -1)) {
    syn_sandbox_text(L, -1);
    lua_remove(L, -2);
    luaL_addvalue(b);
  } else {
    syn_sandbox_fail(L, "string.gsub: the function returned a %s; it returns a text or nil",
                     luaL_typename(L, -1));
  }
}

static int string_gsub(lua_State *L) {
  size_t n, k;
  const char *s = syn_sandbox_check_text(L, 1, &n), *p = syn_sandbox_check_text(L, 2, &k),
             *last = NULL;
  int kind = lua_type(L, 3);
  lua_Integer wanted = luaL_optinteger(L, 4, (lua_Integer)n + 1), done = 0;
  luaL_argexpected(L, kind == LUA_TSTRING || kind == LUA_TNUMBER || kind == LUA_TFUNCTION, 3,
                   "text or function");
  if (kind == LUA_TNUMBER)
    syn_sandbox_check_text(L, 3, NULL);
  matcher m = {.L = L, .begin = s, .end = s + n, .stop = p + k};
  int anchored = k > 0 && *p == '^';
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  while (done < wanted) {
    const char *end = match_at(&m, s, p + anchored);
    if (end && end != last) {
      done++;
      (kind == LUA_TFUNCTION ? add_answer : add_text)(&m, &b, s, end);
      s = last = end;
    } else if (s < m.end) {
      luaL_addchar(&b, *s++);
    } else {
      break;
    }
    if (anchored)
      break;
  }
  luaL_addlstring(&b, s, (size_t)(m.end - s));
  luaL_pushresult(&b);
  lua_pushinteger(L, done);
  return 2;
}

const luaL_Reg syn_pattern_functions[] = {{"find", string_find},
                                          {"match", string_match},
                                          {"gmatch", string_gmatch},
                                          {"gsub", string_gsub},
                                          {NULL, NULL}};
