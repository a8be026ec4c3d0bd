/* The list of faces: data/letters/faces.txt, a face a line, fields parted by tabs.
 *
 *   0001  package  file  face.instance  Family Style  licence
 *
 * The file is given below the root of the system's fonts. The number is the face's own: its
 * images are named by it, also where a list holds some of the faces only. Numbers rise. Lines that start with '#' are passed
 * over. packages.txt is alike: package, version, licence.
 */
#ifndef SYN_LETTERS_FACES_H
#define SYN_LETTERS_FACES_H

#include <stddef.h>

#include "data/letters/glyph.h"

#define LETTERS_FACES_MAX 9999
#define LETTERS_FONTS     "/usr/share/fonts/"

typedef struct letters_face {
  char package[64], file[256], name[128], licence[128];
  long number, face, instance;
} letters_face;

typedef struct letters_list {
  letters_face *faces;              /* (n) */
  letters_alphabet *drawn;          /* (n) */
  uint8_t (*keep)[LETTERS_CLASSES]; /* (n) what letters_mark found to be kept */
  size_t n, room;
} letters_list;

/* Marks what is kept: of pixel-identical images of a letter the first; of images that stand for two
 * letters none. SYN_ENOMEM. */
syn_status letters_mark(letters_list *list, syn_ctx *ctx);

/* The faces of the list at `path`, drawn. SYN_EINPUT: numbers that do not rise, too; SYN_EIO: a
 * missing font names its package. */
syn_status letters_read(letters_list *list, letters_library *library, const char *path,
                        syn_ctx *ctx);
syn_status letters_write(const letters_list *list, const char *path, syn_ctx *ctx);

/* The faces of the installed packages that `packages` lists, drawn, less the files that a pattern
 * in `skip` names (then a tab and why), faces without good letters and near copies of others. */
syn_status letters_scan(letters_list *list, letters_library *library, const char *packages,
                        const char *skip, syn_ctx *ctx);

void letters_list_close(letters_list *list);

#endif
