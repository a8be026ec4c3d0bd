/* synlab work: one run of a plan, from its file to its record in the store. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/host/plan.h"
#include "experiments/host/schedule.h"

typedef struct order {
  const char *file, *out, *data, *threads;
} order;

static int unknown_flag(const char *flag) {
  static const char *const flags[] = {"--out", "--data", "--threads", NULL};
  const char *near = syn_nearest(flag, flags);
  return near ? host_wrong("work: no option is named '%s'; did you mean '%s'?", flag, near)
              : host_wrong("work: no option is named '%s'; `synlab work --help` lists them", flag);
}

static int parse(order *o, int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    const char **value = strcmp(argv[i], "--out") == 0       ? &o->out
                         : strcmp(argv[i], "--data") == 0    ? &o->data
                         : strcmp(argv[i], "--threads") == 0 ? &o->threads
                                                             : NULL;
    if (value) {
      if (i + 1 == argc || !*argv[i + 1])
        return host_wrong("work: %s wants a value", argv[i]);
      *value = argv[++i];
    } else if (argv[i][0] == '-') {
      return unknown_flag(argv[i]);
    } else if (o->file) {
      return host_wrong("work: one run at a time, not '%s' and '%s'", o->file, argv[i]);
    } else {
      o->file = argv[i];
    }
  }
  return o->file ? 0 : host_wrong("work: which run? `synlab work OUT/plan/KEY.json`");
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
  status = host_schedule(&record, h, &spec, 1, title, ctx);
  json_decref(record);
  host_spec_close(&spec);
  return status;
}

int cmd_work(host *h, int argc, char **argv) {
  order o = {0};
  char out[PATH_MAX], *end = NULL;
  syn_ctx ctx = {0};
  if (parse(&o, argc, argv))
    return 2;
  long threads = o.threads ? strtol(o.threads, &end, 10) : 1;
  if (o.threads && (*end || threads < 1 || threads > 64))
    return host_wrong("--threads %s: must be a whole number from 1 to 64", o.threads);
  if (!o.out && !find_out(out, o.file))
    return host_wrong("%s: No such file or directory", o.file);
  h->profile.out = o.out ? o.out : out;
  h->profile.jobs = (unsigned)threads; /* a run alone takes all of them */
  syn_status status = compute(h, &o, &ctx);
  return status ? host_failed(status, &ctx) : h->failed_runs > 0;
}
