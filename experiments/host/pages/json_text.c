#include "experiments/host/pages/json_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static size_t skip_space(host_text t, size_t at) {
  while (at < t.n && strchr(" \t\r\n", t.at[at]))
    at++;
  return at;
}

/* Behind the text that begins at `at`; 0: it has no end. */
static size_t skip_string(host_text t, size_t at) {
  for (at++; at < t.n && t.at[at] != '"'; at++)
    at += t.at[at] == '\\';
  return at < t.n ? at + 1 : 0;
}

/* Behind the value that begins at `at`; 0: it has no end. */
static size_t skip_value(host_text t, size_t at) {
  size_t depth = 0;
  while (at < t.n) {
    char c = t.at[at];
    if (c == '"') {
      if (!(at = skip_string(t, at)))
        return 0;
    } else if (c == '{' || c == '[') {
      depth++;
      at++;
    } else if (depth > 0 && (c == '}' || c == ']')) {
      depth--;
      at++;
    } else if (depth > 0) {
      at++;
      continue;
    } else {
      while (at < t.n && !strchr(",}] \t\r\n", t.at[at]))
        at++;
      return at;
    }
    if (depth == 0)
      return at;
  }
  return 0;
}

int host_json_next(host_text *name, host_text *value, host_text object, size_t *at) {
  size_t from = skip_space(object, *at);
  if (from < object.n && object.at[from] == (*at ? ',' : '{'))
    from = skip_space(object, from + 1);
  else
    return 0;
  if (from >= object.n || object.at[from] != '"')
    return 0;
  size_t end = skip_string(object, from), begin = end ? skip_space(object, end) : 0;
  if (!end || begin >= object.n || object.at[begin] != ':')
    return 0;
  begin = skip_space(object, begin + 1);
  size_t behind = skip_value(object, begin);
  if (behind <= begin)
    return 0;
  *name = (host_text){object.at + from, end - from};
  *value = (host_text){object.at + begin, behind - begin};
  *at = behind;
  return 1;
}

int host_json_member(host_text *value, host_text object, const char *wanted) {
  json_t *text = json_string(wanted);
  char *quoted = text ? json_dumps(text, JSON_ENCODE_ANY) : NULL;
  host_text name;
  int found = 0;
  for (size_t at = 0; quoted && !found && host_json_next(&name, value, object, &at);)
    found = name.n == strlen(quoted) && memcmp(name.at, quoted, name.n) == 0;
  free(quoted);
  json_decref(text);
  return found;
}
