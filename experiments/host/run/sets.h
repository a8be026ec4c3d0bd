/* Data sets known by name: what they are, where they lie, how to get them, and the digest over
 * decoded images that tells a true copy in whatever packing. */
#ifndef SYN_HOST_SETS_H
#define SYN_HOST_SETS_H

#include "experiments/host/base/host.h"

typedef struct host_known_set {
  const char *name, *title;
  const char *digest; /* NULL: none is pinned */
  size_t images;      /* that it should hold; 0: not pinned */
  const char *how;    /* to get it */
} host_known_set;

extern const host_known_set host_known_sets[]; /* ends with a NULL name */

const host_known_set *host_known_set_find(const char *name); /* NULL if unknown */
const char *host_known_set_near(const char *name);           /* that may be meant, or NULL */

/* Where the set lies or would lie; is it there? */
int host_known_set_path(const host *h, const host_known_set *set, char *path, size_t size);

/* The name of the images of runs that name none: --data, else what is at hand. */
const char *host_usual_set(host *h);

#endif
