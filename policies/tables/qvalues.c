#include "policies/tables/qvalues.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX (2 * SYN_HISTORY_MAX + 5)
#define FIELD_MAX   64  /* longest number worth reading, with the 0 at its end */
#define TEXT_MAX    160 /* a header, or a state in words */

size_t syn_states(unsigned history) {
  return (size_t)syn_locals(history) * syn_locals(history);
}

/* ---- names ----------------------------------------------------------------------------------- */

static unsigned columns_of(unsigned history, unsigned actions) {
  return 2 * history + actions;
}

static void column_name(char out[8], unsigned history, unsigned actions, unsigned column) {
  static const char *const values[] = {"q_dec2", "q_dec", "q_null", "q_inc", "q_inc2"};
  if (column >= 2 * history) {
    snprintf(out, 8, "%s", values[column - 2 * history + (actions < 5)]);
    return;
  }
  char symbol = column < history ? 'a' : 'r';
  unsigned age = history - column % history; /* 1 is the newest */
  if (history <= 2)
    snprintf(out, 8, "%c_%s", symbol, age == 1 ? "newer" : "older");
  else
    snprintf(out, 8, "%c_%u", symbol, age);
}

static void header_of(char out[TEXT_MAX], unsigned history, unsigned actions) {
  size_t at = 0;
  for (unsigned c = 0; c < columns_of(history, actions); c++) {
    char column[8];
    column_name(column, history, actions, c);
    at += (size_t)snprintf(out + at, TEXT_MAX - at, "%s%s", c ? "," : "", column);
  }
}

/* The symbols of a state in the order of the columns. */
static void symbols_of(int symbol[2 * SYN_HISTORY_MAX], unsigned history, size_t state) {
  for (unsigned c = 2 * history; c-- > 0; state /= 3) {
    unsigned column = c < history ? c + history : c - history; /* actions are the low digits */
    symbol[column] = (int)(state % 3) - 1;
  }
}

static void state_in_words(char out[TEXT_MAX], unsigned history, size_t state) {
  int symbol[2 * SYN_HISTORY_MAX];
  size_t at = (size_t)snprintf(out, TEXT_MAX, "%s", history ? "" : "without history");
  symbols_of(symbol, history, state);
  for (unsigned c = 0; c < 2 * history; c++) {
    char column[8];
    column_name(column, history, 3, c);
    at += (size_t)snprintf(out + at, TEXT_MAX - at, "%s%s=%d", c ? " " : "", column, symbol[c]);
  }
}

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct reader {
  const char *name; /* of the text, for errors */
  const char *rest; /* what is still to be read */
  size_t line;      /* number of the current line, from 1 */
  const char *text; /* the current line without blanks at its ends: length characters */
  size_t length;
  unsigned history, actions;
  size_t states, rows; /* of the table; read so far */
  double *q;           /* (states, actions) */
  size_t *seen;        /* (states) line that holds the state; 0 = none yet */
  syn_ctx *ctx;
} reader;

static int is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

static void trim(const char **text, size_t *length) {
  for (; *length && is_blank(**text); (*length)--)
    (*text)++;
  while (*length && is_blank((*text)[*length - 1]))
    (*length)--;
}

/* A piece of the file as an error line may show it: short, and nothing that moves a cursor. */
static const char *shown(char out[48], const char *text, size_t length) {
  size_t n = length < 40 ? length : 40;
  for (size_t i = 0; i < n; i++)
    out[i] = (char)(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
  strcpy(out + n, n < length ? "..." : "");
  return out;
}

/* Goes to the next line that says something. 0 at the end. */
static int next_line(reader *r) {
  while (*r->rest) {
    r->text = r->rest;
    r->length = strcspn(r->rest, "\n");
    r->rest += r->length + (r->rest[r->length] == '\n');
    r->line++;
    trim(&r->text, &r->length);
    if (r->length && r->text[0] != '#')
      return 1;
  }
  return 0;
}

static syn_status read_header(reader *r) {
  char line[TEXT_MAX] = "", header[TEXT_MAX], piece[48];
  size_t n = 0;
  for (size_t i = 0; i < r->length && n < TEXT_MAX - 1; i++)
    if (!is_blank(r->text[i]))
      line[n++] = r->text[i];
  for (r->history = 0; r->history <= SYN_HISTORY_MAX; r->history++)
    for (r->actions = 3; r->actions <= 5; r->actions += 2) {
      header_of(header, r->history, r->actions);
      if (strcmp(line, header) == 0)
        return SYN_OK;
    }
  header_of(header, 2, 3);
  return syn_fail(r->ctx, SYN_EINPUT,
                  "%s, line %zu: '%s' is no header of a policy file; with history 2 it is '%s'",
                  r->name, r->line, shown(piece, r->text, r->length), header);
}

/* One field as a number; 0 if it is not one, or not finite. */
static int read_number(double *x, const char *field, size_t length) {
  char copy[FIELD_MAX], *end;
  if (length == 0 || length >= FIELD_MAX || !strchr("+-.0123456789", field[0]))
    return 0;
  memcpy(copy, field, length);
  copy[length] = '\0';
  *x = strtod(copy, &end);
  return *end == '\0' && isfinite(*x);
}

static syn_status read_fields(reader *r, double value[COLUMNS_MAX]) {
  unsigned columns = columns_of(r->history, r->actions), found = 1;
  for (size_t i = 0; i < r->length; i++)
    found += r->text[i] == ',';
  if (found != columns)
    return syn_fail(r->ctx, SYN_EINPUT, "%s, line %zu: %u columns, but the header names %u",
                    r->name, r->line, found, columns);
  const char *at = r->text, *end = r->text + r->length;
  for (unsigned c = 0; c < columns; c++) {
    const char *comma = memchr(at, ',', (size_t)(end - at));
    const char *field = at;
    size_t length = (size_t)((comma ? comma : end) - at);
    char column[8], piece[48];
    at += length + (comma != NULL);
    trim(&field, &length);
    column_name(column, r->history, r->actions, c);
    if (!read_number(&value[c], field, length))
      return syn_fail(r->ctx, SYN_EINPUT, "%s, line %zu: %s is '%s', not a finite number", r->name,
                      r->line, column, shown(piece, field, length));
    if (c < 2 * r->history && value[c] != -1 && value[c] != 0 && value[c] != 1)
      return syn_fail(r->ctx, SYN_EINPUT, "%s, line %zu: %s is '%s'; it must be -1, 0 or 1",
                      r->name, r->line, column, shown(piece, field, length));
  }
  return SYN_OK;
}

static syn_status read_row(reader *r) {
  double value[COLUMNS_MAX];
  syn_status status = read_fields(r, value);
  if (status)
    return status;
  size_t local = 0, reward = 0;
  for (unsigned c = 0; c < r->history; c++) {
    local = 3 * local + (size_t)(value[c] + 1);
    reward = 3 * reward + (size_t)(value[r->history + c] + 1);
  }
  size_t state = reward * syn_locals(r->history) + local;
  if (r->seen[state]) {
    char words[TEXT_MAX];
    state_in_words(words, r->history, state);
    return syn_fail(r->ctx, SYN_EINPUT, "%s, line %zu: state %s stands in line %zu already",
                    r->name, r->line, words, r->seen[state]);
  }
  r->seen[state] = r->line;
  r->rows++;
  memcpy(r->q + r->actions * state, value + 2 * r->history, r->actions * sizeof *r->q);
  return SYN_OK;
}

static syn_status check_complete(const reader *r) {
  if (r->rows == r->states)
    return SYN_OK;
  size_t state = 0;
  while (r->seen[state])
    state++;
  char words[TEXT_MAX];
  state_in_words(words, r->history, state);
  return syn_fail(
      r->ctx, SYN_EINPUT,
      "%s, line %zu: the text ends, but state %s is missing: %zu of %zu states are there", r->name,
      r->line, words, r->rows, r->states);
}

syn_status syn_qvalues_parse(double **q, unsigned *history, unsigned *actions, const char *text,
                             const char *name, syn_ctx *ctx) {
  reader r = {.name = name, .rest = text, .ctx = ctx};
  *q = NULL;
  if (strncmp(r.rest, "\xEF\xBB\xBF", 3) == 0) /* byte order mark */
    r.rest += 3;
  if (!next_line(&r))
    return syn_fail(ctx, SYN_EINPUT, "%s, line %zu: the text ends without a policy table", name,
                    r.line ? r.line : 1);
  syn_status status = read_header(&r);
  if (status == SYN_OK && !actions && r.actions != 3)
    status = syn_fail(ctx, SYN_EINPUT,
                      "%s, line %zu: %u actions; three are wanted, "
                      "q_dec,q_null,q_inc",
                      name, r.line, r.actions);
  if (status)
    return status;
  r.states = syn_states(r.history);
  r.q = malloc(r.actions * r.states * sizeof *r.q);
  r.seen = calloc(r.states, sizeof *r.seen);
  if (!r.q || !r.seen) {
    status = syn_fail_memory(ctx, "a policy file");
    goto out;
  }
  while (status == SYN_OK && next_line(&r))
    status = read_row(&r);
  if (status == SYN_OK)
    status = check_complete(&r);
out:
  free(r.seen);
  if (status) {
    free(r.q);
    return status;
  }
  *q = r.q;
  *history = r.history;
  if (actions)
    *actions = r.actions;
  return SYN_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

void syn_qvalues_write(const double *q, unsigned history, unsigned actions, syn_write write,
                       void *self) {
  assert(history <= SYN_HISTORY_MAX);
  char line[TEXT_MAX];
  header_of(line, history, actions);
  write(self, line, strlen(line));
  write(self, "\n", 1);
  for (size_t state = 0; state < syn_states(history); state++) {
    int symbol[2 * SYN_HISTORY_MAX];
    int at = 0;
    symbols_of(symbol, history, state);
    for (unsigned c = 0; c < 2 * history; c++)
      at += snprintf(line + at, TEXT_MAX - (size_t)at, "%d,", symbol[c]);
    for (unsigned a = 0; a < actions; a++)
      at += snprintf(line + at, TEXT_MAX - (size_t)at, "%.17g%c", q[actions * state + a],
                     a + 1 < actions ? ',' : '\n');
    write(self, line, (size_t)at);
  }
}

/* ---- greedy actions -------------------------------------------------------------------------- */

static void greedy_of_five(int8_t *action, const double *q, size_t n) {
  for (size_t i = 0; i < n; i++, q += 5) {
    int best = 0;
    for (int a = 1; a < 5; a++)
      best = q[a] > q[best] ? a : best;
    action[i] = (int8_t)(best - 2);
  }
}

void syn_qvalues_greedy(int8_t *action, uint32_t *low, uint32_t *high, const double *q,
                        unsigned actions, size_t first, size_t n, syn_tie_break tie) {
  if (actions == 5) {
    greedy_of_five(action, q + 5 * first, n);
    return;
  }
  /* Thresholds of an even choice, by the set of greatest: bit 0 dec, 1 null, 2 inc. */
  static const uint32_t low_of[8] = {0, 65536, 0, 32768, 0, 32768, 0, 21845};
  static const uint32_t high_of[8] = {0, 65536, 65536, 65536, 0, 32768, 32768, 43691};
  for (size_t i = 0; i < n; i++) {
    const double *row = q + 3 * (first + i);
    int best = row[1] > row[0] ? 1 : 0;
    best = row[2] > row[best] ? 2 : best;
    action[i] = (int8_t)(best - 1);
    if (tie == SYN_TIE_RANDOM) {
      double top = row[best];
      unsigned set =
          (row[0] == top) | (unsigned)(row[1] == top) << 1 | (unsigned)(row[2] == top) << 2;
      low[i] = low_of[set];
      high[i] = high_of[set];
    }
  }
}
