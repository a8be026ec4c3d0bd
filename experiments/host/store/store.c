#include "experiments/host/store/store.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/grow.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/store/names.h"
#include "experiments/host/store/pack_line.h"
#include "experiments/host/store/packs.h"
#include "experiments/host/store/writer.h"

#define DIGITS (SYN_DIGEST_SIZE - 1)

struct host_store_memory {
  host_packs packs;
  host_writer writer;
};

host_store host_own_store(const host *h) {
  return (host_store){h->profile.store ? h->profile.store : h->profile.out, h->store};
}

struct host_store_memory *host_store_remember(void) {
  struct host_store_memory *memory = calloc(1, sizeof *memory);
  if (!memory)
    return NULL;
  host_packs_open(&memory->packs);
  host_writer_open(&memory->writer);
  return memory;
}

syn_status host_store_forget(struct host_store_memory *memory, syn_ctx *ctx) {
  if (!memory)
    return SYN_OK;
  syn_status status = host_writer_sync(&memory->writer, ctx);
  host_writer_close(&memory->writer);
  host_packs_close(&memory->packs);
  free(memory);
  return status;
}

syn_status host_store_path(host_store store, char *path, size_t size, const char *part,
                           const char *key, const char *end, syn_ctx *ctx) {
  if ((size_t)snprintf(path, size, "%s/%s/%s%s", store.folder, part, key, end) < size)
    return SYN_OK;
  return syn_fail(ctx, SYN_EINVAL, "'%.60s...': path too long", store.folder);
}

syn_status host_store_make(host_store store, syn_ctx *ctx) {
  char runs[4096];
  syn_ctx why = {0};
  syn_status status = host_store_path(store, runs, sizeof runs, "runs", "", "", ctx);
  if (status)
    return status;
  if (host_make_folders(runs, &why))
    return syn_fail(ctx, SYN_EINPUT, "%s", why.error);
  return access(runs, W_OK | X_OK) == 0
             ? SYN_OK
             : syn_fail(ctx, SYN_EINPUT, "%s: cannot be written: %s", runs, strerror(errno));
}

/* ---- a file a run, as before ------------------------------------------------------------------- */

static syn_status file_of(host_store store, char *path, size_t size, const char *key,
                          syn_ctx *ctx) {
  return host_store_path(store, path, size, "runs", key, ".json", ctx);
}

static int has_file(host_store store, const char *key) {
  char path[4096];
  return file_of(store, path, sizeof path, key, NULL) == SYN_OK && access(path, F_OK) == 0;
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
  return isfinite(seconds) && seconds >= 0 ? seconds : 0;
}

syn_status host_store_read_file(json_t **out, host_store store, const char *key, syn_ctx *ctx) {
  char path[4096], digest[SYN_DIGEST_SIZE] = "", why[HOST_SHAPE_WHY];
  *out = NULL;
  syn_status status = file_of(store, path, sizeof path, key, ctx);
  if (status || access(path, F_OK))
    return status;
  size_t n;
  char *text = host_read(path, &n, ctx);
  if (!text)
    return SYN_EINPUT;
  json_t *file = json_loadb(text, n, 0, NULL);
  free(text);
  json_t *record = json_object_get(file, "record");
  const char *stored = json_string_value(json_object_get(file, "sha256"));
  const char *own = json_string_value(json_object_get(record, "key"));
  text = record && stored && own ? json_dumps(record, HOST_JSON_CANONICAL) : NULL;
  if (text)
    syn_digest_bytes(digest, text, strlen(text));
  if (!text || strcmp(stored, digest) != 0 || strcmp(own, key) != 0)
    status = syn_fail(ctx, SYN_EINPUT, "%s: this record is damaged", path);
  else if (!(*out = host_shape_record(why, text, strlen(text))))
    status = syn_fail(ctx, SYN_EINPUT, "%s: this is no record: %s", path, why);
  free(text);
  if (*out && !json_object_get(*out, "seconds"))
    json_object_set_new(*out, "seconds", json_real(read_time(store, key)));
  json_decref(file);
  return status;
}

/* ---- reading ----------------------------------------------------------------------------------- */

syn_status host_store_look(host_store store, syn_ctx *ctx) {
  return host_packs_look(&store.memory->packs, store.folder, 1, ctx);
}

/* Is the key in a pack? What has come to the packs is looked for, but not for each key. */
static syn_status find(int *found, host_store store, const char *key, syn_ctx *ctx) {
  host_packs *packs = &store.memory->packs;
  syn_status status = host_packs_take(packs, store.folder, ctx);
  *found = !status && host_lines_of(&packs->lines, key) != HOST_NO_LINE;
  if (!status && !*found)
    status = host_packs_look(packs, store.folder, 0, ctx);
  *found = !status && host_lines_of(&packs->lines, key) != HOST_NO_LINE;
  return status;
}

int host_store_has(host_store store, const char *key) {
  int found;
  syn_ctx when_it_is_read = {0};
  return (find(&found, store, key, &when_it_is_read) == SYN_OK && found) || has_file(store, key);
}

syn_status host_store_read(json_t **out, host_store store, const char *key, syn_ctx *ctx) {
  int found;
  *out = NULL;
  syn_status status = find(&found, store, key, ctx);
  if (!status)
    status = found ? host_packs_read(out, &store.memory->packs, key, ctx)
                   : host_store_read_file(out, store, key, ctx);
  return status;
}

syn_status host_store_check(int *whole, host_store store, const char *key, syn_ctx *ctx) {
  int found;
  json_t *record = NULL;
  *whole = 0;
  syn_status status = find(&found, store, key, ctx);
  if (!status && found)
    return host_packs_check(whole, &store.memory->packs, key, ctx);
  if (!status)
    status = host_store_read_file(&record, store, key, ctx);
  *whole = record != NULL;
  json_decref(record);
  return status;
}

void host_store_place(char *place, size_t size, host_store store, const char *key) {
  if (!host_packs_place(place, size, &store.memory->packs, key))
    snprintf(place, size, "%s/runs/%s.json", store.folder, key);
}

/* ---- writing ----------------------------------------------------------------------------------- */

syn_status host_store_write(host_store store, const char *key, json_t *record, syn_ctx *ctx) {
  char runs[4096];
  size_t n;
  syn_status status = host_store_path(store, runs, sizeof runs, "runs", "", "", ctx);
  if (status)
    return status;
  runs[strlen(runs) - 1] = '\0'; /* its last slash */
  char *line = host_pack_line_make(&n, key, record), why[HOST_SHAPE_WHY];
  if (!line)
    return syn_fail_memory(ctx, "a record");
  json_t *again = host_shape_line(why, line, n - 1);
  if (!again) /* it would be computed again for ever */
    status = syn_fail(ctx, SYN_EFAILED, "its record could not be read again: %s", why);
  else
    status = host_writer_add(&store.memory->writer, runs, line, n, ctx);
  json_decref(again);
  free(line);
  return status;
}

syn_status host_store_sync(host_store store, syn_ctx *ctx) {
  return host_writer_sync(&store.memory->writer, ctx);
}

void host_store_sync_soon(host_store store) {
  host_writer_sync_soon(&store.memory->writer);
}

/* ---- all of it --------------------------------------------------------------------------------- */

typedef struct keys_found {
  host_keys keys;
  size_t room;
} keys_found;

static int add_key(keys_found *found, const char *key) {
  if (!syn_grow(&found->keys.list, &found->room, found->keys.n + 1, SYN_DIGEST_SIZE))
    return 0;
  memcpy(found->keys.list[found->keys.n], key, DIGITS);
  found->keys.list[found->keys.n++][DIGITS] = '\0';
  return 1;
}

/* The keys of packs, once for each line. */
static int add_keys_of_packs(keys_found *found, const host_lines *lines) {
  char key[SYN_DIGEST_SIZE];
  int room = 1;
  for (uint32_t i = 0; i < lines->n && room; i++) {
    host_key_text(key, lines->list[i].key);
    room = add_key(found, key);
  }
  return room;
}

static int add_keys_of_files(keys_found *found, DIR *folder) {
  int room = 1;
  for (const struct dirent *entry; room && (entry = readdir(folder));)
    if (host_is_single(entry))
      room = add_key(found, entry->d_name);
  return room;
}

static int by_text(const void *a, const void *b) {
  return strcmp(a, b);
}

static void keep_each_once(host_keys *keys) {
  size_t n = 0;
  if (keys->n > 0)
    qsort(keys->list, keys->n, SYN_DIGEST_SIZE, by_text);
  for (size_t i = 0; i < keys->n; i++)
    if (i == 0 || strcmp(keys->list[n - 1], keys->list[i]) != 0)
      memmove(keys->list[n++], keys->list[i], SYN_DIGEST_SIZE);
  keys->n = n;
}

syn_status host_store_keys(host_keys *out, size_t *strange, host_store store, syn_ctx *ctx) {
  char runs[4096];
  keys_found found = {0};
  *out = (host_keys){0};
  syn_status status = host_store_path(store, runs, sizeof runs, "runs", "", "", ctx);
  if (!status)
    status = host_store_look(store, ctx);
  DIR *folder = status ? NULL : opendir(runs);
  if (!status && !folder)
    status = syn_fail(ctx, SYN_EINPUT, "%s: no run store: %s", runs, strerror(errno));
  if (status)
    return status;
  if (!add_keys_of_packs(&found, &store.memory->packs.lines) || !add_keys_of_files(&found, folder))
    status = syn_fail_memory(ctx, "the keys of a run store");
  closedir(folder);
  if (status) {
    free(found.keys.list);
    return status;
  }
  keep_each_once(&found.keys);
  *out = found.keys;
  *strange = store.memory->packs.strange;
  return SYN_OK;
}
