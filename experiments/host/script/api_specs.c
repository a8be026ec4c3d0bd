/* Runs as a script asks for them, read and checked. */
#include <stdlib.h>
#include <string.h>

#include "experiments/host/script/api.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/run/sets.h"

/* A run on images that names no set takes the usual one. */
static syn_status name_data(json_t *asked, host *h, syn_ctx *ctx) {
  const char *task = json_string_value(json_object_get(asked, "task"));
  if (!task || strcmp(task, "images") != 0 || json_object_get(asked, "data"))
    return SYN_OK;
  return json_object_set_new(asked, "data", json_string(host_usual_set(h)))
             ? syn_fail(ctx, SYN_EINVAL, "--data: the name must be UTF-8")
             : SYN_OK;
}

void host_api_specs_close(host_specs *b) {
  for (size_t i = 0; i < b->n; i++)
    host_spec_close(&b->specs[i]);
  free(b->specs);
  *b = (host_specs){0};
}

static syn_status read_spec(host_spec *spec, lua_State *L, int index, size_t i, host *h,
                            host_json_memo *memo, syn_ctx *ctx) {
  json_t *asked = NULL;
  syn_status status = host_json_item(&asked, L, index, (lua_Integer)i + 1, memo, ctx);
  if (!status)
    status = name_data(asked, h, ctx);
  if (!status)
    status = host_spec_open(spec, h, asked, ctx);
  json_decref(asked);
  return status;
}

static syn_status read_while(host_specs *b, lua_State *L, int index, host *h, const char *title,
                             int (*wanted)(const host *h, const host_spec *spec), syn_ctx *ctx) {
  size_t n = (size_t)luaL_len(L, index), run;
  *b = (host_specs){.specs = calloc(n + 1, sizeof *b->specs)};
  host_json_memo *memo = host_json_memo_open();
  syn_status status = b->specs && memo ? SYN_OK : syn_fail_memory(ctx, "a list of runs");
  int all = 1;
  while (b->n < n && !status && all) {
    status = read_spec(&b->specs[b->n], L, index, b->n, h, memo, ctx);
    all = status || !wanted || wanted(h, &b->specs[b->n]);
    if (!all)
      host_spec_close(&b->specs[b->n]);
    b->n += !status && all;
  }
  host_json_memo_close(memo);
  syn_ctx why = {0};
  if (status) {
    why = *ctx;
    run = b->n;
  } else if (all) {
    status = host_specs_check(&run, b->specs, n, &why);
  }
  if (status) {
    host_api_specs_close(b);
    syn_fail(ctx, status, "%s, run %zu of %zu: %s", title, run + 1, n, why.error);
  }
  return status;
}

syn_status host_api_specs_read(host_specs *b, lua_State *L, int index, host *h, const char *title,
                               syn_ctx *ctx) {
  return read_while(b, L, index, h, title, NULL, ctx);
}

syn_status host_api_specs_taken(host_specs *b, lua_State *L,
                                int (*wanted)(const host *h, const host_spec *spec), syn_ctx *ctx) {
  luaL_checktype(L, 1, LUA_TTABLE);
  const char *title = luaL_opt(L, host_check_text, 2, "the plan");
  return read_while(b, L, 1, host_of(L), title, wanted, ctx);
}
