/* Synapse rules in Lua: what there is, what one does, whether it keeps the contract, a try, a new
 * one. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/cores.h"
#include "experiments/host/rules.h"
#include "policies/registry.h"

#define RULES_MAX  256
#define ITERATIONS 200 /* of a check */

/* ---- list ------------------------------------------------------------------------------------ */

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of the files *.lua in a folder, sorted; the caller frees each. */
static size_t list_folder(const char *folder, char *names[RULES_MAX]) {
  size_t n = 0;
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  while (dir && n < RULES_MAX && (entry = readdir(dir))) {
    const char *dot = strrchr(entry->d_name, '.');
    if (dot && strcmp(dot, ".lua") == 0 && (names[n] = strdup(entry->d_name)))
      n++;
  }
  if (dir)
    closedir(dir);
  qsort(names, n, sizeof *names, by_name);
  return n;
}

static int list_rules(host *h) {
  char folder[5000], *names[RULES_MAX];
  int status = 0;
  puts("Policies in C, by name:");
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++)
    printf("  %-34s %s\n", (*c)->name, (*c)->summary);
  puts("\nRules in Lua, by file:");
  snprintf(folder, sizeof folder, "%s/policies/rules", h->home);
  size_t n = list_folder(folder, names);
  for (size_t i = 0; i < n; i++) {
    char path[5300], shown[300];
    syn_policy *policy;
    syn_ctx ctx = {0};
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    snprintf(shown, sizeof shown, "policies/rules/%s", names[i]);
    if (syn_rule_open(&policy, path, NULL, 0, &ctx)) {
      status = 1;
      printf("  %-34s %s\n", shown, ctx.error);
    } else {
      printf("  %-34s %s\n", shown, policy->class->summary);
      policy->class->close(policy);
    }
    free(names[i]);
  }
  return status;
}

/* ---- check ----------------------------------------------------------------------------------- */

static int check_rule(host *h, const char *file) {
  char place[8192];
  size_t size;
  syn_ctx ctx = {0};
  syn_policy *policy;
  char *text = host_read(host_find(h, file, place, sizeof place), &size, &ctx);
  if (!text)
    return host_wrong("%s", ctx.error);
  syn_status status = syn_rule_check(file, text, size, NULL, 0, ITERATIONS, &ctx);
  if (status == SYN_OK)
    status = syn_rule_open_text(&policy, file, text, size, NULL, 0, &ctx);
  free(text);
  if (status) {
    printf("%s: FAILS\n", file);
    host_wrong("%s", ctx.error);
    return 1;
  }
  const syn_rule_info *info = syn_rule_describe(policy);
  printf("%s: good. '%s', %s", file, info->name, host_rule_kinds[info->kind]);
  if (info->kind != SYN_RULE_LOCAL)
    printf(", history %u, %zu states", info->history,
           (size_t)policy->class->table(policy)->locals * policy->class->table(policy)->locals);
  printf("; two equal instances agreed for %d iterations\n", ITERATIONS);
  policy->class->close(policy);
  return 0;
}

/* ---- new ------------------------------------------------------------------------------------- */

/* Writes NAME.lua from the skeleton, in which every SKELETON stands for the name. */
static int new_rule(host *h, const char *name) {
  char path[300], place[5000];
  size_t n = strlen(name), size;
  if (n > 4 && strcmp(name + n - 4, ".lua") == 0)
    n -= 4;
  if (n == 0 || n > 200 ||
      strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                   "0123456789_-") < n)
    return host_wrong("rule new: '%s' is no name; letters, digits, _ and - make one", name);
  snprintf(path, sizeof path, "%.*s.lua", (int)n, name);
  if (access(path, F_OK) == 0)
    return host_wrong("rule new: %s is there already", path);
  snprintf(place, sizeof place, "%s/policies/skeleton.lua", h->home);
  syn_ctx ctx = {0};
  char *text = host_read(place, &size, &ctx);
  FILE *file = text ? tmpfile() : NULL;
  if (!file) {
    free(text);
    return host_wrong("%s", text ? "rule new: no temporary file" : ctx.error);
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
  printf("%s is written. Next:\n  synlab rule check %s\n  synlab rule try %s\n", path, path, path);
  return 0;
}

/* ---- the command ----------------------------------------------------------------------------- */

/* show and try are scripts: they print, draw and run like any experiment. */
static int run_script(host *h, const char *script, int argc, char **argv) {
  h->profile.jobs = host_cores();
  h->profile.seeds = 5;
  for (int i = 0; i < argc; i++) {
    if (strncmp(argv[i], "--out=", 6) == 0)
      h->profile.out = argv[i] + 6;
    else if (strcmp(argv[i], "--out") == 0 && i + 1 < argc)
      h->profile.out = argv[i + 1];
  }
  if (!*h->profile.out)
    return host_wrong("rule: --out wants a value");
  h->arguments = argv;
  h->n_arguments = argc;
  return host_run_script(h, script);
}

int cmd_rule(host *h, int argc, char **argv) {
  static const char *const names[] = {"list", "show", "check", "try", "new", NULL};
  const char *what = argc > 1 ? argv[1] : "";
  if (strcmp(what, "list") == 0 && argc == 2)
    return list_rules(h);
  if (strcmp(what, "check") == 0 && argc == 3)
    return check_rule(h, argv[2]);
  if (strcmp(what, "new") == 0 && argc == 3)
    return new_rule(h, argv[2]);
  if (strcmp(what, "show") == 0 && argc > 2)
    return run_script(h, "experiments/lib/rule_show.lua", argc - 2, argv + 2);
  if (strcmp(what, "try") == 0 && argc > 2)
    return run_script(h, "experiments/lib/rule_try.lua", argc - 2, argv + 2);
  for (const char *const *name = names; *name; name++)
    if (strcmp(*name, what) == 0)
      return host_wrong("rule %s: `synlab rule --help` says what it takes", what);
  const char *near = syn_nearest(what, names);
  return near ? host_wrong("rule has no '%s'; did you mean '%s'?", what, near)
              : host_wrong("rule: list, show, check, try or new; `synlab rule --help` says more");
}
