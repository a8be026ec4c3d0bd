#include "experiments/host/base/say.h"
#include "experiments/host/pages/verify.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "engine/base/version.h"
#include "experiments/host/run/schedule.h"
#include "experiments/host/run/sets.h"
#include "experiments/host/base/words.h"

#define SHORT_RUN    30    /* seconds: what a drawn run takes at most */
#define BATCH        32    /* runs whose records are in memory at a time */
#define LOSS_WITHIN  0.01  /* of the loss: gradient descent, where a BLAS computed the report's */
#define SHARE_WITHIN 0.005 /* of accuracy, likewise */

static const char *text_of(const json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text ? text : "";
}

/* ---- the runs ---------------------------------------------------------------------------------- */

static syn_status list_runs(host_verification *v, syn_ctx *ctx) {
  const char *name;
  json_t *page, *run;
  size_t i, room = 0;
  json_object_foreach(json_object_get(v->manifest, "pages"), name, page) room +=
      json_array_size(json_object_get(page, "runs"));
  v->entries = calloc(room + 1, sizeof *v->entries);
  if (!v->entries)
    return syn_fail_memory(ctx, "the runs of a manifest");
  json_object_foreach(json_object_get(v->manifest, "pages"), name, page) {
    json_array_foreach(json_object_get(page, "runs"), i, run) {
      host_entry *e = &v->entries[v->n];
      *e = (host_entry){name,   text_of(run, "key"),
                        page,   run,
                        ++v->n, json_number_value(json_object_get(run, "seconds"))};
    }
  }
  return SYN_OK;
}

int host_entry_failed(const host_entry *e) {
  return strcmp(text_of(e->run, "status"), "failed") == 0;
}

static const json_t *configuration(const host_entry *e) {
  const char *id = text_of(e->run, "configuration");
  return json_object_get(json_object_get(e->page, "configurations"), id);
}

static int is_descent(const host_entry *e) {
  return strcmp(text_of(configuration(e), "method"), "descent") == 0;
}

static const char *program_of(const host_entry *e, const char *field) {
  return text_of(json_object_get(e->page, "program"), field);
}

/* Programs that took products of gradient descent by a BLAS named no version of its numerics. */
static int is_by_blas(const host_entry *e) {
  return is_descent(e) && !*program_of(e, "descent");
}

/* ---- their images ------------------------------------------------------------------------------ */

static int in_report(const host_verification *v, const char *digest) {
  const char *name;
  json_t *page;
  json_object_foreach(json_object_get(v->manifest, "pages"), name, page) {
    if (json_object_get(json_object_get(page, "data"), digest))
      return 1;
  }
  return 0;
}

/* Sets given by --data must be the report's. */
static syn_status open_given(host_verification *v, syn_ctx *ctx) {
  const syn_images *images;
  const char *path;
  for (size_t i = 0; i < v->n_paths; i++) {
    syn_status status = host_images(v->h, &images, v->paths[i], &path, ctx);
    if (status)
      return status;
    if (!in_report(v, images->digest))
      return syn_fail(ctx, SYN_EINPUT, "%s: no run of this report is on these images (digest %s)",
                      path, images->digest);
    json_object_set_new(v->places, images->digest, json_string(v->paths[i]));
  }
  return SYN_OK;
}

void host_verify_close(host_verification *v) {
  free(v->entries);
  json_decref(v->places);
  json_decref(v->manifest);
}

syn_status host_verify_open(host_verification *v, syn_ctx *ctx) {
  v->places = json_object();
  syn_status status = v->places ? list_runs(v, ctx) : syn_fail_memory(ctx, "a host_verification");
  return status ? status : open_given(v, ctx);
}

/* Notes the set of this name, if it is the one. */
static void try_set(host_verification *v, const char *name, const char *digest) {
  const syn_images *images;
  const char *opened;
  if (host_images(v->h, &images, name, &opened, NULL) == SYN_OK &&
      strcmp(images->digest, digest) == 0)
    json_object_set_new(v->places, digest, json_string(name));
}

/* The set of images with this digest, or NULL: given, known by name and at hand, or here under the name
 * that it had for the report. */
static const char *find_images(host_verification *v, const host_entry *e, const char *digest) {
  char path[4096];
  for (const host_known_set *set = host_known_sets; set->name; set++) {
    if (json_object_get(v->places, digest))
      break;
    if ((set->digest && strcmp(set->digest, digest) != 0) ||
        !host_known_set_path(v->h, set, path, sizeof path))
      continue;
    try_set(v, set->name, digest);
  }
  const char *name = text_of(json_object_get(json_object_get(e->page, "data"), digest), "name");
  if (!json_object_get(v->places, digest) && *name && access(name, R_OK) == 0)
    try_set(v, name, digest);
  return json_string_value(json_object_get(v->places, digest));
}

static int images_at_hand(host_verification *v, const host_entry *e) {
  const char *digest = text_of(configuration(e), "data");
  return !*digest || find_images(v, e, digest);
}

static syn_status no_images(const host_entry *e, syn_ctx *ctx) {
  const char *digest = text_of(configuration(e), "data"), *how = NULL;
  for (const host_known_set *set = host_known_sets; set->name; set++)
    if (set->digest && strcmp(set->digest, digest) == 0)
      how = set->how;
  const json_t *data = json_object_get(json_object_get(e->page, "data"), digest);
  return syn_fail(ctx, SYN_EINPUT,
                  "run %zu: its images are not at hand, also not here under their name: %s, digest "
                  "%s; give them with %s",
                  e->number, text_of(data, "name"), digest, how ? how : "--data PATH");
}

/* ---- which runs -------------------------------------------------------------------------------- */

/* One of those that are short and whose images are here; NULL if there is none. */
static const host_entry *draw(host_verification *v, syn_ctx *ctx) {
  size_t n = 0, without = 0;
  uint64_t bits;
  const host_entry **list = calloc(v->n + 1, sizeof *list), *drawn = NULL;
  if (!list || getrandom(&bits, sizeof bits, 0) != sizeof bits) {
    syn_fail(ctx, SYN_EIO, "no run can be drawn: %s", strerror(errno));
    free(list);
    return NULL;
  }
  for (size_t i = 0; i < v->n; i++) {
    const host_entry *e = &v->entries[i];
    if (host_entry_failed(e) || e->seconds > SHORT_RUN ||
        json_integer_value(json_object_get(e->run, "iterations")) == 0)
      continue;
    if (images_at_hand(v, e))
      list[n++] = e;
    else
      without++;
  }
  if (n > 0)
    drawn = list[bits % n];
  else if (without > 0)
    syn_fail(ctx, SYN_EINPUT, "no run of under %d s has its images at hand; --data PATH gives them",
             SHORT_RUN);
  else
    syn_fail(ctx, SYN_EINPUT, "no run takes under %d s; --run KEY|N or --all", SHORT_RUN);
  if (n > 0 && without > 0)
    printf("left out of the draw: %zu run%s on images that are not at hand (--data PATH)\n",
           without, syn_s(without));
  free(list);
  return drawn;
}

/* What is shorter is a number, whatever its digits: of a key so many have to be written. */
static const host_entry *choose_number(const host_verification *v, const char *word,
                                       const char *typed, syn_ctx *ctx) {
  unsigned long number = strtoul(word, NULL, 10);
  if (number >= 1 && number <= v->n)
    return &v->entries[number - 1];
  syn_fail(ctx, SYN_EINVAL,
           "%s: runs have numbers from 1 to %zu; a word of fewer than %d digits is a number, also "
           "where a key begins so: write more of the key",
           typed, v->n, HOST_KEY_LEAST);
  return NULL;
}

static const host_entry *choose_key(const host_verification *v, const char *word, const char *typed,
                                    syn_ctx *ctx) {
  const host_entry *chosen = NULL;
  for (size_t i = 0; i < v->n; i++) {
    const host_entry *e = &v->entries[i];
    if (strncmp(e->key, word, strlen(word)) != 0)
      continue;
    if (chosen && strcmp(chosen->key, e->key) != 0) {
      syn_fail(ctx, SYN_EINVAL, "%s: several keys begin so, such as %.12s and %.12s", typed,
               chosen->key, e->key);
      return NULL;
    }
    if (!chosen)
      chosen = e;
  }
  if (!chosen)
    syn_fail(ctx, SYN_EINVAL, "%s: no run has this key; " HOST_MANIFEST " lists them", typed);
  return chosen;
}

const host_entry *host_verify_choose(const host_verification *v, const char *word,
                                     const char *typed, syn_ctx *ctx) {
  size_t n = strlen(word), decimal = strspn(word, "0123456789");
  if (n < HOST_KEY_LEAST && decimal == n)
    return choose_number(v, word, typed, ctx);
  if (n >= HOST_KEY_LEAST && strspn(word, "0123456789abcdef") == n)
    return choose_key(v, word, typed, ctx);
  syn_fail(ctx, SYN_EINVAL,
           "%s: no run is named so: write its number, from 1 to %zu, or at least the first %d "
           "digits (0 to 9, a to f) of its key",
           typed, v->n, HOST_KEY_LEAST);
  return NULL;
}

/* ---- comparing --------------------------------------------------------------------------------- */

static int within(const json_t *a, const json_t *b, double relative, double absolute) {
  double x = json_number_value(a), y = json_number_value(b);
  return json_is_number(a) && json_is_number(b) &&
         fabs(x - y) <= absolute + relative * fmax(fabs(x), fabs(y));
}

/* The first field that differs; NULL if none does. */
static const char *difference(const json_t *wanted, const json_t *got, int by_blas) {
  static const char *const fields[] = {"status", "iterations", "curve",    "trace", "batch",
                                       "train",  "validation", "policies", NULL};
  static const char *const scores[] = {"batch", "train", "validation", NULL};
  if (!by_blas) {
    for (const char *const *f = fields; *f; f++) {
      const json_t *w = json_object_get(wanted, *f), *g = json_object_get(got, *f);
      if ((w || g) && !json_equal(w, g))
        return *f;
    }
    return NULL;
  }
  if (!json_equal(json_object_get(wanted, "status"), json_object_get(got, "status")))
    return "status";
  if (strcmp(text_of(wanted, "status"), "diverged") == 0)
    return NULL; /* its last loss is no number */
  for (const char *const *s = scores; *s; s++) {
    const json_t *w = json_object_get(wanted, *s), *g = json_object_get(got, *s);
    if ((w || g) &&
        (!within(json_object_get(w, "loss"), json_object_get(g, "loss"), LOSS_WITHIN, 0) ||
         !within(json_object_get(w, "accuracy"), json_object_get(g, "accuracy"), 0, SHARE_WITHIN)))
      return *s;
  }
  return NULL;
}

/* "loss 0.0021, accuracy 0.9875", or the value as it stands. */
static void describe(char *text, size_t size, const json_t *result, const char *field) {
  char *json = json_dumps(json_object_get(result, field),
                          JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
  snprintf(text, size, "%s", json ? json : "none");
  free(json);
}

syn_status host_verify_compare(host_verification *v, host_likeness *out, const host_entry *e,
                               const json_t *record, syn_ctx *ctx) {
  char wanted[512], got[512];
  json_t *result = host_manifest_result(record, ctx);
  if (!result)
    return SYN_ENOMEM;
  const char *bits = difference(e->run, result, 0);
  const char *field = is_by_blas(e) ? difference(e->run, result, 1) : bits;
  *out = !bits ? HOST_SAME_BITS : field ? HOST_DIFFERENT : HOST_LIKE;
  if (field) {
    describe(wanted, sizeof wanted, e->run, field);
    describe(got, sizeof got, result, field);
    host_wrong("run %zu (key %.12s, page '%s') differs in its %s: the manifest says %s, here it is "
               "%s",
               e->number, e->key, e->page_name, field, wanted, got);
    v->wrong++;
  } else if (!v->all) {
    printf("run %zu (key %.12s, seed %lld, page '%s'): %s\n", e->number, e->key,
           (long long)json_integer_value(json_object_get(e->run, "seed")), e->page_name,
           !bits ? "the same bits" : "the same within the tolerance of gradient descent");
  }
  json_decref(result);
  return SYN_OK;
}

static syn_status compare(host_verification *v, const host_entry *e, const json_t *record,
                          syn_ctx *ctx) {
  host_likeness likeness;
  if (strcmp(text_of(record, "status"), "failed") != 0)
    return host_verify_compare(v, &likeness, e, record, ctx);
  host_wrong("run %zu (key %.12s, page '%s') failed here: %s", e->number, e->key, e->page_name,
             text_of(record, "error"));
  v->wrong++;
  return SYN_OK;
}

/* ---- computing --------------------------------------------------------------------------------- */

/* A synaptic run that looks at gradients has to do with both versions. */
static syn_status check_numerics(const host_entry *e, syn_ctx *ctx) {
  int cosine = json_number_value(json_object_get(configuration(e), "cosine")) > 0;
  const struct {
    int counts;
    const char *field, *of, *ours;
  } versions[] = {
      {!is_descent(e) || is_by_blas(e), "numerics", "", SYN_NUMERICS_VERSION},
      {is_descent(e) ? !is_by_blas(e) : cosine, "descent", " of gradients", SYN_DESCENT_VERSION},
  };
  for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
    const char *theirs = program_of(e, versions[i].field);
    if (versions[i].counts && strcmp(theirs, versions[i].ours) != 0)
      return syn_fail(ctx, SYN_EINPUT,
                      "page '%s' was computed with numerics %s%s, this program has %s: its bits "
                      "cannot be compared; the program of commit %s can",
                      e->page_name, *theirs ? theirs : "without a version", versions[i].of,
                      versions[i].ours, program_of(e, "commit"));
  }
  return SYN_OK;
}

syn_status host_verify_spec(host_verification *v, host_spec *spec, const host_entry *e,
                            syn_ctx *ctx) {
  json_t *asked = NULL;
  syn_status status = check_numerics(e, ctx);
  if (!status)
    status = host_manifest_spec(&asked, e->page, e->run, ctx);
  const char *digest = text_of(asked, "data");
  if (!status && *digest) {
    const char *name = find_images(v, e, digest);
    status = name ? SYN_OK : no_images(e, ctx);
    if (name)
      json_object_set_new(asked, "data", json_string(name));
  }
  if (!status && (status = host_spec_open(spec, v->h, asked, ctx))) {
    char line[SYN_ERROR_SIZE];
    memcpy(line, ctx->error, sizeof line);
    syn_fail(ctx, status, "run %zu cannot be asked for here: %s", e->number, line);
  }
  json_decref(asked);
  return status;
}

static syn_status compute(host_verification *v, const host_entry *const *list, size_t n,
                          const char *title, syn_ctx *ctx) {
  host_spec specs[BATCH] = {0};
  json_t *records[BATCH] = {0};
  syn_status status = SYN_OK;
  for (size_t i = 0; i < n && !status; i++)
    status = host_verify_spec(v, &specs[i], list[i], ctx);
  if (!status)
    status = host_schedule(records, v->h, v->store, specs, n, title, ctx);
  for (size_t i = 0; i < n && !status; i++)
    status = compare(v, list[i], records[i], ctx);
  for (size_t i = 0; i < n; i++) {
    host_spec_close(&specs[i]);
    json_decref(records[i]);
  }
  return status;
}

/* Runs of like length stand together, so that no core waits long. */
static int longest_first(const void *a, const void *b) {
  const host_entry *x = *(const host_entry *const *)a, *y = *(const host_entry *const *)b;
  return x->seconds != y->seconds ? (x->seconds < y->seconds) - (x->seconds > y->seconds)
                                  : (x->number > y->number) - (x->number < y->number);
}

static syn_status verify_all(host_verification *v, syn_ctx *ctx) {
  const host_entry **list = calloc(v->n + 1, sizeof *list);
  size_t n = 0, before = v->wrong;
  syn_status status = list ? SYN_OK : syn_fail_memory(ctx, "the runs of a manifest");
  for (size_t i = 0; i < v->n && !status; i++)
    if (!host_entry_failed(&v->entries[i]))
      list[n++] = &v->entries[i];
  for (size_t i = 0; i < n && !status; i++) /* told now, not after the first hour */
    if (!images_at_hand(v, list[i]))
      status = no_images(list[i], ctx);
  if (!status)
    qsort(list, n, sizeof *list, longest_first);
  for (size_t i = 0; i < n && !status; i += BATCH) {
    char title[96];
    size_t part = n - i < BATCH ? n - i : BATCH;
    snprintf(title, sizeof title, "runs %zu to %zu of %zu", i + 1, i + part, n);
    status = compute(v, list + i, part, title, ctx);
  }
  if (!status)
    printf("%zu of %zu run%s give%s the same result\n", n - (v->wrong - before), n, syn_s(n),
           n == 1 ? "s" : "");
  free(list);
  return status;
}

static syn_status verify_runs(host_verification *v, syn_ctx *ctx) {
  if (v->n == 0)
    return SYN_OK;
  if (v->all)
    return verify_all(v, ctx);
  char typed[128];
  snprintf(typed, sizeof typed, "--run %s", v->run ? v->run : "");
  const host_entry *e = v->run ? host_verify_choose(v, v->run, typed, ctx) : draw(v, ctx);
  if (!e)
    return v->run ? SYN_EINVAL : SYN_EINPUT;
  if (host_entry_failed(e))
    return syn_fail(ctx, SYN_EINVAL,
                    "run %zu failed when the report was made: there is nothing to "
                    "compare",
                    e->number);
  if (!v->run) {
    char folder[2 * PATH_MAX];
    printf("drawn: run %zu; `synlab verify %s --run %.12s` repeats it\n", e->number,
           host_word(folder, sizeof folder, v->folder), e->key);
  }
  fflush(stdout);
  return compute(v, &e, 1, "verify", ctx);
}

/* Into a store of its own, which is empty, so that nothing is taken from anywhere. */
syn_status host_verify_runs(host_verification *v, syn_ctx *ctx) {
  char store[HOST_STORE_SIZE];
  int lock;
  syn_status status = host_verify_store_open(store, &lock, ctx);
  if (status)
    return status;
  v->store = (host_store){store, host_store_remember()};
  status = v->store.memory ? verify_runs(v, ctx) : syn_fail_memory(ctx, "a run store");
  (void)host_store_forget(v->store.memory, NULL); /* it is removed */
  host_verify_store_close(store, lock);
  return status;
}
