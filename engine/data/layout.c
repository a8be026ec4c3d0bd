#include "engine/data/layout.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define WANTED "a set is SET/CLASS/IMAGE.png, or SET/train/CLASS/IMAGE.png with SET/test beside it"

#define FOLDERS_MAX 1024 /* more than 256 classes in three parts each, with strays */

typedef enum part { PART_NONE, PART_TRAIN, PART_VAL, PART_TEST, PARTS } part;

static const struct {
  const char *name;
  part part;
} parts[] = {
    {"train", PART_TRAIN}, {"training", PART_TRAIN}, {"val", PART_VAL},
    {"valid", PART_VAL},   {"validation", PART_VAL}, {"dev", PART_VAL},
    {"test", PART_TEST},   {"testing", PART_TEST},   {"eval", PART_TEST},
};

static part part_of(const char *name, size_t n) {
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (strlen(parts[i].name) == n && strncasecmp(parts[i].name, name, n) == 0)
      return parts[i].part;
  return PART_NONE;
}

syn_side syn_layout_side(const char *name, size_t n) {
  part p = part_of(name, n);
  return p == PART_NONE ? SYN_SIDE_NONE : p == PART_TRAIN ? SYN_SIDE_TRAIN : SYN_SIDE_VALIDATION;
}

/* ---- paths ------------------------------------------------------------------------------------- */

typedef struct tree {
  syn_place *places;
  size_t n;
  size_t prefix; /* bytes of every folder's path that say nothing: "SET/" */
  const char *path;
  syn_ctx *ctx;
} tree;

/* What counts of a folder's path: "train/A" of "SET/train/A". */
static const char *inner(const tree *t, const syn_place *p) {
  return p->folder + t->prefix;
}

static size_t depth_of(const char *folder) {
  size_t depth = *folder != '\0';
  for (; *folder; folder++)
    depth += *folder == '/';
  return depth;
}

/* The first part of a path, and the one behind it. */
static size_t first_part(const char *inner_path) {
  return strcspn(inner_path, "/");
}
static const char *second_part(const char *inner_path) {
  const char *slash = strchr(inner_path, '/');
  return slash ? slash + 1 : "";
}

/* Images right above all class folders (a preview, a cover) have no class; above a single class they may
 * be of one that lost its folder, unless nobody can read them. */
static void pass_over_strays(tree *t) {
  for (int above = 1; (t->n > 2 || (t->n == 2 && t->places->why)) && above;) {
    for (size_t i = 1; i < t->n && above; i++)
      above = syn_name_below(t->places[i].folder, t->places[0].folder);
    if (above) {
      t->places++;
      t->n--;
    }
  }
}

/* The folders above every place. */
static void find_prefix(tree *t) {
  const char *first = t->places[0].folder;
  t->prefix = syn_name_folder(first) + (syn_name_folder(first) > 0);
  for (size_t i = 1; i < t->n; i++) {
    const char *folder = t->places[i].folder;
    size_t same = 0;
    while (same < t->prefix && folder[same] == first[same])
      same++;
    /* The folder itself is no prefix of its own. */
    while (same > 0 && (first[same - 1] != '/' || strlen(folder) < same))
      same--;
    t->prefix = same;
  }
}

/* ---- refusals ---------------------------------------------------------------------------------- */

/* Of a folder with what should be images; `what` is "class ", if it must be one. */
static syn_status unreadable(const tree *t, const char *what, const syn_place *p) {
  const char *colon = p->why ? ": " : "", *why = p->why ? p->why : "";
  if (!*p->folder)
    return syn_fail(t->ctx, SYN_EINPUT, "%s: no image right in it can be read%s%s", t->path, colon,
                    why);
  return syn_fail(t->ctx, SYN_EINPUT, "%s: %sfolder %s holds no image that can be read%s%s",
                  t->path, what, p->folder, colon, why);
}

static syn_status refuse_flat(const tree *t, size_t images) {
  if (t->places[0].why)
    return unreadable(t, "", &t->places[0]);
  return syn_fail(
      t->ctx, SYN_EINPUT,
      "%s: %zu image%s lie%s side by side%s%s, in no class folder: move each into the folder "
      "of its class; %s",
      t->path, images, syn_s(images), syn_s(images != 1), *t->places[0].folder ? " in " : "",
      t->places[0].folder, WANTED);
}

static syn_status refuse_depths(const tree *t, const syn_place *a, const syn_place *b) {
  if (a->why || b->why)
    return unreadable(t, "", a->why ? a : b);
  return syn_fail(
      t->ctx, SYN_EINPUT, "%s: images lie at different depths, some in %s and some in %s; %s",
      t->path, *a->folder ? a->folder : "no folder", *b->folder ? b->folder : "no folder", WANTED);
}

/* Two or more levels of which none is a part; of folders without a readable image nobody knows. */
static syn_status refuse_levels(const tree *t) {
  const syn_place *a = &t->places[0], *b = &t->places[t->n - 1];
  for (size_t i = 0; i < t->n; i++)
    if (t->places[i].why)
      return unreadable(t, "", &t->places[i]);
  for (size_t i = 1; i < t->n; i++)
    if (strcmp(second_part(inner(t, a)), second_part(inner(t, &t->places[i]))) == 0) {
      b = &t->places[i];
      return syn_fail(t->ctx, SYN_EINPUT,
                      "%s: images lie in %s and in %s: several sets side by side, or a class in "
                      "several folders? Give one of the folders above the classes; %s",
                      t->path, a->folder, b->folder, WANTED);
    }
  return syn_fail(
      t->ctx, SYN_EINPUT,
      "%s: two levels of folders, such as %s and %s: which one is the class? Give one of "
      "the folders above the classes; %s",
      t->path, a->folder, b->folder, WANTED);
}

/* ---- the layouts ------------------------------------------------------------------------------- */

/* Where the name of the part stands: 1 first, 2 second, 0 in neither place. */
static int find_parts(const tree *t) {
  int first = 1, second = 1;
  for (size_t i = 0; i < t->n; i++) {
    const char *p = inner(t, &t->places[i]);
    first = first && part_of(p, first_part(p));
    second = second && part_of(second_part(p), strlen(second_part(p)));
  }
  return first ? 1 : second ? 2 : 0;
}

static syn_status one_level(syn_layout *out, tree *t, syn_names *names) {
  int all_parts = t->n > 1;
  for (size_t i = 0; i < t->n; i++) {
    const char *p = inner(t, &t->places[i]);
    all_parts = all_parts && part_of(p, strlen(p));
    t->places[i].class = syn_names_keep(names, p, strlen(p));
  }
  if (all_parts)
    return syn_fail(t->ctx, SYN_EINPUT,
                    "%s: %s and %s are parts of a set, and hold images but no class folders; %s",
                    t->path, t->places[0].folder, t->places[1].folder, WANTED);
  snprintf(out->text, sizeof out->text, "CLASS/IMAGE");
  return SYN_OK;
}

/* The first or the second of the two folders that count of a place's path: a class, or a part. */
static const char *folder_of(const tree *t, const syn_place *p, int which, syn_names *names) {
  const char *path = inner(t, p);
  return which == 1 ? syn_names_keep(names, path, first_part(path)) : second_part(path);
}

/* Which name stands for each part; two names of one part are refused. */
static syn_status name_parts(const char *seen[PARTS], const tree *t, int where, syn_names *names) {
  for (size_t i = 0; i < t->n; i++) {
    const char *name = folder_of(t, &t->places[i], where, names);
    const char **known = &seen[part_of(name, strlen(name))];
    if (*known && strcmp(*known, name) != 0)
      return syn_fail(t->ctx, SYN_EINPUT, "%s: %s and %s are names of the same part; one is wanted",
                      t->path, *known, name);
    *known = name;
  }
  return syn_names_check(names, t->ctx);
}

/* A side for each place; a class that is only validated cannot have been learned. */
static syn_status take_sides(syn_layout *out, tree *t, int where, syn_names *names) {
  const char *seen[PARTS] = {NULL}, *form = where == 1 ? "PART/CLASS/IMAGE" : "CLASS/PART/IMAGE";
  int n = 0;
  syn_status status = name_parts(seen, t, where, names);
  if (status)
    return status;
  for (int p = PART_TRAIN; p < PARTS; p++)
    n += seen[p] != NULL;
  if (n > 1 && !seen[PART_TRAIN])
    return syn_fail(t->ctx, SYN_EINPUT, "%s: %s and %s are there, but no train; %s", t->path,
                    seen[PART_VAL], seen[PART_TEST], WANTED);
  part validates = seen[PART_VAL] ? PART_VAL : PART_TEST;
  for (size_t i = 0; i < t->n; i++) {
    const char *name = folder_of(t, &t->places[i], where, names);
    part which = part_of(name, strlen(name));
    t->places[i].class = folder_of(t, &t->places[i], 3 - where, names);
    t->places[i].side = n == 1                ? SYN_SIDE_NONE
                        : which == PART_TRAIN ? SYN_SIDE_TRAIN
                        : which == validates  ? SYN_SIDE_VALIDATION
                                              : SYN_SIDE_LEFT_OUT;
  }
  out->split = n > 1;
  if (n == 1)
    snprintf(out->text, sizeof out->text, "%s, all in %s", form,
             seen[seen[PART_TRAIN] ? PART_TRAIN : validates]);
  else
    snprintf(out->text, sizeof out->text, "%s: %s trains, %s validates%s%s%s", form,
             seen[PART_TRAIN], seen[validates], n == 3 ? ", " : "", n == 3 ? seen[PART_TEST] : "",
             n == 3 ? " is left out" : "");
  return SYN_OK;
}

static syn_status two_levels(syn_layout *out, tree *t, syn_names *names) {
  int where = find_parts(t);
  syn_status status = where ? take_sides(out, t, where, names) : refuse_levels(t);
  for (size_t i = 0; i < t->n && !status && out->split; i++) {
    int learned = t->places[i].side != SYN_SIDE_VALIDATION;
    for (size_t k = 0; k < t->n && !learned; k++)
      learned = t->places[k].side == SYN_SIDE_TRAIN &&
                strcmp(t->places[k].class, t->places[i].class) == 0;
    if (!learned)
      status =
          syn_fail(t->ctx, SYN_EINPUT, "%s: class %s is in %s, but not among the images to train",
                   t->path, t->places[i].class, t->places[i].folder);
  }
  return status;
}

/* ---- checks ------------------------------------------------------------------------------------ */

/* Folders where classes are, or parts, that hold no image. */
static syn_status check_empty(const tree *t, const syn_place *empty, size_t n_empty, size_t depth) {
  for (size_t i = 0; i < t->n; i++)
    if (t->places[i].why && t->places[i].side != SYN_SIDE_LEFT_OUT)
      return unreadable(t, "class ", &t->places[i]);
  for (size_t e = 0; e < n_empty; e++) {
    const char *folder = empty[e].folder;
    if (strlen(folder) <= t->prefix || strncmp(folder, t->places[0].folder, t->prefix) != 0 ||
        depth_of(folder + t->prefix) > depth)
      continue;
    int above = 0;
    for (size_t i = 0; i < t->n && !above; i++)
      above = syn_name_below(t->places[i].folder, folder);
    if (!above)
      return unreadable(t, "class ", &empty[e]);
  }
  return SYN_OK;
}

syn_status syn_layout_decide(syn_layout *out, syn_place *places, size_t n, const syn_place *empty,
                             size_t n_empty, syn_names *names, const char *path, syn_ctx *ctx) {
  tree t = {.places = places, .n = n, .path = path, .ctx = ctx};
  size_t strays = 0, images = 0;
  *out = (syn_layout){.split = 0};
  if (n > FOLDERS_MAX)
    return syn_fail(ctx, SYN_EINPUT, "%s: images lie in %zu folders; that is more than 256 classes",
                    path, n);
  pass_over_strays(&t);
  for (size_t i = 0; i < n; i++)
    *(places + i < t.places ? &strays : &images) += places[i].images;
  if (strays > images || (n == 1 && !*places[0].folder))
    return refuse_flat(&(tree){.places = places, .path = path, .ctx = ctx},
                       strays > images ? strays : images);
  find_prefix(&t);
  size_t depth = depth_of(inner(&t, &t.places[0]));
  for (size_t i = 1; i < t.n; i++)
    if (depth_of(inner(&t, &t.places[i])) != depth)
      return refuse_depths(&t, &t.places[0], &t.places[i]);
  if (depth > 2)
    return refuse_levels(&t);
  syn_status status = depth < 2 ? one_level(out, &t, names) : two_levels(out, &t, names);
  if (!status)
    status = syn_names_check(names, ctx);
  return status ? status : check_empty(&t, empty, n_empty, depth);
}
