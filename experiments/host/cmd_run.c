#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/host/cores.h"
#include "experiments/host/host.h"

static int whole_number(unsigned *out, const char *flag, const char *text, unsigned most) {
  char *end;
  errno = 0;
  long v = strtol(text, &end, 10);
  if (errno || *end || end == text || v < 1 || v > (long)most)
    return host_wrong("%s %s: must be a whole number from 1 to %u", flag, text, most);
  *out = (unsigned)v;
  return 0;
}

static int seconds(double *out, const char *flag, const char *text) {
  char *end;
  errno = 0;
  double v = strtod(text, &end);
  if (errno || *end || end == text || !(v >= 0 && v <= 1e6))
    return host_wrong("%s %s: must be seconds, from 0 to 1e6", flag, text);
  *out = v;
  return 0;
}

/* A flag with a value, "--flag VALUE" or "--flag=VALUE": "" if it has none, NULL if argv[*i] is
 * another. */
static const char *value_of(const char *flag, int argc, char **argv, int *i) {
  size_t n = strlen(flag);
  if (strncmp(argv[*i], flag, n) != 0)
    return NULL;
  if (argv[*i][n] == '=')
    return argv[*i] + n + 1;
  if (argv[*i][n] != '\0')
    return NULL;
  if (*i + 1 < argc && strncmp(argv[*i + 1], "--", 2) != 0)
    return argv[++*i];
  return "";
}

static int unknown_flag(const char *command, const char *flag) {
  static const char *const flags[] = {"--out",  "--data",  "--policy", "--seeds",
                                      "--jobs", "--quick", "--fresh",  "--checkpoint", NULL};
  const char *near = syn_nearest(flag, flags);
  return near ? host_wrong("%s: no option is named '%s'; did you mean '%s'?", command, flag, near)
              : host_wrong("%s: no option is named '%s'; `synlab %s --help` lists them", command,
                           flag, command);
}

static int parse(host_profile *p, int argc, char **argv, const char **scripts, size_t *n) {
  for (int i = 1; i < argc; i++) {
    const char *value;
    int wrong = 0;
    if (strcmp(argv[i], "--quick") == 0)
      p->quick = 1;
    else if (strcmp(argv[i], "--fresh") == 0)
      p->fresh = 1;
    else if ((value = value_of("--out", argc, argv, &i)))
      p->out = value;
    else if ((value = value_of("--data", argc, argv, &i)))
      p->data = value;
    else if ((value = value_of("--policy", argc, argv, &i)))
      p->policy = value;
    else if ((value = value_of("--seeds", argc, argv, &i)))
      wrong = whole_number(&p->seeds, "--seeds", value, 100000);
    else if ((value = value_of("--jobs", argc, argv, &i)))
      wrong = whole_number(&p->jobs, "--jobs", value, 1024);
    else if ((value = value_of("--checkpoint", argc, argv, &i)))
      wrong = seconds(&p->checkpoint, "--checkpoint", value);
    else if (argv[i][0] == '-')
      wrong = unknown_flag(argv[0], argv[i]);
    else
      scripts[(*n)++] = argv[i];
    if (wrong)
      return wrong;
  }
  return 0;
}

int host_run_arguments(host *h, int argc, char **argv, const char **scripts, size_t *n) {
  host_profile *p = &h->profile;
  int status = parse(p, argc, argv, scripts, n);
  if (!p->jobs)
    p->jobs = host_cores();
  if (!p->seeds)
    p->seeds = p->quick ? 2 : 5;
  if (!status && (!*p->out || (p->data && !*p->data) || (p->policy && !*p->policy)))
    status = host_wrong("%s: --out, --data and --policy want a value", argv[0]);
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
  int status = host_run_arguments(h, argc, argv, scripts, &n);
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
