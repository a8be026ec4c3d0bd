#include "engine/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64

struct syn_arena_block {
  syn_arena_block *next;
};

void *syn_arena_take(syn_arena *arena, size_t count, size_t size) {
  if (size && count > (SIZE_MAX - 3 * ALIGNMENT) / size)
    return NULL;
  /* The block's link takes the first line; what follows keeps the alignment. */
  size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + ALIGNMENT;
  void *memory = NULL;
  if (posix_memalign(&memory, ALIGNMENT, bytes))
    return NULL;
  memset(memory, 0, bytes);
  syn_arena_block *block = memory;
  block->next = arena->blocks;
  arena->blocks = block;
  arena->bytes += bytes - ALIGNMENT;
  return (char *)memory + ALIGNMENT;
}

char *syn_arena_string(syn_arena *arena, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = syn_arena_take(arena, size, 1);
  return copy ? memcpy(copy, text, size) : NULL;
}

void syn_arena_close(syn_arena *arena) {
  for (syn_arena_block *block = arena->blocks, *next; block; block = next) {
    next = block->next;
    free(block);
  }
  *arena = (syn_arena){0};
}
