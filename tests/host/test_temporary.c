/* Files that are written while another process sweeps what dead ones left in the same folder. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "experiments/host/base/temporary.h"

#define FILES 2000

static void test_a_sweep_takes_no_file_of_a_living_program(void **state) {
  (void)state;
  char folder[] = "/tmp/synlab-test-XXXXXX", path[64];
  assert_non_null(mkdtemp(folder));
  pid_t sweeper = fork();
  assert_true(sweeper >= 0);
  if (sweeper == 0)
    for (prctl(PR_SET_PDEATHSIG, SIGKILL);;)
      host_temporary_sweep(folder);
  syn_ctx ctx = {0};
  size_t lost = 0;
  snprintf(path, sizeof path, "%s/file", folder);
  for (int i = 0; i < FILES; i++)
    lost += host_temporary_write(path, "text", 4, &ctx) != SYN_OK;
  kill(sweeper, SIGKILL);
  waitpid(sweeper, NULL, 0);
  unlink(path);
  if (lost)
    print_error("%zu of %d files are lost: %s\n", lost, FILES, ctx.error);
  assert_int_equal(lost, 0);
  assert_int_equal(rmdir(folder), 0); /* nothing else is left */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_sweep_takes_no_file_of_a_living_program),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
