#include "experiments/host/store/shape.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH  64 /* of values in values: what a script asks for is less deep */
#define NUMBER 48 /* characters */
#define PATH   96

/* ---- what a record is -------------------------------------------------------------------------- */

typedef enum kind { ANY, TEXT, DIGITS, STATUS, WHOLE, REAL, SHARE, SECONDS, LIST, OBJECT } kind;

typedef struct shape shape;

typedef struct field {
  const char *name;
  const shape *shape;
  int optional;
} field;

struct shape {
  kind kind;
  size_t digits;       /* of DIGITS */
  int columns;         /* of OBJECT: its lists are of one length */
  int cells;           /* of a number: a map has so many squared; of OBJECT: its lists have */
  const shape *each;   /* of a list, and of members that are no fields; NULL: anything */
  const field *fields; /* of OBJECT, until one without a name */
};

static const char *const wanted[] = {
    [TEXT] = "is no text",
    [DIGITS] = "is no digest",
    [STATUS] = "is none of ended, aborted and diverged",
    [WHOLE] = "is no whole number of at least 0",
    [REAL] = "is no number",
    [SHARE] = "is no number from 0 to 1",
    [SECONDS] = "is no number of at least 0",
    [LIST] = "is no list",
    [OBJECT] = "is no object",
};

static const shape a_text = {.kind = TEXT}, digest = {.kind = DIGITS, .digits = 64},
                   hex = {.kind = DIGITS, .digits = 16}, status = {.kind = STATUS},
                   whole = {.kind = WHOLE}, real = {.kind = REAL}, share = {.kind = SHARE},
                   seconds = {.kind = SECONDS}, wholes = {.kind = LIST, .each = &whole},
                   reals = {.kind = LIST, .each = &real}, options = {.kind = OBJECT},
                   policies = {.kind = OBJECT, .each = &a_text};

static const field score_fields[] = {{"accuracy", &share, 0}, {"loss", &real, 0}, {0}};
static const shape score = {.kind = OBJECT, .fields = score_fields};

static const field curve_fields[] = {
    {"accuracy", &reals, 0},
    {"iteration", &wholes, 0},
    {"loss", &reals, 0},
    {"validation_accuracy", &reals, 0},
    {"validation_loss", &reals, 0},
    {0},
};
static const shape curve = {.kind = OBJECT, .columns = 1, .each = &reals, .fields = curve_fields};

static const field data_fields[] = {
    {"digest", &a_text, 0}, {"dropped", &whole, 1}, {"leaked", &whole, 1},     {"n", &whole, 1},
    {"name", &a_text, 1},   {"train", &whole, 1},   {"validation", &whole, 1}, {0},
};
static const shape data = {.kind = OBJECT, .fields = data_fields};

static const shape cells = {.kind = WHOLE, .cells = 1};
static const field map_fields[] = {
    {"cells", &cells, 0}, {"learned", &reals, 0}, {"target", &reals, 1}, {0}};
static const shape map = {.kind = OBJECT, .columns = 1, .cells = 1, .fields = map_fields};

static const field trace_fields[] = {
    {"action", &hex, 1}, {"loss", &hex, 0}, {"weight", &hex, 0}, {0}};
static const shape trace = {.kind = OBJECT, .fields = trace_fields};

/* What every version has written, and what some do. A run that failed leaves none. */
static const field record_fields[] = {
    {"batch", &score, 0},       {"curve", &curve, 0},
    {"data", &data, 1},         {"iterations", &whole, 0},
    {"key", &digest, 0},        {"map", &map, 1},
    {"policies", &policies, 1}, {"rewards_up", &whole, 0},
    {"seconds", &seconds, 1},   {"spec", &options, 0},
    {"status", &status, 0},     {"synapses", &whole, 0},
    {"trace", &trace, 0},       {"train", &score, 0},
    {"validation", &score, 1},  {0},
};
static const shape record = {.kind = OBJECT, .fields = record_fields};

static const field line_fields[] = {{"key", &digest, 0},
                                    {"record", &record, 0},
                                    {"seconds", &seconds, 0},
                                    {"sha256", &digest, 0},
                                    {0}};
static const shape line = {.kind = OBJECT, .fields = line_fields};

/* ---- reading ----------------------------------------------------------------------------------- */

typedef struct reader {
  const char *at, *end;
  char path[PATH];  /* of what is wrong, from the value that was looked at on inwards */
  const char *what; /* is wrong with it; NULL: it is no JSON from here on */
  size_t length;    /* of the list that was read last */
  double number;    /* the last one, where its value was wanted */
} reader;

static int wrong(reader *r, const char *what) {
  r->what = what;
  return 0;
}

/* Puts a name before the path, on the way out. */
static int within(reader *r, const char *name, size_t n) {
  char inner[PATH];
  memcpy(inner, r->path, sizeof inner);
  snprintf(r->path, sizeof r->path, "%.*s%s%.40s%s", n > 40 ? 40 : (int)n, name,
           *inner && *inner != '[' ? "." : "", inner, strlen(inner) > 40 ? "..." : "");
  return 0;
}

static int next_is(reader *r, char c) {
  if (r->at == r->end || *r->at != c)
    return 0;
  r->at++;
  return 1;
}

static int is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* ---- texts ------------------------------------------------------------------------------------- */

/* Behind "\u". */
static int read_unit(reader *r, unsigned *unit) {
  *unit = 0;
  for (int i = 0; i < 4; i++, r->at++) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *digit = r->at < r->end && *r->at ? strchr(digits, *r->at) : NULL;
    if (!digit)
      return 0;
    *unit = 16 * *unit + (unsigned)(digit - digits) % 16;
  }
  return 1;
}

/* Behind "\". Half a character, and one of value 0, are in no text that can be read. */
static int read_escape(reader *r) {
  unsigned unit, second;
  if (r->at < r->end && *r->at && strchr("\"\\/bfnrt", *r->at)) {
    r->at++;
    return 1;
  }
  if (!next_is(r, 'u') || !read_unit(r, &unit))
    return 0;
  if (unit == 0)
    return wrong(r, "has a character of value 0");
  if (unit < 0xd800 || unit > 0xdfff)
    return 1;
  return (unit < 0xdc00 && next_is(r, '\\') && next_is(r, 'u') && read_unit(r, &second) &&
          second >= 0xdc00 && second <= 0xdfff) ||
         wrong(r, "has half a character");
}

/* A character of more than a byte, as UTF-8 has it. */
static int read_wide(reader *r) {
  unsigned char first = (unsigned char)*r->at++;
  int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  static const unsigned least[] = {0, 0x80, 0x800, 0x10000};
  unsigned value = first & (0x3fU >> more);
  int ok = first >= 0xc2 && first <= 0xf4;
  for (int i = 0; i < more && ok; i++) {
    ok = r->at < r->end && ((unsigned char)*r->at & 0xc0) == 0x80;
    value = ok ? 64 * value + ((unsigned char)*r->at++ & 0x3fU) : 0;
  }
  ok = ok && value >= least[more] && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
  return ok || wrong(r, "is no UTF-8");
}

/* A text as it stands between its quotes. */
static int read_text(reader *r, const char **from, size_t *n) {
  if (!next_is(r, '"'))
    return 0;
  *from = r->at;
  for (;;) {
    while (r->at < r->end && (unsigned char)*r->at >= ' ' && (unsigned char)*r->at < 0x80 &&
           *r->at != '"' && *r->at != '\\')
      r->at++;
    *n = (size_t)(r->at - *from);
    if (next_is(r, '"'))
      return 1;
    if (r->at == r->end || (unsigned char)*r->at < ' ')
      return 0;
    if (next_is(r, '\\') ? !read_escape(r) : !read_wide(r))
      return 0;
  }
}

/* ---- numbers ----------------------------------------------------------------------------------- */

static int skip_digits(reader *r) {
  const char *from = r->at;
  while (r->at < r->end && is_digit(*r->at))
    r->at++;
  return r->at > from;
}

/* A number that has a value: *is_whole, and r->number if `value` is wanted, or may be too large. */
static int read_number(reader *r, int *is_whole, int value) {
  const char *from = r->at;
  char own[NUMBER];
  next_is(r, '-');
  if (!next_is(r, '0') && !skip_digits(r))
    return 0;
  *is_whole = 1;
  if (next_is(r, '.') && (*is_whole = 0, !skip_digits(r)))
    return 0;
  if (next_is(r, 'e') || next_is(r, 'E')) {
    *is_whole = 0;
    value = value || r->at == r->end || *r->at != '-'; /* it may be too large */
    (void)(next_is(r, '-') || next_is(r, '+'));
    if (!skip_digits(r))
      return 0;
  }
  size_t n = (size_t)(r->at - from);
  if (n >= sizeof own)
    return wrong(r, "is a number of too many digits");
  if (!value && n < 18)
    return 1;
  memcpy(own, from, n);
  own[n] = '\0';
  errno = 0;
  r->number = strtod(own, NULL);
  if (*is_whole)
    (void)strtoll(own, NULL, 10);
  return (isfinite(r->number) && !(*is_whole && errno == ERANGE)) ||
         wrong(r, "is too large a number");
}

/* ---- values ------------------------------------------------------------------------------------ */

static int read_value(reader *r, const shape *s, int depth);

static int read_word(reader *r, const char *word) {
  size_t n = strlen(word);
  if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
    return 0;
  r->at += n;
  return 1;
}

static int read_text_as(reader *r, const shape *s) {
  static const char *const endings[] = {"ended", "aborted", "diverged"};
  const char *from;
  size_t n;
  if (!read_text(r, &from, &n))
    return 0;
  if (s->kind == DIGITS)
    return (n == s->digits && strspn(from, "0123456789abcdef") == n) || wrong(r, wanted[DIGITS]);
  for (int i = 0; s->kind == STATUS && i < 3; i++)
    if (strlen(endings[i]) == n && memcmp(from, endings[i], n) == 0)
      return 1;
  return s->kind != STATUS || wrong(r, wanted[STATUS]);
}

static int read_number_as(reader *r, const shape *s) {
  int negative = r->at < r->end && *r->at == '-', is_whole;
  if (!read_number(r, &is_whole, s->kind == SHARE || s->cells))
    return 0;
  int ok = s->kind == WHOLE     ? is_whole && !negative
           : s->kind == SECONDS ? !negative
           : s->kind == SHARE   ? r->number >= 0 && r->number <= 1
                                : 1;
  return ok || wrong(r, wanted[s->kind]);
}

static int read_list(reader *r, const shape *s, int depth) {
  static const shape any = {.kind = ANY};
  const shape *each = s->each ? s->each : &any;
  size_t n = 0;
  char place[32];
  r->at++;
  for (int more = !next_is(r, ']'); more; more = next_is(r, ',')) {
    if (!read_value(r, each, depth)) {
      snprintf(place, sizeof place, "[%zu]", n + 1);
      return within(r, place, strlen(place));
    }
    n++;
  }
  r->length = n;
  return n == 0 || next_is(r, ']');
}

/* The order of names, which are as they stand in the text. */
static int compare(const char *a, size_t n, const char *b, size_t m) {
  int order = memcmp(a, b, n < m ? n : m);
  return order ? order : (n > m) - (n < m);
}

static const field *field_of(const shape *s, const char *name, size_t n) {
  for (const field *f = s->fields; f && f->name; f++)
    if (strlen(f->name) == n && memcmp(f->name, name, n) == 0)
      return f;
  return NULL;
}

typedef struct members { /* of an object, while it is read */
  const char *last;      /* the name before */
  size_t n_last, length; /* and how long lists are */
  unsigned seen;         /* bits, by field */
  int lists;
  double cells;
} members;

static int read_member(reader *r, const shape *s, members *m, int depth) {
  static const shape any = {.kind = ANY};
  const char *name;
  size_t n;
  if (!read_text(r, &name, &n) || !next_is(r, ':'))
    return 0;
  int order = m->last ? compare(m->last, m->n_last, name, n) : -1;
  int escaped = m->last && (memchr(name, '\\', n) || memchr(m->last, '\\', m->n_last));
  if (order == 0 || (order > 0 && !escaped)) {
    wrong(r, order ? "is not in the order of names" : "stands there twice");
    return within(r, name, n);
  }
  const field *f = field_of(s, name, n);
  const shape *as = f ? f->shape : s->each ? s->each : &any;
  if (!read_value(r, as, depth))
    return within(r, name, n);
  if (s->columns && as->kind == LIST) {
    if (m->lists++ > 0 && m->length != r->length) {
      wrong(r, "is not as long as the others");
      return within(r, name, n);
    }
    m->length = r->length;
  }
  if (as->kind == WHOLE && as->cells)
    m->cells = r->number;
  m->seen |= f ? 1U << (f - s->fields) : 0;
  m->last = name;
  m->n_last = n;
  return 1;
}

static int read_object(reader *r, const shape *s, int depth) {
  members m = {0};
  r->at++;
  if (!next_is(r, '}')) {
    do {
      if (!read_member(r, s, &m, depth))
        return 0;
    } while (next_is(r, ','));
    if (!next_is(r, '}'))
      return 0;
  }
  for (const field *f = s->fields; f && f->name; f++)
    if (!f->optional && !(m.seen & 1U << (f - s->fields))) {
      wrong(r, "is missing");
      return within(r, f->name, strlen(f->name));
    }
  if (s->cells && m.cells * m.cells != (double)m.length)
    return wrong(r, "is not as large as it says");
  return 1;
}

/* The kind that a value has, by its first character. */
static kind kind_of(const reader *r) {
  char c = r->at < r->end ? *r->at : '\0';
  return c == '{'                  ? OBJECT
         : c == '['                ? LIST
         : c == '"'                ? TEXT
         : is_digit(c) || c == '-' ? REAL
                                   : ANY;
}

static int is_null(reader *r) {
  return read_word(r, "null");
}

static int read_value(reader *r, const shape *s, int depth) {
  static const kind group[] = {
      [TEXT] = TEXT,  [DIGITS] = TEXT,  [STATUS] = TEXT, [WHOLE] = REAL,   [REAL] = REAL,
      [SHARE] = REAL, [SECONDS] = REAL, [LIST] = LIST,   [OBJECT] = OBJECT};
  kind found = kind_of(r);
  if (depth == DEPTH)
    return wrong(r, "is nested too deep");
  if ((s->kind == REAL || s->kind == SHARE) && is_null(r)) /* what was no number */
    return 1;
  if (s->kind != ANY && group[s->kind] != found)
    return wrong(r, wanted[s->kind]);
  switch (found) {
  case OBJECT:
    return read_object(r, s, depth + 1);
  case LIST:
    return read_list(r, s, depth + 1);
  case TEXT:
    return read_text_as(r, s);
  case REAL:
    return read_number_as(r, s);
  default:
    return is_null(r) || read_word(r, "true") || read_word(r, "false");
  }
}

/* ---- the whole --------------------------------------------------------------------------------- */

static int check(char why[HOST_SHAPE_WHY], const char *bytes, size_t n, const shape *s) {
  static const char own[] = "record.";
  reader r = {.at = bytes, .end = bytes + n};
  if (read_value(&r, s, 0) && r.at == r.end)
    return 1;
  const char *path = strncmp(r.path, own, strlen(own)) == 0 ? r.path + strlen(own) : r.path;
  if (r.what && *path)
    snprintf(why, HOST_SHAPE_WHY, "'%s' %s", path, r.what);
  else if (r.what)
    snprintf(why, HOST_SHAPE_WHY, "it %s", r.what);
  else
    snprintf(why, HOST_SHAPE_WHY, "it is no JSON at byte %zu", (size_t)(r.at - bytes) + 1);
  return 0;
}

int host_shape_record(char why[HOST_SHAPE_WHY], const char *bytes, size_t n) {
  return check(why, bytes, n, &record);
}

int host_shape_line(char why[HOST_SHAPE_WHY], const char *bytes, size_t n) {
  return check(why, bytes, n, &line);
}
