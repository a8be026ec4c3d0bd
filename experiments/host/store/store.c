#include "experiments/host/store/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/base/lua_json.h"

host_store host_own_store(const host *h) {
  return (host_store){h->profile.out};
}

syn_status host_store_path(host_store store, char *path, size_t size, const char *part,
                           const char *key, const char *end, syn_ctx *ctx) {
  if ((size_t)snprintf(path, size, "%s/%s/%s%s", store.folder, part, key, end) < size)
    return SYN_OK;
  return syn_fail(ctx, SYN_EINVAL, "'%.60s...': path too long", store.folder);
}

static syn_status path_of(host_store store, char *path, size_t size, const char *key,
                          syn_ctx *ctx) {
  return host_store_path(store, path, size, "runs", key, ".json", ctx);
}

static syn_status write_time(host_store store, const char *key, double seconds, syn_ctx *ctx) {
  char path[4096], text[32];
  syn_status status = host_store_path(store, path, sizeof path, "times", key, "", ctx);
  int n = snprintf(text, sizeof text, "%.6f\n", seconds);
  return status ? status : host_write(path, text, (size_t)n, ctx);
}

/* Seconds; 0 if they are not known. */
static double read_time(host_store store, const char *key) {
  char path[4096];
  double seconds = 0;
  FILE *file =
      host_store_path(store, path, sizeof path, "times", key, "", NULL) ? NULL : fopen(path, "r");
  if (file && fscanf(file, "%lf", &seconds) != 1)
    seconds = 0;
  if (file)
    fclose(file);
  return isfinite(seconds) ? seconds : 0;
}

int host_store_has(host_store store, const char *key) {
  char path[4096];
  return path_of(store, path, sizeof path, key, NULL) == SYN_OK && access(path, R_OK) == 0;
}

syn_status host_store_write(host_store store, const char *key, json_t *full, syn_ctx *ctx) {
  char path[4096], digest[SYN_DIGEST_SIZE];
  json_t *record = json_copy(full), *seconds = json_object_get(full, "seconds");
  json_object_del(record, "seconds");
  syn_status status = path_of(store, path, sizeof path, key, ctx);
  if (!status)
    status = host_json_digest(digest, record, ctx);
  if (!status && seconds)
    status = write_time(store, key, json_number_value(seconds), ctx);
  if (status) {
    json_decref(record);
    return status;
  }
  json_t *file = json_pack("{s:o, s:s}", "record", record, "sha256", digest);
  char *text = file ? json_dumps(file, HOST_JSON_CANONICAL) : NULL;
  json_decref(file);
  if (!text)
    return syn_fail_memory(ctx, "a record");
  status = host_write(path, text, strlen(text), ctx);
  free(text);
  return status;
}

syn_status host_store_read(json_t **out, host_store store, const char *key, syn_ctx *ctx) {
  *out = NULL;
  char path[4096], digest[SYN_DIGEST_SIZE] = "";
  syn_status status = path_of(store, path, sizeof path, key, ctx);
  if (status || access(path, R_OK))
    return status;
  json_error_t error;
  size_t n;
  char *text = host_read(path, &n, ctx);
  if (!text)
    return SYN_EINPUT;
  json_t *file = json_loadb(text, n, 0, &error);
  free(text);
  json_t *record = json_object_get(file, "record");
  const char *stored = json_string_value(json_object_get(file, "sha256"));
  const char *own = json_string_value(json_object_get(record, "key"));
  if (record && stored && own)
    status = host_json_digest(digest, record, ctx);
  if (!status && record && stored && own && strcmp(stored, digest) == 0 && strcmp(own, key) == 0)
    *out = json_incref(record);
  else if (!status)
    status = syn_fail(ctx, SYN_EINPUT, "%s: this record is damaged", path);
  if (*out && !json_object_get(*out, "seconds"))
    json_object_set_new(*out, "seconds", json_real(read_time(store, key)));
  json_decref(file);
  return status;
}
