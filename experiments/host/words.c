#include "experiments/host/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/host/host.h"

#define OPTIONS_MAX 32 /* of a command */

/* ---- arguments --------------------------------------------------------------------------------- */

static int unknown(const char *command, const host_argument *table, const char *typed) {
  const char *names[OPTIONS_MAX + 1] = {0};
  char flag[64];
  size_t n = 0;
  for (; table[n].name && n < OPTIONS_MAX; n++)
    names[n] = table[n].name;
  snprintf(flag, sizeof flag, "%.*s", (int)strcspn(typed, "="), typed);
  const char *near = syn_nearest(flag, names);
  return near ? host_wrong("%s: no option is named '%s'; did you mean '%s'?", command, flag, near)
              : host_wrong("%s: no option is named '%s'; `synlab %s --help` says what it takes",
                           command, flag, command);
}

static int whole_number(const host_argument *option, const char *text) {
  char *end;
  errno = 0;
  unsigned long v = strtoul(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || errno || *end || v < 1 || v > option->most)
    return host_wrong("%s %s: must be a whole number from 1 to %u", option->name, text,
                      option->most);
  *(unsigned *)option->to = (unsigned)v;
  return 0;
}

static int seconds(const host_argument *option, const char *text) {
  char *end;
  errno = 0;
  double v = strtod(text, &end);
  if (text[strspn(text, "0123456789.eE+-")] || errno || *end || end == text || !(v >= 0 && v <= 1e6))
    return host_wrong("%s %s: must be seconds, from 0 to 1e6", option->name, text);
  *(double *)option->to = v;
  return 0;
}

/* `text` is one of argv. */
static int take(const char *command, const host_argument *option, char *text) {
  if (!text || !*text)
    return host_wrong("%s: %s wants a value", command, option->name);
  if (option->kind == HOST_WHOLE)
    return whole_number(option, text);
  if (option->kind == HOST_SECONDS)
    return seconds(option, text);
  if (option->kind == HOST_WORDS) {
    host_words *words = option->to;
    if (words->n == words->room)
      return host_wrong("%s: %s stands more than %zu times", command, option->name, words->room);
    words->list[words->n++] = text;
    return 0;
  }
  *(const char **)option->to = option->kind == HOST_FOLDER ? host_trim(text) : text;
  return 0;
}

static const host_argument *find(const host_argument *table, const char *typed) {
  size_t n = strcspn(typed, "=");
  for (; table->name; table++)
    if (strlen(table->name) == n && strncmp(table->name, typed, n) == 0)
      return table;
  return NULL;
}

/* The option at argv[*i]; *i moves to its value, if that is a word of its own. */
static int read_option(const char *command, const host_argument *option, int argc, char **argv,
                       int *i) {
  char *value = strchr(argv[*i], '=');
  if (option->kind == HOST_FLAG && value)
    return host_wrong("%s: %s takes no value", command, option->name);
  if (option->kind == HOST_FLAG) {
    *(int *)option->to = 1;
    return 0;
  }
  if (value)
    value++;
  else if (*i + 1 < argc && strncmp(argv[*i + 1], "--", 2) != 0)
    value = argv[++*i];
  return take(command, option, value);
}

int host_arguments(const char *command, const host_argument *table, int argc, char **argv,
                   const char **plain, size_t *n) {
  const char *given[OPTIONS_MAX] = {0};
  int wrong = 0;
  *n = 0;
  for (int i = 1; i < argc && !wrong; i++) {
    if (strcmp(argv[i], "--") == 0) {
      while (++i < argc)
        plain[(*n)++] = argv[i];
      break;
    }
    if (argv[i][0] != '-' || argv[i][1] == '\0') {
      plain[(*n)++] = argv[i];
      continue;
    }
    const host_argument *option = find(table, argv[i]);
    if (!option)
      return unknown(command, table, argv[i]);
    if (given[option - table] && option->kind != HOST_FLAG && option->kind != HOST_WORDS)
      return host_wrong("%s: %s is given twice", command, option->name);
    given[option - table] = option->name;
    wrong = read_option(command, option, argc, argv, &i);
  }
  return wrong;
}

/* ---- what is printed to be typed again --------------------------------------------------------- */

char *host_quote(char *out, size_t size, const char *text) {
  size_t n = 0;
  out[n++] = '\'';
  for (; *text && n + 6 < size; text++)
    if (*text == '\'') {
      memcpy(out + n, "'\\''", 4);
      n += 4;
    } else {
      out[n++] = *text;
    }
  out[n++] = '\'';
  out[n] = '\0';
  return out;
}

char *host_word(char *out, size_t size, const char *text) {
  size_t plain = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "_-./=,:+@%^");
  if (!*text || text[plain])
    return host_quote(out, size, text);
  snprintf(out, size, "%s", text);
  return out;
}

/* ---- paths ------------------------------------------------------------------------------------- */

char *host_trim(char *path) {
  for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
    path[n - 1] = '\0';
  return path;
}

void host_last_name(char *out, size_t size, const char *path) {
  size_t end = strlen(path);
  while (end > 1 && path[end - 1] == '/')
    end--;
  size_t begin = end;
  while (begin > 0 && path[begin - 1] != '/')
    begin--;
  snprintf(out, size, "%.*s", (int)(end - begin), path + begin);
  char *real = strcmp(out, ".") && strcmp(out, "..") ? NULL : realpath(path, NULL);
  if (real)
    host_last_name(out, size, real);
  free(real);
}
