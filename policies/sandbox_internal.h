/* What the files of the sandbox share, and nobody else includes. */
#ifndef SYN_POLICIES_SANDBOX_INTERNAL_H
#define SYN_POLICIES_SANDBOX_INTERNAL_H

#include <lauxlib.h>

#include "policies/sandbox.h"

typedef enum syn_refusal { /* why an allocation was refused */
                           SYN_REFUSED_NOTHING,
                           SYN_REFUSED_MEMORY,
                           SYN_REFUSED_STRING,
                           SYN_REFUSED_TIME,
                           SYN_REFUSED_SYSTEM,
} syn_refusal;

struct syn_sandbox {
  lua_State *L;
  syn_limits limits;
  size_t used; /* bytes */
  uint64_t steps, next_look;
  double deadline;
  int running, killed;
  syn_refusal refused;
  char source[LUA_IDSIZE]; /* the file as Lua's messages name it */
  char message[512], trace[256];
  syn_sandbox_place place;
  void *place_self;
  const char *no_random; /* why not; NULL: allowed */
  uint64_t seed, draws;
  uint32_t iteration;
};

syn_sandbox *syn_sandbox_of(lua_State *L);

/* Raises an error without a place; the message handler finds the innermost line. */
int syn_sandbox_fail(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fills the globals of a new state (sandbox_lib.c): registry[SYN_SANDBOX_ENV] is the chunk's _ENV,
 * registry[SYN_SANDBOX_GLOBALS] the table behind it. */
void syn_sandbox_fill(lua_State *L);
extern const char SYN_SANDBOX_ENV[], SYN_SANDBOX_GLOBALS[];

/* Most elements of a list, or a range, that a function in C walks over at once. */
#define SYN_SANDBOX_ELEMENTS 4000000
/* Charges such a walk before it begins, since nobody looks at the clock during it. */
void syn_sandbox_charge_elements(lua_State *L, uint64_t n);

/* table.sort and pairs (sandbox_order.c). */
int syn_sandbox_sort(lua_State *L);
int syn_sandbox_pairs(lua_State *L);

/* string.find, match, gmatch, gsub (pattern.c); ends with a NULL name. */
extern const luaL_Reg syn_pattern_functions[];

#endif
