/* The module `synlab` that experiment scripts require: each function checks its arguments, calls
 * one thing below, and pushes what came of it.
 *
 *   profile        table: name, seeds, jobs, cores, out, data, policy
 *   later          what `run` throws while a plan is made, if records are missing; else nil
 *   run(specs, {title=}) -> records
 *   data(name) -> table       write(path, text)      read(path) -> text or nil, message
 *   gnuplot(text)             versions() -> table    say(text)    options() -> list
 *   sets() -> table by name: at_hand, images, digest, title, how
 *   bench() -> table (see bench.h)        rule(path) -> table (see rules.h)
 */
#ifndef SYN_HOST_API_H
#define SYN_HOST_API_H

#include <lua.h>

#include "experiments/host/host.h"

/* Pushes the module. */
int host_push_api(lua_State *L, host *h);

#endif
