#include "experiments/host/pages/gnuplot.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs a program with files for its ends; its exit status, or -1. No shell is between. */
static int run(char *const argv[], FILE *in, FILE *out, FILE *err) {
  int status;
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    if ((!in || dup2(fileno(in), 0) >= 0) && dup2(fileno(out), 1) >= 0 && dup2(fileno(err), 2) >= 0)
      execvp(argv[0], argv);
    dprintf(2, "%s", strerror(errno));
    _exit(127);
  }
  if (pid < 0 || waitpid(pid, &status, 0) != pid)
    return -1;
  return status;
}

/* How it ended, where it says nothing itself. */
static void describe(char *text, size_t size, int ended) {
  if (ended != -1 && WIFSIGNALED(ended))
    snprintf(text, size, "it was killed by signal %d (%s)", WTERMSIG(ended),
             strsignal(WTERMSIG(ended)));
  else if (ended != -1 && WIFEXITED(ended))
    snprintf(text, size, "it ended with status %d and said nothing", WEXITSTATUS(ended));
  else
    snprintf(text, size, "it could not be waited for");
}

/* The first lines that gnuplot wrote, joined: its message has the column mark on lines before. */
static void read_message(char *text, size_t size, FILE *err) {
  rewind(err);
  size_t n = fread(text, 1, size - 1, err);
  while (n && (text[n - 1] == '\n' || text[n - 1] == ' '))
    n--;
  text[n] = '\0';
}

/* A file without a name, in memory: nothing is left of it, whoever is killed. */
static FILE *scratch(void) {
  int fd = memfd_create("gnuplot", MFD_CLOEXEC);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");
  if (!file && fd >= 0)
    close(fd);
  return file;
}

/* All of the file, malloc'ed. */
static syn_status read_drawn(char **drawn, size_t *n, FILE *file, syn_ctx *ctx) {
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  if (size <= 0)
    return syn_fail(ctx, SYN_EFAILED, "gnuplot: it drew nothing, and says nothing");
  *drawn = malloc((size_t)size);
  if (!*drawn)
    return syn_fail_memory(ctx, "a picture");
  *n = fread(*drawn, 1, (size_t)size, file);
  return SYN_OK;
}

syn_status host_gnuplot(char **drawn, const char *script, size_t *n, syn_ctx *ctx) {
  char *const argv[] = {(char[]){"gnuplot"}, (char[]){"-"}, NULL};
  char message[512] = "";
  FILE *in = scratch(), *out = scratch(), *err = scratch();
  syn_status status = SYN_OK;
  if (!in || !out || !err || fwrite(script, 1, *n, in) != *n || fflush(in)) {
    status = syn_fail(ctx, SYN_EIO, "gnuplot: no temporary file: %s", strerror(errno));
  } else {
    rewind(in);
    int ended = run(argv, in, out, err);
    char silence[96];
    describe(silence, sizeof silence, ended);
    read_message(message, sizeof message, err);
    int missing =
        WIFEXITED(ended) && WEXITSTATUS(ended) == 127 && strcmp(message, strerror(ENOENT)) == 0;
    if (missing)
      status = syn_fail(ctx, SYN_EFAILED, "gnuplot cannot be run; `make deps` installs it");
    else if (ended != 0)
      status = syn_fail(ctx, SYN_EFAILED, "gnuplot: %s", *message ? message : silence);
    else
      status = read_drawn(drawn, n, out, ctx);
  }
  if (in)
    fclose(in);
  if (out)
    fclose(out);
  if (err)
    fclose(err);
  return status;
}

void host_first_line(char *text, size_t size, const char *program, const char *argument) {
  char name[64], arg[64];
  snprintf(name, sizeof name, "%s", program);
  snprintf(arg, sizeof arg, "%s", argument);
  char *const argv[] = {name, arg, NULL};
  FILE *out = scratch();
  snprintf(text, size, "unknown");
  if (out && run(argv, NULL, out, out) == 0) {
    rewind(out);
    if (fgets(text, (int)size, out))
      text[strcspn(text, "\n")] = '\0';
  }
  if (out)
    fclose(out);
}
