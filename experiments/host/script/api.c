#include "experiments/host/script/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include <commit.h> /* made by the build */
#include "engine/base/clock.h"
#include "engine/base/version.h"
#include "engine/numeric/blas.h"
#include "experiments/host/base/cores.h"
#include "experiments/host/base/machine.h"
#include "experiments/host/bench/bench.h"
#include "experiments/host/pages/gnuplot.h"
#include "experiments/host/pages/html.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/pages/manifest.h"
#include "experiments/host/store/outputs.h"
#include "experiments/host/base/say.h"
#include "experiments/host/run/sets.h"
#include "experiments/host/script/sources.h"
#include "experiments/host/base/words.h"
#include "policies/sandbox/fields.h"

/* ---- data -------------------------------------------------------------------------------------- */

static int api_data(lua_State *L) {
  const syn_images *images;
  const char *path, *name = host_check_text(L, 1);
  syn_ctx ctx = {0};
  syn_status status = host_images(host_of(L), &images, name, &path, &ctx);
  if (status)
    return host_api_fail(L, status, &ctx);
  char last[4096];
  host_last_name(last, sizeof last, name);
  lua_newtable(L);
  syn_set_text(L, "name", last);
  syn_set_text(L, "path", path);
  syn_set_integer(L, "n", (lua_Integer)images->n);
  syn_set_integer(L, "pixels", (lua_Integer)(images->width * images->height));
  syn_set_integer(L, "classes", (lua_Integer)images->classes);
  syn_set_text(L, "digest", images->digest);
  syn_set_flag(L, "parts", images->validates != NULL);
  lua_createtable(L, (int)images->n_skipped, 0);
  for (size_t i = 0; i < images->n_skipped; i++) {
    lua_createtable(L, 0, 2);
    syn_set_text(L, "name", images->skipped[i].name);
    syn_set_text(L, "why", images->skipped[i].why);
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "skipped");
  return 1;
}

static int api_usual_set(lua_State *L) {
  lua_pushstring(L, host_usual_set(host_of(L)));
  return 1;
}

static int api_data_asked(lua_State *L) {
  lua_pushboolean(L, host_of(L)->data_asked);
  return 1;
}

static int api_sets(lua_State *L) {
  lua_newtable(L);
  for (const host_known_set *set = host_known_sets; set->name; set++) {
    char path[4096];
    lua_createtable(L, 0, 6);
    syn_set_flag(L, "at_hand", host_known_set_path(host_of(L), set, path, sizeof path));
    syn_set_integer(L, "images", (lua_Integer)set->images);
    syn_set_text(L, "digest", set->digest);
    syn_set_text(L, "title", set->title);
    syn_set_text(L, "how", set->how);
    lua_setfield(L, -2, set->name);
  }
  return 1;
}

/* ---- files ------------------------------------------------------------------------------------- */

static int api_check_out(lua_State *L) {
  syn_ctx ctx = {0};
  syn_status status = host_outputs_check(host_of(L), &ctx);
  return status ? host_api_fail(L, status, &ctx) : 0;
}

static int api_write(lua_State *L) {
  size_t n;
  const char *relative = host_check_text(L, 1), *text = luaL_checklstring(L, 2, &n);
  syn_ctx ctx = {0};
  syn_status status = host_output_add(host_of(L), relative, text, n, &ctx);
  if (!status)
    status = host_manifest_output(host_of(L), relative, text, n, &ctx);
  return status ? host_api_fail(L, status, &ctx) : 0;
}

/* Pushes the bytes and frees them; or nil and the reason why there are none. */
static int push_bytes(lua_State *L, char *bytes, size_t n, const syn_ctx *why) {
  if (!bytes) {
    lua_pushnil(L);
    lua_pushstring(L, why->error);
    return 2;
  }
  lua_pushlstring(L, bytes, n);
  free(bytes);
  return 1;
}

static int api_read(lua_State *L) {
  size_t n = 0;
  syn_ctx ctx = {0};
  const char *kept = host_output_find(host_of(L), host_check_text(L, 1), &n);
  if (kept) {
    lua_pushlstring(L, kept, n);
    return 1;
  }
  char *text = host_read(lua_tostring(L, 1), &n, &ctx);
  return push_bytes(L, text, n, &ctx);
}

/* What gnuplot draws; nil and why not, where it cannot: a figure that is missing loses no page. */
static int api_gnuplot(lua_State *L) {
  size_t n;
  const char *script = luaL_checklstring(L, 1, &n);
  char *drawn = NULL;
  syn_ctx ctx = {0};
  syn_status status = host_gnuplot(&drawn, script, &n, &ctx);
  return push_bytes(L, status ? NULL : drawn, n, &ctx);
}

/* The script has gone on without something that it was to make: it will end with 1. */
static int api_missing(lua_State *L) {
  host_wrong("%s", host_check_text(L, 1));
  host_of(L)->failed_outputs++;
  return 0;
}

/* ---- words ------------------------------------------------------------------------------------- */

static int api_say(lua_State *L) {
  fprintf(stderr, "%s\n", host_check_text(L, 1));
  return 0;
}

/* A commit of the build, with "-changed" behind it if it does not name the scripts that are read now. */
static const char *now_of(char *out, size_t size, const char *commit, int changed) {
  int told = !changed || strcmp(commit, "unknown") == 0 || strstr(commit, "-changed");
  snprintf(out, size, "%s%s", commit, told ? "" : "-changed");
  return out;
}

/* In a fixed order. */
static json_t *versions(const host *h) {
  const host_machine machine = host_machine_here();
  char gnuplot[128], blas[256] = "not at hand", commit[64], claims[64];
  int changed = host_sources_changed(h);
  now_of(commit, sizeof commit, SYNLAB_COMMIT, changed);
  now_of(claims, sizeof claims, SYNLAB_CLAIMS_COMMIT, host_claims_changed(h));
  host_first_line(gnuplot, sizeof gnuplot, "gnuplot", "--version");
  if (syn_blas_open(NULL) == SYN_OK) {
    const char *config = syn_blas_config();
    snprintf(blas, sizeof blas, "%.*s, core %s", (int)strcspn(config + 9, " ") + 9, config,
             syn_blas_core());
  }
  const char *const pairs[][2] = {
      {"synlab", SYNLAB_VERSION},
      {"commit", commit},
      {"lua", LUA_RELEASE},
      {"gnuplot", gnuplot},
      {"openblas", blas},
      {"compiler", SYNLAB_COMPILER},
      {"flags", SYNLAB_FLAGS},
      {"cpu", machine.cpu},
      {"memory", machine.memory},
      {"os", machine.os},
      {"isa", h->kernels->isa},
      {"numerics", SYN_NUMERICS_VERSION},
      {"descent", SYN_DESCENT_VERSION},
      {"claims", claims},
  };
  json_t *all = json_object();
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    json_t *text = json_string(pairs[i][1]);
    json_object_set_new(all, pairs[i][0], text ? text : json_string("unknown"));
  }
  json_object_set_new(all, "clean",
                      strcmp(commit, "unknown") == 0 ? json_null()
                                                     : json_boolean(!strstr(commit, "-changed")));
  json_object_set_new(all, "swhid",
                      *SYNLAB_SWHID && !changed ? json_string(SYNLAB_SWHID) : json_null());
  return all;
}

static int api_versions(lua_State *L) {
  json_t *all = versions(host_of(L));
  host_json_push(L, all);
  json_decref(all);
  return 1;
}

/* ---- provenance -------------------------------------------------------------------------------- */

/* What all runs of the page took, each counted once. */
static void push_total(lua_State *L, const host *h) {
  double seconds;
  lua_createtable(L, 0, 2);
  syn_set_integer(L, "runs", (lua_Integer)host_manifest_total(h, &seconds));
  syn_set_number(L, "seconds", seconds);
}

/* The chapters of the page being made, in the manifest's words, and their total. */
static int api_chapters(lua_State *L) {
  const host *h = host_of(L);
  json_t *none = json_array();
  host_json_push(L, h->page ? json_object_get(h->page, "chapters") : none);
  json_decref(none);
  push_total(L, h);
  return 2;
}

/* Of the page of this name as it was written before its chapters and times, as far as there are any. */
static int api_written(lua_State *L) {
  const char *name = host_check_text(L, 1);
  json_t *page;
  syn_ctx when_it_is_written = {0};
  (void)host_manifest_written(&page, host_of(L), name, &when_it_is_written);
  host_json_push(L, page);
  json_decref(page);
  return 1;
}

/* The files of the page being made: { { path, sha256, size }, ... }, in no certain order. */
static int api_outputs(lua_State *L) {
  const host *h = host_of(L);
  const char *name;
  json_t *digest;
  lua_newtable(L);
  json_object_foreach(json_object_get(h->page, "outputs"), name, digest) {
    char path[4096];
    size_t n = 0;
    syn_ctx written_before = {0};
    if (!host_out_path(h, path, sizeof path, name, &written_before))
      host_output_find(h, path, &n);
    lua_createtable(L, 0, 3);
    lua_pushstring(L, name);
    lua_setfield(L, -2, "path");
    lua_pushstring(L, json_string_value(digest));
    lua_setfield(L, -2, "sha256");
    lua_pushinteger(L, (lua_Integer)n);
    lua_setfield(L, -2, "size");
    lua_seti(L, -2, luaL_len(L, -2) + 1);
  }
  return 1;
}

/* A value as JSON, for people: indented, with its keys in order. */
static int api_json(lua_State *L) {
  json_t *value;
  syn_ctx ctx = {0};
  luaL_checkany(L, 1);
  syn_status status = host_json_from_lua(&value, L, 1, &ctx);
  if (status)
    return host_api_fail(L, status, &ctx);
  char *text = json_dumps(value, JSON_INDENT(1) | JSON_SORT_KEYS | JSON_ENCODE_ANY);
  json_decref(value);
  lua_pushstring(L, text);
  free(text);
  return 1;
}

static int api_manifest(lua_State *L) {
  host *h = host_of(L);
  const char *name = host_check_text(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  syn_ctx ctx = {0};
  json_t *times = NULL, *program = versions(h);
  syn_status status = host_json_from_lua(&times, L, 2, &ctx);
  if (!status)
    status = host_manifest_write(h, name, program, times, &ctx);
  json_decref(times);
  json_decref(program);
  return status ? host_api_fail(L, status, &ctx) : 0;
}

static int api_clock(lua_State *L) {
  lua_pushnumber(L, syn_clock());
  return 1;
}

static int api_bench(lua_State *L) {
  json_t *all;
  syn_ctx ctx = {0};
  syn_status status = host_bench(&all, host_of(L), &ctx);
  if (status)
    return host_api_fail(L, status, &ctx);
  host_json_push(L, all);
  json_decref(all);
  return 1;
}

static int api_options(lua_State *L) {
  lua_newtable(L);
  const syn_param *o;
  for (size_t i = 0; (o = syn_option_at(i)); i++) {
    lua_pushstring(L, o->name);
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* The nearest of a list of names, or nil. */
static int api_nearest(lua_State *L) {
  const char *name = host_check_text(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  size_t n = (size_t)luaL_len(L, 2);
  const char **names = lua_newuserdatauv(L, (n + 1) * sizeof *names, 0);
  for (size_t i = 0; i < n; i++) {
    lua_geti(L, 2, (lua_Integer)i + 1);
    names[i] = host_check_text(L, -1);
    lua_pop(L, 1); /* the list holds it */
  }
  names[n] = NULL;
  lua_pushstring(L, syn_nearest(name, names));
  return 1;
}

/* ---- the module -------------------------------------------------------------------------------- */

/* Is the house the working directory? */
static int at_home(const host *h) {
  char *here = realpath(".", NULL), *home = realpath(h->home, NULL);
  int same = here && home && strcmp(here, home) == 0;
  free(here);
  free(home);
  return same;
}

static void push_profile(lua_State *L, const host *h) {
  const host_profile *p = &h->profile;
  lua_newtable(L);
  syn_set_text(L, "name", p->quick ? "quick" : "full");
  syn_set_integer(L, "seeds", p->seeds);
  syn_set_flag(L, "seeds_given", p->seeds_given);
  syn_set_integer(L, "jobs", p->jobs);
  syn_set_integer(L, "cores", host_cores());
  json_t *command = host_manifest_command(h);
  syn_set_text(L, "command", json_string_value(command));
  json_decref(command);
  syn_set_text(L, "out", p->out);
  syn_set_text(L, "data", p->data);
  syn_set_text(L, "policy", p->policy);
  syn_set_text(L, "authors", p->authors);
  syn_set_text(L, "program", h->typed[0]);
  syn_set_text(L, "script", h->script);
  syn_set_text(L, "home", h->home);
  syn_set_flag(L, "at_home", at_home(h));
}

int host_push_api(lua_State *L, host *h) {
  static const luaL_Reg functions[] = {
      {"data", api_data},
      {"sets", api_sets},
      {"write", api_write},
      {"read", api_read},
      {"check_out", api_check_out},
      {"gnuplot", api_gnuplot},
      {"say", api_say},
      {"versions", api_versions},
      {"options", api_options},
      {"bench", api_bench},
      {"chapters", api_chapters},
      {"written", api_written},
      {"manifest", api_manifest},
      {"clock", api_clock},
      {"html", host_api_html},
      {"trace", host_api_trace},
      {"missing", api_missing},
      {"usual_set", api_usual_set},
      {"data_asked", api_data_asked},
      {"nearest", api_nearest},
      {"outputs", api_outputs},
      {"json", api_json},
      {NULL, NULL},
  };
  luaL_newlibtable(L, functions);
  const luaL_Reg *const parts[] = {
      functions,     host_api_runs, host_api_foreseen, host_api_queues, host_api_rules,
      host_api_data, NULL};
  for (const luaL_Reg *const *part = parts; *part; part++) {
    lua_pushlightuserdata(L, h);
    luaL_setfuncs(L, *part, 1);
  }
  push_profile(L, h);
  lua_setfield(L, -2, "profile");
  syn_set_flag(L, "planning", h->plan != NULL);
  return 1;
}
