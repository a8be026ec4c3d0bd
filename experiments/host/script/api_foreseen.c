/* Runs as they will be, for scripts. */
#include <lauxlib.h>

#include "experiments/host/base/lua_json.h"
#include "experiments/host/script/api.h"
#include "experiments/host/script/options_tables.h"
#include "policies/sandbox/fields.h"

/* Runs as they will be: for each { spec = all options, key = }, and of runs on images data = the set as
 * asked for, and its digest. */
static int api_specs(lua_State *L) {
  syn_ctx ctx = {0};
  host_specs b;
  syn_status status = host_api_specs_taken(&b, L, NULL, &ctx);
  host_options_tables s;
  host_options_begin(&s, L);
  if (!status)
    lua_createtable(L, (int)b.n, 0);
  for (size_t i = 0; i < b.n && !status; i++) {
    lua_createtable(L, 0, 4);
    host_options_push(L, &s, &b.specs[i]);
    lua_setfield(L, -2, "spec");
    syn_set_text(L, "key", b.specs[i].key);
    syn_set_text(L, "data", b.specs[i].data);
    syn_set_text(L, "digest", b.specs[i].images ? b.specs[i].images->digest : NULL);
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  host_api_specs_close(&b);
  host_of(L)->fault = SYN_OK; /* of a trial before; this call's own is set below */
  return status ? host_api_fail(L, status, &ctx) : 1;
}

const luaL_Reg host_api_foreseen[] = {
    {"specs", api_specs},
    {NULL, NULL},
};
