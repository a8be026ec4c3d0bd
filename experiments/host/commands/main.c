/* synlab: runs experiment scripts, and says what there is. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/commands/command.h"
#include "experiments/host/run/checked.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/stop.h"
#include "experiments/host/store/store.h"

static const host_command *const commands[] = {
    &host_command_run,    &host_command_plan,   &host_command_work,
    &host_command_merge,  &host_command_store,  &host_command_options,
    &host_command_policy, &host_command_data,   &host_command_rule,
    &host_command_reward, &host_command_verify, &host_command_export,
    &host_command_bench,  &host_command_manual, NULL,
};
#define COMMANDS (sizeof commands / sizeof *commands - 1)

static void print_help(void) {
  puts("usage: synlab COMMAND [options]\n\nA laboratory for synaptic learning rules.\n");
  for (size_t i = 0; i < COMMANDS; i++)
    printf("  %-9s %s\n", commands[i]->name, commands[i]->summary);
  puts("\n`synlab COMMAND --help` says more. Options are --name VALUE or --name=VALUE; behind -- "
       "there are\n"
       "none. Environment: SYNLAB_ISA forces an instruction set, SYNLAB_PRODUCTS=dense full "
       "products;\n"
       "neither changes a result.\n");
  printf("Exit status %s\n", host_exit_statuses);
}

static int unknown_command(const char *name) {
  const char *names[COMMANDS + 1] = {0};
  for (size_t i = 0; i < COMMANDS; i++)
    names[i] = commands[i]->name;
  const char *near = syn_nearest(name, names);
  return near ? host_wrong("no command is named '%s'; did you mean '%s'?", name, near)
              : host_wrong("no command is named '%s'; `synlab --help` lists them", name);
}

/* Where stdin, stdout or stderr are closed, a file that is opened would take their place: what is
 * printed would go into it. Written to what stands in for stdout, it is an error. */
static void hold_closed_streams(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY) != fd)
      _exit(1);
}

/* ---- stdout: whatever becomes of it, the reason is known at the end ------------------------------ */

static ssize_t write_stdout(void *why, const char *bytes, size_t n) {
  size_t done = 0;
  while (done < n) {
    ssize_t wrote = write(STDOUT_FILENO, bytes + done, n - done);
    if (wrote < 0 && errno != EINTR) {
      *(int *)why = *(int *)why ? *(int *)why : errno;
      return 0;
    }
    done += wrote > 0 ? (size_t)wrote : 0;
  }
  return (ssize_t)n;
}

/* `why` is to hold the first error. */
static void open_stdout(int *why) {
  FILE *file = fopencookie(why, "w", (cookie_io_functions_t){.write = write_stdout});
  if (!file)
    return; /* the one that is there will do */
  if (isatty(STDOUT_FILENO))
    setvbuf(file, NULL, _IOLBF, BUFSIZ);
  stdout = file;
}

/* What was printed is there, or the command has failed. A reader who has seen enough, as `head` has, is
 * no fault: we end then as everybody does. */
static int close_stdout(int exit_status, const int *why) {
  if (!fflush(stdout) && !ferror(stdout) && !*why)
    return exit_status;
  if (*why == EPIPE) {
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
  }
  host_wrong("stdout: cannot be written: %s", strerror(*why ? *why : EIO));
  return exit_status ? exit_status : 1;
}

/* ---- the command --------------------------------------------------------------------------------- */

/* The kernels that the environment asks for, or the best ones. */
static syn_status choose_kernels(syn_kernels *kernels, syn_ctx *ctx) {
  const syn_kernels *table;
  const char *products = getenv("SYNLAB_PRODUCTS");
  syn_ctx why = {0};
  syn_status status = syn_kernels_get(&table, getenv("SYNLAB_ISA"), &why);
  if (status)
    return syn_fail(ctx, status, "SYNLAB_ISA: %s", why.error);
  *kernels = *table;
  status = products ? syn_kernels_products(kernels, products, &why) : SYN_OK;
  return status ? syn_fail(ctx, status, "SYNLAB_PRODUCTS: %s", why.error) : SYN_OK;
}

static int run_command(const host_command *command, int argc, char **argv) {
  host h = {.profile = {.out = "reports", .checkpoint = 60},
            .commands = commands,
            .typed = argv,
            .n_typed = argc};
  syn_ctx ctx = {0};
  syn_kernels kernels;
  syn_status status = choose_kernels(&kernels, &ctx);
  h.kernels = &kernels;
  if (!status && !(h.words = calloc((size_t)argc, sizeof *h.words)))
    status = syn_fail_memory(&ctx, "the arguments");
  if (!status && !(h.store = host_store_remember()))
    status = syn_fail_memory(&ctx, "the run store");
  if (status)
    return host_failed(status, &ctx);
  host_find_home(&h);
  int exit_status = command->main(&h, command, argc - 1, argv + 1);
  free(h.words);
  host_checked_close(&h);
  host_close_sets(&h);
  if (host_store_forget(h.store, &ctx) && !exit_status)
    exit_status = host_failed(SYN_EIO, &ctx);
  json_decref(h.page);
  return host_stop_signal() ? 128 + host_stop_signal() : exit_status;
}

static int run(int argc, char **argv) {
  if (argc < 2) {
    print_help();
    return 2;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
    print_help();
    return 0;
  }
  if (strcmp(argv[1], "--version") == 0) {
    puts("synlab " SYNLAB_VERSION);
    return 0;
  }
  const host_command *command = NULL;
  for (size_t i = 0; i < COMMANDS; i++)
    if (strcmp(commands[i]->name, argv[1]) == 0)
      command = commands[i];
  if (!command)
    return unknown_command(argv[1]);
  for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      host_usage(stdout, command);
      return 0;
    }
  return run_command(command, argc, argv);
}

int main(int argc, char **argv) {
  static int why; /* stdout is flushed once more behind main */
  hold_closed_streams();
  open_stdout(&why);
  host_stop_begin();
  return close_stdout(run(argc, argv), &why);
}
