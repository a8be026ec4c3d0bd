#include "experiments/host/run/plan.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/grow.h"
#include "engine/base/version.h"
#include "experiments/host/run/execute.h"
#include "experiments/host/run/key.h"
#include "experiments/host/run/rules.h"
#include "experiments/host/store/store.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/base/say.h"
#include "experiments/host/run/sets.h"

/* ---- gathering --------------------------------------------------------------------------------- */

/* Room for one more run. */
static int has_room(host_plan *plan) {
  if (!plan->shared)
    plan->shared = host_shared_open();
  return plan->shared && syn_grow(&plan->runs, &plan->room, plan->n + 1, sizeof *plan->runs);
}

/* [A,B] of a run's images; NULL: their path is no UTF-8 text. It is made absolute, as the run may be
 * computed from another folder. */
static json_t *place_of_data(host_plan *plan, const host_spec *spec) {
  char whole[PATH_MAX];
  const char *name = spec->data;
  json_t *place = json_object_get(plan->data, name);
  if (place || (!plan->data && !(plan->data = json_object())))
    return place;
  if (!host_known_set_find(name) && realpath(name, whole))
    name = whole;
  json_t *data = json_pack("{s:s, s:s}", "name", name, "digest", spec->images->digest);
  place = data ? host_shared_put(plan->shared, data) : NULL;
  json_decref(data);
  if (place)
    json_object_set(plan->data, spec->data, place);
  return place;
}

/* The options that a run is told by: those of the first one with its task and method. */
static syn_status find_like(const host_like **out, host_plan *plan, const host_spec *spec,
                            syn_ctx *ctx) {
  for (size_t i = 0; i < plan->n_likes; i++)
    if (plan->likes[i].options.task == spec->options.task &&
        plan->likes[i].options.method == spec->options.method) {
      *out = &plan->likes[i];
      return SYN_OK;
    }
  if (plan->n_likes == HOST_LIKES_MAX)
    return syn_fail(ctx, SYN_EINVAL, "a plan: more than %d tasks and methods", HOST_LIKES_MAX);
  json_t *resolved = host_spec_resolved(spec);
  json_object_del(resolved, "policy");
  json_object_del(resolved, "reward");
  host_like *like = &plan->likes[plan->n_likes];
  *like = (host_like){spec->options, host_shared_put(plan->shared, resolved)};
  json_decref(resolved);
  if (!like->place)
    return syn_fail_memory(ctx, "a plan");
  plan->n_likes++;
  *out = like;
  return SYN_OK;
}

/* The options that are not those of `like`. */
static json_t *differing(const host_spec *spec, const host_like *like) {
  json_t *run = json_object();
  const syn_param *o;
  for (size_t i = 0; (o = syn_option_at(i)); i++)
    if (!host_option_same(&spec->options, &like->options, o))
      json_object_set_new(run, o->name, host_option_value(&spec->options, o));
  return run;
}

/* [A,B] of a policy as it is resolved. The one before is likely to be the same. */
static json_t *place_of_policy(host_plan *plan, json_t *policy) {
  if (!policy)
    return NULL;
  if (policy != plan->policy) {
    json_t *resolved = host_policy_resolved(policy);
    json_decref(plan->policy);
    plan->policy = json_incref(policy);
    plan->policy_place = host_shared_policy(plan->shared, resolved);
    json_decref(resolved);
  }
  return plan->policy_place;
}

/* The line of a run; NULL: a path is no UTF-8 text, or there is not enough memory. */
static char *line_of(host_plan *plan, const host_spec *spec, const host_like *like) {
  json_t *line =
      json_pack("{s:s, s:O, s:o, s:O*, s:O*}", "key", spec->key, "like", like->place, "run",
                differing(spec, like), "policy", place_of_policy(plan, spec->policy), "reward",
                spec->reward ? host_shared_policy(plan->shared, spec->reward) : NULL);
  json_t *data = spec->data ? place_of_data(plan, spec) : NULL;
  if (data)
    json_object_set(line, "data", data);
  char *text = line && (data || !spec->data) ? json_dumps(line, HOST_JSON_CANONICAL) : NULL;
  json_decref(line);
  return text;
}

static syn_status add(host_plan *plan, const host *h, const host_spec *spec, syn_ctx *ctx) {
  const host_like *like = NULL;
  host_line noted = {0};
  host_key_bytes(noted.key, spec->key);
  syn_status status =
      has_room(plan) ? find_like(&like, plan, spec, ctx) : syn_fail_memory(ctx, "a plan");
  if (status)
    return status;
  host_planned *run = &plan->runs[plan->n];
  *run = (host_planned){.line = line_of(plan, spec, like), .cost = host_cost(spec)};
  if (!run->line)
    return syn_fail(ctx, SYN_EINVAL, "a plan: the path of a run's images is no UTF-8 text");
  if (plan->paces)
    run->seconds = host_pace_seconds(plan->paces, h, spec);
  memcpy(run->key, spec->key, sizeof run->key);
  plan->n++;
  return host_lines_add(&plan->keys, &noted) ? SYN_OK : syn_fail_memory(ctx, "a plan");
}

static syn_status hand_over(host_plan *plan, size_t *missing, const host *h, const host_spec *specs,
                            size_t n, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  for (size_t i = 0; i < n && !status; i++) {
    int there = 0;
    syn_ctx damage = {0}; /* as good as missing */
    (void)host_store_check(&there, host_own_store(h), specs[i].key, &damage);
    *missing += !there;
    status = plan->ask(plan->asker, &specs[i], there, ctx);
  }
  return status;
}

syn_status host_plan_add(host_plan *plan, size_t *missing, const host *h, const host_spec *specs,
                         size_t n, syn_ctx *ctx) {
  syn_status status = host_store_look(host_own_store(h), ctx);
  *missing = 0;
  if (status)
    return status;
  if (plan->ask)
    return hand_over(plan, missing, h, specs, n, ctx);
  for (size_t i = 0; i < n && !status; i++) {
    json_t *record = NULL;
    syn_ctx damage = {0};
    int known = host_lines_of(&plan->keys, specs[i].key) != HOST_NO_LINE;
    if (!known && host_store_read(&record, host_own_store(h), specs[i].key, &damage))
      host_wrong("%s; it is planned again", damage.error);
    if (!record)
      ++*missing;
    if (!record && !known)
      status = add(plan, h, &specs[i], ctx);
    json_decref(record);
  }
  return status;
}

void host_plan_close(host_plan *plan) {
  for (size_t i = 0; i < plan->n; i++)
    free(plan->runs[i].line);
  free(plan->runs);
  host_lines_close(&plan->keys);
  host_shared_close(plan->shared);
  json_decref(plan->policy);
  json_decref(plan->data);
  host_paces_close(plan->paces);
  *plan = (host_plan){0};
}

/* ---- writing ----------------------------------------------------------------------------------- */

static int longest_first(const void *a, const void *b) {
  const host_planned *x = a, *y = b;
  return x->cost != y->cost ? (x->cost < y->cost) - (x->cost > y->cost) : strcmp(x->key, y->key);
}

/* The whole file, its runs in order. */
static syn_status text_of_plan(char **text, size_t *size, host_plan *plan, syn_ctx *ctx) {
  const char **lines = calloc(plan->n + 1, sizeof *lines);
  *text = NULL;
  if (!lines)
    return syn_fail_memory(ctx, "a plan");
  qsort(plan->runs, plan->n, sizeof *plan->runs, longest_first);
  for (size_t i = 0; i < plan->n; i++)
    lines[i] = plan->runs[i].line;
  syn_status status = host_plan_text(text, size, plan->shared, plan->store, lines, plan->n, ctx);
  free(lines);
  return status;
}

syn_status host_plan_write(host_plan *plan, char file[PATH_MAX], const host *h, const char *name,
                           syn_ctx *ctx) {
  char digest[SYN_DIGEST_SIZE], relative[160], path[4096], *text;
  size_t size;
  syn_status status = text_of_plan(&text, &size, plan, ctx);
  if (status)
    return status;
  syn_digest_bytes(digest, text, size);
  snprintf(relative, sizeof relative, "plan/%.64s-%.12s.jsonl", name, digest);
  status = host_out_path(h, path, sizeof path, relative, ctx);
  if (!status && strchr(path, '\n'))
    status = syn_fail(ctx, SYN_EINVAL, "a plan has a line a run: no path may have a line break");
  if (!status)
    status = host_write(path, text, size, ctx);
  free(text);
  if (!status && !realpath(path, file))
    status =
        syn_fail(ctx, SYN_EIO, "%s: its absolute path cannot be told: %s", path, strerror(errno));
  if (!status && strchr(file, '\n'))
    status = syn_fail(ctx, SYN_EINVAL, "a plan has a line a run: no path may have a line break");
  return status;
}

/* ---- reading ----------------------------------------------------------------------------------- */

static const char *text_of(const json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text ? text : "";
}

/* The images, seen to be those that were planned, and named in `run`. */
static syn_status take_images(json_t *run, host *h, const char *path, const json_t *planned_data,
                              const char *data, syn_ctx *ctx) {
  const syn_images *images;
  const char *place;
  if (!planned_data)
    return data ? syn_fail(ctx, SYN_EINVAL, "%s: this run has no images; --data has no use", path)
                : SYN_OK;
  const char *name = data ? data : text_of(planned_data, "name");
  syn_status status = host_images(h, &images, name, &place, ctx);
  if (status) {
    char line[SYN_ERROR_SIZE];
    memcpy(line, ctx->error, sizeof line);
    return data ? status
                : syn_fail(ctx, status, "%s (--data PATH says where the images are)", line);
  }
  if (strcmp(images->digest, text_of(planned_data, "digest")) != 0)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: these are not the images of the plan (digest %.12s, not "
                    "%.12s)",
                    place, images->digest, text_of(planned_data, "digest"));
  json_object_set_new(run, "data", json_string(name));
  return SYN_OK;
}

static syn_status open_planned(host_spec *spec, host *h, const char *path, const json_t *file,
                               const char *data, syn_ctx *ctx) {
  const char *numerics = text_of(file, "numerics");
  if (!*text_of(file, "key") || !json_is_object(json_object_get(file, "run")))
    return syn_fail(ctx, SYN_EINPUT, "%s: no run of a plan, or damaged; `synlab plan` writes them",
                    path);
  if (strcmp(numerics, SYN_NUMERICS_VERSION) != 0)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: planned with numerics '%s', this program has '%s': plan "
                    "and work with the same one",
                    path, numerics, SYN_NUMERICS_VERSION);
  json_t *run = json_copy(json_object_get(file, "run"));
  if (!run)
    return syn_fail_memory(ctx, path);
  syn_status status = take_images(run, h, path, json_object_get(file, "data"), data, ctx);
  if (!status && (status = host_spec_open(spec, h, run, ctx))) {
    char line[SYN_ERROR_SIZE];
    memcpy(line, ctx->error, sizeof line);
    syn_fail(ctx, status, "%s: %s", path, line);
  }
  json_decref(run);
  if (!status && strcmp(spec->key, text_of(file, "key")) != 0) {
    status = syn_fail(ctx, SYN_EINPUT,
                      "%s: changed since it was planned, or planned by another "
                      "version: it is run %.12s now, not %.12s; plan again",
                      path, spec->key, text_of(file, "key"));
    host_spec_close(spec);
  }
  return status;
}

syn_status host_plan_read(host_spec *spec, host *h, const host_plan_file *file, size_t number,
                          const char *data, syn_ctx *ctx) {
  char where[PATH_MAX + 64];
  json_t *run;
  syn_status status = host_plan_file_run(&run, file, number, ctx);
  if (status)
    return status;
  host_plan_file_place(where, sizeof where, file, number);
  status = open_planned(spec, h, where, run, data, ctx);
  json_decref(run);
  return status;
}
