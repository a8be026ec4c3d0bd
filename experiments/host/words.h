/* Words as they are typed: arguments of commands, and what is printed to be typed again. */
#ifndef SYN_HOST_WORDS_H
#define SYN_HOST_WORDS_H

#include <stddef.h>

typedef enum host_argument_kind {
  HOST_FLAG,    /* int: 1 if given */
  HOST_WORD,    /* const char * */
  HOST_FOLDER,  /* const char *, without slashes at its end */
  HOST_WORDS,   /* host_words: may stand several times */
  HOST_WHOLE,   /* unsigned, 1 to `most` */
  HOST_SECONDS, /* double, 0 to 1e6 */
} host_argument_kind;

typedef struct host_words {
  const char **list;
  size_t n, room;
} host_words;

typedef struct host_argument {
  const char *name; /* "--out" */
  host_argument_kind kind;
  void *to; /* where its value goes, by kind; left alone if it is not given */
  unsigned most;
} host_argument;

/* Reads argv[1] and on of a command, by a table that ends with a NULL name: "--name value" and
 * "--name=value"; behind "--" nothing is an option. Whatever is no option goes into `plain` (room for
 * argc). 0, or 2 after a line. */
int host_arguments(const char *command, const host_argument *table, int argc, char **argv,
                   const char **plain, size_t *n);

/* The text as one word of a shell, at most `size` - 1 bytes of it, in quotes. Returns `out`. */
char *host_quote(char *out, size_t size, const char *text);

/* The same, in quotes only where a shell needs them. */
char *host_word(char *out, size_t size, const char *text);

/* Takes slashes off the end of a path, but for the first of all. Returns it. */
char *host_trim(char *path);

/* The last name of a path, whatever slashes end it; of "." and "..", that of the folder it is. */
void host_last_name(char *out, size_t size, const char *path);

#endif
