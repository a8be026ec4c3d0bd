/* Runs as tables of all their options, for scripts. Those of a sweep differ in few options, so each is a
 * table of these, and its metatable knows the others: `__others` (and `__index`) the options of the
 * first run with its task and method, `__pairs` an iterator over all. */
#ifndef SYN_HOST_OPTIONS_TABLES_H
#define SYN_HOST_OPTIONS_TABLES_H

#include <lua.h>

#include "experiments/host/run/spec.h"

#define HOST_LIKES_MAX 16

/* What the tables of one call share, in slots of the stack: metatables, and policies by the value that
 * they were read to. */
typedef struct host_options_tables {
  int metatables, policies;
  const syn_options *likes[HOST_LIKES_MAX]; /* borrowed: the specs stay until the last is pushed */
  size_t n;
} host_options_tables;

/* Takes two slots of the stack, for as long as tables are pushed. */
void host_options_begin(host_options_tables *out, lua_State *L);

void host_options_push(lua_State *L, host_options_tables *tables, const host_spec *spec);

#endif
