/* Which IDX files are a set, from their names alone. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/data/idx.h"

#define FILES_MAX 1000 /* in one place; EMNIST has 24 */

typedef struct parts { /* of "gzip/emnist-letters-train-images-idx3-ubyte (1).gz" */
  const char *name;
  size_t folder;       /* bytes of "gzip/" */
  size_t stem;         /* bytes of "gzip/emnist-letters-train-" */
  size_t set;          /* bytes of "gzip/emnist-letters" */
  int labels, dot;     /* of labels; with a dot before its type */
  const char *type;    /* "idx3-ubyte" */
  const char *packing; /* ".gz" or "" */
  const char *mark;    /* (n_mark) " (1)", by which a browser or wget tells it from an older one */
  size_t n_mark;
  enum { BEFORE_TYPE, BEHIND_TYPE, AT_END } mark_at;
  syn_side side; /* by "train", "t10k", "test": NONE if the name has none of them */
} parts;

/* ---- one name ---------------------------------------------------------------------------------- */

static const char *const types[] = {"idx3-ubyte", "idx1-ubyte", "idx2-int"};
static const char *const halves[] = {"images", "labels"};
static const char *const packings[] = {".gz", ".xz", ".bz2", ".zst"};

/* The last word of the stem: "train" of "emnist-letters-train-". */
static void find_side(parts *p) {
  size_t end = p->stem;
  if (end > p->folder && (p->name[end - 1] == '-' || p->name[end - 1] == '_'))
    end--;
  size_t begin = end;
  while (begin > p->folder && p->name[begin - 1] != '-' && p->name[begin - 1] != '_')
    begin--;
  const char *word = p->name + begin;
  size_t n = end - begin;
  p->side = syn_layout_side(word, n);
  if ((n == 4 && strncasecmp(word, "t10k", n) == 0) ||
      (n > 4 && strncasecmp(word, "test", 4) == 0 && isdigit((unsigned char)word[4])))
    p->side = SYN_SIDE_VALIDATION;
  p->set = p->side == SYN_SIDE_NONE ? end : begin > p->folder ? begin - 1 : begin;
}

/* Takes `word` off the end of the name's first *n bytes. */
static int cut(const parts *p, size_t *n, const char *word) {
  size_t m = strlen(word);
  if (*n < p->folder + m || strncasecmp(p->name + *n - m, word, m) != 0)
    return 0;
  *n -= m;
  return 1;
}

static const char *cut_one_of(const parts *p, size_t *n, const char *const *words, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (cut(p, n, words[i]))
      return words[i];
  return NULL;
}

/* Takes off " (1)", "(1)", or at the end of all ".1". */
static void cut_mark(parts *p, size_t *n, int at) {
  size_t end = *n - (*n && p->name[*n - 1] == ')'), begin = end;
  while (begin > p->folder && isdigit((unsigned char)p->name[begin - 1]))
    begin--;
  if (p->n_mark || begin == end || begin == p->folder ||
      p->name[begin - 1] != (end < *n ? '(' : '.') || (end == *n && at != AT_END))
    return;
  begin--;
  begin -= end < *n && begin > p->folder && p->name[begin - 1] == ' ';
  p->mark = p->name + begin;
  p->n_mark = *n - begin;
  p->mark_at = at;
  *n = begin;
}

static int parse(parts *p, const char *name) {
  *p = (parts){.name = name, .folder = syn_name_folder(name), .mark = ""};
  p->folder += p->folder > 0;
  size_t n = strlen(name);
  cut_mark(p, &n, AT_END);
  p->packing = cut_one_of(p, &n, packings, sizeof packings / sizeof *packings);
  p->packing = p->packing ? p->packing : "";
  cut_mark(p, &n, BEHIND_TYPE);
  p->type = cut_one_of(p, &n, types, sizeof types / sizeof *types);
  p->dot = p->type && cut(p, &n, ".");
  if (!p->type || !(p->dot || cut(p, &n, "-")))
    return 0;
  if (p->dot)
    cut_mark(p, &n, BEFORE_TYPE);
  p->labels = p->type != types[0]; /* which is that of images */
  p->stem = n;
  if (!cut(p, &p->stem, halves[p->labels]))
    return 0;
  find_side(p);
  return 1;
}

/* The name of this half of it, as it is marked, or without its mark. */
static void spell(char out[512], const parts *p, int labels, int marked) {
  int n = marked ? (int)p->n_mark : 0;
  snprintf(out, 512, "%.*s%s%.*s%c%s%.*s%s%.*s", (int)p->stem, p->name, halves[labels],
           p->mark_at == BEFORE_TYPE ? n : 0, p->mark, p->dot ? '.' : '-',
           p->labels == labels ? p->type : types[labels], p->mark_at == BEHIND_TYPE ? n : 0,
           p->mark, p->packing, p->mark_at == AT_END ? n : 0, p->mark);
}

int syn_idx_is(const char *name) {
  parts p;
  return parse(&p, name);
}

/* ---- pairs ------------------------------------------------------------------------------------- */

static int same_stem(const parts *a, const parts *b) {
  return a->stem == b->stem && strncmp(a->name, b->name, a->stem) == 0;
}

static int same_mark(const parts *a, const parts *b) {
  return a->n_mark == b->n_mark && a->mark_at == b->mark_at &&
         memcmp(a->mark, b->mark, a->n_mark) == 0;
}

/* What tells the files of one set from its likeness in another packing or spelling. */
static int same_dress(const parts *a, const parts *b) {
  return a->dot == b->dot && a->packing == b->packing && same_mark(a, b);
}

/* The other half of names[at], or NULL; *near is one in another dress. */
static const char *other_half(const parts *list, size_t n, size_t at, const parts **near) {
  *near = NULL;
  for (size_t i = 0; i < n; i++) {
    if (!same_stem(&list[at], &list[i]) || list[at].labels == list[i].labels)
      continue;
    if (same_dress(&list[at], &list[i]))
      return list[i].name;
    *near = &list[i];
  }
  return NULL;
}

static syn_status refuse_half(const parts *half, const parts *near, const char *path,
                              syn_ctx *ctx) {
  char missing[512], beside[1700] = "", right[2][512];
  spell(missing, half, !half->labels, 1);
  spell(right[0], half, 0, 0);
  spell(right[1], half, 1, 0);
  if (near && near->packing != half->packing)
    snprintf(beside, sizeof beside,
             "; %.400s beside it is packed in another way and may be of another set: unpack or "
             "pack both alike",
             near->name);
  else if (near)
    snprintf(beside, sizeof beside,
             "; %.400s beside it was saved at another time, or by another program, and may be of "
             "another set: if it is not, name them %s and %s",
             near->name, right[0], right[1]);
  return syn_fail(ctx, SYN_EINPUT, "%s: the %s of %s are missing: no %s%s", path,
                  halves[!half->labels], half->name, missing, beside);
}

/* ---- sets -------------------------------------------------------------------------------------- */

/* A whole set, by where its name ends in that of one of its files. */
typedef struct set {
  const parts *like;
  syn_idx_choice choice;
} set;

static int same_set(const parts *a, const parts *b) {
  return a->set == b->set && strncmp(a->name, b->name, a->set) == 0;
}

static int is_wanted(const parts *p, const char *want) {
  return !want || (strlen(want) == p->set && strncmp(want, p->name, p->set) == 0) ||
         (strlen(want) == p->set - p->folder &&
          strncmp(want, p->name + p->folder, p->set - p->folder) == 0);
}

int syn_idx_is_of(const char *name, const char *wanted) {
  parts p;
  return parse(&p, name) && is_wanted(&p, wanted);
}

/* All pairs, as sets: how many. */
static size_t collect(set *sets, const parts *list, size_t n, const char *want) {
  const parts *near;
  size_t n_sets = 0;
  for (size_t i = 0; i < n; i++) {
    const char *labels = list[i].labels ? NULL : other_half(list, n, i, &near);
    size_t k = 0;
    if (!labels || !is_wanted(&list[i], want))
      continue;
    while (k < n_sets && !(same_set(sets[k].like, &list[i]) && same_dress(sets[k].like, &list[i])))
      k++;
    if (k == n_sets)
      sets[n_sets++] = (set){.like = &list[i]};
    syn_idx_choice *c = &sets[k].choice;
    *(list[i].side == SYN_SIDE_VALIDATION ? &c->other : &c->train) =
        (syn_idx_pair){list[i].name, labels};
  }
  return n_sets;
}

/* The set's name for people: its folder where the files bear no name of their own, and one of them
 * where there are several of its name. */
static void name_set(char *text, size_t size, const parts *p) {
  size_t n = p->n_mark            ? strlen(p->name)
             : p->set > p->folder ? p->set
             : p->folder          ? p->folder - 1
                                  : 0;
  snprintf(text, size, "%.*s", (int)n, p->name);
}

/* `unknown` is a name that none of them bears, or NULL. */
static syn_status refuse_several(const set *sets, size_t n, const char *unknown, const char *path,
                                 syn_ctx *ctx) {
  char list[600] = "", name[256], first[256] = "";
  size_t different = 0;
  for (size_t i = 0; i < n; i++) {
    int seen = 0;
    for (size_t k = 0; k < i && !seen; k++)
      seen = same_set(sets[k].like, sets[i].like) && same_mark(sets[k].like, sets[i].like);
    if (seen)
      continue;
    name_set(name, sizeof name, sets[i].like);
    different++;
    if (!*first)
      snprintf(first, sizeof first, "%s", name);
    size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", *name ? name : ".");
  }
  if (unknown)
    return syn_fail(ctx, SYN_EINPUT, "%s: nothing in it is named %s; its sets of IDX files: %s",
                    path, unknown, list);
  return syn_fail(ctx, SYN_EINPUT, "%s: %zu sets of IDX files in it: %s; name one of them: %s/%s",
                  path, different, list, path, first);
}

/* Halves without the other one, and sets in another dress, are not read, and that is said. */
static void note_rest(syn_idx_choice *c, const parts *list, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const char *name = list[i].name;
    if (name == c->train.images || name == c->train.labels || name == c->other.images ||
        name == c->other.labels)
      continue;
    size_t used = strlen(c->note);
    snprintf(c->note + used, sizeof c->note - used, "%s%s", used ? ", " : "", name);
  }
}

/* The one to read, if all are the same set in several dresses: a name without a mark before those with
 * one, which may be of several sets, and plain files before packed ones. */
static const set *only_one(const set *sets, size_t n) {
  const set *best = n ? &sets[0] : NULL;
  for (size_t i = 1; i < n; i++) {
    const parts *a = best->like, *b = sets[i].like;
    if (!same_set(a, b))
      return NULL;
    if (2 * !b->n_mark + !*b->packing > 2 * !a->n_mark + !*a->packing)
      best = &sets[i];
  }
  for (size_t i = 0; i < n; i++)
    if (best->like->n_mark && !same_mark(best->like, sets[i].like))
      return NULL;
  return best;
}

/* The pair of one file. */
static syn_status choose_pair(syn_idx_choice *out, const parts *list, size_t n, size_t at,
                              const char *path, syn_ctx *ctx) {
  const parts *near;
  const char *other = other_half(list, n, at, &near), *name = list[at].name;
  out->train = list[at].labels ? (syn_idx_pair){other, name} : (syn_idx_pair){name, other};
  return other ? SYN_OK : refuse_half(&list[at], near, path, ctx);
}

static syn_status choose_set(syn_idx_choice *out, set *sets, const parts *list, size_t n,
                             const char *want, const char *path, syn_ctx *ctx) {
  if (n > FILES_MAX)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: %zu IDX files in it, of which %s is one; name a set of them", path, n,
                    list[0].name);
  size_t n_sets = collect(sets, list, n, want);
  const set *best = only_one(sets, n_sets);
  const char *unknown = n_sets ? NULL : want;
  if (!n_sets)
    n_sets = collect(sets, list, n, NULL);
  if (!n_sets)
    return choose_pair(out, list, n, 0, path, ctx);
  if (!best)
    return refuse_several(sets, n_sets, unknown, path, ctx);
  *out = best->choice;
  if (!want)
    note_rest(out, list, n);
  return SYN_OK;
}

syn_status syn_idx_choose(syn_idx_choice *out, const char *const *names, size_t n, const char *want,
                          const char *path, syn_ctx *ctx) {
  parts *list = calloc(n + 1, sizeof *list);
  set *sets = calloc(n + 1, sizeof *sets);
  size_t file = n;
  for (size_t i = 0; i < n && list; i++) {
    parse(&list[i], names[i]);
    if (want && strcmp(names[i], want) == 0)
      file = i;
  }
  syn_status status = !list || !sets ? syn_fail_memory(ctx, "the names of IDX files")
                      : file < n     ? choose_pair(out, list, n, file, path, ctx)
                                     : choose_set(out, sets, list, n, want, path, ctx);
  free(list);
  free(sets);
  return status;
}
