/* The options of many runs as columns, by their flat names: rate, policy.epsilon, reward.flip. Columns in
 * which runs do not differ take no memory; texts stand once.
 *
 * A parameter of a policy inside a policy has the short name that `store list NAME=VALUE` takes, where the
 * outer one has none of that name.
 */
#ifndef SYN_HOST_COMMANDS_STORE_COLUMNS_H
#define SYN_HOST_COMMANDS_STORE_COLUMNS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "experiments/host/base/texts.h"

typedef struct store_column {
  char *name;         /* owned */
  uint32_t first;     /* what all rows have, while `values` is NULL */
  uint32_t *values;   /* owned; by row */
  size_t room;        /* of `values` */
  json_t *last;       /* owned: the value that came last, and its number */
  uint32_t last_text; /* HOST_NO_TEXT: none */
  json_t *shown;      /* owned: the value that was handed out last */
  uint32_t shown_text;
  size_t varies; /* so many values, where they are shown */
  int width;     /* of values and, where it stands above them, the name */
} store_column;

typedef struct store_columns {
  store_column *list; /* owned */
  size_t n, room, rows;
  size_t next;  /* that was asked for last */
  int in_words; /* to be set: they are printed so, with their names in every line */
  host_texts texts;
  size_t *order; /* owned: those that vary, most values first */
  size_t order_room, n_order;
  size_t n_chosen; /* the first of these, which are printed */
} store_columns;

/* The options of a row's record; a row is new (it is `rows`), or one that was there before. 0: not enough
 * memory. */
int store_columns_take(store_columns *c, size_t row, const json_t *record);

/* What varies among these rows (n), and what of it has room in `width` characters: the first of them in any
 * case. `asked`: iterations are among it. 0: not enough memory. */
int store_columns_choose(store_columns *c, const uint32_t *rows, size_t n, int asked, size_t width);

/* In columns, each with two spaces before it. */
void store_columns_head(FILE *out, const store_columns *c);
void store_columns_print(FILE *out, store_columns *c, size_t row);

/* In words, "  rate 0.1  batch_size 50": those that are printed and that the row has. */
void store_columns_words(FILE *out, store_columns *c, size_t row);

/* A line on what varies and is not printed, if there is any. */
void store_columns_rest(FILE *out, const store_columns *c);

/* {name: value} of all that the row has. The caller owns it. NULL: not enough memory. */
json_t *store_columns_json(store_columns *c, size_t row);

void store_columns_close(store_columns *c);

/* How many characters a line may have: as it was asked for (0: it was not), those of the terminal, or 160. */
size_t store_columns_width(unsigned asked);

#endif
