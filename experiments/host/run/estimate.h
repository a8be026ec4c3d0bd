/* How long runs will take on this machine: told before they begin. One run of each kind (task,
 * method, innermost policy) is tried for a fraction of a second, beside as many others as the
 * machine will truly run at a time (jobs beyond its cores wait for a core); the rest of the kind
 * follow by their cost. Good to some tens of per cent. */
#ifndef SYN_HOST_ESTIMATE_H
#define SYN_HOST_ESTIMATE_H

#include "experiments/host/run/spec.h"

typedef struct host_paces host_paces; /* of the kinds that were tried */

/* `finely`: two rules, and two rewards in Lua, are two kinds. NULL: not enough memory. */
host_paces *host_paces_open(int finely);
void host_paces_close(host_paces *paces);

/* Seconds of one core; NaN for a kind that cannot be tried. */
double host_pace_seconds(host_paces *paces, const host *h, const host_spec *spec);

/* seconds (n) of one core; 0 for runs that are in the store, and for the second of two with one key;
 * NaN for a kind that cannot be tried. */
syn_status host_estimate(double *seconds, const host *h, const host_spec *specs, size_t n,
                         syn_ctx *ctx);

#endif
