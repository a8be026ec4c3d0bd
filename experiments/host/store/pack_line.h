/* A line of a pack, as packs.h says it. */
#ifndef SYN_HOST_PACK_LINE_H
#define SYN_HOST_PACK_LINE_H

#include <jansson.h>
#include <stddef.h>

#include "experiments/host/store/shape.h"

#define HOST_LINE_WHY (HOST_SHAPE_WHY + 32)

/* The key of a line of n bytes, as it stands at its head and in its record; 0: this is no record. Not
 * more than that is looked at. */
int host_pack_line_key(unsigned char key[32], const char *text, size_t n);

/* Is it a whole line of this key, with a record in it (shape.h)? If not, `why` is a sentence on it. */
int host_pack_line_check(char why[HOST_LINE_WHY], const char *text, size_t n, const char *key);

/* The record of a whole line, with its seconds, which the caller owns. NULL: not enough memory. */
json_t *host_pack_line_read(const char *text, size_t n);

/* A line with its end: malloc'ed, *n bytes; "seconds" of the record stands beside it. NULL: not enough
 * memory. */
char *host_pack_line_make(size_t *n, const char *key, const json_t *record);

#endif
