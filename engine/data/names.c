#include "engine/data/names.h"

#include <stdarg.h>
#include <stdio.h>
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
    if (!names->piece) {
      names->failed = 1;
      return "";
    }
  }
  char *copy = names->piece + names->used;
  memcpy(copy, text, n);
  copy[n] = '\0';
  names->used += n + 1;
  return copy;
}

const char *syn_names_print(syn_names *names, const char *format, ...) {
  char text[4500];
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  return syn_names_keep(names, text, strlen(text));
}

const char *syn_names_keep_nfc(syn_names *names, const char *text) {
  char *composed = NULL;
  if (!syn_name_is_ascii(text))
    composed = (char *)utf8proc_NFC((const utf8proc_uint8_t *)text); /* NULL: no UTF-8 */
  const char *name = composed ? composed : text, *copy = syn_names_keep(names, name, strlen(name));
  free(composed);
  return copy;
}

syn_status syn_names_check(const syn_names *names, syn_ctx *ctx) {
  return names->failed ? syn_fail_memory(ctx, "the images") : SYN_OK;
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
  static const char *const names[] = {
      ".DS_Store", "Thumbs.db", "desktop.ini",        "__MACOSX",    ".git",
      ".svn",      ".hg",       ".ipynb_checkpoints", ".thumbnails", ".AppleDouble"};
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

void syn_name_fold(char *name) {
  char *to = name + (*name == '/');
  for (const char *from = to; *from;) {
    size_t n = strcspn(from, "/"), slash = from[n] == '/';
    if (n > (*from == '.')) {
      memmove(to, from, n + slash);
      to += n + slash;
    }
    from += n + slash;
  }
  while (to > name + 1 && to[-1] == '/')
    to--;
  *to = '\0';
}

int syn_name_resolve(char *out, size_t size, const char *folder, size_t n, const char *path) {
  if (*path == '/' || n + strlen(path) + 2 > size)
    return 0;
  memcpy(out, folder, n);
  while (*path) {
    size_t part = strcspn(path, "/");
    if (part == 2 && strncmp(path, "..", 2) == 0) {
      if (!n)
        return 0;
      out[n] = '\0';
      n = syn_name_folder(out);
    } else if (part && !(part == 1 && *path == '.')) {
      if (n)
        out[n++] = '/';
      memcpy(out + n, path, part);
      n += part;
    }
    path += part + (path[part] == '/');
  }
  out[n] = '\0';
  return 1;
}

int syn_name_below(const char *name, const char *folder) {
  size_t n = strlen(folder);
  return n == 0 || (strncmp(name, folder, n) == 0 && (name[n] == '/' || name[n] == '\0'));
}
