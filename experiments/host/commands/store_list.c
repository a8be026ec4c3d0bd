/* synlab store list: the runs of a store, a line each. A record is looked at and forgotten; what is kept of
 * it is a row. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/grow.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/texts.h"
#include "experiments/host/commands/store.h"
#include "experiments/host/commands/store_columns.h"
#include "experiments/host/run/labels.h"
#include "experiments/host/store/kept.h"
#include "experiments/host/store/lines.h"
#include "experiments/host/store/names.h"
#include "experiments/host/store/scan.h"

#define FILTERS_MAX 32
#define KIND_SIZE   400
#define FIXED       67 /* characters of a line without its words, with the spaces between */

/* What many runs share, in words: "task\0method\0net\0policy\0reward\0data\0status". */
enum { TASK, METHOD, NET, POLICY, REWARD, DATA, STATUS, KIND_WORDS };
static const char *const kind_names[KIND_WORDS] = {"task",   "method", "net",   "policy",
                                                   "reward", "data",   "status"};

typedef struct row {
  unsigned char key[32];
  double seed, asked, done, accuracy, loss, seconds; /* NAN: there is none */
  uint32_t kind, number;                             /* number: from 0 on, as the columns know it */
  int shown; /* 0: another line of the key took its place, or a filter leaves it out */
} row;

typedef struct listing {
  const host_store *store;
  store_filter filters[FILTERS_MAX];
  size_t n_filters;
  row *rows; /* owned */
  size_t n, room;
  host_lines index; /* `at`: the row */
  host_texts kinds;
  store_columns columns;
  size_t damaged, runs;
} listing;

/* ---- kinds ------------------------------------------------------------------------------------- */

/* The number of the kind that a record is of; HOST_NO_TEXT: not enough memory. */
static uint32_t kind_of(listing *l, const json_t *record) {
  char words[KIND_WORDS * KIND_SIZE];
  size_t n = 0;
  for (int i = 0; i < KIND_WORDS; i++)
    n += strlen(host_label(words + n, KIND_SIZE, record, kind_names[i])) + 1;
  return host_texts_number(&l->kinds, words, n);
}

static const char *word_of(const listing *l, const row *r, int which) {
  const char *word = host_texts_at(&l->kinds, r->kind);
  while (which-- > 0)
    word += strlen(word) + 1;
  return word;
}

/* What stands in the column of policies: a run without one is of a method that has none. */
static const char *policy_of(const listing *l, const row *r) {
  const char *policy = word_of(l, r, POLICY);
  return strcmp(policy, "-") == 0 ? word_of(l, r, METHOD) : policy;
}

/* ---- rows -------------------------------------------------------------------------------------- */

static double number_at(const json_t *object, const char *name) {
  const json_t *value = json_object_get(object, name);
  return json_is_number(value) ? json_number_value(value) : NAN;
}

static double option(const json_t *record, const char *name) {
  json_t *value = host_label_value(record, name);
  double number = json_is_number(value) ? json_number_value(value) : NAN;
  json_decref(value);
  return number;
}

static int fill(row *r, listing *l, const json_t *record) {
  const json_t *train = json_object_get(record, "train");
  r->seed = option(record, "seed");
  r->asked = option(record, "iterations");
  r->done = number_at(record, "iterations");
  r->accuracy = number_at(train, "accuracy");
  r->loss = number_at(train, "loss");
  r->seconds = number_at(record, "seconds");
  r->shown = 1;
  for (size_t i = 0; i < l->n_filters; i++)
    r->shown = host_filter_holds(&l->filters[i], record) && r->shown;
  return (!r->shown || (r->kind = kind_of(l, record)) != HOST_NO_TEXT) &&
         store_columns_take(&l->columns, r->number, record);
}

/* The row of a key, a new one if it has none; NULL: not enough memory. */
static row *row_of(listing *l, const unsigned char key[32]) {
  uint32_t line = host_lines_find(&l->index, key);
  if (line != HOST_NO_LINE)
    return &l->rows[l->index.list[line].at];
  if (!syn_grow(&l->rows, &l->room, l->n + 1, sizeof *l->rows))
    return NULL;
  host_line entry = {.at = l->n};
  memcpy(entry.key, key, 32);
  if (!host_lines_add(&l->index, &entry))
    return NULL;
  row *r = &l->rows[l->n++];
  *r = (row){.number = (uint32_t)l->n - 1};
  memcpy(r->key, key, 32);
  return r;
}

static syn_status see(void *self, const host_seen *seen, syn_ctx *ctx) {
  listing *l = self;
  unsigned char key[32];
  if (seen->kind == HOST_SEEN_CUT)
    return SYN_OK; /* no record yet, or never one */
  if (seen->kind != HOST_SEEN_WHOLE) {
    char place[4400];
    host_seen_place(place, sizeof place, *l->store, seen);
    host_wrong("%s: %s; it is left out", place, seen->why);
    l->damaged++;
    return SYN_OK;
  }
  host_key_bytes(key, seen->key);
  if (!seen->line && host_lines_find(&l->index, key) != HOST_NO_LINE)
    return SYN_OK; /* the pack counts */
  row *r = row_of(l, key);
  return r && fill(r, l, seen->record) ? SYN_OK : syn_fail_memory(ctx, "a list of runs");
}

/* ---- order ------------------------------------------------------------------------------------- */

static int by_number(double a, double b) {
  if (isnan(a) || isnan(b))
    return isnan(a) - isnan(b);
  return (a > b) - (a < b);
}

/* Task, method, network, policy, reward, data; then iterations, seed. */
static int in_order(const void *a, const void *b, void *self) {
  const row *x = a, *y = b;
  const listing *l = self;
  if (x->shown != y->shown)
    return y->shown - x->shown;
  if (!x->shown)
    return 0;
  for (int i = 0; i < STATUS && x->kind != y->kind; i++) {
    int order = strcmp(word_of(l, x, i), word_of(l, y, i));
    if (order)
      return order;
  }
  int order = by_number(x->asked, y->asked);
  order = order ? order : by_number(x->seed, y->seed);
  return order ? order : memcmp(x->key, y->key, 32);
}

/* ---- printing ---------------------------------------------------------------------------------- */

static json_t *real(double v) {
  return isfinite(v) ? json_real(v) : json_null();
}

static int print_json(listing *l, const row *r) {
  char key[SYN_DIGEST_SIZE];
  host_key_text(key, r->key);
  json_t *line = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "key", key, "seed",
                           real(r->seed), "iterations", real(r->asked), "done", real(r->done),
                           "accuracy", real(r->accuracy), "loss", real(r->loss), "seconds",
                           real(r->seconds), "options", store_columns_json(&l->columns, r->number));
  for (int i = 0; i < KIND_WORDS; i++) {
    const char *word = word_of(l, r, i);
    json_object_set_new(line, kind_names[i],
                        strcmp(word, "-") == 0 ? json_null() : json_string(word));
  }
  static const char *const whole[] = {"seed", "iterations", "done", NULL};
  for (const char *const *name = whole; *name; name++) {
    double v = json_number_value(json_object_get(line, *name));
    if (json_is_real(json_object_get(line, *name)) && v == (double)(json_int_t)v)
      json_object_set_new(line, *name, json_integer((json_int_t)v));
  }
  int ok = line && host_json_print(line);
  json_decref(line);
  return ok;
}

/* Columns as wide as what stands in them. */
static void measure(int widths[KIND_WORDS], const listing *l) {
  for (int i = 0; i < KIND_WORDS; i++)
    widths[i] = (int)strlen(kind_names[i]);
  for (size_t run = 0; run < l->runs; run++)
    for (int i = 0; i < KIND_WORDS; i++) {
      int n = (int)strlen(i == POLICY ? policy_of(l, &l->rows[run]) : word_of(l, &l->rows[run], i));
      widths[i] = n > widths[i] ? n : widths[i];
    }
}

static void print_row(listing *l, const int widths[KIND_WORDS], const row *r) {
  char key[SYN_DIGEST_SIZE], result[32] = "-";
  host_key_text(key, r->key);
  if (isfinite(r->accuracy))
    snprintf(result, sizeof result, "%.2f %%", 100 * r->accuracy);
  else if (isfinite(r->loss))
    snprintf(result, sizeof result, "loss %.4g", r->loss);
  printf("%.12s  %-*s  %-*s  %-*s  %-*s  %6.0f", key, widths[STATUS], word_of(l, r, STATUS),
         widths[TASK], word_of(l, r, TASK), widths[NET], word_of(l, r, NET), widths[POLICY],
         policy_of(l, r), r->seed);
  store_columns_print(stdout, &l->columns, r->number);
  printf("  %10.0f  %12s  %9.2f\n", r->done, result, isnan(r->seconds) ? 0 : r->seconds);
}

static void print_head(const listing *l, const int widths[KIND_WORDS]) {
  printf("%-12s  %-*s  %-*s  %-*s  %-*s  %6s", "key", widths[STATUS], "status", widths[TASK],
         "task", widths[NET], "net", widths[POLICY], "policy", "seed");
  store_columns_head(stdout, &l->columns);
  printf("  %10s  %12s  %9s\n", "done", "result", "seconds");
}

/* What varies among the runs that are shown, beside what each line has. 0: not enough memory. */
static int choose_columns(listing *l, const int widths[KIND_WORDS], size_t width) {
  size_t used = FIXED + (size_t)(widths[STATUS] + widths[TASK] + widths[NET] + widths[POLICY]);
  int asked = 0; /* some run was not done as it was asked for */
  uint32_t *rows = malloc((l->runs + 1) * sizeof *rows);
  for (size_t i = 0; i < l->runs && rows; i++) {
    rows[i] = l->rows[i].number;
    asked = asked || l->rows[i].asked != l->rows[i].done;
  }
  int ok = rows &&
           store_columns_choose(&l->columns, rows, l->runs, asked, width > used ? width - used : 0);
  free(rows);
  return ok;
}

static int print_all(listing *l, int json, size_t width) {
  int widths[KIND_WORDS], ok = 1;
  measure(widths, l);
  if (!json && l->runs > 0) {
    ok = choose_columns(l, widths, width);
    if (ok)
      print_head(l, widths);
  }
  for (size_t run = 0; run < l->runs && ok; run++) {
    if (json)
      ok = print_json(l, &l->rows[run]);
    else
      print_row(l, widths, &l->rows[run]);
  }
  return ok;
}

/* ---- what is under way -------------------------------------------------------------------------- */

/* One that has a checkpoint, in a line on stderr; 0: it has its record, or there is nothing to go on from. */
static int tell_kept(const listing *l, const char *name) {
  char key[SYN_DIGEST_SIZE], path[4400], plan[256];
  host_kept kept;
  syn_ctx why = {0};
  if (!host_name_key(key, name, ".checkpoint") || host_lines_of(&l->index, key) != HOST_NO_LINE)
    return 0;
  snprintf(path, sizeof path, "%s/runs/%s", l->store->folder, name);
  if (host_kept_read(&kept, path, key, &why)) {
    host_wrong("%s", why.error);
    return 0;
  }
  fprintf(stderr, "%.12s has a checkpoint and no record: %u iteration%s, %.0f s", key, kept.done,
          syn_s(kept.done), kept.spent);
  if (host_store_plan_of(plan, l->store->folder, key))
    fprintf(stderr, "; in plan/%s", plan);
  fputc('\n', stderr);
  host_kept_close(&kept);
  return 1;
}

static void tell_all_kept(const listing *l) {
  char runs[4200];
  size_t n = 0;
  host_names names = {0};
  snprintf(runs, sizeof runs, "%s/runs", l->store->folder);
  int folder = open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  syn_ctx ctx = {0};
  if (folder < 0 || host_names_read(&names, folder, runs, NULL, &ctx))
    return; /* it was read just now */
  for (size_t i = 0; i < names.n; i++)
    n += (size_t)tell_kept(l, names.list[i]->d_name);
  if (n > 0)
    fprintf(stderr, "%zu run%s with a checkpoint and no record.\n", n, syn_s(n));
  host_names_close(&names);
  close(folder);
}

/* ---- the part ---------------------------------------------------------------------------------- */

static int list(listing *l, const store_arguments *a) {
  syn_ctx ctx = {0};
  syn_status status = host_scan(*l->store, see, l, &ctx);
  size_t all = l->n;
  if (status)
    return host_failed(status, &ctx);
  for (size_t i = 0; i < l->n_filters && all > 0; i++)
    if (host_filter_check(&l->filters[i]))
      return 2;
  for (size_t i = 0; i < l->n; i++)
    l->runs += (size_t)l->rows[i].shown;
  if (l->n > 0)
    qsort_r(l->rows, l->n, sizeof *l->rows, in_order, l);
  if (!print_all(l, a->json, store_columns_width(a->width)))
    return host_failed(syn_fail_memory(&ctx, "a list of runs"), &ctx);
  fflush(stdout);
  if (l->n_filters)
    fprintf(stderr, "%zu of %zu run%s.\n", l->runs, all, syn_s(all));
  else
    fprintf(stderr, "%zu run%s.\n", all, syn_s(all));
  tell_all_kept(l);
  for (size_t i = 0; i < l->n_filters; i++)
    host_filter_tell(&l->filters[i]);
  if (!a->json && l->runs > 0)
    store_columns_rest(stderr, &l->columns);
  return l->damaged > 0;
}

static void listing_close(listing *l) {
  for (size_t i = 0; i < l->n_filters; i++)
    host_filter_close(&l->filters[i]);
  host_texts_close(&l->kinds);
  store_columns_close(&l->columns);
  free(l->rows);
  host_lines_close(&l->index);
}

int host_store_list(host *h, const store_arguments *a, const char *const *words, size_t n) {
  listing l = {0};
  const char *folder = NULL;
  for (size_t i = 0; i < n; i++) {
    if (!host_is_filter(words[i]) && folder)
      return host_wrong("store list: '%s' and '%s': one store at a time; NAME=VALUE chooses runs",
                        folder, words[i]);
    if (!host_is_filter(words[i]))
      folder = words[i];
    else if (l.n_filters == FILTERS_MAX)
      return host_wrong("store list: more than %d choices of runs", FILTERS_MAX);
    else if (host_filter_read(&l.filters[l.n_filters++], words[i]))
      return 2;
  }
  host_store store = {host_store_named("list", folder ? folder : h->profile.out), NULL};
  if (!store.folder)
    return 2;
  l.store = &store;
  int status = list(&l, a);
  listing_close(&l);
  return status;
}
