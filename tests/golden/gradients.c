/* The kernels of gradient descent, on every instruction set that this CPU offers, against the
 * specification in engine/numeric/kernels.h written out here one number at a time: kernels.c has the
 * others. Their sums, over all cases, against one pinned fingerprint.
 *
 * Exit 0 if all is well, else 1 and a line for each case that differs.
 */
#include "engine/numeric/vec.h"
#include "tests/golden/cases.h"

#define EXPECTED UINT64_C(0x08fa4f88277a6f77)

/* Sums that stand in lanes: pairs (l, l+8), then (l, l+4), (l, l+2), (l, l+1). */
static float spec_tree(float lane[16]) {
  for (size_t half = 8; half; half /= 2)
    for (size_t l = 0; l < half; l++)
      lane[l] = lane[l] + lane[l + half];
  return lane[0];
}

static float spec_activation(float v, int activation) {
  return activation == 1 && !(v > 0.0f) ? 0.0f : activation == 2 ? syn_tanh(v) : v;
}

/* ---- rows -------------------------------------------------------------------------------------- */

static void check_widen(size_t n) {
  uint8_t *bytes = take(n);
  float *want = take(n * 4), *got = take(n * 4);
  for (size_t i = 0; i < n; i++)
    want[i] = bytes[i] = (uint8_t)(n == 256 ? i : bits(1, i));
  EACH_TABLE(k) {
    k->widen(got, bytes, n);
    compare("widen", k->isa, n, 0, 0, got, want, n * 4);
  }
  free(bytes);
  free(want);
  free(got);
}

static void check_rows_dense(size_t in, size_t out, size_t blocks, int activation) {
  size_t n = blocks * out * 16;
  float *x = reals(blocks * 16 * in, 2, 1.0f), *w = reals(out * in, 3, 1.0f),
        *bias = reals(out, 4, 1.0f), *want = take(n * 4), *got = take(n * 4);
  for (size_t s = 0; s < blocks * 16; s++)
    for (size_t u = 0; u < out; u++) {
      float lane[16] = {0};
      for (size_t i = 0; i < in; i++) {
        float product = x[s * in + i] * w[u * in + i];
        lane[i % 16] = lane[i % 16] + product;
      }
      want[(s / 16 * out + u) * 16 + s % 16] =
          spec_activation(spec_tree(lane) + bias[u], activation);
    }
  trace = syn_trace_f32s(trace, want, n);
  EACH_TABLE(k) {
    k->rows_dense(got, x, w, bias, activation, blocks, in, out);
    compare("rows_dense", k->isa, in, out, blocks, got, want, n * 4);
  }
  free(x);
  free(w);
  free(bias);
  free(want);
  free(got);
}

static void check_rows_gradient(size_t in, size_t out, size_t blocks) {
  size_t n = out * in;
  float *x = reals(blocks * 16 * in, 5, 1.0f), *dz = reals(blocks * out * 16, 6, 1.0f),
        *start = reals(n, 7, 1.0f), *want = take(n * 4), *got = take(n * 4);
  for (size_t u = 0; u < out; u++)
    for (size_t i = 0; i < in; i++) {
      float sum = 0.0f;
      for (size_t s = 0; s < blocks * 16; s++) {
        float product = x[s * in + i] * dz[(s / 16 * out + u) * 16 + s % 16];
        sum = sum + product;
      }
      want[u * in + i] = start[u * in + i] + sum;
    }
  trace = syn_trace_f32s(trace, want, n);
  EACH_TABLE(k) {
    memcpy(got, start, n * 4);
    k->rows_gradient(got, dz, x, blocks, in, out);
    compare("rows_gradient", k->isa, in, out, blocks, got, want, n * 4);
  }
  free(x);
  free(dz);
  free(start);
  free(want);
  free(got);
}

static void check_rows(void) {
  static const size_t ins[] = {16, 32, 48, 784}, blocks[] = {1, 2, 3};
  for (size_t i = 0; i < COUNT(ins); i++)
    for (size_t out = 1; out <= 34; out += out < 13 ? 1 : 7)
      for (size_t b = 0; b < COUNT(blocks); b++) {
        check_rows_dense(ins[i], out, blocks[b], (int)(b + out) % 3);
        check_rows_gradient(ins[i], out, blocks[b]);
      }
}

/* ---- blocks ------------------------------------------------------------------------------------ */

/* h NULL: of the biases, whose input is 1. */
static void spec_gradient(float *g, const float *dz, const float *h, size_t blocks, size_t in,
                          size_t out) {
  for (size_t u = 0; u < out; u++)
    for (size_t i = 0; i < in; i++) {
      float lane[16] = {0};
      for (size_t b = 0; b < blocks; b++)
        for (size_t s = 0; s < 16; s++) {
          float d = dz[(b * out + u) * 16 + s], product = h ? d * h[(b * in + i) * 16 + s] : d;
          lane[s] = lane[s] + product;
        }
      g[u * in + i] = g[u * in + i] + spec_tree(lane);
    }
}

static void check_gradient(size_t in, size_t out, size_t blocks, int biases) {
  size_t n = out * in;
  float *h = reals(blocks * in * 16, 8, 1.0f), *dz = reals(blocks * out * 16, 9, 1.0f),
        *start = reals(n, 10, 1.0f), *want = take(n * 4), *got = take(n * 4);
  memcpy(want, start, n * 4);
  spec_gradient(want, dz, biases ? NULL : h, blocks, in, out);
  trace = syn_trace_f32s(trace, want, n);
  EACH_TABLE(k) {
    memcpy(got, start, n * 4);
    if (biases)
      k->bias_gradient(got, dz, blocks, out);
    else
      k->dense_gradient(got, dz, h, blocks, in, out);
    compare(biases ? "bias_gradient" : "dense_gradient", k->isa, in, out, blocks, got, want, n * 4);
  }
  free(h);
  free(dz);
  free(start);
  free(want);
  free(got);
}

static void check_gradients(void) {
  static const size_t ins[] = {1, 2, 7, 8, 9, 15, 16, 17, 32, 45}, outs[] = {1, 3, 10, 16, 17, 40};
  for (size_t o = 0; o < COUNT(outs); o++)
    for (size_t blocks = 1; blocks <= 3; blocks++) {
      for (size_t i = 0; i < COUNT(ins); i++)
        check_gradient(ins[i], outs[o], blocks, 0);
      check_gradient(1, outs[o], blocks, 1);
    }
}

/* ---- activations and the loss ------------------------------------------------------------------ */

static void check_activation(size_t n, int activation) {
  float *h = reals(n, 11, 1.0f), *dz = reals(n, 12, 2.0f), *want = take(n * 4), *got = take(n * 4);
  for (size_t i = 0; i < n; i++) {
    if (i % 5 == 0)
      h[i] = 0.0f;
    float square = h[i] * h[i], slope = 1.0f - square;
    want[i] = activation == 1 && !(h[i] > 0.0f) ? 0.0f : activation == 2 ? dz[i] * slope : dz[i];
  }
  trace = syn_trace_f32s(trace, want, n);
  EACH_TABLE(k) {
    memcpy(got, dz, n * 4);
    k->activation_gradient(got, h, activation, n);
    compare("activation_gradient", k->isa, n, (size_t)activation, 0, got, want, n * 4);
  }
  free(h);
  free(dz);
  free(want);
  free(got);
}

static void check_entropy(size_t classes, size_t blocks, float range) {
  size_t n = blocks * classes * 16;
  float *z = reals(n, 13, range), *want = take(n * 4), *got = take(n * 4);
  uint8_t *y = take(blocks * 16);
  for (size_t s = 0; s < blocks * 16; s++) {
    const float *zs = z + s / 16 * classes * 16 + s % 16;
    float *to = want + s / 16 * classes * 16 + s % 16, most = zs[0], sum = 0.0f;
    y[s] = (uint8_t)(bits(14, s) % classes);
    for (size_t k = 1; k < classes; k++)
      most = zs[k * 16] > most ? zs[k * 16] : most;
    for (size_t k = 0; k < classes; k++) {
      to[k * 16] = syn_exp(zs[k * 16] - most);
      sum = sum + to[k * 16];
    }
    for (size_t k = 0; k < classes; k++) {
      float share = to[k * 16] / sum;
      to[k * 16] = share - (k == y[s] ? 1.0f : 0.0f);
    }
  }
  trace = syn_trace_f32s(trace, want, n);
  EACH_TABLE(k) {
    k->entropy_gradient(got, z, y, blocks, classes);
    compare("entropy_gradient", k->isa, classes, blocks, 0, got, want, n * 4);
  }
  free(z);
  free(y);
  free(want);
  free(got);
}

/* ---- all --------------------------------------------------------------------------------------- */

int main(void) {
  if (!open_tables())
    return 1;
  check_widen(16);
  check_widen(256);
  check_rows();
  check_gradients();
  for (int activation = 0; activation < 3; activation++) {
    check_activation(16, activation);
    check_activation(528, activation);
  }
  for (size_t classes = 1; classes <= 12; classes++)
    for (size_t blocks = 1; blocks <= 3; blocks++)
      check_entropy(classes, blocks, classes % 3 ? 2.0f : 60.0f);
  return verdict(EXPECTED);
}
