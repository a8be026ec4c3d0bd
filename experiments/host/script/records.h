/* Records as scripts have them. A record is a table of what is small: all that was measured in the end,
 * and the options of the run, as a table of options_tables.h. What takes room - its curve, its traces,
 * maps and policies - is read from the store when it is asked for, and dropped when it is not used: so
 * a script can have a hundred thousand records. To whoever looks at it, it is as any table, `pairs` too;
 * its metatable has `__stored(record, name)`, which gives that part or nil.
 */
#ifndef SYN_HOST_RECORDS_H
#define SYN_HOST_RECORDS_H

#include <jansson.h>
#include <lua.h>

#include "experiments/host/script/options_tables.h"

typedef struct host_records {
  int metatable; /* slot of the stack */
  host_options_tables options;
} host_records;

/* Takes slots of the stack, for as long as records are pushed. */
void host_records_begin(host_records *out, lua_State *L, host *h);

/* Kept records may have left out what stood at a default, or be older than an option: the options are
 * those of the spec. The images are called as they are asked for: a run of another packing of the same set
 * is the same run. */
void host_records_push(lua_State *L, host_records *records, const json_t *record,
                       const host_spec *spec);

#endif
