/* Arrays that become larger with what is put into them. */
#ifndef SYN_BASE_GROW_H
#define SYN_BASE_GROW_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Room for n elements of `size` bytes in a malloc'ed array of *room of them; `array` is where the pointer
 * to it stands, NULL of one that has none yet. What is new is not set. An array that grows by half again
 * is moved few times, however many are put into it one by one. 0: not enough memory; all is as it was. */
int syn_grow(void *array, size_t *room, size_t n, size_t size);

#ifdef __cplusplus
}
#endif

#endif
