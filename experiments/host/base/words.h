/* Words that are printed to be typed again, and paths as they are typed. */
#ifndef SYN_HOST_WORDS_H
#define SYN_HOST_WORDS_H

#include <stddef.h>

/* The text as one word of a shell, at most `size` - 1 bytes of it, in quotes. Returns `out`. */
char *host_quote(char *out, size_t size, const char *text);

/* The same, in quotes only where a shell needs them. */
char *host_word(char *out, size_t size, const char *text);

/* Takes slashes off the end of a path, but for the first of all. Returns it. */
char *host_trim(char *path);

/* The last name of a path, whatever slashes end it; of "." and "..", that of the folder it is. */
void host_last_name(char *out, size_t size, const char *path);

#endif
