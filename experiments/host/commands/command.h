/* A command of the program: a row that owns its options, its usage and what it does. Usage, manual
 * page and completion are made from these rows; main.c lists them.
 */
#ifndef SYN_HOST_COMMAND_H
#define SYN_HOST_COMMAND_H

#include <stddef.h>
#include <stdio.h>

#include "experiments/host/base/host.h"

typedef enum host_flag_kind {
  HOST_SWITCH,  /* int: 1 if given */
  HOST_WORD,    /* const char * */
  HOST_FILE,    /* the same, a path */
  HOST_FOLDER,  /* the same, without slashes at its end */
  HOST_FILES,   /* host_words: may stand several times */
  HOST_WHOLE,   /* unsigned, 1 to `most` */
  HOST_SECONDS, /* double, 0 to 1e6 */
  HOST_SHARE,   /* double, 0 to 1 */
} host_flag_kind;

typedef struct host_words {
  const char **list;
  size_t n, room;
} host_words;

typedef struct host_flag {
  const char *name, *value; /* "--out", "DIR"; NULL for a switch */
  const char *doc;          /* may have several lines */
  host_flag_kind kind;
  size_t to; /* offset in the struct of arguments that the command reads into */
  unsigned most;
  const char *parts; /* the parts of the command that take it, separated by spaces; NULL: all */
} host_flag;

typedef struct host_command {
  const char *name, *summary;
  const char *synopsis;      /* lines behind "usage: " */
  const char *about, *after; /* paragraphs before and behind the options; or NULL */
  const char *const *parts;  /* names of its parts, ends with NULL; NULL: it has none */
  int takes_params;          /* words NAME=NUMBER are parameters */
  const host_flag *flags;    /* ends with a NULL name; NULL: none */
  const host_flag *more;     /* those of another command that it takes too; or NULL */
  int (*main)(host *h, const struct host_command *self, int argc, char **argv);
} host_command;

/* Exit status of `main`: 0, 1 (a run failed) or 2 (wrong use). argv[0] is the command's name. */
extern const host_command host_command_run, host_command_plan, host_command_work,
    host_command_merge, host_command_store, host_command_options, host_command_policy,
    host_command_data, host_command_rule, host_command_reward, host_command_verify,
    host_command_export, host_command_bench, host_command_manual;

/* All statuses that the program exits with, in lines. */
extern const char *const host_exit_statuses;

/* What `run` and `plan` read. */
typedef struct host_run_arguments {
  host_profile profile;
  int slurm;      /* these three: plan only */
  unsigned tasks; /* 0: not given */
  double task_seconds;
} host_run_arguments;
extern const host_flag host_run_flags[];

/* Reads them into h->profile, and their *n scripts, at least one, into h->words; the rest into *own,
 * which may be NULL. 0, or 2 after a line. */
int host_run_read(host *h, const host_command *command, int argc, char **argv, size_t *n,
                  host_run_arguments *own);

/* What stands where an option was not given, and what cannot be meant; `status` so far. 0, or 2 after a
 * line. */
int host_run_settle(host *h, const char *command, size_t n, int status);

/* Runs the n scripts in h->words up to their first missing runs, with h->plan set. Exit status. */
int host_plan_gather(host *h, size_t n);

/* Reads argv[1] and on: "--name value" and "--name=value"; behind "--" nothing is an option. Values go
 * into `arguments`, left alone where an option is not given; whatever is no option, *n words, goes
 * into h->words. Of a command with parts argv[0] is the part. 0, or 2 after a line. */
int host_arguments(host *h, const host_command *command, void *arguments, int argc, char **argv,
                   size_t *n);

/* The part of the command that argv[1] names: its place among its parts; or -1 after a line. */
int host_part(const host_command *command, int argc, char **argv);

/* What --help prints. */
void host_usage(FILE *out, const host_command *command);

#endif
