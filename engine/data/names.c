#include "engine/data/names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <utf8proc.h>

#define PIECE ((size_t)1 << 16)

const char *syn_names_keep(syn_names *names, const char *text, size_t n) {
  if (!names->piece || names->room - names->used <= n) {
    names->room = n < PIECE ? PIECE : n + 1;
    names->used = 0;
    names->piece = syn_arena_take(names->arena, names->room, 1);
    if (!names->piece)
      return NULL;
  }
  char *copy = names->piece + names->used;
  memcpy(copy, text, n);
  copy[n] = '\0';
  names->used += n + 1;
  return copy;
}

const char *syn_names_keep_nfc(syn_names *names, const char *text, int *changed) {
  char *composed = NULL;
  if (!syn_name_is_ascii(text))
    composed = (char *)utf8proc_NFC((const utf8proc_uint8_t *)text); /* NULL: no UTF-8 */
  if (changed)
    *changed = composed && strcmp(composed, text) != 0;
  const char *name = composed ? composed : text, *copy = syn_names_keep(names, name, strlen(name));
  free(composed);
  return copy;
}

int syn_name_ends(const char *name, const char *suffix) {
  size_t n = strlen(name), m = strlen(suffix);
  return n > m && strcasecmp(name + n - m, suffix) == 0;
}

static int has_part(const char *name, int (*is)(const char *part, size_t n)) {
  for (size_t n; *name; name += n + (name[n] == '/'))
    if (is(name, n = strcspn(name, "/")))
      return 1;
  return 0;
}

static int is_litter(const char *part, size_t n) {
  static const char *const names[] = {".DS_Store",   "Thumbs.db",  "desktop.ini", "__MACOSX",
                                      ".git",        ".svn",       ".hg",         ".ipynb_checkpoints",
                                      ".thumbnails", ".AppleDouble"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strlen(names[i]) == n && strncasecmp(names[i], part, n) == 0)
      return 1;
  return n > 2 && strncmp(part, "._", 2) == 0;
}

static int is_hidden(const char *part, size_t n) {
  return n > 1 && *part == '.';
}

int syn_name_is_litter(const char *name) {
  return has_part(name, is_litter);
}

int syn_name_is_hidden(const char *name) {
  return has_part(name, is_hidden);
}

int syn_name_is_ascii(const char *name) {
  for (; *name; name++)
    if ((unsigned char)*name > 127)
      return 0;
  return 1;
}

size_t syn_name_folder(const char *name) {
  const char *slash = strrchr(name, '/');
  return slash ? (size_t)(slash - name) : 0;
}

int syn_name_below(const char *name, const char *folder) {
  size_t n = strlen(folder);
  return n == 0 || (strncmp(name, folder, n) == 0 && (name[n] == '/' || name[n] == '\0'));
}
