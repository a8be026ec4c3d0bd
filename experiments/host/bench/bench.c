#include "experiments/host/bench/bench.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/numeric/blas.h"
#include "engine/numeric/peak.h"
#include "experiments/host/bench/time.h"
#include "policies/registry.h"

#ifdef SYNLAB_DNNL
#include <dnnl.h>
#include <omp.h>
#endif

#define SAMPLES 5000
#define INPUTS  784
#define CLASSES 10

/* ---- what is measured ------------------------------------------------------------------------ */

typedef struct net_times {
  const char *name;
  double hidden;                           /* 0: none */
  double iterations;                       /* that are timed */
  size_t macs, synapses;                   /* macs of one iteration */
  double iteration, training, two_threads; /* seconds, medians */
  double product, policy, head;            /* parts; head is what is left */
  double sgemm, dnnl;                      /* the first layer's product by others; dnnl 0: absent */
} net_times;

typedef struct bench {
  host *h;
  syn_images images;
  syn_peak peak;
  net_times nets[3];
  double boundary; /* seconds an iteration, policy in training */
  double rss_mib, data_mib;
} bench;

/* ---- whole iterations ------------------------------------------------------------------------ */

static syn_status open_policy(syn_policy **out, int training, syn_ctx *ctx) {
  syn_policy *inner;
  const char *frozen = "a_newer,r_newer,q_dec,q_null,q_inc\n-1,-1,0,0,1\n0,-1,0,1,0\n1,-1,1,0,0\n"
                       "-1,0,0,1,0\n0,0,0,1,0\n1,0,0,1,0\n-1,1,1,0,0\n0,1,0,1,0\n1,1,0,0,1\n";
  syn_arg csv = {.name = "csv", .kind = SYN_ARG_TEXT, .text = frozen};
  syn_status status = training ? syn_policy_open(&inner, "qtable", NULL, 0, ctx)
                               : syn_policy_open(&inner, "table", &csv, 1, ctx);
  if (status)
    return status;
  syn_arg args[] = {{.name = "epsilon", .kind = SYN_ARG_NUMBER, .number = 0.1},
                    {.name = "inner", .kind = SYN_ARG_POLICY, .policy = inner}};
  return syn_policy_open(out, "explore", args, 2, ctx);
}

/* Median time of an iteration with such a policy. */
static syn_status time_run(double *out, bench *b, const syn_options *o, int training,
                           syn_ctx *ctx) {
  syn_policy *policy = NULL;
  syn_status status = open_policy(&policy, training, ctx);
  if (!status)
    status = host_time_run(out, b->h, o, o->task->images ? &b->images : NULL, policy, ctx);
  syn_policy_close(policy);
  return status;
}

static syn_status time_net(bench *b, net_times *net, syn_ctx *ctx) {
  syn_options o;
  double deep[] = {INPUTS, net->hidden, CLASSES}, flat[] = {INPUTS, CLASSES};
  syn_options_default(&o, &syn_task_images, SYN_METHOD_SYNAPTIC);
  syn_status status =
      syn_options_set_list(&o, "net", net->hidden > 0 ? deep : flat, net->hidden > 0 ? 3 : 2, ctx);
  o.iterations = net->iterations;
  o.batch_interval = o.curve_every = o.validate_every = 0;
  if (!status)
    status = time_run(&net->iteration, b, &o, 0, ctx);
  if (!status)
    status = time_run(&net->training, b, &o, 1, ctx);
  o.threads = 2;
  return status ? status : time_run(&net->two_threads, b, &o, 0, ctx);
}

static syn_status time_boundary(bench *b, syn_ctx *ctx) {
  syn_options o;
  syn_options_default(&o, &syn_task_boundary, SYN_METHOD_SYNAPTIC);
  o.iterations = 3000;
  o.curve_every = 0;
  return time_run(&b->boundary, b, &o, 1, ctx);
}

/* ---- parts, and the same by libraries -------------------------------------------------------- */

/* Median time of `work(self)`. */
static double time_calls(void (*work)(void *), void *self, size_t calls) {
  double laps[256];
  for (size_t i = 0; i < calls; i++) {
    double begin = syn_clock();
    work(self);
    laps[i] = syn_clock() - begin;
  }
  return host_median(laps, calls);
}

typedef struct parts {
  const syn_kernels *k;
  size_t units, synapses;
  uint8_t *X, *pixels;
  int8_t *A, *action;
  int32_t *D, *lattice;
  uint8_t *history;
  float *x, *w, *z;
  syn_step_table table;
  uint32_t iteration;
} parts;

static void do_product(void *self) {
  parts *p = self;
  size_t blocks = (SAMPLES + SYN_LANES - 1) / SYN_LANES;
  p->k->lattice(p->D, p->D, p->X, p->A, blocks, INPUTS / SYN_GROUP, p->units, 1);
}

static void do_policy(void *self) {
  parts *p = self;
  p->k->policy_step(p->action, p->history, p->history, p->lattice, &p->table, 1, p->iteration++,
                    p->synapses);
}

static void do_sgemm(void *self) {
  parts *p = self;
  syn_blas_nt(p->z, p->x, p->w, SAMPLES, p->units, INPUTS);
}

#ifdef SYNLAB_DNNL
/* z (samples, units) = pixels (samples, inputs) . A (units, inputs)^T */
static void do_dnnl(void *self) {
  parts *p = self;
  int32_t zero = 0;
  dnnl_gemm_u8s8s32('N', 'T', 'F', SAMPLES, (dnnl_dim_t)p->units, INPUTS, 1.0f, p->pixels, INPUTS,
                    0, p->A, INPUTS, 0, 0.0f, p->D, (dnnl_dim_t)p->units, &zero);
}
#endif

static syn_status take_parts(parts *p, const bench *b, const net_times *net, syn_arena *a,
                             syn_ctx *ctx) {
  size_t blocks = (SAMPLES + SYN_LANES - 1) / SYN_LANES;
  *p = (parts){.k = b->h->kernels,
               .units = net->hidden > 0 ? (size_t)net->hidden : CLASSES,
               .synapses = net->synapses};
  p->table = (syn_step_table){.locals = 3, .action = {-1, 0, 1}};
  syn_explore_thresholds(p->table.explore, 0.1);
  if (!(p->X = syn_arena_take(a, blocks * INPUTS, SYN_LANES)) ||
      !(p->pixels = syn_arena_take(a, SAMPLES, INPUTS)) ||
      !(p->A = syn_arena_take(a, p->units, INPUTS)) ||
      !(p->action = syn_arena_take(a, p->synapses, 1)) ||
      !(p->history = syn_arena_take(a, p->synapses, 1)) ||
      !(p->D = syn_arena_take(a, blocks * SYN_LANES * p->units, sizeof *p->D)) ||
      !(p->lattice = syn_arena_take(a, p->synapses, sizeof *p->lattice)) ||
      !(p->x = syn_arena_take(a, SAMPLES * INPUTS, sizeof *p->x)) ||
      !(p->w = syn_arena_take(a, p->units * INPUTS, sizeof *p->w)) ||
      !(p->z = syn_arena_take(a, SAMPLES * p->units, sizeof *p->z)))
    return syn_fail_memory(ctx, "the benchmark");
  memcpy(p->pixels, b->images.pixels, SAMPLES * INPUTS);
  syn_pack_bytes(p->X, p->pixels, NULL, SAMPLES, INPUTS);
  for (size_t i = 0; i < SAMPLES * INPUTS; i++)
    p->x[i] = (float)p->pixels[i] / 255.0f;
  for (size_t i = 0; i < p->units * INPUTS; i++) {
    p->A[i] = (int8_t)(i % 3) - 1;
    p->w[i] = (float)p->A[i] * 0.01f;
  }
  return SYN_OK;
}

static syn_status time_parts(bench *b, net_times *net, syn_ctx *ctx) {
  syn_arena arena = {0};
  parts p;
  size_t calls = net->hidden > 100 ? 30 : 100;
  syn_status status = take_parts(&p, b, net, &arena, ctx);
  if (!status) {
    net->product = time_calls(do_product, &p, calls);
    net->policy = time_calls(do_policy, &p, calls);
    net->head = net->iteration - net->product - net->policy;
    net->sgemm = time_calls(do_sgemm, &p, calls);
#ifdef SYNLAB_DNNL
    omp_set_num_threads(1);
    net->dnnl = time_calls(do_dnnl, &p, calls);
#endif
  }
  syn_arena_close(&arena);
  return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Random images: what is in them does not change the time. */
static syn_status make_images(bench *b, syn_ctx *ctx) {
  size_t n = SAMPLES * 4 / 3 + 16;
  uint8_t *pixels = syn_arena_take(&b->images.arena, n, INPUTS);
  uint8_t *labels = syn_arena_take(&b->images.arena, n, 1);
  if (!pixels || !labels)
    return syn_fail_memory(ctx, "the benchmark's images");
  for (size_t i = 0; i < n * INPUTS; i += 4) {
    uint32_t bits = syn_random_bits(1, SYN_STREAM_POINTS, 0, i / 4);
    memcpy(pixels + i, &bits, 4);
  }
  for (size_t i = 0; i < n; i++)
    labels[i] = (uint8_t)(i % CLASSES);
  b->images.n = n;
  b->images.width = b->images.height = 28;
  b->images.classes = CLASSES;
  b->images.pixels = pixels;
  b->images.labels = labels;
  return SYN_OK;
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

static syn_status measure(bench *b, syn_ctx *ctx) {
  b->nets[0] = (net_times){.name = "784-32-10", .hidden = 32, .iterations = 400};
  b->nets[1] = (net_times){.name = "784-10", .hidden = 0, .iterations = 600};
  b->nets[2] = (net_times){.name = "784-256-10", .hidden = 256, .iterations = 80};
  b->peak = syn_peak_measure(b->h->kernels->isa);
  syn_status status = syn_blas_open(ctx);
  if (!status)
    status = make_images(b, ctx);
  b->data_mib = (double)b->images.n * INPUTS / 1048576;
  malloc_trim(0);
  peak_rss_mib(1);
  for (size_t i = 0; i < 3 && !status; i++) {
    net_times *net = &b->nets[i];
    size_t hidden = (size_t)net->hidden;
    net->macs = SAMPLES * (hidden ? (INPUTS + CLASSES) * hidden : INPUTS * CLASSES);
    net->synapses =
        hidden ? (INPUTS + 1) * hidden + (hidden + 1) * CLASSES : (INPUTS + 1) * CLASSES;
    status = time_net(b, net, ctx);
    if (i == 0)
      b->rss_mib = peak_rss_mib(0);
  }
  for (size_t i = 0; i < 3 && !status; i++)
    status = time_parts(b, &b->nets[i], ctx);
  return status ? status : time_boundary(b, ctx);
}

/* The same iteration with the product by another: policy and head as they are here. */
static double with_product(const net_times *net, double product) {
  return (product + net->policy + net->head) / net->iteration;
}

static json_t *net_json(const bench *b, const net_times *n) {
  json_t *net =
      json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "ms_per_iter",
                1e3 * n->iteration, "gmacs", 1e-9 * (double)n->macs / n->iteration, "share_of_peak",
                (double)n->macs / n->iteration / b->peak.int8, "speedup_vs_sgemm",
                with_product(n, n->sgemm), "threads2_speedup", n->iteration / n->two_threads,
                "training_ms_per_iter", 1e3 * n->training, "product_ms", 1e3 * n->product,
                "policy_ms", 1e3 * n->policy, "head_ms", 1e3 * n->head, "sgemm_ms", 1e3 * n->sgemm);
  if (n->dnnl > 0)
    json_object_set_new(net, "product_vs_onednn", json_real(n->dnnl / n->product));
  return net;
}

syn_status host_bench(json_t **out, host *h, syn_ctx *ctx) {
  bench b = {.h = h};
  *out = NULL;
  json_t *rules = NULL;
  syn_status status = measure(&b, ctx);
  if (!status)
    status = host_bench_rules(&rules, h, &b.images, ctx);
  if (!status) {
    json_t *nets = json_object();
    for (const net_times *n = b.nets; n < b.nets + 3; n++)
      json_object_set_new(nets, n->name, net_json(&b, n));
    *out = json_pack("{s:s, s:s, s:f, s:f, s:o, s:{s:f}, s:f, s:f, s:o}", "isa", h->kernels->isa,
                     "blas_core", syn_blas_core(), "int8_peak_gmacs", 1e-9 * b.peak.int8,
                     "float32_peak_gmacs", 1e-9 * b.peak.float32, "nets", nets, "boundary",
                     "us_per_iter", 1e6 * b.boundary, "rss_mib", b.rss_mib, "data_mib", b.data_mib,
                     "rules", rules);
  }
  syn_arena_close(&b.images.arena);
  return status;
}
