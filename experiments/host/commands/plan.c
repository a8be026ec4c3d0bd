/* synlab plan: the runs that are missing, as shell commands for whatever runs those; and synlab
 * work: one of them. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/commands/command.h"
#include "experiments/host/commands/slurm.h"
#include "experiments/host/run/plan.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/temporary.h"
#include "experiments/host/store/store.h"
#include "experiments/host/base/words.h"

#define TASKS        1000 /* of a job array: Slurm's own default has numbers below 1,001 */
#define TASKS_MAX    4000000
#define TASK_SECONDS 300

/* "figure1" of "experiments/figure1.lua", with nothing in it that a shell or Slurm could mind. */
static void name_of(char name[64], const char *script) {
  const char *slash = strrchr(script, '/');
  snprintf(name, 64, "%s", slash ? slash + 1 : script);
  char *end = strstr(name, ".lua");
  if (end)
    *end = '\0';
  for (char *c = name; *c; c++)
    if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", *c))
      *c = '_';
}

/* ---- plan -------------------------------------------------------------------------------------- */

/* What dead processes left of plans. The store is not touched: it may be another's, or only be read. */
static void sweep_plans(const host *h) {
  char plans[4096];
  if ((size_t)snprintf(plans, sizeof plans, "%s/plan", h->profile.out) < sizeof plans)
    host_temporary_sweep(plans);
}

/* Runs the scripts up to their first missing runs. What they print is no command: it goes to stderr
 * meanwhile. */
int host_plan_gather(host *h, size_t n) {
  int status = 0, results = dup(STDOUT_FILENO);
  if (results < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    return host_wrong("stdout is closed");
  for (size_t i = 0; i < n && !status; i++)
    status = host_run_script(h, h->words[i]);
  fflush(stdout);
  dup2(results, STDOUT_FILENO);
  close(results);
  return status;
}

/* Where this program lies, as a word of a shell. */
static syn_status find_program(char word[2 * PATH_MAX], syn_ctx *ctx) {
  char whole[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", whole, sizeof whole - 1);
  if (n <= 0)
    return syn_fail(ctx, SYN_EIO, "a plan: where this program lies cannot be told");
  whole[n] = '\0';
  host_quote(word, 2 * PATH_MAX, whole);
  return strchr(word, '\n')
             ? syn_fail(ctx, SYN_EINVAL, "a plan has a line a run: no path may have a line break")
             : SYN_OK;
}

/* The absolute path of the store, as the commands may be called from anywhere; "" where it is beside the plan. */
static syn_status find_store(char whole[PATH_MAX], const host *h, syn_ctx *ctx) {
  const char *store = h->profile.store;
  whole[0] = '\0';
  if (!store)
    return SYN_OK;
  int n = snprintf(whole, PATH_MAX, "%s", store);
  if (store[0] != '/' && !realpath(store, whole)) { /* it is made when a record comes */
    char *here = realpath(".", NULL);
    n = here ? snprintf(whole, PATH_MAX, "%s/%s", here, store) : -1;
    free(here);
  }
  return n >= 0 && n < PATH_MAX ? SYN_OK
                                : syn_fail(ctx, SYN_EINVAL, "'%.60s...': path too long", store);
}

/* " --store 'FOLDER'" for the commands; "" where there is none. */
static syn_status store_option(char option[2 * PATH_MAX], const char *whole, syn_ctx *ctx) {
  char word[2 * PATH_MAX];
  option[0] = '\0';
  if (!*whole)
    return SYN_OK;
  host_quote(word, sizeof word, whole);
  if (strchr(word, '\n') || strlen(word) + 16 > 2 * PATH_MAX)
    return syn_fail(ctx, SYN_EINVAL, "a plan has a line a run: no path may have a line break");
  snprintf(option, 2 * PATH_MAX, " --store %.*s", 2 * PATH_MAX - 16, word);
  return SYN_OK;
}

static syn_status print_array(const host *h, const host_run_arguments *asked, const char *program,
                              const char *file, const char *name, const char *store, int argc,
                              char **argv, syn_ctx *ctx) {
  size_t n = h->plan->n;
  double *seconds = calloc(n + 1, sizeof *seconds);
  if (!seconds)
    return syn_fail_memory(ctx, "a plan");
  for (size_t i = 0; i < n; i++)
    seconds[i] = h->plan->runs[i].seconds;
  host_shares shares = host_shares_of(seconds, n, asked->tasks, asked->task_seconds);
  const host_slurm job = {program, file, name, store};
  host_slurm_print(&shares, n, &job, argc, argv);
  free(seconds);
  return SYN_OK;
}

/* Writes the plan and prints what computes it. */
static syn_status hand_out(host *h, const host_run_arguments *asked, int argc, char **argv,
                           syn_ctx *ctx) {
  char program[2 * PATH_MAX], file[PATH_MAX], word[2 * PATH_MAX], store[2 * PATH_MAX], name[64];
  char whole[PATH_MAX];
  name_of(name, h->words[0]);
  syn_status status = find_program(program, ctx);
  if (!status)
    status = find_store(whole, h, ctx);
  if (!status)
    status = store_option(store, whole, ctx);
  h->plan->store = *whole ? whole : NULL;
  if (!status)
    status = host_plan_write(h->plan, file, h, name, ctx);
  h->plan->store = NULL;
  if (!status && asked->slurm)
    return print_array(h, asked, program, file, name, store, argc, argv, ctx);
  host_quote(word, sizeof word, status ? "" : file);
  for (size_t i = 1; i <= h->plan->n && !status; i++)
    printf("%s work %s %zu%s\n", program, word, i, store);
  return status;
}

static int finish(host *h, const host_run_arguments *asked, int argc, char **argv) {
  syn_ctx ctx = {0};
  size_t n = h->plan->n;
  syn_status status = n > 0 ? hand_out(h, asked, argc, argv, &ctx) : SYN_OK;
  if (status)
    return host_failed(status, &ctx);
  if (n == 0)
    fputs("No run is missing: `synlab run` finds them all in the store.\n", stderr);
  else
    fprintf(stderr, "%zu run%s to compute.\n", n, syn_s(n));
  if (h->plan->stopped)
    fputs("A script was stopped at its first missing runs: when they are done, plan again, as more "
          "may follow.\n",
          stderr);
  return 0;
}

/* What cannot be meant. */
static int check(const host *h, host_run_arguments *asked, int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    if (strchr(argv[i], '\n'))
      return host_wrong("plan: no path may have a line break, as the plan has a line a run");
  if (h->profile.fresh)
    return host_wrong(
        "plan: --fresh has no use here: a plan is of what %s/runs lacks; another --out "
        "computes all again",
        host_own_store(h).folder);
  if (!asked->slurm && (asked->tasks || asked->task_seconds >= 0))
    return host_wrong("plan: %s goes with --slurm, which is not given",
                      asked->tasks ? "--tasks" : "--task-seconds");
  asked->tasks = asked->tasks ? asked->tasks : TASKS;
  asked->task_seconds = asked->task_seconds >= 0 ? asked->task_seconds : TASK_SECONDS;
  return 0;
}

static int plan_main(host *h, const host_command *self, int argc, char **argv) {
  host_plan plan = {0};
  host_run_arguments asked = {.task_seconds = -1};
  size_t n = 0;
  int status = host_run_read(h, self, argc, argv, &n, &asked);
  if (!status)
    status = check(h, &asked, argc, argv);
  if (!status && asked.slurm && !(plan.paces = host_paces_open(1)))
    status = host_wrong("plan: not enough memory");
  h->plan = &plan;
  if (!status)
    sweep_plans(h);
  if (!status)
    status = host_plan_gather(h, n);
  if (!status)
    status = finish(h, &asked, argc, argv);
  h->plan = NULL;
  host_plan_close(&plan);
  return status;
}

static const host_flag flags[] = {
    {"--slurm", NULL,
     "print a job array for Slurm in place of commands, a script that `sbatch` takes; comments\n"
     "at its head say how",
     HOST_SWITCH, offsetof(host_run_arguments, slurm), 0, NULL},
    {"--tasks", "N",
     "the most tasks of that array (1000); where there are more runs, a task has several",
     HOST_WHOLE, offsetof(host_run_arguments, tasks), TASKS_MAX, NULL},
    {"--task-seconds", "S",
     "what a task is to take at least (300), by short runs together; 0: a run a task", HOST_SECONDS,
     offsetof(host_run_arguments, task_seconds), 0, NULL},
    {0},
};

const host_command host_command_plan = {
    .name = "plan",
    .summary = "the runs that are missing, as shell commands to compute them elsewhere",
    .synopsis = "synlab plan [--slurm ...] SCRIPT.lua... [options of run]",
    .about = "Prints one shell command a run that OUT/runs lacks, longest runs first, for any "
             "program that\n"
             "runs commands; then `synlab run SCRIPT.lua`, with the same options, finds the "
             "records. Where\n"
             "runs follow from the results of others, it says so: compute these, and plan again.\n"
             "\n"
             "  synlab plan SCRIPT.lua | parallel                        GNU parallel, all cores\n"
             "  synlab plan SCRIPT.lua | xargs -d '\\n' -n 1 -P 4 sh -c    xargs, four at a time\n"
             "  synlab plan --slurm SCRIPT.lua > job.sh && sbatch job.sh",
    .flags = flags,
    .more = host_run_flags,
    .after =
        "What the runs need is written to OUT/plan/NAME-DIGEST.jsonl, a line a run; `synlab "
        "work` computes\n"
        "them from there. The commands name the program and this file by absolute paths. Where "
        "no folder\n"
        "is shared, take the file along, work there, and bring the records back with `synlab "
        "merge`.",
    .main = plan_main,
};
