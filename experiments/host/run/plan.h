/* A plan: the runs of scripts that are missing in the store, to be computed by whatever runs shell
 * commands. With host.plan set nothing is computed: chapters hand over their runs, and a script that
 * asks for records itself (synlab.run) is stopped where they are missing. Runs that follow from
 * those results are planned another time, when these are there.
 *
 * OUT/plan/NAME-DIGEST.jsonl says all that its runs need, so that they can be computed wherever this
 * program and the images are (`synlab work`); see plan_file.h.
 */
#ifndef SYN_HOST_PLAN_H
#define SYN_HOST_PLAN_H

#include <limits.h>

#include "experiments/host/run/estimate.h"
#include "experiments/host/run/plan_file.h"
#include "experiments/host/run/spec.h"
#include "experiments/host/store/lines.h"

typedef struct host_planned {
  char key[SYN_DIGEST_SIZE];
  char *line;           /* owned: what the plan will say of it */
  double cost, seconds; /* seconds: where paces are told */
} host_planned;

#define HOST_LIKES_MAX 16

typedef struct host_like { /* options that others are told by */
  syn_options options;
  json_t *place; /* borrowed from what is shared */
} host_like;

typedef struct host_plan {
  host_planned *runs; /* owned */
  size_t n, room;
  host_lines keys;                 /* of these */
  host_shared *shared;             /* owned */
  host_like likes[HOST_LIKES_MAX]; /* one for each task and method */
  size_t n_likes;
  json_t *data; /* owned; by the name of images where they are told, borrowed from what is shared */
  json_t *policy, *policy_place; /* of the run before: owned; borrowed from what is shared */
  const char *store;             /* borrowed: its absolute path, of --store; NULL: that of OUT */
  host_paces *paces;             /* owned; NULL: nobody asks how long runs take */
  /* if set, each run is only handed over, with whether the store has it */
  syn_status (*ask)(void *asker, const host_spec *spec, int there, syn_ctx *ctx);
  void *asker;
  int stopping;   /* the script that runs is being stopped, by an error that is none */
  size_t stopped; /* scripts that were, which may ask for more */
} host_plan;

/* Adds those of the runs (n) that are neither in the store nor in the plan. *missing: so many are not
 * in the store. A damaged record is told, and missing. */
syn_status host_plan_add(host_plan *plan, size_t *missing, const host *h, const host_spec *specs,
                         size_t n, syn_ctx *ctx);

/* Puts the runs in order, longest first, and writes the file of the plan, whose absolute path is left
 * in `file`; it begins with `name`. SYN_EINVAL: the path has a line break in it. */
syn_status host_plan_write(host_plan *plan, char file[PATH_MAX], const host *h, const char *name,
                           syn_ctx *ctx);

void host_plan_close(host_plan *plan);

/* Run `number` of a plan's file. `data` (may be NULL) stands in for the name of its images. SYN_EINVAL:
 * there is no such run; SYN_EINPUT: it is damaged; it was planned by a program that computes other
 * bits; these are other images. */
syn_status host_plan_read(host_spec *spec, host *h, const host_plan_file *file, size_t number,
                          const char *data, syn_ctx *ctx);

#endif
