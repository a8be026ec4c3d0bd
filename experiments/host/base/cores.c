#include "experiments/host/base/cores.h"

#include <sched.h>
#include <unistd.h>

unsigned host_cores(void) {
  cpu_set_t mine;
  if (sched_getaffinity(0, sizeof mine, &mine) == 0 && CPU_COUNT(&mine) > 0)
    return (unsigned)CPU_COUNT(&mine);
  long cores = sysconf(_SC_NPROCESSORS_ONLN); /* more of them than the set has room for */
  return cores > 0 ? (unsigned)cores : 1;
}
