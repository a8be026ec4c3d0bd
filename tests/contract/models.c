/* The contract that every model keeps (engine/net/model.h), over all that are compiled in and those
 * of the tests: a move and its reverse bring the loss back bit for bit; the same batch twice is the
 * same loss; outputs are those of plain loops in double; a state comes back; any number of threads
 * and every instruction set give the same bits; gradients are those of finite differences. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/random.h"
#include "engine/base/trace.h"
#include "engine/net/steps.h"
#include "tests/models/diagonal.h"
#include "tests/models/plain.h"

enum { SAMPLES = 83, INPUTS = 24, OUTPUTS = 3, MOVES = 9 };

/* One network on one batch, as a trainer holds it. */
typedef struct bench {
  const syn_model_class *type;
  syn_network network;
  syn_plan plan;
  syn_steps steps;
  syn_meter meter;
  syn_pool *pool;
  syn_model *model;
  int8_t *action;
  syn_samples batch;
  syn_arena arena;
} bench;

static uint8_t pixels[SAMPLES * INPUTS], labels[SAMPLES];
static float reals[SAMPLES * INPUTS], targets[SAMPLES * OUTPUTS];
static uint32_t rows[SAMPLES];

static void make_samples(void) {
  for (size_t i = 0; i < SAMPLES * INPUTS; i++) {
    pixels[i] = (uint8_t)(syn_random_bits(1, SYN_STREAM_POINTS, 0, i) >> 24);
    reals[i] = 2.0f * syn_random_uniform(1, SYN_STREAM_POINTS, 1, i) - 1.0f;
  }
  for (size_t i = 0; i < SAMPLES * OUTPUTS; i++)
    targets[i] = syn_random_uniform(1, SYN_STREAM_POINTS, 2, i) - 0.5f;
  for (size_t s = 0; s < SAMPLES; s++) {
    labels[s] = (uint8_t)(s % OUTPUTS);
    rows[s] = (uint32_t)((s * 5) % SAMPLES);
  }
}

/* Shapes that a model may or may not be; those that it cannot be are passed over. */
static const syn_shape shapes[] = {
    {1, {INPUTS, OUTPUTS}, SYN_RELU, SYN_IDENTITY},
    {2, {INPUTS, 7, OUTPUTS}, SYN_RELU, SYN_IDENTITY},
    {3, {INPUTS, 17, 5, OUTPUTS}, SYN_TANH, SYN_TANH},
};
#define SHAPES (sizeof shapes / sizeof *shapes)

/* How products are taken in the case that runs. */
static syn_products products;

static const syn_kernels *kernels(const char *isa) {
  static syn_kernels sets[SYN_ISA_MAX][SYN_PRODUCTS_SPARSE + 1];
  const syn_kernels *k;
  const char *offered[SYN_ISA_MAX];
  size_t i = 0;
  assert_int_equal(syn_kernels_get(&k, isa, NULL), SYN_OK);
  syn_kernels_offered(offered);
  while (strcmp(offered[i], k->isa) != 0)
    i++;
  sets[i][products] = *k;
  sets[i][products].products = products;
  return &sets[i][products];
}

static syn_samples samples(int bytes, size_t n) {
  return bytes ? (syn_samples){.n = n, .rows = rows, .pixels = pixels, .labels = labels}
               : (syn_samples){.n = n, .rows = rows, .reals = reals, .targets = targets};
}

/* 0 if the model cannot be such a network. */
static int open_bench(bench *b, const syn_model_class *type, const syn_shape *shape, int bytes,
                      int multiplicative, int max_action, const char *isa, unsigned threads) {
  *b = (bench){.type = type, .network = {*shape, bytes, !multiplicative, max_action}};
  if (type->plan(&b->plan, &b->network, NULL))
    return 0;
  assert_int_equal(b->plan.inputs, INPUTS);
  assert_int_equal(b->plan.outputs, OUTPUTS);
  syn_loss loss = bytes ? SYN_LOSS_CROSS_ENTROPY : SYN_LOSS_EUCLIDEAN;
  assert_int_equal(syn_steps_open(&b->steps, &b->plan, multiplicative, 0.01, 2.0, &b->arena, NULL),
                   SYN_OK);
  syn_plan_init_uniform(b->steps.w, &b->plan, 0.5f, 3, SYN_STREAM_WEIGHTS);
  assert_int_equal(syn_meter_open(&b->meter, &syn_loss_table[loss], bytes, bytes, OUTPUTS, SAMPLES,
                                  kernels(isa), &b->arena, NULL),
                   SYN_OK);
  assert_int_equal(syn_pool_open(&b->pool, threads, NULL), SYN_OK);
  b->action = syn_arena_take(&b->arena, b->plan.synapses, 1);
  syn_model_setup setup = {.network = &b->network,
                           .plan = &b->plan,
                           .weights = b->steps.w,
                           .samples = SAMPLES,
                           .activity = type->behind != NULL,
                           .kernels = kernels(isa),
                           .pool = b->pool};
  assert_int_equal(type->open(&b->model, &setup, NULL), SYN_OK);
  assert_ptr_equal(b->model->type, type);
  return 1;
}

static void close_bench(bench *b) {
  b->type->close(b->model);
  syn_pool_close(b->pool);
  syn_arena_close(&b->arena);
}

static void show(bench *b, size_t n) {
  b->batch = samples(b->network.bytes, n);
  syn_meter_batch(&b->meter, &b->batch);
  b->type->batch(b->model, &b->batch);
}

static void rebase(bench *b, double rate) {
  syn_steps_rebase(&b->steps);
  b->steps.rate = rate;
  b->type->base(b->model, rate);
}

static double loss_of(bench *b, double *accuracy) {
  syn_meter_begin(&b->meter, accuracy != NULL);
  b->type->outputs(b->model, &(syn_sink){&b->meter, syn_meter_take});
  return syn_meter_end(&b->meter, accuracy);
}

/* Moves all synapses by random actions, times `sign`. */
static void move(bench *b, uint32_t number, int sign) {
  int spread = 2 * b->network.max_action + 1;
  for (size_t s = 0; s < b->plan.synapses; s++) {
    uint32_t bits = syn_random_bits(7, SYN_STREAM_EXPLORE, number, s) >> 8;
    b->action[s] = (int8_t)(sign * ((int)(bits % (uint32_t)spread) - b->network.max_action));
    if (b->steps.K)
      b->steps.K[s] += b->action[s];
  }
  syn_steps_move(&b->steps, b->action);
  b->type->move(b->model, b->action);
}

/* Every bit of a walk with a new rate and a new batch in it. */
static syn_trace walk(bench *b, uint32_t from, uint32_t to) {
  syn_trace trace = SYN_TRACE_START;
  for (uint32_t i = from; i < to; i++) {
    double accuracy;
    if (i == 4)
      rebase(b, 0.005);
    if (i == 6) {
      show(b, SAMPLES - 20);
      rebase(b, b->steps.rate);
    }
    move(b, i, 1);
    trace = syn_trace_f64(trace, loss_of(b, &accuracy));
    trace = syn_trace_f64(trace, accuracy);
    for (size_t g = 0; b->type->behind && g < b->plan.groups; g++) {
      trace = syn_trace_f32s(trace, b->type->behind(b->model, g), b->plan.group[g].inputs);
      trace = syn_trace_f32s(trace, b->type->ahead(b->model, g), b->plan.group[g].units);
    }
  }
  return syn_trace_f32s(trace, syn_steps_weights(&b->steps), b->plan.synapses);
}

static syn_trace whole_walk(bench *b) {
  show(b, SAMPLES);
  rebase(b, 0.01);
  return walk(b, 0, MOVES);
}

typedef void (*check)(const syn_model_class *type, const syn_shape *shape, int bytes,
                      int multiplicative, int max_action);

static void every_case(const syn_model_class *type, check run) {
  int tried = 0;
  for (size_t i = 0; i < SHAPES; i++)
    for (int bytes = 0; bytes < 2; bytes++)
      for (int kind = 0; kind < 4; kind++) {
        bench b;
        if (open_bench(&b, type, &shapes[i], bytes, kind == 2, kind == 1 ? 2 : 1, "portable", 1)) {
          close_bench(&b);
          run(type, &shapes[i], bytes, kind == 2, kind == 1 ? 2 : 1);
          tried++;
        }
      }
  assert_true(tried > 0);
}

static void every_model(check run) {
  make_samples();
  for (const syn_model_class *const *type = syn_models; *type; type++)
    for (products = SYN_PRODUCTS_CHEAPER; products <= SYN_PRODUCTS_SPARSE; products++)
      every_case(*type, run);
  products = SYN_PRODUCTS_CHEAPER;
  every_case(&plain_model, run);
  every_case(&diagonal_model, run); /* the one line that a new model takes */
}

/* ---- the promises ------------------------------------------------------------------------------- */

static void same_everywhere(const syn_model_class *type, const syn_shape *shape, int bytes,
                            int multiplicative, int max_action) {
  bench b;
  const char *offered[SYN_ISA_MAX];
  open_bench(&b, type, shape, bytes, multiplicative, max_action, "portable", 1);
  syn_trace first = whole_walk(&b);
  close_bench(&b);
  syn_kernels_offered(offered);
  for (const char **isa = offered; *isa; isa++)
    for (unsigned threads = 1; threads <= 4; threads += 3) {
      open_bench(&b, type, shape, bytes, multiplicative, max_action, *isa, threads);
      assert_true(whole_walk(&b) == first);
      close_bench(&b);
    }
}

static void undone(const syn_model_class *type, const syn_shape *shape, int bytes,
                   int multiplicative, int max_action) {
  bench b;
  if (multiplicative)
    return; /* it rounds */
  open_bench(&b, type, shape, bytes, 0, max_action, NULL, 1);
  show(&b, SAMPLES);
  rebase(&b, 0.01);
  double before = loss_of(&b, NULL), moved = 0;
  for (uint32_t i = 0; i < 3; i++) {
    move(&b, i, 1);
    moved = loss_of(&b, NULL);
  }
  assert_true(moved != before);
  for (uint32_t i = 3; i-- > 0;) {
    move(&b, i, -1);
    moved = loss_of(&b, NULL);
  }
  assert_true(moved == before);
  show(&b, SAMPLES);
  rebase(&b, 0.01);
  assert_true(loss_of(&b, NULL) == before); /* the same batch again */
  close_bench(&b);
}

static void comes_back(const syn_model_class *type, const syn_shape *shape, int bytes,
                       int multiplicative, int max_action) {
  bench a, b;
  open_bench(&a, type, shape, bytes, multiplicative, max_action, NULL, 1);
  show(&a, SAMPLES);
  rebase(&a, 0.01);
  walk(&a, 0, 2);
  syn_state state = {0};
  syn_steps_state(&a.steps, &state);
  if (type->state)
    type->state(a.model, &state);
  assert_int_equal(syn_state_check(&state, NULL), SYN_OK);
  syn_trace rest = walk(&a, 2, MOVES);
  open_bench(&b, type, shape, bytes, multiplicative, max_action, NULL, 1);
  syn_state again = {.resuming = 1, .bytes = state.bytes, .n = state.n};
  syn_steps_state(&b.steps, &again);
  show(&b, SAMPLES);
  type->base(b.model, b.steps.rate);
  if (type->state)
    type->state(b.model, &again);
  assert_int_equal(syn_state_check(&again, NULL), SYN_OK);
  assert_true(walk(&b, 2, MOVES) == rest);
  syn_state_close(&state);
  close_bench(&a);
  close_bench(&b);
}

/* The trainer's weights and the model's outputs belong together: a network that is opened with the
 * weights that a walk led to has the same outputs, but for rounding. */
static void follows_the_weights(const syn_model_class *type, const syn_shape *shape, int bytes,
                                int multiplicative, int max_action) {
  bench a, b;
  open_bench(&a, type, shape, bytes, multiplicative, max_action, NULL, 1);
  whole_walk(&a);
  double walked = loss_of(&a, NULL);
  open_bench(&b, type, shape, bytes, multiplicative, max_action, NULL, 1);
  memcpy(b.steps.w, syn_steps_weights(&a.steps), a.plan.synapses * sizeof *b.steps.w);
  show(&b, SAMPLES - 20);
  rebase(&b, a.steps.rate);
  assert_true(fabs(loss_of(&b, NULL) - walked) < 1e-5 * fabs(walked) + 1e-6);
  close_bench(&a);
  close_bench(&b);
}

static void slopes(const syn_model_class *type, const syn_shape *shape, int bytes,
                   int multiplicative, int max_action) {
  const syn_gradient_class *gradient = type->gradient;
  if (!gradient || multiplicative || max_action > 1)
    return;
  bench b;
  open_bench(&b, type, shape, bytes, 0, 1, NULL, 1);
  syn_gradient *g;
  double sum;
  size_t correct;
  float *w = b.steps.w, *slope = syn_arena_take(&b.arena, b.plan.synapses, sizeof *slope),
        *unused = syn_arena_take(&b.arena, b.plan.synapses, sizeof *unused);
  syn_samples batch = samples(bytes, SAMPLES);
  assert_int_equal(gradient->open(&g, &b.network, &b.plan, b.meter.loss, batch.labels != NULL,
                                  SAMPLES, kernels(NULL), NULL),
                   SYN_OK);
  gradient->batch(g, &batch);
  gradient->measure(g, w, slope, &sum, &correct);
  double factor = b.meter.loss->factor(sum, SAMPLES), accuracy;
  show(&b, SAMPLES);
  rebase(&b, 0.01);
  assert_true(fabs(loss_of(&b, &accuracy) - b.meter.loss->total(sum, SAMPLES)) < 1e-5);
  assert_true(fabs(accuracy - (double)correct / SAMPLES) < 1e-9);
  for (size_t s = 0; s < b.plan.synapses; s += 11) {
    float was = w[s];
    double up, down, h = 5e-3;
    w[s] = was + (float)h;
    gradient->measure(g, w, unused, &up, &correct);
    w[s] = was - (float)h;
    gradient->measure(g, w, unused, &down, &correct);
    w[s] = was;
    double measured =
        (b.meter.loss->total(up, SAMPLES) - b.meter.loss->total(down, SAMPLES)) / 2 / h;
    assert_true(fabs(measured - factor * (double)slope[s]) < 2e-3 + 0.02 * fabs(measured));
  }
  gradient->close(g);
  close_bench(&b);
}

static void same_bits_everywhere(void **state) {
  (void)state, every_model(same_everywhere);
}
static void a_move_and_its_reverse(void **state) {
  (void)state, every_model(undone);
}
static void state_round_trip(void **state) {
  (void)state, every_model(comes_back);
}
static void outputs_of_its_weights(void **state) {
  (void)state, every_model(follows_the_weights);
}
static void gradients_are_slopes(void **state) {
  (void)state, every_model(slopes);
}

/* The fast perceptron and the plain one walk the same way, in every bit. */
static void perceptrons_agree(void **state) {
  (void)state;
  make_samples();
  for (size_t i = 0; i < SHAPES; i++)
    for (int bytes = 0; bytes < 2; bytes++)
      for (int kind = 0; kind < 4; kind++) {
        bench fast, slow;
        int max_action = kind == 1 ? 2 : kind == 3 ? SYN_ACTION_MAX : 1;
        open_bench(&fast, syn_models[0], &shapes[i], bytes, kind == 2, max_action, NULL, 1);
        open_bench(&slow, &plain_model, &shapes[i], bytes, kind == 2, max_action, NULL, 1);
        assert_true(whole_walk(&fast) == whole_walk(&slow));
        close_bench(&fast);
        close_bench(&slow);
      }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(same_bits_everywhere), cmocka_unit_test(a_move_and_its_reverse),
      cmocka_unit_test(state_round_trip),     cmocka_unit_test(outputs_of_its_weights),
      cmocka_unit_test(gradients_are_slopes), cmocka_unit_test(perceptrons_agree),
  };
  return cmocka_run_group_tests_name("models", tests, NULL, NULL);
}
