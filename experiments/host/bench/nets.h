/* Whole iterations of a network on images: by dense products and as chosen, by policy, and their
 * parts, beside what libraries would take for the product. */
#ifndef SYN_HOST_BENCH_NETS_H
#define SYN_HOST_BENCH_NETS_H

#include "experiments/host/bench/time.h"

#define HOST_SAMPLES 5000 /* of a batch */
#define HOST_INPUTS  784
#define HOST_CLASSES 10

typedef struct host_policy_times {
  host_spread dense, chosen; /* seconds of an iteration */
  host_spread speedup;       /* dense / chosen */
  double density,
      sparse; /* entries a synapse of the lists that were made; share of sparse products */
} host_policy_times;

typedef struct host_net_times {
  const char *name;
  size_t hidden; /* 0: none */
  size_t rounds, iterations;
  int all_policies; /* else only the trained table */
  size_t macs;      /* of one iteration, dense */
  host_policy_times of[HOST_TIMED];
  /* of the trained table, as chosen: seconds, of which the rest is the head; and ratios */
  host_spread product, policy, head;
  host_spread threads; /* one thread / two */
  host_spread sgemm;   /* the iteration with the first product by OpenBLAS / it */
  host_spread dnnl;    /* oneDNN's int8 product / product; 0: not built in */
  double sgemm_seconds;
} host_net_times;

/* Fills in what follows `all_policies`. */
syn_status host_time_net(host_net_times *net, const host *h, const syn_images *images,
                         syn_ctx *ctx);

#endif
