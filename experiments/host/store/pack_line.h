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

/* The record (shape.h) of a whole line of this key, with its seconds; the caller owns it. NULL: it is none, and
 * `why` is a sentence on it. */
json_t *host_pack_line_read(char why[HOST_LINE_WHY], const char *text, size_t n, const char *key);

/* A line with its end: malloc'ed, *n bytes; "seconds" of the record stands beside it. NULL: not enough
 * memory. */
char *host_pack_line_make(size_t *n, const char *key, const json_t *record);

#endif
