/* What is going on: on a terminal one line, redrawn; else a plain line now and then. */
#ifndef SYN_HOST_PROGRESS_H
#define SYN_HOST_PROGRESS_H

#include <stddef.h>

typedef struct host_progress {
  const char *title;
  size_t runs, done, running, failed, kept; /* kept: taken from the store */
  size_t elsewhere;                         /* another process computes them */
  double cost, cost_done; /* of all runs that must be computed, and what of it is done */
  double iterations;      /* done in this batch */
  double accuracy;        /* of those that run, on their batches; NAN: not known */
  double begin, shown;    /* seconds; internal */
  int terminal, drawn;
} host_progress;

void host_progress_begin(host_progress *p, const char *title, size_t runs);
/* Call as often as you like. */
void host_progress_show(host_progress *p);
/* Clears the line, so that something else can be printed. */
void host_progress_clear(host_progress *p);
/* A last plain line. */
void host_progress_end(host_progress *p);

#endif
