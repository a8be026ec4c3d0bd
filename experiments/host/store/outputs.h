/* What a script writes below OUT. It is kept until the page is made, or the script has ended well, and
 * then written at once under a lock on OUT: two processes that make pages in one folder leave the
 * whole files of one or the other, and a manifest that fits them. A script that ends with an error
 * leaves what stood there before.
 */
#ifndef SYN_HOST_OUTPUTS_H
#define SYN_HOST_OUTPUTS_H

#include "experiments/host/base/host.h"

/* Before anything is computed: is OUT a folder that can be written, or can it be made? Makes nothing.
 * SYN_EINPUT: no. */
syn_status host_outputs_check(const host *h, syn_ctx *ctx);

/* Keeps a copy of the bytes for OUT/relative, in place of an earlier one. SYN_EINVAL: it is no path
 * below OUT. */
syn_status host_output_add(host *h, const char *relative, const void *bytes, size_t n,
                           syn_ctx *ctx);

/* The bytes (*n) kept for this path, with OUT before it; NULL if there are none. Borrowed. */
const char *host_output_find(const host *h, const char *path, size_t *n);

/* Writes all that is kept. One that cannot be written is told, those of the same reason in one line, counts in
 * h->failed_outputs, and stops no other. The caller holds the lock. */
void host_outputs_write(host *h);

/* The lock on OUT, which is made; -1 where there are no locks. Between both calls a signal does not end
 * the program (stop.h). */
int host_outputs_lock(const host *h);
void host_outputs_unlock(int lock);

/* Forgets what is kept. */
void host_outputs_drop(host *h);

#endif
