#include "experiments/host/bench/nets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/numeric/blas.h"
#include "experiments/host/bench/parts.h"

#ifdef SYNLAB_DNNL
#include <dnnl.h>
#include <omp.h>
#endif

#define LAPS 5   /* of a library's product */
#define SKIP 128 /* iterations, until sparse products have found their way */

/* ---- the product by others --------------------------------------------------------------------- */

typedef struct others {
  size_t units;
  const uint8_t *pixels; /* (samples, inputs) */
  int8_t *A;
  int32_t *D;
  float *x, *w, *z;
  syn_arena arena;
} others;

static syn_status open_others(others *o, size_t units, const syn_images *images, syn_ctx *ctx) {
  *o = (others){.units = units, .pixels = images->pixels};
  size_t n = HOST_SAMPLES * HOST_INPUTS, rows = units * HOST_INPUTS;
  if (!(o->A = syn_arena_take(&o->arena, rows, 1)) ||
      !(o->D = syn_arena_take(&o->arena, HOST_SAMPLES * units, sizeof *o->D)) ||
      !(o->x = syn_arena_take(&o->arena, n, sizeof *o->x)) ||
      !(o->w = syn_arena_take(&o->arena, rows, sizeof *o->w)) ||
      !(o->z = syn_arena_take(&o->arena, HOST_SAMPLES * units, sizeof *o->z)))
    return syn_fail_memory(ctx, "the benchmark");
  for (size_t i = 0; i < n; i++)
    o->x[i] = (float)o->pixels[i] / 255.0f;
  for (size_t i = 0; i < rows; i++) {
    o->A[i] = (int8_t)((int)(i % 3) - 1);
    o->w[i] = (float)o->A[i] * 0.01f;
  }
  return SYN_OK;
}

/* The fastest of some: who else uses the machine is not to count against a library. */
static double time_sgemm(const others *o) {
  double fastest = INFINITY;
  for (size_t i = 0; i < LAPS; i++) {
    double begin = syn_clock();
    syn_blas_nt(o->z, o->x, o->w, HOST_SAMPLES, o->units, HOST_INPUTS);
    fastest = fmin(fastest, syn_clock() - begin);
  }
  return fastest;
}

#ifdef SYNLAB_DNNL
/* z (samples, units) = pixels (samples, inputs) . A (units, inputs)^T */
static double time_dnnl(const others *o) {
  double fastest = INFINITY;
  int32_t zero = 0;
  omp_set_num_threads(1);
  for (size_t i = 0; i < LAPS; i++) {
    double begin = syn_clock();
    dnnl_gemm_u8s8s32('N', 'T', 'F', HOST_SAMPLES, (dnnl_dim_t)o->units, HOST_INPUTS, 1.0f,
                      o->pixels, HOST_INPUTS, 0, o->A, HOST_INPUTS, 0, 0.0f, o->D,
                      (dnnl_dim_t)o->units, &zero);
    fastest = fmin(fastest, syn_clock() - begin);
  }
  return fastest;
}
#else
static double time_dnnl(const others *o) {
  (void)o;
  return 0;
}
#endif

/* ---- iterations -------------------------------------------------------------------------------- */

typedef struct timing {
  const host *h;
  const syn_images *images;
  syn_options options;
} timing;

static syn_status time_one(double *out, const timing *t, host_timed policy,
                           const syn_kernels *kernels, unsigned threads,
                           void (*each)(void *, double), void *self, syn_ctx *ctx) {
  syn_policy *opened = NULL;
  syn_options o = t->options;
  host_timing how = {kernels, t->images, SKIP, each, self};
  o.threads = threads;
  syn_status status = host_timed_open(&opened, policy, ctx);
  if (!status)
    status = host_time_run(out, &how, &o, opened, ctx);
  syn_policy_close(opened);
  return status;
}

/* One policy's rounds, in order. */
typedef struct rounds {
  double dense[HOST_ROUNDS], chosen[HOST_ROUNDS], speedup[HOST_ROUNDS];
} rounds;

static syn_status time_both(rounds *r, size_t round, const timing *t, host_timed policy,
                            syn_ctx *ctx) {
  syn_kernels dense = *t->h->kernels;
  dense.products = SYN_PRODUCTS_DENSE;
  syn_status status = time_one(&r->dense[round], t, policy, &dense, 1, NULL, NULL, ctx);
  if (!status)
    status = time_one(&r->chosen[round], t, policy, t->h->kernels, 1, NULL, NULL, ctx);
  r->speedup[round] = r->dense[round] / r->chosen[round];
  return status;
}

/* ---- parts ------------------------------------------------------------------------------------- */

typedef struct lap {
  double seconds;
  host_parts parts;
} lap;

/* The iterations of one run. */
typedef struct laps {
  lap lap[256];
  size_t n;
} laps;

static void add_iteration(void *self, double seconds) {
  laps *all = self;
  host_parts parts = host_parts_take();
  if (seconds > 0 && all->n < sizeof all->lap / sizeof *all->lap)
    all->lap[all->n++] = (lap){seconds, parts};
}

static int by_seconds(const void *a, const void *b) {
  double x = ((const lap *)a)->seconds, y = ((const lap *)b)->seconds;
  return (x > y) - (x < y);
}

/* Means of an iteration, of all but the slowest eighth as in time.c; counts are sums. */
static syn_status count_parts(lap *mean, const timing *t, host_timed policy, syn_ctx *ctx) {
  syn_kernels timed = host_parts_kernels(t->h->kernels);
  double unused;
  laps all = {.n = 0};
  *mean = (lap){0};
  syn_status status = time_one(&unused, t, policy, &timed, 1, add_iteration, &all, ctx);
  qsort(all.lap, all.n, sizeof *all.lap, by_seconds);
  size_t n = all.n - all.n / 8;
  for (const lap *l = all.lap; l < all.lap + n; l++) {
    mean->seconds += l->seconds / (double)n;
    mean->parts.product += l->parts.product / (double)n;
    mean->parts.policy += l->parts.policy / (double)n;
    mean->parts.lists += l->parts.lists;
    mean->parts.entries += l->parts.entries;
    mean->parts.dense += l->parts.dense;
    mean->parts.sparse += l->parts.sparse;
  }
  return status;
}

static void count_density(host_policy_times *p, const host_parts *s, size_t actions) {
  size_t all = s->dense + s->sparse;
  p->sparse = all ? (double)s->sparse / (double)all : 0;
  p->density = s->lists ? (double)s->entries / (double)s->lists / (double)actions : 1;
}

/* What the trained table alone is asked. */
typedef struct extra {
  double product[HOST_ROUNDS], policy[HOST_ROUNDS], head[HOST_ROUNDS], threads[HOST_ROUNDS],
      sgemm[HOST_ROUNDS], seconds[HOST_ROUNDS], dnnl[HOST_ROUNDS];
} extra;

static syn_status time_extra(extra *e, size_t round, double chosen, const timing *t,
                             const others *o, syn_ctx *ctx) {
  lap mean;
  double two = 1;
  syn_status status = count_parts(&mean, t, HOST_TRAINED, ctx);
  if (!status)
    status = time_one(&two, t, HOST_TRAINED, t->h->kernels, 2, NULL, NULL, ctx);
  if (status)
    return status;
  double sgemm = time_sgemm(o);
  e->product[round] = mean.parts.product;
  e->policy[round] = mean.parts.policy;
  e->head[round] = mean.seconds - mean.parts.product - mean.parts.policy;
  e->threads[round] = chosen / two;
  e->seconds[round] = sgemm;
  e->sgemm[round] = (sgemm + e->policy[round] + e->head[round]) / chosen;
  e->dnnl[round] = time_dnnl(o) / e->product[round];
  return SYN_OK;
}

/* ---- a network --------------------------------------------------------------------------------- */

static syn_status time_rounds(host_net_times *net, const timing *t, const others *o, syn_ctx *ctx) {
  rounds r[HOST_TIMED] = {{{0}, {0}, {0}}};
  extra e = {{0}, {0}, {0}, {0}, {0}, {0}, {0}};
  size_t n = net->rounds;
  syn_status status = SYN_OK;
  for (size_t round = 0; round < n && !status; round++) {
    for (int p = 0; p < HOST_TIMED && !status; p++)
      if (net->all_policies || p == HOST_TRAINED)
        status = time_both(&r[p], round, t, (host_timed)p, ctx);
    if (!status)
      status = time_extra(&e, round, r[HOST_TRAINED].chosen[round], t, o, ctx);
  }
  for (int p = 0; p < HOST_TIMED; p++) {
    net->of[p].dense = host_spread_of(r[p].dense, n);
    net->of[p].chosen = host_spread_of(r[p].chosen, n);
    net->of[p].speedup = host_spread_of(r[p].speedup, n);
  }
  net->product = host_spread_of(e.product, n);
  net->policy = host_spread_of(e.policy, n);
  net->head = host_spread_of(e.head, n);
  net->threads = host_spread_of(e.threads, n);
  net->sgemm = host_spread_of(e.sgemm, n);
  net->sgemm_seconds = host_median(e.seconds, n);
  net->dnnl = host_spread_of(e.dnnl, n);
  return status;
}

syn_status host_time_net(host_net_times *net, const host *h, const syn_images *images,
                         syn_ctx *ctx) {
  timing t = {.h = h, .images = images};
  others o;
  lap mean;
  const double deep[] = {HOST_INPUTS, (double)net->hidden, HOST_CLASSES};
  const double flat[] = {HOST_INPUTS, HOST_CLASSES};
  size_t units = net->hidden ? net->hidden : HOST_CLASSES;
  net->macs =
      HOST_SAMPLES * (net->hidden ? (HOST_INPUTS + HOST_CLASSES) * units : HOST_INPUTS * units);
  syn_options_default(&t.options, &syn_task_images, SYN_METHOD_SYNAPTIC);
  syn_status status =
      syn_options_set_list(&t.options, "net", net->hidden ? deep : flat, net->hidden ? 3 : 2, ctx);
  t.options.iterations = (double)(SKIP + net->iterations);
  t.options.batch_size = HOST_SAMPLES;
  t.options.batch_interval = t.options.curve_every = t.options.validate_every = 0;
  if (status)
    return status;
  status = open_others(&o, units, images, ctx);
  if (!status)
    status = time_rounds(net, &t, &o, ctx);
  for (int p = 0; p < HOST_TIMED && !status; p++)
    if (net->all_policies || p == HOST_TRAINED) {
      status = count_parts(&mean, &t, (host_timed)p, ctx);
      count_density(&net->of[p], &mean.parts, units * HOST_INPUTS);
    }
  syn_arena_close(&o.arena);
  return status;
}
