/* A run as asked for (JSON from a script) and as it will be: all options resolved, the policy
 * checked, the data found, and the key that names its result. */
#ifndef SYN_HOST_SPEC_H
#define SYN_HOST_SPEC_H

#include "engine/train/options.h"
#include "experiments/host/base/host.h"
#include "policies/registry.h"

typedef struct host_spec {
  syn_options options;
  json_t *policy;           /* shared with what was asked, not to be changed; NULL for descent */
  json_t *reward;           /* likewise; NULL: the options say it */
  const syn_images *images; /* borrowed from the host; NULL for a task without */
  char *data;               /* name as asked for; NULL without images */
  uint64_t read, idle; /* what was asked for, a bit each: with an effect on this run, without */
  char key[SYN_DIGEST_SIZE]; /* of the options and the policy's parameters that are not at their
                                defaults and have an effect on the result, the data's digest, and
                                the numerics' version */
} host_spec;

/* Reads `asked` (an object), whose policy and reward it shares and nobody may change from here on. On
 * failure nothing is owned. SYN_EINVAL: unknown or bad option, policy
 * or parameter, missing task, method or policy; SYN_EINPUT: the data or a policy file. */
syn_status host_spec_open(host_spec *out, host *h, const json_t *asked, syn_ctx *ctx);
/* The same of what a record says, under a version of the numerics (NULL: this program's). `images`, of
 * which only the digest is read, are borrowed and not looked for; NULL: they are looked for. */
syn_status host_spec_recorded(host_spec *out, host *h, const json_t *asked,
                              const syn_images *images, const char *numerics, syn_ctx *ctx);
void host_spec_close(host_spec *spec);

/* Of runs that are asked for together, each option has to have an effect on one at least: in the others
 * it is left out. SYN_EINVAL: one has none anywhere; *run is the first that asks for it. */
syn_status host_specs_check(size_t *run, const host_spec *specs, size_t n, syn_ctx *ctx);

/* The option that people mean by a word of the field ("learning_rate": rate), or NULL. */
const char *host_option_meant(const char *word);

#endif
