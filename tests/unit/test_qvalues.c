/* The policy file: what it means, that it comes back with the same bits, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/random.h"
#include "policies/tables/qvalues.h"
#include "tests/unit/text.h"

#define HEADER_1 "a_newer,r_newer,q_dec,q_null,q_inc\n"
#define ROWS_1                                                                                     \
  "-1,-1,1,2,3\n0,-1,4,5,6\n1,-1,7,8,9\n"                                                          \
  "-1,0,10,11,12\n0,0,13,14,15\n1,0,16,17,18\n"                                                    \
  "-1,1,19,20,21\n0,1,22,23,24\n"
#define LAST_1 "1,1,25,26,27\n"

static void parses_to_counting(const char *text) {
  syn_ctx ctx = {0};
  double *q;
  unsigned history;
  if (syn_qvalues_parse(&q, &history, NULL, text, "a.csv", &ctx))
    fail_msg("%s", ctx.error);
  assert_int_equal(history, 1);
  for (int i = 0; i < 27; i++)
    assert_true(q[i] == i + 1);
  free(q);
}

static void rows_are_states(void **state) {
  (void)state;
  parses_to_counting(HEADER_1 ROWS_1 LAST_1);
  parses_to_counting(HEADER_1 LAST_1 ROWS_1); /* in any order */
}

static void layout_is_forgiven(void **state) {
  (void)state;
  parses_to_counting("\xEF\xBB\xBF" HEADER_1 ROWS_1 LAST_1);
  parses_to_counting("# made by hand\n\n" HEADER_1 "  \n# rows\n" ROWS_1 "1,1,25,26,27");
  parses_to_counting(" a_newer , r_newer,q_dec,q_null,\tq_inc\r\n" ROWS_1
                     " +1, 1.0 ,2.5e1,0x1a ,27.\r\n\r\n");
}

/* The states of history 2 count as the columns of the published layout do: a_newer is the lowest
 * digit, then a_older, r_newer, r_older. */
static void numbers_of_states(void **state) {
  (void)state;
  test_text text = {0};
  test_append(&text, "a_older,a_newer,r_older,r_newer,q_dec,q_null,q_inc\n", 51);
  for (int i = 0; i < 81; i++) {
    char line[64];
    int n = snprintf(line, sizeof line, "%d,%d,%d,%d,%d,0,0\n", i / 3 % 3 - 1, i % 3 - 1,
                     i / 27 - 1, i / 9 % 3 - 1, i);
    test_append(&text, line, (size_t)n);
  }
  syn_ctx ctx = {0};
  double *q;
  unsigned history;
  assert_int_equal(syn_qvalues_parse(&q, &history, NULL, text.bytes, "a.csv", &ctx), SYN_OK);
  assert_int_equal(history, 2);
  for (int i = 0; i < 81; i++)
    assert_true(q[3 * i] == i);
  test_text again = {0};
  syn_qvalues_write(q, history, 3, test_append, &again);
  assert_string_equal(again.bytes, text.bytes); /* written in the order of states */
  free(again.bytes);
  free(text.bytes);
  free(q);
}

static void five_actions(void **state) {
  (void)state;
  static const char text[] = "q_dec2,q_dec,q_null,q_inc,q_inc2\n1,2,3,5,4\n";
  double *q, *none;
  unsigned history, actions;
  syn_ctx ctx = {0};
  assert_int_equal(syn_qvalues_parse(&q, &history, &actions, text, "a.csv", &ctx), SYN_OK);
  assert_int_equal(history, 0);
  assert_int_equal(actions, 5);
  assert_true(q[0] == 1 && q[4] == 4);
  int8_t action;
  syn_qvalues_greedy(&action, NULL, NULL, q, 5, 0, 1, SYN_TIE_LOWEST);
  assert_int_equal(action, 1);
  q[0] = 5; /* a tie goes to the lowest */
  syn_qvalues_greedy(&action, NULL, NULL, q, 5, 0, 1, SYN_TIE_LOWEST);
  assert_int_equal(action, -2);
  free(q);
  assert_int_equal(syn_qvalues_parse(&none, &history, NULL, text, "a.csv", &ctx), SYN_EINPUT);
  assert_string_equal(ctx.error, "a.csv, line 1: 5 actions; three are wanted, q_dec,q_null,q_inc");
}

static void headers_by_history(void **state) {
  (void)state;
  static const char *const header[] = {
      "q_dec,q_null,q_inc\n",
      "a_newer,r_newer,q_dec,q_null,q_inc\n",
      "a_older,a_newer,r_older,r_newer,q_dec,q_null,q_inc\n",
      "a_3,a_2,a_1,r_3,r_2,r_1,q_dec,q_null,q_inc\n",
      "a_4,a_3,a_2,a_1,r_4,r_3,r_2,r_1,q_dec,q_null,q_inc\n",
      "a_5,a_4,a_3,a_2,a_1,r_5,r_4,r_3,r_2,r_1,q_dec,q_null,q_inc\n"};
  double *q = calloc(3 * SYN_STATES_MAX, sizeof *q);
  assert_non_null(q);
  for (unsigned history = 0; history <= SYN_HISTORY_MAX; history++) {
    test_text text = {0};
    syn_qvalues_write(q, history, 3, test_append, &text);
    assert_memory_equal(text.bytes, header[history], strlen(header[history]));
    size_t lines = 0;
    for (size_t i = 0; i < text.n; i++)
      lines += text.bytes[i] == '\n';
    assert_int_equal(lines, 1 + syn_states(history));
    free(text.bytes);
  }
  assert_int_equal(syn_states(5), SYN_STATES_MAX);
  free(q);
}

/* Any finite doubles: random bit patterns, and the odd ones. */
static void check_bits(unsigned actions) {
  for (unsigned history = 0; history <= SYN_HISTORY_MAX; history++) {
    size_t n = actions * syn_states(history);
    double *q = malloc(n * sizeof *q), *again;
    assert_non_null(q);
    for (size_t i = 0; i < n; i++) {
      uint64_t bits = (uint64_t)syn_random_bits(7, SYN_STREAM_RULE, history, 2 * i) << 32 |
                      syn_random_bits(7, SYN_STREAM_RULE, history, 2 * i + 1);
      memcpy(&q[i], &bits, sizeof bits);
      if (!isfinite(q[i]))
        q[i] = -0.0;
    }
    q[0] = 5e-324;
    q[1] = -1.7976931348623157e308;
    q[2] = 0.1;
    test_text text = {0};
    syn_ctx ctx = {0};
    unsigned got, got_actions;
    syn_qvalues_write(q, history, actions, test_append, &text);
    if (syn_qvalues_parse(&again, &got, &got_actions, text.bytes, "again", &ctx))
      fail_msg("%s", ctx.error);
    assert_int_equal(got, history);
    assert_int_equal(got_actions, actions);
    assert_memory_equal(q, again, n * sizeof *q);
    free(text.bytes);
    free(again);
    free(q);
  }
}

static void bits_survive(void **state) {
  (void)state;
  check_bits(3);
  check_bits(5);
}

/* ---- what is refused ------------------------------------------------------------------------- */

static const struct refused {
  const char *text, *error;
} refused[] = {
    {"", "a.csv, line 1: the text ends without a policy table"},
    {"# nothing\n\n", "a.csv, line 2: the text ends without a policy table"},
    {"state,action\n1,2\n",
     "a.csv, line 1: 'state,action' is no header of a policy file; with history 2 it is "
     "'a_older,a_newer,r_older,r_newer,q_dec,q_null,q_inc'"},
    {"\n\"q_dec\",q_null,q_inc\033[2J\n",
     "a.csv, line 2: '\"q_dec\",q_null,q_inc?[2J' is no header of a policy file; with history 2 it "
     "is 'a_older,a_newer,r_older,r_newer,q_dec,q_null,q_inc'"},
    {"q_dec,q_null,q_inc\n1,2\n", "a.csv, line 2: 2 columns, but the header names 3"},
    {"q_dec,q_null,q_inc\n1,2,3,\n", "a.csv, line 2: 4 columns, but the header names 3"},
    {"q_dec,q_null,q_inc\n1,,3\n", "a.csv, line 2: q_null is '', not a finite number"},
    {"q_dec,q_null,q_inc\n1,2,\n3", "a.csv, line 2: q_inc is '', not a finite number"},
    {"q_dec,q_null,q_inc\n1,2,3x\n", "a.csv, line 2: q_inc is '3x', not a finite number"},
    {"q_dec,q_null,q_inc\nnan,2,3\n", "a.csv, line 2: q_dec is 'nan', not a finite number"},
    {"q_dec,q_null,q_inc\n1,-inf,3\n", "a.csv, line 2: q_null is '-inf', not a finite number"},
    {"q_dec,q_null,q_inc\n1,1e999,3\n", "a.csv, line 2: q_null is '1e999', not a finite number"},
    {"q_dec,q_null,q_inc\n1,2,"
     "0.00000000000000000000000000000000000000000000000000000000000000000001\n",
     "a.csv, line 2: q_inc is '0.00000000000000000000000000000000000000...', not a finite number"},
    {"q_dec,q_null,q_inc\n# one\n1,2,3\n4,5,6\n",
     "a.csv, line 4: state without history stands in line 3 already"},
    {"q_dec,q_null,q_inc\n",
     "a.csv, line 1: the text ends, but state without history is missing: 0 of 1 states are there"},
    {HEADER_1 "2,1,0,0,0\n", "a.csv, line 2: a_newer is '2'; it must be -1, 0 or 1"},
    {HEADER_1 "1,0.5,0,0,0\n", "a.csv, line 2: r_newer is '0.5'; it must be -1, 0 or 1"},
    {HEADER_1 ROWS_1, "a.csv, line 9: the text ends, but state a_newer=1 r_newer=1 is missing: 8 "
                      "of 9 states are there"},
    {HEADER_1 ROWS_1 LAST_1 "0,-1,4,5,6\n",
     "a.csv, line 11: state a_newer=0 r_newer=-1 stands in line 3 already"},
    {"a_older,a_newer,r_older,r_newer,q_dec,q_null,q_inc\n0,0,0,0,1,2,3\n",
     "a.csv, line 2: the text ends, but state a_older=-1 a_newer=-1 r_older=-1 r_newer=-1 is "
     "missing: 1 of 81 states are there"},
};

static void faults_are_named(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    syn_ctx ctx = {0};
    double *q = (double *)&ctx;
    unsigned history;
    assert_int_equal(syn_qvalues_parse(&q, &history, NULL, refused[i].text, "a.csv", &ctx),
                     SYN_EINPUT);
    assert_null(q);
    assert_string_equal(ctx.error, refused[i].error);
  }
}

/* A megabyte in one line is an error like any other. */
static void endless_line(void **state) {
  (void)state;
  size_t n = 1 << 20;
  char *text = malloc(n + 1);
  assert_non_null(text);
  syn_ctx ctx = {0};
  double *q;
  unsigned history;
  for (int i = 0; i < 2; i++) {
    memset(text, "1,"[i], n);
    memcpy(text, "q_dec,q_null,q_inc\n", 19);
    text[n] = '\0';
    assert_int_equal(syn_qvalues_parse(&q, &history, NULL, text, "a.csv", &ctx), SYN_EINPUT);
    assert_non_null(strstr(ctx.error, "a.csv, line 2: "));
  }
  memset(text, 'q', n);
  assert_int_equal(syn_qvalues_parse(&q, &history, NULL, text, "a.csv", &ctx), SYN_EINPUT);
  assert_non_null(strstr(ctx.error, "a.csv, line 1: 'qqq"));
  free(text);
}

/* A good file with a few bytes changed: it parses, or one line says where it does not. */
static void damaged_files(void **state) {
  (void)state;
  static const char bytes[] = "-+.,0123456789einfaxq_\n\r\t #\xff";
  const char good[] = HEADER_1 ROWS_1 LAST_1;
  int parsed = 0;
  for (uint32_t round = 0; round < 5000; round++) {
    char text[sizeof good];
    memcpy(text, good, sizeof good);
    for (uint64_t k = 0; k <= round % 3; k++) {
      uint32_t r = syn_random_bits(11, SYN_STREAM_RULE, round, k);
      text[(r >> 8) % (sizeof good - 1)] = bytes[(r & 0xff) % sizeof bytes];
    }
    syn_ctx ctx = {0};
    double *q;
    unsigned history;
    syn_status status = syn_qvalues_parse(&q, &history, NULL, text, "a.csv", &ctx);
    if (status == SYN_OK) {
      for (int i = 0; i < 27; i++)
        assert_true(isfinite(q[i]));
      parsed++;
      free(q);
    } else {
      assert_int_equal(status, SYN_EINPUT);
      assert_memory_equal(ctx.error, "a.csv, line ", 12);
    }
  }
  assert_in_range(parsed, 100, 4900); /* both happen */
}

/* ---- greedy ---------------------------------------------------------------------------------- */

static void greedy_actions(void **state) {
  (void)state;
  const double q[9][3] = {{9, 9, 9}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1},   {1, 1, 0},
                          {1, 0, 1}, {0, 1, 1}, {2, 2, 2}, {-3, -2, -1}};
  int8_t action[8];
  const int8_t lowest[8] = {-1, 0, 1, -1, -1, 0, -1, 1};
  syn_qvalues_greedy(action, NULL, NULL, q[0], 3, 1, 8, SYN_TIE_LOWEST);
  assert_memory_equal(action, lowest, 8);
  /* v < low: -1, v < high: 0, else +1; of 65536 numbers v, thirds up to rounding. */
  uint32_t low[8], high[8];
  const uint32_t low_wanted[8] = {65536, 0, 0, 32768, 32768, 0, 21845, 0};
  const uint32_t high_wanted[8] = {65536, 65536, 0, 65536, 32768, 32768, 43691, 0};
  syn_qvalues_greedy(action, low, high, q[0], 3, 1, 8, SYN_TIE_RANDOM);
  assert_memory_equal(action, lowest, 8);
  assert_memory_equal(low, low_wanted, sizeof low);
  assert_memory_equal(high, high_wanted, sizeof high);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_are_states),   cmocka_unit_test(layout_is_forgiven),
      cmocka_unit_test(numbers_of_states), cmocka_unit_test(headers_by_history),
      cmocka_unit_test(five_actions),      cmocka_unit_test(bits_survive),
      cmocka_unit_test(faults_are_named),  cmocka_unit_test(endless_line),
      cmocka_unit_test(damaged_files),     cmocka_unit_test(greedy_actions),
  };
  return cmocka_run_group_tests_name("qvalues", tests, NULL, NULL);
}
