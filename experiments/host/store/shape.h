/* Is a text the whole record of a run? The one opinion of all that read a store: of every field that a run
 * leaves (run/record.h) its kind and range, of columns that they are equally long. Fields that are not known
 * here may be anything that is JSON, with no name twice in an object.
 */
#ifndef SYN_HOST_SHAPE_H
#define SYN_HOST_SHAPE_H

#include <jansson.h>
#include <stddef.h>

#define HOST_SHAPE_WHY 200

/* The record in a text; the caller owns it. NULL: it is none, and `why` says what is wrong, such as
 * "'train.loss' is no number". */
json_t *host_shape_record(char why[HOST_SHAPE_WHY], const char *text, size_t n);

/* The same of a line of a pack, with a record in it (packs.h). */
json_t *host_shape_line(char why[HOST_SHAPE_WHY], const char *text, size_t n);

#endif
