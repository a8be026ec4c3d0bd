/* A queue of runs, for scripts:
 *
 *   local runs <close> = synlab.queue(title)
 *   runs:add(specs, title, rank) -> group     see schedule.h
 *   runs:wait() -> the number of a group that is done, each once; nil when all were
 *   runs:records(group) -> list
 *   runs:name(group, run, name)               what that run is called where it fails
 *   runs:note(group, chapter)                 notes them for the manifest, as a chapter's
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/grow.h"
#include "experiments/host/script/api.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/script/records.h"
#include "experiments/host/pages/manifest.h"
#include "experiments/host/run/plan.h"
#include "experiments/host/run/schedule.h"

#define KIND "synlab.queue"

typedef struct group {
  host_specs runs;
  char *title;
} group;

typedef struct lua_queue {
  host *h;
  host_queue *queue; /* NULL: closed */
  char *title;
  group *groups;
  size_t n, room;
} lua_queue;

static int queue_close(lua_State *L) {
  lua_queue *q = luaL_checkudata(L, 1, KIND);
  host_queue_close(q->queue);
  for (size_t i = 0; i < q->n; i++) {
    host_api_specs_close(&q->groups[i].runs);
    free(q->groups[i].title);
  }
  free(q->groups);
  free(q->title);
  *q = (lua_queue){0};
  return 0;
}

static lua_queue *open_queue(lua_State *L, int index) {
  lua_queue *q = luaL_checkudata(L, index, KIND);
  luaL_argcheck(L, q->queue, index, "the queue is closed");
  return q;
}

/* The group of the argument at `index`. */
static size_t group_of(lua_State *L, const lua_queue *q, int index) {
  lua_Integer number = luaL_checkinteger(L, index);
  luaL_argcheck(L, number >= 1 && (size_t)number <= q->n, index, "no group of this queue");
  return (size_t)number - 1;
}

static syn_status add(lua_State *L, lua_queue *q, int index, const char *title, unsigned rank,
                      syn_ctx *ctx) {
  size_t number;
  if (!syn_grow(&q->groups, &q->room, q->n + 1, sizeof *q->groups))
    return syn_fail_memory(ctx, title);
  group *g = &q->groups[q->n];
  *g = (group){.title = strdup(title)};
  if (!g->title)
    return syn_fail_memory(ctx, title);
  q->n++;
  syn_status status = host_api_specs_read(&g->runs, L, index, q->h, title, ctx);
  if (!status)
    status = host_queue_add(q->queue, &number, g->runs.specs, g->runs.n, g->title, rank, ctx);
  return status;
}

static int queue_add(lua_State *L) {
  lua_queue *q = open_queue(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  const char *title = host_check_text(L, 3);
  lua_Integer rank = luaL_optinteger(L, 4, 0);
  syn_ctx ctx = {0};
  syn_status status = add(L, q, 2, title, (unsigned)rank, &ctx);
  if (status)
    return host_api_fail(L, status, &ctx);
  lua_pushinteger(L, (lua_Integer)q->n);
  return 1;
}

static int queue_wait(lua_State *L) {
  lua_queue *q = open_queue(L, 1);
  syn_ctx ctx = {0};
  size_t number;
  syn_status status = host_queue_wait(q->queue, &number, &ctx);
  if (status)
    return host_api_fail(L, status, &ctx);
  if (number == HOST_NO_GROUP)
    lua_pushnil(L);
  else
    lua_pushinteger(L, (lua_Integer)number + 1);
  return 1;
}

static void push_records(lua_State *L, const lua_queue *q, size_t number) {
  const host_specs *runs = &q->groups[number].runs;
  host_records records;
  host_records_begin(&records, L, q->h);
  lua_createtable(L, (int)runs->n, 0);
  for (size_t i = 0; i < runs->n; i++) {
    json_t *record = host_queue_record(q->queue, number, i);
    host_records_push(L, &records, record, &runs->specs[i]);
    json_decref(record);
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
}

static int queue_records(lua_State *L) {
  const lua_queue *q = open_queue(L, 1);
  push_records(L, q, group_of(L, q, 2));
  return 1;
}

/* A record at a time is in memory. */
static syn_status note(lua_queue *q, size_t number, const char *chapter, syn_ctx *ctx) {
  size_t n = q->groups[number].runs.n;
  syn_status status =
      host_manifest_chapter(q->h, chapter, host_queue_computed(q->queue, number), ctx);
  for (size_t i = 0; i < n && !status; i++) {
    json_t *record = host_queue_record(q->queue, number, i);
    status = host_manifest_run(q->h, chapter, record, ctx);
    json_decref(record);
  }
  return status;
}

static int queue_note(lua_State *L) {
  lua_queue *q = open_queue(L, 1);
  syn_ctx ctx = {0};
  syn_status status = note(q, group_of(L, q, 2), host_check_text(L, 3), &ctx);
  return status ? host_api_fail(L, status, &ctx) : 0;
}

static int queue_name(lua_State *L) {
  const lua_queue *q = open_queue(L, 1);
  size_t number = group_of(L, q, 2);
  lua_Integer run = luaL_checkinteger(L, 3);
  luaL_argcheck(L, run >= 1 && (size_t)run <= q->groups[number].runs.n, 3, "no run of this group");
  syn_ctx ctx = {0};
  syn_status status =
      host_queue_name(q->queue, number, (size_t)run - 1, host_check_text(L, 4), &ctx);
  return status ? host_api_fail(L, status, &ctx) : 0;
}

/* A new queue on the stack. */
static lua_queue *push_queue(lua_State *L, host *h, const char *title) {
  static const luaL_Reg methods[] = {
      {"add", queue_add},    {"wait", queue_wait}, {"records", queue_records},
      {"note", queue_note},  {"name", queue_name}, {"__close", queue_close},
      {"__gc", queue_close}, {NULL, NULL},
  };
  lua_queue *q = lua_newuserdatauv(L, sizeof *q, 0);
  *q = (lua_queue){.h = h, .title = strdup(title)};
  if (luaL_newmetatable(L, KIND)) {
    lua_pushlightuserdata(L, h);
    luaL_setfuncs(L, methods, 1); /* host_api_fail wants it */
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
  }
  lua_setmetatable(L, -2);
  syn_ctx ctx = {0};
  syn_status status = q->title ? host_queue_open(&q->queue, h, host_own_store(h), q->title, &ctx)
                               : syn_fail_memory(&ctx, "a queue");
  if (status)
    host_api_fail(L, status, &ctx);
  return q;
}

static int api_queue(lua_State *L) {
  push_queue(L, host_of(L), host_check_text(L, 1));
  return 1;
}

/* While a plan is made: what is missing goes there, and the script ends. */
static int plan(lua_State *L, host *h, const char *title) {
  syn_ctx ctx = {0};
  host_specs runs;
  size_t missing = 0;
  syn_status status = host_api_specs_read(&runs, L, 1, h, title, &ctx);
  if (!status)
    status = host_plan_add(h->plan, &missing, h, runs.specs, runs.n, &ctx);
  host_api_specs_close(&runs);
  if (status)
    return host_api_fail(L, status, &ctx);
  h->plan->stopping = missing > 0;
  return missing > 0 ? luaL_error(L, "%s: its runs are planned, and not computed yet", title) : 0;
}

/* run(specs, { title = }) -> records: a queue of one group. */
static int api_run(lua_State *L) {
  host *h = host_of(L);
  luaL_checktype(L, 1, LUA_TTABLE);
  const char *title = "runs";
  if (lua_istable(L, 2) && lua_getfield(L, 2, "title") == LUA_TSTRING)
    title = host_check_text(L, -1);
  if (h->plan)
    plan(L, h, title);
  lua_queue *q = push_queue(L, h, title);
  int at = lua_gettop(L);
  lua_toclose(L, at);
  syn_ctx ctx = {0};
  size_t number;
  syn_status status = add(L, q, 1, title, 0, &ctx);
  if (!status)
    status = host_queue_wait(q->queue, &number, &ctx);
  if (!status)
    status = note(q, 0, title, &ctx);
  if (status)
    return host_api_fail(L, status, &ctx);
  push_records(L, q, 0);
  return 1;
}

const luaL_Reg host_api_queues[] = {{"queue", api_queue}, {"run", api_run}, {NULL, NULL}};
