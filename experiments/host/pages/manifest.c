#include "experiments/host/pages/manifest.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/store/outputs.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/words.h"

#define FORMAT    1
#define LINE      (JSON_COMPACT | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY)
#define LONG_TEXT 64 /* bytes: from here on a text is stored once, by its digest */
#define ID_SIZE   13 /* of a configuration: 12 hex digits and the end */

/* ---- no paths of the machine ------------------------------------------------------------------- */

/* What of an absolute path is below the house, else its last name; a relative one stays. */
static void shorten(char *out, size_t size, const host *h, const char *path) {
  size_t home = strlen(h->home);
  if (*path != '/')
    snprintf(out, size, "%s", path);
  else if (strncmp(path, h->home, home) == 0 && path[home] == '/' && path[home + 1])
    snprintf(out, size, "%s", path + home + 1);
  else
    host_last_name(out, size, path);
}

/* The command as words of a shell, with absolute paths shortened. */
static json_t *command_of(const host *h) {
  char *text = NULL, word[8192], path[4096], shown[4096 + 64];
  size_t n;
  FILE *file = open_memstream(&text, &n);
  if (file)
    fputs("synlab", file);
  for (int i = 1; i < h->n_typed && file; i++) {
    const char *typed = h->typed[i];
    const char *value = strncmp(typed, "--", 2) == 0 ? strchr(typed, '=') : NULL;
    size_t flag = value && value - typed < 63 ? (size_t)(value + 1 - typed) : 0;
    shorten(path, sizeof path, h, typed + flag);
    snprintf(shown, sizeof shown, "%.*s%s", (int)flag, typed, path);
    fprintf(file, " %s", host_word(word, sizeof word, shown));
  }
  json_t *command = file && fclose(file) == 0 ? json_string(text) : NULL;
  free(text);
  return command ? command : json_string("not UTF-8");
}

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
    json_object_set(json_object_get(page, "configurations"), id, spec);
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

static syn_status open_page(host *h, syn_ctx *ctx) {
  if (!h->page)
    h->page = json_pack("{s:[], s:{}, s:{}, s:{}, s:{}, s:[]}", "chapters", "data", "outputs",
                        "configurations", "texts", "runs");
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

/* The run of this key that the page has already, or NULL. */
static json_t *find_run(const json_t *page, const char *key) {
  size_t i;
  json_t *run;
  json_array_foreach(json_object_get(page, "runs"), i, run) {
    if (strcmp(json_string_value(json_object_get(run, "key")), key) == 0)
      return run;
  }
  return NULL;
}

static void add_chapter_to(json_t *run, const char *chapter) {
  size_t i;
  json_t *own, *chapters = json_object_get(run, "chapters");
  json_array_foreach(chapters, i, own) {
    if (strcmp(json_string_value(own), chapter) == 0)
      return;
  }
  json_array_append_new(chapters, json_string(chapter));
}

static syn_status add_run(json_t *page, const char *chapter, const json_t *record, syn_ctx *ctx) {
  char id[ID_SIZE];
  const char *key = json_string_value(json_object_get(record, "key"));
  json_t *run = find_run(page, key), *seconds = json_object_get(record, "seconds");
  if (run) {
    add_chapter_to(run, chapter);
    return SYN_OK;
  }
  syn_status status = add_configuration(id, page, record, ctx);
  json_t *result = status ? NULL : host_manifest_result(record, ctx);
  if (!result)
    return status ? status : syn_fail_memory(ctx, HOST_MANIFEST);
  run = json_pack("{s:s, s:[s], s:s, s:O}", "key", key, "chapters", chapter, "configuration", id,
                  "seed", json_object_get(json_object_get(record, "spec"), "seed"));
  if (seconds)
    json_object_set(run, "seconds", seconds);
  json_object_update(run, result);
  json_decref(result);
  return json_array_append_new(json_object_get(page, "runs"), run)
             ? syn_fail_memory(ctx, HOST_MANIFEST)
             : SYN_OK;
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

syn_status host_manifest_runs(host *h, const char *chapter, json_t *const *records, size_t n,
                              size_t computed, syn_ctx *ctx) {
  syn_status status = open_page(h, ctx);
  double seconds = 0;
  for (size_t i = 0; i < n && !status; i++) {
    status = add_run(h->page, chapter, records[i], ctx);
    seconds += json_number_value(json_object_get(records[i], "seconds"));
  }
  if (status)
    return status;
  json_t *line = chapter_of(h->page, chapter);
  json_t *runs = json_object_get(line, "runs"), *before = json_object_get(line, "computed");
  json_integer_set(runs, json_integer_value(runs) + (json_int_t)n);
  json_integer_set(before, json_integer_value(before) + (json_int_t)computed);
  json_t *sum = json_object_get(line, "seconds");
  json_real_set(sum, json_real_value(sum) + seconds);
  return SYN_OK;
}

syn_status host_manifest_output(host *h, const char *relative, const void *bytes, size_t n,
                                syn_ctx *ctx) {
  char digest[SYN_DIGEST_SIZE];
  syn_status status = open_page(h, ctx);
  if (status)
    return status;
  syn_digest_bytes(digest, bytes, n);
  return json_object_set_new(json_object_get(h->page, "outputs"), relative, json_string(digest))
             ? syn_fail(ctx, SYN_EINVAL, "'%s': the name of a file must be UTF-8", relative)
             : SYN_OK;
}

/* ---- the file ---------------------------------------------------------------------------------- */

/* Objects and lists down to `depth` with an entry a line, so that a change shows as a line. */
static void print(FILE *file, const json_t *value, int depth) {
  const char *name, *separator = "";
  json_t *item;
  size_t i;
  if (depth == 0 || !(json_is_object(value) || json_is_array(value))) {
    json_dumpf(value, file, LINE);
  } else if (json_is_object(value)) {
    fputc('{', file);
    json_object_foreach((json_t *)(uintptr_t)value, name, item) {
      json_t *quoted = json_string(name);
      fprintf(file, "%s\n", separator);
      json_dumpf(quoted, file, LINE);
      fputs(": ", file);
      print(file, item, depth - 1);
      json_decref(quoted);
      separator = ",";
    }
    fputc('}', file);
  } else {
    fputc('[', file);
    json_array_foreach(value, i, item) {
      fprintf(file, "%s\n", separator);
      print(file, item, depth - 1);
      separator = ",";
    }
    fputc(']', file);
  }
}

#define DEPTH 4 /* manifest, pages, a page, its lists */

/* The digest is the last line's and covers the bytes before it. */
static syn_status write_file(const host *h, const json_t *manifest, syn_ctx *ctx) {
  char path[4096], digest[SYN_DIGEST_SIZE], *text = NULL;
  size_t n = 0;
  syn_status status = host_out_path(h, path, sizeof path, HOST_MANIFEST, ctx);
  FILE *file = status ? NULL : open_memstream(&text, &n);
  if (status || !file)
    return status ? status : syn_fail_memory(ctx, HOST_MANIFEST);
  print(file, manifest, DEPTH);
  fseek(file, -1, SEEK_CUR); /* the last brace comes later */
  fputs(",\n", file);
  fflush(file);
  syn_digest_bytes(digest, text, n);
  fprintf(file, "\"sha256\": \"%s\"}\n", digest);
  status = fclose(file) == 0 ? host_write(path, text, n, ctx) : syn_fail_memory(ctx, HOST_MANIFEST);
  free(text);
  return status;
}

/* Of all lines but the last. */
static void digest_text(char out[SYN_DIGEST_SIZE], const char *text, size_t n) {
  const char *end = n ? memrchr(text, '\n', n - 1) : NULL;
  syn_digest_bytes(out, text, end ? (size_t)(end + 1 - text) : n);
}

syn_status host_manifest_read(json_t **out, const char *folder, syn_ctx *ctx) {
  char path[4096], digest[SYN_DIGEST_SIZE];
  json_error_t error;
  size_t n;
  snprintf(path, sizeof path, "%s/" HOST_MANIFEST, folder);
  if (access(path, R_OK))
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: there is no manifest; `synlab run` writes it beside its "
                    "pages",
                    path);
  char *text = host_read(path, &n, ctx);
  if (!text)
    return SYN_EINPUT;
  json_t *manifest = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
  const json_t *format = json_object_get(manifest, "format");
  const char *stored = json_string_value(json_object_get(manifest, "sha256"));
  syn_status status = SYN_OK;
  digest_text(digest, text, n);
  free(text);
  if (!manifest)
    status = syn_fail(ctx, SYN_EFAILED, "%s: damaged: line %d: %s", path, error.line, error.text);
  else if (json_is_integer(format) && json_integer_value(format) != FORMAT)
    status = syn_fail(ctx, SYN_EINPUT, "%s: of format %lld; this program reads format %d", path,
                      (long long)json_integer_value(format), FORMAT);
  else if (!stored || !json_is_object(json_object_get(manifest, "pages")))
    status = syn_fail(ctx, SYN_EFAILED, "%s: damaged: it has no pages or no digest", path);
  else if (strcmp(digest, stored) != 0)
    status = syn_fail(ctx, SYN_EFAILED,
                      "%s: it was changed after synlab wrote it: its digest is "
                      "not the one it states",
                      path);
  if (status)
    json_decref(manifest);
  else
    *out = manifest;
  return status;
}

/* The pages that stand already. */
static json_t *older_pages(const host *h) {
  char path[4096];
  syn_ctx ctx = {0};
  json_t *manifest, *pages;
  snprintf(path, sizeof path, "%s/" HOST_MANIFEST, h->profile.out);
  if (access(path, F_OK))
    return json_object();
  if (host_manifest_read(&manifest, h->profile.out, &ctx)) {
    host_wrong("%s; it is written anew", ctx.error);
    return json_object();
  }
  pages = json_incref(json_object_get(manifest, "pages"));
  json_decref(manifest);
  return pages;
}

/* By name: figures are drawn in no certain order. */
static void sort_outputs(json_t *page) {
  char *text = json_dumps(json_object_get(page, "outputs"), JSON_SORT_KEYS);
  json_t *sorted = text ? json_loads(text, 0, NULL) : NULL;
  if (sorted)
    json_object_set_new(page, "outputs", sorted);
  free(text);
}

static void set_times(json_t *page, const json_t *times) {
  size_t i;
  json_t *chapter, *computed = json_object_get(times, "computed");
  json_array_foreach(json_object_get(page, "chapters"), i, chapter) {
    json_t *runs = json_object_get(computed, json_string_value(json_object_get(chapter, "id")));
    if (runs)
      json_object_set(chapter, "computed", runs);
  }
  json_object_set(page, "wall", json_object_get(times, "wall"));
}

syn_status host_manifest_write(host *h, const char *name, json_t *program, const json_t *times,
                               syn_ctx *ctx) {
  syn_status status = open_page(h, ctx);
  if (status)
    return status;
  sort_outputs(h->page);
  set_times(h->page, times);
  json_t *page =
      json_pack("{s:o, s:s, s:I, s:I, s:O}", "command", command_of(h), "profile",
                h->profile.quick ? "quick" : "full", "seeds", (json_int_t)h->profile.seeds, "jobs",
                (json_int_t)h->profile.jobs, "program", program);
  int lock = host_outputs_lock(h); /* from the older pages that are read to their file */
  host_outputs_write(h);
  json_t *manifest = json_pack("{s:i, s:o}", "format", FORMAT, "pages", older_pages(h));
  if (!page || json_object_update(page, h->page) ||
      json_object_set(json_object_get(manifest, "pages"), name, page))
    status = syn_fail_memory(ctx, HOST_MANIFEST);
  if (!status)
    status = write_file(h, manifest, ctx);
  host_outputs_unlock(lock);
  json_decref(page);
  json_decref(manifest);
  json_decref(h->page);
  h->page = NULL;
  return status;
}
