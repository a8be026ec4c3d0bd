/* The contract that every loss keeps (engine/net/loss.h): the sum of a block is the losses of its
 * samples in the tree, bit for bit and on every instruction set; lanes behind the last sample count for
 * nothing; what is right is counted by labels or by signs; the gradient is that of the loss. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/random.h"
#include "engine/net/loss.h"

enum {
  OUTPUTS = 5,
  BLOCKS = 3,
  LAST = 7,
  SAMPLES = 2 * SYN_LANES + LAST,
  ROOM = BLOCKS * SYN_LANES
};

/* Outputs, labels, and targets that are 1 for the label and 0 for the others, or are any numbers. */
typedef struct batch {
  float z[BLOCKS][OUTPUTS][SYN_LANES], t[BLOCKS][OUTPUTS][SYN_LANES];
  uint8_t y[BLOCKS][SYN_LANES];
} batch;

static float number(uint32_t stream, size_t i) {
  return 6.0f * syn_random_uniform(5, SYN_STREAM_POINTS, stream, i) - 3.0f;
}

static void fill(batch *b, int labels, float behind) {
  memset(b, 0, sizeof *b);
  for (size_t n = 0; n < ROOM; n++) {
    size_t block = n / SYN_LANES, lane = n % SYN_LANES;
    b->y[block][lane] = (uint8_t)(syn_random_bits(5, SYN_STREAM_BATCH, 0, n) % OUTPUTS);
    for (size_t k = 0; k < OUTPUTS; k++) {
      float target = labels ? (float)(b->y[block][lane] == k) : number(2, n * OUTPUTS + k);
      b->z[block][k][lane] = n < SAMPLES ? number(1, n * OUTPUTS + k) : behind;
      b->t[block][k][lane] = n < SAMPLES ? target : -behind;
    }
  }
}

static double tree(double lane[SYN_LANES]) {
  for (size_t half = SYN_LANES / 2; half > 0; half /= 2)
    for (size_t s = 0; s < half; s++)
      lane[s] += lane[s + half];
  return lane[0];
}

/* Calls visit for each loss and each kind of samples that it fits. */
static void each(void (*visit)(const syn_loss_class *loss, int labels)) {
  for (size_t i = 0; i < SYN_LOSSES; i++) {
    assert_non_null(
        syn_loss_table[i].name); /* a name in enum syn_loss without a row in the table */
    visit(&syn_loss_table[i], 1);
    if (!syn_loss_table[i].labels)
      visit(&syn_loss_table[i], 0);
  }
}

/* ---- blocks ------------------------------------------------------------------------------------ */

static void blocks_of(double loss[BLOCKS], uint32_t correct[BLOCKS], const syn_loss_class *class,
                      const char *isa, const batch *b) {
  const syn_kernels *kernels;
  syn_ctx ctx = {0};
  assert_int_equal(syn_kernels_get(&kernels, isa, &ctx), SYN_OK);
  class->blocks(loss, correct, kernels, &b->z[0][0][0], &b->y[0][0], &b->t[0][0][0], SAMPLES,
                BLOCKS, OUTPUTS);
}

static void check_sums(const syn_loss_class *class, int labels) {
  batch b, other;
  const char *isa[SYN_ISA_MAX];
  syn_kernels_offered(isa);
  fill(&b, labels, 0.0f);
  fill(&other, labels, 100.0f);
  double first[BLOCKS];
  uint32_t right[BLOCKS];
  blocks_of(first, right, class, "portable", &b);
  for (const char **name = isa; *name; name++) {
    double loss[BLOCKS], behind[BLOCKS];
    uint32_t correct[BLOCKS];
    blocks_of(loss, correct, class, *name, &b);
    blocks_of(behind, NULL, class, *name, &other);
    if (memcmp(loss, first, sizeof first) != 0 || memcmp(correct, right, sizeof right) != 0)
      fail_msg("%s: other bits on %s", class->name, *name);
    if (memcmp(loss, behind, sizeof loss) != 0)
      fail_msg("%s: lanes behind the last sample count on %s", class->name, *name);
  }
  for (size_t block = 0; labels && block < BLOCKS; block++) {
    double lane[SYN_LANES] = {0};
    for (size_t s = 0; s < SYN_LANES && block * SYN_LANES + s < SAMPLES; s++)
      lane[s] = (double)class->sample(&b.z[block][0][s], SYN_LANES, b.y[block][s], OUTPUTS);
    double wanted = tree(lane);
    if (memcmp(&wanted, &first[block], sizeof wanted) != 0)
      fail_msg("%s: block %zu is %.17g, its samples in the tree %.17g", class->name, block,
               first[block], wanted);
  }
}

static int is_right(const syn_loss_class *class, const batch *b, size_t block, size_t s) {
  size_t best = 0;
  int signs = 1;
  for (size_t k = 0; k < OUTPUTS; k++) {
    best = b->z[block][k][s] > b->z[block][best][s] ? k : best;
    signs = signs && (b->z[block][k][s] > 0) == (b->t[block][k][s] > 0);
  }
  return class->labels ? best == b->y[block][s] : signs;
}

static void check_counts(const syn_loss_class *class, int labels) {
  batch b;
  double loss[BLOCKS];
  uint32_t correct[BLOCKS];
  fill(&b, labels, 0.0f);
  for (size_t n = 0; n < SAMPLES; n += 3) /* some that are right */
    for (size_t k = 0; k < OUTPUTS; k++)
      b.z[n / SYN_LANES][k][n % SYN_LANES] = 2.0f * b.t[n / SYN_LANES][k][n % SYN_LANES];
  blocks_of(loss, correct, class, "portable", &b);
  for (size_t block = 0; block < BLOCKS; block++) {
    uint32_t wanted = 0;
    for (size_t s = 0; s < SYN_LANES && block * SYN_LANES + s < SAMPLES; s++)
      wanted += (uint32_t)is_right(class, &b, block, s);
    if (correct[block] != wanted)
      fail_msg("%s: %u right in block %zu, should be %u", class->name, correct[block], block,
               wanted);
  }
}

/* ---- the gradient ------------------------------------------------------------------------------ */

static double sum_of(const syn_loss_class *class, const batch *b) {
  double loss[BLOCKS], sum = 0;
  blocks_of(loss, NULL, class, "portable", b);
  for (size_t block = 0; block < BLOCKS; block++)
    sum += loss[block];
  return sum;
}

static void gradient_of(float dz[BLOCKS][OUTPUTS][SYN_LANES], const syn_loss_class *class,
                        const char *isa, const batch *b) {
  const syn_kernels *kernels;
  assert_int_equal(syn_kernels_get(&kernels, isa, NULL), SYN_OK);
  class->gradient(&dz[0][0][0], kernels, &b->z[0][0][0], &b->y[0][0],
                  class->labels ? NULL : &b->t[0][0][0], BLOCKS, OUTPUTS);
}

static void check_gradient(const syn_loss_class *class, int labels) {
  static float dz[BLOCKS][OUTPUTS][SYN_LANES], other[BLOCKS][OUTPUTS][SYN_LANES];
  batch b;
  const char *isa[SYN_ISA_MAX];
  syn_kernels_offered(isa);
  fill(&b, labels, 0.0f);
  gradient_of(dz, class, "portable", &b);
  for (const char **name = isa; *name; name++) {
    gradient_of(other, class, *name, &b);
    if (memcmp(dz, other, sizeof dz) != 0)
      fail_msg("%s: other bits of the gradient on %s", class->name, *name);
  }
  double factor = class->factor(sum_of(class, &b), SAMPLES);
  for (size_t n = 0; n < SAMPLES; n += 5)
    for (size_t k = 0; k < OUTPUTS; k++) {
      float *z = &b.z[n / SYN_LANES][k][n % SYN_LANES], was = *z;
      *z = was + 0.01f;
      double up = class->total(sum_of(class, &b), SAMPLES);
      *z = was - 0.01f;
      double slope = (up - class->total(sum_of(class, &b), SAMPLES)) / 0.02;
      *z = was;
      double gradient = factor * (double)dz[n / SYN_LANES][k][n % SYN_LANES];
      if (fabs(slope - gradient) > 1e-3 * fabs(slope) + 2e-5)
        fail_msg("%s: slope %g, gradient %g", class->name, slope, gradient);
    }
}

static void sums(void **state) {
  (void)state;
  each(check_sums);
}

static void counts(void **state) {
  (void)state;
  each(check_counts);
}

static void gradients(void **state) {
  (void)state;
  each(check_gradient);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(sums), cmocka_unit_test(counts),
                                     cmocka_unit_test(gradients)};
  return cmocka_run_group_tests_name("losses", tests, NULL, NULL);
}
