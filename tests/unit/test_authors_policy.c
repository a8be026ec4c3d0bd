/* Reads the table that the paper's authors published. Its path comes from SYNLAB_AUTHORS_POLICY;
 * without it the test is skipped (exit 77). The numbers checked stand in that file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "policies/registry.h"
#include "policies/tables/qvalues.h"
#include "tests/unit/text.h"

static const char *path; /* of the file, for all tests */

static char *read_all(void) {
  static char text[100000];
  FILE *file = fopen(path, "rb");
  if (!file)
    fail_msg("cannot read %s", path);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

static void values_are_those_of_the_file(void **state) {
  (void)state;
  syn_ctx ctx = {0};
  unsigned history;
  double *q;
  if (syn_qvalues_parse(&q, &history, NULL, read_all(), path, &ctx))
    fail_msg("%s", ctx.error);
  assert_int_equal(history, 2);
  /* Line 2: a -1,-1 r -1,-1, the first state; line 20: a -1,-1 r -1,1, state (0 + 2) * 9. */
  assert_true(q[0] == 0.6472902913874333 && q[1] == 0.8276021887378383);
  assert_true(q[2] == 1.921622021892632);
  assert_true(q[54] == 1.4323072708859281 && q[55] == 1.0803584460124962);
  assert_true(q[56] == 1.7718182704678682);
  free(q);
}

static void it_comes_back_with_the_same_bits(void **state) {
  (void)state;
  syn_ctx ctx = {0};
  unsigned history;
  double *q, *again;
  assert_int_equal(syn_qvalues_parse(&q, &history, NULL, read_all(), path, &ctx), SYN_OK);
  test_text text = {0};
  syn_qvalues_write(q, history, 3, test_append, &text);
  assert_int_equal(syn_qvalues_parse(&again, &history, NULL, text.bytes, "again", &ctx), SYN_OK);
  assert_memory_equal(q, again, 3 * syn_states(history) * sizeof *q);
  free(text.bytes);
  free(again);
  free(q);
}

static void it_is_a_policy(void **state) {
  (void)state;
  syn_ctx ctx = {0};
  syn_policy *policy;
  syn_arg csv = {.name = "csv", .kind = SYN_ARG_TEXT, .text = read_all()};
  assert_int_equal(syn_policy_open(&policy, "table", &csv, 1, &ctx), SYN_OK);
  const syn_table *table = policy->type->table(policy);
  assert_int_equal(table->history, 2);
  /* Lines 2 to 10: where the greatest of the three numbers stands. */
  const int8_t first[9] = {1, 0, 0, 1, 1, 1, 1, -1, 0};
  assert_memory_equal(table->action, first, 9);
  syn_policy_close(policy);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_those_of_the_file),
                                     cmocka_unit_test(it_comes_back_with_the_same_bits),
                                     cmocka_unit_test(it_is_a_policy)};
  path = getenv("SYNLAB_AUTHORS_POLICY");
  if (!path || !path[0]) {
    fprintf(stderr, "SKIPPED: SYNLAB_AUTHORS_POLICY names no file with the authors' table\n");
    return 77;
  }
  return cmocka_run_group_tests_name("authors' policy", tests, NULL, NULL);
}
