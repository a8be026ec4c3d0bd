/* One member of an archive or of a folder, as it comes by. */
#ifndef SYN_DATA_MEMBER_H
#define SYN_DATA_MEMBER_H

#include <stddef.h>
#include <stdint.h>

#define SYN_MEMBER_BYTES ((size_t)1 << 20) /* that syn_archive_fill holds */

typedef enum syn_member_kind {
  SYN_MEMBER_FILE,
  SYN_MEMBER_FOLDER,
  SYN_MEMBER_HARDLINK, /* in an archive; may have bytes all the same (cpio) */
  SYN_MEMBER_SYMLINK,  /* in an archive */
  SYN_MEMBER_BROKEN,   /* a link in a folder: to what is not there, or back to where it lies */
  SYN_MEMBER_OTHER,    /* a device, a pipe */
} syn_member_kind;

typedef struct syn_member {
  const char *name;   /* path inside, without a leading "./"; borrowed until the next call */
  const char *target; /* of a link; borrowed likewise. BROKEN and NULL: it leads to where it lies */
  syn_member_kind kind;
  int outside;          /* the path is absolute or climbs out by ".."; no bytes */
  int oversize;         /* more than SYN_MEMBER_BYTES */
  const uint8_t *bytes; /* (n) its first, by syn_archive_fill; borrowed until the next call */
  size_t n;
} syn_member;

#endif
