/* Renders the built-in set of letters (README.md here).
 *
 *   letters scan PACKAGES.txt SKIP.txt FACES.txt    lists the faces of the installed packages
 *   letters render FACES.txt SET.tar.xz             draws them, prints the digest of the set
 *   letters sheet SET.tar.xz SHEET.png [N [FIRST]]  a picture of N faces (30), spread over the set
 *                                                   or in order from the one named FIRST
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/letters/faces.h"
#include "data/letters/pack.h"
#include "engine/data/images.h"
#include "engine/data/png.h"

/* ---- scan and render --------------------------------------------------------------------------- */

static syn_status scan(char **args, syn_ctx *ctx) {
  letters_library *library;
  letters_list list = {0};
  syn_status status = letters_library_open(&library, ctx);
  if (!status)
    status = letters_scan(&list, library, args[0], args[1], ctx);
  if (!status)
    status = letters_write(&list, args[2], ctx);
  if (!status)
    printf("%s: %zu faces\n", args[2], list.n);
  letters_list_close(&list);
  letters_library_close(library);
  return status;
}

/* The digest comes from reading the archive as any run does. */
static syn_status print_digest(const char *path, syn_ctx *ctx) {
  syn_images *set;
  syn_status status = syn_images_open(&set, path, ctx);
  if (!status) {
    size_t counts[LETTERS_CLASSES] = {0};
    for (size_t i = 0; i < set->n; i++)
      counts[set->labels[i] % LETTERS_CLASSES]++;
    fprintf(stderr, "%s: %zu images;", path, set->n);
    for (size_t c = 0; c < set->classes; c++)
      fprintf(stderr, " %s %zu", set->class_names[c], counts[c % LETTERS_CLASSES]);
    fputc('\n', stderr);
    printf("%s\n", set->digest);
  }
  syn_images_close(set);
  return status;
}

static syn_status render(char **args, syn_ctx *ctx) {
  letters_library *library;
  letters_list list = {0};
  syn_status status = letters_library_open(&library, ctx);
  if (!status)
    status = letters_read(&list, library, args[0], ctx);
  if (!status)
    status = letters_mark(&list, ctx);
  if (!status)
    status = letters_pack(args[1], &list, ctx);
  if (!status)
    status = print_digest(args[1], ctx);
  letters_list_close(&list);
  letters_library_close(library);
  return status;
}

/* ---- sheet ------------------------------------------------------------------------------------- */

/* places[face][class] = 1 + index of the image. Images are named SET/CLASS/NUMBER.png. */
typedef size_t (*places)[LETTERS_CLASSES];

static places find_places(const syn_images *set) {
  places p = calloc(LETTERS_FACES_MAX + 1, sizeof *p);
  for (size_t i = 0; p && i < set->n; i++) {
    long number = strtol(strrchr(set->names[i], '/') + 1, NULL, 10);
    if (number > 0 && number <= LETTERS_FACES_MAX && set->labels[i] < LETTERS_CLASSES)
      p[number][set->labels[i]] = i + 1;
  }
  return p;
}

/* Numbers of the faces that have all letters; how many. */
static size_t find_whole(size_t *whole, places p, size_t first) {
  size_t n = 0;
  for (size_t face = first; face <= LETTERS_FACES_MAX; face++) {
    int all = 1;
    for (size_t c = 0; c < LETTERS_CLASSES; c++)
      all &= p[face][c] != 0;
    if (all)
      whole[n++] = face;
  }
  return n;
}

static syn_status draw_sheet(const syn_images *set, const char *path, size_t columns, size_t first,
                             syn_ctx *ctx) {
  size_t width = columns * LETTERS_SIDE;
  places p = find_places(set);
  size_t *whole = calloc(LETTERS_FACES_MAX, sizeof *whole);
  uint8_t *sheet = calloc(width, LETTERS_CLASSES * LETTERS_SIDE);
  syn_status status = p && whole && sheet ? SYN_OK : syn_fail_memory(ctx, "the sheet");
  size_t n = status ? 0 : find_whole(whole, p, first);
  for (size_t x = 0; x < columns && x < n; x++) {
    size_t face = whole[first ? x : x * n / columns];
    for (size_t c = 0; c < LETTERS_CLASSES; c++)
      for (size_t y = 0; y < LETTERS_SIDE; y++)
        memcpy(sheet + (c * LETTERS_SIDE + y) * width + x * LETTERS_SIDE,
               set->pixels + (p[face][c] - 1) * LETTERS_PIXELS + y * LETTERS_SIDE, LETTERS_SIDE);
  }
  if (!status)
    status = syn_png_write(path, sheet, width, LETTERS_CLASSES * LETTERS_SIDE, ctx);
  free(sheet);
  free(whole);
  free(p);
  return status;
}

static syn_status sheet(char **args, syn_ctx *ctx) {
  long columns = args[2] ? strtol(args[2], NULL, 10) : 30;
  long first = args[2] && args[3] ? strtol(args[3], NULL, 10) : 0;
  if (columns < 1 || columns > 1000 || first < 0)
    return syn_fail(ctx, SYN_EINVAL, "a sheet has 1 to 1000 faces and starts with a face's number");
  syn_images *set;
  syn_status status = syn_images_open(&set, args[0], ctx);
  if (!status)
    status = draw_sheet(set, args[1], (size_t)columns, (size_t)first, ctx);
  syn_images_close(set);
  return status;
}

/* ---- the whole --------------------------------------------------------------------------------- */

int main(int argc, char **argv) {
  syn_ctx ctx = {0};
  syn_status status;
  const char *command = argc > 1 ? argv[1] : "";
  if (argc == 5 && strcmp(command, "scan") == 0)
    status = scan(argv + 2, &ctx);
  else if (argc == 4 && strcmp(command, "render") == 0)
    status = render(argv + 2, &ctx);
  else if (argc >= 4 && argc <= 6 && strcmp(command, "sheet") == 0)
    status = sheet(argv + 2, &ctx);
  else
    status =
        syn_fail(&ctx, SYN_EINVAL,
                 "letters scan PACKAGES SKIP FACES | render FACES SET | sheet SET PNG [N [FIRST]]");
  if (status)
    fprintf(stderr, "letters: %s\n", ctx.error);
  return status ? 1 : 0;
}
