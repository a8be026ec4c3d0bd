#include "experiments/host/gnuplot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs a program with files for its ends; its exit status, or -1. No shell is between. */
static int run(char *const argv[], const char *where, FILE *in, FILE *out, FILE *err) {
  int status;
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    if ((!where || chdir(where) == 0) && (!in || dup2(fileno(in), 0) >= 0) &&
        dup2(fileno(out), 1) >= 0 && dup2(fileno(err), 2) >= 0)
      execvp(argv[0], argv);
    _exit(127);
  }
  if (pid < 0 || waitpid(pid, &status, 0) != pid)
    return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The first lines that gnuplot wrote, joined: its message has the column mark on lines before. */
static void read_message(char *text, size_t size, FILE *err) {
  rewind(err);
  size_t n = fread(text, 1, size - 1, err);
  while (n && (text[n - 1] == '\n' || text[n - 1] == ' '))
    n--;
  text[n] = '\0';
}

syn_status host_gnuplot(const char *script, size_t n, const char *where, syn_ctx *ctx) {
  char *const argv[] = {(char[]){"gnuplot"}, (char[]){"-"}, NULL};
  char message[512] = "";
  FILE *in = tmpfile(), *err = tmpfile();
  syn_status status = SYN_OK;
  if (!in || !err || fwrite(script, 1, n, in) != n) {
    status = syn_fail(ctx, SYN_EIO, "gnuplot: no temporary file: %s", strerror(errno));
  } else {
    rewind(in);
    int ended = run(argv, where, in, err, err);
    read_message(message, sizeof message, err);
    if (ended == 127)
      status = syn_fail(ctx, SYN_EFAILED, "gnuplot cannot be run; `make deps` installs it");
    else if (ended != 0)
      status = syn_fail(ctx, SYN_EFAILED, "gnuplot: %s", *message ? message : "failed in silence");
  }
  if (in)
    fclose(in);
  if (err)
    fclose(err);
  return status;
}

void host_first_line(char *text, size_t size, const char *program, const char *argument) {
  char name[64], arg[64];
  snprintf(name, sizeof name, "%s", program);
  snprintf(arg, sizeof arg, "%s", argument);
  char *const argv[] = {name, arg, NULL};
  FILE *out = tmpfile();
  snprintf(text, size, "unknown");
  if (out && run(argv, NULL, NULL, out, out) == 0) {
    rewind(out);
    if (fgets(text, (int)size, out))
      text[strcspn(text, "\n")] = '\0';
  }
  if (out)
    fclose(out);
}
