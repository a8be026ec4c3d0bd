/* exp, log and tanh for floats: short polynomials, the same operations lane by lane on every
 * machine. Written once with the vector extensions of gcc and clang; the vector is as wide as the
 * instruction set that the file is compiled for, and a lane's result does not depend on it. Every
 * multiplication and addition is rounded on its own (no fused multiply-add).
 *
 * Worst errors, over all floats of the range named, against libm in double
 * (tests/unit/test_kernels.c measures them again):
 *   exp    1.0 ulp on [-87.3, 88.7]; below 0, above +inf
 *   log    0.8 ulp on all positive normal floats
 *   tanh   6.2 ulp on all floats (4e-7 near 1); exactly odd, never beyond 1
 * NaN gives NaN. Polynomials of exp and log: Cephes (Moshier); tanh: the rational of Eigen.
 */
#ifndef SYN_NUMERIC_VEC_H
#define SYN_NUMERIC_VEC_H

#include <stdint.h>
#include <string.h>

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

static inline syn_vf syn_vload(const float *p) {
  syn_vf v;
  memcpy(&v, p, sizeof v);
  return v;
}
static inline void syn_vstore(float *p, syn_vf v) { memcpy(p, &v, sizeof v); }
static inline syn_vf syn_vset(float x) { return x - (syn_vf){0}; }
static inline syn_vi syn_vseti(int32_t x) { return x - (syn_vi){0}; }

/* mask ? a : b, lane by lane; mask lanes are 0 or -1. */
static inline syn_vf syn_vselect(syn_vi mask, syn_vf a, syn_vf b) {
  return (syn_vf)((mask & (syn_vi)a) | (~mask & (syn_vi)b));
}

static inline syn_vf syn_vexp(syn_vf x) {
  const float round = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number */
  syn_vf low = syn_vset(-87.33654f), high = syn_vset(88.72283f);
  syn_vf c = syn_vselect(x < low, low, syn_vselect(x > high, high, x));
  syn_vf shifted = c * 1.44269504f + round;
  syn_vf n = shifted - round;
  syn_vf r = c - n * 0.693359375f; /* ln 2 in two parts, the first short enough to be exact */
  r = r - n * -2.12194440e-4f;
  syn_vf p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  syn_vf y = (p * (r * r) + r) + 1.0f;
  /* Times 2^n in two steps, so that n = 128 does not overflow early. */
  syn_vi whole = (syn_vi)shifted - (syn_vi)syn_vset(round);
  syn_vi half = whole >> 1;
  y = y * (syn_vf)((half + 127) << 23);
  y = y * (syn_vf)((whole - half + 127) << 23);
  y = syn_vselect(x < low, syn_vset(0.0f), y);
  y = syn_vselect(x > high, syn_vset(__builtin_inff()), y);
  return syn_vselect(x != x, x, y);
}

static inline syn_vf syn_vlog(syn_vf x) {
  /* x = 2^e m with m in [sqrt(1/2), sqrt(2)). */
  const int32_t root = 0x3f3504f3;
  syn_vi bits = (syn_vi)x - root;
  syn_vf e = __builtin_convertvector(bits >> 23, syn_vf);
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
  return syn_vselect(x != x, x, y);
}

static inline syn_vf syn_vtanh(syn_vf x) {
  const float limit = 7.90531110763549805f; /* from here on the result rounds to 1 */
  syn_vf high = syn_vset(limit), low = syn_vset(-limit), one = syn_vset(1.0f);
  syn_vf c = syn_vselect(x > high, high, syn_vselect(x < low, low, x));
  syn_vf z = c * c;
  syn_vf p = z * -2.76076847742355e-16f + 2.00018790482477e-13f;
  p = p * z + -8.60467152213735e-11f;
  p = p * z + 5.12229709037114e-08f;
  p = p * z + 1.48572235717979e-05f;
  p = p * z + 6.37261928875436e-04f;
  p = p * z + 4.89352455891786e-03f;
  p = p * c;
  syn_vf q = z * 1.19825839466702e-06f + 1.18534705686654e-04f;
  q = q * z + 2.26843463243900e-03f;
  q = q * z + 4.89352518554385e-03f;
  syn_vf y = p / q;
  y = syn_vselect(z < 1.6e-7f, c, y); /* tiny: p would lose bits below the normal floats */
  y = syn_vselect(x >= high, one, syn_vselect(x <= low, -one, y));
  y = syn_vselect(y > one, one, syn_vselect(y < -one, -one, y));
  return syn_vselect(x != x, x, y);
}

/* One number: lane 0. */
static inline float syn_exp(float x) { return syn_vexp(syn_vset(x))[0]; }
static inline float syn_log(float x) { return syn_vlog(syn_vset(x))[0]; }
static inline float syn_tanh(float x) { return syn_vtanh(syn_vset(x))[0]; }

#endif
