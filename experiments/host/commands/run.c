/* synlab run: chapters, from their scripts to the report. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/commands/command.h"
#include "experiments/host/base/cores.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/words.h"

/* Where the folder inside of a store is named in its place. 0, or 2 after a line. */
static int check_store(const char *command, const char *store) {
  char name[4096], inside[4200];
  if (!store || access(store, F_OK))
    return 0;
  host_last_name(name, sizeof name, store);
  snprintf(inside, sizeof inside, "%s/runs", store);
  if (strcmp(name, "runs") != 0 || access(inside, F_OK) == 0)
    return 0;
  const char *slash = strrchr(store, '/');
  return host_wrong("%s: --store %s: give the folder that `runs` lies in: %.*s", command, store,
                    slash ? (int)(slash - store) : 1, slash ? store : ".");
}

int host_run_settle(host *h, const char *command, size_t n, int status) {
  host_profile *p = &h->profile;
  if (!status)
    status = check_store(command, p->store);
  if (!p->out) /* a quick page does not take the place of a full one */
    p->out = p->quick ? "reports-quick" : "reports";
  if (!p->jobs)
    p->jobs = host_cores();
  p->seeds_given = p->seeds > 0;
  if (!p->seeds)
    p->seeds = p->quick ? 2 : 5;
  if (!status && n == 0)
    status = host_wrong("%s: no script; for instance `synlab %s experiments/report.lua`", command,
                        command);
  return status;
}

int host_run_read(host *h, const host_command *command, int argc, char **argv, size_t *n,
                  host_run_arguments *own) {
  host_run_arguments arguments = own ? *own : (host_run_arguments){0};
  arguments.profile = h->profile;
  arguments.profile.out = NULL;
  int status = host_arguments(h, command, &arguments, argc, argv, n);
  h->profile = arguments.profile;
  if (own)
    *own = arguments;
  return host_run_settle(h, argv[0], *n, status);
}

static int run_main(host *h, const host_command *self, int argc, char **argv) {
  size_t n = 0;
  int status = host_run_read(h, self, argc, argv, &n, NULL);
  /* A run that failed stops no other script; a wrong script, or Ctrl-C, does. */
  int stopped = status != 0;
  for (size_t i = 0; i < n && !stopped; i++) {
    int ended = host_run_script(h, h->words[i]);
    stopped = ended == 2 || h->fault;
    status = ended ? ended : status;
  }
  return status;
}

const host_flag host_run_flags[] = {
    {"--out", "DIR", "where everything goes (reports; with --quick reports-quick)", HOST_FOLDER,
     offsetof(host_run_arguments, profile.out), 0, NULL},
    {"--store", "DIR", "records are read from DIR/runs and kept there (the folder of --out)",
     HOST_FOLDER, offsetof(host_run_arguments, profile.store), 0, NULL},
    {"--data", "PATH", "image archive, or folder of class folders, instead of notMNIST small",
     HOST_FILE, offsetof(host_run_arguments, profile.data), 0, NULL},
    {"--policy", "FILE", "a policy file (CSV) instead of the one the protocol picks", HOST_FILE,
     offsetof(host_run_arguments, profile.policy), 0, NULL},
    {"--authors", "FILE",
     "the policy file (CSV) that the paper's authors published: Table 1 with it too", HOST_FILE,
     offsetof(host_run_arguments, profile.authors), 0, NULL},
    {"--seeds", "N", "runs a row of Table 1 (as registered; 2 with --quick)", HOST_WHOLE,
     offsetof(host_run_arguments, profile.seeds), 100000, NULL},
    {"--jobs", "N", "runs at a time (all cores)", HOST_WHOLE,
     offsetof(host_run_arguments, profile.jobs), HOST_JOBS_MAX, NULL},
    {"--checkpoint", "S", "seconds between checkpoints of a run (60; 0: at every row of its curve)",
     HOST_SECONDS, offsetof(host_run_arguments, profile.checkpoint), 0, NULL},
    {"--quick", NULL, "reduced iterations: a first look, not comparable", HOST_SWITCH,
     offsetof(host_run_arguments, profile.quick), 0, NULL},
    {"--fresh", NULL, "compute again what is kept in the store", HOST_SWITCH,
     offsetof(host_run_arguments, profile.fresh), 0, NULL},
    {0},
};

const host_command host_command_run = {
    .name = "run",
    .summary = "run chapters: figures, tables and text into the report's folder",
    .synopsis = "synlab run SCRIPT.lua... [options]",
    .flags = host_run_flags,
    .main = run_main,
};
