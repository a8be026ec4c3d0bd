/* The program reads its own scripts when it runs, and they may be others than those it was built beside. */
#ifndef SYN_HOST_SOURCES_H
#define SYN_HOST_SOURCES_H

#include "experiments/host/base/host.h"

/* Looks at them, once: before they are read. What is edited while runs are computed is not what was read. */
void host_sources_look(const host *h);

/* Was one of the program's own scripts another than when it was built, or gone? Looks, if nobody has. */
int host_sources_changed(const host *h);
/* The same of paper/claims.lua. */
int host_claims_changed(const host *h);

#endif
