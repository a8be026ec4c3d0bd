/* What the files of a rule share, and nobody else includes. */
#ifndef SYN_POLICIES_RULE_INTERNAL_H
#define SYN_POLICIES_RULE_INTERNAL_H

#include <lauxlib.h>

#include "engine/base/arena.h"
#include "engine/base/trace.h"
#include "policies/rule.h"
#include "policies/scripted/kernels.h"
#include "policies/sandbox/sandbox.h"

#define SYN_RULE_PARAMS_MAX 32
#define SYN_RULE_STATES_MAX 16 /* numbers of its own that a synapse may have */
#define SYN_RULE_ADVICE     24
#define SYN_RULE_TRANSITION "transition" /* name of the metatable */

typedef struct syn_views syn_views;

/* The iteration before, for rules that ask what followed. */
typedef struct syn_past {
  size_t n; /* synapses */
  uint8_t *before;
  int8_t *action;
  int there; /* has there been one? */
  unsigned reward_before, reward_after;
  int8_t reward;
  double loss_change;
} syn_past;

/* The moment of a call, for its messages. */
typedef struct syn_rule_moment {
  const char *function; /* "act", "learn", ...; NULL outside of all */
  long state;           /* its number, or -1 */
  size_t layer, layers; /* from 1; 0: none */
  uint64_t seed;
  uint32_t iteration; /* from 1; 0: before the run */
} syn_rule_moment;

/* How a rule is opened: whole; or as one of two that are compared, which is asked only once, and not
 * compared again when it starts; or as the other of the two, which is asked again after each learn,
 * since how often a rule is asked must not show. */
typedef enum syn_rule_opening {
  SYN_RULE_WHOLE,
  SYN_RULE_TWIN,
  SYN_RULE_ASKED_AGAIN
} syn_rule_opening;

typedef struct syn_rule {
  syn_policy base;
  syn_policy_class class; /* of this rule alone */
  syn_status (*start)(syn_policy *, const syn_plan *, const syn_kernels *,
                      syn_ctx *); /* of a whole rule: what follows the comparison (open.c) */
  syn_rule_info info;
  syn_rule_opening opening;
  const char *noun; /* "rule" or "reward" */
  const char *text; /* its own copy */
  size_t size;
  syn_sandbox *sandbox;
  syn_advice advice[SYN_RULE_ADVICE]; /* for its messages */
  char sign[2][80];                   /* of some of it */
  syn_arena arena;
  syn_rule_moment now;
  syn_param *params_declared; /* info.params, to be written */
  double *values;             /* of the params */

  /* The functions of the declaration, as references; LUA_NOREF: not given. */
  int act, init, learn, saved, step;
  int params, memory; /* p, and m once init has returned it */

  /* Finite rules. */
  syn_table table; /* its arrays are the three below */
  int8_t *action;
  uint32_t *low, *high;
  size_t asked, asked_end; /* the states that a tabulation asks: [asked, asked_end) */
  syn_trace outside;       /* of what its local variables held when it was opened (memory.c) */
  int states;              /* list of the state values, by number + 1 */
  int distinct;            /* learning rules: transitions of the last iteration */
  const syn_transition *transition;
  int by_layer, next_action;                  /* does learn hear of these? */
  size_t layers, layer_first[SYN_GROUPS_MAX]; /* of the run's network; 0: no run yet */
  syn_past past;
  uint32_t *count; /* how many synapses made each transition (transitions.c) */
  syn_arena run;   /* memory of one run */

  int hears_accuracy, hears_classes; /* rewards */
  const struct syn_news *news;       /* of the call that runs, for rewards */

  /* Local rules. */
  const syn_rule_kernels *kernels; /* there in all rules: sign and its like work on numbers too */
  syn_views *views;
  unsigned sees;                                   /* bits by syn_quantity (views.h) */
  double decay;                                    /* of the traces */
  int decay_param;                                 /* its place among the params, or -1 */
  size_t states_own;                               /* numbers that each synapse keeps */
  const char *state_name[SYN_RULE_STATES_MAX + 1]; /* sorted, ends with NULL */
  float state_start[SYN_RULE_STATES_MAX];
  int max_action; /* greatest step that out:set takes */
} syn_rule;

/* Reads a declaration, `declare` being the function that the file calls by the name `noun`, with its
 * parameters: all of a rule but what it does. On failure nothing is owned. */
syn_status syn_rule_load(syn_rule **out, const char *noun, lua_CFunction declare, const char *file,
                         const char *text, size_t size, const syn_arg *params, size_t n,
                         syn_ctx *ctx);
void syn_rule_close(syn_rule *rule);

syn_status syn_rule_open_source(syn_policy **out, const char *file, const char *text, size_t size,
                                const syn_arg *params, size_t n, syn_rule_opening opening,
                                syn_ctx *ctx);

/* Another instance with the same parameters, in a Lua state that walks its tables in another order. */
syn_status syn_rule_open_twin(syn_policy **out, const syn_rule *rule, syn_rule_opening opening,
                              syn_ctx *ctx);

/* Raises an error that begins with FILE:LINE of the definition of the function `ref`: for what is
 * wrong with its answer, when none of its lines is running any more. */
int syn_rule_fail(lua_State *L, int ref, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A value in words: a text in quotes, so that "1" is not taken for 1; "a table". Pushes a string. */
const char *syn_rule_shown(lua_State *L, int index);

/* ---- what messages say besides (advice.c) ------------------------------------------------ */

void syn_rule_advise(syn_rule *rule);
/* Once its kind is known. In a run; leaves values on the stack. */
void syn_rule_advise_on_declaration(lua_State *L, syn_rule *rule);

/* ---- the declaration (declare.c) -------------------------------------------------------- */

/* The globals `rule` and `reward`. */
int syn_rule_global(lua_State *L);
int syn_reward_global(lua_State *L);
/* Makes `p`, read-only, in a run. */
void syn_rule_make_params(lua_State *L, syn_rule *rule);
/* Arguments into rule->values. */
syn_status syn_rule_set_params(syn_rule *rule, const syn_arg *args, size_t n, syn_ctx *ctx);

/* ---- finite rules (table.c) ------------------------------------------------------------- */

/* What init returns becomes the memory. In a run. */
int syn_rule_make_memory(lua_State *L);
/* The list of all states (histories.c). In a run. */
void syn_rule_make_states(lua_State *L, syn_rule *rule);
/* Makes the states and the table, asks act twice. */
syn_status syn_rule_open_table(syn_rule *rule, syn_ctx *ctx);
/* ---- what learn hears (transitions.c) ----------------------------------------------------------- */

/* A run begins. */
syn_status syn_rule_start_learning(syn_rule *rule, const syn_plan *plan, syn_ctx *ctx);
syn_status syn_rule_count_transitions(syn_rule *rule, const syn_transition *step, syn_ctx *ctx);
/* Pushes the list of what was counted. */
void syn_rule_push_transitions(lua_State *L, syn_rule *rule);
/* This iteration will be the one before. */
void syn_rule_remember_transitions(syn_rule *rule, const syn_transition *step);
/* What of it a checkpoint keeps. */
void syn_rule_transitions_state(syn_rule *rule, syn_state *state);
/* What transitions have in common, in the registry. */
void syn_rule_make_transitions(lua_State *L);

/* The number of the state, or of the list of a state, at an index; -1 if it is neither. */
long syn_rule_numbered(lua_State *L, int index);
/* Pushes what has this number; 0 if nothing has. */
int syn_rule_push_numbered(lua_State *L, const syn_rule *rule, long number);
/* "state a = (-1, 0), r = (+1, -1)" */
void syn_rule_state_text(const syn_rule *rule, size_t state, char *text, size_t size);

/* ---- checkpoints (memory.c) -------------------------------------------------------------- */

/* What the memory holds just now; 0 where it is nothing that can be kept. */
syn_trace syn_rule_trace_memory(syn_rule *rule);
/* What its functions hold outside of the memory is noted, so that a change of it is found. */
syn_status syn_rule_note_outside(syn_rule *rule, syn_ctx *ctx);
/* The memory, kept or given back. SYN_EINVAL: it cannot be kept, and why. */
syn_status syn_rule_keep_memory(syn_rule *rule, syn_state *state, syn_ctx *ctx);
/* Gives the class its `state`, where the rule has any. At the end of opening. */
syn_status syn_rule_open_state(syn_rule *rule, syn_ctx *ctx);

/* Is there a view in the memory (kept.c)? SYN_EFAILED names it. */
syn_status syn_rule_refuse_kept_views(syn_rule *rule, syn_ctx *ctx);

/* ---- local rules (views.c, step.c) ------------------------------------------------- */

syn_status syn_rule_open_step(syn_rule *rule, syn_ctx *ctx);
/* A run begins. */
syn_status syn_rule_start_step(syn_rule *rule, const syn_plan *plan, const syn_kernels *kernels,
                               syn_ctx *ctx);
/* Reads `sees`, `trace`, `state` and `steps` from the declaration on top of the stack. In a run. */
void syn_rule_declare_step(lua_State *L, syn_rule *rule);
/* Raises an error with file and line where the text compares a view by == or asks whether a view or a
 * number is true, of which Lua says nothing (mistakes.c). In the run that has loaded the file; leaves
 * values on the stack. */
void syn_rule_refuse_mistakes(lua_State *L, const syn_rule *rule);

#endif
