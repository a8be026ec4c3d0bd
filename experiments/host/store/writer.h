/* Records as they are written: a line at the end of a pack (packs.h) that this process alone holds.
 *
 * A pack's name is that of its machine, as it was started (its boot id), and a number. A writer takes
 * the first one of its machine that no process of it holds (flock), and makes one where all are held.
 * So there are as many packs as processes have written at a time, for each start of each machine, and
 * no machine writes into another's: on a network file system nothing depends on the locks of others.
 * Where there are no locks, or a machine cannot be told, each writer makes a pack with a random name.
 *
 * A line is one write. What is cut - by kill -9, or a full disk - has no line end and is no record; it
 * is cut off at once, or by the next writer of the pack. A writer that cannot do that leaves the pack
 * and takes another. What was written survives the end of the program, however it ends. It survives a
 * loss of power once it was synced: at most SYNC_EVERY seconds of writing later, and when the writer is
 * closed or told to (host_writer_sync).
 */
#ifndef SYN_HOST_WRITER_H
#define SYN_HOST_WRITER_H

#include <stddef.h>
#include <sys/types.h>

#include "engine/base/status.h"

typedef struct host_writer {
  char path[4096];
  int fd;        /* -1: no pack is held */
  off_t end;     /* of its last whole line */
  pid_t self;    /* who holds it: not its children */
  double synced; /* when, or when it was clean */
  int unsynced;
  int lost; /* errno of a sync that failed and was not told */
} host_writer;

void host_writer_open(host_writer *out);

/* A line of n bytes, with its end, into a pack of the folder. SYN_EIO: it is not there, and the file is
 * named; or it is, and could not be synced. */
syn_status host_writer_add(host_writer *writer, const char *folder, const char *line, size_t n,
                           syn_ctx *ctx);

/* What was written is on the disk. SYN_EIO: that cannot be said. */
syn_status host_writer_sync(host_writer *writer, syn_ctx *ctx);

/* The same if it is due; what is wrong is told by the next call that can. Costs nothing where it is not. */
void host_writer_sync_soon(host_writer *writer);

/* Lets go of the pack, synced if that can be done. */
void host_writer_close(host_writer *writer);

#endif
