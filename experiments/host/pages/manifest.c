#include "experiments/host/pages/manifest.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/base/words.h"
#include "experiments/host/pages/manifest_page.h"

#define LINE      HOST_MANIFEST_LINE
#define LONG_TEXT 64 /* bytes: from here on a text is stored once, by its digest */
#define ID_SIZE   13 /* of a configuration: 12 hex digits and the end */

/* ---- configurations ---------------------------------------------------------------------------- */

/* A copy of a policy with its long texts moved to `texts`. */
static json_t *fold(const json_t *policy, json_t *texts) {
  json_t *folded = json_object(), *value;
  const char *name;
  json_object_foreach((json_t *)(uintptr_t)policy, name, value) {
    char digest[SYN_DIGEST_SIZE], last[4096];
    const char *text = json_string_value(value);
    if (json_is_object(value)) {
      json_object_set_new(folded, name, fold(value, texts));
    } else if (text && strcmp(name, "file") == 0) {
      if (*text == '/')
        host_last_name(last, sizeof last, text);
      json_object_set_new(folded, name, json_string(*text == '/' ? last : text));
    } else if (text && json_string_length(value) >= LONG_TEXT) {
      syn_digest_bytes(digest, text, json_string_length(value));
      json_object_set(texts, digest, value);
      json_object_set_new(folded, name, json_pack("{s:s}", "sha256", digest));
    } else {
      json_object_set(folded, name, value);
    }
  }
  return folded;
}

static const char *reference(const json_t *value) {
  return json_object_size(value) == 1 ? json_string_value(json_object_get(value, "sha256")) : NULL;
}

/* The way back; NULL if a text is missing. */
static json_t *unfold(const json_t *folded, const json_t *texts) {
  json_t *policy = json_object(), *value;
  const char *name;
  json_object_foreach((json_t *)(uintptr_t)folded, name, value) {
    const char *digest = reference(value);
    json_t *whole = digest                  ? json_incref(json_object_get(texts, digest))
                    : json_is_object(value) ? unfold(value, texts)
                                            : json_incref(value);
    if (json_object_set_new(policy, name, whole)) {
      json_decref(policy);
      return NULL;
    }
  }
  return policy;
}

/* Tables of a spec in which texts stand. */
static const char *const with_texts[] = {"policy", "reward", NULL};

/* A value as the line that it will be in the file, which takes far less room. Under its name, once. */
static syn_status keep_line(json_t *list, const char *name, const json_t *value, syn_ctx *ctx) {
  if (json_object_get(list, name))
    return SYN_OK;
  char *text = json_dumps(value, LINE);
  int failed = !text || json_object_set_new(list, name, json_string(text));
  free(text);
  return failed ? syn_fail_memory(ctx, HOST_MANIFEST) : SYN_OK;
}

/* The record's spec without its seed, under a name made of its digest. */
static syn_status add_configuration(char id[ID_SIZE], json_t *page, const json_t *record,
                                    syn_ctx *ctx) {
  char digest[SYN_DIGEST_SIZE];
  json_t *spec = json_copy(json_object_get(record, "spec"));
  const json_t *data = json_object_get(record, "data");
  const char *images = json_string_value(json_object_get(data, "digest"));
  json_object_del(spec, "seed");
  for (const char *const *name = with_texts; *name; name++)
    if (json_object_get(spec, *name))
      json_object_set_new(spec, *name,
                          fold(json_object_get(spec, *name), json_object_get(page, "texts")));
  if (images) {
    json_object_set_new(spec, "data", json_string(images));
    json_object_set_new(json_object_get(page, "data"), images,
                        json_pack("{s:O, s:O}", "name", json_object_get(data, "name"), "n",
                                  json_object_get(data, "n")));
  }
  syn_status status =
      spec ? host_json_digest(digest, spec, ctx) : syn_fail_memory(ctx, HOST_MANIFEST);
  if (!status) {
    snprintf(id, ID_SIZE, "%.12s", digest);
    status = keep_line(json_object_get(page, "configurations"), id, spec, ctx);
  }
  json_decref(spec);
  return status;
}

syn_status host_manifest_spec(json_t **out, const json_t *page, const json_t *run, syn_ctx *ctx) {
  const char *id = json_string_value(json_object_get(run, "configuration"));
  const json_t *configuration =
      id ? json_object_get(json_object_get(page, "configurations"), id) : NULL;
  json_t *spec = json_copy((json_t *)(uintptr_t)configuration);
  int whole = spec != NULL;
  json_object_set(spec, "seed", json_object_get(run, "seed"));
  for (const char *const *name = with_texts; *name; name++)
    if (json_object_get(configuration, *name))
      whole &= json_object_set_new(spec, *name,
                                   unfold(json_object_get(configuration, *name),
                                          json_object_get(page, "texts"))) == 0;
  if (!whole) {
    json_decref(spec);
    return syn_fail(ctx, SYN_EFAILED, HOST_MANIFEST ": the configuration of a run is not whole");
  }
  *out = spec;
  return SYN_OK;
}

/* ---- the page being made ----------------------------------------------------------------------- */

syn_status host_manifest_page(host *h, syn_ctx *ctx) {
  if (!h->page)
    h->page = json_pack("{s:[], s:{}, s:{}, s:{}, s:{}, s:{}, s:f}", "chapters", "data", "outputs",
                        "configurations", "texts", "runs", "seconds", 0.0);
  return h->page ? SYN_OK : syn_fail_memory(ctx, HOST_MANIFEST);
}

json_t *host_manifest_result(const json_t *record, syn_ctx *ctx) {
  static const char *const plain[] = {"status", "iterations", "trace", "batch",
                                      "train",  "validation", NULL};
  static const char *const digested[] = {"curve", "policies", NULL};
  json_t *result = json_object(), *value;
  for (const char *const *name = plain; *name; name++)
    if ((value = json_object_get(record, *name)))
      json_object_set(result, *name, value);
  for (const char *const *name = digested; *name; name++) {
    char digest[SYN_DIGEST_SIZE];
    if (!(value = json_object_get(record, *name)))
      continue;
    if (host_json_digest(digest, value, ctx)) {
      json_decref(result);
      return NULL;
    }
    json_object_set_new(result, *name, json_string(digest));
  }
  return result;
}

/* A run that the page has already is also another chapter's. */
static syn_status add_chapter_to(json_t *runs, const char *key, const char *chapter, syn_ctx *ctx) {
  size_t i;
  json_t *own, *run = json_loads(json_string_value(json_object_get(runs, key)), 0, NULL);
  json_t *chapters = json_object_get(run, "chapters");
  if (!chapters)
    return syn_fail_memory(ctx, HOST_MANIFEST);
  int there = 0;
  json_array_foreach(chapters, i, own) there |= strcmp(json_string_value(own), chapter) == 0;
  char *text = NULL;
  int failed = !there && (json_array_append_new(chapters, json_string(chapter)) ||
                          !(text = json_dumps(run, LINE)) ||
                          json_object_set_new(runs, key, json_string(text)));
  free(text);
  json_decref(run);
  return failed ? syn_fail_memory(ctx, HOST_MANIFEST) : SYN_OK;
}

static void add_to(json_t *page, const char *name, double more) {
  json_t *sum = json_object_get(page, name);
  json_real_set(sum, json_real_value(sum) + more);
}

static syn_status add_run(json_t *page, const char *chapter, const json_t *record, syn_ctx *ctx) {
  char id[ID_SIZE];
  const char *key = json_string_value(json_object_get(record, "key"));
  json_t *runs = json_object_get(page, "runs"), *seconds = json_object_get(record, "seconds");
  if (json_object_get(runs, key))
    return add_chapter_to(runs, key, chapter, ctx);
  syn_status status = add_configuration(id, page, record, ctx);
  json_t *result = status ? NULL : host_manifest_result(record, ctx);
  if (!result)
    return status ? status : syn_fail_memory(ctx, HOST_MANIFEST);
  json_t *run =
      json_pack("{s:s, s:[s], s:s, s:O}", "key", key, "chapters", chapter, "configuration", id,
                "seed", json_object_get(json_object_get(record, "spec"), "seed"));
  if (seconds)
    json_object_set(run, "seconds", seconds);
  json_object_update(run, result);
  json_decref(result);
  status = keep_line(runs, key, run, ctx);
  json_decref(run);
  add_to(page, "seconds", json_number_value(seconds));
  return status;
}

/* The chapter's line; one of no runs if it is new. */
static json_t *chapter_of(json_t *page, const char *id) {
  size_t i;
  json_t *chapter, *chapters = json_object_get(page, "chapters");
  json_array_foreach(chapters, i, chapter) {
    if (strcmp(json_string_value(json_object_get(chapter, "id")), id) == 0)
      return chapter;
  }
  chapter = json_pack("{s:s, s:i, s:i, s:f}", "id", id, "runs", 0, "computed", 0, "seconds", 0.0);
  json_array_append_new(chapters, chapter);
  return chapter;
}

static void add_count(json_t *line, const char *name, size_t more) {
  json_t *count = json_object_get(line, name);
  json_integer_set(count, json_integer_value(count) + (json_int_t)more);
}

syn_status host_manifest_chapter(host *h, const char *chapter, size_t computed, syn_ctx *ctx) {
  syn_status status = host_manifest_page(h, ctx);
  if (!status)
    add_count(chapter_of(h->page, chapter), "computed", computed);
  return status;
}

syn_status host_manifest_run(host *h, const char *chapter, const json_t *record, syn_ctx *ctx) {
  syn_status status = host_manifest_page(h, ctx);
  if (!status)
    status = add_run(h->page, chapter, record, ctx);
  if (status)
    return status;
  json_t *line = chapter_of(h->page, chapter);
  add_count(line, "runs", 1);
  add_to(line, "seconds", json_number_value(json_object_get(record, "seconds")));
  return SYN_OK;
}

size_t host_manifest_total(const host *h, double *seconds) {
  *seconds = json_number_value(json_object_get(h->page, "seconds"));
  return json_object_size(json_object_get(h->page, "runs"));
}

syn_status host_manifest_output(host *h, const char *relative, const void *bytes, size_t n,
                                syn_ctx *ctx) {
  char digest[SYN_DIGEST_SIZE];
  syn_status status = host_manifest_page(h, ctx);
  if (status)
    return status;
  syn_digest_bytes(digest, bytes, n);
  return json_object_set_new(json_object_get(h->page, "outputs"), relative, json_string(digest))
             ? syn_fail(ctx, SYN_EINVAL, "'%s': the name of a file must be UTF-8", relative)
             : SYN_OK;
}
