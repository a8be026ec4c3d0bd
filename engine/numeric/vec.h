/* exp, log and tanh for floats: short polynomials, the same operations lane by lane on every
 * machine. Written once with the vector extensions of gcc and clang; the vector is as wide as the
 * instruction set that the file is compiled for, and a lane's result does not depend on it. Every
 * multiplication and addition is rounded on its own (no fused multiply-add).
 *
 * Worst errors, over all floats of the range named, against libm in double
 * (tests/unit/test_numeric.c measures them again):
 *   exp    1.1 ulp from -84 to 88.7, 1.3 down to -87.33; below 0, above +inf
 *   log    0.8 ulp on all positive normal floats; elsewhere not defined, but that NaN gives NaN
 *   tanh   1.5 ulp on all floats; exactly odd, never beyond 1, exactly 1 from 9 on
 * NaN gives NaN.
 *
 * exp and tanh look the piece of the curve up in tables of 16 numbers, since a vector register or
 * two hold such a table and a shuffle reads it. The polynomial of log is that of Cephes (Moshier).
 */
#ifndef SYN_NUMERIC_VEC_H
#define SYN_NUMERIC_VEC_H

#include <stdint.h>
#include <string.h>

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__AVX512F__)
#define SYN_VECTOR 64
#elif defined(__AVX2__)
#define SYN_VECTOR 32
#else
#define SYN_VECTOR 16
#endif
#define SYN_VLANES (SYN_VECTOR / 4)

typedef float syn_vf __attribute__((vector_size(SYN_VECTOR)));
typedef int32_t syn_vi __attribute__((vector_size(SYN_VECTOR)));
typedef uint32_t syn_vu __attribute__((vector_size(SYN_VECTOR)));

static inline syn_vf syn_vload(const float *p) {
  syn_vf v;
  memcpy(&v, p, sizeof v);
  return v;
}
static inline void syn_vstore(float *p, syn_vf v) {
  memcpy(p, &v, sizeof v);
}
static inline syn_vf syn_vset(float x) {
  return x - (syn_vf){0};
}
static inline syn_vi syn_vseti(int32_t x) {
  return x - (syn_vi){0};
}

/* ---- what each instruction set has its own way for --------------------------------------------- */

/* syn_vmask says yes or no for each lane; masks combine with & | ^ ~.
 *   syn_vless     a < b; no where either is NaN
 *   syn_vequal    integers
 *   syn_vselect   mask ? a : b
 *   syn_vmin      a < b ? a : b, so b if one of them is NaN; syn_vmax likewise
 *   syn_vbits     bit s is lane s
 *   syn_vlookup   table[index % 16]
 *   syn_vload_i8  bytes to integers; syn_vload_u8 likewise, unsigned
 *   syn_vstore_u8 the lowest byte of each lane */
#if defined(__AVX512F__)

typedef __mmask16 syn_vmask;
static inline syn_vmask syn_vless(syn_vf a, syn_vf b) {
  return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ);
}
static inline syn_vmask syn_vequal(syn_vi a, syn_vi b) {
  return _mm512_cmpeq_epi32_mask((__m512i)a, (__m512i)b);
}
static inline syn_vf syn_vselect(syn_vmask mask, syn_vf a, syn_vf b) {
  return (syn_vf)_mm512_mask_blend_ps(mask, (__m512)b, (__m512)a);
}
static inline syn_vf syn_vmin(syn_vf a, syn_vf b) {
  return (syn_vf)_mm512_min_ps((__m512)a, (__m512)b);
}
static inline syn_vf syn_vmax(syn_vf a, syn_vf b) {
  return (syn_vf)_mm512_max_ps((__m512)a, (__m512)b);
}
static inline syn_vi syn_vselecti(syn_vmask mask, syn_vi a, syn_vi b) {
  return (syn_vi)_mm512_mask_blend_epi32(mask, (__m512i)b, (__m512i)a);
}
static inline uint32_t syn_vbits(syn_vmask mask) {
  return mask;
}
static inline syn_vi syn_vload_i8(const int8_t *p) {
  return (syn_vi)_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)(const void *)p));
}
static inline syn_vi syn_vload_u8(const uint8_t *p) {
  return (syn_vi)_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)p));
}
static inline void syn_vstore_u8(uint8_t *p, syn_vi v) {
  _mm_storeu_si128((__m128i *)(void *)p, _mm512_cvtepi32_epi8((__m512i)v));
}
static inline syn_vf syn_vlookup(const float table[16], syn_vu index) {
  return (syn_vf)_mm512_permutexvar_ps((__m512i)index, _mm512_loadu_ps(table));
}

#else

typedef syn_vi syn_vmask; /* 0 or -1 */
static inline syn_vmask syn_vless(syn_vf a, syn_vf b) {
  return a < b;
}
static inline syn_vmask syn_vequal(syn_vi a, syn_vi b) {
  return a == b;
}
static inline syn_vi syn_vselecti(syn_vmask mask, syn_vi a, syn_vi b) {
  return (mask & a) | (~mask & b);
}

#if defined(__AVX2__)
static inline syn_vf syn_vselect(syn_vmask mask, syn_vf a, syn_vf b) {
  return (syn_vf)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
}
static inline syn_vf syn_vmin(syn_vf a, syn_vf b) {
  return (syn_vf)_mm256_min_ps((__m256)a, (__m256)b);
}
static inline syn_vf syn_vmax(syn_vf a, syn_vf b) {
  return (syn_vf)_mm256_max_ps((__m256)a, (__m256)b);
}
static inline uint32_t syn_vbits(syn_vmask mask) {
  return (uint32_t)_mm256_movemask_ps((__m256)mask);
}
static inline syn_vi syn_vload_i8(const int8_t *p) {
  return (syn_vi)_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p));
}
static inline syn_vi syn_vload_u8(const uint8_t *p) {
  return (syn_vi)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p));
}
static inline void syn_vstore_u8(uint8_t *p, syn_vi v) {
  const __m256i lowest = _mm256_set1_epi32(0x0c080400);
  __m256i four = _mm256_shuffle_epi8((__m256i)v, lowest); /* in each half, four times */
  __m128i eight =
      _mm_unpacklo_epi32(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
  _mm_storel_epi64((__m128i *)(void *)p, eight);
}
static inline syn_vf syn_vlookup(const float table[16], syn_vu index) {
  __m256 low = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table), (__m256i)index);
  __m256 high = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), (__m256i)index);
  return (syn_vf)_mm256_blendv_ps(low, high, (__m256)(index << 28));
}
#else
static inline syn_vf syn_vselect(syn_vmask mask, syn_vf a, syn_vf b) {
  return (syn_vf)syn_vselecti(mask, (syn_vi)a, (syn_vi)b);
}
static inline syn_vf syn_vmin(syn_vf a, syn_vf b) {
  return syn_vselect(syn_vless(a, b), a, b);
}
static inline syn_vf syn_vmax(syn_vf a, syn_vf b) {
  return syn_vselect(syn_vless(b, a), a, b);
}
static inline uint32_t syn_vbits(syn_vmask mask) {
  mask &= (syn_vi){1, 2, 4, 8};
  return (uint32_t)(mask[0] | mask[1] | mask[2] | mask[3]);
}
static inline syn_vi syn_vload_i8(const int8_t *p) {
  return (syn_vi){p[0], p[1], p[2], p[3]};
}
static inline syn_vi syn_vload_u8(const uint8_t *p) {
  return (syn_vi){p[0], p[1], p[2], p[3]};
}
static inline void syn_vstore_u8(uint8_t *p, syn_vi v) {
  for (int s = 0; s < SYN_VLANES; s++)
    p[s] = (uint8_t)v[s];
}
static inline syn_vf syn_vlookup(const float table[16], syn_vu index) {
#if defined(__aarch64__)
  const uint8_t *bytes = (const uint8_t *)table;
  uint8x16x4_t all = {
      {vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32), vld1q_u8(bytes + 48)}};
  syn_vu at = (index & 15) * 0x04040404u + 0x03020100u; /* the four bytes of each number */
  return (syn_vf)vqtbl4q_u8(all, (uint8x16_t)at);
#else
  index &= 15;
  return (syn_vf){table[index[0]], table[index[1]], table[index[2]], table[index[3]]};
#endif
}
#endif

#endif

/* ---- exp, log, tanh ---------------------------------------------------------------------------- */

/* With x = (n/16) ln 2 + r: 2^(n/16) from the table, its power of two put straight into the
 * exponent, times e^r by a cubic. `below`: for x up to 88.7. */
static inline syn_vf syn_vexp_below(syn_vf x) {
  static const float root[16] = {/* 2^(j/16) */
                                 1.0f,        1.04427378f, 1.09050773f, 1.13878863f,
                                 1.18920712f, 1.24185781f, 1.29683955f, 1.35425555f,
                                 1.41421356f, 1.47682615f, 1.54221083f, 1.61049033f,
                                 1.68179283f, 1.75625216f, 1.83400809f, 1.91520656f};
  const float round = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number */
  syn_vf shifted = x * 23.0831207f + round;
  syn_vf n = shifted - round;
  /* ln 2 in two parts, the first short enough to be exact */
  syn_vf r = x - n * (0.693359375f / 16);
  r = r - n * (-2.12194440e-4f / 16);
  syn_vu whole = (syn_vu)shifted - (syn_vu)syn_vset(round);
  syn_vu power = (whole & ~15u) << 19;
  syn_vf scale = (syn_vf)((syn_vu)syn_vlookup(root, whole) + power);
  syn_vf y = scale + scale * (r + (r * r) * (r * 0.166668622f + 0.500009775f));
  return syn_vselect(syn_vless(x, syn_vset(-87.33f)), syn_vset(0.0f), y);
}

static inline syn_vf syn_vexp(syn_vf x) {
  return syn_vselect(syn_vless(syn_vset(88.7f), x), syn_vset(__builtin_inff()), syn_vexp_below(x));
}

static inline syn_vf syn_vlog(syn_vf x) {
  /* x = 2^e m with m in [sqrt(1/2), sqrt(2)). */
  const uint32_t root = 0x3f3504f3;
  syn_vu bits = (syn_vu)x - root;
  syn_vf e = __builtin_convertvector((syn_vi)bits >> 23, syn_vf);
  syn_vf f = (syn_vf)((bits & 0x7fffff) + root) - 1.0f;
  syn_vf z = f * f;
  syn_vf p = f * 7.0376836292e-2f + -1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f + -1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f + -1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f + -2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  syn_vf y = (f * z) * p;
  y = y + e * -2.12194440e-4f;
  y = y - z * 0.5f;
  y = (f + y) + e * 0.693359375f;
  return syn_vselect(syn_vless(x, syn_vset(__builtin_inff())), y, x); /* else inf or NaN */
}

/* 1 + |x| is cut at quarters of its octaves: [1, 1.25), [1.25, 1.5) ... [8, 10), and from 10 on
 * tanh is 1. In each piece a polynomial of degree 6 in the distance from the piece's left edge,
 * through the Chebyshev nodes of the piece; in the first one t + c2 t^2 + ... with exactly t, so
 * that small x keep all their bits. Columns are numbered by the last two bits of the exponent and
 * the first two of the mantissa: piece 0 is in column 12. */
static inline syn_vf syn_vtanh(syn_vf x) {
  static const float c[7][16] = {
      {0.761594176f, 0.905148268f, 0.964027584f, 0.986614287f, 0.995054781f, 0.999329329f,
       0.999909222f, 0.999987721f, 0.999998331f, 1.0f, 1.0f, 1.0f, 0.0f, 0.244918659f, 0.462117165f,
       0.635148942f},
      {0.419971436f, 0.180704623f, 0.0706503168f, 0.0265938453f, 0.00986401364f, 0.00133887329f,
       0.000180296513f, 2.38714219e-05f, 3.53724158e-06f, 0.0f, 0.0f, 0.0f, 1.0f, 0.940015733f,
       0.786445379f, 0.596588671f},
      {-0.319785684f, -0.163521588f, -0.068097733f, -0.0262739621f, -0.00979212113f,
       -0.00131557474f, -0.000166521961f, -1.63452842e-05f, -4.5476063e-06f, 0.0f, 0.0f, 0.0f,
       -9.27702004e-08f, -0.230268285f, -0.363321543f, -0.379053652f},
      {0.103112519f, 0.0874750689f, 0.0420134477f, 0.0173409414f, 0.00635905098f, 0.000785553362f,
       5.65301452e-05f, -1.8775896e-05f, 4.7757926e-06f, 0.0f, 0.0f, 0.0f, -0.333314747f,
       -0.256255627f, -0.0961005017f, 0.0440616608f},
      {0.0292273127f, -0.0239603799f, -0.0175519381f, -0.00926939864f, -0.00288907322f,
       -0.000230739679f, 6.50684888e-05f, 5.97765356e-05f, -3.47650848e-06f, 0.0f, 0.0f, 0.0f,
       -0.000598626735f, 0.134368703f, 0.179779679f, 0.0825949013f},
      {-0.0478353575f, -0.00316975452f, 0.00431346335f, 0.00498304237f, 0.000855100341f,
       -3.12697957e-05f, -8.9911955e-05f, -5.74768856e-05f, 1.37945324e-06f, 0.0f, 0.0f, 0.0f,
       0.1401335f, 0.091046229f, -0.0843737796f, -0.00481665321f},
      {0.0188094396f, 0.00445516407f, -0.000223290044f, -0.00204657856f, -0.000122445475f,
       3.30589864e-05f, 3.30457297e-05f, 1.95753419e-05f, -2.18384088e-07f, 0.0f, 0.0f, 0.0f,
       -0.0319250748f, -0.0961222276f, 0.0398974009f, -0.0716987774f},
  };
  const syn_vu sign = (syn_vu)syn_vset(-0.0f);
  syn_vf a = (syn_vf)((syn_vu)x & ~sign), most = syn_vset(9.5f);
  a = syn_vmin(most, a);
  syn_vu s = (syn_vu)(a + 1.0f), piece = s >> 21;
  syn_vf t = a - ((syn_vf)(s & ~0x1fffffu) - 1.0f); /* exact */
  syn_vf y = syn_vlookup(c[6], piece);
  y = y * t + syn_vlookup(c[5], piece);
  y = y * t + syn_vlookup(c[4], piece);
  y = y * t + syn_vlookup(c[3], piece);
  y = y * t + syn_vlookup(c[2], piece);
  y = y * t + syn_vlookup(c[1], piece);
  y = y * t + syn_vlookup(c[0], piece);
  return (syn_vf)((syn_vu)y | ((syn_vu)x & sign));
}

/* One number: lane 0. */
static inline float syn_exp(float x) {
  return syn_vexp(syn_vset(x))[0];
}
static inline float syn_log(float x) {
  return syn_vlog(syn_vset(x))[0];
}
static inline float syn_tanh(float x) {
  return syn_vtanh(syn_vset(x))[0];
}

#endif
