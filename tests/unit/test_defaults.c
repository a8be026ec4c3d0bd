/* A run's key leaves out what stands at its default. So a default that changes would give new runs
 * the key of old ones: tests/golden/defaults.txt holds all of them still. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/train/task.h"
#include "policies/registry.h"
#include "tests/unit/text.h"

static void put(test_text *out, const char *line) {
  test_append(out, line, strlen(line));
}

static void put_option(test_text *out, const char *run, const syn_options *o,
                       const syn_param *option) {
  char line[256];
  syn_value value = syn_option_value(o, option);
  if (option->neutral)
    return;
  if (value.text)
    snprintf(line, sizeof line, "%s %s %s\n", run, option->name, value.text);
  else if (option->kind == SYN_PARAM_LIST)
    snprintf(line, sizeof line, "%s %s %.17g %.17g %.17g %.17g\n", run, option->name, o->net[0],
             o->net[1], o->net[2], o->net[3]);
  else
    snprintf(line, sizeof line, "%s %s %.17g\n", run, option->name, value.number);
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

static int has_line(const char *text, const char *line, size_t n) {
  for (; *text; text += strcspn(text, "\n") + 1)
    if (strcspn(text, "\n") == n && strncmp(text, line, n) == 0)
      return 1;
  return 0;
}

static void print_lines_only_in(char sign, const char *text, const char *other) {
  for (size_t n; *text; text += n + 1) {
    n = strcspn(text, "\n");
    if (!has_line(other, text, n))
      printf("%c %.*s\n", sign, (int)n, text);
  }
}

static void print_differences(const char *now, const char *golden) {
  print_lines_only_in('-', golden, now);
  print_lines_only_in('+', now, golden);
  fflush(stdout);
}

static void defaults_stand(void **state) {
  (void)state;
  test_text now = {0}, golden = read_golden();
  const char *const methods[] = {"synaptic", "descent"};
  for (const syn_task_class *const *task = syn_tasks; *task; task++)
    for (int method = 0; method < 2; method++) {
      char run[64];
      syn_options o;
      const syn_param *option;
      snprintf(run, sizeof run, "%s %s", (*task)->name, methods[method]);
      syn_options_default(&o, *task, (syn_method)method);
      for (size_t i = 0; (option = syn_option_at(i)); i++)
        put_option(&now, run, &o, option);
    }
  for (const syn_policy_class *const *class = syn_policy_classes; *class; class ++)
    put_policy(&now, *class);
  if (strcmp(now.bytes, golden.bytes) != 0) {
    print_differences(now.bytes, golden.bytes);
    fail_msg(
        "the defaults are others than in tests/golden/defaults.txt: + as they are, - as they stand "
        "there. A new option is a new line of each task and method in it; a default that changes "
        "makes other results, so SYN_NUMERICS_VERSION changes with it");
  }
  free(now.bytes);
  free(golden.bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(defaults_stand)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
