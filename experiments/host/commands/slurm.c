#include "experiments/host/commands/slurm.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "experiments/host/base/words.h"

#define SIGNAL_SECONDS 120 /* before the limit: checkpoints are kept within ten */
#define TURNS          20

/* Options of `plan` that `run` does not take; the first has no value. */
static const char *const own_flags[] = {"--slurm", "--tasks", "--task-seconds", NULL};

/* ---- the head ---------------------------------------------------------------------------------- */

/* Words that stand for one of those options: 0, 1, or 2 with a value that is a word of its own. */
static int own_words(const char *word) {
  size_t n = strcspn(word, "=");
  for (size_t i = 0; own_flags[i]; i++)
    if (strlen(own_flags[i]) == n && strncmp(own_flags[i], word, n) == 0)
      return i == 0 || word[n] ? 1 : 2;
  return 0;
}

/* The command as it was typed, or its options for `run`. */
static void print_command(const char *verb, int for_run, int argc, char **argv) {
  char word[2 * PATH_MAX];
  int options = 1;
  printf("synlab %s", verb);
  for (int i = 1; i < argc; i++) {
    options = options && strcmp(argv[i], "--") != 0;
    int own = options && for_run ? own_words(argv[i]) : 0;
    if (own)
      i += own - 1;
    else
      printf(" %s", host_word(word, sizeof word, argv[i]));
  }
  putchar('\n');
}

/* "45 s", "12 min", "3.5 h" */
static const char *about(char text[32], double seconds) {
  if (seconds < 90)
    snprintf(text, 32, "%.0f s", ceil(seconds));
  else if (seconds < 5400)
    snprintf(text, 32, "%.0f min", seconds / 60);
  else
    snprintf(text, 32, "%.1f h", seconds / 3600);
  return text;
}

static void print_uses(const host_shares *shares, size_t runs, const host_slurm *job, int argc,
                       char **argv) {
  printf(
      "#!/bin/sh\n"
      "# A job array for Slurm, of runs that are missing in the store: %zu run%s in %zu task%s.\n"
      "#\n"
      "# This script was printed by       ",
      runs, syn_s(runs), shares->n, syn_s(shares->n));
  print_command("plan", 0, argc, argv);
  printf("# Submit it:                       sbatch THIS_FILE\n"
         "# Then, when the array has ended:  ");
  print_command("run", 1, argc, argv);
  printf(
      "#   which takes the records from the store, computes what failed, and writes the page.\n"
      "#   Where runs follow from the results of others, plan and submit again first.\n"
      "#\n"
      "# The nodes need, under the same paths: this program, the images if the runs have any, and\n"
      "# %s\n"
      "#\n"
      "# Task K computes runs K, K + %zu, ... of the plan. `synlab plan --slurm --tasks N` makes "
      "no\n"
      "# more than N tasks (1000; a Slurm takes MaxArraySize less one, `scontrol show config`);\n"
      "# short runs are put together until a task takes five minutes, or --task-seconds S.\n"
      "#\n",
      *job->store
          ? "the folder of the plan, and that of --store, in whose runs/ they write records."
          : "the folder of the plan, in which they may write: records go into runs/ beside it.",
      shares->n);
}

static void print_time(const host_shares *shares) {
  char all[32], longest[32];
  if (isnan(shares->longest)) {
    printf("# How long a task takes could not be told, as a trial failed: say --time yourself.\n");
    return;
  }
  double minutes = host_shares_limit(shares->longest);
  printf("# The longest task takes %s, all of them %s of one core, as a trial of each kind\n"
         "# of run on this machine tells. --time is twice as long and ten minutes more.\n",
         about(longest, shares->longest), about(all, shares->all));
  printf("#SBATCH --time=%.0f-%02.0f:%02.0f:00\n", floor(minutes / 1440),
         floor(fmod(minutes, 1440) / 60), fmod(minutes, 60));
}

static void print_options(const host_shares *shares, const char *name) {
  printf(
      "# Before that, and where it is preempted, a task keeps checkpoints; it is queued again and\n"
      "# goes on from there.\n"
      "#SBATCH --signal=B:USR1@%d\n"
      "#SBATCH --requeue\n"
      "#SBATCH --open-mode=append\n"
      "#\n"
      "# One core a task. sbatch takes more options, such as --partition, --time, --mem,\n"
      "# --output, --array=1-%zu%%20 (twenty at a time), --array=3,7 (these again). A task whose\n"
      "# records are there has nothing to do, so all of it may be submitted again.\n"
      "#SBATCH --job-name=synlab-%s\n"
      "#SBATCH --array=1-%zu\n"
      "#SBATCH --ntasks=1\n"
      "#SBATCH --cpus-per-task=1\n\n",
      SIGNAL_SECONDS, shares->n, name, shares->n);
}

/* ---- the body ---------------------------------------------------------------------------------- */

/* Slurm sends USR1 to this shell alone, and TERM (preemption, scancel) to all processes or to it alone:
 * passed on as USR1, it may come twice. */
static void print_body(size_t tasks, const host_slurm *job) {
  char word[2 * PATH_MAX];
  printf("task=${SLURM_ARRAY_TASK_ID:?is set by sbatch}\n"
         "plan=%s\n"
         "[ -r \"$plan\" ] || { echo \"$plan: this node does not see it\" >&2; exit 2; }\n"
         "run= limit=\n"
         "stop() { [ -z \"$run\" ] || kill -USR1 \"$run\"; } # it keeps checkpoints and ends\n"
         "trap stop TERM INT HUP\n"
         "trap 'limit=near; stop' USR1\n"
         "%s work \"$plan\" --task \"$task/%zu\"%s &\n"
         "run=$!\n"
         "while wait \"$run\"; status=$?; kill -0 \"$run\" 2>/dev/null; do :; done\n",
         host_quote(word, sizeof word, job->file), job->program, tasks, job->store);
  printf("# Stopped by the limit, it takes another turn, up to %d of them.\n"
         "[ \"$limit\" ] && [ $status -gt 128 ] && [ \"${SLURM_RESTART_COUNT:-0}\" -lt %d ] &&\n"
         "  scontrol requeue \"${SLURM_ARRAY_JOB_ID}_$task\"\n"
         "exit $status\n",
         TURNS, TURNS);
}

void host_slurm_print(const host_shares *shares, size_t runs, const host_slurm *job, int argc,
                      char **argv) {
  print_uses(shares, runs, job, argc, argv);
  print_time(shares);
  print_options(shares, job->name);
  print_body(shares->n, job);
}
