/* Texts, each kept once, and known by numbers: from 1 on, in the order in which they came. */
#ifndef SYN_HOST_TEXTS_H
#define SYN_HOST_TEXTS_H

#include <stddef.h>
#include <stdint.h>

#define HOST_NO_TEXT 0 /* the number of none */

typedef struct host_texts {
  struct host_text_kept *list; /* owned */
  size_t room;
  uint32_t n;
  uint32_t *slots; /* owned; by hash: 0, or a number */
  size_t n_slots;  /* a power of two, at least twice n */
} host_texts;

/* The number of a text of `size` bytes, of whatever value; a new one is copied. HOST_NO_TEXT: not enough
 * memory. */
uint32_t host_texts_number(host_texts *texts, const char *text, size_t size);

/* What has this number, with a byte of value 0 behind it. */
const char *host_texts_at(const host_texts *texts, uint32_t number);

void host_texts_close(host_texts *texts);

#endif
