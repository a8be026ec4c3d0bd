/* synlab verify: is a report as it was written, and do its runs give the same bits here? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "experiments/host/commands/command.h"
#include "experiments/host/base/cores.h"
#include "experiments/host/store/store.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/temporary.h"
#include "experiments/host/pages/verify.h"
#include "experiments/host/base/words.h"

/* ---- the files --------------------------------------------------------------------------------- */

static void verify_outputs(host_verification *v, const char *page_name, const json_t *page) {
  const char *name;
  json_t *digest;
  size_t n = 0, wrong = v->wrong;
  json_object_foreach(json_object_get(page, "outputs"), name, digest) {
    char path[4096], found[SYN_DIGEST_SIZE];
    syn_ctx ctx = {0};
    n++;
    if (host_out_path(v->h, path, sizeof path, name, &ctx)) {
      host_wrong("%s", ctx.error);
      v->wrong++;
    } else if (access(path, F_OK)) {
      host_wrong("%s: missing; page '%s' wrote it", path, page_name);
      v->wrong++;
    } else if (syn_digest_file(found, path, &ctx)) {
      host_wrong("%s", ctx.error);
      v->wrong++;
    } else if (!json_is_string(digest) || strcmp(found, json_string_value(digest)) != 0) {
      host_wrong("%s: changed since page '%s' wrote it", path, page_name);
      v->wrong++;
    }
  }
  printf("%s: %zu of %zu file%s as written\n", page_name, n - (v->wrong - wrong), n, syn_s(n));
}

/* ---- the command ------------------------------------------------------------------------------- */

/* The records that lie beside the report, where its runs were computed: each against its own digest. */
static syn_status verify_records(host_verification *v, syn_ctx *ctx) {
  char runs[4096];
  size_t strange = 0;
  host_keys keys;
  host_store store = host_own_store(v->h);
  syn_status status = host_store_path(store, runs, sizeof runs, "runs", "", "", ctx);
  if (status || access(runs, F_OK))
    return status;
  status = host_store_keys(&keys, &strange, store, ctx);
  for (size_t i = 0; i < keys.n; i++) {
    json_t *record = NULL;
    syn_ctx damage = {0};
    if (host_store_read(&record, store, keys.list[i], &damage)) {
      host_wrong("%s", damage.error);
      v->wrong++;
    }
    json_decref(record);
  }
  v->wrong += strange;
  free(keys.list);
  return status;
}

static syn_status verify(host_verification *v, syn_ctx *ctx) {
  const char *name;
  json_t *page;
  int lock = host_lock_folder(v->folder); /* the manifest and its files are of one writing */
  syn_status status = host_manifest_read(&v->manifest, v->folder, ctx);
  if (!status)
    status = host_verify_open(v, ctx);
  v->h->profile.out = v->folder;
  if (!status)
    json_object_foreach(json_object_get(v->manifest, "pages"), name, page)
        verify_outputs(v, name, page);
  if (lock >= 0)
    close(lock);
  if (!status)
    status = verify_records(v, ctx);
  return status ? status : host_verify_runs(v, ctx);
}

typedef struct arguments {
  const char *run;
  int all;
  host_words data;
  unsigned jobs;
} arguments;

static int parse(host_verification *v, const host_command *self, int argc, char **argv) {
  arguments a = {.jobs = host_cores(), .data = {.list = v->paths, .room = HOST_SETS_MAX}};
  size_t n = 0;
  int status = host_arguments(v->h, self, &a, argc, argv, &n);
  v->run = a.run;
  v->all = a.all;
  v->n_paths = a.data.n;
  v->h->profile.jobs = a.jobs;
  v->folder = n > 0 ? host_trim((char *)(uintptr_t)v->h->words[0]) : "reports";
  if (!status && n > 1)
    status = host_wrong("verify: one folder at a time, not '%s' and '%s'", v->h->words[0],
                        v->h->words[1]);
  if (!status && v->all && v->run)
    status = host_wrong("verify: --all and --run exclude each other");
  return status;
}

static int verify_main(host *h, const host_command *self, int argc, char **argv) {
  host_verification v = {.h = h};
  syn_ctx ctx = {0};
  if (parse(&v, self, argc, argv))
    return 2;
  syn_status status = verify(&v, &ctx);
  int ended = v.wrong > 0;
  if (status)
    ended = host_failed(status, &ctx) == 1 || v.wrong > 0 ? 1 : 2;
  else
    puts(v.wrong ? "NOT as written" : "as written");
  host_verify_close(&v);
  return ended;
}

static const host_flag flags[] = {
    {"--run", "KEY|N",
     "this run: at least the first 8 digits of its key, or N for the N-th run in the\n"
     "manifest, through all its pages; otherwise one of those that take under half a\n"
     "minute, drawn anew each time and named",
     HOST_WORD, offsetof(arguments, run), 0, NULL},
    {"--all", NULL, "every run", HOST_SWITCH, offsetof(arguments, all), 0, NULL},
    {"--data", "PATH",
     "where images of the report are, if they are not at hand by name; may stand\n"
     "several times",
     HOST_FILES, offsetof(arguments, data), 0, NULL},
    {"--jobs", "N", "runs at a time (all cores)", HOST_WHOLE, offsetof(arguments, jobs),
     HOST_JOBS_MAX, NULL},
    {0},
};

const host_command host_command_verify = {
    .name = "verify",
    .summary = "is a report as it was written? do its runs give the same bits here?",
    .synopsis = "synlab verify [DIR] [options]",
    .about =
        "Hashes every file that DIR/manifest.json (DIR: reports) names, then computes one run of "
        "it\n"
        "again and compares it with what the manifest says, bit for bit: its curve, fingerprints "
        "of\n"
        "losses, actions and weights, its final scores. Needs no run store. Where gradient descent "
        "of a\n"
        "report went through a BLAS, whose last bits differ between machines, it is compared "
        "within\n"
        "1 % of the loss and half a percentage point of accuracy; the program of such a report "
        "names\n"
        "no version of its numerics (\"descent\").",
    .flags = flags,
    .after = "Exit status 0: all as written; 1: something differs; 2: it cannot be told.",
    .main = verify_main,
};
