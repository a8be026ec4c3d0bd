#include "engine/base/status.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void syn_make_printable(char *text) {
  for (char *c = text; *c; c++) {
    int c1 = *c == '\xc2' && (unsigned char)c[1] >= 0x80 && (unsigned char)c[1] < 0xa0;
    if (*c == '\n' || *c == '\t')
      *c = ' ';
    else if (c1 || iscntrl((unsigned char)*c))
      *c = '?';
    if (c1)
      *++c = '?';
  }
}

syn_status syn_fail(syn_ctx *ctx, syn_status status, const char *format, ...) {
  if (!ctx)
    return status;
  /* Into a copy first: an argument may be ctx->error itself. */
  char line[SYN_ERROR_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  syn_make_printable(line);
  memcpy(ctx->error, line, sizeof line);
  return status;
}

syn_status syn_fail_memory(syn_ctx *ctx, const char *what) {
  return syn_fail(ctx, SYN_ENOMEM, "not enough memory for %s", what);
}

/* Edit distance: letters put in, left out or changed, and neighbours swapped, each of cost 1. Names are
 * cut at 63 characters. */
static size_t distance(const char *a, const char *b) {
  size_t rows[3][64], na = strnlen(a, 63), nb = strnlen(b, 63);
  for (size_t i = 0; i <= na; i++) {
    size_t *now = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
    now[0] = i;
    for (size_t j = 1; j <= nb; j++) {
      size_t least = i == 0 ? j : above[j - 1] + (a[i - 1] != b[j - 1]);
      if (i > 0 && above[j] + 1 < least)
        least = above[j] + 1;
      if (now[j - 1] + 1 < least)
        least = now[j - 1] + 1;
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
          two_above[j - 2] + 1 < least)
        least = two_above[j - 2] + 1;
      now[j] = least;
    }
  }
  return rows[na % 3][nb];
}

const char *syn_s(size_t n) {
  return n == 1 ? "" : "s";
}

const char *syn_nearest(const char *name, const char *const *names) {
  size_t limit = strlen(name) / 3;
  size_t best = (limit < 2 ? 2 : limit) + 1;
  const char *nearest = NULL;
  for (; *names; names++) {
    size_t d = distance(name, *names);
    if (d < best && d < strlen(*names)) {
      best = d;
      nearest = *names;
    }
  }
  return nearest;
}
