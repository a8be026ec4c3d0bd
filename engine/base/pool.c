#include "engine/base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#define THREADS_MAX 64
#define SPINS                                                                                      \
  4000                /* looks before a waiting thread sleeps: some 100 microseconds, more than the
                         part of an iteration that one thread does alone */
#define PATIENCE 2000 /* looks before the caller gives its core away */

typedef struct member {
  syn_pool *pool;
  unsigned index;
  pthread_t thread;
} member;

struct syn_pool {
  unsigned threads;
  member members[THREADS_MAX]; /* [0] is the caller */

  /* the work at hand */
  syn_pool_work work;
  void *self;
  size_t blocks;

  atomic_uint round; /* counts calls of syn_pool_run; a change wakes the members */
  atomic_uint busy;  /* members that have not finished this round */
  atomic_int leave;
  atomic_uint sleepers;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
};

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void do_share(syn_pool *pool, unsigned index) {
  size_t begin = pool->blocks * index / pool->threads;
  size_t end = pool->blocks * (index + 1) / pool->threads;
  if (begin < end)
    pool->work(pool->self, begin, end, index);
}

/* Waits until the round is no longer `seen`: first by looking, then asleep. */
static unsigned await_round(syn_pool *pool, unsigned seen) {
  unsigned now = seen;
  for (int i = 0; i < SPINS && now == seen; i++) {
    now = atomic_load_explicit(&pool->round, memory_order_acquire);
    relax();
  }
  if (now != seen)
    return now;
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while ((now = atomic_load(&pool->round)) == seen)
    pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
  return now;
}

static void *serve(void *argument) {
  member *m = argument;
  syn_pool *pool = m->pool;
  unsigned seen = 0;
  for (;;) {
    seen = await_round(pool, seen);
    if (atomic_load(&pool->leave))
      return NULL;
    do_share(pool, m->index);
    atomic_fetch_sub_explicit(&pool->busy, 1, memory_order_release);
  }
}

static void next_round(syn_pool *pool) {
  atomic_fetch_add(&pool->round, 1);
  if (atomic_load(&pool->sleepers) > 0) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
  }
}

syn_status syn_pool_open(syn_pool **out, unsigned threads, syn_ctx *ctx) {
  *out = NULL;
  if (threads < 1 || threads > THREADS_MAX)
    return syn_fail(ctx, SYN_EINVAL, "threads = %u: must be 1 to %d", threads, THREADS_MAX);
  syn_pool *pool = calloc(1, sizeof *pool);
  if (!pool)
    return syn_fail_memory(ctx, "threads");
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  for (pool->threads = 1; pool->threads < threads; pool->threads++) {
    member *m = &pool->members[pool->threads];
    *m = (member){.pool = pool, .index = pool->threads};
    if (pthread_create(&m->thread, NULL, serve, m))
      break; /* the system gives no more: fewer do the same work */
  }
  *out = pool;
  return SYN_OK;
}

unsigned syn_pool_threads(const syn_pool *pool) {
  return pool->threads;
}

void syn_pool_run(syn_pool *pool, size_t blocks, syn_pool_work work, void *self) {
  pool->work = work;
  pool->self = self;
  pool->blocks = blocks;
  if (pool->threads > 1) {
    atomic_store(&pool->busy, pool->threads - 1);
    next_round(pool);
  }
  do_share(pool, 0);
  /* The others end at about the same time; if not, the core may be what they are waiting for. */
  for (int i = 0; atomic_load_explicit(&pool->busy, memory_order_acquire) > 0; i++)
    if (i < PATIENCE)
      relax();
    else
      sched_yield();
}

void syn_pool_close(syn_pool *pool) {
  if (!pool)
    return;
  atomic_store(&pool->leave, 1);
  next_round(pool);
  for (unsigned i = 1; i < pool->threads; i++)
    pthread_join(pool->members[i].thread, NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool);
}
