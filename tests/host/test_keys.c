/* Keys of runs: those of the committed reports stand; what is written in another way, stands at its
 * default or has no effect makes no other key; what has an effect does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "experiments/host/pages/manifest.h"
#include "experiments/host/run/checked.h"
#include "experiments/host/run/rules.h"
#include "experiments/host/run/spec.h"

/* ---- what stands in for the rest of the host ------------------------------------------------- */

static syn_images images;

/* Any digest: images that differ, of ten classes. */
syn_status host_images(host *h, const syn_images **out, const char *name, const char **path,
                       syn_ctx *ctx) {
  (void)h;
  (void)ctx;
  static uint8_t *pixels, *labels;
  images.n = 60000;
  images.width = images.height = 28;
  images.classes = 10;
  if (!pixels) {
    pixels = calloc(images.n, 784);
    labels = calloc(images.n, 1);
    for (size_t i = 0; i < images.n; i++) {
      memcpy(pixels + 784 * i, &i, 4);
      labels[i] = (uint8_t)(i % 10);
    }
  }
  images.pixels = pixels;
  images.labels = labels;
  snprintf(images.digest, sizeof images.digest, "%s", name);
  *out = &images;
  *path = name;
  return SYN_OK;
}

static host lab;

static void open_lab(void) {
  syn_ctx ctx = {0};
  assert_int_equal(syn_kernels_get(&lab.kernels, NULL, &ctx), SYN_OK);
}

/* ---- the committed reports ------------------------------------------------------------------- */

/* The version of the numerics that a run's key was made under; NULL: this program's. Programs that took
 * products of gradient descent by a BLAS had one version for both methods. */
static const char *numerics_of(const json_t *page, const json_t *asked) {
  const json_t *program = json_object_get(page, "program");
  const char *method = json_string_value(json_object_get(asked, "method"));
  int by_blas = strcmp(method, "descent") == 0 && !json_object_get(program, "descent");
  return by_blas ? json_string_value(json_object_get(program, "numerics")) : NULL;
}

/* Of every configuration one run: its key here is the manifest's. */
static void keys_of_the_reports_stand(void **state) {
  (void)state;
  syn_ctx ctx = {0};
  json_t *manifest, *page, *run;
  const char *name;
  size_t i, n = 0, changed = 0;
  open_lab();
  assert_int_equal(host_manifest_read(&manifest, "reports", &ctx), SYN_OK);
  json_object_foreach(json_object_get(manifest, "pages"), name, page) {
    json_t *seen = json_object();
    json_array_foreach(json_object_get(page, "runs"), i, run) {
      json_t *asked;
      host_spec spec;
      const char *id = json_string_value(json_object_get(run, "configuration"));
      if (json_object_get(seen, id))
        continue;
      json_object_set_new(seen, id, json_true());
      assert_int_equal(host_manifest_spec(&asked, page, run, &ctx), SYN_OK);
      if (host_spec_recorded(&spec, &lab, asked, NULL, numerics_of(page, asked), &ctx))
        fail_msg("run %zu: %s", i, ctx.error);
      const char *key = json_string_value(json_object_get(run, "key"));
      n++;
      if (strcmp(spec.key, key) != 0) {
        char *text = json_dumps(asked, JSON_SORT_KEYS);
        printf("run %zu of %s: %.12s, not %.12s: %s\n", i, name, spec.key, key, text);
        free(text);
        changed++;
      }
      host_spec_close(&spec);
      json_decref(asked);
    }
    json_decref(seen);
  }
  json_decref(manifest);
  assert_true(n > 100);
  assert_int_equal(changed, 0);
}

/* ---- spelling -------------------------------------------------------------------------------- */

static void key_of(char key[SYN_DIGEST_SIZE], const char *text) {
  syn_ctx ctx = {0};
  host_spec spec;
  json_error_t why;
  json_t *asked = json_loads(text, 0, &why);
  open_lab();
  if (!asked)
    fail_msg("%s: %s", text, why.text);
  if (host_spec_open(&spec, &lab, asked, &ctx))
    fail_msg("%s: %s", text, ctx.error);
  memcpy(key, spec.key, sizeof spec.key);
  host_spec_close(&spec);
  json_decref(asked);
}

static void compare(const char *a, const char *b, int same) {
  char x[SYN_DIGEST_SIZE], y[SYN_DIGEST_SIZE];
  key_of(x, a);
  key_of(y, b);
  if ((strcmp(x, y) == 0) != same)
    fail_msg("%s keys:\n%s\n%s", same ? "two" : "equal", a, b);
}

#define BOUNDARY  "\"task\": \"boundary\", \"method\": \"synaptic\""
#define Q(params) "{" BOUNDARY ", \"policy\": {\"name\": \"qtable\"" params "}}"
#define E(params) "{" BOUNDARY ", \"policy\": {\"name\": \"explore\"" params "}}"
#define IN        ", \"inner\": {\"name\": \"qtable\""
#define RULE(params)                                                                               \
  "{" BOUNDARY                                                                                     \
  ", \"policy\": {\"name\": \"rule\", \"file\": \"f.lua\", \"text\": \"return rule { "             \
  "name = 'r', doc = 'd', history = 1, params = { keep = { default = 1, min = 0, max = 2, unit = " \
  "'', doc = 'k' } }, act = function(s, p) return 0 end }\"" params "}}"

static void one_spelling(void **state) {
  (void)state;
  static const char *const same[][2] = {
      {E(", \"epsilon\": 1" IN "}"), E(", \"epsilon\": 1.0" IN "}")},
      {E(", \"epsilon\": 0.001" IN "}"), E(", \"epsilon\": 1e-3" IN "}")},
      {E(", \"epsilon\": 0" IN "}"), E(", \"epsilon\": -0.0" IN "}")},
      {E(", \"epsilon\": 0.1" IN "}"), E("" IN "}")},
      {E(", \"epsilon_over\": 0.0, \"epsilon_end\": 0" IN "}"), E("" IN "}")},
      {E("" IN ", \"history\": 3}"), E("" IN ", \"history\": 3.0}")},
      {E("" IN ", \"rate\": 1}"), E("" IN ", \"rate\": 1.0}")},
      {E("" IN ", \"rate\": 0.01, \"order\": \"in_place\"}"), E("" IN "}")},
      {Q(", \"average_after\": 1e4"), Q(", \"average_after\": 10000")},
      {RULE(""), RULE(", \"keep\": 1")},
      {RULE(""), RULE(", \"keep\": 1.0")},
      {RULE(", \"keep\": 2"), RULE(", \"keep\": 2.0")},
      {RULE(", \"keep\": 0"), RULE(", \"keep\": -0.0")},
      {"{" BOUNDARY ", \"rate\": 1, \"policy\": {\"name\": \"random\"}}",
       "{" BOUNDARY ", \"rate\": 1.0, \"policy\": {\"name\": \"random\"}}"},
      {"{" BOUNDARY ", \"init_range\": 0, \"net\": [2, 5, 1], \"policy\": {\"name\": \"random\"}}",
       "{" BOUNDARY ", \"init_range\": -0.0, \"net\": [2.0, 5.0, 1.0], \"policy\": {\"name\": "
       "\"random\"}}"},
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++)
    compare(same[i][0], same[i][1], 1);
  compare(RULE(""), RULE(", \"keep\": 2"), 0);
  compare(E("" IN "}"), E(", \"epsilon\": 0.2" IN "}"), 0);
  compare(E("" IN "}"), E("" IN ", \"history\": 3}"), 0);
}

/* ---- options without an effect ----------------------------------------------------------------- */

#define DESCENT "\"task\": \"boundary\", \"method\": \"descent\""
#define RANDOM  "\"policy\": {\"name\": \"random\"}"
#define IMAGES  "\"task\": \"images\", \"data\": \"0\", \"net\": [784, 10]"

typedef struct idle_case {
  const char *run, *option, *belongs;
} idle_case;

static const idle_case idle_cases[] = {
    {DESCENT, "\"reward_tie\": \"zero\"", "method = 'synaptic'"},
    {DESCENT, "\"reward_tie\": \"penalty\"", "method = 'synaptic'"},
    {DESCENT, "\"reward_signal\": \"accuracy\"", "method = 'synaptic'"},
    {DESCENT, "\"reward_against\": \"best\"", "method = 'synaptic'"},
    {DESCENT, "\"reward_memory\": 5", "method = 'synaptic'"},
    {DESCENT, "\"reward_band\": 0.5", "method = 'synaptic'"},
    {DESCENT, "\"reward_levels\": 4", "method = 'synaptic'"},
    {DESCENT, "\"reward_delay\": 4", "method = 'synaptic'"},
    {DESCENT, "\"update\": \"multiplicative\"", "method = 'synaptic'"},
    {DESCENT, "\"trace\": 1", "method = 'synaptic'"},
    {DESCENT, RANDOM, "method = 'synaptic'"},
    {DESCENT, "\"data\": \"0\"", "a task on images"},
    {DESCENT, "\"split\": \"dedup\"", "task = 'images'"},
    {DESCENT, "\"train_fraction\": 0.5", "task = 'images'"},
    {DESCENT ", \"curve_every\": 0", "\"cosine\": 1", "curve_every"},
    {DESCENT, "\"split_seed\": 5", "task = 'images'"},
    {DESCENT, "\"held_out\": 0.2", "task = 'images'"},
    {DESCENT, "\"validate_every\": 50", "validation"},
    {BOUNDARY ", " RANDOM, "\"validate_every\": 50", "validation"},
    {BOUNDARY ", " RANDOM, "\"batch_change\": \"remeasure\"", "batch_interval"},
    {BOUNDARY ", " RANDOM, "\"reward_memory\": 5", "reward_against"},
    {BOUNDARY ", " RANDOM, "\"rate_factor\": 0.1", "rate_switch"},
    {BOUNDARY ", " RANDOM, "\"rate_end\": 0.5", "rate_schedule"},
    {BOUNDARY ", " RANDOM, "\"rate_pieces\": 5", "rate_schedule"},
    {BOUNDARY ", " RANDOM, "\"abort_after\": 5", "abort_below"},
    {BOUNDARY ", \"init\": \"normal\", " RANDOM, "\"init_range\": 3", "init = 'uniform'"},
    {BOUNDARY ", \"net\": [2, 1], " RANDOM, "\"hidden\": \"relu\"", "hidden layer"},
    {IMAGES ", \"method\": \"descent\"", "\"points\": 5", "task = 'boundary'"},
    {IMAGES ", \"method\": \"descent\"", "\"point_range\": 5", "task = 'boundary'"},
    {IMAGES ", \"method\": \"descent\"", "\"target_range\": 5", "task = 'boundary'"},
    {IMAGES ", \"method\": \"descent\"", "\"map\": 5", "a map"},
    {IMAGES ", \"method\": \"descent\"", "\"hidden\": \"tanh\"", "hidden layer"},
    {IMAGES ", \"method\": \"descent\", \"batch_size\": 9, \"batch_interval\": 9",
     "\"batch_change\": \"remeasure\"", "method = 'synaptic'"},
};

static void open_text(host_spec *spec, const char *run, const char *option) {
  char text[1024];
  syn_ctx ctx = {0};
  snprintf(text, sizeof text, "{%s%s%s}", run, *option ? ", " : "", option);
  json_t *asked = json_loads(text, 0, NULL);
  assert_non_null(asked);
  if (host_spec_open(spec, &lab, asked, &ctx))
    fail_msg("%s: %s", text, ctx.error);
  json_decref(asked);
}

static void no_effect_is_refused_and_in_no_key(void **state) {
  (void)state;
  open_lab();
  for (size_t i = 0; i < sizeof idle_cases / sizeof *idle_cases; i++) {
    const idle_case *c = &idle_cases[i];
    host_spec specs[2];
    syn_ctx ctx = {0};
    size_t run = 9;
    open_text(&specs[0], c->run, "");
    open_text(&specs[1], c->run, c->option);
    assert_string_equal(specs[0].key, specs[1].key);
    assert_int_equal(host_specs_check(&run, specs, 1, &ctx), SYN_OK);
    if (!host_specs_check(&run, specs, 2, &ctx) || !strstr(ctx.error, c->belongs) || run != 1)
      fail_msg("%s: '%s', not of %s", c->option, ctx.error, c->belongs);
    host_spec_close(&specs[0]);
    host_spec_close(&specs[1]);
  }
}

/* One option for runs of both methods: it counts where it is read. */
static void an_effect_on_one_of_them_is_enough(void **state) {
  (void)state;
  host_spec specs[3];
  syn_ctx ctx = {0};
  size_t run;
  open_lab();
  open_text(&specs[0], DESCENT, "\"reward_tie\": \"zero\"");
  open_text(&specs[1], BOUNDARY ", " RANDOM, "\"reward_tie\": \"zero\"");
  open_text(&specs[2], BOUNDARY ", " RANDOM, "");
  assert_int_equal(host_specs_check(&run, specs, 2, &ctx), SYN_OK);
  assert_true(strcmp(specs[1].key, specs[2].key) != 0);
  for (int i = 0; i < 3; i++)
    host_spec_close(&specs[i]);
}

/* ---- what stays known ------------------------------------------------------------------------- */

static syn_status open_seed(const char *split, int batch, int seed) {
  char text[256];
  syn_ctx ctx = {0};
  host_spec spec = {0};
  snprintf(text, sizeof text,
           "{%s, \"method\": \"synaptic\", \"policy\": {\"name\": \"random\"}, \"split\": \"%s\", "
           "\"batch_size\": %d, \"seed\": %d}",
           IMAGES, split, batch, seed);
  json_t *asked = json_loads(text, 0, NULL);
  assert_non_null(asked);
  syn_status status = host_spec_open(&spec, &lab, asked, &ctx);
  json_decref(asked);
  if (!status)
    host_spec_close(&spec);
  return status;
}

/* How many images train by chance is another number for each seed; by a permutation it is one. */
static void a_batch_fits_as_if_each_run_were_the_first(void **state) {
  (void)state;
  int fits = 0;
  open_lab();
  for (int seed = 1; seed <= 6; seed++) {
    host_checked_close(&lab);
    syn_status alone = open_seed("chance", 45000, seed);
    for (int other = 1; other <= 3; other++)
      (void)open_seed("chance", 45000, other);
    assert_int_equal(open_seed("chance", 45000, seed), alone);
    fits += alone == SYN_OK;
  }
  assert_in_range(fits, 1, 5);
  for (int seed = 1; seed <= 3; seed++) {
    assert_int_equal(open_seed("random", 45000, seed), SYN_OK);
    assert_int_equal(open_seed("random", 45001, seed), SYN_EINVAL);
  }
  host_checked_close(&lab);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys_of_the_reports_stand),
      cmocka_unit_test(one_spelling),
      cmocka_unit_test(no_effect_is_refused_and_in_no_key),
      cmocka_unit_test(an_effect_on_one_of_them_is_enough),
      cmocka_unit_test(a_batch_fits_as_if_each_run_were_the_first),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
