#include "experiments/host/base/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is printed to be typed again --------------------------------------------------------- */

char *host_quote(char *out, size_t size, const char *text) {
  size_t n = 0;
  out[n++] = '\'';
  for (; *text && n + 6 < size; text++)
    if (*text == '\'') {
      memcpy(out + n, "'\\''", 4);
      n += 4;
    } else {
      out[n++] = *text;
    }
  out[n++] = '\'';
  out[n] = '\0';
  return out;
}

char *host_word(char *out, size_t size, const char *text) {
  size_t plain = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "_-./=,:+@%^");
  if (!*text || text[plain])
    return host_quote(out, size, text);
  snprintf(out, size, "%s", text);
  return out;
}

/* ---- paths ------------------------------------------------------------------------------------- */

char *host_trim(char *path) {
  for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
    path[n - 1] = '\0';
  return path;
}

void host_last_name(char *out, size_t size, const char *path) {
  size_t end = strlen(path);
  while (end > 1 && path[end - 1] == '/')
    end--;
  size_t begin = end;
  while (begin > 0 && path[begin - 1] != '/')
    begin--;
  snprintf(out, size, "%.*s", (int)(end - begin), path + begin);
  char *real = strcmp(out, ".") && strcmp(out, "..") ? NULL : realpath(path, NULL);
  if (real)
    host_last_name(out, size, real);
  free(real);
}
