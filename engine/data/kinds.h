/* What image sets come as and this program does not read: by the end of a name or by first bytes,
 * what it is and how to make a set of it. One table. */
#ifndef SYN_DATA_KINDS_H
#define SYN_DATA_KINDS_H

#include <stddef.h>
#include <stdint.h>

typedef enum syn_role {
  SYN_ROLE_PICTURE, /* one image, in a format that is not read: counts in its class folder */
  SYN_ROLE_ARRAYS,  /* a whole set or a part of one */
  SYN_ROLE_ARCHIVE, /* packed: may hold anything */
  SYN_ROLE_TABLE,   /* text; beside images it is a list, alone it may be a set */
} syn_role;

typedef struct syn_kind {
  syn_role role;
  const char *ends;  /* of names, with a space around each: " .jpg .jpeg " */
  const char *magic; /* (n) first bytes, at `at`; NULL: none are known */
  size_t n, at;
  const char *what; /* "JPEG" */
  const char *how;  /* to make class folders of PNGs of it, or to come nearer to them */
} syn_kind;

const syn_kind *syn_kind_of_name(const char *name); /* NULL if no row has it */
const syn_kind *syn_kind_of_bytes(const uint8_t *bytes, size_t n);
const syn_kind *syn_kind_of_file(const char *path); /* an archive's by its bytes, if they tell */
int syn_kind_is_png(const syn_kind *kind); /* the row of PNGs under other names; NULL is none */

#define SYN_KIND_SNIFF 64 /* first bytes that syn_kind_of_bytes can use */

#endif
