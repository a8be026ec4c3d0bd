/* The step of all synapses, compiled once for each level of vectors with SYN_LEVEL set to its
 * name: 16 synapses at a time where byte shuffles can look the action up, else one by one. */
#include <stddef.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/numeric/tables.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(kernel) JOIN(syn_##kernel##_, SYN_LEVEL)

#define CHUNK 16

/* Everything one call needs of the table, local histories shifted in advance: the code after
 * action a is next[h] + a. */
typedef struct step {
  const syn_step_table *table;
  uint8_t next[SYN_LOCAL_MAX + 13];
  uint32_t explore[3];
} step;

/* ---- random words of 128 synapses -------------------------------------------------------------- */

#if defined(__AVX2__)

/* High and low halves of the products of 32-bit lanes. */
#if defined(__AVX512F__)
typedef __m512i wide;
#define WIDE_SET(x) _mm512_set1_epi32((int)(x))
#define WIDE_XOR(a, b) _mm512_xor_si512(a, b)
#define WIDE_STORE(p, v) _mm512_storeu_si512(p, v)
#define COUNT(q) _mm512_add_epi32(WIDE_SET(q), _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, \
                                                                 11, 12, 13, 14, 15))
SYN_INLINE void multiply(wide *high, wide *low, wide x, uint32_t by) {
  wide m = WIDE_SET(by);
  wide even = _mm512_mul_epu32(x, m), odd = _mm512_mul_epu32(_mm512_srli_epi64(x, 32), m);
  *high = _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 32), odd);
  *low = _mm512_mask_blend_epi32(0xAAAA, even, _mm512_slli_epi64(odd, 32));
}
#else
typedef __m256i wide;
#define WIDE_SET(x) _mm256_set1_epi32((int)(x))
#define WIDE_XOR(a, b) _mm256_xor_si256(a, b)
#define WIDE_STORE(p, v) _mm256_storeu_si256((__m256i *)(void *)(p), v)
#define COUNT(q) _mm256_add_epi32(WIDE_SET(q), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
SYN_INLINE void multiply(wide *high, wide *low, wide x, uint32_t by) {
  wide m = WIDE_SET(by);
  wide even = _mm256_mul_epu32(x, m), odd = _mm256_mul_epu32(_mm256_srli_epi64(x, 32), m);
  *high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
  *low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
}
#endif
#define WIDE_LANES (sizeof(wide) / 4)

static void draw(uint32_t words[4][CHUNK], uint64_t seed, uint32_t stream, uint32_t iteration,
                 uint32_t q) {
  for (uint32_t l = 0; l < CHUNK; l += WIDE_LANES) {
    wide x0 = COUNT(CHUNK * q + l), x1 = WIDE_SET(iteration), x2 = WIDE_SET(stream);
    wide x3 = WIDE_SET(0);
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
      wide high0, low0, high1, low1;
      multiply(&high0, &low0, x0, 0xD2511F53u);
      multiply(&high1, &low1, x2, 0xCD9E8D57u);
      x0 = WIDE_XOR(WIDE_XOR(high1, x1), WIDE_SET(k0));
      x1 = low1;
      x2 = WIDE_XOR(WIDE_XOR(high0, x3), WIDE_SET(k1));
      x3 = low0;
    }
    WIDE_STORE(words[0] + l, x0);
    WIDE_STORE(words[1] + l, x1);
    WIDE_STORE(words[2] + l, x2);
    WIDE_STORE(words[3] + l, x3);
  }
}

#else

static void draw(uint32_t words[4][CHUNK], uint64_t seed, uint32_t stream, uint32_t iteration,
                 uint32_t q) {
  syn_philox_16(words, seed, stream, iteration, q);
}

#endif

/* The 16-bit number of lane l in chunk c of the block. */
SYN_INLINE uint32_t half_word(uint32_t words[4][CHUNK], size_t c, size_t l) {
  return words[c / 2][l] >> (16 * (c % 2)) & 0xffff;
}

/* ---- one by one -------------------------------------------------------------------------------- */

/* Lanes [0, n) of chunk c. `v` and `u` hold the numbers of the policy's draw and of exploration. */
static void step_plain(const step *s, int8_t *action, uint8_t *after, const uint8_t *before,
                       int32_t *lattice, uint32_t v[4][CHUNK], uint32_t u[4][CHUNK], size_t c,
                       size_t n) {
  const syn_step_table *t = s->table;
  for (size_t l = 0; l < n; l++) {
    uint8_t h = before[l];
    int a = t->action[h];
    if (t->stochastic) {
      uint32_t bits = half_word(v, c, l);
      a = (bits >= t->low[h]) + (bits >= t->high[h]) - 1;
    }
    if (s->explore[2]) {
      uint32_t bits = half_word(u, c, l);
      int random = (bits >= s->explore[0]) + (bits >= s->explore[1]) - 1;
      a = bits < s->explore[2] ? random : a;
    }
    action[l] = (int8_t)a;
    after[l] = (uint8_t)(s->next[h] + a);
    if (lattice)
      lattice[l] += a;
  }
}

/* ---- 16 at a time ------------------------------------------------------------------------------ */

#if defined(__AVX2__)

/* Masks of bytes, 0 or -1: which of 16 numbers are below `limit` (at most 65536). */
SYN_INLINE __m128i below(__m256i low8, __m256i high8, uint32_t limit) {
  __m256i bound = _mm256_set1_epi32((int)limit);
  __m256i words = _mm256_packs_epi32(_mm256_cmpgt_epi32(bound, low8),
                                     _mm256_cmpgt_epi32(bound, high8));
  words = _mm256_permute4x64_epi64(words, 0xD8);
  return _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

SYN_INLINE __m128i explored(const step *s, __m128i action, uint32_t u[4][CHUNK], size_t c) {
  const __m256i *words = (const __m256i *)(const void *)u[c / 2];
  __m128i shift = _mm_cvtsi32_si128(16 * (int)(c % 2));
  __m256i keep = _mm256_set1_epi32(0xffff);
  __m256i low8 = _mm256_and_si256(_mm256_srl_epi32(_mm256_loadu_si256(words), shift), keep);
  __m256i high8 = _mm256_and_si256(_mm256_srl_epi32(_mm256_loadu_si256(words + 1), shift), keep);
  __m128i one = _mm_set1_epi8(1);
  /* +1, less one for each of the first two bounds that the number is below */
  __m128i random = _mm_add_epi8(one, _mm_add_epi8(below(low8, high8, s->explore[0]),
                                                  below(low8, high8, s->explore[1])));
  return _mm_blendv_epi8(action, random, below(low8, high8, s->explore[2]));
}

/* Byte shuffles hold tables of 16; needs at most 16 local histories and no stochastic action. */
SYN_INLINE void step_chunk(const step *s, int8_t *action, uint8_t *after, const uint8_t *before,
                           int32_t *lattice, uint32_t u[4][CHUNK], size_t c) {
  __m128i h = _mm_loadu_si128((const __m128i *)(const void *)before);
  __m128i a = _mm_shuffle_epi8(
      _mm_loadu_si128((const __m128i *)(const void *)s->table->action), h);
  __m128i next = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)s->next), h);
  if (s->explore[2])
    a = explored(s, a, u, c);
  _mm_storeu_si128((__m128i *)(void *)action, a);
  _mm_storeu_si128((__m128i *)(void *)after, _mm_add_epi8(next, a));
  if (!lattice)
    return;
  __m256i *K = (__m256i *)(void *)lattice;
  _mm256_storeu_si256(K, _mm256_add_epi32(_mm256_loadu_si256(K), _mm256_cvtepi8_epi32(a)));
  _mm256_storeu_si256(K + 1, _mm256_add_epi32(_mm256_loadu_si256(K + 1),
                                              _mm256_cvtepi8_epi32(_mm_srli_si128(a, 8))));
}

#else

SYN_INLINE void step_chunk(const step *s, int8_t *action, uint8_t *after, const uint8_t *before,
                           int32_t *lattice, uint32_t u[4][CHUNK], size_t c) {
  step_plain(s, action, after, before, lattice, u, u, c, CHUNK);
}

#endif

void NAME(policy_step)(int8_t *action, uint8_t *history_out, const uint8_t *history,
                       int32_t *lattice, const syn_step_table *table, uint64_t seed,
                       uint32_t iteration, size_t n) {
  step s = {.table = table};
  memcpy(s.explore, table->explore, sizeof s.explore);
  for (unsigned h = 0; h < table->locals; h++)
    s.next[h] = (uint8_t)((3 * h + 1) % table->locals); /* after action 0 */
  if (table->locals == 1) /* no history: the code stays 0 whatever the action */
    s.next[0] = 0;
  int shuffles = table->locals <= 16 && table->locals > 1 && !table->stochastic;
  uint32_t v[4][CHUNK], u[4][CHUNK];
  for (size_t first = 0; first < n; first += SYN_STEP_BLOCK) {
    uint32_t q = (uint32_t)(first / SYN_STEP_BLOCK);
    if (table->stochastic)
      draw(v, seed, SYN_STREAM_POLICY, iteration, q);
    if (table->explore[2])
      draw(u, seed, SYN_STREAM_EXPLORE, iteration, q);
    for (size_t c = 0; c < SYN_STEP_BLOCK / CHUNK && first + c * CHUNK < n; c++) {
      size_t at = first + c * CHUNK, left = n - at;
      int32_t *K = lattice ? lattice + at : NULL;
      if (left >= CHUNK && shuffles)
        step_chunk(&s, action + at, history_out + at, history + at, K, u, c);
      else
        step_plain(&s, action + at, history_out + at, history + at, K, v, u, c,
                   left < CHUNK ? left : CHUNK);
    }
  }
  if (table->locals == 1)
    memset(history_out, 0, n);
}
