#define _XOPEN_SOURCE 700 /* nftw */
#define _DEFAULT_SOURCE
#include "tests/unit/sets.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>
#include <png.h>

#include "engine/base/random.h"

/* ---- PNGs -------------------------------------------------------------------------------------- */

static void append(png_structp png, png_bytep bytes, png_size_t n) {
  sets_file *file = png_get_io_ptr(png);
  assert_true(file->n + n <= sizeof file->bytes);
  memcpy(file->bytes + file->n, bytes, n);
  file->n += n;
}

static void nothing_to_flush(png_structp png) {
  (void)png;
}

void sets_png(sets_file *out, const sets_form *f, const uint8_t *rows, size_t stride) {
  out->n = 0;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  assert_non_null(png);
  png_infop info = png_create_info_struct(png);
  assert_non_null(info);
  if (setjmp(png_jmpbuf(png)))
    fail_msg("libpng does not write this PNG");
  png_set_write_fn(png, out, append, nothing_to_flush);
  png_set_IHDR(png, info, f->width, f->height, f->depth, f->colour,
               f->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE,
               PNG_FILTER_TYPE_BASE);
  if (f->palette) {
    png_color colours[256];
    for (int i = 0; i < f->colours; i++)
      colours[i] = (png_color){f->palette[3 * i], f->palette[3 * i + 1], f->palette[3 * i + 2]};
    png_set_PLTE(png, info, colours, f->colours);
  }
  if (f->opacity)
    png_set_tRNS(png, info, f->opacity, f->colours, NULL);
  png_bytep at[64];
  assert_true(f->height <= 64);
  for (size_t y = 0; y < f->height; y++)
    at[y] = (png_bytep)(uintptr_t)(rows + y * stride);
  png_set_rows(png, info, at);
  png_write_png(png, info, PNG_TRANSFORM_IDENTITY, NULL);
  png_destroy_write_struct(&png, &info);
}

void sets_pixels(uint8_t pixels[SETS_SIDE * SETS_SIDE], uint32_t seed) {
  for (size_t i = 0; i < SETS_SIDE * SETS_SIDE; i++)
    pixels[i] = (uint8_t)(syn_random_bits(seed, SYN_STREAM_POINTS, 0, i / 7) >> 24);
}

void sets_grey(sets_file *out, uint32_t seed) {
  uint8_t pixels[SETS_SIDE * SETS_SIDE];
  sets_form form = {.width = SETS_SIDE, .height = SETS_SIDE, .depth = 8};
  sets_pixels(pixels, seed);
  sets_png(out, &form, pixels, SETS_SIDE);
}

/* ---- packings ---------------------------------------------------------------------------------- */

static void pack_one(struct archive *a, const sets_member *m) {
  struct archive_entry *entry = archive_entry_new();
  assert_non_null(entry);
  archive_entry_copy_pathname(entry, m->name);
  archive_entry_set_perm(entry, m->kind == SETS_FOLDER ? 0755 : 0644);
  archive_entry_set_mtime(entry, 1000000000, 0);
  archive_entry_set_filetype(entry, m->kind == SETS_FOLDER    ? AE_IFDIR
                                    : m->kind == SETS_SYMLINK ? AE_IFLNK
                                                              : AE_IFREG);
  archive_entry_set_size(entry, m->kind == SETS_FILE ? (int64_t)m->n : 0);
  if (m->kind == SETS_SYMLINK)
    archive_entry_copy_symlink(entry, m->target);
  if (m->kind == SETS_HARDLINK)
    archive_entry_copy_hardlink(entry, m->target);
  if (archive_write_header(a, entry) < ARCHIVE_WARN)
    fail_msg("%s: %s", m->name, archive_error_string(a));
  if (m->kind == SETS_FILE && m->n)
    assert_true(archive_write_data(a, m->bytes, m->n) == (la_ssize_t)m->n);
  archive_entry_free(entry);
}

void sets_pack(const char *path, const char *format, const char *filter, const sets_member *members,
               size_t n) {
  struct archive *a = archive_write_new();
  assert_non_null(a);
  assert_int_equal(archive_write_set_format_by_name(a, format), ARCHIVE_OK);
  if (filter)
    assert_true(archive_write_add_filter_by_name(a, filter) >= ARCHIVE_WARN);
  archive_write_set_bytes_per_block(a, 512);
  archive_write_set_bytes_in_last_block(a, 1);
  assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
  for (size_t i = 0; i < n; i++)
    pack_one(a, &members[i]);
  assert_int_equal(archive_write_close(a), ARCHIVE_OK);
  archive_write_free(a);
}

void sets_unpack(const char *path, const sets_member *members, size_t n) {
  char full[4096];
  mkdir(path, 0755);
  for (size_t i = 0; i < n; i++) {
    snprintf(full, sizeof full, "%s/%s", path, members[i].name);
    for (char *slash = full + strlen(path) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
      *slash = '\0';
      mkdir(full, 0755); /* may be there already */
    }
    assert_true(members[i].kind != SETS_HARDLINK);
    if (members[i].kind == SETS_FILE)
      sets_write(full, members[i].bytes, members[i].n);
    else if (members[i].kind == SETS_SYMLINK)
      assert_int_equal(symlink(members[i].target, full), 0);
    else
      mkdir(full, 0755);
  }
}

void sets_small(sets_member members[SETS_SMALL], sets_file files[SETS_SMALL],
                const int order[SETS_SMALL]) {
  static const char *const names[SETS_SMALL] = {"SET/A/0.png", "SET/A/1.png", "SET/B/0.png",
                                                "SET/B/1.png", "SET/C/0.png", "SET/C/1.png"};
  for (int i = 0; i < SETS_SMALL; i++) {
    int which = order ? order[i] : i;
    sets_grey(&files[i], (uint32_t)which + 1);
    members[i] = (sets_member){.name = names[which], .bytes = files[i].bytes, .n = files[i].n};
  }
}

/* ---- files ------------------------------------------------------------------------------------- */

void sets_write(const char *path, const void *bytes, size_t n) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(n ? fwrite(bytes, 1, n, file) : 0, n);
  assert_int_equal(fclose(file), 0);
}

uint8_t *sets_read(const char *path, size_t *n) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  *n = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(*n + 1);
  assert_non_null(bytes);
  assert_int_equal(fread(bytes, 1, *n, file), *n);
  fclose(file);
  return bytes;
}

static char home[1024];

int sets_begin(void **state) {
  (void)state;
  const char *tmp = getenv("TMPDIR");
  snprintf(home, sizeof home, "%s/synlab-sets-XXXXXX", tmp && *tmp ? tmp : "/tmp");
  return mkdtemp(home) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk) {
  (void)info, (void)type, (void)walk;
  return remove(path);
}

int sets_end(void **state) {
  (void)state;
  return nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *sets_path(const char *name) {
  static char paths[8][2048];
  static unsigned next;
  char *path = paths[next++ % 8];
  snprintf(path, sizeof paths[0], "%s/%s", home, name);
  return path;
}

/* ---- opening ----------------------------------------------------------------------------------- */

syn_images *sets_open(const char *name) {
  syn_ctx ctx = {0};
  syn_images *images;
  if (syn_images_open(&images, sets_path(name), &ctx) != SYN_OK)
    fail_msg("%s", ctx.error);
  assert_non_null(images);
  assert_int_equal(images->width, SETS_SIDE);
  assert_int_equal(images->height, SETS_SIDE);
  return images;
}

void sets_refused(const char *name, const char *words) {
  syn_ctx ctx = {0};
  syn_images *images = (syn_images *)&ctx; /* must be made NULL */
  char list[256], *rest = list;
  const char *path = sets_path(name);
  assert_int_equal(syn_images_open(&images, path, &ctx), SYN_EINPUT);
  assert_null(images);
  assert_null(strchr(ctx.error, '\n'));
  if (strncmp(ctx.error, path, strlen(path)) != 0)
    fail_msg("'%s' does not begin with the path", ctx.error);
  snprintf(list, sizeof list, "%s", words);
  for (char *word; (word = strtok_r(rest, " ", &rest));)
    if (!strstr(ctx.error, word))
      fail_msg("'%s' lacks '%s'", ctx.error, word);
}
