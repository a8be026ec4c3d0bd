#include "policies/rule.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policies/scripted/views.h"

/* ---- messages -------------------------------------------------------------------------------- */

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
  lua_CFunction declare;
  const char *text;
  size_t size;
} source;

/* A reward where a rule is wanted, or the other way round. */
static int refuse(lua_State *L) {
  const syn_rule *rule = lua_touserdata(L, lua_upvalueindex(1));
  const char *other = strcmp(rule->noun, "rule") == 0 ? "reward" : "rule";
  return luaL_error(L, "this file is a %s, no %s: `synlab %s check FILE` checks it", other,
                    rule->noun, other);
}

/* Runs the file; it must return what its one call of `rule` or `reward` returned. */
static int load(lua_State *L) {
  const source *s = lua_touserdata(L, 1);
  static const char *const nouns[] = {"rule", "reward"};
  for (int i = 0; i < 2; i++) {
    lua_pushlightuserdata(L, s->rule);
    lua_pushcclosure(L, strcmp(nouns[i], s->rule->noun) == 0 ? s->declare : refuse, 1);
    syn_sandbox_global(L, nouns[i]);
  }
  syn_views_globals(L, s->rule);
  syn_sandbox_chunk(L, s->text, s->size);
  if (!s->rule->info.name || !lua_istable(L, -1))
    return luaL_error(L, "%s: the file must end with `return %s { ... }`", s->rule->info.file,
                      s->rule->noun);
  syn_rule_refuse_mistakes(L, s->rule);
  syn_rule_advise_on_declaration(L, s->rule);
  return 0;
}

static int make_params(lua_State *L) {
  syn_rule_make_params(L, lua_touserdata(L, 1));
  return 0;
}

void syn_rule_close(syn_rule *rule) {
  syn_sandbox_close(rule->sandbox);
  if (rule->views)
    syn_arena_close(&rule->views->arena);
  syn_arena_close(&rule->run);
  syn_arena_close(&rule->arena);
  free(rule);
}

static void close_rule(syn_policy *policy) {
  syn_rule_close((syn_rule *)policy);
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

static syn_status start(syn_policy *policy, const syn_plan *plan, const syn_kernels *kernels,
                        syn_ctx *ctx) {
  syn_rule *rule = (syn_rule *)policy;
  return rule->views                            ? syn_rule_start_step(rule, plan, kernels, ctx)
         : rule->info.kind == SYN_RULE_LEARNING ? syn_rule_start_learning(rule, plan, ctx)
                                                : SYN_OK;
}

static syn_status start_rule(syn_rule *rule, const char *file, syn_ctx *ctx) {
  rule->base.type = &rule->class;
  rule->now.state = -1;
  rule->decay_param = -1;
  rule->kernels = &syn_rule_kernels_portable; /* until a run brings its own */
  rule->info.file = syn_arena_string(&rule->arena, file);
  if (!rule->info.file)
    return syn_fail_memory(ctx, "a rule");
  syn_status status = syn_sandbox_open(&rule->sandbox, file, NULL, ctx);
  if (status == SYN_OK)
    syn_sandbox_describe(rule->sandbox, describe_moment, rule);
  if (status == SYN_OK)
    syn_rule_advise(rule);
  return status;
}

static void declare_class(syn_rule *rule) {
  rule->class = (syn_policy_class){.abi = SYN_POLICY_ABI,
                                   .name = rule->info.name,
                                   .summary = *rule->info.doc ? rule->info.doc : rule->info.name,
                                   .params = rule->info.params,
                                   .open = open_class,
                                   .history = history_of,
                                   .start = start,
                                   .close = close_rule};
}

syn_status syn_rule_load(syn_rule **out, const char *noun, lua_CFunction declare, const char *file,
                         const char *text, size_t size, const syn_arg *params, size_t n,
                         syn_ctx *ctx) {
  *out = NULL;
  syn_rule *rule = calloc(1, sizeof *rule);
  char *copy = rule ? syn_arena_take(&rule->arena, size + 1, 1) : NULL;
  if (!copy) {
    free(rule);
    return syn_fail_memory(ctx, "a rule");
  }
  rule->noun = noun;
  rule->memory = LUA_NOREF;
  rule->text = memcpy(copy, text, size);
  rule->size = size;
  source s = {rule, declare, text, size};
  syn_status status = start_rule(rule, file, ctx);
  if (status == SYN_OK) {
    syn_sandbox_forbid_random(rule->sandbox,
                              "there is no seed before a run begins; draw in learn, step or value");
    status = syn_sandbox_run(rule->sandbox, load, &s, SYN_EINPUT, ctx);
  }
  if (status == SYN_OK)
    status = syn_rule_set_params(rule, params, n, ctx);
  if (status == SYN_OK)
    status = syn_sandbox_run(rule->sandbox, make_params, rule, SYN_EINPUT, ctx);
  if (status)
    syn_rule_close(rule);
  else
    *out = rule;
  return status;
}

syn_status syn_rule_open_source(syn_policy **out, const char *file, const char *text, size_t size,
                                const syn_arg *params, size_t n, syn_rule_opening opening,
                                syn_ctx *ctx) {
  *out = NULL;
  syn_rule *rule;
  syn_status status =
      syn_rule_load(&rule, "rule", syn_rule_global, file, text, size, params, n, ctx);
  if (status)
    return status;
  rule->opening = opening;
  declare_class(rule);
  status = rule->info.kind == SYN_RULE_LOCAL ? syn_rule_open_step(rule, ctx)
                                             : syn_rule_open_table(rule, ctx);
  if (status == SYN_OK)
    status = syn_rule_open_state(rule, ctx);
  if (status)
    syn_rule_close(rule);
  else
    *out = &rule->base;
  return status;
}

/* ---- files ----------------------------------------------------------------------------------- */

syn_status syn_rule_read(char **text, size_t *size, const char *path, syn_ctx *ctx) {
  struct stat about;
  *text = NULL;
  int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe would wait for its writer */
  if (file < 0)
    return syn_fail(ctx, SYN_EINPUT, "%s: %s", path, strerror(errno));
  syn_status status = SYN_OK;
  if (fstat(file, &about) || !S_ISREG(about.st_mode))
    status =
        syn_fail(ctx, SYN_EINPUT, "%s: this is no file, but a %s; a rule is read from a file", path,
                 S_ISDIR(about.st_mode)    ? "folder"
                 : S_ISFIFO(about.st_mode) ? "pipe"
                                           : "device");
  else if (about.st_size > (off_t)SYN_SANDBOX_TEXT)
    status = syn_fail(ctx, SYN_EINPUT, "%s: %lld bytes; a rule file has at most %zu", path,
                      (long long)about.st_size, SYN_SANDBOX_TEXT);
  else if (!(*text = malloc(SYN_SANDBOX_TEXT + 2)))
    status = syn_fail_memory(ctx, "a rule file");
  ssize_t got = 0;
  for (*size = 0; status == SYN_OK && *size <= SYN_SANDBOX_TEXT; *size += (size_t)got)
    if ((got = read(file, *text + *size, SYN_SANDBOX_TEXT + 1 - *size)) <= 0)
      break;
  if (status == SYN_OK && got < 0)
    status = syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", path, strerror(errno));
  close(file);
  if (status == SYN_OK) {
    (*text)[*size] = '\0';
    return SYN_OK;
  }
  free(*text);
  *text = NULL;
  return status;
}

const syn_rule_info *syn_rule_describe(const syn_policy *policy) {
  return policy->type->open == open_class ? &((const syn_rule *)policy)->info : NULL;
}
