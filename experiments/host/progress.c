#include "experiments/host/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define REDRAW 0.2 /* seconds, on a terminal */
#define REPORT 30  /* seconds, elsewhere */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* "1h 05m", "3m 20s", "12s" */
static const char *duration(char text[32], double seconds) {
  long s = (long)(seconds + 0.5);
  if (s >= 3600)
    snprintf(text, 32, "%ldh %02ldm", s / 3600, s / 60 % 60);
  else if (s >= 60)
    snprintf(text, 32, "%ldm %02lds", s / 60, s % 60);
  else
    snprintf(text, 32, "%lds", s);
  return text;
}

void host_progress_begin(host_progress *p, const char *title, size_t runs) {
  *p = (host_progress){.title = title, .runs = runs, .begin = now()};
  p->terminal = isatty(STDERR_FILENO);
  p->shown = p->begin;
}

static void print_state(const host_progress *p) {
  double spent = now() - p->begin;
  char left[32] = "";
  fprintf(stderr, "%s: %zu of %zu runs", p->title, p->done, p->runs);
  if (p->failed)
    fprintf(stderr, ", %zu failed", p->failed);
  if (p->running)
    fprintf(stderr, ", %zu running", p->running);
  if (spent > 1 && p->iterations > 0)
    fprintf(stderr, ", %.0f iterations/s", p->iterations / spent);
  if (spent > 1 && p->cost_done > 0 && p->cost_done < p->cost)
    fprintf(stderr, ", %s left", duration(left, spent * (p->cost / p->cost_done - 1)));
}

void host_progress_show(host_progress *p) {
  double t = now();
  if (t - p->shown < (p->terminal ? REDRAW : REPORT))
    return;
  p->shown = t;
  host_progress_clear(p);
  print_state(p);
  if (!p->terminal)
    fputc('\n', stderr);
  fflush(stderr);
  p->drawn = p->terminal;
}

void host_progress_clear(host_progress *p) {
  if (p->drawn)
    fputs("\r\x1b[K", stderr);
  p->drawn = 0;
}

void host_progress_end(host_progress *p) {
  char spent[32];
  host_progress_clear(p);
  fprintf(stderr, "%s: %zu runs", p->title, p->runs);
  if (p->kept)
    fprintf(stderr, ", %zu of them kept from before", p->kept);
  if (p->failed)
    fprintf(stderr, ", %zu failed", p->failed);
  fprintf(stderr, ", %s\n", duration(spent, now() - p->begin));
}
