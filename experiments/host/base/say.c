#include "experiments/host/base/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int host_wrong(const char *format, ...) {
  va_list args;
  va_start(args, format);
  char *line = NULL;
  if (vasprintf(&line, format, args) < 0)
    line = NULL;
  va_end(args);
  if (line)
    syn_make_printable(line);
  fprintf(stderr, "synlab: %s\n", line ? line : "not enough memory to say what is wrong");
  free(line);
  return 2;
}

int host_failed(syn_status status, const syn_ctx *ctx) {
  host_wrong("%s", ctx->error);
  return status == SYN_EINVAL || status == SYN_EINPUT ? 2 : 1;
}
