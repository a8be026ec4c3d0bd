/* A growing text for tests: what a syn_write function appends to. Free with free(text.bytes). */
#ifndef SYN_TESTS_TEXT_H
#define SYN_TESTS_TEXT_H

#include <stdlib.h>
#include <string.h>

typedef struct test_text {
  char *bytes; /* ends with 0 once anything was written */
  size_t n, room;
} test_text;

static inline void test_append(void *self, const char *bytes, size_t n) {
  test_text *text = self;
  if (text->n + n + 1 > text->room) {
    text->room = 2 * (text->n + n + 1);
    text->bytes = realloc(text->bytes, text->room);
    if (!text->bytes)
      abort();
  }
  memcpy(text->bytes + text->n, bytes, n);
  text->bytes[text->n += n] = '\0';
}

#endif
