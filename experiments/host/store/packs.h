/* The packs of a store, as they are read: FOLDER/runs/NAME.jsonl, a record a line,
 *
 *   {"key":"64 digits","record":{...},"seconds":S,"sha256":"64 digits"}
 *
 * in canonical JSON. The digest is that of the line's bytes before `,"sha256"`. How long a run took
 * (seconds) stands beside its record: it is no result. Of several whole lines of a key the newest
 * counts: in a pack the last one. What has no line end yet is no record, but one that is being written,
 * or that was when its writer was killed.
 *
 * There is no index on disk. Where each key's lines lie is kept in memory: packs are read once from
 * end to end, and then what has come to them. Digests are checked when a record is read, and
 * whether it is one (shape.h). A line that is not as above, or whose key is not that of its record, is told when it is seen, and left alone.
 *
 * Packs are found, and looked at, by their names, so that what other machines write on a network file
 * system is seen as soon as that shows it.
 */
#ifndef SYN_HOST_PACKS_H
#define SYN_HOST_PACKS_H

#include <jansson.h>
#include <sys/types.h>
#include <time.h>

#include "engine/base/status.h"
#include "experiments/host/store/lines.h"

/* Behind why a pack cannot be read. */
#define HOST_PACK_UNKNOWN ", so what is in it is unknown"

typedef struct host_pack {
  char *name;     /* owned */
  ino_t file;     /* the one that was read */
  uint64_t read;  /* bytes: all lines before are known */
  size_t n;       /* lines among them */
  int unreadable; /* that was told */
} host_pack;

typedef struct host_packs {
  char *folder;    /* owned: FOLDER/runs; NULL: nothing was looked at */
  host_pack *list; /* owned */
  size_t list_room;
  uint32_t n;
  host_lines lines;
  size_t strange;          /* lines that are no records, and packs that cannot be read */
  struct timespec changed; /* the folder, when its names were read */
  int settled;             /* a change since then would show in that time */
  double looked, took;     /* when the packs were looked at, and how long that took */
  int fd;                  /* of the pack that was read last, or -1 */
  uint32_t open;           /* which that is */
  char *bytes;             /* owned: what is being read */
  size_t room;
} host_packs;

void host_packs_open(host_packs *out);
void host_packs_close(host_packs *packs);

/* Those of FOLDER/runs from here on; what is known of another folder's is forgotten. */
syn_status host_packs_take(host_packs *packs, const char *folder, syn_ctx *ctx);

/* Looks for what has come to FOLDER/runs, for the packs of FOLDER. `now`: if something has come, it is
 * known from here on; else this is left out where it was done a moment ago, so that it may be called for
 * every key that is missing. SYN_ENOMEM; SYN_EINVAL: too long a path; what cannot be read is told. */
syn_status host_packs_look(host_packs *packs, const char *folder, int now, syn_ctx *ctx);

/* The newest whole line of a key that is known: its record, with its seconds, which the caller owns.
 * NULL: there is none. SYN_EINPUT: there are, and all of them are damaged; the newest is named. */
syn_status host_packs_read(json_t **record, host_packs *packs, const char *key, syn_ctx *ctx);

/* Is there a whole line of the key? It is not parsed. SYN_EINPUT as above. */
syn_status host_packs_check(int *whole, host_packs *packs, const char *key, syn_ctx *ctx);

/* "FOLDER/runs/NAME.jsonl:17", the newest line of a key; 0: there is none. */
int host_packs_place(char *place, size_t size, host_packs *packs, const char *key);

#endif
