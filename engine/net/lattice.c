#include "engine/net/lattice.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"

#define WINDOW   32   /* moves that are timed together, */
#define SLOWEST  8    /* but for those of them that others may have disturbed */
#define PATIENCE 64   /* moves on one batch before the pixels are packed a second time */
#define WARM     8    /* moves with looking before they are timed */
#define TRUST    4096 /* moves for which it is believed that looking for repetitions pays */
#define REST     256  /* moves without looking where it does not, then twice as many, */
#define REST_MAX 8192 /* up to this */
#define SAMPLE   1024 /* actions that candidates are compared on */
#define TRIAL    16   /* blocks of a trial of both ways */
#define LAPS     5    /* of a trial, of which the fastest counts */

/* What a unit's share of a wide block costs besides entries, in entries: a past sum, and the rest. */
#define SUM_COST   3
#define UNIT_COST  12
#define ENOUGH     0.05 /* entries an action, for a trial that tells */
#define BREAK_EVEN 0.3  /* entries an action at which both ways are alike, until it is measured */
#define GAIN       0.98 /* of the time without looking: looking pays */

struct syn_lattice {
  syn_arena *arena;
  size_t wide;                       /* wide blocks of the largest batch */
  size_t inputs, units, groups, row; /* row: actions of a unit in `past`, padded */
  int max_action;
  const syn_kernels *k;
  size_t blocks, served;    /* blocks; moves on this batch */
  uint8_t *X;               /* (blocks, groups, 16, 4) */
  int8_t *A;                /* (U, groups*4) the move, for the dense product */
  int32_t *D[SYN_LAGS + 1]; /* sums now and after each of the last moves; (blocks, U, 16) */
  int moved;                /* there is a move that D[0] has not taken in */

  enum { UNASKED, READY, WITHOUT } memory; /* of what only sparse products need: */
  uint8_t *W;                              /* the pixels in wide blocks; of use if `packed` */
  int8_t *past[SYN_LAGS + 1];              /* (U, row) the last moves */
  int32_t *scratch;                        /* (TRIAL blocks, U, 16) */
  int watching;                            /* moves are kept: past and D above are in use */
  int packed, known;                       /* known: so many earlier moves are kept */
  enum { DENSE, SPARSE, BACK } way;        /* how the move is taken; sparse by this: */
  syn_sparse list;
  const int32_t *from[SYN_STEPS];
  size_t terms, minus;

  double break_even; /* entries an action at which both ways are alike */
  int measured;

  /* does looking pay? seconds of moves with their sums, from move to settle */
  double begin, lap[WINDOW], plain; /* plain: of a window without looking */
  size_t laps, rest;                /* moves of the last rest */
  size_t timed_from, until;         /* of `served`: timing begins; the rest or the trust ends */
};

static size_t round_up(size_t n, size_t to) {
  return (n + to - 1) / to * to;
}

/* ---- set-up ---------------------------------------------------------------------------------- */

static int take_list(syn_sparse *s, size_t inputs, size_t units, syn_arena *a) {
  s->inputs = inputs;
  s->units = units;
  s->entries_max = 2 * inputs * units + 64;
  s->pieces_max = s->entries_max / 64 + 2 * units;
  return (s->first = syn_arena_take(a, units + 1, sizeof *s->first)) &&
         (s->piece = syn_arena_take(a, s->pieces_max, sizeof *s->piece)) &&
         (s->entry = syn_arena_take(a, s->entries_max, sizeof *s->entry));
}

/* What only sparse products need. */
static int take_memory(syn_lattice *l) {
  syn_arena *a = l->arena;
  size_t wide = l->wide, sums = SYN_WIDE * wide * l->units * SYN_LANES;
  int ok = take_list(&l->list, l->inputs, l->units, a) &&
           (l->W = syn_arena_take(a, wide * (l->inputs + 1), SYN_COLUMN)) &&
           (l->scratch = syn_arena_take(a, TRIAL * l->units * SYN_LANES, sizeof *l->scratch));
  for (int k = 0; k <= SYN_LAGS; k++)
    ok = ok && (l->past[k] = syn_arena_take(a, l->units, l->row)) &&
         (k == 0 || (l->D[k] = syn_arena_take(a, sums, sizeof *l->D[k])));
  return ok;
}

static int is_ready(syn_lattice *l) {
  if (l->memory == UNASKED)
    l->memory = take_memory(l) ? READY : WITHOUT;
  return l->memory == READY;
}

syn_lattice *syn_lattice_open(size_t inputs, size_t units, size_t samples, int max_action,
                              const syn_kernels *kernels, syn_arena *a) {
  syn_lattice *l = syn_arena_take(a, 1, sizeof *l);
  size_t blocks = round_up(samples, SYN_LANES) / SYN_LANES,
         wide = round_up(blocks, SYN_WIDE) / SYN_WIDE;
  if (!l)
    return NULL;
  *l = (syn_lattice){.arena = a,
                     .wide = wide,
                     .inputs = inputs,
                     .units = units,
                     .groups = round_up(inputs, SYN_GROUP) / SYN_GROUP,
                     .row = round_up(inputs, SYN_CHUNK),
                     .max_action = max_action,
                     .k = kernels,
                     .break_even = BREAK_EVEN};
  if ((l->X = syn_arena_take(a, blocks * l->groups, SYN_LANES * SYN_GROUP)) &&
      (l->A = syn_arena_take(a, units, l->groups * SYN_GROUP)) &&
      (l->D[0] = syn_arena_take(a, SYN_WIDE * wide * units * SYN_LANES, sizeof *l->D[0])) &&
      (kernels->products != SYN_PRODUCTS_SPARSE || is_ready(l)))
    return l;
  return NULL;
}

/* ---- batches --------------------------------------------------------------------------------- */

void syn_lattice_batch(syn_lattice *l, const uint8_t *pixels, const uint32_t *rows, size_t n) {
  l->blocks = round_up(n, SYN_LANES) / SYN_LANES;
  l->served = l->laps = l->rest = l->timed_from = 0;
  l->until = PATIENCE;
  l->packed = 0;
  l->watching = l->k->products == SYN_PRODUCTS_SPARSE;
  syn_pack_bytes(l->X, pixels, rows, n, l->inputs);
}

static size_t sums_of(const syn_lattice *l) {
  return l->blocks * SYN_LANES * l->units;
}

void syn_lattice_base(syn_lattice *l) {
  memset(l->D[0], 0, sums_of(l) * sizeof *l->D[0]);
  l->moved = 0;
  l->known = 0;
}

/* ---- sparse moves ---------------------------------------------------------------------------- */

/* D_t = D_(t-1) + sum of sign_k (D_(t-k) - D_(t-k-1)): the sums that are taken off first. */
static void find_terms(syn_lattice *l, const int8_t sign[SYN_LAGS + 1]) {
  int times[SYN_LAGS + 2] = {0, 1};
  for (int k = 1; k <= SYN_LAGS; k++) {
    times[k] += sign[k];
    times[k + 1] -= sign[k];
  }
  l->terms = 0;
  for (int below = 1; below >= 0; below--) {
    for (int k = 1; k <= SYN_LAGS + 1; k++)
      for (int i = 0; i < (below ? -times[k] : times[k]); i++)
        l->from[l->terms++] = l->D[k % (SYN_LAGS + 1)]; /* the oldest is where the new one goes */
    l->minus = below ? l->terms : l->minus;
  }
}

static double overhead(const syn_lattice *l) {
  return (double)(SUM_COST * l->terms + UNIT_COST) * (double)l->units;
}

/* What the list costs, in entries an action. */
static double list_cost(const syn_lattice *l) {
  return ((double)l->list.entries + overhead(l)) / (double)(l->inputs * l->units);
}

/* The signs (1..SYN_LAGS) of which delta needs least, by a part of all actions that changes from move
 * to move; returns what it costs, in entries. */
static double find_signs(syn_lattice *l) {
  size_t all = l->units * l->row, n = all < SAMPLE ? all : SAMPLE;
  size_t chunks = (all - n) / SYN_CHUNK + 1, at = l->served * 5 % chunks * SYN_CHUNK;
  const int8_t *past[SYN_LAGS + 1];
  double least = 0;
  int tries = 1;
  for (int k = 0; k <= SYN_LAGS; k++)
    past[k] = l->past[k] + at;
  for (int k = 0; k < l->known; k++)
    tries *= 3;
  for (int i = 0; i < tries; i++) {
    int8_t sign[SYN_LAGS + 1] = {0};
    for (int k = 1, rest = i; k <= SYN_LAGS; k++, rest /= 3)
      sign[k] = (int8_t)(rest % 3 == 2 ? -1 : rest % 3);
    find_terms(l, sign);
    double cost = (double)l->k->sparse_count(past, sign, n) * (double)all / (double)n + overhead(l);
    if (i == 0 || cost < least) {
      least = cost;
      memcpy(l->list.sign, sign, sizeof sign);
    }
  }
  find_terms(l, l->list.sign);
  return least;
}

/* Brings `blocks` blocks from `first` on, a multiple of SYN_WIDE, up to date in D. */
static void take_dense(const syn_lattice *l, int32_t *D, size_t first, size_t blocks) {
  size_t at = first * l->units * SYN_LANES;
  const int32_t *before = l->watching ? l->D[1] : l->D[0];
  l->k->lattice(D, before + at, l->X + first * l->groups * SYN_LANES * SYN_GROUP, l->A, blocks,
                l->groups, l->units, l->max_action);
}

static void take_sparse(const syn_lattice *l, int32_t *D, size_t first, size_t blocks) {
  const int32_t *from[SYN_STEPS];
  size_t wide = first / SYN_WIDE;
  for (size_t i = 0; i < l->terms; i++)
    from[i] = l->from[i] + first * l->units * SYN_LANES;
  l->k->sparse(D, from, l->terms, l->minus, l->W + wide * (l->inputs + 1) * SYN_COLUMN, &l->list,
               (blocks + SYN_WIDE - 1) / SYN_WIDE);
}

static void copy_move(const syn_lattice *l, int8_t *to, size_t row, const int8_t *action) {
  for (size_t u = 0; u < l->units; u++)
    memcpy(to + u * row, action + u * (l->inputs + 1) + 1, l->inputs);
}

/* Does the move take back the last one? */
static int takes_back(const syn_lattice *l, const int8_t *action) {
  int differs = !l->known;
  for (size_t u = 0; u < l->units && !differs; u++) {
    const int8_t *a = action + u * (l->inputs + 1) + 1, *last = l->past[0] + u * l->row;
    for (size_t i = 0; i < l->inputs; i++)
      differs |= a[i] + last[i];
  }
  return !differs;
}

/* Sums and moves are those of before the last move, which leaves no trace: what it had pushed out is
 * one move less to look at. */
static void go_back(syn_lattice *l) {
  int8_t *move = l->past[0];
  int32_t *sums = l->D[0];
  for (int k = 0; k < SYN_LAGS; k++) {
    l->past[k] = l->past[k + 1];
    l->D[k] = l->D[k + 1];
  }
  l->past[SYN_LAGS] = move;
  l->D[SYN_LAGS] = sums;
  l->known--;
}

/* The earlier moves give way to this one. */
static void remember(syn_lattice *l, const int8_t *action) {
  int8_t *move = l->past[SYN_LAGS];
  int32_t *sums = l->D[SYN_LAGS];
  for (int k = SYN_LAGS; k > 0; k--) {
    l->past[k] = l->past[k - 1];
    l->D[k] = l->D[k - 1];
  }
  l->past[0] = move;
  l->D[0] = sums;
  copy_move(l, move, l->row, action);
}

/* Times both ways for the move on the first blocks, in turn; the fastest of some laps counts, since
 * others use the machine too. */
static void measure(syn_lattice *l) {
  size_t blocks = l->blocks < TRIAL ? l->blocks : TRIAL;
  double dense = 1, sparse = 1;
  for (int lap = 0; lap < LAPS; lap++) {
    double begin = syn_clock();
    take_dense(l, l->scratch, 0, blocks);
    double middle = syn_clock();
    take_sparse(l, l->scratch, 0, blocks);
    double end = syn_clock();
    dense = fmin(dense, middle - begin);
    sparse = fmin(sparse, end - middle);
  }
  if (dense > 0 && sparse > 0)
    l->break_even = list_cost(l) * dense / sparse;
  l->measured = 1;
}

/* Is the move to be taken by its list? */
static int choose_sparse(syn_lattice *l) {
  double actions = (double)(l->inputs * l->units), cost = find_signs(l);
  int forced = l->k->products == SYN_PRODUCTS_SPARSE;
  if (!forced && cost > (l->measured ? l->break_even : 1) * actions)
    return 0;
  if (!l->packed)
    syn_pack_wide(l->W, l->X, l->blocks, l->inputs);
  l->packed = 1;
  if (!l->k->sparse_list(&l->list, (const int8_t *const *)l->past, l->row))
    return 0;
  if (!l->measured && (double)l->list.entries > ENOUGH * actions)
    measure(l);
  return forced || list_cost(l) < l->break_even;
}

/* ---- moves ----------------------------------------------------------------------------------- */

static int in_order(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* After a window: looking goes on if it pays, until that is to be seen anew; else it rests. */
static void weigh(syn_lattice *l) {
  double time = 0;
  qsort(l->lap, WINDOW, sizeof *l->lap, in_order);
  for (int i = 0; i < WINDOW - SLOWEST; i++)
    time += l->lap[i];
  l->laps = 0;
  if (!l->watching) {
    l->plain = time;
    if (l->served < l->until || !is_ready(l))
      return;
    l->watching = 1;
    l->known = 0;
    l->timed_from = l->served + WARM;
    l->until = l->served + TRUST;
  } else if (time > GAIN * l->plain) {
    l->watching = 0;
    l->rest = l->rest ? 2 * l->rest : REST;
    l->rest = l->rest < REST_MAX ? l->rest : REST_MAX;
    l->until = l->served + l->rest;
  } else {
    l->watching = l->served < l->until;
    l->rest = 0;
  }
}

void syn_lattice_move(syn_lattice *l, const int8_t *action) {
  assert(!l->moved); /* every move is followed by its sums */
  l->begin = syn_clock();
  l->moved = 1;
  l->way = DENSE;
  l->served++;
  copy_move(l, l->A, l->groups * SYN_GROUP, action);
  if (!l->watching)
    return;
  if (takes_back(l, action)) {
    l->way = BACK;
    go_back(l);
    return;
  }
  remember(l, action);
  l->way = choose_sparse(l) ? SPARSE : DENSE;
  if (l->known < SYN_LAGS)
    l->known++;
}

/* ---- sums ------------------------------------------------------------------------------------ */

const int32_t *syn_lattice_sums(syn_lattice *l, size_t first, size_t blocks) {
  int32_t *D = l->D[0] + first * l->units * SYN_LANES;
  if (l->moved && l->way == SPARSE)
    take_sparse(l, D, first, blocks);
  else if (l->moved && l->way == DENSE)
    take_dense(l, D, first, blocks);
  return D;
}

void syn_lattice_settle(syn_lattice *l) {
  if (!l->moved)
    return;
  l->moved = 0;
  if (l->k->products != SYN_PRODUCTS_CHEAPER || l->served <= l->timed_from)
    return;
  l->lap[l->laps++] = syn_clock() - l->begin;
  if (l->laps == WINDOW)
    weigh(l);
}

void syn_lattice_state(syn_lattice *l, syn_state *s) {
  assert(!l->moved);
  syn_state_piece(s, l->D[0], sums_of(l) * sizeof *l->D[0]);
  if (s->resuming)
    l->known = 0;
}
