/* The manifest as a file: written with the pages that stand already, and read. */
#include "experiments/host/pages/manifest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/temporary.h"
#include "experiments/host/base/words.h"
#include "experiments/host/pages/json_text.h"
#include "experiments/host/pages/manifest_page.h"
#include "experiments/host/store/outputs.h"

#define FORMAT 1
#define LINE   HOST_MANIFEST_LINE

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

json_t *host_manifest_command(const host *h) {
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

/* ---- the file ---------------------------------------------------------------------------------- */

static void print_name(FILE *file, const char *name) {
  json_t *quoted = json_string(name);
  json_dumpf(quoted, file, LINE);
  fputs(": ", file);
  json_decref(quoted);
}

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
      fprintf(file, "%s\n", separator);
      print_name(file, name);
      print(file, item, depth - 1);
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

/* What is kept as lines: an object of them with their names, or a list without. */
static void print_lines(FILE *file, const json_t *lines, int named) {
  const char *name, *separator = "";
  json_t *line;
  fputc(named ? '{' : '[', file);
  json_object_foreach((json_t *)(uintptr_t)lines, name, line) {
    fprintf(file, "%s\n", separator);
    if (named)
      print_name(file, name);
    fputs(json_string_value(line), file);
    separator = ",";
  }
  fputc(named ? '}' : ']', file);
}

/* The page that was made. */
static void print_page(FILE *file, const json_t *page) {
  const char *name, *separator = "";
  json_t *item;
  fputc('{', file);
  json_object_foreach((json_t *)(uintptr_t)page, name, item) {
    if (strcmp(name, "seconds") == 0)
      continue;
    fprintf(file, "%s\n", separator);
    print_name(file, name);
    if (strcmp(name, "runs") == 0 || strcmp(name, "configurations") == 0)
      print_lines(file, item, *name == 'c');
    else
      print(file, item, 1);
    separator = ",";
  }
  fputc('}', file);
}

/* The pages that stand already, as they are written, and this one in its place among them or behind. */
static void print_pages(FILE *file, host_text older, const char *page_name, const json_t *page) {
  host_text name, value;
  const char *separator = "";
  json_t *quoted = json_string(page_name);
  char *own = json_dumps(quoted, JSON_ENCODE_ANY);
  int printed = 0;
  fputc('{', file);
  for (size_t at = 0; own && older.n && host_json_next(&name, &value, older, &at);) {
    int is_own = name.n == strlen(own) && memcmp(name.at, own, name.n) == 0;
    fprintf(file, "%s\n%.*s: ", separator, (int)name.n, name.at);
    if (is_own)
      print_page(file, page);
    else
      fwrite(value.at, 1, value.n, file);
    printed |= is_own;
    separator = ",";
  }
  if (!printed) {
    fprintf(file, "%s\n%s: ", separator, own ? own : "");
    print_page(file, page);
  }
  fputc('}', file);
  free(own);
  json_decref(quoted);
}

static ssize_t add_bytes(void *file, const char *bytes, size_t n) {
  return host_temporary_add(file, bytes, n, NULL) ? 0 : (ssize_t)n;
}

/* All lines but the last, straight into the file: they may take more room than all else. */
static syn_status write_lines(host_temporary *file, host_text older, const char *name,
                              const json_t *page, syn_ctx *ctx) {
  FILE *text = fopencookie(file, "w", (cookie_io_functions_t){.write = add_bytes});
  if (!text)
    return syn_fail_memory(ctx, HOST_MANIFEST);
  fprintf(text, "{\n\"format\": %d,\n\"pages\": ", FORMAT);
  print_pages(text, older, name, page);
  fputs(",\n", text);
  errno = 0;
  int failed = ferror(text) != 0;
  if (fclose(text) || failed)
    return syn_fail(ctx, SYN_EIO, "%s: cannot be written: %s", file->path,
                    strerror(errno ? errno : ENOSPC));
  return SYN_OK;
}

/* The digest is the last line's and covers the bytes before it. */
static syn_status write_file(const host *h, host_text older, const char *name, const json_t *page,
                             syn_ctx *ctx) {
  char path[4096], digest[SYN_DIGEST_SIZE], line[SYN_DIGEST_SIZE + 16];
  host_temporary file;
  syn_status status = host_out_path(h, path, sizeof path, HOST_MANIFEST, ctx);
  if (!status)
    status = host_temporary_open(&file, path, ctx);
  if (status)
    return status;
  status = write_lines(&file, older, name, page, ctx);
  if (!status)
    status = syn_digest_file(digest, file.name, ctx);
  if (!status) {
    int n = snprintf(line, sizeof line, "\"sha256\": \"%s\"}\n", digest);
    status = host_temporary_add(&file, line, (size_t)n, ctx);
  }
  if (!status)
    return host_temporary_keep(&file, ctx);
  host_temporary_drop(&file);
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

static int is_format(host_text manifest) {
  host_text value;
  char wanted[16];
  int n = snprintf(wanted, sizeof wanted, "%d", FORMAT);
  return host_json_member(&value, manifest, "format") && value.n == (size_t)n &&
         memcmp(value.at, wanted, value.n) == 0;
}

/* The pages that stand already, in *text (the caller frees it); n of them is 0 if there are none. Only
 * what is asked for is made a value: a page may have a hundred thousand runs. */
static syn_status read_pages(host_text *pages, char **text, const char *folder, syn_ctx *ctx) {
  char path[4096], digest[SYN_DIGEST_SIZE];
  json_t *manifest = NULL;
  size_t n;
  host_text whole, stored;
  *pages = (host_text){0};
  *text = NULL;
  snprintf(path, sizeof path, "%s/" HOST_MANIFEST, folder);
  if (access(path, F_OK))
    return SYN_OK;
  if (!(*text = host_read(path, &n, ctx)))
    return SYN_EINPUT;
  digest_text(digest, *text, n);
  whole = (host_text){*text, n};
  if (host_json_member(&stored, whole, "sha256") && stored.n == SYN_DIGEST_SIZE + 1 &&
      memcmp(stored.at + 1, digest, SYN_DIGEST_SIZE - 1) == 0 && is_format(whole) &&
      host_json_member(pages, whole, "pages"))
    return SYN_OK;
  free(*text);
  *text = NULL;
  syn_status status = host_manifest_read(&manifest, folder, ctx); /* which says what is wrong */
  json_decref(manifest);
  return status ? status : syn_fail(ctx, SYN_EFAILED, "%s: damaged", path);
}

/* The text with nothing in it of the page that is written anew, which may be nearly all of it. */
static void leave_out(host_text *pages, char **text, const char *name) {
  host_text page;
  if (!pages->n || !host_json_member(&page, *pages, name))
    return;
  size_t before = (size_t)(page.at - *text), behind = (size_t)(pages->at + pages->n - page.at);
  size_t from = (size_t)(pages->at - *text), rest = behind - page.n;
  memmove(*text, *text + from, before - from);
  memcpy(*text + before - from, "0", 1); /* in its place */
  memmove(*text + before - from + 1, page.at + page.n, rest);
  pages->n = before - from + 1 + rest;
  char *smaller = realloc(*text, pages->n);
  *text = smaller ? smaller : *text;
  pages->at = *text;
}

static const char *const times_of_page[] = {"wall", "began", "ended", NULL};

static void copy_member(json_t *to, host_text page, const char *name) {
  host_text value;
  if (host_json_member(&value, page, name))
    json_object_set_new(to, name, json_loadb(value.at, value.n, JSON_DECODE_ANY, NULL));
}

syn_status host_manifest_written(json_t **out, const host *h, const char *name, syn_ctx *ctx) {
  host_text pages, page;
  char *text;
  *out = json_object();
  syn_status status = read_pages(&pages, &text, h->profile.out, ctx);
  if (!status && pages.n && host_json_member(&page, pages, name)) {
    copy_member(*out, page, "chapters");
    for (const char *const *time = times_of_page; *time; time++)
      copy_member(*out, page, *time);
  }
  free(text);
  return status;
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
  for (const char *const *name = times_of_page; *name; name++)
    json_object_set(page, *name, json_object_get(times, *name));
}

syn_status host_manifest_write(host *h, const char *name, json_t *program, const json_t *times,
                               syn_ctx *ctx) {
  syn_status status = host_manifest_page(h, ctx);
  if (status)
    return status;
  sort_outputs(h->page);
  set_times(h->page, times);
  json_t *page =
      json_pack("{s:o, s:s, s:I, s:I, s:O}", "command", host_manifest_command(h), "profile",
                h->profile.quick ? "quick" : "full", "seeds", (json_int_t)h->profile.seeds, "jobs",
                (json_int_t)h->profile.jobs, "program", program);
  int lock = host_outputs_lock(h); /* from the older pages that are read to their file */
  host_outputs_write(h);
  syn_ctx damage = {0};
  host_text older;
  char *text;
  if (read_pages(&older, &text, h->profile.out, &damage))
    host_wrong("%s; it is written anew", damage.error);
  leave_out(&older, &text, name);
  status = !page || json_object_update(page, h->page) ? syn_fail_memory(ctx, HOST_MANIFEST)
                                                      : write_file(h, older, name, page, ctx);
  host_outputs_unlock(lock);
  free(text);
  json_decref(page);
  json_decref(h->page);
  h->page = NULL;
  return status;
}
