#include "experiments/host/run/plan_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/grow.h"
#include "engine/base/version.h"
#include "experiments/host/base/host.h"
#include "experiments/host/base/lua_json.h"

#define HEAD    256       /* bytes */
#define LONG    64        /* bytes of a text that is worth sharing */
#define LONGEST (1 << 26) /* bytes of a line: what is longer is none of ours */
#define MARK    "{\"plan\":"

/* ---- writing ----------------------------------------------------------------------------------- */

struct host_shared {
  char *text; /* what stands behind the head; owned */
  size_t n, room;
  json_t *places; /* [A,B] by the digest of the value's text; owned */
};

host_shared *host_shared_open(void) {
  host_shared *shared = calloc(1, sizeof *shared);
  if (shared && !(shared->places = json_object())) {
    free(shared);
    return NULL;
  }
  return shared;
}

void host_shared_close(host_shared *shared) {
  if (!shared)
    return;
  json_decref(shared->places);
  free(shared->text);
  free(shared);
}

/* Puts a line behind what is there. */
static int append(host_shared *shared, const char *line, size_t size) {
  if (!syn_grow(&shared->text, &shared->room, shared->n + size + 1, 1))
    return 0;
  memcpy(shared->text + shared->n, line, size);
  shared->text[shared->n + size] = '\n';
  shared->n += size + 1;
  return 1;
}

json_t *host_shared_put(host_shared *shared, const json_t *value) {
  char digest[SYN_DIGEST_SIZE];
  char *line = json_dumps(value, HOST_JSON_CANONICAL | JSON_ENCODE_ANY);
  if (!line)
    return NULL;
  size_t size = strlen(line), at = HEAD + shared->n;
  syn_digest_bytes(digest, line, size);
  json_t *place = json_object_get(shared->places, digest);
  if (!place && append(shared, line, size)) {
    place = json_pack("[I, I]", (json_int_t)at, (json_int_t)size);
    json_object_set_new(shared->places, digest, place);
  }
  free(line);
  return place;
}

/* A copy whose long texts are taken up. */
static json_t *without_texts(host_shared *shared, const json_t *value) {
  if (json_is_string(value) && json_string_length(value) > LONG)
    return json_pack("{s:O}", "text", host_shared_put(shared, value));
  json_t *copy = json_copy((json_t *)(uintptr_t)value), *part;
  const char *name;
  if (json_is_object(value))
    json_object_foreach((json_t *)(uintptr_t)value, name, part) {
      if (json_is_object(part) || json_is_string(part))
        json_object_set_new(copy, name, without_texts(shared, part));
    }
  return copy;
}

json_t *host_shared_policy(host_shared *shared, const json_t *policy) {
  json_t *told = without_texts(shared, policy);
  json_t *place = told ? host_shared_put(shared, told) : NULL;
  json_decref(told);
  return place;
}

/* A line filled up with spaces to `width` bytes. Returns its end. */
static char *put_line(char *to, const char *line, size_t width) {
  size_t n = strlen(line);
  memcpy(to, line, n);
  memset(to + n, ' ', width - n);
  to[width - 1] = '\n';
  return to + width;
}

/* `,"store":[A,B]` for the head, or nothing. */
static syn_status put_store(char field[64], host_shared *shared, const char *store, syn_ctx *ctx) {
  field[0] = '\0';
  if (!store)
    return SYN_OK;
  json_t *path = json_string(store);
  const json_t *place = path ? host_shared_put(shared, path) : NULL;
  json_decref(path);
  if (!place)
    return syn_fail(ctx, SYN_EINVAL, "a plan: the path of the store is no UTF-8 text");
  snprintf(field, 64, ",\"store\":[%lld,%lld]",
           (long long)json_integer_value(json_array_get(place, 0)),
           (long long)json_integer_value(json_array_get(place, 1)));
  return SYN_OK;
}

syn_status host_plan_text(char **text, size_t *size, host_shared *shared, const char *store,
                          const char *const *lines, size_t n, syn_ctx *ctx) {
  char head[HEAD], field[64];
  syn_status status = put_store(field, shared, store, ctx);
  if (status)
    return status;
  size_t width = 0, first = HEAD + shared->n;
  for (size_t i = 0; i < n; i++)
    width = strlen(lines[i]) > width ? strlen(lines[i]) : width;
  width++;
  snprintf(head, sizeof head,
           MARK "1,\"numerics\":\"%.64s\",\"first\":%zu,\"width\":%zu,\"runs\":%zu%s}",
           SYN_NUMERICS_VERSION, first, width, n, field);
  *size = first + n * width;
  *text = malloc(*size + 1);
  if (!*text)
    return syn_fail_memory(ctx, "a plan");
  char *to = put_line(*text, head, HEAD);
  memcpy(to, shared->n ? shared->text : "", shared->n);
  to += shared->n;
  for (size_t i = 0; i < n; i++)
    to = put_line(to, lines[i], width);
  *to = '\0';
  return SYN_OK;
}

/* ---- reading ----------------------------------------------------------------------------------- */

struct host_plan_file {
  char *path;
  int fd;
  json_t *single;       /* owned; what a KEY.json says, or NULL */
  const char *numerics; /* borrowed from head */
  json_t *head;         /* owned; NULL of a KEY.json */
  json_t *store;        /* owned; its path, or NULL */
  size_t first, width, runs, size;
};

static syn_status damaged(const host_plan_file *file, const char *why, syn_ctx *ctx) {
  return syn_fail(ctx, SYN_EINPUT, "%s: no plan, or damaged: %s", file->path, why);
}

/* The value of JSON in `size` bytes at `at`. */
static syn_status read_value(json_t **out, const host_plan_file *file, size_t at, size_t size,
                             syn_ctx *ctx) {
  json_error_t why;
  *out = NULL;
  if (size == 0 || size > LONGEST || at > file->size || size > file->size - at)
    return damaged(file, "it points behind its end", ctx);
  char *text = malloc(size);
  if (!text)
    return syn_fail_memory(ctx, file->path);
  ssize_t got = 0;
  for (size_t n = 0; n < size; n += (size_t)got) {
    got = pread(file->fd, text + n, size - n, (off_t)(at + n));
    if (got == 0 || (got < 0 && errno != EINTR)) {
      free(text);
      return damaged(file, got ? strerror(errno) : "it has been cut", ctx);
    }
    got = got < 0 ? 0 : got;
  }
  *out = json_loadb(text, size, JSON_DECODE_ANY, &why);
  free(text);
  return *out ? SYN_OK : damaged(file, why.text, ctx);
}

/* A whole number of the head. */
static size_t number_of(const json_t *head, const char *name) {
  json_int_t value = json_integer_value(json_object_get(head, name));
  return value > 0 && value < (json_int_t)1 << 48 ? (size_t)value : 0;
}

/* What [A,B] stands for. */
static syn_status fetch(json_t **out, const host_plan_file *file, const json_t *place,
                        syn_ctx *ctx) {
  json_int_t at = json_integer_value(json_array_get(place, 0));
  json_int_t size = json_integer_value(json_array_get(place, 1));
  *out = NULL;
  if (at < HEAD || size <= 0)
    return damaged(file, "a line says badly what it shares with others", ctx);
  return read_value(out, file, (size_t)at, (size_t)size, ctx);
}

static syn_status read_head(host_plan_file *file, syn_ctx *ctx) {
  syn_status status = read_value(&file->head, file, 0, HEAD, ctx);
  if (status)
    return status;
  file->numerics = json_string_value(json_object_get(file->head, "numerics"));
  file->first = number_of(file->head, "first");
  file->width = number_of(file->head, "width");
  file->runs = number_of(file->head, "runs");
  if (!file->numerics || file->first < HEAD || file->width == 0 || file->width > LONGEST ||
      file->runs == 0)
    return damaged(file, "its head does not say where its runs are", ctx);
  if (json_integer_value(json_object_get(file->head, "plan")) != 1)
    return damaged(file, "it is of a later version of the program", ctx);
  if (file->size < file->first || (file->size - file->first) / file->width != file->runs ||
      (file->size - file->first) % file->width != 0)
    return damaged(file, "it is longer or shorter than its head says", ctx);
  const json_t *place = json_object_get(file->head, "store");
  status = place ? fetch(&file->store, file, place, ctx) : SYN_OK;
  if (!status && place && (!json_is_string(file->store) || *json_string_value(file->store) != '/'))
    return damaged(file, "its head does not say where its store is", ctx);
  return status;
}

/* A KEY.json, of one run. */
static syn_status read_single(host_plan_file *file, syn_ctx *ctx) {
  json_error_t why;
  size_t n;
  char *text = host_read(file->path, &n, ctx);
  if (!text)
    return SYN_EINPUT;
  file->single = json_loadb(text, n, 0, &why);
  file->runs = 1;
  free(text);
  return file->single ? SYN_OK : damaged(file, why.text, ctx);
}

static syn_status open_file(host_plan_file *file, syn_ctx *ctx) {
  char begin[sizeof MARK] = "";
  struct stat about;
  file->fd = open(file->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file->fd < 0)
    return syn_fail(ctx, SYN_EINPUT, "%s: %s", file->path, strerror(errno));
  if (fstat(file->fd, &about) || !S_ISREG(about.st_mode))
    return syn_fail(ctx, SYN_EINPUT, "%s: this is no regular file", file->path);
  file->size = (size_t)about.st_size;
  if (pread(file->fd, begin, sizeof MARK - 1, 0) == sizeof MARK - 1 && strcmp(begin, MARK) == 0)
    return read_head(file, ctx);
  return read_single(file, ctx);
}

syn_status host_plan_file_open(host_plan_file **out, const char *path, syn_ctx *ctx) {
  host_plan_file *file = *out = calloc(1, sizeof *file);
  if (!file || !(file->path = strdup(path))) {
    free(file);
    *out = NULL;
    return syn_fail_memory(ctx, path);
  }
  syn_status status = open_file(file, ctx);
  if (status) {
    host_plan_file_close(file);
    *out = NULL;
  }
  return status;
}

void host_plan_file_close(host_plan_file *file) {
  if (!file)
    return;
  if (file->fd >= 0)
    close(file->fd);
  json_decref(file->single);
  json_decref(file->head);
  json_decref(file->store);
  free(file->path);
  free(file);
}

size_t host_plan_file_runs(const host_plan_file *file) {
  return file->runs;
}

const char *host_plan_file_store(const host_plan_file *file) {
  return json_string_value(file->store);
}

void host_plan_file_place(char *out, size_t size, const host_plan_file *file, size_t number) {
  if (file->single)
    snprintf(out, size, "%s", file->path);
  else
    snprintf(out, size, "%s, run %zu", file->path, number);
}

/* Puts long texts back into a policy or a reward, and into those inside of it. */
static syn_status fill(json_t *value, const host_plan_file *file, syn_ctx *ctx) {
  syn_status status = SYN_OK;
  const char *name;
  json_t *part, *text;
  void *next;
  json_object_foreach_safe(value, next, name, part) {
    const json_t *place = json_object_get(part, "text");
    if (status || !json_is_object(part))
      continue;
    if (!json_is_array(place))
      status = fill(part, file, ctx);
    else if (!(status = fetch(&text, file, place, ctx)))
      json_object_set_new(value, name, text);
  }
  return status;
}

/* Puts what a line shares under `name` into `to`. */
static syn_status put_back(json_t *to, const json_t *line, const char *name,
                           const host_plan_file *file, syn_ctx *ctx) {
  json_t *value;
  const json_t *place = json_object_get(line, name);
  syn_status status = place ? fetch(&value, file, place, ctx) : SYN_OK;
  if (!place || status)
    return status;
  if (json_is_object(value))
    status = fill(value, file, ctx);
  json_object_set_new(to, name, value);
  return status;
}

/* From a line to the form of a KEY.json. */
static syn_status complete(json_t *line, const host_plan_file *file, syn_ctx *ctx) {
  json_t *run = json_object_get(line, "run"), *like = NULL;
  syn_status status = fetch(&like, file, json_object_get(line, "like"), ctx);
  if (!status && (!json_is_object(like) || !json_is_object(run)))
    status = damaged(file, "a line is no run", ctx);
  if (!status)
    status = put_back(run, line, "policy", file, ctx);
  if (!status)
    status = put_back(run, line, "reward", file, ctx);
  if (!status)
    status = put_back(line, line, "data", file, ctx);
  if (!status)
    json_object_update_missing(run, like);
  json_object_set_new(line, "numerics", json_string(file->numerics));
  json_decref(like);
  return status;
}

/* What the file itself says of a run; the caller owns it. */
static syn_status line_of(json_t **line, const host_plan_file *file, size_t number, syn_ctx *ctx) {
  *line = NULL;
  if (number < 1 || number > file->runs)
    return syn_fail(ctx, SYN_EINVAL, "%s: there is no run %zu; it has %zu, from 1 on", file->path,
                    number, file->runs);
  if (!file->single)
    return read_value(line, file, file->first + (number - 1) * file->width, file->width, ctx);
  *line = json_incref(file->single);
  return SYN_OK;
}

syn_status host_plan_file_key(char key[SYN_DIGEST_SIZE], const host_plan_file *file, size_t number,
                              syn_ctx *ctx) {
  json_t *line;
  syn_status status = line_of(&line, file, number, ctx);
  const char *own = json_string_value(json_object_get(line, "key"));
  if (!status && (!own || strlen(own) != SYN_DIGEST_SIZE - 1))
    status = damaged(file, "a line is no run", ctx);
  if (!status)
    memcpy(key, own, SYN_DIGEST_SIZE);
  json_decref(line);
  return status;
}

syn_status host_plan_file_run(json_t **run, const host_plan_file *file, size_t number,
                              syn_ctx *ctx) {
  syn_status status = line_of(run, file, number, ctx);
  if (!status && !file->single)
    status = complete(*run, file, ctx);
  if (status) {
    json_decref(*run);
    *run = NULL;
  }
  return status;
}
