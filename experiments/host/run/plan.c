#include "experiments/host/run/plan.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/version.h"
#include "experiments/host/run/execute.h"
#include "experiments/host/store/store.h"
#include "experiments/host/base/say.h"
#include "experiments/host/run/sets.h"
#include "experiments/host/base/words.h"

/* ---- gathering --------------------------------------------------------------------------------- */

/* A path is made absolute: the run may be computed from another folder. */
static json_t *data_of(const host_spec *spec) {
  char whole[PATH_MAX];
  const char *name = spec->data;
  if (!host_known_set_find(name) && realpath(name, whole))
    name = whole;
  return json_pack("{s:s, s:s}", "name", name, "digest", spec->images->digest);
}

static json_t *file_of(const host_spec *spec) {
  json_t *file = json_pack("{s:s, s:s, s:O}", "key", spec->key, "numerics", SYN_NUMERICS_VERSION,
                           "run", spec->resolved);
  if (!spec->data || !file)
    return file;
  json_t *data = data_of(spec);
  if (data)
    json_object_set_new(file, "data", data);
  else
    json_decref(file);
  return data ? file : NULL;
}

static int planned(const host_plan *plan, const char *key) {
  for (size_t i = 0; i < plan->n; i++)
    if (strcmp(plan->runs[i].key, key) == 0)
      return 1;
  return 0;
}

static syn_status add(host_plan *plan, const host_spec *spec, syn_ctx *ctx) {
  if (plan->n == plan->room) {
    size_t room = plan->room ? 2 * plan->room : 64;
    host_planned *bigger = realloc(plan->runs, room * sizeof *bigger);
    if (!bigger)
      return syn_fail_memory(ctx, "a plan");
    plan->runs = bigger;
    plan->room = room;
  }
  host_planned *run = &plan->runs[plan->n];
  *run = (host_planned){.file = file_of(spec), .cost = host_cost(spec)};
  if (!run->file)
    return syn_fail(ctx, SYN_EINVAL, "a plan: the path of a run's images is no UTF-8 text");
  memcpy(run->key, spec->key, sizeof run->key);
  plan->n++;
  return SYN_OK;
}

syn_status host_plan_add(host_plan *plan, size_t *missing, const host *h, const host_spec *specs,
                         size_t n, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  *missing = 0;
  for (size_t i = 0; i < n && !status; i++) {
    json_t *record = NULL;
    syn_ctx damage = {0};
    int known = planned(plan, specs[i].key);
    if (!known && host_store_read(&record, host_own_store(h), specs[i].key, &damage))
      host_wrong("%s; it is planned again", damage.error);
    if (!record)
      ++*missing;
    if (!record && !known)
      status = add(plan, &specs[i], ctx);
    json_decref(record);
  }
  return status;
}

void host_plan_close(host_plan *plan) {
  for (size_t i = 0; i < plan->n; i++)
    json_decref(plan->runs[i].file);
  free(plan->runs);
  *plan = (host_plan){0};
}

/* ---- writing ----------------------------------------------------------------------------------- */

static syn_status write_file(const host_planned *run, const host *h, syn_ctx *ctx) {
  char relative[SYN_DIGEST_SIZE + 16], path[4096];
  snprintf(relative, sizeof relative, "plan/%s.json", run->key);
  syn_status status = host_out_path(h, path, sizeof path, relative, ctx);
  char *text = json_dumps(run->file, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17));
  if (!status)
    status = text ? host_write(path, text, strlen(text), ctx) : syn_fail_memory(ctx, "a plan");
  free(text);
  return status;
}

static int longest_first(const void *a, const void *b) {
  const host_planned *x = a, *y = b;
  return x->cost != y->cost ? (x->cost < y->cost) - (x->cost > y->cost) : strcmp(x->key, y->key);
}

/* Where this program and OUT/plan lie, absolute, as words of a shell. */
static syn_status find_places(char program[2 * PATH_MAX], char folder[PATH_MAX], const host *h,
                              syn_ctx *ctx) {
  char plan[4096], whole[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", whole, sizeof whole - 1);
  if (n <= 0)
    return syn_fail(ctx, SYN_EIO, "a plan: where this program lies cannot be told");
  whole[n] = '\0';
  host_quote(program, 2 * PATH_MAX, whole);
  syn_status status = host_out_path(h, plan, sizeof plan, "plan", ctx);
  if (!status)
    status = host_make_folders(plan, ctx);
  if (!status && !realpath(plan, folder))
    status = syn_fail(ctx, SYN_EIO, "%s: cannot be found", plan);
  if (!status && (strchr(program, '\n') || strchr(folder, '\n')))
    status = syn_fail(ctx, SYN_EINVAL, "a plan has a line a run: no path may have a line break");
  return status;
}

syn_status host_plan_write(host_plan *plan, char **lines, const host *h, syn_ctx *ctx) {
  char program[2 * PATH_MAX], folder[PATH_MAX], path[PATH_MAX + 128], word[2 * PATH_MAX];
  size_t size;
  *lines = NULL;
  syn_status status = find_places(program, folder, h, ctx);
  if (status)
    return status;
  if (plan->n > 0)
    qsort(plan->runs, plan->n, sizeof *plan->runs, longest_first);
  FILE *text = open_memstream(lines, &size);
  if (!text)
    return syn_fail_memory(ctx, "a plan");
  for (size_t i = 0; i < plan->n && !status; i++) {
    status = write_file(&plan->runs[i], h, ctx);
    snprintf(path, sizeof path, "%s/%s.json", folder, plan->runs[i].key);
    fprintf(text, "%s work %s\n", program, host_quote(word, sizeof word, path));
  }
  if (fclose(text) && !status)
    status = syn_fail_memory(ctx, "a plan");
  if (status) {
    free(*lines);
    *lines = NULL;
  }
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
    return syn_fail(ctx, SYN_EINPUT, "%s: no run of a plan; `synlab plan` writes them", path);
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

syn_status host_plan_read(host_spec *spec, host *h, const char *path, const char *data,
                          syn_ctx *ctx) {
  size_t n;
  json_error_t why;
  char *text = host_read(path, &n, ctx);
  if (!text)
    return SYN_EINPUT;
  json_t *file = json_loadb(text, n, 0, &why);
  free(text);
  if (!file)
    return syn_fail(ctx, SYN_EINPUT, "%s: no run of a plan, or damaged: %s", path, why.text);
  syn_status status = open_planned(spec, h, path, file, data, ctx);
  json_decref(file);
  return status;
}
