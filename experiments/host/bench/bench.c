#include "experiments/host/bench/bench.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include <commit.h> /* made by the build */

#include "engine/base/version.h"
#include "engine/numeric/blas.h"
#include "engine/numeric/peak.h"
#include "experiments/host/base/machine.h"
#include "experiments/host/bench/nets.h"
#include "experiments/host/bench/rules.h"

#define NETS 3

typedef struct bench {
  host *h;
  const syn_images *images;
  syn_peak peak;
  host_net_times nets[NETS];
  double boundary; /* seconds an iteration, policy in training */
  double rss_mib, data_mib;
} bench;

static syn_status time_boundary(bench *b, syn_ctx *ctx) {
  syn_options o;
  syn_policy *policy = NULL;
  host_timing how = {.kernels = b->h->kernels, .skip = 1};
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.iterations = 3000;
  o.curve_every = 0;
  syn_status status = host_timed_open(&policy, HOST_TRAINING, ctx);
  if (!status)
    status = host_time_run(&b->boundary, &how, &o, policy, ctx);
  syn_policy_close(policy);
  return status;
}

/* The built-in letters: how often moves repeat depends on what is learnt. */
static syn_status take_images(bench *b, syn_ctx *ctx) {
  const char *path;
  syn_status status = host_images(b->h, &b->images, "letters", &path, ctx);
  if (!status && (b->images->n < HOST_SAMPLES * 4 / 3 + 16 ||
                  b->images->width * b->images->height != HOST_INPUTS))
    status = syn_fail(ctx, SYN_EINPUT, "%s: the benchmark needs the built-in letters", path);
  if (!status)
    b->data_mib = (double)b->images->n * HOST_INPUTS / 1048576;
  return status;
}

/* Peak memory of this process since it was last reset; 0 where the system does not tell. */
static double peak_rss_mib(int reset) {
  FILE *file = reset ? fopen("/proc/self/clear_refs", "w") : fopen("/proc/self/status", "r");
  char line[128];
  double kib = 0;
  if (reset && file)
    fputs("5", file);
  while (!reset && file && fgets(line, sizeof line, file))
    if (sscanf(line, "VmHWM: %lf", &kib) == 1)
      break;
  if (file)
    fclose(file);
  return kib / 1024;
}

static syn_status measure_memory(bench *b, syn_ctx *ctx) {
  const double deep[] = {HOST_INPUTS, 32, HOST_CLASSES};
  syn_options o;
  syn_policy *policy = NULL;
  double unused;
  host_timing how = {.kernels = b->h->kernels, .images = b->images};
  syn_options_default(&o, &syn_task_images, SYN_METHOD_SYNAPTIC);
  o.iterations = 200;
  o.batch_size = HOST_SAMPLES;
  o.batch_interval = o.curve_every = o.validate_every = 0;
  syn_status status = syn_options_set_list(&o, "net", deep, 3, ctx);
  malloc_trim(0);
  peak_rss_mib(1);
  if (!status)
    status = host_timed_open(&policy, HOST_TRAINED, ctx);
  if (!status)
    status = host_time_run(&unused, &how, &o, policy, ctx);
  b->rss_mib = peak_rss_mib(0);
  syn_policy_close(policy);
  return status;
}

static syn_status measure(bench *b, syn_ctx *ctx) {
  b->nets[0] = (host_net_times){.name = "784-32-10",
                                .hidden = 32,
                                .rounds = HOST_ROUNDS,
                                .iterations = 80,
                                .all_policies = 1};
  b->nets[1] = (host_net_times){
      .name = "784-10", .hidden = 0, .rounds = HOST_ROUNDS, .iterations = 120, .all_policies = 1};
  b->nets[2] = (host_net_times){.name = "784-256-10", .hidden = 256, .rounds = 3, .iterations = 24};
  syn_status status = take_images(b, ctx);
  if (!status)
    status = measure_memory(b, ctx);
  if (!status)
    status = syn_blas_open(ctx);
  if (status)
    return status;
  b->peak = syn_peak_measure(b->h->kernels->isa);
  for (size_t i = 0; i < NETS && !status; i++)
    status = host_time_net(&b->nets[i], b->h, b->images, ctx);
  return status ? status : time_boundary(b, ctx);
}

/* ---- as JSON ----------------------------------------------------------------------------------- */

static json_t *policy_json(const host_policy_times *p) {
  return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "dense_ms", 1e3 * p->dense.median, "ms",
                   1e3 * p->chosen.median, "speedup", p->speedup.median, "speedup_low",
                   p->speedup.low, "speedup_high", p->speedup.high, "density", p->density,
                   "sparse_share", p->sparse);
}

static json_t *net_json(const bench *b, const host_net_times *n) {
  const host_spread *chosen = &n->of[HOST_TRAINED].chosen;
  double gmacs = (double)n->macs / chosen->median;
  json_t *policies = json_object();
  for (int p = 0; p < HOST_TIMED; p++)
    if (n->of[p].dense.median > 0)
      json_object_set_new(policies, host_timed_names[p], policy_json(&n->of[p]));
  json_t *net =
      json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:o}", "ms_per_iter",
                1e3 * chosen->median, "spread", (chosen->high - chosen->low) / 2 / chosen->median,
                "gmacs", 1e-9 * gmacs, "share_of_peak", gmacs / b->peak.int8, "speedup_vs_sgemm",
                n->sgemm.median, "threads2_speedup", n->threads.median, "product_ms",
                1e3 * n->product.median, "policy_ms", 1e3 * n->policy.median, "head_ms",
                1e3 * n->head.median, "sgemm_ms", 1e3 * n->sgemm_seconds, "policies", policies);
  if (n->of[HOST_TRAINING].chosen.median > 0)
    json_object_set_new(net, "training_ms_per_iter",
                        json_real(1e3 * n->of[HOST_TRAINING].chosen.median));
  if (n->dnnl.median > 0)
    json_object_set_new(net, "product_vs_onednn", json_real(n->dnnl.median));
  return net;
}

syn_status host_bench(json_t **out, host *h, syn_ctx *ctx) {
  bench b = {.h = h};
  *out = NULL;
  json_t *rules = NULL;
  syn_status status = measure(&b, ctx);
  if (!status)
    status = host_bench_rules(&rules, h, b.images, ctx);
  if (status)
    return status;
  json_t *nets = json_object();
  for (const host_net_times *n = b.nets; n < b.nets + NETS; n++)
    json_object_set_new(nets, n->name, net_json(&b, n));
  const host_machine machine = host_machine_here();
  *out =
      json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:f, s:f, s:o, s:{s:f}, s:f, s:f, s:o}", "version",
                SYNLAB_VERSION, "commit", SYNLAB_COMMIT, "processor", machine.cpu, "isa",
                h->kernels->isa, "products", syn_products_names[h->kernels->products], "blas_core",
                syn_blas_core(), "int8_peak_gmacs", 1e-9 * b.peak.int8, "float32_peak_gmacs",
                1e-9 * b.peak.float32, "nets", nets, "boundary", "us_per_iter", 1e6 * b.boundary,
                "rss_mib", b.rss_mib, "data_mib", b.data_mib, "rules", rules);
  return SYN_OK;
}
