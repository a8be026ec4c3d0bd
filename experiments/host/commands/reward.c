/* Rewards in Lua: what there is, whether one keeps its contract, a new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/host/base/say.h"
#include "experiments/host/commands/command.h"
#include "experiments/host/commands/luafile.h"
#include "experiments/host/run/rules.h"

#define ITERATIONS 400 /* of a check */

static syn_status print_reward(const char *shown, const char *path, syn_ctx *ctx) {
  syn_rewarder *rewarder;
  syn_status status = host_reward_read(&rewarder, path, ctx);
  if (!status)
    printf("  %-34s %s\n", shown, syn_reward_describe(rewarder)->doc);
  syn_rewarder_close(rewarder);
  return status;
}

static int list_rewards(const host *h) {
  puts(
      "Options of a run make the built-in ones: `synlab options reward`. Rewards in Lua, by file:");
  return host_luafiles_list(h, "reward", print_reward);
}

static syn_status check_reward(const syn_rule_source *source, syn_ctx *ctx) {
  syn_reward_report report;
  syn_status status = syn_reward_try(&report, source, ITERATIONS, ctx);
  if (status)
    return status;
  printf("%s: good. Two equal instances agreed for %d iterations\n", source->file, ITERATIONS);
  printf("  costs    %.1f us an iteration, whatever the network\n", report.microseconds);
  printf("  rewards  %.0f %% of the falls and %.0f %% of the rises of a made-up loss\n",
         100 * report.falls, 100 * report.rises);
  for (size_t i = 0; i < SYN_RULE_WARNINGS && *report.warning[i]; i++)
    printf("  warning: %s\n", report.warning[i]);
  return SYN_OK;
}

static int run_command(host *h, const char *what, const char *const *words, size_t n) {
  if (strcmp(what, "list") == 0 && n == 0)
    return list_rewards(h);
  if (strcmp(what, "check") == 0 && n > 0)
    return host_luafile_check(h, "reward", words, n, check_reward);
  if (strcmp(what, "new") == 0 && n == 1)
    return host_luafile_new(h, "reward", "policies/skeleton-reward.lua", words[0]);
  if (n == 0)
    return host_wrong("reward %s: which file?", what);
  return host_wrong("reward %s: `synlab reward --help` says what it takes", what);
}

static int reward_main(host *h, const host_command *self, int argc, char **argv) {
  if (host_part(self, argc, argv) < 0)
    return 2;
  size_t n = 0;
  int status = host_arguments(h, self, NULL, argc - 1, argv + 1, &n);
  if (!status)
    status = run_command(h, argv[1], h->words, n);
  return status;
}

static const char *const parts[] = {"list", "check", "new", NULL};

const host_command host_command_reward = {
    .name = "reward",
    .summary = "rewards in Lua",
    .synopsis = "synlab reward list                     those that there are\n"
                "synlab reward check FILE [NAME=NUMBER] plays one on made-up losses\n"
                "synlab reward new NAME                 writes NAME.lua, a skeleton",
    .about = "A reward says after each iteration what the whole network hears. In a script it "
             "stands as\n"
             "reward = lab.reward(\"FILE\", { NAME = NUMBER }) in place of the reward options;\n"
             "docs/writing-rules.md tells how to write one.",
    .parts = parts,
    .takes_params = 1,
    .main = reward_main,
};
