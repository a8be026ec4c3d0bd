#include "policies/sandbox/sandbox.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "engine/base/clock.h"
#include "policies/sandbox/internal.h"

#define HOOK_STEPS 1000               /* between two calls of the hook */
#define LOOK_STEPS 5000               /* between two looks at the clock */
#define LARGE      ((size_t)64 << 10) /* an allocation at which the clock is looked at */
#define STACK_DEEP ((size_t)1 << 20)  /* of Lua's stack: from here on the place is noted in time */
#define TRACE_MAX  6                  /* levels shown */
#define COLLECTED  8                  /* steps for each block of memory that a collection visits */

const char SYN_SANDBOX_ENV[] = "synlab.env", SYN_SANDBOX_GLOBALS[] = "synlab.globals";

const syn_limits syn_limits_default = {(size_t)64 << 20, 50000000, 10.0};

syn_sandbox *syn_sandbox_of(lua_State *L) {
  syn_sandbox *sandbox;
  memcpy(&sandbox, lua_getextraspace(L), sizeof sandbox);
  return sandbox;
}

/* ---- where the code is ----------------------------------------------------------------------- */

/* The frame of the innermost Lua function; 0 if there is none. Allocates nothing. */
static int innermost(lua_State *L, lua_Debug *frame) {
  for (int level = 0; lua_getstack(L, level, frame); level++)
    if (lua_getinfo(L, "Sl", frame) && frame->currentline > 0)
      return 1;
  return 0;
}

/* "line 3 in f < line 9 in g": Lua functions only, innermost first. Allocates nothing. */
static void take_trace(syn_sandbox *sandbox, lua_State *L) {
  lua_Debug frame;
  size_t at = 0, size = sizeof sandbox->trace;
  int shown = 0;
  sandbox->trace[0] = '\0';
  for (int level = 0; lua_getstack(L, level, &frame) && at < size; level++) {
    if (!lua_getinfo(L, "nSl", &frame) || frame.currentline <= 0)
      continue;
    if (shown++ == TRACE_MAX) {
      snprintf(sandbox->trace + at, size - at, " < ...");
      return;
    }
    at += (size_t)snprintf(sandbox->trace + at, size - at, "%sline %d", shown > 1 ? " < " : "",
                           frame.currentline);
    if (frame.name && at < size)
      at += (size_t)snprintf(sandbox->trace + at, size - at, " in %s", frame.name);
    else if (*frame.what != 'm' && at < size)
      at += (size_t)snprintf(sandbox->trace + at, size - at, " in the function of line %d",
                             frame.linedefined);
  }
}

/* Has the call had its time? The clock is the kernel's, and a short call never looks at it: the time
 * counts from the first look on, a few thousand steps after the beginning. */
static int is_late(syn_sandbox *sandbox) {
  double time = syn_clock_thread();
  if (sandbox->deadline == 0)
    sandbox->deadline = time + sandbox->seconds;
  return time > sandbox->deadline;
}

/* ---- memory ---------------------------------------------------------------------------------- */

static syn_refusal refusal_of(syn_sandbox *sandbox, size_t kind, size_t more) {
  if (kind == LUA_TSTRING && more > SYN_SANDBOX_STRING + 64) /* with its header */
    return SYN_REFUSED_STRING;
  if (more > sandbox->limits.memory || sandbox->used > sandbox->limits.memory - more)
    return SYN_REFUSED_MEMORY;
  if (sandbox->running && more >= LARGE && is_late(sandbox))
    return SYN_REFUSED_TIME;
  return SYN_REFUSED_NOTHING;
}

static void take_place(syn_sandbox *sandbox) {
  lua_Debug frame;
  sandbox->message[0] = '\0';
  if (innermost(sandbox->L, &frame))
    snprintf(sandbox->message, sizeof sandbox->message, "%s:%d: ", frame.short_src,
             frame.currentline);
  take_trace(sandbox, sandbox->L);
}

/* Lua calls no message handler when memory is short, so the line is noted here. Some versions of Lua
 * (5.4.7) move their stack as one block: nothing may look at it then, and the place stands that the
 * hook noted. */
static void refuse(syn_sandbox *sandbox, syn_refusal why, int of_stack) {
  sandbox->refused = why;
  if (sandbox->running && !of_stack)
    take_place(sandbox);
}

/* Full: Lua will collect everything and ask once more. That is work, and where it does not help,
 * Lua may go on without what it asked for, only to collect again at the next request. */
static void press(syn_sandbox *sandbox) {
  sandbox->steps += COLLECTED * sandbox->blocks;
  if (sandbox->pressed)
    sandbox->full = SYN_REFUSED_MEMORY;
  else if (sandbox->steps > sandbox->most)
    sandbox->full = SYN_REFUSED_COLLECTING;
  else if (is_late(sandbox))
    sandbox->full = SYN_REFUSED_TIME;
  sandbox->pressed = 1;
}

static void *allocate(void *self, void *ptr, size_t old, size_t size) {
  syn_sandbox *sandbox = self;
  size_t had = ptr ? old : 0; /* without ptr, `old` is the kind of object, not a size */
  int of_stack = ptr && ptr == sandbox->stack;
  /* A .. is at work on the stack and makes nothing but texts: what else is asked for is a smaller copy of
   * the stack, without which the collector does. */
  if (sandbox->joining && !ptr && old == 0)
    return NULL;
  if (size == 0) {
    free(ptr);
    sandbox->blocks -= ptr != NULL;
    sandbox->used -= had;
    return NULL;
  }
  if (size > had) {
    if (sandbox->full)
      return NULL; /* the line is noted */
    syn_refusal why = refusal_of(sandbox, ptr ? 0 : old, size - had);
    if (sandbox->running && why == SYN_REFUSED_MEMORY)
      press(sandbox);
    if (sandbox->full)
      why = sandbox->full;
    if (why) {
      refuse(sandbox, why, of_stack);
      return NULL;
    }
    sandbox->pressed = 0;
  }
  /* or, as one block, that it becomes smaller */
  void *moved = sandbox->joining && of_stack && size < had ? ptr : realloc(ptr, size);
  if (moved) {
    sandbox->used = sandbox->used - had + size;
    sandbox->blocks += !ptr;
    if (of_stack || (sandbox->finds_stack && ptr)) {
      sandbox->stack = moved;
      sandbox->stack_size = size;
    }
  } else if (size > had) {
    refuse(sandbox, SYN_REFUSED_SYSTEM, of_stack);
  } else {
    return ptr; /* Lua relies on it that shrinking does not fail */
  }
  return moved;
}

/* ---- limits ---------------------------------------------------------------------------------- */

int syn_sandbox_fail(lua_State *L, const char *format, ...) {
  char line[512];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  lua_pushstring(L, line);
  return lua_error(L);
}

/* "a call", or "59049 calls together" */
static const char *calls_text(const syn_sandbox *sandbox, char text[48]) {
  if (sandbox->calls > SYN_SANDBOX_CALLS)
    snprintf(text, 48, "%zu calls together", sandbox->calls);
  else
    snprintf(text, 48, "a call");
  return text;
}

static void describe_time(const syn_sandbox *sandbox, char *text, size_t size) {
  char calls[48];
  snprintf(text, size, "it ran for more than %g s, the time limit of %s; is there an endless loop?",
           sandbox->seconds, calls_text(sandbox, calls));
}

void syn_sandbox_charge(lua_State *L, uint64_t steps) {
  syn_sandbox *sandbox = syn_sandbox_of(L);
  char text[160], calls[48];
  sandbox->steps = sandbox->steps > UINT64_MAX - steps ? UINT64_MAX : sandbox->steps + steps;
  if (sandbox->steps > sandbox->most) {
    sandbox->killed = 1;
    syn_sandbox_fail(L,
                     "it ran for more than %llu steps, the limit of %s; is there an endless loop?",
                     (unsigned long long)sandbox->most, calls_text(sandbox, calls));
  }
  if (sandbox->steps < sandbox->next_look)
    return;
  sandbox->next_look = sandbox->steps + LOOK_STEPS;
  if (is_late(sandbox)) {
    sandbox->killed = 1;
    describe_time(sandbox, text, sizeof text);
    syn_sandbox_fail(L, "%s", text);
  }
}

void syn_sandbox_charge_elements(lua_State *L, uint64_t n) {
  if (n > SYN_SANDBOX_ELEMENTS)
    syn_sandbox_fail(L, "a list or range of %llu elements is too long; at most %d",
                     (unsigned long long)n, SYN_SANDBOX_ELEMENTS);
  syn_sandbox_charge(L, n + 1);
}

static void watch(lua_State *L, lua_Debug *frame) {
  (void)frame;
  syn_sandbox *sandbox = syn_sandbox_of(L);
  if (sandbox->stack_size > STACK_DEEP)
    take_place(sandbox);
  syn_sandbox_charge(L, HOOK_STEPS);
}

/* ---- errors ---------------------------------------------------------------------------------- */

static int has_place(const syn_sandbox *sandbox, const char *text) {
  size_t n = strlen(sandbox->source);
  return n && strncmp(text, sandbox->source, n) == 0 && text[n] == ':';
}

static void add(char *text, size_t size, const char *more) {
  size_t n = strlen(text);
  snprintf(text + n, size - n, "%s", more);
}

/* The message handler: runs where the error is, so the stack still says who called whom. */
static int explain(lua_State *L) {
  syn_sandbox *sandbox = syn_sandbox_of(L);
  lua_Debug frame;
  char kind[96];
  const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : NULL;
  if (text && sandbox->refused && strcmp(text, "not enough memory") == 0)
    return 1; /* `refuse` has noted everything */
  sandbox->refused = SYN_REFUSED_NOTHING;
  if (!text) {
    const char *type = lua_typename(L, lua_type(L, 1));
    if (luaL_getmetafield(L, 1, "__name") == LUA_TSTRING)
      type = lua_tostring(L, -1); /* anchored by the metatable */
    snprintf(kind, sizeof kind, "an error with%s%.40s%s; write error(\"what is wrong\")",
             lua_isnil(L, 1) ? "out a text" : " a ", lua_isnil(L, 1) ? "" : type,
             lua_isnil(L, 1) ? "" : " for a text");
    text = kind;
  }
  sandbox->message[0] = '\0';
  size_t at = 0;
  if (!has_place(sandbox, text)) {
    if (innermost(L, &frame))
      at = (size_t)snprintf(sandbox->message, sizeof sandbox->message, "%s:%d: ", frame.short_src,
                            frame.currentline);
    else
      at = (size_t)snprintf(sandbox->message, sizeof sandbox->message, "%s: ", sandbox->source);
  }
  snprintf(sandbox->message + at, sizeof sandbox->message - at, "%s", text);
  for (const syn_advice *a = sandbox->advice; a && a->sign; a++)
    if (strstr(text, a->sign)) {
      add(sandbox->message, sizeof sandbox->message, a->says);
      break;
    }
  take_trace(sandbox, L);
  return 1;
}

/* After an allocation that was refused: the line stands in `message`, the reason is added. */
static void explain_refusal(syn_sandbox *sandbox) {
  char text[160];
  switch (sandbox->refused) {
  case SYN_REFUSED_STRING:
    snprintf(text, sizeof text, "a text of more than %zu MiB; that is the limit",
             SYN_SANDBOX_STRING >> 20);
    break;
  case SYN_REFUSED_TIME:
    describe_time(sandbox, text, sizeof text);
    break;
  case SYN_REFUSED_COLLECTING:
    snprintf(text, sizeof text,
             "its %zu MiB of memory are all but full, and making room took the steps of a call; it "
             "must keep less",
             sandbox->limits.memory >> 20);
    break;
  case SYN_REFUSED_SYSTEM:
    snprintf(text, sizeof text, "the machine is out of memory");
    break;
  default:
    snprintf(text, sizeof text, "it wants more than %zu MiB of memory; that is the limit",
             sandbox->limits.memory >> 20);
  }
  if (!sandbox->message[0])
    snprintf(sandbox->message, sizeof sandbox->message, "%s: ", sandbox->source);
  add(sandbox->message, sizeof sandbox->message, text);
}

static syn_status fail_run(syn_sandbox *sandbox, int lua_status, syn_status fault, syn_ctx *ctx) {
  char place[192] = "", trace[sizeof sandbox->trace + 4] = "";
  if (lua_status == LUA_ERRMEM || sandbox->refused)
    explain_refusal(sandbox);
  else if (lua_status == LUA_ERRERR && !sandbox->message[0])
    snprintf(sandbox->message, sizeof sandbox->message, "%s: an error inside of an error",
             sandbox->source);
  if (sandbox->place) {
    char inner[180] = "";
    sandbox->place(sandbox->place_self, inner, sizeof inner);
    if (inner[0])
      snprintf(place, sizeof place, " (%s)", inner);
  }
  if (sandbox->trace[0])
    snprintf(trace, sizeof trace, " [%s]", sandbox->trace);
  for (char *c = sandbox->message; *c; c++) /* a stranger's text may reach a terminal */
    if (iscntrl((unsigned char)*c))
      *c = ' ';
  return syn_fail(ctx, fault, "%s%s%s", sandbox->message, place, trace);
}

/* ---- running --------------------------------------------------------------------------------- */

static void begin(syn_sandbox *sandbox, size_t calls) {
  uint64_t shares = calls > SYN_SANDBOX_CALLS ? (calls - SYN_SANDBOX_CALLS) * SYN_SANDBOX_SHARE : 0,
           most = sandbox->limits.steps;
  sandbox->calls = calls;
  sandbox->steps = 0;
  sandbox->most = most > UINT64_MAX - shares ? UINT64_MAX : most + shares;
  sandbox->next_look = LOOK_STEPS;
  sandbox->seconds = sandbox->limits.seconds * ((double)sandbox->most / (double)most);
  sandbox->deadline = 0;
  sandbox->refused = sandbox->full = SYN_REFUSED_NOTHING;
  sandbox->pressed = 0;
  sandbox->message[0] = sandbox->trace[0] = '\0';
  sandbox->joining = 0;
  sandbox->running = 1;
}

syn_status syn_sandbox_run(syn_sandbox *sandbox, lua_CFunction body, void *self, syn_status fault,
                           syn_ctx *ctx) {
  return syn_sandbox_run_calls(sandbox, 1, body, self, fault, ctx);
}

uint64_t syn_sandbox_steps(const syn_sandbox *sandbox) {
  return sandbox->steps;
}

syn_status syn_sandbox_run_calls(syn_sandbox *sandbox, size_t calls, lua_CFunction body, void *self,
                                 syn_status fault, syn_ctx *ctx) {
  lua_State *L = sandbox->L;
  if (sandbox->killed)
    return syn_fail(ctx, fault, "%s: it passed a limit before and cannot be called any more",
                    sandbox->source);
  begin(sandbox, calls);
  lua_settop(L, 0); /* these four allocate nothing */
  lua_pushcfunction(L, explain);
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, self);
  int lua_status = lua_pcall(L, 1, 0, 1);
  sandbox->running = 0;
  syn_status status = SYN_OK;
  if (lua_status) {
    sandbox->killed |= lua_status == LUA_ERRMEM || sandbox->refused;
    status = fail_run(sandbox, lua_status, fault, ctx);
  }
  lua_settop(L, 0);
  return status;
}

syn_status syn_sandbox_run_wide(syn_sandbox *sandbox, lua_CFunction body, void *self,
                                syn_status fault, syn_ctx *ctx) {
  const size_t limit = sandbox->limits.memory;
  sandbox->limits.memory *= 2;
  syn_status status = syn_sandbox_run(sandbox, body, self, fault, ctx);
  sandbox->limits.memory = limit;
  return status || sandbox->used <= limit
             ? status
             : syn_fail(ctx, fault, "%s: it wants more than %zu MiB of memory; that is the limit",
                        sandbox->source, limit >> 20);
}

void syn_sandbox_global(lua_State *L, const char *name) {
  lua_getfield(L, LUA_REGISTRYINDEX, SYN_SANDBOX_GLOBALS);
  lua_insert(L, -2);
  lua_pushstring(L, name);
  lua_insert(L, -2);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

void syn_sandbox_describe(syn_sandbox *sandbox, syn_sandbox_place place, void *self) {
  sandbox->place = place;
  sandbox->place_self = self;
}

void syn_sandbox_advise(syn_sandbox *sandbox, const syn_advice *advice) {
  sandbox->advice = advice;
}

void syn_sandbox_allow_random(syn_sandbox *sandbox, uint64_t seed, uint32_t iteration,
                              uint64_t first) {
  sandbox->no_random = NULL;
  sandbox->seed = seed;
  sandbox->iteration = iteration;
  sandbox->draws = first;
}

void syn_sandbox_forbid_random(syn_sandbox *sandbox, const char *why) {
  sandbox->no_random = why;
}

/* ---- an empty one ------------------------------------------------------------------------------------ */

syn_status syn_sandbox_make(syn_sandbox **out, const char *file, const syn_limits *limits,
                            syn_ctx *ctx) {
  *out = NULL;
  syn_sandbox *sandbox = calloc(1, sizeof *sandbox);
  if (!sandbox)
    return syn_fail_memory(ctx, "a sandbox");
  sandbox->limits = limits ? *limits : syn_limits_default;
  sandbox->no_random = "there are none here";
  size_t n = strlen(file), most = sizeof sandbox->source - 2; /* the end of a long path says more */
  snprintf(sandbox->source, sizeof sandbox->source, "%s%s", n > most ? "..." : "",
           n > most ? file + n - (most - 3) : file);
  sandbox->L = lua_newstate(allocate, sandbox);
  if (!sandbox->L) {
    free(sandbox);
    return syn_fail_memory(ctx, "a Lua state");
  }
  memcpy(lua_getextraspace(sandbox->L), &sandbox, sizeof sandbox);
  sandbox->finds_stack = 1; /* it is what is made larger here, and nothing else is */
  lua_checkstack(sandbox->L, SYN_SANDBOX_ROOM); /* no collection leaves less */
  sandbox->finds_stack = 0;
  lua_sethook(sandbox->L, watch, LUA_MASKCOUNT, HOOK_STEPS);
  *out = sandbox;
  return SYN_OK;
}

void syn_sandbox_close(syn_sandbox *sandbox) {
  if (!sandbox)
    return;
  lua_close(sandbox->L);
  free(sandbox);
}
