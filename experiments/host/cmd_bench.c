/* synlab bench: the measurements as a table, or as JSON. */
#include <stdio.h>
#include <string.h>

#include "experiments/host/bench.h"
#include "experiments/host/words.h"

static double get(const json_t *object, const char *name) {
  return json_number_value(json_object_get(object, name));
}

static void print_table(const json_t *all) {
  printf("instruction set %s, OpenBLAS core %s, one core\n",
         json_string_value(json_object_get(all, "isa")),
         json_string_value(json_object_get(all, "blas_core")));
  printf("peak: %.1f G multiply-adds/s for bytes, %.1f for float32\n\n", get(all, "int8_peak_gmacs"),
         get(all, "float32_peak_gmacs"));
  printf("%-11s %8s %8s %6s %9s %8s %8s %8s %8s %8s %8s\n", "net", "ms/iter", "GMAC/s", "peak",
         "training", "product", "policy", "head", "sgemm", "oneDNN", "threads");
  const char *name;
  json_t *net;
  json_object_foreach(json_object_get(all, "nets"), name, net) {
    printf("%-11s %8.4f %8.1f %5.0f%% %9.4f %8.4f %8.4f %8.4f %7.2fx ", name,
           get(net, "ms_per_iter"), get(net, "gmacs"), 100 * get(net, "share_of_peak"),
           get(net, "training_ms_per_iter"), get(net, "product_ms"), get(net, "policy_ms"),
           get(net, "head_ms"), get(net, "speedup_vs_sgemm"));
    if (json_object_get(net, "product_vs_onednn"))
      printf("%7.2fx ", get(net, "product_vs_onednn"));
    else
      printf("%8s ", "-");
    printf("%7.2fx\n", get(net, "threads2_speedup"));
  }
  printf("\nboundary 2-100-1, 2,000 points, policy in training: %.1f us an iteration\n",
         get(json_object_get(all, "boundary"), "us_per_iter"));
  printf("peak memory of a 784-32-10 run: %.1f MiB, of which images %.1f\n", get(all, "rss_mib"),
         get(all, "data_mib"));
  const json_t *rules = json_object_get(all, "rules");
  printf("rules in Lua against the same in C: table %.3f, learning %.2f, local step",
         get(rules, "table"), get(rules, "learning"));
  json_t *ratio;
  json_object_foreach(json_object_get(rules, "local"), name, ratio)
    printf(" %.2f (%s synapses)", json_number_value(ratio), name);
  puts("");
  puts("\nms: medians. training: the policy learns too. sgemm: the same iteration with the first\n"
       "product by OpenBLAS, against ours. oneDNN: its int8 product against ours (- : not built in).\n"
       "threads: two threads against one.");
}

int cmd_bench(host *h, int argc, char **argv) {
  int json = 0;
  const host_argument table[] = {{"--json", HOST_FLAG, &json, 0}, {NULL, HOST_FLAG, NULL, 0}};
  const char *none[1] = {NULL};
  size_t n = 0;
  if (argc > 2 || host_arguments("bench", table, argc, argv, none, &n))
    return argc > 2 ? host_wrong("usage: synlab bench [--json]") : 2;
  if (n > 0)
    return host_wrong("bench takes no '%s'", none[0]);
  json_t *all;
  syn_ctx ctx = {0};
  syn_status status = host_bench(&all, h, &ctx);
  if (status)
    return host_failed(status, &ctx);
  if (json) {
    json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    putchar('\n');
  } else {
    print_table(all);
  }
  json_decref(all);
  return 0;
}
