#include "experiments/host/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include <commit.h> /* made by the build */
#include "engine/base/version.h"
#include "engine/numeric/blas.h"
#include "experiments/host/bench.h"
#include "experiments/host/gnuplot.h"
#include "experiments/host/lua_json.h"
#include "experiments/host/rules.h"
#include "experiments/host/schedule.h"
#include "experiments/host/sets.h"

static host *host_of(lua_State *L) { return lua_touserdata(L, lua_upvalueindex(1)); }

/* The line as an error, without the place in the script: it says itself what to mend. */
static int fail(lua_State *L, syn_status status, const syn_ctx *ctx) {
  host_of(L)->fault = status;
  lua_pushstring(L, ctx->error);
  return lua_error(L);
}

/* ---- run --------------------------------------------------------------------------------------- */

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

/* All specs are read before anything runs. */
static syn_status read_specs(batch *b, lua_State *L, host *h, const char *title, syn_ctx *ctx) {
  for (size_t i = 0; i < b->n; i++) {
    json_t *asked = NULL;
    lua_geti(L, 1, (lua_Integer)i + 1);
    syn_status status = host_json_from_lua(&asked, L, -1, ctx);
    lua_pop(L, 1);
    if (!status)
      status = host_spec_open(&b->specs[i], h, asked, ctx);
    json_decref(asked);
    if (status) {
      char line[SYN_ERROR_SIZE];
      memcpy(line, ctx->error, sizeof line);
      return syn_fail(ctx, status, "%s, run %zu of %zu: %s", title, i + 1, b->n, line);
    }
  }
  return SYN_OK;
}

static int api_run(lua_State *L) {
  host *h = host_of(L);
  luaL_checktype(L, 1, LUA_TTABLE);
  const char *title = "runs";
  if (lua_istable(L, 2) && lua_getfield(L, 2, "title") == LUA_TSTRING)
    title = lua_tostring(L, -1);
  syn_ctx ctx = {0};
  batch b = {.n = (size_t)luaL_len(L, 1)};
  b.specs = calloc(b.n + 1, sizeof *b.specs);
  b.records = calloc(b.n + 1, sizeof *b.records);
  syn_status status = b.specs && b.records ? read_specs(&b, L, h, title, &ctx)
                                           : syn_fail_memory(&ctx, "a list of runs");
  if (!status)
    status = host_schedule(b.records, h, b.specs, b.n, title, &ctx);
  if (!status) {
    lua_createtable(L, (int)b.n, 0);
    for (size_t i = 0; i < b.n; i++) {
      host_json_push(L, b.records[i]);
      lua_seti(L, -2, (lua_Integer)i + 1);
    }
  }
  close_batch(&b);
  return status ? fail(L, status, &ctx) : 1;
}

/* ---- data -------------------------------------------------------------------------------------- */

static int api_data(lua_State *L) {
  const syn_images *images;
  const char *path, *name = luaL_checkstring(L, 1);
  syn_ctx ctx = {0};
  syn_status status = host_images(host_of(L), &images, name, &path, &ctx);
  if (status)
    return fail(L, status, &ctx);
  const char *slash = strrchr(name, '/');
  lua_newtable(L);
  lua_pushstring(L, slash ? slash + 1 : name);
  lua_setfield(L, -2, "name");
  lua_pushstring(L, path);
  lua_setfield(L, -2, "path");
  lua_pushinteger(L, (lua_Integer)images->n);
  lua_setfield(L, -2, "n");
  lua_pushinteger(L, (lua_Integer)images->classes);
  lua_setfield(L, -2, "classes");
  lua_pushstring(L, images->digest);
  lua_setfield(L, -2, "digest");
  lua_createtable(L, (int)images->n_skipped, 0);
  for (size_t i = 0; i < images->n_skipped; i++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, images->skipped[i].name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, images->skipped[i].why);
    lua_setfield(L, -2, "why");
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "skipped");
  return 1;
}

static int api_sets(lua_State *L) {
  lua_newtable(L);
  for (const host_known_set *set = host_known_sets; set->name; set++) {
    char path[4096];
    lua_createtable(L, 0, 6);
    lua_pushboolean(L, host_known_set_path(host_of(L), set, path, sizeof path));
    lua_setfield(L, -2, "at_hand");
    lua_pushinteger(L, (lua_Integer)set->images);
    lua_setfield(L, -2, "images");
    lua_pushstring(L, set->digest);
    lua_setfield(L, -2, "digest");
    lua_pushstring(L, set->title);
    lua_setfield(L, -2, "title");
    lua_pushstring(L, set->how);
    lua_setfield(L, -2, "how");
    lua_setfield(L, -2, set->name);
  }
  return 1;
}

/* ---- files ------------------------------------------------------------------------------------- */

static int api_write(lua_State *L) {
  size_t n;
  char path[4096];
  const char *relative = luaL_checkstring(L, 1), *text = luaL_checklstring(L, 2, &n);
  syn_ctx ctx = {0};
  syn_status status = host_out_path(host_of(L), path, sizeof path, relative, &ctx);
  if (!status)
    status = host_write(path, text, n, &ctx);
  return status ? fail(L, status, &ctx) : 0;
}

static int api_read(lua_State *L) {
  size_t n;
  syn_ctx ctx = {0};
  char *text = host_read(luaL_checkstring(L, 1), &n, &ctx);
  if (!text) {
    lua_pushnil(L);
    lua_pushstring(L, ctx.error);
    return 2;
  }
  lua_pushlstring(L, text, n);
  free(text);
  return 1;
}

static int api_gnuplot(lua_State *L) {
  size_t n;
  const char *script = luaL_checklstring(L, 1, &n);
  const char *out = host_of(L)->profile.out;
  char figures[4096];
  syn_ctx ctx = {0};
  snprintf(figures, sizeof figures, "%s/figures", out);
  syn_status status = host_make_folders(figures, &ctx);
  if (!status)
    status = host_gnuplot(script, n, out, &ctx);
  return status ? fail(L, status, &ctx) : 0;
}

/* ---- words ------------------------------------------------------------------------------------- */

static int api_say(lua_State *L) {
  fprintf(stderr, "%s\n", luaL_checkstring(L, 1));
  return 0;
}

/* "model name" of the first CPU, where the system tells. */
static void cpu_name(char *name, size_t size) {
  FILE *file = fopen("/proc/cpuinfo", "r");
  char line[256];
  snprintf(name, size, "unknown");
  while (file && fgets(line, sizeof line, file)) {
    char *colon = strchr(line, ':');
    if (strncmp(line, "model name", 10) == 0 && colon) {
      colon[1 + strcspn(colon + 1, "\n")] = '\0';
      snprintf(name, size, "%s", colon + 2);
      break;
    }
  }
  if (file)
    fclose(file);
}

static int api_versions(lua_State *L) {
  char gnuplot[128], cpu[128], blas[256];
  host_first_line(gnuplot, sizeof gnuplot, "gnuplot", "--version");
  cpu_name(cpu, sizeof cpu);
  const char *config = syn_blas_config();
  snprintf(blas, sizeof blas, "%.*s, core %s", (int)strcspn(config + 9, " ") + 9, config,
           syn_blas_core());
  const char *const pairs[][2] = {
      {"synlab", SYNLAB_VERSION}, {"commit", SYNLAB_COMMIT}, {"lua", LUA_RELEASE},
      {"gnuplot", gnuplot},       {"openblas", blas},        {"compiler", SYNLAB_COMPILER},
      {"cpu", cpu},               {"isa", host_of(L)->kernels->isa},
      {"numerics", SYN_NUMERICS_VERSION},
  };
  lua_newtable(L);
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    lua_pushstring(L, pairs[i][1]);
    lua_setfield(L, -2, pairs[i][0]);
  }
  return 1;
}

static int api_bench(lua_State *L) {
  json_t *all;
  syn_ctx ctx = {0};
  syn_status status = host_bench(&all, host_of(L), &ctx);
  if (status)
    return fail(L, status, &ctx);
  host_json_push(L, all);
  json_decref(all);
  return 1;
}

static int api_options(lua_State *L) {
  lua_newtable(L);
  lua_Integer i = 0;
  for (const syn_option *o = syn_option_table; o->name; o++) {
    lua_pushstring(L, o->name);
    lua_seti(L, -2, ++i);
  }
  return 1;
}

/* ---- the module -------------------------------------------------------------------------------- */

static void push_profile(lua_State *L, const host *h) {
  const host_profile *p = &h->profile;
  lua_newtable(L);
  lua_pushstring(L, p->quick ? "quick" : "full");
  lua_setfield(L, -2, "name");
  lua_pushinteger(L, p->seeds);
  lua_setfield(L, -2, "seeds");
  lua_pushinteger(L, p->jobs);
  lua_setfield(L, -2, "jobs");
  lua_pushstring(L, p->out);
  lua_setfield(L, -2, "out");
  lua_pushstring(L, p->data);
  lua_setfield(L, -2, "data");
  lua_pushstring(L, p->policy);
  lua_setfield(L, -2, "policy");
  lua_pushstring(L, h->command);
  lua_setfield(L, -2, "command");
}

int host_push_api(lua_State *L, host *h) {
  static const luaL_Reg functions[] = {
      {"run", api_run},         {"data", api_data},         {"sets", api_sets},
              {"write", api_write},
      {"read", api_read},       {"gnuplot", api_gnuplot},   {"say", api_say},
      {"versions", api_versions}, {"options", api_options}, {"bench", api_bench},
      {"rule", host_api_rule},
      {NULL, NULL},
  };
  luaL_newlibtable(L, functions);
  lua_pushlightuserdata(L, h);
  luaL_setfuncs(L, functions, 1);
  push_profile(L, h);
  lua_setfield(L, -2, "profile");
  return 1;
}
