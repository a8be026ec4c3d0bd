/* Where records lie: the lines of a store's packs by key, in memory. A line takes some 70 bytes. */
#ifndef SYN_HOST_LINES_H
#define SYN_HOST_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/digest.h"

#define HOST_NO_LINE UINT32_MAX

typedef struct host_line {
  unsigned char key[32];
  uint64_t at;     /* its first byte in the pack */
  uint32_t n;      /* bytes, without its end */
  uint32_t pack;   /* number */
  uint32_t before; /* the line that this key had before, or HOST_NO_LINE */
} host_line;

typedef struct host_lines {
  host_line *list; /* owned */
  uint32_t n;
  size_t room;
  uint32_t *slots; /* owned: 0, or 1 + the newest line of a key */
  size_t n_slots;  /* a power of two, more than twice n */
} host_lines;

/* The 32 bytes of 64 digits; 0 if they are none. */
int host_key_bytes(unsigned char bytes[32], const char *key);

/* And back. */
void host_key_text(char key[SYN_DIGEST_SIZE], const unsigned char bytes[32]);

/* The newest line of a key, or HOST_NO_LINE. */
uint32_t host_lines_find(const host_lines *lines, const unsigned char key[32]);

/* The same of a key in digits; of what is no key there is none. */
uint32_t host_lines_of(const host_lines *lines, const char *key);

/* Room for n lines more, so that these can be added whatever comes. 0: not enough memory. */
int host_lines_reserve(host_lines *lines, size_t n);

/* Adds a line (its `before` is set), which is the newest of its key. 0: not enough memory. */
int host_lines_add(host_lines *lines, const host_line *line);

void host_lines_close(host_lines *lines);

#endif
