/* The contract that every task keeps (engine/train/task.h), over all that are compiled in and one of
 * the tests: it describes itself; no other option has the name of one of its own, and these are
 * its alone; defaults and presets stand; the same seed gives the same samples, another one others;
 * training and validation share no sample; who knows the right weights is right with them; both
 * methods run on it, with the same bits at any number of threads. */
#include <math.h>
#include <stdio.h>

#include "engine/train/run.h"
#include "tests/contract/contract.h"
#include "tests/tasks/quadrant.h"
#include "tests/unit/noise.h"
#include "tests/unit/policies.h"

#define TASKS_MAX 64

/* All of them; ends with NULL. */
static const syn_task_class *const *every_task(void) {
  static const syn_task_class *all[TASKS_MAX + 1];
  size_t n = 0;
  for (; syn_tasks[n]; n++)
    all[n] = syn_tasks[n];
  assert_true(n + 1 < TASKS_MAX);
  all[n] = &quadrant_task; /* the one line that a new task takes */
  return all;
}

#define EVERY(task)                                                                                \
  (const syn_task_class *const *each = every_task(); *each;                                        \
   each++) for (const syn_task_class *task = *each; task; task = NULL)

static syn_options small(const syn_task_class *task, syn_method method) {
  syn_options o;
  syn_options_default(&o, task, method);
  o.iterations = 20;
  o.batch_size = 40;
  o.batch_interval = 5;
  o.curve_every = o.validate_every = 10;
  o.rate = 0.01;
  return o;
}

static void fine(syn_status status, const syn_task_class *task, const syn_ctx *ctx) {
  if (status)
    fail_msg("task '%s': %s", task->name, ctx->error);
}

static syn_task *open_task(const syn_options *o) {
  syn_task *task = NULL;
  syn_ctx ctx = {0};
  const syn_images *images = o->task->images ? noise_images(90, 28, 10) : NULL;
  fine(syn_task_open(&task, o, images, best_kernels(), &ctx), o->task, &ctx);
  return task;
}

/* ---- what it says of itself -------------------------------------------------------------------- */

static void it_describes_itself(void **state) {
  (void)state;
  for
    EVERY(task) {
      assert_int_equal(task->abi, SYN_TASK_ABI);
      assert_true(task->name[0] && task->doc[0]);
      assert_true(task->defaults && task->open && task->trains);
      for (const syn_task_class *const *other = every_task(); *other != task; other++)
        assert_string_not_equal((*other)->name, task->name);
    }
}

static void own_options_are_its_own(void **state) {
  (void)state;
  for
    EVERY(task) {
      for (const syn_param *own = task->params; own->name; own++) {
        assert_true(own < task->params + SYN_TASK_PARAMS_MAX);
        contract_check_param(own);
        const syn_param *row, *found = NULL;
        for (size_t i = 0; (row = syn_option_at(i)); i++)
          if (strcmp(row->name, own->name) == 0) {
            assert_null(found);
            found = row;
          }
        assert_true(found == own || task == &quadrant_task);
        for (const syn_task_class *const *other = every_task(); *other; other++) {
          syn_options o = small(*other, SYN_METHOD_SYNAPTIC);
          assert_true(task == &quadrant_task || syn_option_is_read(&o, own) == (*other == task));
          if (own->kind == SYN_PARAM_CHOICE)
            continue;
          syn_ctx ctx = {0};
          syn_status known = syn_options_set_number(&o, own->name, own->lo, &ctx);
          assert_int_equal(known, task == &quadrant_task && *other != task ? SYN_EINVAL : SYN_OK);
          if (*other == task)
            assert_true(syn_option_value(&o, own).number == own->lo);
          else if (task != &quadrant_task)
            assert_true(syn_option_value(&o, own).number == own->value);
        }
      }
    }
}

static void every_option_describes_itself(void **state) {
  (void)state;
  const syn_param *row, *other;
  for (size_t i = 0; (row = syn_option_at(i)); i++) {
    contract_check_param(row);
    for (size_t j = 0; (other = syn_option_at(j)) != row; j++)
      assert_string_not_equal(other->name, row->name);
  }
}

static void defaults_and_presets_stand(void **state) {
  (void)state;
  for
    EVERY(task)
  for (int method = 0; method < 2; method++)
    for (int preset = 0; preset < 2; preset++) {
      syn_options o;
      syn_shape shape;
      syn_ctx ctx = {0};
      syn_options_default(&o, task, (syn_method)method);
      fine(syn_options_preset(&o, preset ? "authors" : "paper", &ctx), task, &ctx);
      fine(syn_options_check(&o, &shape, &ctx), task, &ctx);
      assert_true(!syn_loss_table[o.loss].labels || task->labels);
    }
}

/* ---- samples ----------------------------------------------------------------------------------- */

static void check_rows(const syn_task *task, const uint32_t *rows, size_t n, uint8_t *seen) {
  for (size_t i = 0; i < n; i++) {
    assert_true(rows[i] < task->samples.n);
    assert_int_equal(seen[rows[i]]++, 0);
  }
}

static void samples_are_whole(void **state) {
  (void)state;
  for
    EVERY(task_class) {
      syn_options o = small(task_class, SYN_METHOD_SYNAPTIC);
      syn_task *task = open_task(&o);
      const syn_samples *s = &task->samples;
      uint8_t seen[100000] = {0};
      assert_ptr_equal(task->type, task_class);
      assert_true(s->n > 0 && s->n <= sizeof seen && !s->rows);
      assert_true((s->pixels != NULL) == task_class->images && (s->reals == NULL) == !!s->pixels);
      assert_true((s->labels != NULL) == task_class->labels && (s->targets == NULL) == !!s->labels);
      for (size_t i = 0; s->labels && i < s->n; i++)
        assert_true(s->labels[i] < task->outputs);
      check_rows(task, task->split.train, task->split.n_train, seen);
      check_rows(task, task->split.validation, task->split.n_validation, seen);
      assert_true(task->split.n_train > 0);
      assert_true((task->split.n_validation > 0) == task_class->validates);
      double guess = task_class->trains(&o, task_class->images ? noise_images(90, 28, 10) : NULL);
      assert_true(fabs(guess - (double)task->split.n_train) <= 1);
      syn_task_close(task);
    }
}

/* Of samples and split. */
static syn_trace trace_of(const syn_options *o) {
  syn_task *task = open_task(o);
  const syn_samples *s = &task->samples;
  syn_trace trace = SYN_TRACE_START;
  if (s->pixels)
    trace = syn_trace_bytes(trace, s->pixels, s->n * task->inputs);
  else
    trace = syn_trace_f32s(trace, s->reals, s->n * task->inputs);
  if (s->labels)
    trace = syn_trace_bytes(trace, s->labels, s->n);
  else
    trace = syn_trace_f32s(trace, s->targets, s->n * task->outputs);
  trace = syn_trace_bytes(trace, task->split.train, task->split.n_train * sizeof(uint32_t));
  syn_task_close(task);
  return trace;
}

static void the_seed_decides(void **state) {
  (void)state;
  for
    EVERY(task) {
      syn_options o = small(task, SYN_METHOD_SYNAPTIC);
      syn_trace first = trace_of(&o);
      assert_true(trace_of(&o) == first);
      o.seed = 2;
      assert_true(trace_of(&o) != first);
    }
}

static void right_weights_are_right(void **state) {
  (void)state;
  for
    EVERY(task_class) {
      syn_options o = small(task_class, SYN_METHOD_SYNAPTIC);
      syn_task *task = open_task(&o);
      syn_score score = {0, 1};
      if (task->target_weights)
        assert_int_equal(syn_task_score(&score, task, task->target_weights, task->split.train,
                                        task->split.n_train, best_kernels(), NULL),
                         SYN_OK);
      assert_true(score.loss == 0 && score.accuracy == 1);
      if (task_class->map && task->target_weights) {
        float map[17 * 17 + 1] = {[17 * 17] = 3};
        assert_int_equal(
            task_class->map(map, 17, task, task->target_weights, &o, best_kernels(), NULL), SYN_OK);
        for (size_t i = 0; i < 17 * 17; i++)
          assert_true(isfinite(map[i]));
        assert_true(map[17 * 17] == 3);
      }
      syn_task_close(task);
    }
}

static void what_does_not_fit_is_refused(void **state) {
  (void)state;
  for
    EVERY(task_class)
  for (int fault = 0; fault < 3; fault++) {
    syn_options o = small(task_class, SYN_METHOD_SYNAPTIC);
    syn_task *task;
    syn_ctx ctx = {0};
    if (fault == 0)
      syn_options_net(&o, 3, 0, o.net[2] > 0 ? o.net[2] : o.net[1]);
    else if (fault == 1)
      o.map = 5;
    else
      o.loss = SYN_LOSS_CROSS_ENTROPY;
    if ((fault == 1 && task_class->map) || (fault == 2 && task_class->labels))
      continue;
    assert_int_equal(syn_task_open(&task, &o, noise_images(90, 28, 10), best_kernels(), &ctx),
                     SYN_EINVAL);
    assert_null(task);
    assert_non_null(strstr(ctx.error, fault == 0 ? "net" : fault == 1 ? "map" : "loss"));
  }
}

/* ---- runs -------------------------------------------------------------------------------------- */

static syn_trace run(const syn_options *o) {
  syn_task *task = open_task(o);
  syn_result *r;
  syn_ctx ctx = {0};
  if (o->method == SYN_METHOD_SYNAPTIC) {
    syn_policy *policy = OPEN("explore", POLICY("inner", open_policy("qtable", NULL, 0)));
    fine(syn_run_synaptic(&r, o, task, policy, best_kernels(), NULL, &ctx), o->task, &ctx);
    syn_policy_close(policy);
  } else {
    fine(syn_run_descent(&r, o, task, best_kernels(), NULL, &ctx), o->task, &ctx);
  }
  assert_int_equal(r->ending, SYN_ENDED);
  assert_int_equal(r->curve.rows, 3);
  for (size_t i = 0; i < r->curve.rows; i++)
    assert_true(isfinite(r->curve.validation_loss[i]) == o->task->validates);
  assert_true(isfinite(r->validation.loss) == o->task->validates);
  assert_true(isfinite(r->train.loss) && r->train.accuracy >= 0 && r->train.accuracy <= 1);
  syn_trace trace = syn_trace_f64(r->trace_weight, r->train.loss);
  syn_result_close(r);
  syn_task_close(task);
  return trace;
}

static void both_methods_run(void **state) {
  (void)state;
  for
    EVERY(task) {
      syn_options o = small(task, SYN_METHOD_DESCENT);
      run(&o);
      o = small(task, SYN_METHOD_SYNAPTIC);
      syn_trace one = run(&o);
      o.threads = 4;
      assert_true(run(&o) == one);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_describes_itself),
      cmocka_unit_test(own_options_are_its_own),
      cmocka_unit_test(every_option_describes_itself),
      cmocka_unit_test(defaults_and_presets_stand),
      cmocka_unit_test(samples_are_whole),
      cmocka_unit_test(the_seed_decides),
      cmocka_unit_test(right_weights_are_right),
      cmocka_unit_test(what_does_not_fit_is_refused),
      cmocka_unit_test(both_methods_run),
  };
  return cmocka_run_group_tests_name("tasks", tests, NULL, NULL);
}
