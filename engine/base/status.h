/* Status codes and the one line of text that explains a failure.
 *
 * Every function that can fail returns a syn_status: SYN_OK is 0, failures are negative. The
 * function that finds the fault writes one line into the caller's context: what is wrong, where,
 * and what would be right. Callers above pass the status on and add nothing, unless they know a
 * place (a file, a run) that the finder did not. Programming errors assert instead.
 */
#ifndef SYN_BASE_STATUS_H
#define SYN_BASE_STATUS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum syn_status {
  SYN_OK = 0,
  SYN_ENOMEM = -1,   /* memory could not be had */
  SYN_EINVAL = -2,   /* wrong use: an option, an argument, a shape that does not fit */
  SYN_EINPUT = -3,   /* a file or data set from outside that is not what it should be */
  SYN_EIO = -4,      /* the system refused to read or write */
  SYN_EFAILED = -5,  /* a run that started and could not end: loss not finite, a rule's error */
  SYN_ESTOPPED = -6, /* the caller asked the run to stop */
} syn_status;

#define SYN_ERROR_SIZE 1024

/* What a caller hands down to learn of failures. Start with `syn_ctx ctx = {0}`. */
typedef struct syn_ctx {
  char error[SYN_ERROR_SIZE]; /* the line, without newline; empty if nothing failed */
} syn_ctx;

/* One line that does not steer a terminal, whatever names from outside stand in it: control characters,
 * C1 in UTF-8 too, become '?', newlines and tabs spaces. */
void syn_make_printable(char *text);

/* Writes the line (cut at SYN_ERROR_SIZE, newlines turned into spaces) and returns `status`, so
 * that `return syn_fail(ctx, SYN_EINPUT, "%s: ...", path)` reads well. `ctx` may be NULL. */
syn_status syn_fail(syn_ctx *ctx, syn_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "not enough memory for WHAT", status SYN_ENOMEM. */
syn_status syn_fail_memory(syn_ctx *ctx, const char *what);

/* "" for one, "s" for any other number: of what is counted. */
const char *syn_s(size_t n);

/* The one of `names` (NULL-terminated) nearest to `name` by edit distance, for "did you mean";
 * NULL if none is within a third of its length, at least 2 edits. Borrowed from `names`. */
const char *syn_nearest(const char *name, const char *const *names);

#ifdef __cplusplus
}
#endif

#endif
