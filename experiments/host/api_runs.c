/* Runs, for scripts: what they will be, what they will take, and their records. */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "experiments/host/api.h"
#include "experiments/host/estimate.h"
#include "experiments/host/lua_json.h"
#include "experiments/host/manifest.h"
#include "experiments/host/plan.h"
#include "experiments/host/schedule.h"
#include "experiments/host/sets.h"

static host *host_of(lua_State *L) { return lua_touserdata(L, lua_upvalueindex(1)); }

typedef struct batch {
  host_spec *specs;
  json_t **records;
  size_t n;
} batch;

static void close_batch(batch *b) {
  for (size_t i = 0; i < b->n && b->specs; i++)
    host_spec_close(&b->specs[i]);
  for (size_t i = 0; i < b->n && b->records; i++)
    json_decref(b->records[i]);
  free(b->specs);
  free(b->records);
}

const char *host_usual_set(const host *h) {
  char path[4096];
  if (h->profile.data)
    return h->profile.data;
  int paper = host_known_set_path(h, host_known_set_find("notmnist"), path, sizeof path);
  int letters = host_known_set_path(h, host_known_set_find("letters"), path, sizeof path);
  return !paper && letters ? "letters" : "notmnist";
}

/* A run on images that names no set takes the usual one. */
static syn_status name_data(json_t *asked, const host *h, syn_ctx *ctx) {
  const char *task = json_string_value(json_object_get(asked, "task"));
  if (!task || strcmp(task, "images") != 0 || json_object_get(asked, "data"))
    return SYN_OK;
  return json_object_set_new(asked, "data", json_string(host_usual_set(h)))
             ? syn_fail(ctx, SYN_EINVAL, "--data: the name must be UTF-8")
             : SYN_OK;
}

/* All specs are read before anything runs. */
static syn_status read_specs(batch *b, lua_State *L, host *h, const char *title, syn_ctx *ctx) {
  for (size_t i = 0; i < b->n; i++) {
    json_t *asked = NULL;
    lua_geti(L, 1, (lua_Integer)i + 1);
    syn_status status = host_json_from_lua(&asked, L, -1, ctx);
    lua_pop(L, 1);
    if (!status)
      status = name_data(asked, h, ctx);
    if (!status)
      status = host_spec_open(&b->specs[i], h, asked, ctx);
    json_decref(asked);
    if (status) {
      char line[SYN_ERROR_SIZE];
      memcpy(line, ctx->error, sizeof line);
      return syn_fail(ctx, status, "%s, run %zu of %zu: %s", title, i + 1, b->n, line);
    }
  }
  size_t run;
  syn_ctx why = {0};
  syn_status status = host_specs_check(&run, b->specs, b->n, &why);
  return status ? syn_fail(ctx, status, "%s, run %zu of %zu: %s", title, run + 1, b->n, why.error)
                : SYN_OK;
}

static int api_run(lua_State *L) {
  host *h = host_of(L);
  luaL_checktype(L, 1, LUA_TTABLE);
  const char *title = "runs", *chapter = NULL;
  if (lua_istable(L, 2) && lua_getfield(L, 2, "title") == LUA_TSTRING)
    title = lua_tostring(L, -1);
  if (lua_istable(L, 2) && lua_getfield(L, 2, "chapter") == LUA_TSTRING)
    chapter = lua_tostring(L, -1);
  syn_ctx ctx = {0};
  batch b = {.n = (size_t)luaL_len(L, 1)};
  b.specs = calloc(b.n + 1, sizeof *b.specs);
  b.records = calloc(b.n + 1, sizeof *b.records);
  syn_status status = b.specs && b.records ? read_specs(&b, L, h, title, &ctx)
                                           : syn_fail_memory(&ctx, "a list of runs");
  size_t missing = 0;
  if (!status && h->plan)
    status = host_plan_add(h->plan, &missing, h, b.specs, b.n, &ctx);
  if (!status && missing > 0) {
    close_batch(&b);
    lua_pushlightuserdata(L, h->plan);
    return lua_error(L);
  }
  size_t computed = 0;
  for (size_t i = 0; i < b.n && !status; i++)
    computed += (size_t)host_missing(h, b.specs, i);
  if (!status)
    status = host_schedule(b.records, h, b.specs, b.n, title, &ctx);
  if (!status)
    status = host_manifest_runs(h, chapter ? chapter : title, b.records, b.n, computed, &ctx);
  if (!status) {
    lua_createtable(L, (int)b.n, 0);
    for (size_t i = 0; i < b.n; i++) {
      /* kept records may have left out what stood at a default, or be older than an option */
      json_object_set(b.records[i], "spec", b.specs[i].resolved);
      host_json_push(L, b.records[i]);
      lua_seti(L, -2, (lua_Integer)i + 1);
    }
  }
  close_batch(&b);
  return status ? host_api_fail(L, status, &ctx) : 1;
}

/* For each run the seconds that it will take, 0 if it is in the store already. */
static int api_estimate(lua_State *L) {
  host *h = host_of(L);
  luaL_checktype(L, 1, LUA_TTABLE);
  syn_ctx ctx = {0};
  batch b = {.n = (size_t)luaL_len(L, 1)};
  double *seconds = calloc(b.n + 1, sizeof *seconds);
  b.specs = calloc(b.n + 1, sizeof *b.specs);
  syn_status status = b.specs && seconds ? read_specs(&b, L, h, "the plan", &ctx)
                                         : syn_fail_memory(&ctx, "a plan");
  if (!status)
    status = host_estimate(seconds, h, b.specs, b.n, &ctx);
  if (!status) {
    lua_createtable(L, (int)b.n, 0);
    for (size_t i = 0; i < b.n; i++) {
      lua_pushnumber(L, seconds[i]);
      lua_seti(L, -2, (lua_Integer)i + 1);
    }
  }
  close_batch(&b);
  free(seconds);
  return status ? host_api_fail(L, status, &ctx) : 1;
}

/* Runs as they will be: for each { spec = all options, key =, data = the set as asked for, or nil }. */
static int api_specs(lua_State *L) {
  host *h = host_of(L);
  luaL_checktype(L, 1, LUA_TTABLE);
  syn_ctx ctx = {0};
  batch b = {.n = (size_t)luaL_len(L, 1)};
  b.specs = calloc(b.n + 1, sizeof *b.specs);
  syn_status status = b.specs ? read_specs(&b, L, h, luaL_optstring(L, 2, "the plan"), &ctx)
                              : syn_fail_memory(&ctx, "a plan");
  if (!status)
    lua_createtable(L, (int)b.n, 0);
  for (size_t i = 0; i < b.n && !status; i++) {
    lua_createtable(L, 0, 3);
    host_json_push(L, b.specs[i].resolved);
    lua_setfield(L, -2, "spec");
    lua_pushstring(L, b.specs[i].key);
    lua_setfield(L, -2, "key");
    lua_pushstring(L, b.specs[i].data);
    lua_setfield(L, -2, "data");
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  close_batch(&b);
  h->fault = SYN_OK; /* of a trial before; this call's own is set below */
  return status ? host_api_fail(L, status, &ctx) : 1;
}

/* Is every one of the runs in the store? */
static int api_kept(lua_State *L) {
  host *h = host_of(L);
  luaL_checktype(L, 1, LUA_TTABLE);
  syn_ctx ctx = {0};
  batch b = {.n = (size_t)luaL_len(L, 1)};
  b.specs = calloc(b.n + 1, sizeof *b.specs);
  syn_status status = b.specs ? read_specs(&b, L, h, "the plan", &ctx)
                              : syn_fail_memory(&ctx, "a plan");
  int kept = 1;
  for (size_t i = 0; i < b.n && kept && !status; i++)
    kept = !host_missing(h, b.specs, i);
  close_batch(&b);
  lua_pushboolean(L, kept);
  return status ? host_api_fail(L, status, &ctx) : 1;
}

const luaL_Reg host_api_runs[] = {
    {"run", api_run},   {"estimate", api_estimate}, {"specs", api_specs},
    {"kept", api_kept}, {NULL, NULL},
};
