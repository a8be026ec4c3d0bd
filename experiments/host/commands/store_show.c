/* synlab store show: one record, readable. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/options.h"
#include "engine/train/task.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/base/say.h"
#include "experiments/host/commands/store.h"
#include "experiments/host/run/labels.h"
#include "experiments/host/store/lines.h"
#include "experiments/host/store/scan.h"

#define DIGITS   (SYN_DIGEST_SIZE - 1)
#define FEW      5  /* keys that an ambiguous beginning may have */
#define NUMBERS  12 /* of a list that is printed whole */
#define LONG_ONE 72 /* characters of a text */

typedef struct search {
  const host_store *store;
  char begins[SYN_DIGEST_SIZE];
  size_t digits;
  host_lines keys; /* that begin so */
  json_t *record;  /* owned: the newest whole one of the first of them */
  char place[4400], damage[4402 + HOST_LINE_WHY];
} search;

static int is_known(const search *s, const unsigned char key[32]) {
  return host_lines_find(&s->keys, key) != HOST_NO_LINE;
}

static syn_status see(void *self, const host_seen *seen, syn_ctx *ctx) {
  search *s = self;
  host_line line = {0};
  char place[4400];
  if (seen->kind == HOST_SEEN_UNREADABLE) {
    host_seen_place(place, sizeof place, *s->store, seen);
    host_wrong("%s: %s", place, seen->why);
  }
  if (!seen->key[0] || strncmp(seen->key, s->begins, s->digits) != 0)
    return SYN_OK;
  host_key_bytes(line.key, seen->key);
  if (!is_known(s, line.key) && !host_lines_add(&s->keys, &line))
    return syn_fail_memory(ctx, "keys");
  if (memcmp(s->keys.list[0].key, line.key, 32) != 0)
    return SYN_OK;
  if (seen->kind != HOST_SEEN_WHOLE) {
    host_seen_place(place, sizeof place, *s->store, seen);
    snprintf(s->damage, sizeof s->damage, "%s: %s", place, seen->why);
    return SYN_OK;
  }
  if (s->record && !seen->line)
    return SYN_OK; /* the pack counts */
  json_decref(s->record);
  s->record = json_incref(seen->record);
  host_seen_place(s->place, sizeof s->place, *s->store, seen);
  return SYN_OK;
}

/* ---- printing ---------------------------------------------------------------------------------- */

static void print_text(const char *name, const char *text) {
  size_t lines = 1;
  char digest[SYN_DIGEST_SIZE];
  for (const char *c = text; *c; c++)
    lines += *c == '\n' && c[1];
  if (lines == 1 && strlen(text) <= LONG_ONE && !strchr(text, '\n')) {
    printf("  %-28s %s\n", name, text);
    return;
  }
  syn_digest_bytes(digest, text, strlen(text));
  printf("  %-28s %zu line%s, sha256 %.12s; --json shows it\n", name, lines, syn_s(lines), digest);
}

static void print_list(const char *name, const json_t *list) {
  char text[64];
  size_t n = json_array_size(list);
  printf("  %-28s", name);
  for (size_t i = 0; i < n; i++) {
    if (n > NUMBERS && i == NUMBERS / 2) {
      printf(" ...");
      i = n - NUMBERS / 2;
    }
    const json_t *entry = json_array_get(list, i);
    if (json_is_real(entry))
      printf(" %.6g", json_real_value(entry));
    else
      printf(" %s", host_label_text(text, sizeof text, entry));
  }
  if (n > NUMBERS)
    printf(" (%zu)", n);
  putchar('\n');
}

static void print_value(const char *name, const json_t *value) {
  char text[512], inner[320];
  const char *own;
  json_t *part;
  if (json_is_object(value))
    json_object_foreach((json_t *)(uintptr_t)value, own, part) {
      snprintf(inner, sizeof inner, "%s.%s", name, own);
      print_value(inner, part);
    }
  else if (json_is_array(value))
    print_list(name, value);
  else if (json_is_string(value))
    print_text(name, json_string_value(value));
  else
    printf("  %-28s %s\n", name, host_label_text(text, sizeof text, value));
}

/* Task and method, and what is not as it is by itself. */
static void print_options(const json_t *record) {
  const json_t *spec = json_object_get(record, "spec");
  json_t *bare = json_pack("{s:{s:O*, s:O*}}", "spec", "task", json_object_get(spec, "task"),
                           "method", json_object_get(spec, "method"));
  const char *name;
  json_t *value;
  size_t usual = 0;
  puts("options");
  json_object_foreach((json_t *)(uintptr_t)spec, name, value) {
    json_t *by_itself = syn_option_find(name) ? host_label_value(bare, name) : NULL;
    int same = by_itself && strcmp(name, "task") != 0 && strcmp(name, "method") != 0 &&
               json_equal(by_itself, value);
    usual += (size_t)same;
    if (!same && !json_is_object(value))
      print_value(name, value);
    json_decref(by_itself);
  }
  json_object_foreach((json_t *)(uintptr_t)spec, name, value) {
    if (json_is_object(value))
      print_value(name, value);
  }
  printf("  and %zu at their defaults\n", usual);
  json_decref(bare);
}

static void print_record(const search *s) {
  const char *name;
  json_t *value;
  printf("key %s\n", json_string_value(json_object_get(s->record, "key")));
  printf("in  %s\n", s->place);
  print_options(s->record);
  puts("result");
  json_object_foreach(s->record, name, value) {
    if (strcmp(name, "key") != 0 && strcmp(name, "spec") != 0)
      print_value(name, value);
  }
}

/* ---- the part ---------------------------------------------------------------------------------- */

static int say_ambiguous(const search *s) {
  char few[FEW * 20] = "", key[SYN_DIGEST_SIZE];
  size_t n = 0;
  for (uint32_t i = 0; i < s->keys.n && i < FEW; i++) {
    host_key_text(key, s->keys.list[i].key);
    n += (size_t)snprintf(few + n, sizeof few - n, "%s%.*s", i ? ", " : "", 16, key);
  }
  return host_wrong("store show: %u keys of %s begin with '%s': %s%s; write more of it", s->keys.n,
                    s->store->folder, s->begins, few, s->keys.n > FEW ? ", ..." : "");
}

static int show(search *s, int json) {
  syn_ctx ctx = {0};
  syn_status status = host_scan(*s->store, see, s, &ctx);
  if (status)
    return host_failed(status, &ctx);
  if (s->keys.n > 1)
    return say_ambiguous(s);
  if (s->keys.n == 0)
    return host_wrong(
        "store show: no key of %s begins with '%s'; `synlab store list %s` lists them",
        s->store->folder, s->begins, s->store->folder);
  if (!s->record) {
    host_wrong("%s", s->damage);
    return 1;
  }
  if (!json) {
    print_record(s);
    return 0;
  }
  return host_json_print(s->record) ? 0 : host_failed(syn_fail_memory(&ctx, "a record"), &ctx);
}

static int may_be_key(const char *word) {
  size_t n = strlen(word);
  return n <= DIGITS && strspn(word, "0123456789abcdef") == n;
}

int host_store_show(host *h, const store_arguments *a, const char *const *words, size_t n) {
  if (n == 0 || n > 2)
    return host_wrong("store show: which run? `synlab store show [STORE] KEY`");
  const char *key = words[n - 1];
  search s = {.digits = strlen(key)};
  if (!may_be_key(key))
    return host_wrong("store show: '%s' is no key nor the beginning of one: up to %d of the digits "
                      "0 to 9 and a to f%s",
                      key, DIGITS,
                      n == 2 && may_be_key(words[0]) ? "; STORE stands before KEY" : "");
  memcpy(s.begins, key, s.digits);
  host_store store = {host_store_named("show", n == 2 ? words[0] : h->profile.out), NULL};
  if (!store.folder)
    return 2;
  s.store = &store;
  int status = show(&s, a->json);
  json_decref(s.record);
  host_lines_close(&s.keys);
  return status;
}
