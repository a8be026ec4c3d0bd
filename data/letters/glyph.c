#include "data/letters/glyph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_BBOX_H
#include FT_OUTLINE_H

struct letters_library {
  FT_Library freetype;
};

syn_status letters_library_open(letters_library **out, syn_ctx *ctx) {
  *out = malloc(sizeof **out);
  if (!*out)
    return syn_fail_memory(ctx, "the fonts");
  if (FT_Init_FreeType(&(*out)->freetype) == 0)
    return SYN_OK;
  free(*out);
  *out = NULL;
  return syn_fail(ctx, SYN_EFAILED, "FreeType cannot be started");
}

void letters_library_close(letters_library *library) {
  if (library)
    FT_Done_FreeType(library->freetype);
  free(library);
}

long letters_faces(letters_library *library, const char *path) {
  FT_Face face;
  if (FT_New_Face(library->freetype, path, -1, &face))
    return 0;
  long n = face->num_faces;
  FT_Done_Face(face);
  return n;
}

long letters_instances(letters_library *library, const char *path, long index) {
  FT_Face face;
  if (FT_New_Face(library->freetype, path, -index - 1, &face))
    return 0;
  long n = face->style_flags >> 16;
  FT_Done_Face(face);
  return n;
}

/* The outline of the loaded glyph -> an image; 0 if there is nothing to see. */
static int fill(uint8_t *image, FT_Library freetype, FT_Outline *outline) {
  FT_BBox box;
  if (outline->n_contours <= 0 || FT_Outline_Get_BBox(outline, &box))
    return 0;
  FT_Pos width = box.xMax - box.xMin, height = box.yMax - box.yMin;
  if (width <= 0 || height <= 0)
    return 0;
  FT_Fixed scale = FT_DivFix(LETTERS_INK * 64, width > height ? width : height);
  FT_Matrix matrix = {.xx = scale, .yy = scale};
  FT_Outline_Transform(outline, &matrix);
  if (FT_Outline_Get_BBox(outline, &box))
    return 0;
  FT_Outline_Translate(outline, LETTERS_SIDE * 32 - (box.xMin + box.xMax) / 2,
                       LETTERS_SIDE * 32 - (box.yMin + box.yMax) / 2);
  memset(image, 0, LETTERS_PIXELS);
  FT_Bitmap bitmap = {.rows = LETTERS_SIDE,
                      .width = LETTERS_SIDE,
                      .pitch = LETTERS_SIDE,
                      .buffer = image,
                      .num_grays = 256,
                      .pixel_mode = FT_PIXEL_MODE_GRAY};
  if (FT_Outline_Get_Bitmap(freetype, outline, &bitmap))
    return 0;
  for (size_t i = 0; i < LETTERS_PIXELS; i++)
    if (image[i] >= 128)
      return 1;
  return 0;
}

/* What is wrong with the letters of this face; NULL if they were drawn. */
static const char *draw_all(letters_alphabet out, FT_Library freetype, FT_Face face) {
  if (!FT_IS_SCALABLE(face))
    return "it has bitmaps, no outlines";
  if (FT_Select_Charmap(face, FT_ENCODING_UNICODE))
    return "it has no Unicode table";
  for (FT_ULong c = 0; c < LETTERS_CLASSES; c++) {
    FT_UInt glyph = FT_Get_Char_Index(face, 'A' + c);
    if (glyph == 0 || FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING) ||
        face->glyph->format != FT_GLYPH_FORMAT_OUTLINE)
      return "one of the letters A to J is missing";
    if (!fill(out[c], freetype, &face->glyph->outline))
      return "one of the letters A to J is blank";
    for (FT_ULong before = 0; before < c; before++)
      if (memcmp(out[before], out[c], LETTERS_PIXELS) == 0)
        return "two of the letters A to J are the same";
  }
  return NULL;
}

/* Names come from the font: printable ASCII only, so that the list stays a plain text. */
static void write_name(char *name, size_t room, FT_Face face) {
  snprintf(name, room, "%s %s", face->family_name ? face->family_name : "(no name)",
           face->style_name ? face->style_name : "");
  for (char *c = name; *c; c++)
    if (*c < ' ' || *c > '~')
      *c = '?';
  for (size_t n = strlen(name); n && name[n - 1] == ' ';)
    name[--n] = '\0';
}

syn_status letters_draw(letters_alphabet out, char *name, size_t room, letters_library *library,
                        const char *path, long index, long instance, syn_ctx *ctx) {
  FT_Face face;
  if (FT_New_Face(library->freetype, path, index | instance * 65536, &face))
    return syn_fail(ctx, SYN_EINPUT, "%s: face %ld.%ld cannot be read as a font", path, index,
                    instance);
  write_name(name, room, face);
  const char *why = draw_all(out, library->freetype, face);
  FT_Done_Face(face);
  if (why)
    return syn_fail(ctx, SYN_EINPUT, "%s: face %ld.%ld: %s", path, index, instance, why);
  return SYN_OK;
}
