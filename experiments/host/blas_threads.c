/* OpenBLAS starts a thread a core when it is loaded. We want none of them, and where memory or
 * processes are limited they end the program in its place, or wait for ever and it with them. It hears
 * of that only through the environment, so the program starts once more with OPENBLAS_NUM_THREADS=1:
 * from .preinit_array, which is run before any library. Nothing of a library is ready there, nor are
 * the sanitizers. */
#include <stddef.h>
#include <unistd.h>

#define EARLY __attribute__((no_sanitize("address", "undefined")))
#define ENVIRONMENT_MAX 4096 /* variables; with more of them it goes on as it is */

static const char variable[] = "OPENBLAS_NUM_THREADS=", wanted[] = "OPENBLAS_NUM_THREADS=1";

EARLY static int begins_with(const char *text, const char *begin) {
  while (*begin && *text == *begin) {
    text++;
    begin++;
  }
  return *begin == '\0';
}

EARLY static void start_without_threads(int argc, char **argv, char **environment) {
  char *changed[ENVIRONMENT_MAX + 2];
  size_t n = 0;
  (void)argc;
  for (char **e = environment; *e; e++) {
    if (begins_with(*e, wanted) && (*e)[sizeof wanted - 1] == '\0')
      return;
    if (n == ENVIRONMENT_MAX)
      return;
    if (!begins_with(*e, variable))
      changed[n++] = *e;
  }
  changed[n++] = (char *)wanted;
  changed[n] = NULL;
  execve("/proc/self/exe", argv, changed);
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(
    int, char **, char **) = start_without_threads;
