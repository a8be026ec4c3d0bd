#include "data/letters/faces.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINE_SIZE 1024
#define NEAR      8.0 /* grey levels a pixel: faces closer than that are copies */

/* ---- lists ------------------------------------------------------------------------------------- */

/* A copy at the end. SYN_ENOMEM, SYN_EINPUT: more than LETTERS_FACES_MAX. */
static syn_status add(letters_list *list, const letters_face *face, letters_alphabet drawn,
                      syn_ctx *ctx) {
  if (list->n == LETTERS_FACES_MAX)
    return syn_fail(ctx, SYN_EINPUT, "more than %d faces", LETTERS_FACES_MAX);
  if (list->n == list->room) {
    size_t room = list->room ? 2 * list->room : 256;
    void *faces = realloc(list->faces, room * sizeof *list->faces);
    list->faces = faces ? faces : list->faces;
    void *all = realloc(list->drawn, room * sizeof *list->drawn);
    list->drawn = all ? all : list->drawn;
    void *keep = realloc(list->keep, room * sizeof *list->keep);
    list->keep = keep ? keep : list->keep;
    if (!faces || !all || !keep)
      return syn_fail_memory(ctx, "the faces");
    list->room = room;
  }
  list->faces[list->n] = *face;
  memcpy(list->drawn[list->n], drawn, sizeof list->drawn[0]);
  list->n++;
  return SYN_OK;
}

void letters_list_close(letters_list *list) {
  free(list->faces);
  free(list->drawn);
  free(list->keep);
  *list = (letters_list){0};
}

/* ---- repeats ----------------------------------------------------------------------------------- */

typedef struct mark {
  const uint8_t *pixels;
  size_t face, class;
} mark;

static int by_pixels(const void *a, const void *b) {
  const mark *x = a, *y = b;
  int order = memcmp(x->pixels, y->pixels, LETTERS_PIXELS);
  if (order == 0)
    order = (x->face > y->face) - (x->face < y->face);
  return order ? order : (x->class > y->class) - (x->class < y->class);
}

syn_status letters_mark(letters_list *list, syn_ctx *ctx) {
  size_t n = list->n * LETTERS_CLASSES;
  mark *marks = malloc((n + 1) * sizeof *marks);
  if (!marks)
    return syn_fail_memory(ctx, "the images");
  for (size_t i = 0; i < n; i++) {
    size_t face = i / LETTERS_CLASSES, class = i % LETTERS_CLASSES;
    marks[i] = (mark){list->drawn[face][class], face, class};
    list->keep[face][class] = 0;
  }
  qsort(marks, n, sizeof *marks, by_pixels);
  for (size_t first = 0, next; first < n; first = next) {
    int one_label = 1;
    for (next = first;
         next < n && memcmp(marks[first].pixels, marks[next].pixels, LETTERS_PIXELS) == 0; next++)
      one_label &= marks[first].class == marks[next].class;
    if (one_label)
      list->keep[marks[first].face][marks[first].class] = 1;
  }
  free(marks);
  return SYN_OK;
}

/* ---- files ------------------------------------------------------------------------------------- */

static syn_status open_list(FILE **out, const char *path, const char *mode, syn_ctx *ctx) {
  *out = fopen(path, mode);
  return *out ? SYN_OK : syn_fail(ctx, SYN_EIO, "%s: %s", path, strerror(errno));
}

/* The next line that says something, cut into fields at tabs; how many, 0 at the end. */
static size_t next_line(FILE *file, char line[LINE_SIZE], char **fields, size_t room) {
  while (fgets(line, LINE_SIZE, file)) {
    line[strcspn(line, "\n")] = '\0';
    if (*line == '\0' || *line == '#')
      continue;
    size_t n = 0;
    for (char *rest = line; rest && n < room;)
      fields[n++] = strsep(&rest, "\t");
    for (size_t i = n; i < room; i++)
      fields[i] = line + strlen(line);
    return n;
  }
  return 0;
}

static void copy(char *to, size_t room, const char *from) {
  snprintf(to, room, "%s", from);
}

static syn_status read_face(letters_list *list, letters_library *library, char **fields,
                            syn_ctx *ctx) {
  letters_face f = {.face = -1};
  letters_alphabet drawn;
  char path[sizeof LETTERS_FONTS + sizeof f.file], found[sizeof f.name];
  long last = list->n ? list->faces[list->n - 1].number : 0;
  copy(f.package, sizeof f.package, fields[1]);
  copy(f.file, sizeof f.file, fields[2]);
  copy(f.name, sizeof f.name, fields[4]);
  char *end;
  f.number = strtol(fields[0], &end, 10);
  if (*end || f.number <= last || f.number > LETTERS_FACES_MAX)
    return syn_fail(ctx, SYN_EINPUT, "face \"%s\" after face %ld: numbers rise, up to %d",
                    fields[0], last, LETTERS_FACES_MAX);
  if (sscanf(fields[3], "%ld.%ld", &f.face, &f.instance) != 2 || f.face < 0 || f.instance < 0)
    return syn_fail(ctx, SYN_EINPUT, "face %s: \"%s\" is not FACE.INSTANCE", fields[0], fields[3]);
  snprintf(path, sizeof path, "%s%s", LETTERS_FONTS, f.file);
  FILE *file = fopen(path, "rb");
  if (!file)
    return syn_fail(ctx, SYN_EIO, "%s is not there; install it:  apt-get install %s", path,
                    f.package);
  fclose(file);
  syn_status status =
      letters_draw(drawn, found, sizeof found, library, path, f.face, f.instance, ctx);
  if (!status && strcmp(found, f.name) != 0)
    status =
        syn_fail(ctx, SYN_EINPUT, "%s: \"%s\", but the list says \"%s\": another version of %s?",
                 path, found, f.name, f.package);
  return status ? status : add(list, &f, drawn, ctx);
}

syn_status letters_read(letters_list *list, letters_library *library, const char *path,
                        syn_ctx *ctx) {
  FILE *file;
  char line[LINE_SIZE], *fields[6];
  syn_status status = open_list(&file, path, "r", ctx);
  while (!status) {
    size_t n = next_line(file, line, fields, 6);
    if (n == 0)
      break;
    status = n == 6
                 ? read_face(list, library, fields, ctx)
                 : syn_fail(ctx, SYN_EINPUT, "%s: \"%s\": a line has six fields", path, fields[0]);
  }
  if (file)
    fclose(file);
  return status;
}

syn_status letters_write(const letters_list *list, const char *path, syn_ctx *ctx) {
  FILE *file;
  syn_status status = open_list(&file, path, "w", ctx);
  if (status)
    return status;
  fprintf(file, "# number\tpackage\tfile below %s\tface.instance\tfamily and style\tlicence\n",
          LETTERS_FONTS);
  for (size_t i = 0; i < list->n; i++) {
    const letters_face *f = &list->faces[i];
    fprintf(file, "%04ld\t%s\t%s\t%ld.%ld\t%s\t%s\n", f->number, f->package, f->file, f->face,
            f->instance, f->name, f->licence);
  }
  int bad = ferror(file) != 0;
  if (fclose(file) != 0 || bad)
    return syn_fail(ctx, SYN_EIO, "%s: cannot be written", path);
  return SYN_OK;
}

/* ---- scan -------------------------------------------------------------------------------------- */

typedef struct scanner {
  letters_list *list;
  letters_library *library;
  const char *skip;
  syn_ctx *ctx;
} scanner;

/* Whether a face looks as one that is in the list. */
static int is_copy(const letters_list *list, letters_alphabet drawn) {
  const uint8_t *a = drawn[0];
  const unsigned limit = (unsigned)(NEAR * LETTERS_CLASSES * LETTERS_PIXELS);
  for (size_t i = 0; i < list->n; i++) {
    const uint8_t *b = list->drawn[i][0];
    unsigned sum = 0;
    for (size_t c = 0; c < LETTERS_CLASSES && sum < limit; c++)
      for (size_t p = c * LETTERS_PIXELS; p < (c + 1) * LETTERS_PIXELS; p++)
        sum += (unsigned)abs(a[p] - b[p]);
    if (sum < limit)
      return 1;
  }
  return 0;
}

/* Faces that cannot be drawn are passed over: symbols, other scripts, bitmaps. */
static syn_status scan_file(scanner *s, letters_face *f) {
  char path[sizeof LETTERS_FONTS + sizeof f->file];
  snprintf(path, sizeof path, "%s%s", LETTERS_FONTS, f->file);
  long faces = letters_faces(s->library, path);
  for (f->face = 0; f->face < faces; f->face++) {
    long instances = letters_instances(s->library, path, f->face);
    for (f->instance = instances > 0; f->instance <= instances; f->instance++) {
      letters_alphabet drawn;
      if (letters_draw(drawn, f->name, sizeof f->name, s->library, path, f->face, f->instance,
                       NULL) ||
          is_copy(s->list, drawn))
        continue;
      f->number = (long)s->list->n + 1;
      syn_status status = add(s->list, f, drawn, s->ctx);
      if (status)
        return status;
    }
  }
  return SYN_OK;
}

static int is_font(const char *path) {
  static const char *const endings[] = {".ttf", ".otf", ".ttc", ".otc", ".pfb", NULL};
  const char *dot = strrchr(path, '.');
  for (const char *const *e = endings; dot && *e; e++)
    if (strcasecmp(dot, *e) == 0)
      return 1;
  return 0;
}

static syn_status is_skipped(int *out, const scanner *s, const char *file) {
  FILE *list;
  char line[LINE_SIZE], *fields[1];
  syn_status status = open_list(&list, s->skip, "r", s->ctx);
  *out = 0;
  while (!status && !*out && next_line(list, line, fields, 1))
    *out = fnmatch(fields[0], file, 0) == 0;
  if (list)
    fclose(list);
  return status;
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The font files of a package, sorted, as dpkg-query tells them; how many. */
static size_t font_files(char **files, size_t room, const char *package) {
  char command[128], line[LINE_SIZE];
  size_t n = 0, prefix = strlen(LETTERS_FONTS);
  if (package[strspn(package, "abcdefghijklmnopqrstuvwxyz0123456789+-.")] != '\0')
    return 0;
  snprintf(command, sizeof command, "dpkg-query -L %s 2>/dev/null", package);
  FILE *pipe = popen(command, "r");
  while (pipe && n < room && fgets(line, sizeof line, pipe)) {
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, LETTERS_FONTS, prefix) == 0 && is_font(line) &&
        strlen(line) - prefix < sizeof((letters_face *)NULL)->file &&
        (files[n] = strdup(line + prefix)))
      n++;
  }
  if (pipe)
    pclose(pipe);
  qsort(files, n, sizeof *files, by_text);
  return n;
}

static syn_status scan_package(scanner *s, const char *package, const char *licence) {
  char *files[LETTERS_FACES_MAX];
  size_t n = font_files(files, LETTERS_FACES_MAX, package);
  syn_status status = SYN_OK;
  if (n == 0)
    status = syn_fail(s->ctx, SYN_EINPUT, "no fonts of %s here; install it:  apt-get install %s",
                      package, package);
  for (size_t i = 0; i < n; i++) {
    int skipped = 0;
    letters_face f = {.face = 0};
    copy(f.package, sizeof f.package, package);
    copy(f.licence, sizeof f.licence, licence);
    copy(f.file, sizeof f.file, files[i]);
    if (!status)
      status = is_skipped(&skipped, s, f.file);
    if (!status && !skipped)
      status = scan_file(s, &f);
    free(files[i]);
  }
  return status;
}

syn_status letters_scan(letters_list *list, letters_library *library, const char *packages,
                        const char *skip, syn_ctx *ctx) {
  scanner s = {list, library, skip, ctx};
  FILE *file;
  char line[LINE_SIZE], *fields[3];
  syn_status status = open_list(&file, packages, "r", ctx);
  while (!status && next_line(file, line, fields, 3))
    if (strncmp(fields[0], "fonts-", 6) == 0)
      status = scan_package(&s, fields[0], fields[2]);
  if (file)
    fclose(file);
  return status;
}
