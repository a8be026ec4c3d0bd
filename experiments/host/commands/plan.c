/* synlab plan: the runs that are missing, as shell commands for whatever runs those; and synlab
 * work: one of them. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/commands/command.h"
#include "experiments/host/store/claim.h"
#include "experiments/host/run/plan.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/words.h"

#define ARRAY_MAX 1000 /* tasks of a job array: Slurm's own default allows 1,001 */

/* ---- a job array for Slurm --------------------------------------------------------------------- */

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

/* The command as it was typed, with `verb` for "plan" and without --slurm. */
static void print_command(const char *verb, int argc, char **argv) {
  char word[2 * PATH_MAX];
  int options = 1;
  printf("synlab %s", verb);
  for (int i = 1; i < argc; i++) {
    options = options && strcmp(argv[i], "--") != 0;
    if (!options || strcmp(argv[i], "--slurm") != 0)
      printf(" %s", host_word(word, sizeof word, argv[i]));
  }
  putchar('\n');
}

static void print_head(size_t n, size_t tasks, const char *script, int argc, char **argv) {
  char name[64];
  name_of(name, script);
  printf(
      "#!/bin/sh\n"
      "# A job array for Slurm, of runs that are missing in the store: %zu run%s in %zu task%s.\n"
      "#\n"
      "# This script was printed by       ",
      n, syn_s(n), tasks, syn_s(tasks));
  print_command("plan --slurm", argc, argv);
  printf("# Submit it:                       sbatch THIS_FILE\n"
         "# Then, when the array has ended:  ");
  print_command("run", argc, argv);
  printf(
      "#   which takes the records from the store, computes what failed, and writes the page.\n"
      "#   Where runs follow from the results of others, plan and submit again first.\n"
      "#\n"
      "# The nodes need, under the same paths: this program, the images if the runs have any, and\n"
      "# the folder of the plan, in which they may write: records go into runs/ beside it.\n"
      "#\n"
      "# One core a task. sbatch takes more options, such as --partition, --time, --mem,\n"
      "# --output, --array=1-%zu%%20 (twenty at a time), --array=3,7 (these again). A task whose\n"
      "# record is there has nothing to do, so all of it may be submitted again.\n"
      "#SBATCH --job-name=synlab-%s\n"
      "#SBATCH --array=1-%zu\n"
      "#SBATCH --ntasks=1\n"
      "#SBATCH --cpus-per-task=1\n\n",
      tasks, name, tasks);
}

static void print_body(size_t tasks, const char *program, const char *file) {
  char word[2 * PATH_MAX];
  printf("task=${SLURM_ARRAY_TASK_ID:?is set by sbatch}\n"
         "plan=%s\n"
         "[ -r \"$plan\" ] || { echo \"$plan: this node does not see it\" >&2; exit 2; }\n"
         "exec %s work \"$plan\" --task \"$task/%zu\"\n",
         host_quote(word, sizeof word, file), program, tasks);
}

static void print_array(const host *h, const char *program, const char *file, int argc,
                        char **argv) {
  size_t n = h->plan->n, tasks = n < ARRAY_MAX ? n : ARRAY_MAX;
  print_head(n, tasks, h->words[0], argc, argv);
  print_body(tasks, program, file);
}

/* ---- plan -------------------------------------------------------------------------------------- */

/* Runs the scripts up to their first missing runs. What they print is no command: it goes to stderr
 * meanwhile. */
static int gather(host *h, size_t n) {
  int status = 0, results = dup(STDOUT_FILENO);
  if (results < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    return host_wrong("plan: stdout is closed");
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

/* Writes the plan and prints what computes it. */
static syn_status hand_out(host *h, int slurm, int argc, char **argv, syn_ctx *ctx) {
  char program[2 * PATH_MAX], file[PATH_MAX], word[2 * PATH_MAX], name[64];
  name_of(name, h->words[0]);
  syn_status status = find_program(program, ctx);
  if (!status)
    status = host_plan_write(h->plan, file, h, name, ctx);
  if (!status && slurm)
    print_array(h, program, file, argc, argv);
  host_quote(word, sizeof word, status ? "" : file);
  for (size_t i = 1; i <= h->plan->n && !status && !slurm; i++)
    printf("%s work %s %zu\n", program, word, i);
  return status;
}

static int finish(host *h, int slurm, int argc, char **argv) {
  syn_ctx ctx = {0};
  size_t n = h->plan->n;
  syn_status status = n > 0 ? hand_out(h, slurm, argc, argv, &ctx) : SYN_OK;
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

static int plan_main(host *h, const host_command *self, int argc, char **argv) {
  host_plan plan = {0};
  size_t n = 0;
  int slurm = 0;
  int status = host_run_read(h, self, argc, argv, &n, &slurm);
  for (int i = 1; i < argc && !status; i++)
    if (strchr(argv[i], '\n'))
      status = host_wrong("plan: no path may have a line break, as the plan has a line a run");
  if (!status && h->profile.fresh)
    status = host_wrong("plan: --fresh has no use here; remove %s/runs to compute all again",
                        h->profile.out);
  h->plan = &plan;
  if (!status)
    host_clean_store(host_own_store(h));
  if (!status)
    status = gather(h, n);
  if (!status)
    status = finish(h, slurm, argc, argv);
  h->plan = NULL;
  host_plan_close(&plan);
  return status;
}

static const host_flag flags[] = {
    {"--slurm", NULL, "a job-array script for sbatch instead; its head says how to use it",
     HOST_SWITCH, offsetof(host_run_arguments, slurm), 0, NULL},
    {0},
};

const host_command host_command_plan = {
    .name = "plan",
    .summary = "the runs that are missing, as shell commands to compute them elsewhere",
    .synopsis = "synlab plan [--slurm] SCRIPT.lua... [options of run]",
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
