/* gnuplot, fed a script. */
#ifndef SYN_HOST_GNUPLOT_H
#define SYN_HOST_GNUPLOT_H

#include <stddef.h>

#include "engine/base/status.h"

/* Runs a script (*n bytes) that sets its terminal and no output. *drawn, which the caller frees, are
 * the *n bytes of the picture. SYN_EFAILED with gnuplot's own first words, or if it drew nothing. */
syn_status host_gnuplot(char **drawn, const char *script, size_t *n, syn_ctx *ctx);

/* First line of `program argument` into text, "unknown" if it cannot be run. */
void host_first_line(char *text, size_t size, const char *program, const char *argument);

#endif
