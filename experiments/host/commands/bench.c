/* synlab bench: the measurements as a table, or as JSON. */
#include <stdio.h>
#include <string.h>

#include "experiments/host/commands/command.h"
#include "experiments/host/bench/bench.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/words.h"

static double get(const json_t *object, const char *name) {
  return json_number_value(json_object_get(object, name));
}

static const char *word(const json_t *object, const char *name) {
  return json_string_value(json_object_get(object, name));
}

static void print_nets(const json_t *nets) {
  const char *name;
  json_t *net;
  printf("%-11s %8s %5s %8s %6s %8s %8s %8s %8s %8s %8s\n", "net", "ms/iter", "+-", "GMAC/s",
         "peak", "product", "policy", "head", "sgemm", "oneDNN", "threads");
  json_object_foreach((json_t *)nets, name, net) {
    printf("%-11s %8.4f %4.1f%% %8.1f %5.0f%% %8.4f %8.4f %8.4f %7.2fx ", name,
           get(net, "ms_per_iter"), 100 * get(net, "spread"), get(net, "gmacs"),
           100 * get(net, "share_of_peak"), get(net, "product_ms"), get(net, "policy_ms"),
           get(net, "head_ms"), get(net, "speedup_vs_sgemm"));
    if (json_object_get(net, "product_vs_onednn"))
      printf("%7.2fx ", get(net, "product_vs_onednn"));
    else
      printf("%8s ", "-");
    printf("%7.2fx\n", get(net, "threads2_speedup"));
  }
  json_object_foreach((json_t *)nets, name, net) if (get(net, "share_of_peak") > 1) printf(
      "%s: %.1f times what full products could reach on this machine, since most of a product "
      "repeats earlier ones\n",
      name, get(net, "share_of_peak"));
}

static void print_policies(const json_t *nets) {
  const char *name, *which;
  json_t *net, *policy;
  printf("\n%-11s %-9s %9s %9s %8s %13s %8s %8s\n", "net", "policy", "full ms", "chosen", "faster",
         "quartiles", "density", "sparse");
  json_object_foreach((json_t *)nets, name, net)
      json_object_foreach(json_object_get(net, "policies"), which, policy)
          printf("%-11s %-9s %9.4f %9.4f %7.2fx  %5.2f to %4.2f %8.3f %7.0f%%\n", name, which,
                 get(policy, "dense_ms"), get(policy, "ms"), get(policy, "speedup"),
                 get(policy, "speedup_low"), get(policy, "speedup_high"), get(policy, "density"),
                 100 * get(policy, "sparse_share"));
}

static void print_rules(const json_t *rules) {
  const char *name;
  json_t *ratio;
  printf("rules in Lua against the same in C: table %.3f, learning %.2f, local step",
         get(rules, "table"), get(rules, "learning"));
  json_object_foreach(json_object_get(rules, "local"), name, ratio)
      printf(" %.2f (%s synapses)", json_number_value(ratio), name);
  const json_t *state = json_object_get(rules, "state");
  printf("\na whole iteration by full products, 784-10: a rule with a state and three operations "
         "%.3f, a reward in Lua %.3f;\n  784-32-10: the rule %.3f\n",
         get(state, "784-10"), get(rules, "reward"), get(state, "784-32-10"));
}

static void print_table(const json_t *all) {
  const json_t *nets = json_object_get(all, "nets");
  const char *products = word(all, "products");
  printf("synlab %s, commit %.10s, %s\n", word(all, "version"), word(all, "commit"),
         word(all, "processor"));
  printf("instruction set %s, OpenBLAS core %s, one core\n", word(all, "isa"),
         word(all, "blas_core"));
  if (strcmp(products, "cheaper") != 0)
    printf("SYNLAB_PRODUCTS=%s: 'chosen' is not the cheaper of full and sparse products here\n",
           products);
  printf("peak: %.1f G multiply-adds/s for bytes, %.1f for float32\n\n",
         get(all, "int8_peak_gmacs"), get(all, "float32_peak_gmacs"));
  print_nets(nets);
  print_policies(nets);
  printf("\nboundary 2-100-1, 2,000 points, policy in training: %.1f us an iteration\n",
         get(json_object_get(all, "boundary"), "us_per_iter"));
  printf("peak memory of a 784-32-10 run: %.1f MiB, of which images %.1f\n", get(all, "rss_mib"),
         get(all, "data_mib"));
  print_rules(json_object_get(all, "rules"));
  puts(
      "\nFirst table: the paper's method's policy, frozen (trained). +-: half the distance of the\n"
      "quartiles over rounds. GMAC/s and peak count full products. sgemm: the same iteration with\n"
      "the first product by OpenBLAS, against ours. oneDNN: its int8 product against ours (- : "
      "not\n"
      "built in). threads: two threads against one. Second table: full products always, and the\n"
      "cheaper of full and sparse ones; density: of the actions that repeat no earlier move; "
      "where\n"
      "sparse is 0%, both are the same and what differs is chance.\n"
      "Compared times were taken in turn.");
}

static int bench_main(host *h, const host_command *self, int argc, char **argv) {
  int json = 0;
  size_t n = 0;
  int status = host_arguments(h, self, &json, argc, argv, &n);
  if (!status && n > 0)
    status = host_wrong("bench takes no '%s'", h->words[0]);
  if (status)
    return status;
  json_t *all;
  syn_ctx ctx = {0};
  syn_status measured = host_bench(&all, h, &ctx);
  if (measured)
    return host_failed(measured, &ctx);
  if (json) {
    json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    putchar('\n');
  } else {
    print_table(all);
  }
  json_decref(all);
  return 0;
}

static const host_flag flags[] = {
    {"--json", NULL, "the measurements as JSON instead of a table", HOST_SWITCH, 0, 0, NULL},
    {0},
};

const host_command host_command_bench = {
    .name = "bench",
    .summary = "how fast the engine is on this machine",
    .synopsis = "synlab bench [--json]",
    .flags = flags,
    .main = bench_main,
};
