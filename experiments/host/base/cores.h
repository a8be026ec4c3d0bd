/* How many cores this process may use: those of the machine that its affinity (taskset, a container,
 * a job of Slurm) leaves it. What `nproc` prints; at least 1. */
#ifndef SYN_HOST_CORES_H
#define SYN_HOST_CORES_H

unsigned host_cores(void);

#endif
