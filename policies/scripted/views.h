/* What a local rule sees: views of engine memory and of results computed from them.
 *
 * A view has one number for every synapse of the layer, in the order of net/plan.h: unit by unit,
 * the bias first. Where the numbers do not depend on the unit, or on the input, they are stored
 * once for all (a shape); pre is 1 for a bias.
 *
 * In Lua a view is a light userdata: the number of the call and the number of the view, no
 * pointer. So views cost no allocation, cannot be forged, since nothing in the sandbox makes one,
 * and one that is used after its call is known by its number and refused. Results live in buffers
 * that are taken when first needed and used again in every later call.
 */
#ifndef SYN_POLICIES_RULE_VIEWS_H
#define SYN_POLICIES_RULE_VIEWS_H

#include "policies/scripted/internal.h"

typedef enum syn_quantity {
  SYN_SEES_WEIGHT,
  SYN_SEES_PRE,
  SYN_SEES_POST,
  SYN_SEES_ACTION,
  SYN_SEES_REWARD,
  SYN_SEES_RANDOM,
  SYN_SEES_LOSS,
  SYN_SEES_LOSS_CHANGE,
  SYN_SEES_REWARD_VALUE,
  SYN_SEES_WEIGHT_TRACE, /* from here on the traces, in the order of the first five */
  SYN_SEES_PRE_TRACE,
  SYN_SEES_POST_TRACE,
  SYN_SEES_ACTION_TRACE,
  SYN_SEES_REWARD_TRACE,
  SYN_QUANTITIES
} syn_quantity;

extern const char *const syn_quantity_names[]; /* ends with NULL */

/* What step can always ask: iteration, layer, ...; ends with NULL. */
extern const char *const syn_fact_names[];

/* For messages. */
#define SYN_VIEWS_KNOW                                                                             \
  "+ - * / and the functions sign, abs, min, max, clamp, exp, log, sqrt, tanh, lt, le, gt, ge, "   \
  "eq, and_, or_, not_, where"
#define SYN_VIEWS_COMPARE "of numbers eq(x, y), lt, le, gt and ge give 1 or 0"

enum { SYN_BY_INPUT = 1, SYN_BY_UNIT = 2, SYN_BY_SYNAPSE = 3 }; /* shapes, bits; 0: one number */

#define SYN_NO_SLOT     UINT32_MAX
#define SYN_SLOTS_MAX   1000               /* quantities and results of one call */
#define SYN_SCRATCH_MAX ((size_t)64 << 20) /* bytes of all results together */

typedef struct syn_slot {
  const float *x; /* NULL: not computed in this call */
  unsigned shape;
} syn_slot;

struct syn_views {
  syn_rule *rule;
  uint64_t call;                /* number of the call; 0 before the first */
  syn_slot slot[SYN_SLOTS_MAX]; /* the quantities, then the results of this call */
  float *buffer[SYN_SLOTS_MAX]; /* of a slot; NULL: none needed so far */
  unsigned used;
  size_t synapses; /* of the whole network */
  size_t room;     /* floats of a buffer: synapses of the largest layer */
  size_t scratch;  /* bytes of all buffers */
  syn_arena arena;

  /* Of this call. */
  const syn_view *view;
  const syn_layer_view *layer;
  size_t units, columns; /* of the layer: columns = inputs + 1 */
  int8_t *action;        /* of the layer's synapses */
  int written;
  uint32_t draws; /* views of random numbers made so far */

  /* States, over the whole network; what a call assigns is kept when it has ended. */
  float *state[SYN_RULE_STATES_MAX];
  unsigned
      now[SYN_RULE_STATES_MAX]; /* slot with its value in this call; SYN_NO_SLOT: not asked for */

  /* Traces, over the whole network; NULL unless seen. */
  float *trace[SYN_QUANTITIES];
  size_t traced[SYN_QUANTITIES]; /* how many numbers */
  float reward_trace;
  size_t pre_first[SYN_GROUPS_MAX], post_first[SYN_GROUPS_MAX]; /* places of the layers in them */
};

/* Adds sign, abs, ... as globals. Before the file is run. */
void syn_views_globals(lua_State *L, syn_rule *rule);
/* Gives light userdata their behaviour. Once, in a run. */
void syn_views_install(lua_State *L, syn_views *views);
/* A new call, for layer l: earlier views are void from here on. */
void syn_views_begin(syn_views *views, size_t l);
/* The call has ended: what it assigned to states is kept. Raises an error where it is not finite. */
void syn_views_end(lua_State *L, syn_views *views);
/* Pushes v and out. */
void syn_views_push(lua_State *L, const syn_views *views);

/* ---- what the files of views share ------------------------------------------------------------- */

enum { SYN_HANDLE_V = SYN_SLOTS_MAX, SYN_HANDLE_OUT, SYN_HANDLE_BITS = 10 };

syn_views *syn_views_of(lua_State *L); /* of a function whose upvalue 1 is the rule */
/* A view on the stack; its number within this call, or an error if it is of another call. */
void syn_view_push(lua_State *L, const syn_views *views, unsigned index);
unsigned syn_view_handle(lua_State *L, const syn_views *views, int arg);
size_t syn_views_size(const syn_views *views, unsigned shape);
/* Memory of a slot: taken in the first calls, there in all later ones. */
float *syn_views_buffer(lua_State *L, syn_views *views, unsigned slot);
/* The next slot of this call; its buffer is taken by those who want one. */
unsigned syn_views_slot(lua_State *L, syn_views *views, syn_slot slot);
/* A slot for a result of this call, on the stack as a view. */
float *syn_views_result(lua_State *L, syn_views *views, unsigned shape);
/* Random number `draw` of each synapse of the layer. */
void syn_views_draw(const syn_views *views, float *x, uint32_t draw);
int syn_views_state(const syn_rule *rule, const char *name); /* its place, or -1 */
int syn_views_fact(const char *name);                        /* is it a number that is no secret? */
int syn_views_own(const char *name);  /* does v have it in every rule, in sees or not? */
int syn_views_name(const char *name); /* can a state have it for a name? */
/* A number or a view as an operand; *number holds the number. Returns its shape. */
unsigned syn_views_operand(lua_State *L, int arg, syn_slot *slot, float *number);
int syn_views_is_operand(lua_State *L, int arg);
const syn_operation_entry *syn_views_operation(const syn_rule *rule, const char *name);
void syn_views_run(const syn_views *views, const syn_operation_entry *op, float *out,
                   unsigned shape, const syn_slot *in);
/* An operand as one number for every synapse, in a result of its own. */
const float *syn_views_spread(lua_State *L, syn_views *views, syn_slot slot);

int syn_view_field(lua_State *L, syn_views *views);  /* v.NAME (view_read.c) */
int syn_view_assign(lua_State *L, syn_views *views); /* v.NAME = x (view_write.c) */
int syn_view_draw(lua_State *L);                     /* v:draw() */
int syn_out_write(lua_State *L); /* out:NAME(x); upvalue 2 is its place among: */
#define SYN_OUT_METHODS 3
extern const char *const syn_out_names[];

#endif
