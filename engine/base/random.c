#include "engine/base/random.h"

#include <math.h>

/* Salmon et al. 2011, table 2; Weyl constants of the key schedule. */
#define M0 0xD2511F53u
#define M1 0xCD9E8D57u
#define W0 0x9E3779B9u
#define W1 0xBB67AE85u

void syn_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]) {
  uint32_t x0 = counter[0], x1 = counter[1], x2 = counter[2], x3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++, k0 += W0, k1 += W1) {
    uint64_t p0 = (uint64_t)M0 * x0, p1 = (uint64_t)M1 * x2;
    x0 = (uint32_t)(p1 >> 32) ^ x1 ^ k0;
    x1 = (uint32_t)p1;
    x2 = (uint32_t)(p0 >> 32) ^ x3 ^ k1;
    x3 = (uint32_t)p0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/* The bits at `index` and its neighbours: at index - index % 4 and the next three. */
static void four_bits(uint32_t out[4], uint64_t seed, syn_stream stream, uint32_t major,
                      uint64_t index) {
  uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  uint32_t counter[4] = {(uint32_t)(index / 4), major, (uint32_t)stream, (uint32_t)(index >> 34)};
  syn_philox(out, counter, key);
}

uint32_t syn_random_bits(uint64_t seed, syn_stream stream, uint32_t major, uint64_t index) {
  uint32_t out[4];
  four_bits(out, seed, stream, major, index);
  return out[index % 4];
}

float syn_random_uniform(uint64_t seed, syn_stream stream, uint32_t major, uint64_t index) {
  return (float)(syn_random_bits(seed, stream, major, index) >> 8) * 0x1p-24f;
}

double syn_random_normal(uint64_t seed, syn_stream stream, uint32_t major, uint64_t index) {
  /* Both in (0,1): the half keeps the logarithm finite. */
  double u = ((double)syn_random_bits(seed, stream, major, 2 * index) + 0.5) * 0x1p-32;
  double v = ((double)syn_random_bits(seed, stream, major, 2 * index + 1) + 0.5) * 0x1p-32;
  return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

void syn_random_permutation(uint32_t *order, size_t n, uint64_t seed, syn_stream stream,
                            uint32_t major) {
  for (size_t i = 0; i < n; i++)
    order[i] = (uint32_t)i;
  uint32_t bits[4];
  for (size_t i = n; i-- > 1;) {
    if (i == n - 1 || i % 4 == 3)
      four_bits(bits, seed, stream, major, i);
    size_t j = (size_t)((uint64_t)bits[i % 4] * (i + 1) >> 32);
    uint32_t swap = order[i];
    order[i] = order[j];
    order[j] = swap;
  }
}
