/* A pool of threads for one run: parallel work over numbered blocks.
 *
 * A thread owns whole blocks, and what it computes for a block never depends on which thread it
 * is: results are the same bits at any number of threads. With one thread no thread is made.
 * Waiting threads spin for some 100 microseconds and then sleep, since an iteration is short.
 */
#ifndef SYN_BASE_POOL_H
#define SYN_BASE_POOL_H

#include <stddef.h>

#include "engine/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_pool syn_pool;

/* Work on blocks [begin, end), as thread `thread` of the pool (0 is the caller). */
typedef void (*syn_pool_work)(void *self, size_t begin, size_t end, unsigned thread);

/* `threads` 1..64, or fewer where the system gives no more; the caller owns *out and closes it with syn_pool_close. SYN_EINVAL, SYN_ENOMEM. */
syn_status syn_pool_open(syn_pool **out, unsigned threads, syn_ctx *ctx);
unsigned syn_pool_threads(const syn_pool *pool);

/* Splits [0, blocks) evenly in order over the threads, runs `work`, returns when all are done. */
void syn_pool_run(syn_pool *pool, size_t blocks, syn_pool_work work, void *self);

void syn_pool_close(syn_pool *pool); /* NULL is fine */

#ifdef __cplusplus
}
#endif

#endif
