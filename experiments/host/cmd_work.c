/* synlab work: one run of a plan, from its file to its record in the store. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/host/plan.h"
#include "experiments/host/schedule.h"
#include "experiments/host/words.h"

typedef struct order {
  const char *file, *out, *data;
  unsigned threads;
} order;

static int parse(order *o, int argc, char **argv) {
  const host_argument table[] = {
      {"--out", HOST_FOLDER, &o->out, 0},
      {"--data", HOST_WORD, &o->data, 0},
      {"--threads", HOST_WHOLE, &o->threads, 64},
      {NULL, HOST_FLAG, NULL, 0},
  };
  const char **files = calloc((size_t)argc + 1, sizeof *files);
  size_t n = 0;
  if (!files)
    return host_wrong("not enough memory");
  int status = host_arguments("work", table, argc, argv, files, &n);
  o->file = files[0];
  if (!status && n > 1)
    status = host_wrong("work: one run at a time, not '%s' and '%s'", files[0], files[1]);
  else if (!status && n == 0)
    status = host_wrong("work: which run? `synlab work OUT/plan/KEY.json`");
  free(files);
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
  status = host_schedule(&record, h, &spec, 1, title, ctx);
  json_decref(record);
  host_spec_close(&spec);
  return status;
}

int cmd_work(host *h, int argc, char **argv) {
  order o = {.threads = 1};
  char out[PATH_MAX];
  syn_ctx ctx = {0};
  if (parse(&o, argc, argv))
    return 2;
  if (!o.out && !find_out(out, o.file))
    return host_wrong("%s: No such file or directory", o.file);
  h->profile.out = o.out ? o.out : out;
  h->profile.jobs = o.threads; /* a run alone takes all of them */
  syn_status status = compute(h, &o, &ctx);
  return status ? host_failed(status, &ctx) : h->failed_runs > 0;
}
