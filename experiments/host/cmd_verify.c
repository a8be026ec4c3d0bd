/* synlab verify: is a report as it was written, and do its runs give the same bits here? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "experiments/host/cores.h"
#include "experiments/host/verify.h"

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
  return host_verify_runs(v, ctx);
}

/* The value of argv[*i]; NULL, after a line, if it has none. */
static const char *value_of(int argc, char **argv, int *i) {
  if (*i + 1 < argc)
    return argv[++*i];
  host_wrong("verify: %s wants a value", argv[*i]);
  return NULL;
}

static int parse(host_verification *v, int argc, char **argv) {
  static const char *const flags[] = {"--run", "--all", "--data", "--jobs", NULL};
  const char *value, *near;
  char *end;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--all") == 0) {
      v->all = 1;
    } else if (strcmp(argv[i], "--run") == 0) {
      if (!(v->run = value_of(argc, argv, &i)))
        return 2;
    } else if (strcmp(argv[i], "--data") == 0) {
      if (!(value = value_of(argc, argv, &i)))
        return 2;
      if (v->n_paths == HOST_SETS_MAX)
        return host_wrong("verify: more than %d sets of images", HOST_SETS_MAX);
      v->paths[v->n_paths++] = value;
    } else if (strcmp(argv[i], "--jobs") == 0) {
      if (!(value = value_of(argc, argv, &i)))
        return 2;
      long jobs = strtol(value, &end, 10);
      if (*end || end == value || jobs < 1 || jobs > 1024)
        return host_wrong("--jobs %s: must be a whole number from 1 to 1024", value);
      v->h->profile.jobs = (unsigned)jobs;
    } else if (argv[i][0] == '-') {
      near = syn_nearest(argv[i], flags);
      return near ? host_wrong("verify: no option is named '%s'; did you mean '%s'?", argv[i], near)
                  : host_wrong("verify: no option is named '%s'; `synlab verify --help` lists them",
                               argv[i]);
    } else if (v->folder) {
      return host_wrong("verify: one folder at a time, not '%s' and '%s'", v->folder, argv[i]);
    } else {
      v->folder = argv[i];
    }
  }
  if (v->all && v->run)
    return host_wrong("verify: --all and --run exclude each other");
  if (v->run && !*v->run)
    return host_wrong("verify: --run wants a key or a number");
  return 0;
}

int cmd_verify(host *h, int argc, char **argv) {
  host_verification v = {.h = h};
  syn_ctx ctx = {0};
  h->profile.jobs = host_cores();
  if (parse(&v, argc, argv))
    return 2;
  if (!v.folder)
    v.folder = "reports";
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
