/* Experiment scripts: the user's own programs, with the whole standard library. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lualib.h>

#include "experiments/host/api.h"

static int open_api(lua_State *L) {
  return host_push_api(L, lua_touserdata(L, lua_upvalueindex(1)));
}

/* The message, and below it where it came from. */
static int explain(lua_State *L) {
  const char *message = lua_tostring(L, 1);
  if (!message)
    message = luaL_tolstring(L, 1, NULL);
  luaL_traceback(L, L, message, 1);
  return 1;
}

/* Where `require` looks: the script's own folder, then the house. */
static void set_path(lua_State *L, const host *h, const char *script) {
  const char *slash = strrchr(script, '/');
  char folder[4096];
  snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - script) : 1, slash ? script : ".");
  lua_getglobal(L, "package");
  lua_pushfstring(L, "%s/?.lua;%s/experiments/lib/?.lua;%s/experiments/?.lua;%s/?.lua", folder,
                  h->home, h->home, h->home);
  lua_setfield(L, -2, "path");
  lua_pop(L, 1);
}

/* A script as named, or as it is named in the house. */
static const char *find(const host *h, const char *script, char *path, size_t size) {
  if (access(script, R_OK) == 0 || *script == '/')
    return script;
  snprintf(path, size, "%s/%s", h->home, script);
  return access(path, R_OK) == 0 ? path : script;
}

int host_run_script(host *h, const char *script) {
  char place[8192];
  const char *path = find(h, script, place, sizeof place);
  lua_State *L = luaL_newstate();
  if (!L)
    return host_wrong("not enough memory for Lua");
  luaL_openlibs(L);
  set_path(L, h, path);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushlightuserdata(L, h);
  lua_pushcclosure(L, open_api, 1);
  lua_setfield(L, -2, "synlab");
  lua_settop(L, 0);
  lua_pushcfunction(L, explain);
  size_t failed = h->failed_runs;
  h->fault = SYN_OK;
  int status = 0;
  if (luaL_loadfile(L, path) || lua_pcall(L, 0, 0, 1)) {
    host_wrong("%s", lua_tostring(L, -1));
    /* A run or a tool that failed is 1; the script, an option, an input that is wrong is 2. */
    status = h->fault == SYN_OK || h->fault == SYN_EINVAL || h->fault == SYN_EINPUT ? 2 : 1;
  } else if (h->failed_runs > failed) {
    host_wrong("%s: %zu runs failed", script, h->failed_runs - failed);
    status = 1;
  }
  lua_close(L);
  return status;
}
