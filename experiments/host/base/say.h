/* What the program says when something is wrong. */
#ifndef SYN_HOST_SAY_H
#define SYN_HOST_SAY_H

#include "engine/base/status.h"

/* One line on stderr, "synlab: ..."; returns 2. */
int host_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* 2 for a fault of the user's, 1 for any other, after the line. */
int host_failed(syn_status status, const syn_ctx *ctx);

#endif
