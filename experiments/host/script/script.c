/* Experiment scripts: the user's own programs, with the whole standard library. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lualib.h>

#include "experiments/host/script/api.h"
#include "experiments/host/script/sources.h"
#include "experiments/host/store/outputs.h"
#include "experiments/host/run/plan.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/stop.h"

static int open_api(lua_State *L) {
  return host_push_api(L, lua_touserdata(L, lua_upvalueindex(1)));
}

/* Where `require` looks: the library, so that no script can stand in for a part of it, then the
 * script's own folder, then the house. */
static void set_path(lua_State *L, const host *h, const char *script) {
  const char *slash = strrchr(script, '/');
  char folder[4096];
  snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - script) : 1, slash ? script : ".");
  lua_getglobal(L, "package");
  lua_pushfstring(L, "%s/experiments/lib/?.lua;%s/?.lua;%s/experiments/?.lua;%s/?.lua", h->home,
                  folder, h->home, h->home);
  lua_setfield(L, -2, "path");
  lua_pop(L, 1);
}

/* A rule or a reward that is run as a script finds this, and not nil, under its noun, the upvalue. */
static int refuse_declaration(lua_State *L) {
  const char *noun = lua_tostring(L, lua_upvalueindex(1));
  const char *tries = strcmp(noun, "rule") == 0
                          ? ", `synlab rule try FILE` tries it, and a script runs it by "
                          : ", and a script runs it by reward = ";
  return luaL_error(
      L, "this file is a %s, no script: `synlab %s check FILE` checks it%slab.%s(\"FILE\")", noun,
      noun, tries, noun);
}

static void register_refusal(lua_State *L, const char *noun) {
  lua_pushstring(L, noun);
  lua_pushcclosure(L, refuse_declaration, 1);
  lua_setglobal(L, noun);
}

static void set_arguments(lua_State *L, const host *h) {
  lua_createtable(L, h->n_arguments, 0);
  for (int i = 0; i < h->n_arguments; i++) {
    lua_pushstring(L, h->arguments[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setglobal(L, "arg");
}

/* A signal is heard while the script computes, too. */
static void hear_signals(lua_State *L, lua_Debug *frame) {
  (void)frame;
  if (!host_stop_signal())
    return;
  lua_getfield(L, LUA_REGISTRYINDEX, "synlab.host");
  host *h = lua_touserdata(L, -1);
  h->fault = SYN_ESTOPPED;
  lua_pushstring(L, host_stop_words(h->profile.fresh));
  lua_error(L);
}

int host_run_script(host *h, const char *script) {
  char place[8192];
  host_sources_look(h);
  h->script = NULL; /* of one before */
  const char *path = host_find(h, script, place, sizeof place);
  lua_State *L = luaL_newstate();
  if (!L)
    return host_wrong("not enough memory for Lua");
  lua_gc(L, LUA_GCINC, 150, 200, 0); /* records of many runs: memory before time */
  luaL_openlibs(L);
  set_path(L, h, path);
  set_arguments(L, h);
  register_refusal(L, "rule");
  register_refusal(L, "reward");
  lua_pushlightuserdata(L, h);
  lua_setfield(L, LUA_REGISTRYINDEX, "synlab.host");
  lua_sethook(L, hear_signals, LUA_MASKCOUNT, 100000);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushlightuserdata(L, h);
  lua_pushcclosure(L, open_api, 1);
  lua_setfield(L, -2, "synlab");
  lua_settop(L, 0);
  lua_pushlightuserdata(L, h);
  lua_pushcclosure(L, host_api_trace, 1);
  h->script = script;
  json_decref(h->page); /* of a script that wrote none */
  h->page = NULL;
  size_t failed = h->failed_runs, unwritten = h->failed_outputs;
  h->fault = SYN_OK;
  h->data_asked = 0;
  int status = 0;
  if (h->plan)
    h->plan->stopping = 0;
  lua_getglobal(L, "require"); /* experiments/lib/main.lua runs it, and writes its pages */
  lua_pushliteral(L, "main");
  int wrong = lua_pcall(L, 1, 1, 1);
  if (!wrong) {
    lua_pushstring(L, path);
    wrong = lua_pcall(L, 1, 0, 1);
  }
  if (!wrong && h->outputs) {
    int lock = host_outputs_lock(h);
    host_outputs_write(h);
    host_outputs_unlock(lock);
  }
  host_outputs_drop(h);
  if (wrong && h->plan && h->plan->stopping) {
    h->plan->stopped++;
  } else if (wrong) {
    host_wrong("%s", luaL_tolstring(L, -1, NULL));
    /* A run or a tool that failed is 1; the script, an option, an input that is wrong is 2. */
    status = h->fault == SYN_OK || h->fault == SYN_EINVAL || h->fault == SYN_EINPUT ? 2 : 1;
  } else {
    h->fault = SYN_OK; /* the script has dealt with it */
    if (h->failed_runs > failed) {
      if (!h->arguments) /* the program's own scripts say it */
        host_wrong("%s: %zu run%s failed", script, h->failed_runs - failed,
                   syn_s(h->failed_runs - failed));
      status = 1;
    }
    if (h->failed_outputs > unwritten) /* each was told */
      status = 1;
  }
  lua_close(L);
  return status;
}
