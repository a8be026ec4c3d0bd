/* Errors of scripts, in the words of the script: its file and line, and what in it led there. The
 * library's own lines help nobody who did not write it. */
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

#include "experiments/host/script/api.h"

/* Is the function of a frame the library's, experiments/lib? */
static int of_library(const host *h, const lua_Debug *frame) {
  char library[sizeof h->home + 32];
  int n = snprintf(library, sizeof library, "@%s/experiments/lib/", h->home);
  return strncmp(frame->source, library, (size_t)n) == 0;
}

/* Where the message begins with the place of this frame, as Lua puts it, what comes after it. */
static const char *after_place(const char *message, const lua_Debug *frame) {
  char place[LUA_IDSIZE + 32];
  int n = snprintf(place, sizeof place, "%s:%d: ", frame->short_src, frame->currentline);
  return strncmp(message, place, (size_t)n) == 0 ? message + n : NULL;
}

static void add_frame(lua_State *L, luaL_Buffer *text, const lua_Debug *frame) {
  const char *name = frame->source + (*frame->source == '@');
  if (*frame->what == 'm') /* a main chunk */
    lua_pushfstring(L, "\n\t%s:%d: in the script itself", name, frame->currentline);
  else if (frame->name)
    lua_pushfstring(L, "\n\t%s:%d: in '%s'", name, frame->currentline, frame->name);
  else
    lua_pushfstring(L, "\n\t%s:%d: in the function of line %d", name, frame->currentline,
                    frame->linedefined);
  luaL_addvalue(text);
}

/* Does a line of the script stand at this level? With `all`, of the library too. */
static int is_shown(lua_State *L, const host *h, int all, lua_Debug *frame) {
  lua_getinfo(L, "Snl", frame);
  return frame->currentline > 0 && (all || !of_library(h, frame));
}

/* The frames of the script, those of the library left out; of all, where none is the script's. A single
 * one says what the message begins with. */
static void add_frames(lua_State *L, luaL_Buffer *text, const host *h, int all) {
  lua_Debug frame;
  int frames = 0, first = 1;
  for (int level = 1; lua_getstack(L, level, &frame); level++)
    frames += is_shown(L, h, all, &frame);
  for (int level = 1; frames > 1 && lua_getstack(L, level, &frame); level++)
    if (is_shown(L, h, all, &frame)) {
      luaL_addstring(text, first ? "\nstack traceback:" : "");
      add_frame(L, text, &frame);
      first = 0;
    }
}

/* Was the message made by `error`, and not by Lua or a function of C that found something wrong? Above
 * this function is what raised it, or a handler that a script put between. */
static int is_deliberate(lua_State *L) {
  lua_Debug frame;
  int same = 0;
  for (int level = 1; level <= 2 && !same && lua_getstack(L, level, &frame); level++) {
    lua_getinfo(L, "f", &frame);
    lua_getglobal(L, "error");
    same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
  }
  return same;
}

int host_api_trace(lua_State *L) {
  const host *h = host_of(L);
  const char *function = lua_tostring(L, 2), *rest = NULL;
  lua_Debug frame, script = {.currentline = 0};
  int library = 0; /* is it the library that raised it? */
  lua_pushvalue(L, 1);
  if (lua_type(L, 1) != LUA_TSTRING || h->fault != SYN_OK)
    return 1; /* no message; or a line that says all */
  const char *message = lua_tostring(L, 1);
  for (int level = 1; lua_getstack(L, level, &frame); level++) {
    lua_getinfo(L, "Sl", &frame);
    if (frame.currentline <= 0)
      continue;
    library |= !script.currentline && of_library(h, &frame);
    if (!rest)
      rest = after_place(message, &frame);
    if (!script.currentline && !of_library(h, &frame))
      script = frame;
  }
  int of_script = rest && script.currentline && after_place(message, &script);
  if (is_deliberate(L) && (!rest || (library && of_script)))
    return 1; /* a line that says all, with the script's place or without one; or traced before */
  luaL_Buffer text;
  luaL_buffinit(L, &text);
  if (script.currentline)
    lua_pushfstring(L, "%s:%d: ", script.source + (*script.source == '@'), script.currentline);
  else
    lua_pushfstring(L, function ? "%s: " : "", function);
  luaL_addvalue(&text);
  luaL_addstring(&text, rest && (script.currentline || function) ? rest : message);
  add_frames(L, &text, h, !script.currentline && !function);
  luaL_pushresult(&text);
  return 1;
}

int host_api_fail(lua_State *L, syn_status status, const syn_ctx *ctx) {
  host_of(L)->fault = status;
  lua_pushstring(L, ctx->error);
  return lua_error(L);
}
