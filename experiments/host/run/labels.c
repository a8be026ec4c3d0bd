#include "experiments/host/run/labels.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/options.h"
#include "engine/train/task.h"
#include "experiments/host/base/words.h"
#include "experiments/host/run/key.h"

const char *const host_label_names[] = {"key", "status", "policy", "reward", "data", NULL};

/* ---- values ------------------------------------------------------------------------------------ */

/* The default of an option in runs of the task and method that the record has; NULL: it has none. */
static json_t *default_value(const json_t *spec, const char *name) {
  const syn_param *option = syn_option_find(name);
  const char *task = json_string_value(json_object_get(spec, "task")),
             *method = json_string_value(json_object_get(spec, "method"));
  syn_options chosen = {0}, defaults;
  syn_ctx ctx = {0};
  if (!option || !task || !method || syn_options_set_text(&chosen, "task", task, &ctx) ||
      syn_options_set_text(&chosen, "method", method, &ctx))
    return NULL;
  syn_options_default(&defaults, chosen.task, (syn_method)chosen.method);
  return host_option_value(&defaults, option);
}

/* What stands at a.b.c in an object, borrowed. */
static json_t *walk(const json_t *object, const char *path) {
  char part[256];
  const json_t *at = object;
  while (at && *path) {
    size_t n = strcspn(path, ".");
    snprintf(part, sizeof part, "%.*s", (int)n, path);
    at = json_object_get(at, part);
    path += n + (path[n] == '.');
  }
  return (json_t *)(uintptr_t)at;
}

json_t *host_label_value(const json_t *record, const char *name) {
  const json_t *spec = json_object_get(record, "spec");
  if (strcmp(name, "key") == 0 || strcmp(name, "status") == 0)
    return json_incref(json_object_get(record, name));
  if (strcmp(name, "data") == 0)
    return json_incref(json_object_get(json_object_get(record, "data"), "name"));
  json_t *value = walk(spec, name);
  if (!value && strncmp(name, "policy.", 7) == 0) /* as in studies: one of the policy inside */
    value = walk(json_object_get(json_object_get(spec, "policy"), "inner"), name + 7);
  return value ? json_incref(value) : default_value(spec, name);
}

/* ---- words ------------------------------------------------------------------------------------- */

static void number_text(char *out, size_t size, double v) {
  for (int digits = 1; digits <= 17; digits++) {
    snprintf(out, size, "%.*g", digits, v);
    if (strtod(out, NULL) == v)
      break;
  }
  if (v == (double)(int64_t)v && v > -1e15 && v < 1e15)
    snprintf(out, size, "%lld", (long long)v);
}

/* The name of a policy without those inside. */
static void name_of(char *out, size_t size, const json_t *policy) {
  const char *class = json_string_value(json_object_get(policy, "name")),
             *file = json_string_value(json_object_get(policy, "file"));
  class = class ? class : "?";
  if (!file || (strcmp(class, "rule") != 0 && strcmp(class, "reward") != 0)) {
    snprintf(out, size, "%s", class);
    return;
  }
  char name[4096];
  host_last_name(name, sizeof name, file);
  size_t n = strlen(name);
  if (n > 4 && strcmp(name + n - 4, ".lua") == 0)
    name[n - 4] = '\0';
  snprintf(out, size, "%s", name);
}

static void policy_text(char *out, size_t size, const json_t *policy) {
  const char *name;
  json_t *value;
  name_of(out, size, policy);
  json_object_foreach((json_t *)(uintptr_t)policy, name, value) {
    size_t n = strlen(out);
    if (!json_is_object(value) || n + 3 > size)
      continue;
    out[n] = '(';
    policy_text(out + n + 1, size - n - 2, value);
    n = strlen(out);
    memcpy(out + n, ")", 2);
  }
}

char *host_label_text(char *out, size_t size, const json_t *value) {
  size_t i, n = 0;
  json_t *entry;
  if (json_is_number(value)) {
    number_text(out, size, json_number_value(value));
  } else if (json_is_string(value)) {
    snprintf(out, size, "%s", json_string_value(value));
  } else if (json_is_object(value)) {
    policy_text(out, size, value);
  } else if (json_is_array(value)) {
    snprintf(out, size, "-");
    json_array_foreach(value, i, entry) {
      if (n < size)
        n += (size_t)snprintf(out + n, size - n, "%s%.10g", i ? "-" : "", json_number_value(entry));
    }
  } else {
    snprintf(out, size, "-");
  }
  for (char *c = out; *c; c++) /* of file names */
    *c = (unsigned char)*c < ' ' ? '?' : *c;
  return out;
}

char *host_label(char *out, size_t size, const json_t *record, const char *name) {
  json_t *value = host_label_value(record, name);
  host_label_text(out, size, value);
  json_decref(value);
  return out;
}

int host_label_calls(const json_t *policy, const char *word) {
  char text[512];
  const char *name;
  json_t *value;
  int called = 0;
  if (strcmp(host_label_text(text, sizeof text, policy), word) == 0)
    return 1;
  if (!json_is_object(policy))
    return 0;
  name_of(text, sizeof text, policy);
  if (strcmp(text, word) == 0)
    return 1;
  json_object_foreach((json_t *)(uintptr_t)policy, name, value) {
    called = called || (json_is_object(value) && host_label_calls(value, word));
  }
  return called;
}
