/* synlab: runs experiment scripts, and says what there is. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/host.h"
#include "experiments/host/stop.h"

const host_command host_commands[] = {
    {"run", "run chapters: figures, tables and text into the report's folder", cmd_run,
     "usage: synlab run SCRIPT.lua... [options]\n\n"
     "  --out DIR       where everything goes (reports; with --quick reports-quick)\n"
     "  --data PATH     image archive, or folder of class folders, instead of notMNIST small\n"
     "  --policy FILE   a policy file (CSV) instead of the one the protocol picks\n"
     "  --seeds N       runs a row of Table 1 (5; 2 with --quick)\n"
     "  --jobs N        runs at a time (all cores)\n"
     "  --checkpoint S  seconds between checkpoints of a run (60; 0: at every row of its curve)\n"
     "  --quick         reduced iterations: a first look, not comparable\n"
     "  --fresh         compute again what is kept in OUT/runs\n"},
    {"plan", "the runs that are missing, as shell commands to compute them elsewhere", cmd_plan,
     "usage: synlab plan [--slurm] SCRIPT.lua... [options of run]\n\n"
     "Prints one shell command a run that OUT/runs lacks, longest runs first, for any program that\n"
     "runs commands; then `synlab run SCRIPT.lua`, with the same options, finds the records. Where\n"
     "runs follow from the results of others, it says so: compute these, and plan again.\n\n"
     "  synlab plan SCRIPT.lua | parallel                        GNU parallel, all cores\n"
     "  synlab plan SCRIPT.lua | xargs -d '\\n' -n 1 -P 4 sh -c    xargs, four at a time\n"
     "  synlab plan --slurm SCRIPT.lua > job.sh && sbatch job.sh\n\n"
     "  --slurm         a job-array script for sbatch instead; its head says how to use it\n\n"
     "What a run needs is written to OUT/plan/KEY.json; `synlab work` computes it from there. The\n"
     "commands name the program and these files by absolute paths. Where no folder is shared, take\n"
     "OUT/plan along, work there, and bring the records back with `synlab merge`.\n"},
    {"work", "compute one run of a plan", cmd_work,
     "usage: synlab work OUT/plan/KEY.json [options]\n\n"
     "Puts the record of one planned run into OUT/runs, if it is not there. The file can be taken\n"
     "anywhere; another version of the program, or other images, are told.\n\n"
     "  --out DIR       the store is DIR/runs (the folder above that of the file)\n"
     "  --data PATH     where its images are, if not where the plan says\n"
     "  --threads N     cores of this one run (1); the result does not depend on it\n\n"
     "Exit status 0: the record is there; 1: the run failed; 2: wrong file, program or images.\n"},
    {"merge", "join run stores", cmd_merge,
     "usage: synlab merge DIR... [--out OUT]\n\n"
     "Copies the records of each DIR/runs that OUT/runs (OUT: reports) lacks. Every record is\n"
     "checked against its digest; damaged ones are named and left out. Two records of one run that\n"
     "hold different results are named, and neither is changed. How long a run took is no result.\n\n"
     "Exit status 0: joined; 1: a record is damaged or differs; 2: wrong use.\n"},
    {"options", "every option of a run: unit, range, meaning", cmd_options,
     "usage: synlab options\n"},
    {"policy", "what a synapse can do, and its parameters", cmd_policy,
     "usage: synlab policy list\n"},
    {"data", "image sets: which are at hand, what they hold, whether they are the right ones",
     cmd_data,
     "usage: synlab data list               sets known by name, and how to get them\n"
     "       synlab data info SET           classes, counts, digest, repeats, unreadable members\n"
     "       synlab data sheet SET OUT.png  a contact sheet to look at\n"
     "       synlab data verify NAME [PATH] are these the images of that name?\n\n"
     "SET is a name or a path: an archive, a folder of class folders, a pair of IDX files.\n"},
    {"rule", "synapse rules in Lua: list, show, check, try, new", cmd_rule,
     "usage: synlab rule list                    policies and rules, a line each\n"
     "       synlab rule show FILE [options]      its table: the action for every state\n"
     "       synlab rule check FILE [NAME=NUMBER] does it load, and keep the contract?\n"
     "       synlab rule try FILE [options]       the boundary task, beside the paper's policy\n"
     "       synlab rule new NAME                 write NAME.lua, a commented skeleton\n\n"
     "  NAME=NUMBER     a parameter of the rule (show, check, try); several may follow\n"
     "  --picture       draws its table (show)\n"
     "  --seeds N       seeds of a try (5)\n"
     "  --out DIR       where pictures and runs go (reports)\n\n"
     "docs/writing-rules.md explains how a rule is written.\n"},
    {"verify", "is a report as it was written? do its runs give the same bits here?", cmd_verify,
     "usage: synlab verify [DIR] [options]\n\n"
     "Hashes every file that DIR/manifest.json (DIR: reports) names, then computes one run of it\n"
     "again and compares it with what the manifest says, bit for bit: its curve, fingerprints of\n"
     "losses, actions and weights, its final scores. Needs no run store. Gradient descent goes\n"
     "through BLAS, whose last bits may differ between machines: it is compared within 1 % of the\n"
     "loss and half a percentage point of accuracy.\n\n"
     "  --run KEY|N     this run: its key, the first digits of it, or its number; otherwise one of\n"
     "                  those that take under half a minute, drawn anew each time and named\n"
     "  --all           every run\n"
     "  --data PATH     where images of the report are, if they are not at hand by name; may stand\n"
     "                  several times\n"
     "  --jobs N        runs at a time (all cores)\n\n"
     "Exit status 0: all as written; 1: something differs; 2: it cannot be told.\n"},
    {"bench", "how fast the engine is on this machine", cmd_bench,
     "usage: synlab bench [--json]\n\n"
     "  --json          the measurements as JSON instead of a table\n"},
    {NULL, NULL, NULL, NULL},
};

int host_wrong(const char *format, ...) {
  va_list args;
  va_start(args, format);
  char *line = NULL;
  if (vasprintf(&line, format, args) < 0)
    line = NULL;
  va_end(args);
  if (line)
    syn_make_printable(line);
  fprintf(stderr, "synlab: %s\n", line ? line : "not enough memory to say what is wrong");
  free(line);
  return 2;
}

int host_failed(syn_status status, const syn_ctx *ctx) {
  host_wrong("%s", ctx->error);
  return status == SYN_EINVAL || status == SYN_EINPUT ? 2 : 1;
}

static void print_help(void) {
  puts("usage: synlab COMMAND [options]\n\nA laboratory for synaptic learning rules.\n");
  for (const host_command *c = host_commands; c->name; c++)
    printf("  %-9s %s\n", c->name, c->summary);
  puts("\n`synlab COMMAND --help` says more. Options are --name VALUE or --name=VALUE; behind -- there are\n"
       "none. Environment: SYNLAB_ISA forces an instruction set.");
}

static int unknown_command(const char *name) {
  const char *names[sizeof host_commands / sizeof *host_commands] = {0};
  for (size_t i = 0; host_commands[i].name; i++)
    names[i] = host_commands[i].name;
  const char *near = syn_nearest(name, names);
  return near ? host_wrong("no command is named '%s'; did you mean '%s'?", name, near)
              : host_wrong("no command is named '%s'; `synlab --help` lists them", name);
}

/* Where stdin, stdout or stderr are closed, a file that is opened would take their place: what is
 * printed would go into it. Written to what stands in for stdout, it is an error. */
static void hold_closed_streams(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY) != fd)
      _exit(1);
}

/* What was printed is there, or the command has failed. */
static int close_stdout(int exit_status) {
  errno = 0;
  if (fflush(stdout) || ferror(stdout)) {
    host_wrong("stdout: cannot be written: %s", errno ? strerror(errno) : "not all of it went out");
    return exit_status ? exit_status : 1;
  }
  return exit_status;
}

static int run_command(const host_command *command, int argc, char **argv) {
  host h = {.profile = {.out = "reports", .checkpoint = 60}, .typed = argv, .n_typed = argc};
  syn_ctx ctx = {0};
  syn_status status = syn_kernels_get(&h.kernels, getenv("SYNLAB_ISA"), &ctx);
  if (status)
    return host_failed(status, &ctx);
  host_find_home(&h);
  int exit_status = command->main(&h, argc - 1, argv + 1);
  host_close_sets(&h);
  json_decref(h.page);
  return host_stop_signal() ? 128 + host_stop_signal() : exit_status;
}

static int run(int argc, char **argv) {
  if (argc < 2) {
    print_help();
    return 2;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
    print_help();
    return 0;
  }
  if (strcmp(argv[1], "--version") == 0) {
    puts("synlab " SYNLAB_VERSION);
    return 0;
  }
  const host_command *command = host_commands;
  while (command->name && strcmp(command->name, argv[1]) != 0)
    command++;
  if (!command->name)
    return unknown_command(argv[1]);
  for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      fputs(command->usage, stdout);
      return 0;
    }
  return run_command(command, argc, argv);
}

int main(int argc, char **argv) {
  hold_closed_streams();
  host_stop_begin();
  return close_stdout(run(argc, argv));
}
