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

/* The lines of the plan in a file that is named by what is in it: another plan does not change what a
 * waiting array will run. */
static syn_status write_lines(char file[PATH_MAX], const char *lines, const host *h, syn_ctx *ctx) {
  char digest[SYN_DIGEST_SIZE], relative[64], path[4096];
  syn_digest_bytes(digest, lines, strlen(lines));
  snprintf(relative, sizeof relative, "plan/array-%.12s.txt", digest);
  syn_status status = host_out_path(h, path, sizeof path, relative, ctx);
  if (!status)
    status = host_write(path, lines, strlen(lines), ctx);
  if (!status && !realpath(path, file))
    status = syn_fail(ctx, SYN_EIO, "%s: cannot be found", path);
  return status;
}

/* "figure1" of "experiments/figure1.lua", with nothing in it that Slurm could mind. */
static void job_name(char name[64], const char *script) {
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
  job_name(name, script);
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

static void print_body(size_t n, size_t tasks, const char *file) {
  char word[2 * PATH_MAX];
  printf("task=${SLURM_ARRAY_TASK_ID:?is set by sbatch}\n"
         "lines=%s\n"
         "[ -r \"$lines\" ] || { echo \"$lines: this node does not see it\" >&2; exit 2; }\n",
         host_quote(word, sizeof word, file));
  printf("# Task N runs line N%s.\n"
         "sed -n \"$task~%zup\" \"$lines\" | {\n"
         "  status=0\n"
         "  while IFS= read -r line; do\n"
         "    sh -c \"$line\" </dev/null || status=1\n"
         "  done\n"
         "  exit $status\n"
         "}\n",
         n > tasks ? ", and every so many after it" : "", tasks);
}

static syn_status print_array(const host *h, const char *lines, const char *script, int argc,
                              char **argv, syn_ctx *ctx) {
  char file[PATH_MAX];
  size_t n = h->plan->n, tasks = n < ARRAY_MAX ? n : ARRAY_MAX;
  syn_status status = write_lines(file, lines, h, ctx);
  if (status)
    return status;
  print_head(n, tasks, script, argc, argv);
  print_body(n, tasks, file);
  return SYN_OK;
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

static int finish(host *h, int slurm, int argc, char **argv) {
  char *lines = NULL;
  syn_ctx ctx = {0};
  syn_status status = SYN_OK;
  size_t n = h->plan->n;
  if (n > 0)
    status = host_plan_write(h->plan, &lines, h, &ctx);
  if (!status && n > 0 && slurm)
    status = print_array(h, lines, h->words[0], argc, argv, &ctx);
  else if (!status && n > 0)
    fputs(lines, stdout);
  free(lines);
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
    .after = "What a run needs is written to OUT/plan/KEY.json; `synlab work` computes it from "
             "there. The\n"
             "commands name the program and these files by absolute paths. Where no folder is "
             "shared, take\n"
             "OUT/plan along, work there, and bring the records back with `synlab merge`.",
    .main = plan_main,
};
