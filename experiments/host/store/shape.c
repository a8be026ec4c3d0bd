#include "experiments/host/store/shape.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define PATH         96
#define MOST         9007199254740992 /* 2^53: what counts iterations, images and synapses */
#define MOST_SECONDS 1e10             /* three hundred years */

/* ---- what a record is -------------------------------------------------------------------------- */

typedef enum kind { TEXT, DIGITS, STATUS, WHOLE, REAL, SHARE, COSINE, SECONDS, LIST, OBJECT } kind;

typedef struct shape shape;

typedef struct field {
  const char *name;
  const shape *shape;
  int optional;
} field;

struct shape {
  kind kind;
  size_t digits; /* of DIGITS */
  int columns;   /* of OBJECT: its lists are of one length */
  const char
      *squared; /* of OBJECT: its lists have so many values, by this field squared; NULL: any */
  const shape *each;   /* of a list, and of members that are no fields; NULL: anything */
  const field *fields; /* of OBJECT, until one without a name */
};

static const char *const wanted[] = {
    [TEXT] = "is no text",
    [DIGITS] = "is no digest",
    [STATUS] = "is none of ended, aborted and diverged",
    [WHOLE] = "is no whole number from 0 to 2^53",
    [REAL] = "is no number",
    [SHARE] = "is no number from 0 to 1",
    [COSINE] = "is no number from -1 to 1",
    [SECONDS] = "is no number from 0 to 1e10",
    [LIST] = "is no list",
    [OBJECT] = "is no object",
};

static const shape a_text = {.kind = TEXT}, digest = {.kind = DIGITS, .digits = 64},
                   hex = {.kind = DIGITS, .digits = 16}, status = {.kind = STATUS},
                   whole = {.kind = WHOLE}, real = {.kind = REAL}, share = {.kind = SHARE},
                   seconds = {.kind = SECONDS}, wholes = {.kind = LIST, .each = &whole},
                   reals = {.kind = LIST, .each = &real}, cosine = {.kind = COSINE},
                   shares = {.kind = LIST, .each = &share},
                   cosines = {.kind = LIST, .each = &cosine},
                   policies = {.kind = OBJECT, .each = &a_text};

static const field score_fields[] = {{"accuracy", &share, 0}, {"loss", &real, 0}, {0}};
static const shape score = {.kind = OBJECT, .fields = score_fields};

static const field curve_fields[] = {
    {"accuracy", &shares, 0},
    {"cosine", &cosines, 1},
    {"iteration", &wholes, 0},
    {"loss", &reals, 0},
    {"validation_accuracy", &shares, 0},
    {"validation_loss", &reals, 0},
    {0},
};
static const shape curve = {.kind = OBJECT, .columns = 1, .each = &reals, .fields = curve_fields};

/* Every option of a run stands in its spec; these say what all others mean. */
static const field spec_fields[] = {
    {"method", &a_text, 0}, {"seed", &real, 0}, {"task", &a_text, 0}, {0}};
static const shape options = {.kind = OBJECT, .fields = spec_fields};

static const field data_fields[] = {
    {"digest", &a_text, 0}, {"dropped", &whole, 1}, {"leaked", &whole, 1},     {"n", &whole, 1},
    {"name", &a_text, 1},   {"train", &whole, 1},   {"validation", &whole, 1}, {0},
};
static const shape data = {.kind = OBJECT, .fields = data_fields};

static const field map_fields[] = {
    {"cells", &whole, 0}, {"learned", &reals, 0}, {"target", &reals, 1}, {0}};
static const shape map = {.kind = OBJECT, .columns = 1, .squared = "cells", .fields = map_fields};

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

/* ---- looking ----------------------------------------------------------------------------------- */

typedef struct finding {
  char path[PATH]; /* of what is wrong, from the value that was looked at on inwards */
  const char *what;
} finding;

static int wrong(finding *f, const char *what) {
  f->what = what;
  return 0;
}

/* Puts a name before the path, on the way out. */
static int within(finding *f, const char *name) {
  char inner[PATH];
  memcpy(inner, f->path, sizeof inner);
  snprintf(f->path, sizeof f->path, "%.40s%s%.40s%s", name, *inner && *inner != '[' ? "." : "",
           inner, strlen(inner) > 40 ? "..." : "");
  return 0;
}

static int is_status(const char *text) {
  return strcmp(text, "ended") == 0 || strcmp(text, "aborted") == 0 ||
         strcmp(text, "diverged") == 0;
}

/* Is it of this kind? A number that was none stands as null. */
static int is_kind(const json_t *value, const shape *s) {
  const char *text = json_string_value(value);
  double number = json_number_value(value);
  switch (s->kind) {
  case TEXT:
    return text != NULL;
  case DIGITS:
    return text && strlen(text) == s->digits && strspn(text, "0123456789abcdef") == s->digits;
  case STATUS:
    return text && is_status(text);
  case WHOLE:
    return json_is_integer(value) && json_integer_value(value) >= 0 &&
           json_integer_value(value) <= MOST;
  case REAL:
    return json_is_number(value) || json_is_null(value);
  case SHARE:
    return (json_is_number(value) && number >= 0 && number <= 1) || json_is_null(value);
  case COSINE: /* rounded, it may be a little more */
    return (json_is_number(value) && number >= -1.001 && number <= 1.001) || json_is_null(value);
  case SECONDS:
    return json_is_number(value) && number >= 0 && number <= MOST_SECONDS;
  case LIST:
    return json_is_array(value);
  default:
    return json_is_object(value);
  }
}

static int look(finding *f, const json_t *value, const shape *s);

static int look_at_list(finding *f, const json_t *list, const shape *s) {
  char place[32];
  for (size_t i = 0; s->each && i < json_array_size(list); i++)
    if (!look(f, json_array_get(list, i), s->each)) {
      snprintf(place, sizeof place, "[%zu]", i + 1);
      return within(f, place);
    }
  return 1;
}

static const field *field_of(const shape *s, const char *name) {
  for (const field *f = s->fields; f && f->name; f++)
    if (strcmp(f->name, name) == 0)
      return f;
  return NULL;
}

/* Lists of an object that has columns are as long as the first; or as its field, squared, says. */
static int look_at_columns(finding *f, const json_t *object, const shape *s) {
  const char *name;
  json_t *value;
  const json_t *first = NULL;
  json_object_foreach((json_t *)(uintptr_t)object, name, value) {
    if (!json_is_array(value))
      continue;
    first = first ? first : value;
    if (json_array_size(value) != json_array_size(first)) {
      wrong(f, "is not as long as the others");
      return within(f, name);
    }
  }
  json_int_t side = s->squared ? json_integer_value(json_object_get(object, s->squared)) : 0;
  return !s->squared || (double)side * (double)side == (double)json_array_size(first) ||
         wrong(f, "is not as large as it says");
}

static int look_at_object(finding *f, const json_t *object, const shape *s) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)object, name, value) {
    const field *own = field_of(s, name);
    const shape *as = own ? own->shape : s->each;
    if (as && !look(f, value, as))
      return within(f, name);
  }
  for (const field *own = s->fields; own && own->name; own++)
    if (!own->optional && !json_object_get(object, own->name)) {
      wrong(f, "is missing");
      return within(f, own->name);
    }
  return !s->columns || look_at_columns(f, object, s);
}

static int look(finding *f, const json_t *value, const shape *s) {
  if (!is_kind(value, s))
    return wrong(f, wanted[s->kind]);
  return s->kind == LIST     ? look_at_list(f, value, s)
         : s->kind == OBJECT ? look_at_object(f, value, s)
                             : 1;
}

/* A run on images says of which. */
static int look_at_record(finding *f, const json_t *value) {
  const char *task = json_string_value(json_object_get(json_object_get(value, "spec"), "task"));
  if (!task || strcmp(task, "images") != 0 || json_object_get(value, "data"))
    return 1;
  wrong(f, "is missing");
  return within(f, "data");
}

static json_t *read_as(char why[HOST_SHAPE_WHY], const char *text, size_t n, const shape *s) {
  static const char own[] = "record.";
  json_error_t error;
  finding f = {.what = NULL};
  json_t *value = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
  if (!value) {
    snprintf(why, HOST_SHAPE_WHY, "no JSON: %s", error.text);
    return NULL;
  }
  if (look(&f, value, s) &&
      look_at_record(&f, s == &line ? json_object_get(value, "record") : value))
    return value;
  json_decref(value);
  const char *path = strncmp(f.path, own, strlen(own)) == 0 ? f.path + strlen(own) : f.path;
  if (*path)
    snprintf(why, HOST_SHAPE_WHY, "'%s' %s", path, f.what);
  else
    snprintf(why, HOST_SHAPE_WHY, "it %s", f.what);
  return NULL;
}

json_t *host_shape_record(char why[HOST_SHAPE_WHY], const char *text, size_t n) {
  return read_as(why, text, n, &record);
}

json_t *host_shape_line(char why[HOST_SHAPE_WHY], const char *text, size_t n) {
  return read_as(why, text, n, &line);
}
