#include "experiments/host/bench/parts.h"

#include "engine/base/clock.h"

/* Kernels have no argument of their own, so what they count in is here. */
static const syn_kernels *plain;
static host_parts count;

static void dense_product(int32_t *D, const int32_t *from, const uint8_t *X, const int8_t *A,
                          size_t blocks, size_t groups, size_t units, int greatest) {
  double begin = syn_clock();
  plain->lattice(D, from, X, A, blocks, groups, units, greatest);
  count.product += syn_clock() - begin;
  count.dense += blocks;
}

static void sparse_product(int32_t *D, const int32_t *const *from, size_t terms, size_t minus,
                           const uint8_t *W, const syn_sparse *s, size_t wide) {
  double begin = syn_clock();
  plain->sparse(D, from, terms, minus, W, s, wide);
  count.product += syn_clock() - begin;
  count.sparse += SYN_WIDE * wide;
}

static size_t count_entries(const int8_t *const *past, const int8_t *sign, size_t n) {
  double begin = syn_clock();
  size_t entries = plain->sparse_count(past, sign, n);
  count.product += syn_clock() - begin;
  return entries;
}

static int list_entries(syn_sparse *s, const int8_t *const *past, size_t row) {
  double begin = syn_clock();
  int listed = plain->sparse_list(s, past, row);
  count.product += syn_clock() - begin;
  count.lists++;
  count.entries += s->entries;
  return listed;
}

static void step(int8_t *action, uint8_t *history_out, const uint8_t *history, int32_t *lattice,
                 const syn_step_table *table, uint64_t seed, uint32_t iteration, size_t n) {
  double begin = syn_clock();
  plain->policy_step(action, history_out, history, lattice, table, seed, iteration, n);
  count.policy += syn_clock() - begin;
}

syn_kernels host_parts_kernels(const syn_kernels *kernels) {
  syn_kernels timed = *kernels;
  plain = kernels;
  timed.lattice = dense_product;
  timed.sparse = sparse_product;
  timed.sparse_count = count_entries;
  timed.sparse_list = list_entries;
  timed.policy_step = step;
  host_parts_take();
  return timed;
}

host_parts host_parts_take(void) {
  host_parts taken = count;
  count = (host_parts){0};
  return taken;
}
