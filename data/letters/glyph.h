/* Letters of a typeface as images, by FreeType.
 *
 * A letter is the outline of its glyph, unhinted, scaled so that the larger side of its box takes
 * LETTERS_INK pixels, its box centred in the image, filled with 256 levels of coverage: white (255)
 * on black (0). All of it is integer arithmetic of FreeType's; nothing depends on the screen, the
 * locale or the configuration of the system's fonts.
 */
#ifndef SYN_LETTERS_GLYPH_H
#define SYN_LETTERS_GLYPH_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/status.h"

#define LETTERS_CLASSES 10 /* A to J */
#define LETTERS_SIDE    28
#define LETTERS_PIXELS  (LETTERS_SIDE * LETTERS_SIDE)
#define LETTERS_INK     24 /* of the larger side of the box */

typedef uint8_t letters_alphabet[LETTERS_CLASSES][LETTERS_PIXELS];

typedef struct letters_library letters_library;

syn_status letters_library_open(letters_library **out, syn_ctx *ctx);
void letters_library_close(letters_library *library); /* NULL is fine */

/* Faces of a file (1 but for collections), 0 if it is no font; named instances of one of them, 0 if
 * the face is not variable. */
long letters_faces(letters_library *library, const char *path);
long letters_instances(letters_library *library, const char *path, long face);

/* Draws A to J of a face (instance 0: the face as it is) and writes "Family Style" into `name`.
 * SYN_EINPUT, with the path: not a font, bitmaps only, no Unicode table, a letter missing, blank or
 * as another letter. */
syn_status letters_draw(letters_alphabet out, char *name, size_t room, letters_library *library,
                        const char *path, long face, long instance, syn_ctx *ctx);

#endif
