/* synlab manual: the manual page, completion for bash, or the reference in Markdown, on stdout. */

#include "experiments/host/commands/manual.h"
#include "experiments/host/base/say.h"

static int manual_main(host *h, const host_command *self, int argc, char **argv) {
  static void (*const forms[])(FILE *, const host_command *const *) = {
      host_manual_man, host_manual_bash, host_manual_markdown};
  int part = host_part(self, argc, argv);
  size_t n = 0;
  if (part < 0)
    return 2;
  int status = host_arguments(h, self, NULL, argc - 1, argv + 1, &n);
  if (!status && n > 0)
    status = host_wrong("manual %s takes no '%s'", argv[1], h->words[0]);
  if (!status)
    forms[part](stdout, h->commands);
  return status;
}

static const char *const parts[] = {"man", "bash", "markdown", NULL};

const host_command host_command_manual = {
    .name = "manual",
    .summary = "the manual page, completion for bash, or the reference in Markdown",
    .synopsis = "synlab manual man        what `man synlab` shows after an installation\n"
                "synlab manual bash       completion; put it into "
                "~/.local/share/bash-completion/completions/synlab\n"
                "synlab manual markdown   commands, options and policies, as in docs/reference.md",
    .parts = parts,
    .main = manual_main,
};
