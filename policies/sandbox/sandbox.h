/* A closed Lua state, for code that may come from a stranger.
 *
 * The code is text, never bytecode. It sees an allow-list (lib.c) behind read-only tables;
 * no other library is in the state. A call is bounded by three limits:
 *   memory   counted in the allocator; a single string is at most SYN_SANDBOX_STRING
 *   steps    VM instructions, counted by a hook. C functions whose work can grow charge it to the
 *            same account (sort, concat, patterns, ...), because no hook runs inside of them
 *   seconds  CPU time of the calling thread, so that no load of the machine decides; looked at by
 *            the hook, by whoever charges, at every large allocation and every refused one
 * A collection that Lua has to make because memory is full charges steps as well, and where one has
 * not helped nothing more is given: a rule near its limit ends there, not after a minute.
 * A call that passes a limit is dead for good: there is no pcall in the sandbox, so no script can
 * catch the error, and syn_sandbox_run refuses a sandbox that was killed.
 *
 * What the code computes is a function of what it is given: no addresses (tostring, %p), no clock,
 * no order of a hash table (pairs is sorted), no length that follows the size of a table
 * (source.c), no sign of nan in a text, no unstable sort, numbers at random from the host's
 * counter-based generator, exp and its like from numeric/vec.h instead of libm.
 *
 * Every failure is one line: "FILE:LINE: what is wrong (where: state or layer, iteration, seed)
 * [line 3 in f < line 9 in g]", the bracket being the traceback, innermost first.
 */
#ifndef SYN_POLICIES_SANDBOX_H
#define SYN_POLICIES_SANDBOX_H

#include <stddef.h>
#include <stdint.h>

#include <lua.h>

#include "engine/base/status.h"

#define SYN_SANDBOX_TEXT   ((size_t)64 << 10) /* most bytes of a chunk */
#define SYN_SANDBOX_STRING ((size_t)1 << 20)  /* most bytes of any string made inside */

typedef struct syn_limits {
  size_t memory;  /* bytes of the whole state */
  uint64_t steps; /* of a call */
  double seconds; /* of CPU time, of a call */
} syn_limits;

extern const syn_limits syn_limits_default; /* 64 MiB, 50 million steps, 10 s */

typedef struct syn_sandbox syn_sandbox;

/* `file` names the code in messages. `limits` NULL: the default. The caller owns *out.
 * SYN_ENOMEM. */
syn_status syn_sandbox_open(syn_sandbox **out, const char *file, const syn_limits *limits,
                            syn_ctx *ctx);
void syn_sandbox_close(syn_sandbox *sandbox); /* NULL is fine */

/* Compiles a chunk and calls it, inside of syn_sandbox_run; leaves its one result on the stack. */
void syn_sandbox_chunk(lua_State *L, const char *text, size_t n);

/* Makes the value on top of the stack a global of the sandbox, and pops it. Inside of a run. */
void syn_sandbox_global(lua_State *L, const char *name);

/* Calls `body` with `self` as its light userdata, under the limits. All work with the state is done
 * in such bodies, since anything may raise an error. `fault` is the status of a failure. */
syn_status syn_sandbox_run(syn_sandbox *sandbox, lua_CFunction body, void *self, syn_status fault,
                           syn_ctx *ctx);

/* The same for a body that calls the code `calls` times: as many as SYN_SANDBOX_CALLS share the limits
 * of one, and each beyond adds SYN_SANDBOX_SHARE steps and the time that goes with them. */
#define SYN_SANDBOX_CALLS 2500
#define SYN_SANDBOX_SHARE UINT64_C(20000)
syn_status syn_sandbox_run_calls(syn_sandbox *sandbox, size_t calls, lua_CFunction body, void *self,
                                 syn_status fault, syn_ctx *ctx);

/* The same with room for twice the memory, which has to fit into the limit again when it ends: for what is
 * made beside things that go meanwhile. */
syn_status syn_sandbox_run_wide(syn_sandbox *sandbox, lua_CFunction body, void *self,
                                syn_status fault, syn_ctx *ctx);

/* Steps of the last call. */
uint64_t syn_sandbox_steps(const syn_sandbox *sandbox);

/* Would tables of texts be walked in different orders here and there? Lua hashes with a seed of the
 * state's own, made of addresses and the clock. SYN_EFAILED if a sandbox cannot tell. */
syn_status syn_sandbox_differ(int *differ, syn_sandbox *a, syn_sandbox *b, syn_ctx *ctx);

/* Says where a call is just now, for messages: writes for instance "act, state ..." or nothing. */
typedef void (*syn_sandbox_place)(void *self, char *text, size_t size);
void syn_sandbox_describe(syn_sandbox *sandbox, syn_sandbox_place place, void *self);

/* What is added to a message in which `sign` occurs; ends with a NULL sign, and is borrowed. */
typedef struct syn_advice {
  const char *sign, *says;
} syn_advice;
void syn_sandbox_advise(syn_sandbox *sandbox, const syn_advice *advice);

/* ---- the text of the code -------------------------------------------------------------------- */

/* Some editors begin a file with a mark of its encoding, and some people with #!: neither is Lua. */
void syn_sandbox_skip_head(const char **text, const char *end);
/* Where the token ends that begins at `at` < end; a comment is one, and so is each character that
 * belongs to none. Operators of two characters are two, but for `..`. */
const char *syn_sandbox_token(const char *at, const char *end);

/* ---- for C functions that the code calls ----------------------------------------------------- */

/* Counts work done in C, in the order of VM instructions; raises an error past a limit. */
void syn_sandbox_charge(lua_State *L, uint64_t steps);

/* Text for a person, without addresses: numbers, texts, true, nil; else the kind of value. Pushes a
 * string. */
const char *syn_sandbox_text(lua_State *L, int index);

/* The same of what is a name here: an error where a text has a byte of value 0, at which C would take it to
 * end. A text is not pushed. */
const char *syn_sandbox_name(lua_State *L, int index);

/* A field of the metatable of full userdata that begin with a uint32_t, by which pairs sorts them
 * where they are keys. No two values have the same one. */
#define SYN_SANDBOX_NUMBERED "synlab.numbered"

/* The length of the list at an index, by its contents alone: what # gives. */
lua_Integer syn_sandbox_border(lua_State *L, int list);

/* ---- random numbers -------------------------------------------------------------------------- */

/* Numbers are addressed by (seed, SYN_STREAM_RULE, iteration, first + how many were drawn in it). */
void syn_sandbox_allow_random(syn_sandbox *sandbox, uint64_t seed, uint32_t iteration,
                              uint64_t first);
/* From here on math.random is an error that says `why`. */
void syn_sandbox_forbid_random(syn_sandbox *sandbox, const char *why);

/* Indices of the stream below the first of these belong to synapses (scripted/views.c), those from it
 * on to math.random of rules, those from the second on to that of rewards. */
#define SYN_SANDBOX_DRAWS        (UINT64_C(1) << 33)
#define SYN_SANDBOX_REWARD_DRAWS (UINT64_C(3) << 32)

#endif
