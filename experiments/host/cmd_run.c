#include <stdlib.h>

#include "experiments/host/cores.h"
#include "experiments/host/host.h"
#include "experiments/host/words.h"

int host_run_arguments(host *h, int argc, char **argv, const char **scripts, size_t *n,
                       int *slurm) {
  host_profile *p = &h->profile;
  const host_argument table[] = {
      {"--out", HOST_FOLDER, &p->out, 0},
      {"--data", HOST_WORD, &p->data, 0},
      {"--policy", HOST_WORD, &p->policy, 0},
      {"--seeds", HOST_WHOLE, &p->seeds, 100000},
      {"--jobs", HOST_WHOLE, &p->jobs, HOST_JOBS_MAX},
      {"--checkpoint", HOST_SECONDS, &p->checkpoint, 0},
      {"--quick", HOST_FLAG, &p->quick, 0},
      {"--fresh", HOST_FLAG, &p->fresh, 0},
      {slurm ? "--slurm" : NULL, HOST_FLAG, slurm, 0},
      {NULL, HOST_FLAG, NULL, 0},
  };
  p->out = NULL;
  int status = host_arguments(argv[0], table, argc, argv, scripts, n);
  if (!p->out) /* a quick page does not take the place of a full one */
    p->out = p->quick ? "reports-quick" : "reports";
  if (!p->jobs)
    p->jobs = host_cores();
  if (!p->seeds)
    p->seeds = p->quick ? 2 : 5;
  if (!status && *n == 0)
    status = host_wrong("%s: no script; for instance `synlab %s experiments/report.lua`", argv[0],
                        argv[0]);
  return status;
}

int cmd_run(host *h, int argc, char **argv) {
  const char **scripts = calloc((size_t)argc + 1, sizeof *scripts);
  size_t n = 0;
  if (!scripts)
    return host_wrong("not enough memory");
  int status = host_run_arguments(h, argc, argv, scripts, &n, NULL);
  /* A run that failed stops no other script; a wrong script, or Ctrl-C, does. */
  int stopped = status != 0;
  for (size_t i = 0; i < n && !stopped; i++) {
    int ended = host_run_script(h, scripts[i]);
    stopped = ended == 2 || h->fault;
    status = ended ? ended : status;
  }
  free(scripts);
  return status;
}
