/* synlab store diff: runs that one of two stores has alone, and those whose results differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/host/base/say.h"
#include "experiments/host/commands/store.h"
#include "experiments/host/run/labels.h"
#include "experiments/host/store/agree.h"

typedef struct difference {
  host_store a, b;
  size_t only_a, only_b, same, different, damaged;
} difference;

/* A run in some words. */
static void print_run(const char *head, const json_t *record) {
  char words[4][400];
  static const char *const names[] = {"task", "net", "policy", "seed"};
  for (int i = 0; i < 4; i++)
    host_label(words[i], sizeof words[i], record, names[i]);
  printf("%s  %.12s  %s  %s  %s  seed %s", head, json_string_value(json_object_get(record, "key")),
         words[0], words[1], words[2], words[3]);
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

static void print_difference(const json_t *ours, const json_t *theirs) {
  json_t *a = host_record_result(ours), *b = host_record_result(theirs);
  const json_t *x = a, *y = b;
  char name[256] = "", one[128], two[128];
  print_run("differs", ours);
  if (a && b && first_difference(name, sizeof name, &x, &y))
    printf(": %s %s, %s", name, host_label_text(one, sizeof one, x),
           host_label_text(two, sizeof two, y));
  putchar('\n');
  json_decref(a);
  json_decref(b);
}

/* The record, or NULL after a line. */
static json_t *read_record(difference *d, host_store store, const char *key) {
  json_t *record = NULL;
  syn_ctx ctx = {0};
  if (host_store_read(&record, store, key, &ctx))
    host_wrong("%s", ctx.error);
  else if (!record)
    host_wrong("%s: the record of %.12s is gone", store.folder, key);
  d->damaged += record == NULL;
  return record;
}

static void compare(difference *d, const char *key, int order) {
  json_t *a = order <= 0 ? read_record(d, d->a, key) : NULL,
         *b = order >= 0 ? read_record(d, d->b, key) : NULL;
  if (order < 0 && a) {
    print_run("only A ", a);
    putchar('\n');
    d->only_a++;
  } else if (order > 0 && b) {
    print_run("only B ", b);
    putchar('\n');
    d->only_b++;
  } else if (a && b) {
    int agree = host_records_agree(a, b);
    *(agree ? &d->same : &d->different) += 1;
    if (!agree)
      print_difference(a, b);
  }
  json_decref(a);
  json_decref(b);
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
    compare(d, order <= 0 ? a.list[i] : b.list[j], order);
    i += order <= 0;
    j += order >= 0;
  }
  free(a.list);
  free(b.list);
  return status;
}

int host_store_diff(host *h, const store_arguments *a, const char *const *words, size_t n) {
  difference d = {0};
  syn_ctx ctx = {0};
  (void)h;
  (void)a;
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
  if (status)
    return host_failed(status, &ctx);
  printf("%zu only in %s, %zu only in %s, %zu different, %zu the same", d.only_a, d.a.folder,
         d.only_b, d.b.folder, d.different, d.same);
  if (d.damaged)
    printf(", %zu damaged", d.damaged);
  putchar('\n');
  return d.only_a + d.only_b + d.different + d.damaged > 0;
}
