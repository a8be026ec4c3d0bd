/* Synapse rules in Lua: what there is, what one does, whether it keeps the contract, a try, a new
 * one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "experiments/host/commands/command.h"
#include "experiments/host/commands/luafile.h"
#include "experiments/host/bench/time.h"
#include "experiments/host/base/cores.h"
#include "experiments/host/run/rules.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/words.h"
#include "policies/tables/qvalues.h"
#include "policies/registry.h"

#define ITERATIONS 200             /* of a check */
#define OUT        "reports-rules" /* so that tries leave a report alone */

/* ---- list ------------------------------------------------------------------------------------ */

static syn_status print_rule(const char *shown, const char *path, syn_ctx *ctx) {
  syn_policy *policy;
  syn_status status = syn_rule_open(&policy, path, NULL, 0, ctx);
  if (!status)
    printf("  %-34s %s\n", shown, policy->type->summary);
  syn_policy_close(policy);
  return status;
}

static int list_rules(const host *h) {
  puts("Policies in C, by name:");
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++)
    printf("  %-34s %s\n", (*c)->name, (*c)->summary);
  puts("\nRules in Lua, by file:");
  return host_luafiles_list(h, "rule", print_rule);
}

/* ---- check ----------------------------------------------------------------------------------- */

/* On a terminal only, and no oftener than it can be read. */
static void show_progress(void *self, unsigned done, unsigned of) {
  double *last = self, time = syn_clock();
  if (time - *last < 0.2)
    return;
  *last = time;
  fprintf(stderr, "\rchecking: %u of %u iterations ", done, of);
  fflush(stderr);
}

static const char *const how_it_runs[] = {
    "a table that the engine's own kernel runs",
    "a table that the engine's own kernel runs, asked anew after each learn",
    "a step on whole vectors, layer by layer",
}; /* by syn_rule_kind */

static void print_report(const char *file, const syn_rule_report *r) {
  printf("%s: good. '%s', %s", file, r->name, host_rule_kinds[r->kind]);
  if (r->kind != SYN_RULE_LOCAL)
    printf(", history %u, %zu state%s", r->history, syn_states(r->history),
           syn_s(syn_states(r->history)));
  printf("; two equal instances agreed for %u iterations\n", r->iterations);
  printf("  runs as  %s\n", how_it_runs[r->kind]);
  printf("  costs    %.0f us an iteration at %zu synapses, %zu byte%s a synapse", r->microseconds,
         r->synapses, r->bytes, syn_s(r->bytes));
  if (r->bytes > 1)
    printf(", of which %zu last", r->kept);
  puts("");
  if (r->explores)
    puts("  explores by itself: epsilon = 0 adds nothing to that (rule try --epsilon 0)");
  for (size_t i = 0; i < SYN_RULE_WARNINGS && *r->warning[i]; i++)
    printf("  warning: %s\n", r->warning[i]);
}

static syn_status check_rule(const syn_rule_source *source, syn_ctx *ctx) {
  syn_rule_report report;
  double last = syn_clock();
  const syn_rule_watch watch = {show_progress, &last};
  int terminal = isatty(STDERR_FILENO);
  syn_status status = syn_rule_check(&report, source, ITERATIONS, terminal ? &watch : NULL, ctx);
  if (terminal)
    fputs("\r\033[K", stderr);
  if (!status)
    print_report(source->file, &report);
  return status;
}

/* ---- the command ----------------------------------------------------------------------------- */

/* What is typed behind `rule show` and the like. */
typedef struct typed {
  const char *out;
  int picture;
  unsigned seeds;
  int letters;
  double epsilon; /* below 0: as it is */
  const char *reward;
  size_t n; /* words: a file, a name, NAME=NUMBER */
} typed;

/* show and try are scripts: they print, draw and run like any experiment. In their global `arg` are
 * the words, and then the options that they know. */
static int run_script(host *h, const char *script, const typed *t) {
  char seeds[32], epsilon[48], reward[4200], *picture = (char[]){"--picture"},
                                             *letters = (char[]){"--letters"};
  char **arguments = calloc(t->n + 5, sizeof *arguments);
  if (!arguments)
    return host_wrong("not enough memory");
  h->profile.jobs = host_cores();
  h->profile.seeds = t->seeds;
  h->arguments = arguments;
  memcpy(arguments, h->words, t->n * sizeof *arguments);
  h->n_arguments = (int)t->n;
  snprintf(seeds, sizeof seeds, "--seeds=%u", t->seeds);
  if (t->picture)
    arguments[h->n_arguments++] = picture;
  snprintf(epsilon, sizeof epsilon, "--epsilon=%.17g", t->epsilon);
  if (strstr(script, "try"))
    arguments[h->n_arguments++] = seeds;
  if (t->letters)
    arguments[h->n_arguments++] = letters;
  if (t->epsilon >= 0)
    arguments[h->n_arguments++] = epsilon;
  snprintf(reward, sizeof reward, "--reward=%s", t->reward ? t->reward : "");
  if (t->reward)
    arguments[h->n_arguments++] = reward;
  int status = host_run_script(h, script);
  free(arguments);
  return status;
}

static int new_rule(const host *h, const char *name) {
  int status = host_luafile_new(h, "rule", "policies/skeleton.lua", name);
  size_t n = strlen(name);
  if (!status)
    printf("  synlab rule try %s%s\n", name,
           n > 4 && strcmp(name + n - 4, ".lua") == 0 ? "" : ".lua");
  return status;
}

static int run_command(host *h, const char *what, const typed *t) {
  if (strcmp(what, "list") == 0 && t->n == 0)
    return list_rules(h);
  if (strcmp(what, "check") == 0 && t->n > 0)
    return host_luafile_check(h, "rule", h->words, t->n, check_rule);
  if (strcmp(what, "new") == 0 && t->n == 1)
    return new_rule(h, h->words[0]);
  if (strcmp(what, "show") == 0 && t->n > 0)
    return run_script(h, "experiments/lib/rule/show.lua", t);
  if (strcmp(what, "try") == 0 && t->n > 0)
    return run_script(h, "experiments/lib/rule/try.lua", t);
  if (t->n == 0)
    return host_wrong("rule %s: which file?", what);
  return host_wrong("rule %s: `synlab rule --help` says what it takes", what);
}

static int rule_main(host *h, const host_command *self, int argc, char **argv) {
  if (host_part(self, argc, argv) < 0)
    return 2;
  typed t = {.out = OUT, .seeds = 5, .epsilon = -1};
  int status = host_arguments(h, self, &t, argc - 1, argv + 1, &t.n);
  h->profile.out = t.out;
  if (!status)
    status = run_command(h, argv[1], &t);
  return status;
}

static const char *const parts[] = {"list", "show", "check", "try", "new", NULL};

static const host_flag flags[] = {
    {"--picture", NULL, "draws its table (show)", HOST_SWITCH, offsetof(typed, picture), 0, "show"},
    {"--seeds", "N", "seeds of a try (5)", HOST_WHOLE, offsetof(typed, seeds), 100000, "try"},
    {"--letters", NULL, "tries it on the built-in letters (try)", HOST_SWITCH,
     offsetof(typed, letters), 0, "try"},
    {"--epsilon", "SHARE", "exploration that a try adds to the rule (0.25; 0.1 on letters)",
     HOST_SHARE, offsetof(typed, epsilon), 0, "try"},
    {"--reward", "FILE", "a reward in Lua that all policies of a try hear", HOST_FILE,
     offsetof(typed, reward), 0, "try"},
    {"--out", "DIR", "where pictures and runs go (" OUT ")", HOST_FOLDER, offsetof(typed, out), 0,
     "show try"},
    {0},
};

const host_command host_command_rule = {
    .name = "rule",
    .summary = "synapse rules in Lua: list, show, check, try, new",
    .synopsis =
        "synlab rule list                    policies and rules, a line each\n"
        "synlab rule show FILE [options]      its table: the action for every state\n"
        "synlab rule check FILE [NAME=NUMBER] does it load, and keep the contract?\n"
        "synlab rule try FILE [options]       the boundary task, beside the paper's policy\n"
        "synlab rule new NAME                 write NAME.lua, a commented skeleton",
    .about = "NAME=NUMBER is a parameter of the rule (show, check, try); several may follow.",
    .parts = parts,
    .takes_params = 1,
    .flags = flags,
    .after = "docs/writing-rules.md explains how a rule is written.",
    .main = rule_main,
};
