/* The host: what the parts of the synlab program share. It is the only part of the house that
 * prints. Everything hangs on one struct that main owns; there are no globals.
 */
#ifndef SYN_HOST_H
#define SYN_HOST_H

#include <jansson.h>

#include "engine/data/images.h"
#include "engine/numeric/kernels.h"

typedef struct host_profile {
  int quick, fresh;
  unsigned jobs, seeds;
  int seeds_given;
  double checkpoint;   /* seconds between checkpoints of a run; 0: at every row of its curve */
  const char *out;     /* folder of everything that is written */
  const char *store;   /* folder of the run store; NULL: `out` */
  const char *data;    /* archive, folder or name; NULL: as the script says */
  const char *policy;  /* policy file; NULL: as the script says */
  const char *authors; /* policy file that the paper's authors published; NULL: not at hand */
} host_profile;

#define HOST_SETS_MAX 16
#define HOST_JOBS_MAX 1024

typedef struct host_set { /* an opened data set */
  char *name, *path;
  syn_images *images;
} host_set;

struct host_plan;
struct host_store_memory;
typedef struct host_checked host_checked;
typedef struct host_output host_output;

typedef struct host {
  host_profile profile;
  const syn_kernels *kernels;
  char home[4096]; /* where experiments/, policies/ and paper/ are found */
  host_set sets[HOST_SETS_MAX];
  size_t n_sets;
  int data_asked; /* has anything asked for the usual images, which are those of --data? */
  size_t failed_runs, failed_outputs;
  syn_status fault;                /* of the last call from a script that failed */
  host_output *outputs;            /* kept until they are written; see outputs.h */
  struct host_store_memory *store; /* of --store, or the report's folder; see store.h */
  json_t *page;           /* what the manifest will say of the page being made; see manifest.h */
  struct host_plan *plan; /* if set, runs are planned, not computed; see plan.h */
  host_checked *checked;  /* owned; what stays known of what was checked; see checked.h */
  const struct host_command *const *commands; /* all there are; ends with NULL */
  char **typed;                               /* the command and its arguments */
  int n_typed;
  const char **words; /* of `typed`, those that are no options; see host_arguments */
  const char *script; /* that runs, as typed; or NULL */
  char **arguments;   /* of a script that the program runs itself, in its global `arg` */
  int n_arguments;
} host;

/* ---- files (files.c) --------------------------------------------------------------------------- */

/* The whole file, ended by 0; malloc'ed. NULL with the reason in ctx. */
char *host_read(const char *path, size_t *n, syn_ctx *ctx);
/* Writes under a temporary name and renames; makes the folders above. */
syn_status host_write(const char *path, const void *bytes, size_t n, syn_ctx *ctx);
/* OUT/relative into `path`; SYN_EINVAL if it is absolute or climbs out. */
syn_status host_out_path(const host *h, char *path, size_t size, const char *relative,
                         syn_ctx *ctx);
syn_status host_make_folders(const char *path, syn_ctx *ctx);
/* Finds the house from where the program lies. */
void host_find_home(host *h);
/* A file as it is named beside the script that runs, or where the program was called, or in the house;
 * as named where it is nowhere. `place` (size) holds the path. */
const char *host_find(const host *h, const char *file, char *place, size_t size);

/* ---- data sets (sets.c) ------------------------------------------------------------------------ */

/* An image set by name or path, opened once and kept until the end. */
syn_status host_images(host *h, const syn_images **out, const char *name, const char **path,
                       syn_ctx *ctx);
void host_close_sets(host *h);

/* ---- scripts (script.c) ------------------------------------------------------------------------ */

/* Exit status as of a command. */
int host_run_script(host *h, const char *path);

#endif
