/* synlab work: one run of a plan, from its file to its record in the store. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/host/commands/command.h"
#include "experiments/host/run/plan.h"
#include "experiments/host/base/say.h"
#include "experiments/host/run/schedule.h"
#include "experiments/host/base/words.h"

typedef struct order {
  const char *file, *out, *data;
  unsigned threads;
} order;

static int parse(order *o, host *h, const host_command *self, int argc, char **argv) {
  size_t n = 0;
  int status = host_arguments(h, self, o, argc, argv, &n);
  o->file = h->words[0];
  if (!status && n > 1)
    status = host_wrong("work: one run at a time, not '%s' and '%s'", h->words[0], h->words[1]);
  else if (!status && n == 0)
    status = host_wrong("work: which run? `synlab work OUT/plan/KEY.json`");
  return status;
}

/* The folder above that of the file: OUT of OUT/plan/KEY.json. */
static int find_out(char out[PATH_MAX], const char *file) {
  char above[PATH_MAX];
  const char *slash = strrchr(file, '/');
  int n = slash ? snprintf(above, sizeof above, "%.*s/..", (int)(slash - file), file)
                : snprintf(above, sizeof above, "..");
  return n > 0 && (size_t)n < sizeof above && realpath(above, out);
}

static syn_status compute(host *h, const order *o, syn_ctx *ctx) {
  host_spec spec;
  json_t *record = NULL;
  char title[32];
  syn_status status = host_plan_read(&spec, h, o->file, o->data, ctx);
  if (status)
    return status;
  snprintf(title, sizeof title, "run %.12s", spec.key);
  status = host_schedule(&record, h, host_own_store(h), &spec, 1, title, ctx);
  json_decref(record);
  host_spec_close(&spec);
  return status;
}

static int work_main(host *h, const host_command *self, int argc, char **argv) {
  order o = {.threads = 1};
  char out[PATH_MAX];
  syn_ctx ctx = {0};
  if (parse(&o, h, self, argc, argv))
    return 2;
  if (!o.out && !find_out(out, o.file))
    return host_wrong("%s: No such file or directory", o.file);
  h->profile.out = o.out ? o.out : out;
  h->profile.jobs = o.threads; /* a run alone takes all of them */
  syn_status status = compute(h, &o, &ctx);
  return status ? host_failed(status, &ctx) : h->failed_runs > 0;
}

static const host_flag flags[] = {
    {"--out", "DIR", "the store is DIR/runs (the folder above that of the file)", HOST_FOLDER,
     offsetof(order, out), 0, NULL},
    {"--data", "PATH", "where its images are, if not where the plan says", HOST_FILE,
     offsetof(order, data), 0, NULL},
    {"--threads", "N", "cores of this one run (1); the result does not depend on it", HOST_WHOLE,
     offsetof(order, threads), 64, NULL},
    {0},
};

const host_command host_command_work = {
    .name = "work",
    .summary = "compute one run of a plan",
    .synopsis = "synlab work OUT/plan/KEY.json [options]",
    .about = "Puts the record of one planned run into OUT/runs, if it is not there. The file can "
             "be taken\n"
             "anywhere; another version of the program, or other images, are told.",
    .flags = flags,
    .after =
        "Exit status 0: the record is there; 1: the run failed; 2: wrong file, program or images.",
    .main = work_main,
};
