/* A sandbox with all that its code may use, and the comparison of two. */
#include <string.h>

#include <lauxlib.h>

#include "policies/sandbox/internal.h"

static int fill(lua_State *L) {
  syn_sandbox_fill(L);
  return 0;
}

syn_status syn_sandbox_open(syn_sandbox **out, const char *file, const syn_limits *limits,
                            syn_ctx *ctx) {
  syn_status status = syn_sandbox_make(out, file, limits, ctx);
  if (!status && (status = syn_sandbox_run(*out, fill, NULL, SYN_ENOMEM, ctx))) {
    syn_sandbox_close(*out);
    *out = NULL;
  }
  return status;
}

/* ---- two of them ------------------------------------------------------------------------------- */

#define WALKED 32 /* texts of which the order is looked at */

/* In which order lua_next walks over some texts: their hash seed shows. */
static int walk(lua_State *L) {
  char *order = lua_touserdata(L, 1);
  lua_createtable(L, 0, WALKED);
  for (int i = 0; i < WALKED; i++) {
    lua_pushfstring(L, "text %d", i);
    lua_pushinteger(L, i);
    lua_rawset(L, -3);
  }
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    *order++ = (char)lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  return 0;
}

syn_status syn_sandbox_differ(int *differ, syn_sandbox *a, syn_sandbox *b, syn_ctx *ctx) {
  char one[WALKED] = {0}, two[WALKED] = {0};
  syn_status status = syn_sandbox_run(a, walk, one, SYN_EFAILED, ctx);
  if (status == SYN_OK)
    status = syn_sandbox_run(b, walk, two, SYN_EFAILED, ctx);
  *differ = memcmp(one, two, sizeof one) != 0;
  return status;
}
