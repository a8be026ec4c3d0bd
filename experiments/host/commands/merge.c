/* synlab merge: joins run stores. A record that is damaged, or that differs from another of its key,
 * is named and not taken. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/commands/command.h"
#include "experiments/host/store/agree.h"
#include "experiments/host/store/claim.h"
#include "experiments/host/store/kept.h"
#include "experiments/host/store/names.h"
#include "experiments/host/store/store.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/words.h"

typedef struct joined { /* how many records of a store */
  size_t all, seen, copied, same, different, damaged, checkpoints;
} joined;

/* ---- one record -------------------------------------------------------------------------------- */

static syn_status join_record(joined *j, host_store own, host_store other, const char *key,
                              syn_ctx *ctx) {
  char from[4096], to[4096];
  json_t *theirs = NULL, *ours = NULL;
  syn_ctx damage = {0};
  syn_status status = SYN_OK, broken = host_store_read(&theirs, other, key, &damage);
  j->seen++;
  if (!theirs) {
    host_wrong("%s; it is left out", broken ? damage.error : "a record is gone");
    j->damaged++;
    return SYN_OK;
  }
  broken = host_store_read(&ours, own, key, &damage);
  if (broken)
    host_wrong("%s; the one of %s takes its place", damage.error, other.folder);
  if (!ours) {
    status = j->copied ? SYN_OK : host_store_make(own, ctx);
    if (!status)
      status = host_store_write(own, key, theirs, ctx);
    j->copied += status == SYN_OK;
  } else if (host_records_agree(ours, theirs)) {
    j->same++;
  } else {
    host_store_place(to, sizeof to, own, key);
    host_store_place(from, sizeof from, other, key);
    host_wrong("%s and %s: one key, two results; neither is changed", to, from);
    j->different++;
  }
  json_decref(theirs);
  json_decref(ours);
  return status;
}

/* ---- one checkpoint ---------------------------------------------------------------------------- */

/* What is left out, and why; the exit status tells it too. */
static void leave_out(joined *j, const char *why) {
  host_wrong("%s; it is left out", why);
  j->damaged++;
}

/* Does our store want theirs: has it no record of the run, and no checkpoint that is as far, but for one of no
 * use? `unreadable`: nobody can say, and why. */
static int is_wanted(host_store own, const char *key, const host_kept *theirs, const char *path,
                     syn_ctx *unreadable) {
  host_kept ours;
  int whole = 0;
  syn_ctx why = {0};
  if (host_store_check(&whole, own, key, &why) == SYN_OK && whole)
    return 0;
  if (access(path, F_OK))
    return 1;
  syn_status status = host_kept_read(&ours, path, key, &why);
  int wanted = status ? status == SYN_EINPUT : theirs->done > ours.done;
  if (status && status != SYN_EINPUT)
    *unreadable = why;
  host_kept_close(&ours);
  return wanted;
}

/* Under the claim of the run nobody else gets further with it; so whether it is wanted is asked there again. */
static syn_status take_checkpoint(joined *j, host_store own, const char *key, const char *path,
                                  const host_kept *theirs, syn_ctx *ctx) {
  syn_ctx unreadable = {0};
  syn_status status = host_store_make(own, ctx);
  int claims = status ? -1 : host_claims_open(own);
  if (!status && host_claim(claims, key) == HOST_CLAIM_TAKEN) {
    host_wrong("%s: this run is being computed there; its checkpoint is left where it is, to be "
               "merged when that "
               "has stopped",
               path);
  } else if (!status && is_wanted(own, key, theirs, path, &unreadable)) {
    status = host_write(path, theirs->file, theirs->n, ctx);
    j->checkpoints += status == SYN_OK;
  }
  if (claims >= 0)
    close(claims); /* which ends what it has claimed */
  return status;
}

static syn_status join_checkpoint(joined *j, host_store own, host_store other, const char *key,
                                  syn_ctx *ctx) {
  char from[4096], to[4096];
  host_kept theirs;
  syn_ctx why = {0};
  syn_status status = host_store_path(other, from, sizeof from, "runs", key, ".checkpoint", ctx);
  if (!status)
    status = host_store_path(own, to, sizeof to, "runs", key, ".checkpoint", ctx);
  if (status)
    return status;
  if (host_kept_read(&theirs, from, key, &why)) {
    leave_out(j, why.error);
    return SYN_OK;
  }
  if (is_wanted(own, key, &theirs, to, &why))
    status = take_checkpoint(j, own, key, to, &theirs, ctx);
  else if (*why.error)
    leave_out(j, why.error);
  host_kept_close(&theirs);
  return status;
}

static syn_status join_checkpoints(joined *j, host_store own, host_store other, syn_ctx *ctx) {
  char runs[4096], key[SYN_DIGEST_SIZE];
  host_names names = {0};
  snprintf(runs, sizeof runs, "%s/runs", other.folder);
  int folder = open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", runs, strerror(errno));
  syn_status status = host_names_read(&names, folder, runs, NULL, ctx);
  for (size_t i = 0; i < names.n && !status; i++)
    if (host_name_key(key, names.list[i]->d_name, ".checkpoint"))
      status = join_checkpoint(j, own, other, key, ctx);
  host_names_close(&names);
  close(folder);
  return status;
}

/* ---- one store --------------------------------------------------------------------------------- */

static syn_status join_records(joined *j, host_store own, host_store other, syn_ctx *ctx) {
  host_keys keys;
  syn_status status = host_store_look(own, ctx);
  if (status)
    return status;
  status = host_store_keys(&keys, &j->damaged, other, ctx);
  j->all = keys.n;
  for (size_t i = 0; i < keys.n && !status; i++)
    status = join_record(j, own, other, keys.list[i], ctx);
  free(keys.list);
  return status;
}

static syn_status join_store(joined *all, host *h, const char *folder, syn_ctx *ctx) {
  joined j = {0};
  host_store other = {folder, host_store_remember()};
  if (!other.memory)
    return syn_fail_memory(ctx, folder);
  syn_status status = join_records(&j, host_own_store(h), other, ctx);
  if (!status)
    status = join_checkpoints(&j, host_own_store(h), other, ctx);
  (void)host_store_forget(other.memory, NULL); /* nothing was written */
  if (!status)
    status = host_store_sync(host_own_store(h), ctx);
  if (status) /* the last one that was looked at could not be written, or nobody knows whether all are */
    printf("%s: stopped at record %zu of %zu: %zu copied, %zu there already, %zu different, %zu "
           "damaged\n",
           folder, j.seen, j.all, j.copied, j.same, j.different, j.damaged);
  else
    printf("%s: %zu record%s, %zu copied, %zu there already, %zu different, %zu damaged", folder,
           j.seen, syn_s(j.seen), j.copied, j.same, j.different, j.damaged);
  if (!status && j.checkpoints)
    printf("; %zu checkpoint%s of unfinished runs", j.checkpoints, syn_s(j.checkpoints));
  if (!status)
    putchar('\n');
  all->different += j.different;
  all->damaged += j.damaged;
  return status;
}

/* ---- the command ------------------------------------------------------------------------------- */

static int parse(host *h, const host_command *self, int argc, char **argv, size_t *n) {
  host_profile given = h->profile;
  given.out = NULL;
  int status = host_arguments(h, self, &given, argc, argv, n);
  if (!status && given.out && given.store)
    status = host_wrong("merge: --out %s and --store %s both say which store takes them; give one",
                        given.out, given.store);
  given.out = given.out ? given.out : h->profile.out;
  h->profile = given;
  for (size_t i = 0; i < *n; i++)
    host_trim((char *)(uintptr_t)h->words[i]); /* of argv */
  if (!status && *n == 0)
    status = host_wrong("merge: which stores? `synlab merge DIR... --out OUT`");
  return status;
}

/* Told before anything is copied: 0, or 2 after a line. */
static int check_stores(const char *const *stores, size_t n) {
  for (size_t i = 0; i < n; i++) {
    char runs[4096];
    snprintf(runs, sizeof runs, "%s/runs", stores[i]);
    DIR *folder = opendir(runs);
    const char *inside = strrchr(stores[i], '/');
    if (!folder && strcmp(inside ? inside + 1 : stores[i], "runs") == 0)
      return host_wrong("%s: give the folder that `runs` lies in: %.*s", stores[i],
                        inside ? (int)(inside - stores[i]) : 1, inside ? stores[i] : ".");
    if (!folder)
      return host_wrong("%s: no run store: %s", runs, strerror(errno));
    closedir(folder);
  }
  return 0;
}

static int merge_main(host *h, const host_command *self, int argc, char **argv) {
  size_t n = 0;
  joined all = {0};
  syn_ctx ctx = {0};
  syn_status status = SYN_OK;
  int ended = parse(h, self, argc, argv, &n);
  if (!ended)
    ended = check_stores(h->words, n);
  size_t i = 0;
  for (; i < n && !ended && !status; i++)
    status = join_store(&all, h, h->words[i], &ctx);
  for (; i < n && status; i++)
    printf("%s: not begun\n", h->words[i]);
  if (status) {
    fflush(stdout);
    return host_failed(status, &ctx);
  }
  return ended ? ended : all.different + all.damaged > 0;
}

static const host_flag flags[] = {
    {"--out", "OUT", "the folder whose store takes them (reports)", HOST_FOLDER,
     offsetof(host_profile, out), 0, NULL},
    {"--store", "DIR", "the same, as other commands say it", HOST_FOLDER,
     offsetof(host_profile, store), 0, NULL},
    {0},
};

const host_command host_command_merge = {
    .name = "merge",
    .summary = "join run stores",
    .synopsis = "synlab merge DIR... [--out OUT | --store OUT]",
    .about =
        "Copies the records of each DIR/runs that OUT/runs (OUT: reports) lacks. Every record is\n"
        "checked against its digest; damaged ones are named and left out. Two records of one run "
        "that\n"
        "hold different results are named, and neither is changed. How long a run took is no "
        "result.\n"
        "Checkpoints of runs that OUT/runs has no record of come along, unless it has a later one.",
    .flags = flags,
    .after = "Exit status 0: joined; 1: a record is damaged or differs, or could not be written; "
             "2: wrong\n"
             "use, or a store that cannot be written.",
    .main = merge_main,
};
