#include "data/letters/pack.h"

#include <stdio.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <png.h>

typedef struct sink {
  uint8_t bytes[4 * LETTERS_PIXELS];
  size_t n;
} sink;

static void on_write(png_structp png, png_bytep bytes, png_size_t n) {
  sink *s = png_get_io_ptr(png);
  if (n > sizeof s->bytes - s->n)
    png_error(png, "too large");
  memcpy(s->bytes + s->n, bytes, n);
  s->n += n;
}

static void on_flush(png_structp png) {
  (void)png;
}

/* 8-bit grey, stored. 0 if memory is short. */
static int encode(sink *s, const uint8_t *pixels) {
  s->n = 0;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info || setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return 0;
  }
  png_set_write_fn(png, s, on_write, on_flush);
  png_set_compression_level(png, 0);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_IHDR(png, info, LETTERS_SIDE, LETTERS_SIDE, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (size_t y = 0; y < LETTERS_SIDE; y++)
    png_write_row(png, pixels + y * LETTERS_SIDE);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  return 1;
}

static int write_member(struct archive *tar, struct archive_entry *entry, const char *name,
                        const uint8_t *pixels) {
  sink s;
  if (!encode(&s, pixels))
    return 0;
  archive_entry_clear(entry);
  archive_entry_set_pathname(entry, name);
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_mtime(entry, 0, 0);
  archive_entry_set_size(entry, (la_int64_t)s.n);
  return archive_write_header(tar, entry) == ARCHIVE_OK &&
         archive_write_data(tar, s.bytes, s.n) == (la_ssize_t)s.n;
}

static int write_members(struct archive *tar, struct archive_entry *entry,
                         const letters_list *list) {
  for (size_t c = 0; c < LETTERS_CLASSES; c++)
    for (size_t i = 0; i < list->n; i++) {
      char name[64];
      snprintf(name, sizeof name, "letters/%c/%04ld.png", (char)('A' + c), list->faces[i].number);
      if (list->keep[i][c] && !write_member(tar, entry, name, list->drawn[i][c]))
        return 0;
    }
  return 1;
}

syn_status letters_pack(const char *path, const letters_list *list, syn_ctx *ctx) {
  struct archive *tar = archive_write_new();
  struct archive_entry *entry = archive_entry_new();
  int good = tar && entry && archive_write_set_format_ustar(tar) == ARCHIVE_OK &&
             archive_write_add_filter_xz(tar) == ARCHIVE_OK &&
             archive_write_set_options(tar, "xz:compression-level=9") == ARCHIVE_OK &&
             archive_write_open_filename(tar, path) == ARCHIVE_OK &&
             write_members(tar, entry, list) && archive_write_close(tar) == ARCHIVE_OK;
  const char *why = tar ? archive_error_string(tar) : NULL;
  syn_status status = good ? SYN_OK
                           : syn_fail(ctx, SYN_EIO, "%s: cannot be written%s%s", path,
                                      why ? ": " : "", why ? why : "");
  archive_entry_free(entry);
  archive_write_free(tar);
  if (status)
    remove(path);
  return status;
}
