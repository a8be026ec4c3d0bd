/* Which IDX files are a set, from their names alone. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/data/idx.h"

#define FILES_MAX 1000 /* in one place; EMNIST has 24 */

typedef struct parts { /* of "gzip/emnist-letters-train-images-idx3-ubyte.gz" */
  const char *name;
  size_t folder;       /* bytes of "gzip/" */
  size_t stem;         /* bytes of "gzip/emnist-letters-train-" */
  size_t set;          /* bytes of "gzip/emnist-letters" */
  int labels, dot;     /* of labels; with a dot before its type */
  const char *packing; /* ".gz" or "" */
  syn_side side;       /* by "train", "t10k", "test": NONE if the name has none of them */
} parts;

/* ---- one name ---------------------------------------------------------------------------------- */

static const struct {
  const char *word;
  int labels;
} types[] = {{"images-idx3-ubyte", 0}, {"images.idx3-ubyte", 0}, {"labels-idx1-ubyte", 1},
             {"labels.idx1-ubyte", 1}, {"labels-idx2-int", 1},   {"labels.idx2-int", 1}};
static const char *const packings[] = {"", ".gz", ".xz", ".bz2", ".zst"};

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

static int parse(parts *p, const char *name) {
  size_t n = strlen(name);
  *p = (parts){.name = name, .folder = syn_name_folder(name)};
  p->folder += p->folder > 0;
  for (size_t k = 0; k < sizeof packings / sizeof *packings; k++)
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
      size_t m = strlen(packings[k]), w = strlen(types[t].word);
      if (n < p->folder + w + m || strcasecmp(name + n - m, packings[k]) != 0 ||
          strncasecmp(name + n - m - w, types[t].word, w) != 0)
        continue;
      p->stem = n - m - w;
      p->labels = types[t].labels;
      p->dot = types[t].word[6] == '.';
      p->packing = packings[k];
      find_side(p);
      return 1;
    }
  return 0;
}

int syn_idx_is(const char *name) {
  parts p;
  return parse(&p, name);
}

/* ---- pairs ------------------------------------------------------------------------------------- */

static int same_stem(const parts *a, const parts *b) {
  return a->stem == b->stem && strncmp(a->name, b->name, a->stem) == 0;
}

static int are_pair(const parts *a, const parts *b) {
  return same_stem(a, b) && a->dot == b->dot && a->packing == b->packing && a->labels != b->labels;
}

/* The other half of names[at], or NULL; *near is one that has another packing. */
static const char *other_half(const parts *list, size_t n, size_t at, const char **near) {
  *near = NULL;
  for (size_t i = 0; i < n; i++) {
    if (are_pair(&list[at], &list[i]))
      return list[i].name;
    if (same_stem(&list[at], &list[i]) && list[at].labels != list[i].labels)
      *near = list[i].name;
  }
  return NULL;
}

static syn_status refuse_half(const parts *half, const char *near, const char *path, syn_ctx *ctx) {
  const char *kind = half->labels ? "images" : "labels";
  const char *type = half->labels ? "idx3-ubyte" : "idx1-ubyte";
  return syn_fail(ctx, SYN_EINPUT, "%s: the %s of %s are missing: no %.*s%s%c%s%s%s%s%s", path,
                  kind, half->name, (int)half->stem, half->name, kind, half->dot ? '.' : '-', type,
                  half->packing, near ? "; " : "", near ? near : "",
                  near ? " beside it is packed in another way and may be of another set: unpack or "
                         "pack both alike"
                       : "");
}

static parts *parse_all(const char *const *names, size_t n, syn_ctx *ctx) {
  parts *list = calloc(n + 1, sizeof *list);
  if (!list)
    syn_fail_memory(ctx, "the names of IDX files");
  for (size_t i = 0; i < n && list; i++)
    parse(&list[i], names[i]);
  return list;
}

syn_status syn_idx_pair_of(syn_idx_pair *out, const char *const *names, size_t n, const char *name,
                           const char *path, syn_ctx *ctx) {
  parts *list = parse_all(names, n, ctx);
  const char *near = NULL;
  size_t at = 0;
  if (!list)
    return SYN_ENOMEM;
  while (at < n && strcmp(names[at], name) != 0)
    at++;
  const char *other = other_half(list, n, at, &near);
  *out = list[at].labels ? (syn_idx_pair){other, name} : (syn_idx_pair){name, other};
  syn_status status = other ? SYN_OK : refuse_half(&list[at], near, path, ctx);
  free(list);
  return status;
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

/* What tells the files of one set from its likeness in another packing or spelling. */
static int same_dress(const parts *a, const parts *b) {
  return same_set(a, b) && a->dot == b->dot && a->packing == b->packing;
}

/* All pairs, as sets; *n_sets of them. */
static void collect(set *sets, size_t *n_sets, const parts *list, size_t n) {
  const char *near;
  *n_sets = 0;
  for (size_t i = 0; i < n; i++) {
    const char *labels = list[i].labels ? NULL : other_half(list, n, i, &near);
    size_t k = 0;
    if (!labels)
      continue;
    while (k < *n_sets && !same_dress(sets[k].like, &list[i]))
      k++;
    if (k == *n_sets)
      sets[(*n_sets)++] = (set){.like = &list[i]};
    syn_idx_choice *c = &sets[k].choice;
    *(list[i].side == SYN_SIDE_VALIDATION ? &c->other : &c->train) =
        (syn_idx_pair){list[i].name, labels};
  }
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

/* The set's name for people: its folder where the files bear no name of their own. */
static void name_set(char *text, size_t size, const parts *p) {
  size_t n = p->set > p->folder ? p->set : p->folder ? p->folder - 1 : 0;
  snprintf(text, size, "%.*s", (int)n, p->name);
}

static syn_status refuse_several(const set *sets, size_t n, const char *path, syn_ctx *ctx) {
  char list[600] = "", name[256], first[256];
  size_t different = 0;
  for (size_t i = 0; i < n; i++) {
    int seen = 0;
    for (size_t k = 0; k < i && !seen; k++)
      seen = same_set(sets[k].like, sets[i].like);
    if (seen)
      continue;
    name_set(name, sizeof name, sets[i].like);
    if (!different++)
      snprintf(first, sizeof first, "%s", name);
    size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", *name ? name : ".");
  }
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

/* The one to read, if all are the same set in several dresses: plain files before packed ones. */
static const set *only_one(const set *sets, size_t n) {
  const set *best = n ? &sets[0] : NULL;
  for (size_t i = 1; i < n; i++) {
    if (!same_set(sets[i].like, best->like))
      return NULL;
    if (!*sets[i].like->packing && *best->like->packing)
      best = &sets[i];
  }
  return best;
}

syn_status syn_idx_choose(syn_idx_choice *out, const char *const *names, size_t n, const char *want,
                          const char *path, syn_ctx *ctx) {
  if (n > FILES_MAX)
    return syn_fail(ctx, SYN_EINPUT, "%s: %zu IDX files in it, of which %s is one; name a set of them",
                    path, n, names[0]);
  parts *list = parse_all(names, n, ctx);
  set *sets = calloc(n + 1, sizeof *sets);
  size_t n_sets = 0, kept = 0;
  syn_status status = list && sets ? SYN_OK : syn_fail_memory(ctx, "the names of IDX files");
  if (!status)
    collect(sets, &n_sets, list, n);
  for (size_t i = 0; i < n_sets; i++)
    if (is_wanted(sets[i].like, want))
      sets[kept++] = sets[i];
  const set *best = only_one(sets, kept);
  const char *near;
  if (!status && !n_sets) {
    (void)other_half(list, n, 0, &near);
    status = refuse_half(&list[0], near, path, ctx);
  } else if (!status && !best) {
    if (kept)
      n_sets = kept;
    else
      collect(sets, &n_sets, list, n);
    status = refuse_several(sets, n_sets, path, ctx);
  }
  if (!status) {
    *out = best->choice;
    if (!want)
      note_rest(out, list, n);
  }
  free(list);
  free(sets);
  return status;
}
