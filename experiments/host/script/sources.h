/* The program reads its own scripts when it runs, and they may be others than those it was built beside. */
#ifndef SYN_HOST_SOURCES_H
#define SYN_HOST_SOURCES_H

#include "experiments/host/base/host.h"

/* Is one of the program's own scripts another than when it was built, or gone? `only`: of this one, as
 * "paper/claims.lua"; NULL: of all of them. */
int host_sources_changed(const host *h, const char *only);

#endif
