/* synlab export: the networks of runs, for other programs. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "experiments/host/base/cores.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/stop.h"
#include "experiments/host/base/temporary.h"
#include "experiments/host/base/words.h"
#include "experiments/host/commands/command.h"
#include "experiments/host/pages/export.h"
#include "experiments/host/pages/verify.h"
#include "experiments/host/run/execute.h"

typedef struct arguments {
  const char *out, *from;
  host_words data;
  unsigned jobs;
} arguments;

typedef struct exporting {
  host_verification v;
  arguments given;
  const host_entry *entry; /* that is computed */
} exporting;

static syn_status take(void *self, const json_t *record, const host_spec *spec,
                       const syn_task *task, const syn_result *result, syn_ctx *ctx) {
  exporting *x = self;
  host_likeness likeness;
  syn_status status = host_verify_compare(&x->v, &likeness, x->entry, record, ctx);
  if (status || likeness == HOST_DIFFERENT)
    return status;
  host_export to = {x->given.out, likeness == HOST_SAME_BITS};
  status = host_export_run(&to, record, spec, task, result, ctx);
  if (!status)
    printf("%s/%.12s\n", x->given.out, spec->key);
  fflush(stdout);
  return status;
}

static syn_status go_on(void *self, uint32_t done, uint32_t of, syn_score batch) {
  (void)self;
  (void)done;
  (void)of;
  (void)batch;
  return host_stop_signal() ? SYN_ESTOPPED : SYN_OK;
}

static syn_status export_run(exporting *x, syn_ctx *ctx) {
  host_spec spec = {0};
  syn_status status = host_verify_spec(&x->v, &spec, x->entry, ctx);
  if (status)
    return status;
  host_taker taker = {x, take};
  syn_observer observer = {.iteration = go_on};
  if (x->entry->seconds > 10)
    fprintf(stderr, "run %zu is computed again; in the report it took %.0f s\n", x->entry->number,
            x->entry->seconds);
  status = host_execute_for(&taker, x->v.h, &spec, x->given.jobs, &observer, ctx);
  host_spec_close(&spec);
  return status;
}

/* All runs are looked up before the first is computed. */
static syn_status export_all(exporting *x, size_t n, syn_ctx *ctx) {
  const host_entry **list = calloc(n, sizeof *list);
  syn_status status = list ? SYN_OK : syn_fail_memory(ctx, "runs");
  for (size_t i = 0; i < n && !status; i++) {
    char typed[128];
    snprintf(typed, sizeof typed, "export %.100s", x->v.h->words[i]);
    if (!(list[i] = host_verify_choose(&x->v, x->v.h->words[i], typed, ctx)))
      status = SYN_EINVAL;
    else if (host_entry_failed(list[i]))
      status = syn_fail(ctx, SYN_EINVAL,
                        "%s: this run failed when the report was made: it has no "
                        "network",
                        typed);
  }
  for (size_t i = 0; i < n && !status; i++) {
    x->entry = list[i];
    status = export_run(x, ctx);
  }
  free(list);
  return status;
}

static syn_status open_report(host_verification *v, syn_ctx *ctx) {
  int lock = host_lock_folder(v->folder);
  syn_status status = host_manifest_read(&v->manifest, v->folder, ctx);
  if (lock >= 0)
    close(lock);
  return status ? status : host_verify_open(v, ctx);
}

static int parse(exporting *x, const host_command *self, int argc, char **argv, size_t *n) {
  host_verification *v = &x->v;
  x->given = (arguments){
      .from = "reports", .jobs = host_cores(), .data = {.list = v->paths, .room = HOST_SETS_MAX}};
  int status = host_arguments(v->h, self, &x->given, argc, argv, n);
  v->folder = x->given.from;
  v->n_paths = x->given.data.n;
  if (!status && *n == 0)
    status = host_wrong("export: which runs? `synlab export KEY|N... --out DIR`");
  if (!status && !x->given.out)
    status = host_wrong("export: where to? `synlab export KEY|N... --out DIR`");
  return status;
}

static int export_main(host *h, const host_command *self, int argc, char **argv) {
  exporting x = {.v = {.h = h}};
  syn_ctx ctx = {0};
  size_t n = 0;
  if (parse(&x, self, argc, argv, &n))
    return 2;
  host_stop_watch();
  syn_status status = open_report(&x.v, &ctx);
  if (!status)
    status = export_all(&x, n, &ctx);
  host_stop_unwatch();
  int ended = status && status != SYN_ESTOPPED ? host_failed(status, &ctx) : x.v.wrong > 0;
  host_verify_close(&x.v);
  return ended;
}

static const host_flag flags[] = {
    {"--out", "DIR", "the folder that takes them; must be given", HOST_FOLDER,
     offsetof(arguments, out), 0, NULL},
    {"--from", "REPORT", "the folder of the report (reports)", HOST_FOLDER,
     offsetof(arguments, from), 0, NULL},
    {"--data", "PATH",
     "where images of the report are, if they are not at hand by name; may stand\n"
     "several times",
     HOST_FILES, offsetof(arguments, data), 0, NULL},
    {"--jobs", "N", "cores that compute a run (all)", HOST_WHOLE, offsetof(arguments, jobs),
     HOST_JOBS_MAX, NULL},
    {0},
};

const host_command host_command_export = {
    .name = "export",
    .summary = "the networks of runs, as CSV, NPY and JSON for other programs",
    .synopsis = "synlab export KEY|N... --out DIR [options]",
    .about =
        "A record holds no weights. So each run, named by at least the first 8 digits of its key, "
        "or\n"
        "by its number N (the N-th run in REPORT/manifest.json, through all its pages), is "
        "computed\n"
        "again and compared with the manifest, as `synlab verify` does; only what gives the same "
        "result is written, into DIR/KEY: weights "
        "of\n"
        "each layer (CSV, NPY), curve, policies, which samples train, and network.json, written\n"
        "last, with all that loss and accuracy follow from. Images stand once in "
        "DIR/images-DIGEST.\n"
        "docs/data-of-a-report.md computes a network so.",
    .flags = flags,
    .after =
        "Exit status 0: written; 1: a run differs, or a file cannot be written; 2: wrong use, or "
        "a\nrun that cannot be computed here.",
    .main = export_main,
};
