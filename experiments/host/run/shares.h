/* A plan in shares, the tasks of a job array: of N shares the K-th has runs K, K + N, K + 2N, ... of the
 * plan, so that all take about as long, as the longest runs stand first. */
#ifndef SYN_HOST_SHARES_H
#define SYN_HOST_SHARES_H

#include <stddef.h>

typedef struct host_shares {
  size_t n;
  double all, longest; /* seconds of all runs, of the longest share; NaN: not known */
} host_shares;

/* Of runs that take so many seconds each (runs, 1 at least; NaN: not known): at most `most` shares, and
 * no more than there is work for, where a share is to take `worth` seconds; 0: any is worth it. */
host_shares host_shares_of(const double *seconds, size_t runs, size_t most, double worth);

/* The limit, in whole minutes, for a share that is to take so long: twice as long and ten minutes. */
double host_shares_limit(double seconds);

#endif
