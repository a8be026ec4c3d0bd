/* synlab store list: words that choose runs, such as seed=3 or policy=win_stay. */
#include <stdlib.h>
#include <string.h>

#include "engine/train/options.h"
#include "experiments/host/base/say.h"
#include "experiments/host/commands/store.h"
#include "experiments/host/run/labels.h"
#include "experiments/host/run/spec.h"

#define NAMES_MAX  255
#define OTHERS_MAX 10000 /* values that are counted */
#define TOLD       8     /* and told */

int host_is_filter(const char *word) {
  const char *equals = strchr(word, '=');
  return equals && !memchr(word, '/', (size_t)(equals - word));
}

/* ---- reading ----------------------------------------------------------------------------------- */

static int is_own(const char *name) {
  const char *const *own = host_label_names;
  while (*own && strcmp(*own, name) != 0)
    own++;
  return *own != NULL;
}

static int unknown(const char *name) {
  const char *names[NAMES_MAX + 1] = {0}, *near = host_option_meant(name);
  const syn_param *option;
  size_t n = 0;
  for (const char *const *own = host_label_names; *own; own++)
    names[n++] = *own;
  for (size_t i = 0; n < NAMES_MAX && (option = syn_option_at(i)); i++)
    names[n++] = option->name;
  near = near ? near : syn_nearest(name, names);
  if (near)
    return host_wrong("store list: no run has '%s'; did you mean '%s'?", name, near);
  return host_wrong("store list: no run has '%s'; `synlab options` lists what runs have; of a "
                    "policy's parameters write policy.%s=...",
                    name, name);
}

/* The choice that is typed. */
static int read_choice(store_filter *f, const syn_param *option) {
  const char *names[NAMES_MAX + 1] = {0}, *choice;
  char all[512] = "";
  size_t n = 0, used = 0;
  for (; n < NAMES_MAX && (choice = syn_param_choice(option, n)); n++) {
    names[n] = choice;
    if (strcmp(choice, f->value) == 0)
      return 0;
    if (used < sizeof all)
      used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", n ? ", " : "", choice);
  }
  const char *near = syn_nearest(f->value, names);
  return near ? host_wrong("store list: %s is never '%s'; did you mean '%s'?", f->name, f->value,
                           near)
              : host_wrong("store list: %s is never '%s'; it is one of %s", f->name, f->value, all);
}

int host_filter_read(store_filter *f, const char *word) {
  size_t n = strcspn(word, "=");
  char *end;
  *f = (store_filter){.value = word + n + 1};
  if (n == 0 || n >= sizeof f->own_name)
    return host_wrong("store list: '%s' is no choice of runs; write NAME=VALUE, as in seed=3",
                      word);
  memcpy(f->own_name, word, n);
  f->name = f->own_name;
  const syn_param *option = syn_option_find(f->name);
  int inside = strncmp(f->name, "policy.", 7) == 0 || strncmp(f->name, "reward.", 7) == 0;
  if (!option && !inside && !is_own(f->name))
    return unknown(f->name);
  if (!*f->value)
    return host_wrong("store list: %s= wants a value", f->name);
  if (option && option->kind == SYN_PARAM_CHOICE)
    return read_choice(f, option);
  f->number = strtod(f->value, &end);
  f->numeric = !*end && (!option || option->kind != SYN_PARAM_LIST);
  if (option && !f->numeric && option->kind != SYN_PARAM_LIST && option->kind != SYN_PARAM_TEXT)
    return host_wrong("store list: %s=%s: %s is a number", f->name, f->value, f->name);
  if (strcmp(f->name, "key") == 0)
    f->numeric = 0;
  return 0;
}

/* ---- choosing ---------------------------------------------------------------------------------- */

int host_filter_holds(store_filter *f, const json_t *record) {
  char text[512];
  json_t *value = host_label_value(record, f->name);
  int holds = 0;
  f->seen = f->seen || value;
  if (json_is_number(value))
    holds = f->numeric && json_number_value(value) == f->number;
  else if (json_is_object(value))
    holds = host_label_calls(value, f->value);
  else if (value)
    holds = strcmp(f->name, "key") == 0
                ? strncmp(json_string_value(value), f->value, strlen(f->value)) == 0
                : strcmp(host_label_text(text, sizeof text, value), f->value) == 0;
  f->held = f->held || holds;
  if (value && !f->held && f->others.n < OTHERS_MAX) {
    host_label_text(text, sizeof text, value);
    (void)host_texts_number(&f->others, text, strlen(text)); /* without memory fewer are told */
  }
  json_decref(value);
  return holds;
}

int host_filter_check(const store_filter *f) {
  if (f->seen || is_own(f->name) || syn_option_find(f->name))
    return 0;
  const char *names[NAMES_MAX + 1] = {"name"}, *own = strrchr(f->name, '.') + 1;
  size_t n = 1;
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++)
    for (const syn_param *row = (*c)->params; n < NAMES_MAX && row && row->name; row++)
      names[n++] = row->name;
  const char *near = syn_nearest(own, names);
  if (near && strcmp(near, own) != 0)
    return host_wrong("store list: no run here has '%s'; did you mean '%.*s%s'?", f->name,
                      (int)(own - f->name), f->name, near);
  return host_wrong("store list: no run here has '%s'; `synlab store show KEY` shows what one has",
                    f->name);
}

/* ---- values that no run has -------------------------------------------------------------------- */

/* Numbers by their size, then words. */
static int in_order(const void *a, const void *b) {
  const char *x = *(const char *const *)a, *y = *(const char *const *)b;
  char *end_x, *end_y;
  double p = strtod(x, &end_x), q = strtod(y, &end_y);
  if (!*end_x && !*end_y && p != q)
    return (p > q) - (p < q);
  return !*end_x != !*end_y ? (*end_x != 0) - (*end_y != 0) : strcmp(x, y);
}

void host_filter_tell(const store_filter *f) {
  size_t n = f->others.n;
  const char **list = f->held || n == 0 ? NULL : calloc(n, sizeof *list);
  if (!list)
    return;
  for (uint32_t i = 0; i < n; i++)
    list[i] = host_texts_at(&f->others, i + 1);
  qsort(list, n, sizeof *list, in_order);
  fprintf(stderr, "No run has %s=%s; there %s", f->name, f->value, n == 1 ? "is" : "are");
  if (strcmp(f->name, "key") == 0) {
    fprintf(stderr, " %zu other%s.\n", n, syn_s(n));
  } else if (n <= TOLD) {
    for (size_t i = 0; i < n; i++)
      fprintf(stderr, "%s %s", i ? "," : "", list[i]);
    fputs(".\n", stderr);
  } else {
    fprintf(stderr, " %zu%s values from %s to %s.\n", n, n == OTHERS_MAX ? " and more" : "",
            list[0], list[n - 1]);
  }
  free(list);
}

void host_filter_close(store_filter *f) {
  host_texts_close(&f->others);
}
