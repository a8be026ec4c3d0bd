#include "experiments/host/commands/store_columns.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "engine/base/grow.h"
#include "engine/train/options.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/run/labels.h"

#define CELL 24  /* characters of a value in a table */
#define PIPE 160 /* characters of a line that is no terminal's */
#define REST 6   /* names of columns that were left out */

/* ---- taking ------------------------------------------------------------------------------------ */

/* The column of a name; NULL: it has none. Names come in the same order again and again. */
static store_column *find(store_columns *c, const char *name) {
  for (size_t i = 0; i < c->n; i++) {
    c->next = c->next + 1 < c->n ? c->next + 1 : 0;
    if (strcmp(c->list[c->next].name, name) == 0)
      return &c->list[c->next];
  }
  return NULL;
}

static int know(store_columns *c, const char *name) {
  if (find(c, name))
    return 1;
  if (!syn_grow(&c->list, &c->room, c->n + 1, sizeof *c->list) ||
      !syn_grow(&c->order, &c->order_room, c->n + 1, sizeof *c->order))
    return 0;
  c->list[c->n] = (store_column){.name = strdup(name)};
  if (!c->list[c->n].name)
    return 0;
  c->next = c->n++;
  return 1;
}

static uint32_t text_of(store_columns *c, store_column *column, json_t *value) {
  if (column->last == value || (column->last && value && json_equal(column->last, value)))
    return column->last_text;
  char *text = value ? json_dumps(value, HOST_JSON_CANONICAL | JSON_ENCODE_ANY) : NULL;
  uint32_t number = text ? host_texts_number(&c->texts, text, strlen(text)) : HOST_NO_TEXT;
  free(text);
  json_decref(column->last);
  column->last = json_incref(value);
  column->last_text = number;
  return number;
}

/* What a row has in a column. */
static int put(store_columns *c, store_column *column, size_t row, json_t *value) {
  uint32_t text = text_of(c, column, value);
  if (value && text == HOST_NO_TEXT)
    return 0;
  if (row == 0 && c->rows == 0)
    column->first = text;
  if (!column->values && text == column->first)
    return 1;
  size_t before = column->values ? SIZE_MAX : 0; /* rows that are still to be filled in */
  if (!syn_grow(&column->values, &column->room, c->rows + 1, sizeof *column->values))
    return 0;
  for (; before < c->rows; before++)
    column->values[before] = column->first;
  column->values[row] = text;
  return 1;
}

/* The flat names of a policy or reward, into `flat`. */
static int flatten(json_t *flat, const char *name, const json_t *value) {
  const char *own;
  json_t *part;
  int ok = 1;
  if (!json_is_object(value))
    return json_object_set(flat, name, (json_t *)(uintptr_t)value) == 0;
  json_object_foreach((json_t *)(uintptr_t)value, own, part) {
    char whole[256];
    snprintf(whole, sizeof whole, "%.120s.%.120s", name, own);
    ok = ok && flatten(flat, whole, part);
  }
  return ok;
}

/* "policy.inner.history" is "policy.history", if that is free. */
static void shorten(json_t *flat) {
  static const char begin[] = "policy.inner.";
  const char *name;
  json_t *value;
  void *next;
  json_object_foreach_safe(flat, next, name, value) {
    char own[256];
    if (strncmp(name, begin, sizeof begin - 1) != 0)
      continue;
    snprintf(own, sizeof own, "policy.%.240s", name + sizeof begin - 1);
    if (json_object_get(flat, own))
      continue;
    json_object_set(flat, own, value);
    json_object_del(flat, name);
  }
}

/* A policy or reward in a word, as a filter takes it. */
static int put_word(json_t *flat, const json_t *record, const char *name) {
  char word[512];
  json_t *value = host_label_value(record, name);
  int ok =
      !json_is_object(value) ||
      json_object_set_new(flat, name, json_string(host_label_text(word, sizeof word, value))) == 0;
  json_decref(value);
  return ok;
}

/* All that a run is, by flat names: {name: value}. */
static json_t *flat_of(const json_t *record) {
  const json_t *spec = json_object_get(record, "spec");
  json_t *flat = json_object(), *value;
  const syn_param *option;
  const char *name;
  int ok = flat != NULL;
  for (size_t i = 0; ok && (option = syn_option_at(i)); i++)
    if (!json_object_get(spec, option->name) && (value = host_label_value(record, option->name)))
      ok = json_object_set_new(flat, option->name, value) == 0;
  json_object_foreach((json_t *)(uintptr_t)spec, name, value) {
    ok = ok && flatten(flat, name, value);
  }
  if (ok && (value = host_label_value(record, "data")))
    ok = json_object_set_new(flat, "data", value) == 0;
  ok = ok && put_word(flat, record, "policy") && put_word(flat, record, "reward");
  if (ok)
    shorten(flat);
  else
    json_decref(flat);
  return ok ? flat : NULL;
}

int store_columns_take(store_columns *c, size_t row, const json_t *record) {
  json_t *flat = flat_of(record), *value;
  const char *name;
  int ok = flat != NULL;
  json_object_foreach(flat, name, value) {
    ok = ok && know(c, name);
  }
  for (size_t i = 0; i < c->n && ok; i++)
    ok = put(c, &c->list[i], row, json_object_get(flat, c->list[i].name));
  if (ok && row == c->rows)
    c->rows++;
  json_decref(flat);
  return ok;
}

/* ---- values ------------------------------------------------------------------------------------ */

/* Borrowed, until the next one of the column; NULL: the row has none. */
static const json_t *value_at(store_columns *c, store_column *column, size_t row) {
  uint32_t text = column->values ? column->values[row] : column->first;
  if (text == HOST_NO_TEXT || (column->shown && column->shown_text == text))
    return text == HOST_NO_TEXT ? NULL : column->shown;
  json_decref(column->shown);
  column->shown = json_loads(host_texts_at(&c->texts, text), JSON_DECODE_ANY, NULL);
  column->shown_text = text;
  return column->shown;
}

/* In a cell: as a filter takes it, or its beginning and its digest. */
static const char *cell(char out[CELL + 1], const json_t *value) {
  char text[512], digest[SYN_DIGEST_SIZE];
  const char *whole = json_string_value(value);
  host_label_text(text, sizeof text, value);
  whole = whole ? whole : text;
  if (strlen(whole) <= CELL && !strchr(whole, '\n')) {
    snprintf(out, CELL + 1, "%.*s", CELL, text);
    return out;
  }
  syn_digest_bytes(digest, whole, strlen(whole));
  snprintf(out, CELL + 1, "%.*s..%.8s", (int)(strcspn(text, "?") < 13 ? strcspn(text, "?") : 13),
           text, digest);
  return out;
}

/* ---- choosing ---------------------------------------------------------------------------------- */

/* Does each value of `by` come with one value of the other, among the rows? `seen` has room for numbers. */
static int follows(const store_column *column, const store_column *by, const uint32_t *rows,
                   size_t n, uint32_t *seen, size_t n_seen) {
  memset(seen, 0, n_seen * sizeof *seen);
  for (size_t i = 0; i < n; i++) {
    uint32_t *text = &seen[by->values ? by->values[rows[i]] : by->first];
    uint32_t own = column->values[rows[i]];
    if (*text && own && *text != own)
      return 0;
    *text = own ? own : *text;
  }
  return 1;
}

static int ends_with(const char *name, const char *end) {
  size_t n = strlen(name), m = strlen(end);
  return n >= m && strcmp(name + n - m, end) == 0;
}

/* Is it told by a column that every table has, or by the word for its policy or reward? */
static int is_told(store_columns *c, const store_column *column, const uint32_t *rows, size_t n,
                   int asked, uint32_t *seen) {
  static const char *const own[] = {"task", "net", "method", "policy", "seed", NULL};
  const char *name = column->name;
  for (const char *const *o = own; *o; o++)
    if (strcmp(*o, name) == 0)
      return 1;
  if (strcmp(name, "iterations") == 0)
    return !asked;
  if (!strchr(name, '.'))
    return 0;
  if (ends_with(name, ".name") || ends_with(name, ".file"))
    return 1;
  const store_column *word = find(c, strncmp(name, "policy.", 7) == 0 ? "policy" : "reward");
  return ends_with(name, ".text") && word &&
         follows(column, word, rows, n, seen, (size_t)c->texts.n + 1);
}

/* How many values a column has among the rows, and how wide they are; `seen` is as long as the texts. */
static void measure(store_columns *c, store_column *column, const uint32_t *rows, size_t n,
                    uint32_t *seen) {
  char text[CELL + 1];
  int none = 0;
  memset(seen, 0, ((size_t)c->texts.n + 1) * sizeof *seen);
  column->varies = 0;
  column->width = c->in_words ? 0 : (int)strlen(column->name);
  for (size_t i = 0; i < n; i++) {
    const uint32_t number = column->values[rows[i]];
    none = none || number == HOST_NO_TEXT;
    if (number == HOST_NO_TEXT || seen[number])
      continue;
    seen[number] = 1;
    column->varies++;
    int width = (int)strlen(cell(text, value_at(c, column, rows[i])));
    column->width = width > column->width ? width : column->width;
  }
  /* a parameter that only some policies have says no more than their names */
  column->varies += none && column->varies > 0 && !strchr(column->name, '.');
}

int store_columns_choose(store_columns *c, const uint32_t *rows, size_t n, int asked,
                         size_t width) {
  uint32_t *seen = malloc(((size_t)c->texts.n + 1) * sizeof *seen);
  if (!seen)
    return 0;
  c->n_order = c->n_chosen = 0;
  for (size_t i = 0; i < c->n; i++) {
    store_column *column = &c->list[i];
    if (!column->values || is_told(c, column, rows, n, asked, seen))
      continue;
    measure(c, column, rows, n, seen);
    if (column->varies < 2)
      continue;
    size_t at = c->n_order++;
    for (; at > 0 && c->list[c->order[at - 1]].varies < column->varies; at--)
      c->order[at] = c->order[at - 1];
    c->order[at] = i;
  }
  free(seen);
  for (size_t used = 0; c->n_chosen < c->n_order; c->n_chosen++) {
    const store_column *column = &c->list[c->order[c->n_chosen]];
    used += 2 + (size_t)column->width + (c->in_words ? strlen(column->name) + 1 : 0);
    if (c->n_chosen > 0 && used > width)
      break;
  }
  return 1;
}

/* ---- printing ---------------------------------------------------------------------------------- */

void store_columns_head(FILE *out, const store_columns *c) {
  for (size_t i = 0; i < c->n_chosen; i++) {
    const store_column *column = &c->list[c->order[i]];
    fprintf(out, "  %*s", column->width, column->name);
  }
}

void store_columns_print(FILE *out, store_columns *c, size_t row) {
  char text[CELL + 1];
  for (size_t i = 0; i < c->n_chosen; i++) {
    store_column *column = &c->list[c->order[i]];
    fprintf(out, "  %*s", column->width, cell(text, value_at(c, column, row)));
  }
}

void store_columns_words(FILE *out, store_columns *c, size_t row) {
  char text[CELL + 1];
  for (size_t i = 0; i < c->n_chosen; i++) {
    store_column *column = &c->list[c->order[i]];
    const json_t *value = value_at(c, column, row);
    if (value)
      fprintf(out, "  %s %s", column->name, cell(text, value));
  }
}

void store_columns_rest(FILE *out, const store_columns *c) {
  size_t rest = c->n_order - c->n_chosen;
  if (rest == 0)
    return;
  fprintf(out, "%zu more option%s var%s:", rest, rest == 1 ? "" : "s", rest == 1 ? "ies" : "y");
  for (size_t i = 0; i < rest && i < REST; i++) {
    const store_column *column = &c->list[c->order[c->n_chosen + i]];
    fprintf(out, "%s %s (%zu values)", i ? "," : "", column->name, column->varies);
  }
  fprintf(out, "%s; a larger --width shows them, --json all options.\n",
          rest > REST ? ", ..." : "");
}

json_t *store_columns_json(store_columns *c, size_t row) {
  json_t *options = json_object();
  int ok = options != NULL;
  for (size_t i = 0; i < c->n && ok; i++) {
    const json_t *value = value_at(c, &c->list[i], row);
    ok = !value || json_object_set(options, c->list[i].name, (json_t *)(uintptr_t)value) == 0;
  }
  if (!ok)
    json_decref(options);
  return ok ? options : NULL;
}

void store_columns_close(store_columns *c) {
  for (size_t i = 0; i < c->n; i++) {
    free(c->list[i].name);
    free(c->list[i].values);
    json_decref(c->list[i].last);
    json_decref(c->list[i].shown);
  }
  free(c->list);
  free(c->order);
  host_texts_close(&c->texts);
  *c = (store_columns){0};
}

size_t store_columns_width(unsigned asked) {
  struct winsize terminal;
  if (asked)
    return asked;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &terminal) == 0 && terminal.ws_col > 0)
    return terminal.ws_col;
  return PIPE;
}
