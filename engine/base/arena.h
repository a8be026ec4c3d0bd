/* One arena per object: memory that is taken piece by piece and given back at once.
 *
 * Every piece is zeroed and aligned to 64 bytes (a cache line, a 512-bit vector). Nothing is
 * freed singly, so an object's close function is one line. Not for use inside an iteration.
 */
#ifndef SYN_BASE_ARENA_H
#define SYN_BASE_ARENA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_arena_block syn_arena_block;

typedef struct syn_arena {
  syn_arena_block *blocks; /* newest first; NULL when empty: `syn_arena a = {0}` is ready */
  size_t bytes;            /* taken so far, over all pieces */
} syn_arena;

/* `count` elements of `size` bytes; NULL if memory is short or the product overflows.
 * A count of 0 gives a valid pointer. */
void *syn_arena_take(syn_arena *arena, size_t count, size_t size);

/* A copy of a string. NULL if memory is short. */
char *syn_arena_string(syn_arena *arena, const char *text);

/* Gives everything back; the arena may be used again. */
void syn_arena_close(syn_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
