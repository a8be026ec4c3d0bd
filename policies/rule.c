#include "policies/rule.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "policies/rule_views.h"

/* ---- messages -------------------------------------------------------------------------------- */

int syn_rule_fail(lua_State *L, int ref, const char *format, ...) {
  char line[512];
  lua_Debug f;
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
  lua_getinfo(L, ">S", &f);
  lua_pushfstring(L, "%s:%d: %s", f.short_src, f.linedefined, line);
  return lua_error(L);
}

/* "act, state a = (-1), r = (+1); layer 1 of 2; iteration 12, seed 3" */
static void describe_moment(void *self, char *text, size_t size) {
  const syn_rule *rule = self;
  const syn_rule_moment *now = &rule->now;
  size_t at = 0;
  if (!now->function)
    return;
  at += (size_t)snprintf(text, size, "%s", now->function);
  if (now->state >= 0 && at < size) {
    char state[128];
    syn_rule_state_text(rule, (size_t)now->state, state, sizeof state);
    at += (size_t)snprintf(text + at, size - at, ", %s", state);
  }
  if (now->layer && at < size)
    at += (size_t)snprintf(text + at, size - at, ", layer %zu of %zu", now->layer, now->layers);
  if (now->iteration && at < size)
    snprintf(text + at, size - at, ", iteration %u, seed %llu", now->iteration,
             (unsigned long long)now->seed);
}

/* ---- opening --------------------------------------------------------------------------------- */

typedef struct source {
  syn_rule *rule;
  const char *text;
  size_t size;
} source;

/* Runs the file; it must return what its one call of `rule` returned. */
static int load(lua_State *L) {
  const source *s = lua_touserdata(L, 1);
  lua_pushlightuserdata(L, s->rule);
  lua_pushcclosure(L, syn_rule_global, 1);
  syn_sandbox_global(L, "rule");
  syn_views_globals(L, s->rule);
  syn_sandbox_chunk(L, s->text, s->size);
  if (!s->rule->info.name || !lua_istable(L, -1))
    return luaL_error(L, "%s: the file must end with `return rule { ... }`", s->rule->info.file);
  return 0;
}

static int make_params(lua_State *L) {
  syn_rule_make_params(L, lua_touserdata(L, 1));
  return 0;
}

static void close_rule(syn_policy *policy) {
  syn_rule *rule = (syn_rule *)policy;
  syn_sandbox_close(rule->sandbox);
  if (rule->views)
    syn_arena_close(&rule->views->arena);
  syn_arena_close(&rule->arena);
  free(rule);
}

static unsigned history_of(const syn_policy *policy) {
  return ((const syn_rule *)policy)->info.history;
}

/* Rules are opened by file, not by class. */
static syn_status open_class(syn_policy **out, const syn_value *args, syn_ctx *ctx) {
  (void)args;
  *out = NULL;
  return syn_fail(ctx, SYN_EINVAL, "a rule is opened from its file");
}

static syn_status start_rule(syn_rule *rule, const char *file, syn_ctx *ctx) {
  rule->base.class = &rule->class;
  rule->now.state = -1;
  rule->decay_param = -1;
  rule->kernels = syn_rule_kernels_best();
  rule->info.file = syn_arena_string(&rule->arena, file);
  if (!rule->info.file)
    return syn_fail_memory(ctx, "a rule");
  syn_status status = syn_sandbox_open(&rule->sandbox, file, NULL, ctx);
  if (status == SYN_OK)
    syn_sandbox_describe(rule->sandbox, describe_moment, rule);
  return status;
}

syn_status syn_rule_open_text(syn_policy **out, const char *file, const char *text, size_t size,
                              const syn_arg *params, size_t n, syn_ctx *ctx) {
  *out = NULL;
  syn_rule *rule = calloc(1, sizeof *rule);
  if (!rule)
    return syn_fail_memory(ctx, "a rule");
  source s = {rule, text, size};
  syn_status status = start_rule(rule, file, ctx);
  if (status == SYN_OK) {
    syn_sandbox_forbid_random(rule->sandbox,
                              "there is no seed before a run begins; draw in learn or step");
    status = syn_sandbox_run(rule->sandbox, load, &s, SYN_EINPUT, ctx);
  }
  if (status == SYN_OK)
    status = syn_rule_set_params(rule, params, n, ctx);
  if (status == SYN_OK)
    status = syn_sandbox_run(rule->sandbox, make_params, rule, SYN_EINPUT, ctx);
  if (status == SYN_OK) {
    rule->class = (syn_policy_class){.abi = SYN_POLICY_ABI,
                                     .name = rule->info.name,
                                     .summary = *rule->info.doc ? rule->info.doc : rule->info.name,
                                     .params = rule->info.params,
                                     .open = open_class,
                                     .history = history_of,
                                     .close = close_rule};
    status = rule->info.kind == SYN_RULE_LOCAL ? syn_rule_open_step(rule, ctx)
                                               : syn_rule_open_table(rule, ctx);
  }
  if (status == SYN_OK)
    status = syn_rule_open_state(rule, ctx);
  if (status)
    close_rule(&rule->base);
  else
    *out = &rule->base;
  return status;
}

/* ---- files ----------------------------------------------------------------------------------- */

syn_status syn_rule_open(syn_policy **out, const char *path, const syn_arg *params, size_t n,
                         syn_ctx *ctx) {
  *out = NULL;
  struct stat about;
  FILE *file = fopen(path, "rb");
  if (!file)
    return syn_fail(ctx, SYN_EINPUT, "%s: %s", path, strerror(errno));
  if (fstat(fileno(file), &about) || !S_ISREG(about.st_mode)) {
    fclose(file);
    return syn_fail(ctx, SYN_EINPUT, "%s: not a file", path);
  }
  char *text = malloc(SYN_SANDBOX_TEXT + 1);
  size_t size = text ? fread(text, 1, SYN_SANDBOX_TEXT + 1, file) : 0;
  int failed = ferror(file);
  fclose(file);
  syn_status status = !text    ? syn_fail_memory(ctx, "a rule file")
                      : failed ? syn_fail(ctx, SYN_EINPUT, "%s: cannot be read", path)
                               : syn_rule_open_text(out, path, text, size, params, n, ctx);
  free(text);
  return status;
}

const syn_rule_info *syn_rule_describe(const syn_policy *policy) {
  return policy->class->open == open_class ? &((const syn_rule *)policy)->info : NULL;
}
