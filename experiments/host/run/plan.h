/* A plan: the runs of scripts that are missing in the store, to be computed by whatever runs shell
 * commands. With host.plan set nothing is computed: chapters hand over their runs, and a script that
 * asks for records itself (synlab.run) is stopped where they are missing. Runs that follow from
 * those results are planned another time, when these are there.
 *
 * OUT/plan/KEY.json says all that one run needs, so that it can be computed wherever this program
 * and the images are (`synlab work`):
 *
 *   {"key", "numerics", "run": every option, and the policy with its text,
 *    "data": {"name": a known set or an absolute path, "digest"}}
 */
#ifndef SYN_HOST_PLAN_H
#define SYN_HOST_PLAN_H

#include "experiments/host/run/spec.h"

typedef struct host_planned {
  char key[SYN_DIGEST_SIZE];
  json_t *file; /* owned: what KEY.json will say */
  double cost;
} host_planned;

typedef struct host_plan {
  host_planned *runs; /* owned */
  size_t n, room;
  int stopping;   /* the script that runs is being stopped, by an error that is none */
  size_t stopped; /* scripts that were, which may ask for more */
} host_plan;

/* Adds those of the runs (n) that are neither in the store nor in the plan. *missing: so many are not
 * in the store. A damaged record is told, and missing. */
syn_status host_plan_add(host_plan *plan, size_t *missing, const host *h, const host_spec *specs,
                         size_t n, syn_ctx *ctx);

/* Writes OUT/plan/KEY.json of every run, and leaves in *lines (the caller frees it) a shell command a
 * run, longest first. SYN_EINVAL: a path has a line break in it. */
syn_status host_plan_write(host_plan *plan, char **lines, const host *h, syn_ctx *ctx);

void host_plan_close(host_plan *plan);

/* Reads a KEY.json. `data` (may be NULL) stands in for the name of its images. SYN_EINPUT: it is no
 * such file; it was planned by a program that computes other bits; these are other images. */
syn_status host_plan_read(host_spec *spec, host *h, const char *path, const char *data,
                          syn_ctx *ctx);

#endif
