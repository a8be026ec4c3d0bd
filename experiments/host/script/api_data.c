/* What pages for programs are made of:
 *
 *   write_gzip(path, next)    writes below OUT what next() gives, text after text until nil, packed
 *   digest(text) -> sha256
 *   describe(name, class) -> table: unit, doc, low, high, choices, of an option of a run; with a class,
 *                  of a parameter of that policy; nil: there is none
 */
#include <string.h>

#include "engine/base/digest.h"
#include "engine/data/gzip.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/pages/manifest.h"
#include "experiments/host/script/api.h"
#include "experiments/host/store/outputs.h"
#include "policies/sandbox/fields.h"

/* All that the function on the top of the stack gives. 1: it raised an error, which stands there. */
static int pack(lua_State *L, syn_gzip *gzip, syn_status *status, syn_ctx *ctx) {
  for (*status = SYN_OK; !*status; lua_pop(L, 1)) {
    size_t n;
    lua_pushvalue(L, 2);
    if (lua_pcall(L, 0, 1, 0))
      return 1;
    const char *text = lua_tolstring(L, -1, &n);
    if (!text)
      break;
    *status = syn_gzip_add(gzip, text, n, ctx);
  }
  return 0;
}

static int api_write_gzip(lua_State *L) {
  host *h = host_of(L);
  const char *relative = host_check_text(L, 1);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  syn_ctx ctx = {0};
  syn_gzip *gzip;
  const void *bytes;
  size_t n;
  syn_status status = syn_gzip_open(&gzip, &ctx);
  if (!status && pack(L, gzip, &status, &ctx)) {
    syn_gzip_close(gzip);
    return lua_error(L);
  }
  if (!status)
    status = syn_gzip_end(&bytes, &n, gzip, &ctx);
  if (!status)
    status = host_output_add(h, relative, bytes, n, &ctx);
  if (!status)
    status = host_manifest_output(h, relative, bytes, n, &ctx);
  syn_gzip_close(gzip);
  return status ? host_api_fail(L, status, &ctx) : 0;
}

static int api_digest(lua_State *L) {
  size_t n;
  char digest[SYN_DIGEST_SIZE];
  const char *text = luaL_checklstring(L, 1, &n);
  syn_digest_bytes(digest, text, n);
  lua_pushstring(L, digest);
  return 1;
}

static const syn_param *parameter(const char *class, const char *name) {
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++)
    if (strcmp((*c)->name, class) == 0)
      return (*c)->params ? syn_param_find((*c)->params, name) : NULL;
  return NULL;
}

static int api_describe(lua_State *L) {
  const char *name = host_check_text(L, 1), *class = luaL_optstring(L, 2, NULL), *choice;
  const syn_param *row = class ? parameter(class, name) : syn_option_find(name);
  if (!row)
    return 0;
  lua_newtable(L);
  syn_set_text(L, "unit", row->unit);
  syn_set_text(L, "doc", row->doc);
  if (row->kind <= SYN_PARAM_LIST) {
    syn_set_number(L, "low", row->lo);
    syn_set_number(L, "high", row->hi);
  }
  if (row->kind != SYN_PARAM_CHOICE)
    return 1;
  lua_newtable(L);
  for (size_t i = 0; (choice = syn_param_choice(row, i)); i++) {
    lua_pushstring(L, choice);
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "choices");
  return 1;
}

const luaL_Reg host_api_data[] = {{"write_gzip", api_write_gzip},
                                  {"digest", api_digest},
                                  {"describe", api_describe},
                                  {NULL, NULL}};
