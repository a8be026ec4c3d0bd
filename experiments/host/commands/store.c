/* synlab store: what a run store holds, what of it is stale, why runs are missing. Each part is a file. */
#include "experiments/host/commands/store.h"

static int store_main(host *h, const host_command *self, int argc, char **argv) {
  store_arguments a = {.run = {.profile = h->profile}};
  size_t n = 0;
  a.run.profile.out = NULL;
  int part = host_part(self, argc, argv);
  if (part < 0)
    return 2;
  int status = host_arguments(h, self, &a, argc - 1, argv + 1, &n);
  if (status)
    return status;
  static int (*const does[])(host *h, const store_arguments *a, const char *const *words,
                             size_t n) = {host_store_list, host_store_show, host_store_diff,
                                          host_store_prune, host_store_why};
  return does[part](h, &a, h->words, n);
}

static const char *const parts[] = {"list", "show", "diff", "prune", "why", NULL};

static const host_flag flags[] = {
    {"--json", NULL,
     "list, diff: a line of JSON a run, with all its options; show: the record as it is kept",
     HOST_SWITCH, offsetof(store_arguments, json), 0, "list show diff"},
    {"--width", "N",
     "list, diff: characters of a line (the terminal's; else 160): as many of the options that "
     "vary",
     HOST_WHOLE, offsetof(store_arguments, width), 100000, "list diff"},
    {"--yes", NULL, "prune: do it; without it, it is only said what would be removed", HOST_SWITCH,
     offsetof(store_arguments, yes), 0, "prune"},
    {"--other-numerics", NULL,
     "prune: records of other versions of the numerics, which no run asks for, too", HOST_SWITCH,
     offsetof(store_arguments, others), 0, "prune"},
    {"--out", "DIR", "why: the folder of the runs (reports; with --quick reports-quick)",
     HOST_FOLDER, offsetof(store_arguments, run.profile.out), 0, "why"},
    {"--store", "DIR", "why: the store to look into (the folder of --out)", HOST_FOLDER,
     offsetof(store_arguments, run.profile.store), 0, "why"},
    {"--data", "PATH", "why: image archive or folder, as `run` takes it", HOST_FILE,
     offsetof(store_arguments, run.profile.data), 0, "why"},
    {"--policy", "FILE", "why: a policy file, as `run` takes it", HOST_FILE,
     offsetof(store_arguments, run.profile.policy), 0, "why"},
    {"--authors", "FILE", "why: the authors' policy file, as `run` takes it", HOST_FILE,
     offsetof(store_arguments, run.profile.authors), 0, "why"},
    {"--seeds", "N", "why: runs a row of Table 1, as `run` takes it", HOST_WHOLE,
     offsetof(store_arguments, run.profile.seeds), 100000, "why"},
    {"--quick", NULL, "why: reduced iterations, as `run` takes it", HOST_SWITCH,
     offsetof(store_arguments, run.profile.quick), 0, "why"},
    {0},
};

const host_command host_command_store = {
    .name = "store",
    .summary = "what a run store holds, how two differ, what is stale, why runs are missing",
    .synopsis =
        "synlab store list [STORE] [NAME=VALUE...]  its runs, a line each\n"
        "synlab store show [STORE] KEY              one record; a key's beginning will do\n"
        "synlab store diff A B                      runs of one alone, and those that differ\n"
        "synlab store prune [STORE] [--yes]         takes away what is stale\n"
        "synlab store why SCRIPT.lua... [options]   why its runs would be computed",
    .about =
        "STORE is the folder that `runs` lies in (reports), as --out of the runs said. NAME is an\n"
        "option of a run, a parameter of its policy (policy.history), or key, status, policy, "
        "reward\n"
        "or data; policy=win_stay finds it inside another policy, too. Of several records of one "
        "key\n"
        "the newest is shown. List and diff show the options in which runs differ, those with "
        "most\n"
        "values first.\n"
        "\n"
        "Why: for each run that scripts ask for and the store lacks, the record that is nearest to "
        "it,\n"
        "and in what they differ, here and there; then how many runs differ in what. Nothing is\n"
        "computed.\n"
        "\n"
        "Stale are damaged lines and those that are no records, records that a later one of their\n"
        "key supersedes, files of single records that a pack has too, checkpoints of finished "
        "runs\n"
        "and those that this program cannot go on from, files that were left unfinished,\n"
        "and plans whose runs are all done. A pack that a running "
        "program holds is left alone; "
        "no\n"
        "machine whose locks this one cannot see may be writing to the store meanwhile.",
    .parts = parts,
    .flags = flags,
    .after = "Exit status 0: done, of diff: no difference; 1: a record is damaged, stores\n"
             "differ, or a pack was held; 2: wrong use.",
    .main = store_main,
};
