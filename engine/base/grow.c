#include "engine/base/grow.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LEAST 64 /* elements that an array is made larger by */

int syn_grow(void *array, size_t *room, size_t n, size_t size) {
  void *now, *larger;
  if (n <= *room)
    return 1;
  if (n > SIZE_MAX / 2 / size - LEAST)
    return 0;
  size_t wanted = *room + *room / 2 + LEAST;
  wanted = wanted < n ? n : wanted;
  memcpy(&now, array, sizeof now); /* a pointer of any type */
  larger = realloc(now, wanted * size);
  if (!larger)
    return 0;
  memcpy(array, &larger, sizeof larger);
  *room = wanted;
  return 1;
}
