/* Runs, for scripts: what they will be, what they will take, and their records. */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "experiments/host/script/api.h"
#include "experiments/host/script/records.h"
#include "experiments/host/run/estimate.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/run/plan.h"
#include "experiments/host/run/policies.h"
#include "experiments/host/store/store.h"

/* For each run the seconds that it will take, 0 if it is in the store already. */
static int api_estimate(lua_State *L) {
  syn_ctx ctx = {0};
  host_specs b;
  syn_status status = host_api_specs_taken(&b, L, NULL, &ctx);
  double *seconds = calloc(b.n + 1, sizeof *seconds);
  if (!status)
    status = seconds ? host_estimate(seconds, host_of(L), b.specs, b.n, &ctx)
                     : syn_fail_memory(&ctx, "a plan");
  if (!status) {
    lua_createtable(L, (int)b.n, 0);
    for (size_t i = 0; i < b.n; i++) {
      lua_pushnumber(L, seconds[i]);
      lua_seti(L, -2, (lua_Integer)i + 1);
    }
  }
  host_api_specs_close(&b);
  free(seconds);
  return status ? host_api_fail(L, status, &ctx) : 1;
}

static int is_kept(const host *h, const host_spec *spec) {
  return !h->profile.fresh && host_store_has(host_own_store(h), spec->key);
}

/* The records, if the store has every one of them: the first that it lacks is the last that is read. */
static int api_kept(lua_State *L) {
  host *h = host_of(L);
  syn_ctx ctx = {0};
  host_specs b;
  syn_status status = host_api_specs_taken(&b, L, is_kept, &ctx);
  int kept = !status && (lua_Integer)b.n == luaL_len(L, 1);
  host_records records;
  host_records_begin(&records, L, h);
  lua_createtable(L, (int)b.n, 0);
  for (size_t i = 0; i < b.n && kept; i++) {
    json_t *record = NULL;
    syn_ctx damage = {0}; /* told when it is computed again */
    if (host_store_has(host_own_store(h), b.specs[i].key))
      host_store_read(&record, host_own_store(h), b.specs[i].key, &damage);
    kept = record != NULL;
    if (kept) {
      host_records_push(L, &records, record, &b.specs[i]);
      lua_seti(L, -2, (lua_Integer)i + 1);
    }
    json_decref(record);
  }
  host_api_specs_close(&b);
  if (!kept)
    lua_pushnil(L);
  return status ? host_api_fail(L, status, &ctx) : 1;
}

/* An error for the first run that cannot be. */
static int api_try(lua_State *L) {
  syn_ctx ctx = {0};
  host_specs b;
  syn_status status = host_api_specs_taken(&b, L, NULL, &ctx);
  host_api_specs_close(&b);
  return status ? host_api_fail(L, status, &ctx) : 0;
}

/* Hands runs over to the plan that is made. */
static int api_plan(lua_State *L) {
  host *h = host_of(L);
  syn_ctx ctx = {0};
  host_specs b;
  size_t missing;
  syn_status status = host_api_specs_taken(&b, L, NULL, &ctx);
  if (!status)
    status = host_plan_add(h->plan, &missing, h, b.specs, b.n, &ctx);
  host_api_specs_close(&b);
  return status ? host_api_fail(L, status, &ctx) : 0;
}

/* What is wrong with a policy, or nil. */
static int api_check_policy(lua_State *L) {
  syn_ctx ctx = {0};
  json_t *asked = NULL;
  syn_policy *policy = NULL;
  syn_status status = host_json_from_lua(&asked, L, 1, &ctx);
  if (!status)
    status = host_policy_open(&policy, NULL, asked, &ctx);
  syn_policy_close(policy);
  json_decref(asked);
  lua_pushstring(L, status ? ctx.error : NULL);
  return 1;
}

const luaL_Reg host_api_runs[] = {
    {"estimate", api_estimate},         {"kept", api_kept}, {"plan", api_plan}, {"try", api_try},
    {"check_policy", api_check_policy}, {NULL, NULL},
};
