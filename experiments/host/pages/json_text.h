/* JSON as text, where it is known to be whole: its members are found without making values of all of it. */
#ifndef SYN_HOST_JSON_TEXT_H
#define SYN_HOST_JSON_TEXT_H

#include <stddef.h>

typedef struct host_text { /* borrowed */
  const char *at;
  size_t n;
} host_text;

/* Steps to the next member of an object: `at` is 0 before the first. `name` is with its quotes, as it
 * stands there. 0: there is none, or the text is no object. */
int host_json_next(host_text *name, host_text *value, host_text object, size_t *at);

/* The member of an object by its name; 0: there is none. */
int host_json_member(host_text *value, host_text object, const char *name);

#endif
