/* The paper's Q-learning (section 2.2, equations 5 and 6): one table for all synapses.
 *
 *   Q(s,a) <- Q(s,a) + rate * ((R + discount * max_a' Q(s',a')) - Q(s,a))      in double
 *
 * after every iteration, for every synapse in order. With order = in_place each update sees those
 * before it. With order = synchronous all max_a' Q(s',a') are those from before the iteration; the
 * updates of one entry share R and s', hence one target, and are applied one after the other: an
 * entry with c transitions moves c times towards the same target, in a loop (not by a power), so
 * that whoever knows only the counts can compute the same bits.
 *
 * sees = actions (rewards) leaves out the other half of the state: all states that differ in it only
 * are one, and have the same values. With actions = two there is no null: its value is kept at the
 * lesser of the other two, so that it is never the greatest, and exploration leaves it out. With
 * actions = five there are steps of two sizes, by 1 and by 2; a tie goes to the lowest of the five.
 *
 * The average (save "average") is, for every entry, the mean of its values after iterations
 * average_after + 1 .. T, T being the iterations learned. Exactly: all states with the same reward
 * code form a block, and an iteration changes only the block of its reward code before. Before a
 * block changes, and when the average is saved, each of its sums grows by value * (iterations that
 * it has stood), in double; the average is sum / (T - average_after).
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "policies/common.h"
#include "policies/tables/tabular.h"

enum {
  HISTORY,
  SEES,
  ACTIONS,
  RATE,
  RATE_END,
  RATE_OVER,
  DISCOUNT,
  TIE_BREAK,
  ORDER,
  AVERAGE_AFTER,
  INITIAL,
  CSV
};
typedef enum sees { SEES_BOTH, SEES_ACTIONS, SEES_REWARDS } sees;
static const char *const sights[] = {"both", "actions", "rewards", NULL};
static const char *const action_sets[] = {"three", "two", "five", NULL};
typedef enum action_set { THREE, TWO, FIVE } action_set;
typedef enum order { IN_PLACE, SYNCHRONOUS } order;
static const char *const orders[] = {"in_place", "synchronous", NULL};

static int rate_moves(const void *args) {
  return ((const syn_value *)args)[RATE_OVER].number > 0;
}
static int has_no_csv(const void *args) {
  const char *csv = ((const syn_value *)args)[CSV].text;
  return !csv || !csv[0];
}
static const syn_scope moving = {"a rate_over above 0", rate_moves};
static const syn_scope starting = {"a policy without a csv, which holds the start values",
                                   has_no_csv};

static const syn_param params[] = {
    [HISTORY] = {SYN_INTEGER(
        "history", "pairs", 2, 0, SYN_HISTORY_MAX,
        "past (action, reward) pairs that a synapse remembers; with csv, that of the file")},
    [SEES] = {SYN_CHOICE("sees", "both", sights, "which of both a state holds")},
    [ACTIONS] = {SYN_CHOICE(
        "actions", "three", action_sets,
        "down, null and up; two: without null; five: also steps of twice the size")},
    [RATE] = {SYN_NUMBER("rate", "", 0.01, 0, 1, "alpha_q, the learning rate of Q")},
    [RATE_END] = {SYN_NUMBER("rate_end", "", 0, 0, 1,
                             "where rate goes, in a straight line, in rate_over iterations"),
                  .scope = &moving},
    [RATE_OVER] = {SYN_INTEGER("rate_over", "iterations", 0, 0, 4e9,
                               "see rate_end; 0: rate stays")},
    [DISCOUNT] = {SYN_NUMBER("discount", "", 0.9, 0, 1,
                             "gamma, what a reward counts one iteration on")},
    [TIE_BREAK] = {SYN_CHOICE("tie_break", "lowest", syn_tie_break_names,
                              "which of several greatest values acts: the lowest, or any")},
    [ORDER] = {SYN_CHOICE("order", "in_place", orders,
                          "updates see those before them, or all see Q from before the iteration")},
    [AVERAGE_AFTER] = {SYN_INTEGER("average_after", "iterations", 2500, 0, 4e9,
                                   "the average leaves out so many at the start")},
    [INITIAL] = {SYN_NUMBER("initial", "", 0, -1e6, 1e6,
                            "start value of all Q, where there is no csv"),
                 .scope = &starting},
    [CSV] = {SYN_TEXT("csv", "",
                      "start values, the text of a policy file; empty: all are initial")},
    {.name = NULL},
};

typedef struct qtable {
  syn_tabular tab;
  double rate, rate_end, rate_over, discount;
  order order;
  sees sees;
  int two;         /* actions */
  double *best;    /* (states) greatest value of each; inside an iteration only if IN_PLACE */
  double *sum;     /* (states, actions) of the average */
  uint64_t *since; /* (locals) by reward code: iterations that the block's sums hold */
  uint64_t done;   /* iterations learned */
  uint64_t average_after;
} qtable;

static inline double greatest(const double *row, unsigned actions) {
  double best = row[0] > row[1] ? row[0] : row[1];
  for (unsigned a = 2; a < actions; a++)
    best = best > row[a] ? best : row[a];
  return best;
}

/* The same without null. */
static inline double greater(const double row[3]) {
  return row[0] > row[2] ? row[0] : row[2];
}

static double best_of(const qtable *p, const double *row) {
  return p->two ? greater(row) : greatest(row, p->tab.actions);
}

/* Equal states get equal values: those of reward code `code`, or of all where rewards are not seen.
 * The one whose unseen half is zero is changed by learning, the others follow it. */
static void share(qtable *p, unsigned code) {
  size_t locals = p->tab.table.locals, zero = syn_history_zero((unsigned)locals);
  size_t width = p->tab.actions, size = width * sizeof(double);
  double *rows = p->tab.q + width * code * locals, *best = p->best + code * locals;
  for (size_t h = 0; h < locals && p->two; h++)
    rows[3 * h + 1] = rows[3 * h] < rows[3 * h + 2] ? rows[3 * h] : rows[3 * h + 2];
  for (size_t h = 0; h < locals && p->sees == SEES_REWARDS; h++) {
    memmove(rows + width * h, rows + width * zero, size);
    best[h] = best[zero];
  }
  for (size_t r = 0; r < locals && p->sees == SEES_ACTIONS; r++)
    if (r != zero) {
      memcpy(p->tab.q + width * r * locals, p->tab.q + width * zero * locals, locals * size);
      memcpy(p->best + r * locals, p->best + zero * locals, locals * sizeof *best);
    }
}

static void close_qtable(syn_policy *policy) {
  syn_tabular_release((syn_tabular *)policy);
  free(policy);
}

/* What does not go together. */
static syn_status refuse(const syn_value *args, syn_ctx *ctx) {
  if ((action_set)args[ACTIONS].number == TWO && args[TIE_BREAK].number > 0)
    return syn_fail(ctx, SYN_EINVAL,
                    "policy 'qtable': actions = 'two' goes with tie_break = 'lowest' "
                    "only; a tie with null would be drawn");
  return SYN_OK;
}

/* The same of what its file holds. */
static syn_status refuse_file(const qtable *p, const syn_value *args, syn_ctx *ctx) {
  action_set actions = (action_set)args[ACTIONS].number;
  if ((actions == FIVE) != (p->tab.actions == 5))
    return syn_fail(ctx, SYN_EINVAL, "policy 'qtable': its csv has %u actions, but actions = '%s'",
                    p->tab.actions, action_sets[actions]);
  if (args[HISTORY].given && args[HISTORY].number != p->tab.table.history)
    return syn_fail(
        ctx, SYN_EINVAL,
        "policy 'qtable': history = %g has no effect beside a csv, which has history %u",
        args[HISTORY].number, p->tab.table.history);
  return SYN_OK;
}

static syn_status open_qtable(syn_policy **out, const syn_value *args, syn_ctx *ctx) {
  action_set actions = (action_set)args[ACTIONS].number;
  const char *csv = args[CSV].text[0] ? args[CSV].text : NULL;
  syn_status status = refuse(args, ctx);
  if (status)
    return status;
  qtable *p = calloc(1, sizeof *p);
  if (!p)
    return syn_fail_memory(ctx, "a policy");
  status = syn_tabular_init(&p->tab, &syn_policy_qtable, csv, (unsigned)args[HISTORY].number,
                            actions == FIVE ? 5 : 3, (syn_tie_break)args[TIE_BREAK].number, ctx);
  if (status) {
    free(p);
    return status;
  }
  if ((status = refuse_file(p, args, ctx))) {
    close_qtable(&p->tab.base);
    return status;
  }
  size_t states = syn_states(p->tab.table.history), width = p->tab.actions;
  for (size_t e = 0; e < width * states && !csv; e++)
    p->tab.q[e] = args[INITIAL].number;
  p->best = syn_arena_take(&p->tab.arena, states, sizeof *p->best);
  p->sum = syn_arena_take(&p->tab.arena, width * states, sizeof *p->sum);
  p->since = syn_arena_take(&p->tab.arena, p->tab.table.locals, sizeof *p->since);
  if (!p->best || !p->sum || !p->since) {
    close_qtable(&p->tab.base);
    return syn_fail_memory(ctx, "a Q-table");
  }
  p->sees = (sees)args[SEES].number;
  p->two = actions == TWO;
  p->tab.table.no_null = p->two;
  for (size_t s = 0; s < states; s++)
    p->best[s] = best_of(p, p->tab.q + width * s);
  for (unsigned code = 0; code < p->tab.table.locals; code++)
    if (p->sees != SEES_ACTIONS || code == syn_history_zero(p->tab.table.locals))
      share(p, code);
  syn_tabular_refresh(&p->tab, 0, states);
  p->rate = args[RATE].number;
  p->rate_end = args[RATE_END].number;
  p->rate_over = args[RATE_OVER].number;
  p->discount = args[DISCOUNT].number;
  p->order = (order)args[ORDER].number;
  p->average_after = (uint64_t)args[AVERAGE_AFTER].number;
  *out = &p->tab.base;
  return SYN_OK;
}

/* Iterations of the average that the values of a block have stood and that its sums lack. */
static double stood(const qtable *p, unsigned reward_code) {
  uint64_t from =
      p->since[reward_code] > p->average_after ? p->since[reward_code] : p->average_after;
  return p->done > from ? (double)(p->done - from) : 0.0;
}

/* The block is about to change: its values so far go into the sums. */
static void settle(qtable *p, unsigned reward_code) {
  size_t entries = (size_t)p->tab.actions * p->tab.table.locals, first = reward_code * entries;
  double times = stood(p, reward_code);
  if (times > 0.0)
    for (size_t e = first; e < first + entries; e++)
      p->sum[e] += p->tab.q[e] * times;
  p->since[reward_code] = p->done;
}

/* alpha_q of this iteration. */
static double rate_now(const qtable *p) {
  double done = (double)p->done;
  if (p->rate_over == 0)
    return p->rate;
  return done >= p->rate_over ? p->rate_end
                              : p->rate + (p->rate_end - p->rate) * (done / p->rate_over);
}

/* What one iteration's updates work on. */
typedef struct updates {
  double *rows, *best;      /* of the reward code before */
  const double *best_after; /* of that after; may be `best` */
  unsigned mask, rest;      /* local history as it is seen: (h & mask) + rest */
  double reward, rate;
} updates;

/* Equation (6) for all synapses. `width` is known where this is called, so it costs nothing. */
static inline __attribute__((always_inline)) void
update(const qtable *p, const updates *u, const syn_transition *step, const unsigned width) {
  double *rows = u->rows, *best = u->best;
  const double *best_after = u->best_after;
  const double reward = u->reward, rate = u->rate, discount = p->discount;
  const unsigned mask = u->mask, rest = u->rest;
  const int in_place = p->order == IN_PLACE;
  for (size_t i = 0; i < step->n; i++) {
    size_t before = (step->before[i] & mask) + rest;
    double *row = rows + width * before, *entry = row + width / 2 + step->action[i];
    double target = reward + discount * best_after[(step->after[i] & mask) + rest];
    *entry += rate * (target - *entry);
    if (in_place)
      best[before] = p->two ? greater(row) : greatest(row, width);
  }
}

static syn_status learn(syn_policy *policy, const syn_transition *step, syn_ctx *ctx) {
  (void)ctx;
  qtable *p = (qtable *)policy;
  size_t locals = p->tab.table.locals;
  unsigned zero = syn_history_zero((unsigned)locals), blind = p->sees == SEES_ACTIONS;
  unsigned code = blind ? zero : step->reward_before, after = blind ? zero : step->reward_after;
  assert(step->locals == locals);
  for (unsigned r = blind ? 0 : code; r < (blind ? locals : code + 1); r++)
    settle(p, r);
  const updates u = {.rows = p->tab.q + p->tab.actions * code * locals,
                     .best = p->best + code * locals,
                     .best_after = p->best + after * locals,
                     .mask = p->sees == SEES_REWARDS ? 0 : 0xff,
                     .rest = p->sees == SEES_REWARDS ? zero : 0,
                     .reward = step->value,
                     .rate = rate_now(p)};
  if (p->tab.actions == 5)
    update(p, &u, step, 5);
  else
    update(p, &u, step, 3);
  for (size_t h = 0; h < locals && p->order == SYNCHRONOUS; h++)
    u.best[h] = best_of(p, u.rows + p->tab.actions * h);
  share(p, code);
  syn_tabular_refresh(&p->tab, blind ? 0 : code * locals, blind ? locals * locals : locals);
  p->done++;
  return SYN_OK;
}

static syn_status state(syn_policy *policy, syn_state *s, syn_ctx *ctx) {
  (void)ctx;
  qtable *p = (qtable *)policy;
  size_t states = syn_states(p->tab.table.history), entries = p->tab.actions * states;
  syn_state_piece(s, p->tab.q, entries * sizeof *p->tab.q);
  syn_state_piece(s, p->best, states * sizeof *p->best);
  syn_state_piece(s, p->sum, entries * sizeof *p->sum);
  syn_state_piece(s, p->since, p->tab.table.locals * sizeof *p->since);
  syn_state_piece(s, &p->done, sizeof p->done);
  if (s->resuming)
    syn_tabular_refresh(&p->tab, 0, states);
  return SYN_OK;
}

static syn_status save_average(const qtable *p, syn_write write, void *self, syn_ctx *ctx) {
  size_t locals = p->tab.table.locals, block = p->tab.actions * locals;
  if (p->done <= p->average_after)
    return syn_fail(ctx, SYN_EINVAL,
                    "policy 'qtable' has no average: it learned for %llu iterations, and "
                    "average_after is %llu",
                    (unsigned long long)p->done, (unsigned long long)p->average_after);
  double *mean = malloc(block * locals * sizeof *mean);
  if (!mean)
    return syn_fail_memory(ctx, "an averaged Q-table");
  double span = (double)(p->done - p->average_after);
  for (unsigned code = 0; code < locals; code++)
    for (size_t e = block * code; e < block * (code + 1); e++)
      mean[e] = (p->sum[e] + p->tab.q[e] * stood(p, code)) / span;
  syn_qvalues_write(mean, p->tab.table.history, p->tab.actions, write, self);
  free(mean);
  return SYN_OK;
}

static syn_status save(const syn_policy *policy, const char *what, syn_write write, void *self,
                       syn_ctx *ctx) {
  const qtable *p = (const qtable *)policy;
  if (strcmp(what, "average") == 0)
    return save_average(p, write, self, ctx);
  if (strcmp(what, "final") != 0)
    return syn_fail(ctx, SYN_EINVAL, "policy 'qtable' has no result '%s'; it has final and average",
                    what);
  syn_qvalues_write(p->tab.q, p->tab.table.history, p->tab.actions, write, self);
  return SYN_OK;
}

const syn_policy_class syn_policy_qtable = {
    .abi = SYN_POLICY_ABI,
    .name = "qtable",
    .summary = "the paper's Q-learning, one table for all synapses",
    .params = params,
    .open = open_qtable,
    .history = syn_tabular_history,
    .max_action = syn_tabular_max_action,
    .act = syn_tabular_act,
    .learn = learn,
    .table = syn_tabular_table,
    .save = save,
    .state = state,
    .close = close_qtable,
};
