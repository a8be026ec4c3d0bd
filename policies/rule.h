/* Synapse rules written in Lua: policies from rule files, each in a sandbox of its own.
 *
 * A rule file ends with `return rule { ... }`. Two kinds (docs/writing-rules.md has both in full):
 *
 *   finite  history = 0..5, act = function(s, p): asked once for each of the 9^history states when
 *           it is loaded, never per synapse; what comes out is a syn_table that the engine's own
 *           kernel runs, with the bits of a C policy. act returns -1, 0 or 1, or the chances of
 *           these, {p_dec, p_null, p_inc}. With init(p) and learn(m, transitions, p) it learns:
 *           once per iteration it hears the distinct transitions and how many synapses made each,
 *           and act is then asked anew.
 *   local   sees = {...}, step = function(v, out, p): called once per layer and iteration with
 *           views of what synapses can see (scripted/views.h); writes the actions. With state =
 *           { NAME = number } each synapse has numbers of its own, with init(p) the network a memory.
 *
 * Before each run (`start`) two instances are asked and played in Lua states of different hash seeds;
 * a rule that answers differently is refused.
 *
 * A rule is a function of its text, its parameters and what it is shown; its path is only its name
 * in messages. In messages and for the rule, the first iteration is number 1.
 */
#ifndef SYN_POLICIES_RULE_H
#define SYN_POLICIES_RULE_H

#include "engine/train/policy.h"
#include "policies/registry.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What messages call the kinds, and what `rule list` shows. */
typedef enum syn_rule_kind {
  SYN_RULE_FINITE,
  SYN_RULE_LEARNING,
  SYN_RULE_LOCAL,
  SYN_RULE_REWARD /* no rule, but a reward: policies/reward.h */
} syn_rule_kind;

typedef struct syn_rule_info {
  const char *file;       /* as given */
  const char *name, *doc; /* as the rule says; doc may be "" */
  syn_rule_kind kind;
  unsigned history;        /* 0 for a local rule */
  const syn_param *params; /* ends with a NULL name; numbers only */
  const double *values;    /* of the params, in this instance */
  size_t temporaries;      /* bytes that a local rule's step has needed so far */
} syn_rule_info;

/* Reads the rule file at `path`, and sets `params` (numbers) beside its defaults. The caller owns
 * *out (syn_policy_close). SYN_EINPUT: the file, with its line; SYN_EINVAL: a parameter that it
 * does not have, or out of range, with those that it has; SYN_ENOMEM. */
syn_status syn_rule_open(syn_policy **out, const char *path, const syn_arg *params, size_t n,
                         syn_ctx *ctx);

/* The same from a text; `file` names it in messages. */
syn_status syn_rule_open_text(syn_policy **out, const char *file, const char *text, size_t size,
                              const syn_arg *params, size_t n, syn_ctx *ctx);

/* What a rule says of itself; borrowed from it. NULL if the policy is no rule. */
const syn_rule_info *syn_rule_describe(const syn_policy *policy);

/* Reads a rule file: the caller frees *text. SYN_EINPUT: it is not there, no regular file (a pipe or
 * a device is never waited for), or too long. */
syn_status syn_rule_read(char **text, size_t *size, const char *path, syn_ctx *ctx);

/* ---- `synlab rule check` ------------------------------------------------------------------------- */

typedef struct syn_rule_source {
  const char *file, *text;
  size_t size;
  const syn_arg *args;
  size_t n;
  double seconds; /* of CPU time, for a whole check; 0: SYN_RULE_CHECK_SECONDS */
} syn_rule_source;

#define SYN_RULE_NAME_MAX 64 /* characters of the name of a rule or a reward */
#define SYN_RULE_WARNINGS 4

typedef struct syn_rule_report {
  char name[72]; /* of the rule, likewise the next two */
  syn_rule_kind kind;
  unsigned history;
  char warning[SYN_RULE_WARNINGS][200]; /* of what is allowed, but hardly meant; then "" */
  int explores;                         /* it moves by itself, and otherwise from seed to seed */
  uint32_t iterations;
  double microseconds;    /* of CPU time, an iteration of a network of `synapses` */
  size_t synapses, bytes; /* bytes a synapse, */
  size_t kept;            /* and those of them that last: states and traces */
  double seconds;         /* of CPU time, all in all */
} syn_rule_report;

typedef struct syn_rule_watch {
  void (*tell)(void *self, unsigned done, unsigned of);
  void *self;
} syn_rule_watch;

#define SYN_RULE_CHECK_SECONDS 60 /* of CPU time, for a whole check */

/* The contract, for a rule of a stranger: plays two instances, in Lua states of different hash seeds,
 * on a made-up network for `iterations` iterations, with random actions in between; one under rewards
 * that are turned over; then one alone, and two at every bound of every parameter that is not given.
 * Actions must be -1, 0 or 1; equal instances must act equally, under any instruction set; a table must
 * be what the engine's kernels make of it; no view may be left in a memory. `watch` may be NULL. SYN_EFAILED, with the first thing that does not hold; else as
 * syn_rule_open_text. */
syn_status syn_rule_check(syn_rule_report *report, const syn_rule_source *source,
                          uint32_t iterations, const syn_rule_watch *watch, syn_ctx *ctx);

#ifdef __cplusplus
}
#endif

#endif
