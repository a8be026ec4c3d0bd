/* What the parts of `synlab store` share. Each is a file: store_list.c, store_show.c, ... */
#ifndef SYN_HOST_COMMANDS_STORE_H
#define SYN_HOST_COMMANDS_STORE_H

#include "experiments/host/base/texts.h"
#include "experiments/host/commands/command.h"
#include "experiments/host/store/prune.h"
#include "experiments/host/store/store.h"

typedef struct store_arguments {
  host_run_arguments run; /* why */
  int json;               /* list, show, diff */
  unsigned width;         /* list, diff; 0: not given */
  int yes, others;        /* prune */
} store_arguments;

/* The folder that a word names (store_name.c), in which there is `runs`; NULL after a line: there is no store. */
const char *host_store_named(const char *part, const char *word);

/* store_plans.c: plans of FOLDER/plan whose runs are all done, each of which is printed, and removed if `removes`; they
 * are added to `out`. What is no plan, or cannot be removed, is told and left alone. SYN_EINPUT, SYN_ENOMEM. */
syn_status host_store_plans(host_pruned *out, const char *folder, int removes, syn_ctx *ctx);

/* The name of a plan in FOLDER/plan that has a run of this key; 0: none has. */
int host_store_plan_of(char name[256], const char *folder, const char *key);

/* Exit statuses. `words` (n) are what stands behind the part. */
int host_store_list(host *h, const store_arguments *a, const char *const *words, size_t n);
int host_store_show(host *h, const store_arguments *a, const char *const *words, size_t n);
int host_store_prune(host *h, const store_arguments *a, const char *const *words, size_t n);
int host_store_why(host *h, const store_arguments *a, const char *const *words, size_t n);
int host_store_diff(host *h, const store_arguments *a, const char *const *words, size_t n);

/* ---- filters (store_filter.c): NAME=VALUE ------------------------------------------------------- */

typedef struct store_filter {
  const char *name, *value; /* borrowed */
  char own_name[64];
  double number;
  int numeric, seen, held; /* seen: a record has something of that name; held: one has that value */
  host_texts others;       /* other values that records have */
} store_filter;

/* Is the word one? A path with "=" in it has a slash before, as in ./a=b. */
int host_is_filter(const char *word);

/* 0, or 2 after a line: no such name, or no such value. */
int host_filter_read(store_filter *out, const char *word);
int host_filter_holds(store_filter *filter, const json_t *record);

/* When all was seen: 2 after a line if no run has anything of that name. */
int host_filter_check(const store_filter *filter);

/* On stderr, if no run has that value: which ones there are. */
void host_filter_tell(const store_filter *filter);

void host_filter_close(store_filter *filter);

#endif
