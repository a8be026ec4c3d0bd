/* A run's key leaves out what stands at its default. So a default that changes would give new runs
 * the key of old ones: tests/golden/defaults.txt holds all of them still. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/train/options.h"
#include "policies/registry.h"
#include "tests/unit/text.h"

static void put(test_text *out, const char *line) { test_append(out, line, strlen(line)); }

static void put_option(test_text *out, const char *run, const syn_options *o,
                       const syn_option *option) {
  char line[256];
  const void *field = (const char *)o + option->offset;
  if (option->result_neutral)
    return;
  if (option->kind == SYN_OPTION_CHOICE)
    snprintf(line, sizeof line, "%s %s %s\n", run, option->name, option->choices[*(const int *)field]);
  else if (option->kind == SYN_OPTION_SEED)
    snprintf(line, sizeof line, "%s %s %llu\n", run, option->name,
             (unsigned long long)*(const uint64_t *)field);
  else if (option->kind == SYN_OPTION_LIST)
    snprintf(line, sizeof line, "%s %s %.17g %.17g %.17g %.17g\n", run, option->name, o->net[0],
             o->net[1], o->net[2], o->net[3]);
  else
    snprintf(line, sizeof line, "%s %s %.17g\n", run, option->name, *(const double *)field);
  put(out, line);
}

static void put_policy(test_text *out, const syn_policy_class *class) {
  char line[256];
  for (const syn_param *p = class->params; p->name; p++) {
    if (p->kind == SYN_PARAM_NUMBER || p->kind == SYN_PARAM_INTEGER)
      snprintf(line, sizeof line, "policy %s %s %.17g\n", class->name, p->name, p->value);
    else
      snprintf(line, sizeof line, "policy %s %s %s\n", class->name, p->name,
               p->text ? p->text : "(must be given)");
    put(out, line);
  }
}

static test_text read_golden(void) {
  char line[256];
  test_text text = {0};
  FILE *file = fopen("tests/golden/defaults.txt", "r");
  assert_non_null(file);
  while (fgets(line, sizeof line, file))
    put(&text, line);
  fclose(file);
  return text;
}

static void defaults_stand(void **state) {
  (void)state;
  test_text now = {0}, golden = read_golden();
  const char *const tasks[] = {"boundary", "images"}, *const methods[] = {"synaptic", "descent"};
  for (int task = 0; task < 2; task++)
    for (int method = 0; method < 2; method++) {
      char run[32];
      syn_options o;
      snprintf(run, sizeof run, "%s %s", tasks[task], methods[method]);
      syn_options_default(&o, (syn_task_kind)task, (syn_method)method);
      for (const syn_option *option = syn_option_table; option->name; option++)
        put_option(&now, run, &o, option);
    }
  for (const syn_policy_class *const *class = syn_policy_classes; *class; class ++)
    put_policy(&now, *class);
  if (strcmp(now.bytes, golden.bytes) != 0) {
    puts(now.bytes);
    fail_msg("above: the defaults as they are. A new option is a new line in "
             "tests/golden/defaults.txt; a changed line needs a new SYN_NUMERICS_VERSION as well");
  }
  free(now.bytes);
  free(golden.bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(defaults_stand)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
