/* A job array for Slurm that computes a plan. */
#ifndef SYN_HOST_SLURM_H
#define SYN_HOST_SLURM_H

#include "experiments/host/base/host.h"
#include "experiments/host/run/shares.h"

/* Prints the script. `program` (a word of a shell) computes tasks of the plan's `file` (a path), which
 * has so many runs; `name` is the job's; argv is the command that was typed. */
void host_slurm_print(const host_shares *shares, size_t runs, const char *program, const char *file,
                      const char *name, int argc, char **argv);

#endif
