#include "experiments/host/base/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/status.h"

#define REDRAW 0.2 /* seconds, on a terminal */
#define REPORT 30  /* seconds, elsewhere */

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
  *p = (host_progress){.title = title, .runs = runs, .begin = syn_clock(), .accuracy = (double)NAN};
  p->terminal = isatty(STDERR_FILENO);
  p->shown = p->begin;
}

/* "3 of 10 runs, 2 running, ..." */
static void describe(const host_progress *p, char *text, size_t size) {
  double spent = syn_clock() - p->begin;
  char left[32];
  FILE *f = fmemopen(text, size, "w");
  if (!f)
    return;
  fprintf(f, "%zu of %zu run%s", p->done, p->runs, syn_s(p->runs));
  if (p->failed)
    fprintf(f, ", %zu failed", p->failed);
  if (p->running)
    fprintf(f, ", %zu running", p->running);
  if (p->elsewhere)
    fprintf(f, ", %zu in another process", p->elsewhere);
  if (spent > 1 && p->iterations > 0)
    fprintf(f, ", %.0f iterations/s", p->iterations / spent);
  if (p->running && isfinite(p->accuracy))
    fprintf(f, ", accuracy %.1f %%", 100 * p->accuracy);
  if (spent > 1 && p->cost_done > 0 && p->cost_done < p->cost)
    fprintf(f, ", %s left", duration(left, spent * (p->cost / p->cost_done - 1)));
  fclose(f);
}

static int columns_of_terminal(void) {
  struct winsize w;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 80;
}

/* Bytes of a UTF-8 text that take at most `columns`. */
static int bytes_within(const char *text, int columns) {
  int n = 0;
  for (; text[n]; n++)
    if ((text[n] & 0xC0) != 0x80 && columns-- <= 0) /* else it continues a letter */
      break;
  return n;
}

void host_progress_show(host_progress *p) {
  double t = syn_clock();
  if (t - p->shown < (p->terminal ? REDRAW : REPORT))
    return;
  p->shown = t;
  host_progress_clear(p);
  char state[256] = "";
  describe(p, state, sizeof state);
  if (p->terminal) { /* a line that wraps could not be redrawn: the title gives way */
    int room = columns_of_terminal() - (int)strlen(state) - 3;
    fprintf(stderr, "%.*s: %s", bytes_within(p->title, room), p->title, state);
  } else {
    fprintf(stderr, "%s: %s\n", p->title, state);
  }
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
  if (p->done < p->runs)
    fprintf(stderr, "%s: %zu of %zu run%s", p->title, p->done, p->runs, syn_s(p->runs));
  else
    fprintf(stderr, "%s: %zu run%s", p->title, p->runs, syn_s(p->runs));
  if (p->kept)
    fprintf(stderr, ", %zu of them kept from before", p->kept);
  if (p->failed)
    fprintf(stderr, ", %zu failed", p->failed);
  fprintf(stderr, ", %s\n", duration(spent, syn_clock() - p->begin));
}
