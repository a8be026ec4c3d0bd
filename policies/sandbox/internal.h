/* What the files of the sandbox share, and nobody else includes. */
#ifndef SYN_POLICIES_SANDBOX_INTERNAL_H
#define SYN_POLICIES_SANDBOX_INTERNAL_H

#include <lauxlib.h>

#include "policies/sandbox/sandbox.h"

typedef enum syn_refusal { /* why an allocation was refused */
                           SYN_REFUSED_NOTHING,
                           SYN_REFUSED_MEMORY,
                           SYN_REFUSED_STRING,
                           SYN_REFUSED_TIME,
                           SYN_REFUSED_SYSTEM,
                           SYN_REFUSED_COLLECTING,
} syn_refusal;

struct syn_sandbox {
  lua_State *L;
  syn_limits limits;
  size_t used, blocks;             /* bytes, and in how many pieces */
  const void *stack;               /* where Lua keeps its stack */
  size_t stack_size;               /* bytes */
  int finds_stack;                 /* what is made larger now is the stack */
  uint64_t steps, most, next_look; /* of this call; `most` steps are allowed */
  size_t calls;                    /* that share these limits */
  double seconds, deadline; /* of this call: allowed; where the thread's CPU clock stands then, 0
                               before anybody has looked at it */
  int running, killed;
  int joining;      /* a .. is at work (source.c) */
  int pressed;      /* the last request was refused, so Lua has just collected */
  syn_refusal full; /* from here on nothing is given, and why */
  syn_refusal refused;
  char source[LUA_IDSIZE]; /* the file as Lua's messages name it */
  char message[512], trace[256];
  syn_sandbox_place place;
  void *place_self;
  const syn_advice *advice;
  const char *no_random; /* why not; NULL: allowed */
  uint64_t seed, draws;
  uint32_t iteration;
};

syn_sandbox *syn_sandbox_of(lua_State *L);

/* One with nothing in it, limits and hook apart; errors as of syn_sandbox_open. */
syn_status syn_sandbox_make(syn_sandbox **out, const char *file, const syn_limits *limits,
                            syn_ctx *ctx);

/* Raises an error without a place; the message handler finds the innermost line. */
int syn_sandbox_fail(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fills the globals of a new state (lib.c): registry[SYN_SANDBOX_ENV] is the chunk's _ENV,
 * registry[SYN_SANDBOX_GLOBALS] the table behind it. */
void syn_sandbox_fill(lua_State *L);
extern const char SYN_SANDBOX_ENV[], SYN_SANDBOX_GLOBALS[];

/* As luaL_checklstring, but without the sign of nan. */
const char *syn_sandbox_check_text(lua_State *L, int arg, size_t *n);

/* Most elements of a list, or a range, that a function in C walks over at once. */
#define SYN_SANDBOX_ELEMENTS 4000000
/* Charges such a walk before it begins, since nobody looks at the clock during it. */
void syn_sandbox_charge_elements(lua_State *L, uint64_t n);

/* Places on Lua's stack that a .. finds free (source.c). */
#define SYN_SANDBOX_ROOM 100

/* Lists by the length that # gives: insert, remove, concat, unpack and sort; and rawlen
 * (list.c). */
extern const luaL_Reg syn_list_functions[]; /* ends with a NULL name */
int syn_sandbox_rawlen(lua_State *L);

/* table.sort and pairs (order.c). */
int syn_sandbox_sort(lua_State *L);
int syn_sandbox_pairs(lua_State *L);

/* string.find, match, gmatch, gsub (pattern.c); ends with a NULL name. */
extern const luaL_Reg syn_pattern_functions[];

#endif
