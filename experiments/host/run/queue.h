/* What a queue of runs is made of: for schedule.c, which fills it, and dispatch.c, which has it computed. */
#ifndef SYN_HOST_QUEUE_H
#define SYN_HOST_QUEUE_H

#include "experiments/host/base/progress.h"
#include "experiments/host/run/schedule.h"
#include "experiments/host/run/worker.h"
#include "experiments/host/store/lines.h"

#define HOST_NO_RUN SIZE_MAX

typedef struct host_entry { /* a run */
  const host_spec *spec;
  char *name;  /* owned; what it is called where it fails, or NULL */
  char *error; /* owned; of one that failed, else NULL */
  double cost;
  size_t twin; /* the next run of the same key, done with this one; HOST_NO_RUN: there is none */
  uint32_t group;
  unsigned char done, claimed; /* it has a record, or failed; we have its claim */
} host_entry;

typedef struct host_group {
  const char *title;
  unsigned rank;
  size_t first, n;       /* its runs */
  size_t open, computed; /* of them: not done yet; computed now */
  int handed_out;        /* that it is done */
} host_group;

struct host_queue {
  host *h;
  host_store store;
  host_entry *runs;
  host_group *groups;
  size_t n, n_groups, room, groups_room;
  host_lines keys; /* `at`: the first run that has this one */
  size_t *pending, begun,
      n_pending; /* runs that nobody here has begun, in order, from `begun` on */
  size_t pending_room;
  double look_at;   /* when to look again, if all are claimed or there is no room */
  int waited;       /* for a group: there is something to tell at the end */
  unsigned refused; /* workers, one after the other, with none running */
  int claims;       /* see claim.h */
  host_workshop shop;
  host_worker *workers;
  unsigned jobs;
  host_worker_report *reports;                 /* (jobs) */
  double cost_all, cost_done, iterations_done; /* done: in runs that ended */
  host_progress progress;
};

#endif
