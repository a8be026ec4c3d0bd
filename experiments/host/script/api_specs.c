/* Runs as a script asks for them, read and checked. */
#include <stdlib.h>
#include <string.h>

#include "experiments/host/script/api.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/run/key.h"
#include "experiments/host/run/sets.h"
#include "experiments/host/base/words.h"

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

syn_status host_api_specs_read_while(host_specs *b, lua_State *L, int index, host *h,
                                     const char *title,
                                     int (*wanted)(const host *h, const host_spec *spec),
                                     syn_ctx *ctx) {
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
  return host_api_specs_read_while(b, L, index, h, title, NULL, ctx);
}

/* Kept records may have left out what stood at a default, or be older than an option. The images are
 * called as they are asked for: a run of another packing of the same set is the same run. */
void host_api_push_record(lua_State *L, const json_t *record, const host_spec *spec) {
  json_t *copy = json_copy((json_t *)(uintptr_t)record);
  json_object_set_new(copy, "spec", host_spec_resolved(spec));
  json_t *data = json_copy(json_object_get(record, "data"));
  if (data && spec->data) {
    char name[4096];
    host_last_name(name, sizeof name, spec->data);
    json_object_set_new(data, "name", json_string(name));
    json_object_set(copy, "data", data);
  }
  json_decref(data);
  host_json_push(L, copy);
  json_decref(copy);
}
