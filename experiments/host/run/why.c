#include "experiments/host/run/why.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/grow.h"
#include "experiments/host/base/texts.h"
#include "experiments/host/run/key.h"
#include "experiments/host/run/labels.h"
#include "experiments/host/run/recorded.h"
#include "experiments/host/run/rules.h"
#include "experiments/host/store/lines.h"

#define FIELDS   128 /* options, parameters of policies and rewards, images, numerics */
#define NAMED    96  /* characters of a name and of a value that are told apart by eye */
#define TOLD     8   /* differences of a run */
#define SEED     "seed"
#define NO_SCORE UINT32_MAX
#define KINDS    8 /* that are told */

typedef uint32_t values[FIELDS]; /* by field the number of its text */

typedef struct missing {
  char key[SYN_DIGEST_SIZE], nearest[SYN_DIGEST_SIZE];
  uint32_t
      score; /* of the nearest record: twice the differences, less one if the seed is among them */
  char *damaged; /* owned: where its own record stands, and what is wrong with it; or NULL */
  values own, theirs;
} missing;

struct host_why {
  host_recorder *recorder;
  host_texts texts;
  char names[FIELDS][NAMED]; /* of fields */
  uint32_t n_fields;
  host_lines keys; /* of runs that were told: `at` is 0, or 1 + the missing one */
  missing *runs;   /* owned */
  size_t n, room;
  host_why_counts counts;
};

/* ---- a run as values --------------------------------------------------------------------------- */

/* The field of this name. The last one is for all that have no place of their own. */
static uint32_t field_of(host_why *why, const char *name) {
  for (uint32_t i = 0; i < why->n_fields; i++)
    if (strcmp(why->names[i], name) == 0)
      return i;
  if (why->n_fields == FIELDS)
    return FIELDS - 1;
  snprintf(why->names[why->n_fields], NAMED, "%s", name);
  return why->n_fields++;
}

static int put(host_why *why, values to, const char *name, const char *text) {
  char cut[NAMED];
  snprintf(cut, sizeof cut, "%s", name);
  uint32_t number = host_texts_number(&why->texts, text, strlen(text));
  to[field_of(why, cut)] = number;
  return number != HOST_NO_TEXT;
}

/* A text in few characters: as it is, or its digest. */
static const char *short_text(char out[NAMED], const char *text) {
  char digest[SYN_DIGEST_SIZE];
  if (strlen(text) < NAMED && !strchr(text, '\n')) {
    snprintf(out, NAMED, "%s", text);
    return out;
  }
  syn_digest_bytes(digest, text, strlen(text));
  snprintf(out, NAMED, "of sha256 %.12s", digest);
  return out;
}

/* A policy or reward, parameter by parameter. The file of a rule is only its name. */
static int put_policy(host_why *why, values to, const char *name, const json_t *policy) {
  const char *own;
  json_t *value;
  int ok = 1;
  json_object_foreach((json_t *)(uintptr_t)policy, own, value) {
    char whole[2 * NAMED], text[NAMED];
    snprintf(whole, sizeof whole, "%.90s.%.90s", name, own);
    if (!ok || strcmp(own, "file") == 0)
      continue;
    if (json_is_object(value)) {
      ok = put_policy(why, to, whole, value);
      continue;
    }
    if (json_is_string(value))
      short_text(text, json_string_value(value));
    else
      host_label_text(text, sizeof text, value);
    ok = put(why, to, strcmp(own, "name") == 0 ? name : whole, text);
  }
  return ok;
}

static int put_run(host_why *why, values to, const host_spec *spec, const char *numerics) {
  char text[NAMED];
  const syn_param *o;
  int ok = 1;
  memset(to, 0, sizeof(values));
  for (size_t i = 0; ok && (o = syn_option_at(i)); i++) {
    if (o->neutral || !syn_option_is_read(&spec->options, o))
      continue;
    json_t *value = host_option_value(&spec->options, o);
    ok = put(why, to, o->name, host_label_text(text, sizeof text, value));
    json_decref(value);
  }
  json_t *policy = spec->policy ? host_policy_resolved(spec->policy) : NULL;
  ok = ok && put_policy(why, to, "policy", policy) && put_policy(why, to, "reward", spec->reward);
  json_decref(policy);
  if (ok && spec->images)
    ok = put(why, to, "images", short_text(text, spec->images->digest));
  return ok && put(why, to, "numerics", numerics);
}

/* ---- runs and records -------------------------------------------------------------------------- */

host_why *host_why_open(host *h) {
  host_why *why = calloc(1, sizeof *why);
  if (why && !(why->recorder = host_recorder_open(h))) {
    free(why);
    return NULL;
  }
  return why;
}

void host_why_close(host_why *why) {
  if (!why)
    return;
  for (size_t i = 0; i < why->n; i++)
    free(why->runs[i].damaged);
  host_texts_close(&why->texts);
  free(why->runs);
  host_lines_close(&why->keys);
  host_recorder_close(why->recorder);
  free(why);
}

static int add_missing(host_why *why, const host_spec *spec) {
  if (!syn_grow(&why->runs, &why->room, why->n + 1, sizeof *why->runs))
    return 0;
  missing *run = &why->runs[why->n++];
  *run = (missing){.score = NO_SCORE};
  memcpy(run->key, spec->key, sizeof run->key);
  return put_run(why, run->own, spec, host_numerics(&spec->options));
}

syn_status host_why_run(host_why *why, const host_spec *spec, int there, syn_ctx *ctx) {
  host_line line = {0};
  host_key_bytes(line.key, spec->key);
  if (host_lines_find(&why->keys, line.key) != HOST_NO_LINE)
    return SYN_OK;
  line.at = there ? 0 : why->n + 1;
  *(there ? &why->counts.there : &why->counts.missing) += 1;
  return host_lines_add(&why->keys, &line) && (there || add_missing(why, spec))
             ? SYN_OK
             : syn_fail_memory(ctx, "runs that are missing");
}

static uint32_t differences(const values a, const values b) {
  uint32_t n = 0;
  for (int i = 0; i < FIELDS; i++)
    n += a[i] != b[i];
  return n;
}

static void compare(missing *run, const values theirs, uint32_t seed, const char *key) {
  uint32_t score = 2 * differences(run->own, theirs) - (uint32_t)(run->own[seed] != theirs[seed]);
  if (score >= run->score)
    return;
  run->score = score;
  memcpy(run->theirs, theirs, sizeof run->theirs);
  snprintf(run->nearest, sizeof run->nearest, "%s", key);
}

syn_status host_why_record(host_why *why, const json_t *record, syn_ctx *ctx) {
  host_spec spec;
  const char *numerics, *key = json_string_value(json_object_get(record, "key"));
  syn_ctx unknown = {0};
  values theirs;
  if (host_recorder_read(why->recorder, &spec, &numerics, record, &unknown)) {
    why->counts.unknown++;
    return SYN_OK;
  }
  int ok = put_run(why, theirs, &spec, numerics ? numerics : "of another program");
  uint32_t seed = field_of(why, SEED);
  host_spec_close(&spec);
  for (size_t i = 0; i < why->n && ok; i++)
    compare(&why->runs[i], theirs, seed, key);
  return ok ? SYN_OK : syn_fail_memory(ctx, "records");
}

syn_status host_why_damaged(host_why *why, const char *key, const char *what, syn_ctx *ctx) {
  uint32_t line = host_lines_of(&why->keys, key);
  if (line == HOST_NO_LINE || why->keys.list[line].at == 0)
    return SYN_OK;
  char **own = &why->runs[why->keys.list[line].at - 1].damaged;
  free(*own);
  *own = strdup(what);
  return *own ? SYN_OK : syn_fail_memory(ctx, what);
}

host_why_counts host_why_count(const host_why *why) {
  return why->counts;
}

/* ---- telling ----------------------------------------------------------------------------------- */

static const char *text_of(const host_why *why, uint32_t number) {
  return number == HOST_NO_TEXT ? "none" : host_texts_at(&why->texts, number);
}

static const char *value_of(const host_why *why, const missing *run, const char *name) {
  for (uint32_t i = 0; i < why->n_fields; i++)
    if (strcmp(why->names[i], name) == 0)
      return text_of(why, run->own[i]);
  return "none";
}

static void print_run(FILE *out, const host_why *why, const missing *run) {
  static const char *const shown[] = {"task", "net", "policy"};
  fprintf(out, "%.12s  ", run->key);
  for (int i = 0; i < 3; i++)
    fprintf(out, "%s ", value_of(why, run, shown[i]));
  fprintf(out, "seed %s: ", value_of(why, run, SEED));
  if (run->damaged) {
    fprintf(out, "%s\n", run->damaged);
    return;
  }
  if (run->score == NO_SCORE) {
    fputs("there is no record to compare it with\n", out);
    return;
  }
  fprintf(out, "unlike %.12s in", run->nearest);
  int n = 0;
  for (uint32_t i = 0; i < FIELDS; i++)
    if (run->own[i] != run->theirs[i] && n++ < TOLD)
      fprintf(out, "%s %s (%s here, %s there)", n > 1 ? "," : "", why->names[i],
              text_of(why, run->own[i]), text_of(why, run->theirs[i]));
  if (n > TOLD)
    fprintf(out, " and %d more", n - TOLD);
  putc('\n', out);
}

void host_why_print(FILE *out, const host_why *why) {
  for (size_t i = 0; i < why->n; i++)
    print_run(out, why, &why->runs[i]);
}

/* ---- kinds of difference ----------------------------------------------------------------------- */

typedef struct kind {
  uint32_t text;
  size_t runs;
} kind;

/* In what a run differs, in words without values. */
static void kind_text(char *out, size_t size, const host_why *why, const missing *run) {
  size_t n = 0;
  out[0] = '\0';
  if (run->damaged || run->score == NO_SCORE) {
    snprintf(out, size, "%s", run->damaged ? "damaged records" : "no record to compare with");
    return;
  }
  for (uint32_t i = 0; i < FIELDS && n < size; i++)
    if (run->own[i] != run->theirs[i])
      n += (size_t)snprintf(out + n, size - n, "%s%s", n ? ", " : "",
                            strcmp(why->names[i], "numerics") == 0 ? "another version (numerics)"
                                                                   : why->names[i]);
  if (n < size)
    snprintf(out + n, size - n, " differ%s", strchr(out, ',') ? "" : "s");
}

/* Most runs first. */
static int by_runs(const void *a, const void *b) {
  const kind *x = a, *y = b;
  if (x->runs != y->runs)
    return x->runs < y->runs ? 1 : -1;
  return (x->text > y->text) - (x->text < y->text);
}

static void print_kinds(FILE *out, const kind *list, size_t n, const host_texts *texts) {
  size_t rest = 0;
  for (size_t i = 0; i < n && i < KINDS; i++)
    fprintf(out, "%zu%s: %s\n", list[i].runs,
            i > 0               ? ""
            : list[i].runs == 1 ? " run"
                                : " runs",
            host_texts_at(texts, list[i].text));
  for (size_t i = KINDS; i < n; i++)
    rest += list[i].runs;
  if (rest)
    fprintf(out, "%zu: in %zu other ways\n", rest, n - KINDS);
}

void host_why_kinds(FILE *out, const host_why *why) {
  char text[TOLD * NAMED];
  host_texts texts = {0};
  kind *list = why->n ? calloc(why->n, sizeof *list) : NULL;
  for (size_t i = 0; i < why->n && list; i++) {
    kind_text(text, sizeof text, why, &why->runs[i]);
    uint32_t number = host_texts_number(&texts, text, strlen(text));
    if (number == HOST_NO_TEXT)
      break;
    list[number - 1].text = number;
    list[number - 1].runs++;
  }
  if (list)
    qsort(list, texts.n, sizeof *list, by_runs);
  print_kinds(out, list, list ? texts.n : 0, &texts);
  free(list);
  host_texts_close(&texts);
}
