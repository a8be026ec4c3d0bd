#include "engine/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64

/* In the line before a piece. */
struct syn_arena_block {
  syn_arena_block *next;
  void *memory; /* what the allocator gave */
};

void *syn_arena_take(syn_arena *arena, size_t count, size_t size) {
  if (size && count > (SIZE_MAX - 3 * ALIGNMENT) / size)
    return NULL;
  size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  /* zeroed by the allocator: large pieces that are never touched then take no memory */
  char *memory = calloc(bytes + 2 * ALIGNMENT, 1);
  if (!memory)
    return NULL;
  char *piece = memory + ALIGNMENT + (ALIGNMENT - (uintptr_t)memory % ALIGNMENT) % ALIGNMENT;
  syn_arena_block *block = (void *)(piece - ALIGNMENT);
  *block = (syn_arena_block){arena->blocks, memory};
  arena->blocks = block;
  arena->bytes += bytes;
  return piece;
}

char *syn_arena_string(syn_arena *arena, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = syn_arena_take(arena, size, 1);
  return copy ? memcpy(copy, text, size) : NULL;
}

void syn_arena_close(syn_arena *arena) {
  for (syn_arena_block *block = arena->blocks, *next; block; block = next) {
    next = block->next;
    free(block->memory);
  }
  *arena = (syn_arena){0};
}
