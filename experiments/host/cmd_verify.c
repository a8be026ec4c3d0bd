/* synlab verify: is a report as it was written, and do its runs give the same bits here? */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "experiments/host/cores.h"
#include "experiments/host/record.h"
#include "experiments/host/verify.h"
#include "experiments/host/words.h"

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
  printf("%s: %zu of %zu files as written\n", page_name, n - (v->wrong - wrong), n);
}

/* ---- the command ------------------------------------------------------------------------------- */

/* The records that lie beside the report, where its runs were computed: each against its own digest. */
static void verify_records(host_verification *v) {
  char path[4096], key[SYN_DIGEST_SIZE];
  snprintf(path, sizeof path, "%s/runs", v->folder);
  DIR *folder = opendir(path);
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    json_t *record = NULL;
    syn_ctx ctx = {0};
    if (strspn(entry->d_name, "0123456789abcdef") != sizeof key - 1 ||
        strcmp(entry->d_name + sizeof key - 1, ".json") != 0)
      continue;
    memcpy(key, entry->d_name, sizeof key - 1);
    key[sizeof key - 1] = '\0';
    if (host_record_read(&record, v->h, key, &ctx)) {
      host_wrong("%s", ctx.error);
      v->wrong++;
    }
    json_decref(record);
  }
  if (folder)
    closedir(folder);
}

static syn_status verify(host_verification *v, syn_ctx *ctx) {
  const char *name;
  json_t *page;
  syn_status status = host_manifest_read(&v->manifest, v->folder, ctx);
  if (!status)
    status = host_verify_open(v, ctx);
  if (status)
    return status;
  v->h->profile.out = v->folder;
  json_object_foreach(json_object_get(v->manifest, "pages"), name, page)
      verify_outputs(v, name, page);
  verify_records(v);
  return host_verify_runs(v, ctx);
}

static int parse(host_verification *v, int argc, char **argv) {
  host_words paths = {v->paths, 0, HOST_SETS_MAX};
  const host_argument table[] = {
      {"--run", HOST_WORD, &v->run, 0},
      {"--all", HOST_FLAG, &v->all, 0},
      {"--data", HOST_WORDS, &paths, 0},
      {"--jobs", HOST_WHOLE, &v->h->profile.jobs, HOST_JOBS_MAX},
      {NULL, HOST_FLAG, NULL, 0},
  };
  const char **folders = calloc((size_t)argc + 1, sizeof *folders);
  size_t n = 0;
  if (!folders)
    return host_wrong("not enough memory");
  int status = host_arguments("verify", table, argc, argv, folders, &n);
  v->n_paths = paths.n;
  v->folder = n > 0 ? host_trim((char *)(uintptr_t)folders[0]) : "reports";
  if (!status && n > 1)
    status = host_wrong("verify: one folder at a time, not '%s' and '%s'", folders[0], folders[1]);
  free(folders);
  if (!status && v->all && v->run)
    status = host_wrong("verify: --all and --run exclude each other");
  return status;
}

int cmd_verify(host *h, int argc, char **argv) {
  host_verification v = {.h = h};
  syn_ctx ctx = {0};
  h->profile.jobs = host_cores();
  if (parse(&v, argc, argv))
    return 2;
  syn_status status = verify(&v, &ctx);
  int ended = v.wrong > 0;
  if (status)
    ended = host_failed(status, &ctx) == 1 || v.wrong > 0 ? 1 : 2;
  else
    puts(v.wrong ? "NOT as written" : "as written");
  free(v.entries);
  json_decref(v.places);
  json_decref(v.manifest);
  return ended;
}
