/* Loaded before a program (LD_PRELOAD), holds it just before its first claim of a run, so that a test can do
 * something in between:
 *
 *   WAIT_MARK=FILE     is made when it is there; it goes on when the file is gone
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

static int (*next)(int, int, ...);
static int waited;

static int held(int file, int command, void *argument) {
  const char *mark = getenv("WAIT_MARK");
  if (command == F_OFD_SETLK && ((struct flock *)argument)->l_type == F_WRLCK && mark && !waited) {
    waited = 1;
    close(open(mark, O_WRONLY | O_CREAT, 0666));
    while (access(mark, F_OK) == 0)
      usleep(1000);
  }
  return next(file, command, argument);
}

#define HOLD(name)                                                                                 \
  int name(int file, int command, ...) {                                                           \
    va_list list;                                                                                  \
    va_start(list, command);                                                                       \
    void *argument = va_arg(list, void *);                                                         \
    va_end(list);                                                                                  \
    *(void **)&next = dlsym(RTLD_NEXT, #name);                                                     \
    return held(file, command, argument);                                                          \
  }

int fcntl(int file, int command, ...);
int fcntl64(int file, int command, ...);
HOLD(fcntl)
HOLD(fcntl64)
