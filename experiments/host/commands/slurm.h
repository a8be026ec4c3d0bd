/* A job array for Slurm that computes a plan. */
#ifndef SYN_HOST_SLURM_H
#define SYN_HOST_SLURM_H

#include "experiments/host/base/host.h"
#include "experiments/host/run/shares.h"

typedef struct host_slurm {
  const char *program, *file, *name; /* a word of a shell; the plan's path; the job's name */
  const char *store;                 /* " --store FOLDER", in a shell's words; or "" */
} host_slurm;

/* Prints the script, in which the program computes tasks of the plan's file, which has so many runs; argv
 * is the command that was typed. */
void host_slurm_print(const host_shares *shares, size_t runs, const host_slurm *job, int argc,
                      char **argv);

#endif
