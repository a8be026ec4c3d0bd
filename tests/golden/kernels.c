/* Every kernel of every instruction set that this CPU offers, against the specification in
 * engine/numeric/kernels.h written out here one number at a time; all must be the same bits. And
 * the specification's own results, over all cases, against one pinned fingerprint, so that they
 * are the same with every compiler and on every machine (tests/golden/builds.sh runs this too).
 *
 * Exit 0 if all is well, else 1 and a line for each case that differs.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/numeric/vec.h"
#include "tests/golden/cases.h"

#define EXPECTED UINT64_C(0x34ce21fae07212db)

/* ---- lattice product and first layer ----------------------------------------------------------- */

static void spec_lattice(int32_t *D, const uint8_t *X, const int8_t *A, size_t blocks,
                         size_t groups, size_t units) {
  for (size_t b = 0; b < blocks; b++)
    for (size_t u = 0; u < units; u++)
      for (size_t s = 0; s < 16; s++)
        for (size_t i = 0; i < groups * 4; i++)
          D[(b * units + u) * 16 + s] +=
              A[u * groups * 4 + i] * X[((b * groups + i / 4) * 16 + s) * 4 + i % 4];
}

/* `full`: the greatest products there are, and D near its bound. */
static void check_lattice(size_t units, size_t groups, size_t blocks, int full) {
  size_t n = blocks * units * 16, bytes = blocks * groups * 64, actions = units * groups * 4;
  uint8_t *X = take(bytes);
  int8_t *A = take(actions);
  int32_t *start = take(n * 4), *want = take(n * 4), *got = take(n * 4);
  for (size_t i = 0; i < bytes; i++)
    X[i] = full ? 255 : (uint8_t)bits(1, i);
  for (size_t i = 0; i < actions; i++)
    A[i] = (int8_t)(full ? (i / (groups * 4) % 2 ? 1 : -1) : (int)(bits(2, i) % 3) - 1);
  for (size_t i = 0; i < n; i++)
    start[i] = full ? (int32_t)(i % 3 - 1) * (1 << 30) : (int32_t)bits(3, i) / 4;
  memcpy(want, start, n * 4);
  spec_lattice(want, X, A, blocks, groups, units);
  trace = syn_trace_bytes(trace, want, n * 4);
  EACH_TABLE(k) {
    memcpy(got, start, n * 4);
    k->lattice(got, got, X, A, blocks, groups, units, 1);
    compare("lattice", k->isa, units, groups, blocks, got, want, n * 4);
  }
  free(X);
  free(A);
  free(start);
  free(want);
  free(got);
}

static void check_lattices(void) {
  static const size_t units[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 32, 37};
  static const size_t groups[] = {1, 2, 65, 196}, blocks[] = {1, 2, 5};
  for (size_t u = 0; u < COUNT(units); u++)
    for (size_t g = 0; g < COUNT(groups); g++)
      for (size_t b = 0; b < COUNT(blocks); b++)
        check_lattice(units[u], groups[g], blocks[b], 0);
  check_lattice(256, 196, 3, 0);
  check_lattice(10, 200, 13, 0);
  check_lattice(10, 196, 2, 1);
  check_lattice(1, 196, 4, 1);
}

static void check_preact(size_t units, size_t blocks, int relu) {
  size_t n = blocks * units * 16;
  float *z0 = reals(n, 4, 3.0f), *bias = reals(units, 5, 1.0f), scale = 1e-4f / 255.0f;
  int32_t *D = take(n * 4);
  float *want = take(n * 4), *got = take(n * 4);
  for (size_t i = 0; i < n; i++) {
    D[i] = (int32_t)bits(6, i) >> (bits(7, i) % 28); /* small ones, and ones that float rounds */
    float v = scale * (float)D[i];
    v = z0[i] + v;
    v = v + bias[i / 16 % units];
    want[i] = relu && !(v > 0.0f) ? 0.0f : v;
  }
  trace = syn_trace_f32s(trace, want, n);
  EACH_TABLE(k) {
    k->preact(got, z0, D, scale, bias, relu, blocks, units);
    compare("preact", k->isa, units, blocks, (size_t)relu, got, want, n * 4);
  }
  free(z0);
  free(bias);
  free(D);
  free(want);
  free(got);
}

/* ---- layers above ------------------------------------------------------------------------------ */

static void check_dense(size_t in, size_t out, size_t blocks, int relu) {
  size_t n = blocks * out * 16, stride = in + 1;
  float *h = reals(blocks * in * 16, 8, 2.0f), *w = reals(out * stride - 1, 9, 1.0f);
  float *bias = reals(out, 10, 1.0f), *want = take(n * 4), *got = take(n * 4);
  for (size_t b = 0; b < blocks; b++)
    for (size_t u = 0; u < out; u++)
      for (size_t s = 0; s < 16; s++) {
        float sum = bias[u];
        for (size_t i = 0; i < in; i++) {
          float product = w[u * stride + i] * h[(b * in + i) * 16 + s];
          sum = sum + product;
        }
        want[(b * out + u) * 16 + s] = relu && !(sum > 0.0f) ? 0.0f : sum;
      }
  trace = syn_trace_f32s(trace, want, n);
  EACH_TABLE(k) {
    k->dense(got, h, w, stride, bias, relu, blocks, in, out);
    compare("dense", k->isa, in, out, blocks, got, want, n * 4);
  }
  free(h);
  free(w);
  free(bias);
  free(want);
  free(got);
}

static void check_denses(void) {
  static const size_t ins[] = {1, 2, 13, 100}, blocks[] = {1, 2, 3, 13};
  for (size_t i = 0; i < COUNT(ins); i++)
    for (size_t out = 1; out <= 18; out++)
      for (size_t b = 0; b < COUNT(blocks); b++)
        check_dense(ins[i], out, blocks[b], (int)(b + out) % 2);
  check_dense(3, 100, 2, 0);
}

static void check_tanh(size_t n) {
  float *x = take(n * 4), *want = take(n * 4), *got = take(n * 4);
  static const float special[] = {0.0f, -0.0f, 1e-40f, 8.9999f, 9.0f, -9.5f, 1e30f, -3e38f};
  for (size_t i = 0; i < n; i++) {
    x[i] = i < COUNT(special) ? special[i] : real(11, i, i % 3 ? 12.0f : 0.3f);
    want[i] = syn_tanh(x[i]);
  }
  trace = syn_trace_f32s(trace, want, n);
  EACH_TABLE(k) {
    memcpy(got, x, n * 4);
    k->tanh_all(got, n);
    compare("tanh_all", k->isa, n, 0, 0, got, want, n * 4);
  }
  free(x);
  free(want);
  free(got);
}

/* ---- losses ------------------------------------------------------------------------------------ */

/* The lanes of one block, as a tree: pairs (s, s+8), then (s, s+4), (s, s+2), (s, s+1). */
static double spec_tree(const float lane[16], size_t valid) {
  double sum[16];
  for (size_t s = 0; s < 16; s++)
    sum[s] = s < valid ? (double)lane[s] : 0.0;
  for (size_t half = 8; half; half /= 2)
    for (size_t s = 0; s < half; s++)
      sum[s] += sum[s + half];
  return sum[0];
}

/* Loss of one sample whose outputs are 16 floats apart; *right if its class is found. */
static float spec_entropy(const float *z, uint8_t y, size_t classes, int *right) {
  float most = z[0], sum = 0.0f;
  size_t best = 0;
  for (size_t k = 1; k < classes; k++)
    if (z[k * 16] > most) {
      most = z[k * 16];
      best = k;
    }
  for (size_t k = 0; k < classes; k++)
    sum = sum + syn_exp(z[k * 16] - most);
  *right = best == y;
  return (syn_log(sum) + most) - z[y * 16u];
}

/* Likewise, with real targets t. */
static float spec_distance(const float *z, const float *t, size_t outputs, int *right) {
  float sum = 0.0f;
  *right = 1;
  for (size_t k = 0; k < outputs; k++) {
    float d = z[k * 16] - t[k * 16], square = d * d;
    sum = sum + square;
    *right &= (z[k * 16] > 0.0f) == (t[k * 16] > 0.0f);
  }
  return sum;
}

/* Both losses over the same outputs z. `uneven`: lanes of such different sizes that the order of
 * their sum shows, in double too. */
static void check_losses(size_t outputs, size_t samples, float range, int uneven) {
  size_t blocks = (samples + 15) / 16, n = blocks * outputs * 16;
  float *z = reals(n, 12, range), *t = reals(n, 13, range);
  uint8_t *y = take(blocks * 16);
  double *want[2] = {take(blocks * 8), take(blocks * 8)}, *got = take(blocks * 8);
  uint32_t *count[2] = {take(blocks * 4), take(blocks * 4)}, *found = take(blocks * 4);
  for (size_t i = 0; i < n; i += 7)
    z[i] = 0.0f;
  for (size_t s = 0; s < blocks * 16; s += 3) { /* first and last class share the first place */
    float *zs = z + s / 16 * outputs * 16 + s % 16;
    zs[0] = zs[(outputs - 1) * 16] = range;
  }
  for (size_t i = 0; uneven && i < n; i++) {
    z[i] = ldexpf(z[i], -3 * (int)(i * 5 % 16));
    t[i] = ldexpf(t[i], -3 * (int)(i * 5 % 16));
  }
  for (size_t i = 0; i < blocks * 16; i++)
    y[i] = (uint8_t)(bits(14, i) % outputs);
  for (size_t b = 0; b < blocks; b++) {
    size_t valid = samples - b * 16 < 16 ? samples - b * 16 : 16;
    float entropy[16] = {0}, distance[16] = {0};
    for (size_t s = 0; s < valid; s++) {
      int right[2];
      const float *zs = z + b * outputs * 16 + s, *ts = t + b * outputs * 16 + s;
      entropy[s] = spec_entropy(zs, y[b * 16 + s], outputs, &right[0]);
      distance[s] = spec_distance(zs, ts, outputs, &right[1]);
      count[0][b] += (uint32_t)right[0];
      count[1][b] += (uint32_t)right[1];
    }
    want[0][b] = spec_tree(entropy, valid);
    want[1][b] = spec_tree(distance, valid);
  }
  for (int kind = 0; kind < 2; kind++) {
    trace = syn_trace_bytes(trace, want[kind], blocks * 8);
    trace = syn_trace_bytes(trace, count[kind], blocks * 4);
  }
  EACH_TABLE(k) {
    for (int counted = 0; counted < 2; counted++) {
      uint32_t *to = counted ? found : NULL;
      k->cross_entropy(got, to, z, y, samples, blocks, outputs);
      compare("cross_entropy", k->isa, outputs, samples, 0, got, want[0], blocks * 8);
      compare("cross_entropy's count", k->isa, outputs, samples, 0, counted ? found : count[0],
              count[0], blocks * 4);
      k->squared_error(got, to, z, t, samples, blocks, outputs);
      compare("squared_error", k->isa, outputs, samples, 0, got, want[1], blocks * 8);
      compare("squared_error's count", k->isa, outputs, samples, 0, counted ? found : count[1],
              count[1], blocks * 4);
    }
  }
  free(z);
  free(t);
  free(y);
  free(got);
  free(found);
  for (int kind = 0; kind < 2; kind++) {
    free(want[kind]);
    free(count[kind]);
  }
}

/* ---- the step of the synapses ------------------------------------------------------------------ */

static uint32_t spec_bits(uint32_t stream, uint32_t iteration, uint64_t seed, size_t s) {
  uint32_t q = (uint32_t)(s / 128), r = (uint32_t)(s % 128), out[4];
  uint32_t counter[4] = {16 * q + r % 16, iteration, stream, 0};
  uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  syn_philox(out, counter, key);
  uint32_t half = r / 16;
  return half % 2 ? out[half / 2] >> 16 : out[half / 2] & 0xffff;
}

static int spec_action(const syn_step_table *t, uint8_t h, uint32_t u, uint32_t v) {
  if (u < t->explore[2])
    return u < t->explore[0] ? -1 : u < t->explore[1] ? 0 : 1;
  if (t->stochastic)
    return v < t->low[h] ? -1 : v < t->high[h] ? 0 : 1;
  return t->action[h];
}

/* Some states never take one of the actions, so that the ends 0 and 65536 occur. */
static void make_table(syn_step_table *t, unsigned locals, int stochastic, double epsilon) {
  *t = (syn_step_table){.locals = locals, .stochastic = stochastic};
  syn_explore_thresholds(t->explore, epsilon);
  for (unsigned h = 0; h < locals; h++) {
    t->action[h] = (int8_t)((int)(bits(15, h) % 3) - 1);
    uint32_t low = bits(16, h) % 5 ? bits(17, h) % 65537 : (bits(18, h) & 1) * 65536;
    t->low[h] = low;
    t->high[h] = bits(19, h) % 4 ? low + bits(20, h) % (65537 - low) : 65536;
  }
}

/* Puts thresholds on numbers that are drawn, so that "below" is told from "not above". */
static void sharpen(syn_step_table *t, const uint8_t *history, uint32_t iteration, uint64_t seed,
                    size_t n) {
  for (size_t s = 0; s < n; s++) {
    uint32_t v = spec_bits(SYN_STREAM_POLICY, iteration, seed, s);
    t->low[history[s]] = v;
    t->high[history[s]] = v + (uint32_t)(s % 2);
  }
  if (t->explore[2] > 0 && t->explore[2] < 65536)
    t->explore[2] = spec_bits(SYN_STREAM_EXPLORE, iteration, seed, n - 1);
  for (int k = 1; k >= 0; k--) /* of two more numbers, if they come in the right order */
    if (spec_bits(SYN_STREAM_EXPLORE, iteration, seed, (size_t)k) <= t->explore[k + 1])
      t->explore[k] = spec_bits(SYN_STREAM_EXPLORE, iteration, seed, (size_t)k);
    else if (t->explore[k] > t->explore[k + 1])
      t->explore[k] = t->explore[k + 1];
}

static void check_step(unsigned locals, int stochastic, double epsilon, size_t n, int variant) {
  const uint64_t seed = UINT64_C(0x123456789abcdef0);
  const uint32_t iteration = 77 + (uint32_t)n;
  syn_step_table t;
  make_table(&t, locals, stochastic, epsilon);
  int moves = variant & 1, in_place = variant & 2;
  uint8_t *history = take(n), *after = take(n), *got_history = take(n);
  int8_t *action = take(n), *got_action = take(n);
  int32_t *lattice = take(n * 4), *got_lattice = take(n * 4), *start = take(n * 4);
  for (size_t s = 0; s < n; s++)
    history[s] = (uint8_t)(bits(21, s) % locals);
  if (n % 2)
    sharpen(&t, history, iteration, seed, n);
  for (size_t s = 0; s < n; s++) {
    start[s] = (int32_t)bits(22, s) / 2;
    int a = spec_action(&t, history[s], spec_bits(SYN_STREAM_EXPLORE, iteration, seed, s),
                        spec_bits(SYN_STREAM_POLICY, iteration, seed, s));
    action[s] = (int8_t)a;
    after[s] = (uint8_t)((3 * history[s] + a + 1) % (int)locals);
    lattice[s] = start[s] + a;
  }
  trace = syn_trace_bytes(trace, action, n);
  trace = syn_trace_bytes(trace, after, n);
  EACH_TABLE(k) {
    memcpy(got_lattice, start, n * 4);
    if (in_place)
      memcpy(got_history, history, n);
    k->policy_step(got_action, got_history, in_place ? got_history : history,
                   moves ? got_lattice : NULL, &t, seed, iteration, n);
    compare("policy_step's action", k->isa, locals, n, (size_t)variant, got_action, action, n);
    compare("policy_step's history", k->isa, locals, n, (size_t)variant, got_history, after, n);
    compare("policy_step's lattice", k->isa, locals, n, (size_t)variant, got_lattice,
            moves ? lattice : start, n * 4);
  }
  free(history);
  free(after);
  free(got_history);
  free(action);
  free(got_action);
  free(lattice);
  free(got_lattice);
  free(start);
}

static void check_steps(void) {
  static const unsigned locals[] = {1, 3, 9, 27, 81, 243};
  static const double epsilon[] = {0.0, 0.1, 0.25, 1.0};
  static const size_t n[] = {1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 1000};
  for (size_t l = 0; l < COUNT(locals); l++)
    for (size_t e = 0; e < COUNT(epsilon); e++)
      for (size_t i = 0; i < COUNT(n); i++)
        for (int stochastic = 0; stochastic < 2; stochastic++)
          check_step(locals[l], stochastic, epsilon[e], n[i], (int)(l + e + i) % 4);
}

/* ---- all --------------------------------------------------------------------------------------- */

int main(void) {
  if (!open_tables())
    return 1;
  check_lattices();
  for (size_t blocks = 1; blocks <= 3; blocks++) {
    check_preact(1, blocks, 0);
    check_preact(10, blocks, 0);
    check_preact(32, blocks, 1);
  }
  check_denses();
  check_tanh(16);
  check_tanh(4096);
  for (size_t samples = 1; samples <= 50; samples += samples < 18 ? 1 : 7)
    for (size_t outputs = 1; outputs <= 12; outputs++)
      check_losses(outputs, samples, outputs % 3 ? 2.0f : 60.0f, outputs % 2);
  check_steps();
  return verdict(EXPECTED);
}
