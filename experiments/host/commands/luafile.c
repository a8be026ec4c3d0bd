#include "experiments/host/commands/luafile.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/base/say.h"
#include "experiments/host/run/rules.h"

#define FILES_MAX  256
#define PARAMS_MAX 64
#define PARAM_SIZE 128 /* bytes of a name */

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of the files *.lua in a folder, sorted; the caller frees each. */
static size_t read_names(const char *folder, char *names[FILES_MAX]) {
  size_t n = 0;
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  while (dir && n < FILES_MAX && (entry = readdir(dir))) {
    const char *dot = strrchr(entry->d_name, '.');
    if (dot && strcmp(dot, ".lua") == 0 && (names[n] = strdup(entry->d_name)))
      n++;
  }
  if (dir)
    closedir(dir);
  qsort(names, n, sizeof *names, by_name);
  return n;
}

int host_luafiles_list(const host *h, const char *noun,
                       syn_status (*print)(const char *shown, const char *path, syn_ctx *ctx)) {
  char folder[5000], *names[FILES_MAX];
  int status = 0;
  snprintf(folder, sizeof folder, "%s/policies/%ss", h->home, noun);
  size_t n = read_names(folder, names);
  for (size_t i = 0; i < n; i++) {
    char path[5300], shown[300];
    syn_ctx ctx = {0};
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    snprintf(shown, sizeof shown, "policies/%ss/%s", noun, names[i]);
    if (print(shown, path, &ctx)) {
      status = 1;
      printf("  %-34s %s\n", shown, ctx.error);
    }
    free(names[i]);
  }
  return status;
}

/* NAME=NUMBER, n words; the names live in `names`. 0, or 2 after a line. */
static int read_params(syn_arg *args, char (*names)[PARAM_SIZE], const char *noun,
                       const char *const *words, size_t n) {
  if (n > PARAMS_MAX)
    return host_wrong("%s check: more than %d parameters", noun, PARAMS_MAX);
  for (size_t i = 0; i < n; i++) {
    const char *equals = strchr(words[i], '=');
    char *end = NULL;
    double x = equals ? strtod(equals + 1, &end) : 0;
    if (!equals || equals == words[i] || equals - words[i] >= PARAM_SIZE)
      return host_wrong("%s check: '%s' is no parameter: NAME=NUMBER", noun, words[i]);
    if (end == equals + 1 || *end)
      return host_wrong("%s check: %s: a parameter is a number", noun, words[i]);
    snprintf(names[i], PARAM_SIZE, "%.*s", (int)(equals - words[i]), words[i]);
    args[i] = (syn_arg){.name = names[i], .kind = SYN_ARG_NUMBER, .number = x};
  }
  return 0;
}

int host_luafile_check(host *h, const char *noun, const char *const *words, size_t n,
                       syn_status (*check)(const syn_rule_source *source, syn_ctx *ctx)) {
  char names[PARAMS_MAX][PARAM_SIZE], *text;
  syn_arg args[PARAMS_MAX];
  syn_rule_source source = {.file = words[0], .args = args, .n = n - 1};
  syn_ctx ctx = {0};
  if (read_params(args, names, noun, words + 1, n - 1))
    return 2;
  if (host_rule_text(h, noun, source.file, &text, &source.size, &ctx))
    return host_wrong("%s", ctx.error);
  source.text = text;
  syn_status status = check(&source, &ctx);
  free(text);
  if (!status)
    return 0;
  if (status != SYN_EINVAL)
    printf("%s: FAILS\n", source.file);
  host_wrong("%s", ctx.error);
  return status == SYN_EINVAL ? 2 : 1;
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
  char *text = host_read(place, NULL, &ctx), *filled = NULL;
  if (!text)
    return host_wrong("%s", ctx.error);
  FILE *file = open_memstream(&filled, &size);
  if (!file) {
    free(text);
    return host_failed(syn_fail_memory(&ctx, "a rule file"), &ctx);
  }
  for (char *rest = text, *mark; rest; rest = mark ? mark + 8 : NULL) {
    mark = strstr(rest, "SKELETON");
    fwrite(rest, 1, mark ? (size_t)(mark - rest) : strlen(rest), file);
    if (mark)
      fwrite(name, 1, n, file);
  }
  syn_status status = fclose(file) == 0 ? host_write(path, filled, size, &ctx)
                                        : syn_fail_memory(&ctx, "a rule file");
  free(filled);
  free(text);
  if (status)
    return host_failed(status, &ctx);
  printf("%s is written. Next:\n  synlab %s check %s\n", path, noun, path);
  return 0;
}
