/* The module `synlab` that experiment scripts require: each function checks its arguments, calls
 * one thing below, and pushes what came of it.
 *
 *   profile        table: name, seeds (and seeds_given: on the command line), jobs, cores, out, data, policy; program and script as
 *                  typed; home, and at_home: is it the working directory?
 *   planning       is a plan made? Then nothing is computed: plan(specs, title) takes the runs
 *   run(specs, {title=}) -> records       queue(title) -> many of them, see api_queue.c
 *   specs(specs, title) -> list of { spec, key, data }: what they will be, all options resolved; an
 *                  error for the first that cannot be
 *   try(specs, title)   nothing, or an error for the first that cannot be
 *   kept(specs) -> records, or nil if the store lacks one
 *   check_policy(policy) -> what is wrong with it, or nil
 *   data(name) -> table       write(path, text)      read(path) -> text or nil, message
 *   usual_set() -> name of the images of runs that name none: --data, else what is at hand
 *   gnuplot(text) -> bytes or nil, message    missing(line): said, and the program ends with 1
 *                             versions() -> table    say(text)    options() -> list
 *   sets() -> table by name: at_hand, images, digest, title, how
 *   nearest(name, list) -> the one that may be meant, or nil
 *   trace(message, place) -> the message with its place in the script, for xpcall
 *   write_gzip, digest, describe            see api_data.c
 *   bench() -> table (see bench.h)        rule(path, params), reward(path, params) -> table
 */
#ifndef SYN_HOST_API_H
#define SYN_HOST_API_H

#include <lauxlib.h>
#include <lua.h>

#include "experiments/host/run/spec.h"

/* Pushes the module. */
int host_push_api(lua_State *L, host *h);

/* Its other parts, with the host as upvalue. */
extern const luaL_Reg host_api_runs[], host_api_foreseen[], host_api_queues[], host_api_rules[],
    host_api_data[];

/* The host of a function of it. */
static inline host *host_of(lua_State *L) {
  return lua_touserdata(L, lua_upvalueindex(1));
}

/* Runs that a script asks for (api_specs.c). */
typedef struct host_specs {
  host_spec *specs; /* owned */
  size_t n;
} host_specs;

/* Reads the list at `index`; each is checked, and all of them together. On failure nothing is owned. The
 * line begins with `title`. */
syn_status host_api_specs_read(host_specs *out, lua_State *L, int index, host *h, const char *title,
                               syn_ctx *ctx);
/* The same for a function of the module that takes (runs, title), whose title may be left out. `wanted`, if
 * not NULL: only up to the first run for which it is 0, which is left out with all behind it. */
syn_status host_api_specs_taken(host_specs *out, lua_State *L,
                                int (*wanted)(const host *h, const host_spec *spec), syn_ctx *ctx);
void host_api_specs_close(host_specs *specs);

/* A handler of messages: an error in a script's own code gets its place there, and what in the script
 * led to it; all other messages stay as they are. A second argument is the place of a function that was
 * called, for where a tail call hides it. The host as upvalue. */
int host_api_trace(lua_State *L);

/* Raises the line as an error (both in trace.c), without the place in the script: it says itself what to mend. */
int host_api_fail(lua_State *L, syn_status status, const syn_ctx *ctx);

#endif
