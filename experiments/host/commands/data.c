/* synlab data: what image sets hold, which are at hand, and whether they are the right ones. */
#include <errno.h>
#include <fts.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/random.h"
#include "engine/data/png.h"
#include "engine/data/split.h"
#include "experiments/host/commands/command.h"
#include "experiments/host/base/say.h"
#include "experiments/host/run/sets.h"

#define SHEET_COLUMNS 32
#define SHEET_GAP     2
#define SHEET_SIDE    28 /* of an image */

static int list(host *h) {
  for (const host_known_set *set = host_known_sets; set->name; set++) {
    char path[4096];
    int there = host_known_set_path(h, set, path, sizeof path);
    printf("%-14s %s\n%14s   %s: %s\n", set->name, set->title, "",
           there ? "at hand" : "not at hand", there ? path : set->how);
  }
  puts("\nAny other name is a path: an archive or a folder of class folders, or of MNIST's files.");
  return 0;
}

/* ---- info -------------------------------------------------------------------------------------- */

/* A name from a stranger's archive, or from the command line; it does not steer the terminal. */
static void print_name(const char *name) {
  char *line = strdup(name);
  if (line)
    syn_make_printable(line);
  fputs(line ? line : "?", stdout);
  free(line);
}

static void print_images(const syn_images *images, const char *path) {
  fputs("path      ", stdout);
  print_name(path);
  printf("\nformat    %s\nlayout    ", images->format);
  print_name(images->layout);
  printf("\nimages    %zu of %zux%zu\nclasses   %zu\n", images->n, images->width, images->height,
         images->classes);
  for (size_t c = 0; c < images->classes; c++) {
    size_t count = 0;
    int width = 12 - (int)strlen(images->class_names[c]);
    for (size_t i = 0; i < images->n; i++)
      count += images->labels[i] == c;
    fputs("  ", stdout);
    print_name(images->class_names[c]);
    printf("%*s %zu\n", width > 0 ? width : 0, "", count);
  }
  if (images->transparent)
    printf("clear     %zu with transparent pixels, which are laid on white\n", images->transparent);
  printf("digest    %s\nskipped   %zu\n", images->digest, images->n_skipped);
  for (size_t i = 0; i < images->n_skipped; i++) {
    fputs("  ", stdout);
    print_name(images->skipped[i].name);
    fputs(": ", stdout);
    print_name(images->skipped[i].why);
    putchar('\n');
  }
}

/* The set's own split; else, for an example, a random one. */
static syn_status usual_split(syn_split *split, const syn_images *images, syn_arena *arena,
                              syn_ctx *ctx) {
  size_t dim = images->width * images->height;
  return images->validates
             ? syn_split_given(split, images->validates, images->pixels, images->n, dim, arena, ctx)
             : syn_split_make(split, SYN_SPLIT_RANDOM, 0.75, images->pixels, images->labels,
                              images->n, dim, 1, arena, ctx);
}

/* Repeats and images under several labels, and what the split makes of them. */
static syn_status print_repeats(const syn_images *images, syn_ctx *ctx) {
  syn_arena arena = {0};
  syn_split split;
  syn_repeats repeats;
  size_t dim = images->width * images->height;
  syn_status status =
      syn_split_repeats(&repeats, images->pixels, images->labels, images->n, dim, ctx);
  int splits = 1;
  if (!status) {
    status = usual_split(&split, images, &arena, ctx);
    splits = status != SYN_EINVAL; /* there are too few for two sides */
    status = splits ? status : SYN_OK;
  }
  if (!status) {
    if (images->validates && splits)
      printf("split     its own: %zu image%s train%s, %zu validate%s\n", split.n_train,
             syn_s(split.n_train), syn_s(split.n_train != 1), split.n_validation,
             syn_s(split.n_validation != 1));
    printf("distinct  %zu\nseveral labels %zu distinct image%s, %zu in all\n", repeats.distinct,
           repeats.ambiguous, syn_s(repeats.ambiguous), repeats.ambiguous_images);
    if (!splits)
      puts("leak      too few images to split");
    else
      printf("leak      %zu of %zu validation images also train in %s\n", split.n_leaked,
             split.n_validation,
             images->validates ? "the set's own split" : "a random 75/25 split (seed 1)");
  }
  syn_arena_close(&arena);
  return status;
}

static syn_status info(const syn_images *images, const char *path, syn_ctx *ctx) {
  print_images(images, path);
  for (const host_known_set *set = host_known_sets; set->name; set++)
    if (set->digest && strcmp(set->digest, images->digest) == 0)
      printf("these are the images of '%s'\n", set->name);
  return print_repeats(images, ctx);
}

/* ---- sheet ------------------------------------------------------------------------------------- */

static int same_file(const struct stat *a, const struct stat *b) {
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Is `folder` one of those below `set`, by whatever links? */
static int lies_in(const struct stat *folder, const char *set) {
  char *const roots[] = {(char *)(uintptr_t)set, NULL};
  FTS *walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
  int in = 0;
  for (FTSENT *e; walk && !in && (e = fts_read(walk));)
    in = e->fts_info == FTS_D && same_file(e->fts_statp, folder);
  if (walk)
    fts_close(walk);
  return in;
}

/* A PNG as wide as sheets are; no image of a set is. */
static int is_sheet(const char *path) {
  unsigned char b[24] = {0};
  FILE *file = fopen(path, "rb");
  size_t n = file ? fread(b, 1, sizeof b, file) : 0;
  if (file)
    fclose(file);
  return n == sizeof b && memcmp(b, "\x89PNG\r\n\x1a\n", 8) == 0 && b[16] == 0 && b[17] == 0 &&
         b[18] * 256 + b[19] == SHEET_COLUMNS * (SHEET_SIDE + SHEET_GAP) + SHEET_GAP;
}

/* A sheet goes into a new file, or over another sheet; never through a link, nor among the images. */
static syn_status check_out(const char *out, const char *set, syn_ctx *ctx) {
  char folder[4096];
  struct stat above, there, images;
  const char *slash = strrchr(out, '/');
  if (!*out || (slash && !slash[1]))
    return syn_fail(ctx, SYN_EINVAL, "'%s' is no name of a file; name a PNG to be written", out);
  snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - out) + 1 : 1, slash ? out : ".");
  if (stat(folder, &above) || access(folder, W_OK))
    return syn_fail(ctx, SYN_EINVAL, "%s: cannot be written: %s", out, strerror(errno));
  int is_set = stat(set, &images) == 0;
  if (is_set && S_ISDIR(images.st_mode) && lies_in(&above, set))
    return syn_fail(ctx, SYN_EINVAL, "%s lies in the set that it would show; name a file elsewhere",
                    out);
  size_t n = strlen(out);
  int named = n > 4 && strcasecmp(out + n - 4, ".png") == 0;
  if (lstat(out, &there))
    return errno != ENOENT ? syn_fail(ctx, SYN_EINVAL, "%s: %s", out, strerror(errno))
           : named         ? SYN_OK
                   : syn_fail(ctx, SYN_EINVAL, "%s: a sheet is a PNG; name it %s.png", out, out);
  if (S_ISLNK(there.st_mode))
    return syn_fail(ctx, SYN_EINVAL, "%s is a link; name the file itself", out);
  if (is_set && same_file(&there, &images))
    return syn_fail(ctx, SYN_EINVAL, "%s is the set itself; name another file", out);
  if (!S_ISREG(there.st_mode))
    return syn_fail(ctx, SYN_EINVAL, "%s is no regular file; name a file to be written", out);
  if (!is_sheet(out))
    return syn_fail(ctx, SYN_EINVAL, "%s is there and no sheet of images; it is not written over",
                    out);
  return SYN_OK;
}

/* One row a class: images drawn with a fixed seed, in the order of the set. */
static syn_status sheet(const syn_images *images, const char *set, const char *out, syn_ctx *ctx) {
  syn_status checked = check_out(out, set, ctx);
  if (checked)
    return checked;
  size_t cell_w = images->width + SHEET_GAP, cell_h = images->height + SHEET_GAP;
  size_t width = SHEET_COLUMNS * cell_w + SHEET_GAP;
  size_t height = images->classes * cell_h + SHEET_GAP, first = 0;
  uint8_t *sheet = malloc(width * height);
  uint32_t *order = malloc(images->n * sizeof *order);
  syn_status status = sheet && order ? SYN_OK : syn_fail_memory(ctx, "the sheet");
  if (!status)
    memset(sheet, 96, width * height);
  for (size_t c = 0; c < images->classes && !status; c++) {
    size_t count = 0;
    while (first + count < images->n && images->labels[first + count] == c)
      count++;
    syn_random_permutation(order, count, 1, SYN_STREAM_BATCH, (uint32_t)c);
    for (size_t i = 0; i < SHEET_COLUMNS && i < count; i++) {
      const uint8_t *from = images->pixels + (first + order[i]) * images->width * images->height;
      uint8_t *to = sheet + (SHEET_GAP + c * cell_h) * width + SHEET_GAP + i * cell_w;
      for (size_t y = 0; y < images->height; y++)
        memcpy(to + y * width, from + y * images->width, images->width);
    }
    first += count;
  }
  if (!status)
    status = syn_png_write(out, sheet, width, height, ctx);
  for (size_t c = 0; c < images->classes && !status; c++) {
    printf("row %-4zu  ", c + 1);
    print_name(images->class_names[c]);
    putchar('\n');
  }
  free(sheet);
  free(order);
  return status;
}

/* ---- verify ------------------------------------------------------------------------------------ */

static int verify(const host_known_set *set, const syn_images *images, const char *path) {
  if (!set->digest)
    return host_wrong("data verify: no digest is pinned for '%s'", set->name);
  if (strcmp(set->digest, images->digest) == 0) {
    printf("%s: %s, %zu images: the right ones\n", set->name, path, images->n);
    return 0;
  }
  host_wrong("%s: these are not the images of '%s': %zu images with digest %s, expected %s%s", path,
             set->name, images->n, images->digest, set->digest,
             images->validates ? "; this set has a part that validates: name the one that trains"
                               : "");
  return 1;
}

/* ---- the command ------------------------------------------------------------------------------- */

/* The words of a part, counted. 0, or 2 after a line. */
static int count_words(const host_command *self, const char *part, size_t n) {
  size_t least = strcmp(part, "list") == 0 ? 0 : strcmp(part, "sheet") == 0 ? 2 : 1;
  size_t most = strcmp(part, "verify") == 0 ? 2 : least;
  return n >= least && n <= most
             ? 0
             : host_wrong("%s %s takes %zu word%s, not %zu; `synlab %s --help` says which",
                          self->name, part, n < least ? least : most,
                          syn_s(n < least ? least : most), n, self->name);
}

static int use_set(host *h, const char *part, const char *const *words, size_t n) {
  int verifies = strcmp(part, "verify") == 0;
  const host_known_set *set = host_known_set_find(words[0]);
  const char *near = verifies && !set ? host_known_set_near(words[0]) : NULL;
  if (near)
    return host_wrong("data verify: no set is named '%s'; did you mean '%s'?", words[0], near);
  if (verifies && !set)
    return host_wrong("data verify: no set is named '%s'; `synlab data list` lists them", words[0]);
  syn_ctx ctx = {0};
  const syn_images *images;
  const char *path;
  syn_status status = host_images(h, &images, words[verifies ? n - 1 : 0], &path, &ctx);
  if (!status && verifies)
    return verify(set, images, path);
  if (!status)
    status = n == 2 ? sheet(images, path, words[1], &ctx) : info(images, path, &ctx);
  return status ? host_failed(status, &ctx) : 0;
}

static int data_main(host *h, const host_command *self, int argc, char **argv) {
  if (host_part(self, argc, argv) < 0)
    return 2;
  size_t n = 0;
  int status = host_arguments(h, self, NULL, argc - 1, argv + 1, &n);
  if (!status)
    status = count_words(self, argv[1], n);
  if (!status)
    status = n == 0 ? list(h) : use_set(h, argv[1], h->words, n);
  return status;
}

static const char *const parts[] = {"list", "info", "sheet", "verify", NULL};

const host_command host_command_data = {
    .name = "data",
    .summary = "image sets: which are at hand, what they hold, whether they are the right ones",
    .synopsis =
        "synlab data list               sets known by name, and how to get them\n"
        "synlab data info SET           classes, counts, digest, repeats, unreadable members\n"
        "synlab data sheet SET OUT.png  a contact sheet to look at\n"
        "synlab data verify NAME [PATH] are these the images of that name?",
    .about = "SET is a name or a path: an archive, a folder of class folders, a pair of IDX files.",
    .parts = parts,
    .main = data_main,
};
