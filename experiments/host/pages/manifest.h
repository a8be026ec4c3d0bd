/* The manifest, OUT/manifest.json: what every page was made with, run by run, so that the page can
 * be checked on another day from a checkout that has no run store (`synlab verify`).
 *
 *   {"format": 1, "pages": {NAME: page, ...}, "sha256": DIGEST}
 *
 *   DIGEST covers all lines but the last, the one it stands on (`head -n -1 | sha256sum`).
 *
 *   page = {"command", "profile", "seeds", "jobs",
 *           "program":        commit, clean, numerics (of synaptic runs), descent (of the others),
 *                           compiler, flags, ...: as synlab.versions(),
 *           "wall":           seconds from the plan to the page
 *           "began", "ended": when that was, in UTC, as 2026-11-28T03:04:05Z
 *           "chapters":       [{"id", "runs", "computed", "seconds"}, ...],
 *           "data":           {digest: {"name", "n"}},
 *           "outputs":        {path below OUT: sha256},
 *           "configurations": {id: every option but the seed; the policy; the data's digest},
 *           "texts":          {sha256: text of a policy},
 *           "runs":           [{"key", "chapters", "configuration", "seed", "seconds", + result}]}
 *   result = {"status", "iterations", "curve", "trace", "batch", "train", "validation", "policies"}
 *
 * A page stands for itself: writing another into the same folder leaves its entry alone. A long text
 * in a configuration is stored once, as {"sha256": its digest}. "curve" and "policies" are digests of
 * the record's canonical text. "clean" is null where the commit is not known, "swhid" where the sources
 * have none. No path of the machine
 * stands in it: of an absolute one is kept what is below the project, else its last name.
 *
 * The page being made hangs on host.page, filled by the calls of its script.
 */
#ifndef SYN_HOST_MANIFEST_H
#define SYN_HOST_MANIFEST_H

#include "experiments/host/run/spec.h"

#define HOST_MANIFEST "manifest.json"

/* Notes a chapter, of whose runs `computed` were not in the store before; and a finished run of it. */
syn_status host_manifest_chapter(host *h, const char *chapter, size_t computed, syn_ctx *ctx);
syn_status host_manifest_run(host *h, const char *chapter, const json_t *record, syn_ctx *ctx);

/* How many runs were noted, each counted once, and what they took. */
size_t host_manifest_total(const host *h, double *seconds);

/* Notes a file that will be written below OUT. */
syn_status host_manifest_output(host *h, const char *relative, const void *bytes, size_t n,
                                syn_ctx *ctx);

/* Writes what the script has for OUT (outputs.h), and the page under `name` into the manifest, in place of an older one of that name. `times`, {"wall", "began",
 * "ended", "computed": {chapter: runs}}, goes into it; `program` and `times` are borrowed. A damaged manifest is replaced, with a word. */
syn_status host_manifest_write(host *h, const char *name, json_t *program, const json_t *times,
                               syn_ctx *ctx);

/* Of the page of this name as it was written before {"chapters", "wall", "began", "ended"}, as far as
 * it has them; the caller owns *out. Status as below. */
syn_status host_manifest_written(json_t **out, const host *h, const char *name, syn_ctx *ctx);

/* The command as words of a shell, without paths of the machine; the caller owns it. */
json_t *host_manifest_command(const host *h);

/* The manifest of a folder, checked; the caller owns *out. SYN_EINPUT: there is none; SYN_EFAILED:
 * it is damaged or was changed. */
syn_status host_manifest_read(json_t **out, const char *folder, syn_ctx *ctx);

/* What is compared of a run: the fields of `result` above. The caller owns it. */
json_t *host_manifest_result(const json_t *record, syn_ctx *ctx);

/* A run as it would be asked for, but for the name of its data. The caller owns *out. SYN_EFAILED:
 * the page lacks a part of it. */
syn_status host_manifest_spec(json_t **out, const json_t *page, const json_t *run, syn_ctx *ctx);

#endif
