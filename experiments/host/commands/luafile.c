#include "experiments/host/commands/luafile.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/base/say.h"
#include "policies/rule.h"

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t host_luafiles(const char *folder, char *names[HOST_LUAFILES_MAX]) {
  size_t n = 0;
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  while (dir && n < HOST_LUAFILES_MAX && (entry = readdir(dir))) {
    const char *dot = strrchr(entry->d_name, '.');
    if (dot && strcmp(dot, ".lua") == 0 && (names[n] = strdup(entry->d_name)))
      n++;
  }
  if (dir)
    closedir(dir);
  qsort(names, n, sizeof *names, by_name);
  return n;
}

int host_luaparams(syn_arg *args, char (*names)[HOST_LUAPARAM_SIZE], const char *noun,
                   const char *const *words, size_t n) {
  if (n > HOST_LUAPARAMS_MAX)
    return host_wrong("%s check: more than %d parameters", noun, HOST_LUAPARAMS_MAX);
  for (size_t i = 0; i < n; i++) {
    const char *equals = strchr(words[i], '=');
    char *end = NULL;
    double x = equals ? strtod(equals + 1, &end) : 0;
    if (!equals || equals == words[i] || equals - words[i] >= HOST_LUAPARAM_SIZE)
      return host_wrong("%s check: '%s' is no parameter: NAME=NUMBER", noun, words[i]);
    if (end == equals + 1 || *end)
      return host_wrong("%s check: %s: a parameter is a number", noun, words[i]);
    snprintf(names[i], HOST_LUAPARAM_SIZE, "%.*s", (int)(equals - words[i]), words[i]);
    args[i] = (syn_arg){.name = names[i], .kind = SYN_ARG_NUMBER, .number = x};
  }
  return 0;
}

int host_luafile_new(const host *h, const char *noun, const char *skeleton, const char *name) {
  char path[300], place[5000];
  size_t n = strlen(name), size;
  if (n > 4 && strcmp(name + n - 4, ".lua") == 0)
    n -= 4;
  if (n == 0 || strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "0123456789_-") < n)
    return host_wrong("%s new: '%s' is no name; letters, digits, _ and - make one", noun, name);
  if (n > SYN_RULE_NAME_MAX)
    return host_wrong("%s new: a name has at most %d characters, and '%.*s' has %zu", noun,
                      SYN_RULE_NAME_MAX, (int)n, name, n);
  snprintf(path, sizeof path, "%.*s.lua", (int)n, name);
  if (access(path, F_OK) == 0)
    return host_wrong("%s new: %s is there already and stays as it is; take another name", noun,
                      path);
  snprintf(place, sizeof place, "%s/%s", h->home, skeleton);
  syn_ctx ctx = {0};
  char *text = host_read(place, &size, &ctx);
  FILE *file = text ? tmpfile() : NULL;
  if (!file) {
    free(text);
    return host_wrong("%s", text ? "no temporary file" : ctx.error);
  }
  for (char *rest = text, *mark; rest; rest = mark ? mark + 8 : NULL) {
    mark = strstr(rest, "SKELETON");
    fwrite(rest, 1, mark ? (size_t)(mark - rest) : strlen(rest), file);
    if (mark)
      fwrite(name, 1, n, file);
  }
  size = (size_t)ftell(file);
  rewind(file);
  char *filled = malloc(size + 1);
  syn_status status = filled && fread(filled, 1, size, file) == size
                          ? host_write(path, filled, size, &ctx)
                          : syn_fail_memory(&ctx, "a rule file");
  fclose(file);
  free(filled);
  free(text);
  if (status)
    return host_failed(status, &ctx);
  printf("%s is written. Next:\n  synlab %s check %s\n", path, noun, path);
  return 0;
}
