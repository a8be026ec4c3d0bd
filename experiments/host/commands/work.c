/* synlab work: runs of a plan, from its file to their records in the store. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/commands/command.h"
#include "experiments/host/run/plan.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/words.h"
#include "experiments/host/run/schedule.h"

typedef struct order {
  const char *task, *out, *store, *data;
  unsigned jobs;
  const char *const *plans, *const *numbers; /* of runs; both as typed */
  size_t n_plans, n_numbers;
  size_t first, step; /* every so many runs from the first on, where no numbers are given */
} order;

/* ---- which runs -------------------------------------------------------------------------------- */

/* A whole number from 1 on that ends at `end`; 0: it is none. */
static size_t whole(const char *text, const char **end) {
  size_t digits = strspn(text, "0123456789");
  *end = text + digits;
  return digits > 0 && digits < 16 ? strtoull(text, NULL, 10) : 0;
}

/* "3/100" */
static int read_task(order *o) {
  const char *end;
  o->first = whole(o->task, &end);
  o->step = *end == '/' ? whole(end + 1, &end) : 0;
  if (!o->first || !o->step || *end)
    return host_wrong("work: --task '%s' is no task of so many, such as 3/100", o->task);
  if (o->first > o->step)
    return host_wrong("work: --task %s: there is no task %zu of %zu", o->task, o->first, o->step);
  return 0;
}

/* A number that was typed wrongly is none, and must not have a whole plan computed. */
static int names_plan(const char *word) {
  return strchr(word, '/') || strstr(word, ".json") || access(word, F_OK) == 0;
}

/* Plans, which are what is no number, and numbers of runs behind a plan alone. 0, or 2 after a line. */
static int read_words(order *o, const char *const *words, size_t n) {
  const char *end;
  while (o->n_plans < n &&
         (o->n_plans == 0 || words[o->n_plans][strspn(words[o->n_plans], "0123456789")]))
    o->n_plans++;
  o->plans = words;
  o->numbers = words + o->n_plans;
  o->n_numbers = n - o->n_plans;
  for (size_t i = 1; i < o->n_plans; i++)
    if (!names_plan(words[i]))
      return host_wrong("work: '%s' is no number of a run, and no plan: %s", words[i],
                        strerror(errno));
  for (size_t i = 0; i < o->n_numbers; i++)
    if (!whole(o->numbers[i], &end) || *end)
      return host_wrong("work: '%s' is no number of a run of %s", o->numbers[i], words[0]);
  if (o->n_plans > 1 && o->n_numbers > 0)
    return host_wrong(
        "work: %s: a number is one of a plan alone, and here are %zu; without one, all "
        "of their runs are computed",
        o->numbers[0], o->n_plans);
  return 0;
}

static int parse(order *o, host *h, const host_command *self, int argc, char **argv) {
  size_t n = 0;
  int status = host_arguments(h, self, o, argc, argv, &n);
  if (!status && n == 0)
    status = host_wrong("work: which plan? `synlab work OUT/plan/NAME.jsonl`");
  if (!status)
    status = read_words(o, h->words, n);
  if (!status && o->n_numbers > 0 && o->task)
    status = host_wrong("work: --task says which runs, and so does '%s'", o->numbers[0]);
  if (!status && o->out && o->store)
    status = host_wrong("work: --out %s and --store %s both say where the store is; give one",
                        o->out, o->store);
  if (!status && o->task)
    status = read_task(o);
  return status;
}

/* Run i of those that are asked for; 0 past the end. */
static size_t number_at(const order *o, size_t runs, size_t i) {
  const char *end;
  if (o->n_numbers > 0)
    return i < o->n_numbers ? whole(o->numbers[i], &end) : 0;
  return i < runs && o->first + i * o->step <= runs ? o->first + i * o->step : 0;
}

/* ---- computing --------------------------------------------------------------------------------- */

typedef struct work {
  host_spec *specs; /* owned */
  size_t n;
} work;

static void work_close(work *w) {
  for (size_t i = 0; i < w->n; i++)
    host_spec_close(&w->specs[i]);
  free(w->specs);
  *w = (work){0};
}

static syn_status work_open(work *w, host *h, const order *o, const char *plan,
                            const host_plan_file *file, syn_ctx *ctx) {
  size_t runs = host_plan_file_runs(file), n = 0, number;
  while (number_at(o, runs, n))
    n++;
  if (n == 0 && o->n_plans == 1)
    return syn_fail(ctx, SYN_EINVAL, "%s: --task %s: it has %zu run%s, so there is nothing to do",
                    plan, o->task, runs, syn_s(runs));
  *w = (work){.specs = calloc(n + 1, sizeof *w->specs)};
  syn_status status = w->specs ? SYN_OK : syn_fail_memory(ctx, plan);
  while (!status && (number = number_at(o, runs, w->n))) {
    status = host_plan_read(&w->specs[w->n], h, file, number, o->data, ctx);
    w->n += !status;
  }
  if (status)
    work_close(w);
  return status;
}

/* OUT of OUT/plan/NAME.jsonl; of a file that was taken elsewhere, the folder that it lies in. */
static int find_out(char out[PATH_MAX], const char *file) {
  char folder[PATH_MAX];
  const char *slash = strrchr(file, '/');
  int n = slash ? snprintf(folder, sizeof folder, "%.*s", (int)(slash - file) + 1, file)
                : snprintf(folder, sizeof folder, ".");
  if (n < 0 || (size_t)n >= sizeof folder || !realpath(folder, out))
    return 0;
  char *last = strrchr(out, '/');
  if (strcmp(last, "/plan") == 0)
    last[last == out] = '\0';
  return 1;
}

/* Where its records go, if no option says it: the store that it was planned for; else OUT. One that is not
 * there is made where its folder is, and otherwise of another machine. */
static syn_status find_store(const order *o, const char *plan, char out[PATH_MAX],
                             const host_plan_file *file, syn_ctx *ctx) {
  const char *store = host_plan_file_store(file);
  char above[PATH_MAX];
  if (o->out)
    return SYN_OK;
  if (!store)
    return find_out(out, plan) ? SYN_OK
                               : syn_fail(ctx, SYN_EINPUT, "%s: No such file or directory", plan);
  snprintf(above, sizeof above, "%s", store);
  char *slash = strrchr(above, '/');
  slash[slash == above] = '\0';
  if (access(store, F_OK) && access(above, F_OK))
    return syn_fail(
        ctx, SYN_EINPUT,
        "%s: it was planned for the store %s, which is not here; --store DIR says where "
        "its records go",
        plan, store);
  snprintf(out, PATH_MAX, "%s", store);
  return SYN_OK;
}

static syn_status compute(host *h, const order *o, const char *plan, syn_ctx *ctx) {
  host_plan_file *file;
  work w = {0};
  char title[64], out[PATH_MAX], name[PATH_MAX];
  syn_status status = host_plan_file_open(&file, plan, ctx);
  if (!status)
    status = find_store(o, plan, out, file, ctx);
  h->profile.out = o->out ? o->out : out;
  if (!status)
    status = work_open(&w, h, o, plan, file, ctx);
  host_plan_file_close(file);
  if (status)
    return status;
  host_last_name(name, sizeof name, plan);
  if (o->n_plans > 1)
    snprintf(title, sizeof title, "%.60s", name);
  else if (o->task)
    snprintf(title, sizeof title, "task %.40s", o->task);
  else if (w.n == 1)
    snprintf(title, sizeof title, "run %.12s", w.specs[0].key);
  else
    snprintf(title, sizeof title, "%zu runs of a plan", w.n);
  if (w.n > 0)
    status = host_schedule(NULL, h, host_own_store(h), w.specs, w.n, title, ctx);
  else
    fprintf(stderr, "%s: it has no run for --task %s\n", title, o->task);
  work_close(&w);
  if (!status && !o->out)
    fprintf(stderr, "records are in %s/runs\n", out);
  return status;
}

/* A plan that is wrong stops no other: they are of many days, and of many scripts. */
static int work_main(host *h, const host_command *self, int argc, char **argv) {
  order o = {.jobs = 1, .first = 1, .step = 1};
  if (parse(&o, h, self, argc, argv))
    return 2;
  o.out = o.out ? o.out : o.store;
  h->profile.jobs = o.jobs; /* a run alone takes all of them */
  int ended = 0;
  syn_status status = SYN_OK;
  for (size_t i = 0; i < o.n_plans && status != SYN_ESTOPPED; i++) {
    syn_ctx ctx = {0};
    status = compute(h, &o, o.plans[i], &ctx);
    int failed = status ? host_failed(status, &ctx) : 0;
    ended = failed > ended ? failed : ended;
  }
  return ended ? ended : h->failed_runs > 0;
}

static const host_flag flags[] = {
    {"--task", "K/N", "of N equal shares of each plan the K-th, runs K, K + N, ...", HOST_WORD,
     offsetof(order, task), 0, NULL},
    {"--out", "DIR",
     "the store is DIR/runs (that of `plan --store`, else OUT of OUT/plan/FILE, else the "
     "file's\nfolder)",
     HOST_FOLDER, offsetof(order, out), 0, NULL},
    {"--store", "DIR", "the same, as other commands say it", HOST_FOLDER, offsetof(order, store), 0,
     NULL},
    {"--data", "PATH", "where the images are, if not where the plan says", HOST_FILE,
     offsetof(order, data), 0, NULL},
    {"--jobs", "N", "cores (1), for runs side by side or for one alone; no result depends on it",
     HOST_WHOLE, offsetof(order, jobs), HOST_JOBS_MAX, NULL},
    {0},
};

const host_command host_command_work = {
    .name = "work",
    .summary = "compute runs of a plan",
    .synopsis = "synlab work OUT/plan/NAME.jsonl... [--task K/N] [options]\n"
                "synlab work OUT/plan/NAME.jsonl NUMBER... [options]",
    .about =
        "Puts the records of planned runs into OUT/runs, those that are not there yet: of one "
        "plan\n"
        "or several, one after the other, all runs, a share, or those of these numbers. Runs are\n"
        "numbered from 1 on, longest first. The file can be taken anywhere; another version of\n"
        "the program, or other images, are told, and stop no other plan.",
    .flags = flags,
    .after =
        "Exit status 0: the records are there; 1: a run failed; 2: wrong file, number, program or\n"
        "images; 143, 138, 130 or 129: ended by a signal, with checkpoints kept.",
    .main = work_main,
};
