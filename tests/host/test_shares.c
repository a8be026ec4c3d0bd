/* Shares of a plan: how many there are, and how long the longest of them takes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "experiments/host/run/shares.h"

#define RUNS 1000

static double seconds[RUNS];

/* Runs that take from `first` seconds down to `last`. */
static void fill(double first, double last) {
  for (int i = 0; i < RUNS; i++)
    seconds[i] = first + (last - first) * i / (RUNS - 1);
}

static void a_run_a_share_where_each_is_worth_it(void **state) {
  (void)state;
  fill(900, 300);
  host_shares shares = host_shares_of(seconds, RUNS, 5000, 300);
  assert_int_equal(shares.n, RUNS);
  assert_true(shares.longest == 900);
  fill(2, 1);
  shares = host_shares_of(seconds, RUNS, 5000, 0);
  assert_int_equal(shares.n, RUNS);
  assert_true(shares.longest == 2);
}

static void no_more_than_are_allowed(void **state) {
  (void)state;
  fill(900, 300);
  host_shares shares = host_shares_of(seconds, RUNS, 300, 300);
  assert_int_equal(shares.n, 300);
  /* the first share has runs 1, 301, 601 and 901, the longest there are of each round */
  assert_true(shares.longest == seconds[0] + seconds[300] + seconds[600] + seconds[900]);
  shares = host_shares_of(seconds, 1, 300, 300);
  assert_int_equal(shares.n, 1);
  assert_int_equal(host_shares_of(seconds, RUNS, 1, 0).n, 1);
}

/* Short runs go together until a share is worth its start; all of them in one, if that is all there is. */
static void short_runs_go_together(void **state) {
  (void)state;
  for (double worth = 10; worth < 3000; worth *= 1.7) {
    fill(3, 1);
    host_shares shares = host_shares_of(seconds, RUNS, 5000, worth);
    assert_true(shares.n >= 1 && shares.n < RUNS);
    assert_true(shares.all / (double)shares.n >= (worth < shares.all ? worth : shares.all));
    assert_true(shares.longest <= shares.all / (double)shares.n + 6);
    if (shares.n > 1)
      assert_true(shares.all / (double)(shares.n + 1) < worth);
  }
  fill(0, 0);
  assert_int_equal(host_shares_of(seconds, RUNS, 5000, 1).n, 1);
}

static void what_is_not_known_is_told_so(void **state) {
  (void)state;
  fill(3, 1);
  seconds[700] = (double)NAN;
  host_shares shares = host_shares_of(seconds, RUNS, 50, 300);
  assert_int_equal(shares.n, 50);
  assert_true(isnan(shares.longest) && isnan(shares.all));
}

static void a_limit_has_room(void **state) {
  (void)state;
  assert_true(host_shares_limit(0) == 10);
  assert_true(host_shares_limit(1) == 11);
  assert_true(host_shares_limit(3600) == 130);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_run_a_share_where_each_is_worth_it),
      cmocka_unit_test(no_more_than_are_allowed),
      cmocka_unit_test(short_runs_go_together),
      cmocka_unit_test(what_is_not_known_is_told_so),
      cmocka_unit_test(a_limit_has_room),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
