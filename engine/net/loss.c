#include "engine/net/loss.h"

#include <math.h>
#include <string.h>

#include "engine/numeric/vec.h"

/* ---- cross-entropy ----------------------------------------------------------------------------- */

static void entropy_blocks(double *loss, uint32_t *correct, const syn_kernels *kernels,
                           const float *z, const uint8_t *y, const float *t, size_t samples,
                           size_t blocks, size_t outputs) {
  (void)t;
  kernels->cross_entropy(loss, correct, z, y, samples, blocks, outputs);
}

static float entropy_sample(const float *z, size_t stride, size_t y, size_t outputs) {
  float most = z[0], sum = 0.0f;
  for (size_t k = 1; k < outputs; k++)
    most = z[k * stride] > most ? z[k * stride] : most;
  for (size_t k = 0; k < outputs; k++)
    sum += syn_exp(z[k * stride] - most);
  return (syn_log(sum) + most) - z[y * stride];
}

static double mean(double sum, size_t n) {
  return sum / (double)n;
}

/* dz = softmax - one hot */
static void entropy_gradient(float *dz, const syn_kernels *kernels, const float *z,
                             const uint8_t *y, const float *t, size_t blocks, size_t outputs) {
  (void)t;
  kernels->entropy_gradient(dz, z, y, blocks, outputs);
}

static double one_nth(double sum, size_t n) {
  (void)sum;
  return 1.0 / (double)n;
}

/* ---- Euclidean norm of all differences --------------------------------------------------------- */

static void square_blocks(double *loss, uint32_t *correct, const syn_kernels *kernels,
                          const float *z, const uint8_t *y, const float *t, size_t samples,
                          size_t blocks, size_t outputs) {
  (void)y;
  kernels->squared_error(loss, correct, z, t, samples, blocks, outputs);
}

static float square_sample(const float *z, size_t stride, size_t y, size_t outputs) {
  float sum = 0.0f;
  for (size_t k = 0; k < outputs; k++) {
    float d = z[k * stride] - (k == y ? 1.0f : 0.0f);
    sum += d * d;
  }
  return sum;
}

static double norm(double sum, size_t n) {
  return sqrt(sum) / (double)n;
}

/* dz = z - t */
static void square_gradient(float *dz, const syn_kernels *kernels, const float *z, const uint8_t *y,
                            const float *t, size_t blocks, size_t outputs) {
  (void)kernels, (void)y;
  for (size_t i = 0; i < blocks * outputs * SYN_LANES; i++)
    dz[i] = z[i] - t[i];
}

static double one_nth_norm(double sum, size_t n) {
  return sum > 0.0 ? 1.0 / (sqrt(sum) * (double)n) : 0.0;
}

/* ---- the table --------------------------------------------------------------------------------- */

const syn_loss_class syn_loss_table[SYN_LOSSES] = {
    [SYN_LOSS_CROSS_ENTROPY] = {"cross_entropy", "mean softmax cross-entropy, in nats", 1,
                                entropy_blocks, entropy_sample, mean, entropy_gradient, one_nth},
    [SYN_LOSS_EUCLIDEAN] = {"euclidean",
                            "sqrt(sum over samples and outputs of (output - target)^2) / samples; "
                            "a label stands for 1 at its output and 0 at the others",
                            0, square_blocks, square_sample, norm, square_gradient, one_nth_norm},
};

/* ---- the loss of a batch ----------------------------------------------------------------------- */

syn_status syn_meter_open(syn_meter *m, const syn_loss_class *loss, int labels, int classes,
                          size_t outputs, size_t room, const syn_kernels *kernels, syn_arena *a,
                          syn_ctx *ctx) {
  *m = (syn_meter){.loss = loss, .kernels = kernels, .outputs = outputs, .room = room};
  size_t blocks = (room + SYN_LANES - 1) / SYN_LANES;
  int ok = (m->block_loss = syn_arena_take(a, blocks, sizeof *m->block_loss)) &&
           (m->block_correct = syn_arena_take(a, blocks, sizeof *m->block_correct));
  if (labels)
    ok = ok && (m->y = syn_arena_take(a, blocks, SYN_LANES));
  if (!loss->labels)
    ok = ok && (m->t = syn_arena_take(a, blocks * SYN_LANES * outputs, sizeof *m->t));
  if (classes)
    ok = ok && (m->block_class = syn_arena_take(a, blocks * outputs, sizeof *m->block_class)) &&
         (m->class_loss = syn_arena_take(a, outputs, sizeof *m->class_loss)) &&
         (m->class_size = syn_arena_take(a, outputs, sizeof *m->class_size));
  return ok ? SYN_OK : syn_fail_memory(ctx, "the targets of a batch");
}

/* Where output k of sample s stands in (blocks, outputs, 16). */
static size_t lane(const syn_meter *m, size_t s, size_t k) {
  return (s / SYN_LANES * m->outputs + k) * SYN_LANES + s % SYN_LANES;
}

void syn_meter_batch(syn_meter *m, const syn_samples *samples) {
  m->samples = samples->n;
  m->blocks = (samples->n + SYN_LANES - 1) / SYN_LANES;
  if (m->y)
    memset(m->y, 0, m->blocks * SYN_LANES);
  if (m->t)
    memset(m->t, 0, m->blocks * SYN_LANES * m->outputs * sizeof *m->t);
  if (m->class_size)
    memset(m->class_size, 0, m->outputs * sizeof *m->class_size);
  for (size_t s = 0; s < m->samples; s++) {
    size_t row = syn_samples_row(samples, s);
    size_t label = m->y ? samples->labels[row] : 0;
    if (m->y)
      m->y[s] = (uint8_t)label;
    if (m->t && m->y)
      m->t[lane(m, s, label)] = 1.0f;
    for (size_t k = 0; m->t && !m->y && k < m->outputs; k++)
      m->t[lane(m, s, k)] = samples->targets[row * m->outputs + k];
    if (m->class_size)
      m->class_size[label]++;
  }
}

void syn_meter_begin(syn_meter *m, int accuracy) {
  m->want_correct = accuracy;
}

/* Sums of losses by label over each block. */
static void keep_classes(syn_meter *m, const float *z, size_t first, size_t samples) {
  for (size_t s = 0; s < samples; s++) {
    size_t block = s / SYN_LANES, y = m->y[first * SYN_LANES + s];
    double *sums = m->block_class + (first + block) * m->outputs;
    if (s % SYN_LANES == 0)
      memset(sums, 0, m->outputs * sizeof *sums);
    sums[y] += (double)m->loss->sample(z + lane(m, s, 0), SYN_LANES, y, m->outputs);
  }
}

void syn_meter_take(void *self, const float *z, size_t first, size_t blocks) {
  syn_meter *m = self;
  const uint8_t *y = m->y ? m->y + first * SYN_LANES : NULL;
  const float *t = m->t ? m->t + first * SYN_LANES * m->outputs : NULL;
  double *loss = m->block_loss + first;
  size_t samples = m->samples - first * SYN_LANES;
  if (samples > blocks * SYN_LANES)
    samples = blocks * SYN_LANES;
  if (m->block_class)
    keep_classes(m, z, first, samples);
  uint32_t *correct = m->want_correct ? m->block_correct + first : NULL;
  if (correct && y && !m->loss->labels) { /* a label is right or wrong whatever the loss */
    m->kernels->cross_entropy(loss, correct, z, y, samples, blocks, m->outputs);
    correct = NULL;
  }
  m->loss->blocks(loss, correct, m->kernels, z, y, t, samples, blocks, m->outputs);
}

/* Means over the samples of each label: blocks in order, in double. */
static void mean_classes(syn_meter *m) {
  for (size_t k = 0; k < m->outputs; k++) {
    double sum = 0.0;
    for (size_t b = 0; b < m->blocks; b++)
      sum += m->block_class[b * m->outputs + k];
    m->class_loss[k] = m->class_size[k] ? sum / (double)m->class_size[k] : NAN;
  }
}

double syn_meter_end(syn_meter *m, double *accuracy) {
  double sum = 0.0;
  size_t correct = 0;
  for (size_t b = 0; b < m->blocks; b++)
    sum += m->block_loss[b];
  for (size_t b = 0; b < m->blocks && accuracy; b++)
    correct += m->block_correct[b];
  if (accuracy)
    *accuracy = (double)correct / (double)m->samples;
  if (m->block_class)
    mean_classes(m);
  return m->loss->total(sum, m->samples);
}

const double *syn_meter_classes(const syn_meter *m) {
  return m->class_loss;
}
