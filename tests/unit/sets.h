/* Small image sets for tests: PNGs in memory, members of an archive, and every packing of them. */
#ifndef SYN_TESTS_SETS_H
#define SYN_TESTS_SETS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/data/images.h"

#define SETS_SIDE 28

typedef struct sets_file {
  uint8_t bytes[8192];
  size_t n;
} sets_file;

/* What a PNG is written from: rows as libpng takes them, at the depth and colour type given. */
typedef struct sets_form {
  uint32_t width, height;
  int depth, colour;      /* PNG_COLOR_TYPE_... */
  const uint8_t *palette; /* (colours, 3) */
  const uint8_t *opacity; /* (colours) or NULL: tRNS of a palette */
  int colours, interlaced;
} sets_form;

void sets_png(sets_file *out, const sets_form *form, const uint8_t *rows, size_t stride);

/* A 28x28 grey PNG whose pixels are a function of `seed`; sets_pixels gives the same pixels. */
void sets_pixels(uint8_t pixels[SETS_SIDE * SETS_SIDE], uint32_t seed);
void sets_grey(sets_file *out, uint32_t seed);

typedef enum sets_kind { SETS_FILE, SETS_FOLDER, SETS_SYMLINK, SETS_HARDLINK } sets_kind;

typedef struct sets_member {
  const char *name;
  const void *bytes; /* of a file */
  size_t n;
  sets_kind kind;
  const char *target; /* of a link */
} sets_member;

/* libarchive's names: "ustar", "zip", "7zip", ...; "gzip", "xz", "zstd", ... or NULL. */
void sets_pack(const char *path, const char *format, const char *filter, const sets_member *members,
               size_t n);

/* The same on disk, below `path`, which is made. No hard links. */
void sets_unpack(const char *path, const sets_member *members, size_t n);

/* Three classes of two images each, SET/A/0.png to SET/C/1.png, in the order of `order` (6). */
#define SETS_SMALL 6
void sets_small(sets_member members[SETS_SMALL], sets_file files[SETS_SMALL],
                const int order[SETS_SMALL]);

void sets_write(const char *path, const void *bytes, size_t n);
uint8_t *sets_read(const char *path, size_t *n); /* malloc'ed */

/* Group setup and teardown: a folder of this program's own. sets_path: a path in it; the text
 * holds until the eighth call after. */
int sets_begin(void **state);
int sets_end(void **state);
const char *sets_path(const char *name);

/* Opens `name` in the folder; the test fails with the line if it does not open. */
syn_images *sets_open(const char *name);

/* Opens `name` in the folder and expects SYN_EINPUT and one line with every one of `words` (space
 * separated) and the path in it. */
void sets_refused(const char *name, const char *words);

#endif
