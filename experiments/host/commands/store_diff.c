/* synlab store diff: runs that one of two stores has alone, and those whose results differ. They are printed
 * when all were looked at, as only then is it known in which options they differ from each other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/grow.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/base/say.h"
#include "experiments/host/commands/store.h"
#include "experiments/host/commands/store_columns.h"
#include "experiments/host/run/labels.h"
#include "experiments/host/store/agree.h"

enum place { ONLY_A, ONLY_B, DIFFERS };
static const char *const heads[] = {"only A ", "only B ", "differs"};
static const char *const sides[] = {"A", "B", "both"};

typedef struct found {
  char key[SYN_DIGEST_SIZE];
  enum place where;
  char *words;  /* owned: the run in some words */
  char *result; /* owned: "train.loss 0.1, 0.2" where results differ, or NULL */
} found;

typedef struct difference {
  host_store a, b;
  found *list; /* owned */
  size_t n, room;
  store_columns columns; /* by place in the list */
  size_t only_a, only_b, same, different, damaged;
} difference;

/* A run in some words, which the caller frees; NULL: not enough memory. */
static char *words_of(const json_t *record) {
  char words[4][400], *all = NULL;
  static const char *const names[] = {"task", "net", "policy", "seed"};
  for (int i = 0; i < 4; i++)
    host_label(words[i], sizeof words[i], record, names[i]);
  return asprintf(&all, "%s  %s  %s  seed %s", words[0], words[1], words[2], words[3]) < 0 ? NULL
                                                                                           : all;
}

/* The first value that is not the same in both, by its name (size), with them; 0: there is none. */
static int first_difference(char *name, size_t size, const json_t **x, const json_t **y) {
  const char *own;
  json_t *part;
  size_t n = strlen(name), i;
  const json_t *a = *x, *b = *y;
  if (json_equal(a, b))
    return 0;
  for (int turn = 0; turn < 2 && json_is_object(a) && json_is_object(b); turn++)
    json_object_foreach((json_t *)(uintptr_t)(turn ? b : a), own, part) {
      *x = json_object_get(a, own);
      *y = json_object_get(b, own);
      snprintf(name + n, size - n, "%s%s", n ? "." : "", own);
      if (first_difference(name, size, x, y))
        return 1;
    }
  if (json_is_array(a) && json_is_array(b) && json_array_size(a) == json_array_size(b))
    json_array_foreach(a, i, part) {
      *x = part;
      *y = json_array_get(b, i);
      snprintf(name + n, size - n, "[%zu]", i + 1);
      if (first_difference(name, size, x, y))
        return 1;
    }
  name[n] = '\0';
  *x = a;
  *y = b;
  return 1;
}

/* "train.loss 0.1, 0.2", which the caller frees; NULL: there is none. */
static char *difference_of(const json_t *ours, const json_t *theirs) {
  json_t *a = host_record_result(ours), *b = host_record_result(theirs);
  const json_t *x = a, *y = b;
  char name[256] = "", one[128], two[128], *all = NULL;
  if (a && b && first_difference(name, sizeof name, &x, &y) &&
      asprintf(&all, "%s %s, %s", name, host_label_text(one, sizeof one, x),
               host_label_text(two, sizeof two, y)) < 0)
    all = NULL;
  json_decref(a);
  json_decref(b);
  return all;
}

/* The record, or NULL after a line. */
static json_t *read_record(difference *d, host_store store, const char *key) {
  json_t *record = NULL;
  syn_ctx ctx = {0};
  if (host_store_read(&record, store, key, &ctx))
    host_wrong("%s; it is left out", ctx.error);
  else if (!record)
    host_wrong("%s: the record of %.12s is gone", store.folder, key);
  d->damaged += record == NULL;
  return record;
}

/* One more to be printed. 0: not enough memory. */
static int note(difference *d, enum place where, const json_t *record, char *result) {
  if (!syn_grow(&d->list, &d->room, d->n + 1, sizeof *d->list)) {
    free(result);
    return 0;
  }
  found *f = &d->list[d->n++];
  *f = (found){.where = where, .words = words_of(record), .result = result};
  snprintf(f->key, sizeof f->key, "%s", json_string_value(json_object_get(record, "key")));
  return f->words && store_columns_take(&d->columns, d->n - 1, record);
}

static int compare(difference *d, const char *key, int order) {
  json_t *a = order <= 0 ? read_record(d, d->a, key) : NULL,
         *b = order >= 0 ? read_record(d, d->b, key) : NULL;
  int ok = 1;
  if (order < 0 && a) {
    ok = note(d, ONLY_A, a, NULL);
    d->only_a++;
  } else if (order > 0 && b) {
    ok = note(d, ONLY_B, b, NULL);
    d->only_b++;
  } else if (a && b) {
    int agree = host_records_agree(a, b);
    *(agree ? &d->same : &d->different) += 1;
    if (!agree)
      ok = note(d, DIFFERS, a, difference_of(a, b));
  }
  json_decref(a);
  json_decref(b);
  return ok;
}

static syn_status walk(difference *d, syn_ctx *ctx) {
  host_keys a = {0}, b = {0};
  size_t strange_a = 0, strange_b = 0;
  syn_status status = host_store_keys(&a, &strange_a, d->a, ctx);
  if (!status)
    status = host_store_keys(&b, &strange_b, d->b, ctx);
  d->damaged = strange_a + strange_b;
  for (size_t i = 0, j = 0; !status && (i < a.n || j < b.n);) {
    int order = i == a.n ? 1 : j == b.n ? -1 : strcmp(a.list[i], b.list[j]);
    if (!compare(d, order <= 0 ? a.list[i] : b.list[j], order))
      status = syn_fail_memory(ctx, "runs that differ");
    i += order <= 0;
    j += order >= 0;
  }
  free(a.list);
  free(b.list);
  return status;
}

/* ---- printing ---------------------------------------------------------------------------------- */

static int print_json(difference *d, size_t i) {
  const found *f = &d->list[i];
  json_t *line = json_pack("{s:s, s:s, s:s*, s:o}", "key", f->key, "in", sides[f->where],
                           "difference", f->result, "options", store_columns_json(&d->columns, i));
  int ok = line && host_json_print(line);
  json_decref(line);
  return ok;
}

static int print_found(difference *d, size_t i) {
  const found *f = &d->list[i];
  printf("%s  %.12s  %s", heads[f->where], f->key, f->words);
  store_columns_words(stdout, &d->columns, i);
  if (f->result)
    printf(": %s", f->result);
  putchar('\n');
  return 1;
}

/* What varies among the runs, in lines of this width. 0: not enough memory. */
static int choose_columns(difference *d, size_t width) {
  size_t used = 0;
  uint32_t *rows = malloc((d->n + 1) * sizeof *rows);
  for (size_t i = 0; i < d->n && rows; i++) {
    size_t n = sizeof "only A   0123456789ab  " + strlen(d->list[i].words);
    rows[i] = (uint32_t)i;
    used = n > used ? n : used;
  }
  int ok =
      rows && store_columns_choose(&d->columns, rows, d->n, 1, width > used ? width - used : 0);
  free(rows);
  return ok;
}

static int print_all(difference *d, const store_arguments *a) {
  int ok = a->json || choose_columns(d, store_columns_width(a->width));
  for (size_t i = 0; i < d->n && ok; i++)
    ok = a->json ? print_json(d, i) : print_found(d, i);
  fflush(stdout);
  return ok;
}

/* With --json stdout has lines of JSON alone. */
static void print_counts(const difference *d, FILE *out) {
  fprintf(out, "%zu only in %s, %zu only in %s, %zu different, %zu the same", d->only_a,
          d->a.folder, d->only_b, d->b.folder, d->different, d->same);
  if (d->damaged)
    fprintf(out, ", %zu damaged", d->damaged);
  putc('\n', out);
}

static void difference_close(difference *d) {
  for (size_t i = 0; i < d->n; i++) {
    free(d->list[i].words);
    free(d->list[i].result);
  }
  free(d->list);
  store_columns_close(&d->columns);
}

int host_store_diff(host *h, const store_arguments *a, const char *const *words, size_t n) {
  difference d = {.columns = {.in_words = 1}};
  syn_ctx ctx = {0};
  (void)h;
  if (n != 2)
    return host_wrong("store diff: two stores are compared: `synlab store diff A B`");
  if (!(d.a.folder = host_store_named("diff", words[0])) ||
      !(d.b.folder = host_store_named("diff", words[1])))
    return 2;
  d.a.memory = host_store_remember();
  d.b.memory = host_store_remember();
  syn_status status = d.a.memory && d.b.memory ? walk(&d, &ctx) : syn_fail_memory(&ctx, "stores");
  (void)host_store_forget(d.a.memory, NULL); /* nothing was written */
  (void)host_store_forget(d.b.memory, NULL);
  if (!status && !print_all(&d, a))
    status = syn_fail_memory(&ctx, "runs that differ");
  if (!status)
    print_counts(&d, a->json ? stderr : stdout);
  if (!status && !a->json)
    store_columns_rest(stderr, &d.columns);
  difference_close(&d);
  if (status)
    return host_failed(status, &ctx);
  return d.only_a + d.only_b + d.different + d.damaged > 0;
}
