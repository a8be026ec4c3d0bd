/* gnuplot, fed a script. */
#ifndef SYN_HOST_GNUPLOT_H
#define SYN_HOST_GNUPLOT_H

#include <stddef.h>

#include "engine/base/status.h"

/* Runs the script in folder `where`. SYN_EFAILED with gnuplot's own first words. */
syn_status host_gnuplot(const char *script, size_t n, const char *where, syn_ctx *ctx);

/* First line of `program argument` into text, "unknown" if it cannot be run. */
void host_first_line(char *text, size_t size, const char *program, const char *argument);

#endif
