/* A run store from end to end, in one pass: every line of its packs, in the order of their names, then its
 * files of single records. Nothing is kept; damage is handed over, not told. A later line of a key, or a
 * pack's in place of a file's, counts for more (store.h): whoever looks at them decides what that means.
 */
#ifndef SYN_HOST_SCAN_H
#define SYN_HOST_SCAN_H

#include <jansson.h>
#include <stdint.h>

#include "experiments/host/store/pack_line.h"
#include "experiments/host/store/store.h"

typedef enum host_seen_kind {
  HOST_SEEN_WHOLE,
  HOST_SEEN_DAMAGED, /* its key can be read, but its digest is another, or it is no record (shape.h) */
  HOST_SEEN_STRANGE,   /* no record */
  HOST_SEEN_CUT,       /* the last of its pack, without a line end: it is being written, or was */
  HOST_SEEN_UNREADABLE /* a pack, or what is left of it */
} host_seen_kind;

typedef struct host_seen {
  host_seen_kind kind;
  const char *name; /* of its file in FOLDER/runs */
  size_t line;      /* from 1 on; 0: the file is its own */
  const char *text; /* the line (n), its end behind it unless it is cut; or NULL */
  size_t n;
  char key[SYN_DIGEST_SIZE]; /* "": it has none */
  char why[HOST_LINE_WHY];   /* "this record is damaged": a sentence on what is not whole */
  json_t *record;            /* of what is whole, with its seconds; NULL of all else */
} host_seen;

/* Anything but SYN_OK ends the scan. */
typedef syn_status (*host_see)(void *self, const host_seen *seen, syn_ctx *ctx);

/* SYN_EINPUT: there is no store. */
syn_status host_scan(host_store store, host_see see, void *self, syn_ctx *ctx);

/* The lines of one pack of a folder `runs`, an open file that is closed then. SYN_EINPUT: it cannot be read. */
syn_status host_scan_pack(FILE *file, const char *runs, const char *name, host_see see, void *self,
                          syn_ctx *ctx);

/* "FOLDER/runs/NAME.jsonl:17", or the file. */
void host_seen_place(char *place, size_t size, host_store store, const host_seen *seen);

#endif
