#include "experiments/host/base/texts.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/grow.h"
#include "engine/base/trace.h"

typedef struct host_text_kept {
  char *text; /* owned */
  size_t size;
} host_text_kept;

/* That of a text, or the free one where its number would be noted. */
static uint32_t *slot_of(const host_texts *t, const char *text, size_t size) {
  size_t at = syn_trace_bytes(SYN_TRACE_START, text, size);
  for (;; at++) {
    uint32_t *slot = &t->slots[at & (t->n_slots - 1)];
    const host_text_kept *kept = *slot ? &t->list[*slot - 1] : NULL;
    if (!kept || (kept->size == size && memcmp(kept->text, text, size) == 0))
      return slot;
  }
}

static int more_slots(host_texts *t) {
  size_t n = t->n_slots ? 2 * t->n_slots : 256;
  uint32_t *slots = calloc(n, sizeof *slots);
  if (!slots)
    return 0;
  free(t->slots);
  t->slots = slots;
  t->n_slots = n;
  for (uint32_t i = 0; i < t->n; i++)
    *slot_of(t, t->list[i].text, t->list[i].size) = i + 1;
  return 1;
}

uint32_t host_texts_number(host_texts *t, const char *text, size_t size) {
  if (t->n == UINT32_MAX || !syn_grow(&t->list, &t->room, (size_t)t->n + 1, sizeof *t->list))
    return HOST_NO_TEXT;
  if (2 * ((size_t)t->n + 1) > t->n_slots && !more_slots(t))
    return HOST_NO_TEXT;
  uint32_t *slot = slot_of(t, text, size);
  if (*slot)
    return *slot;
  char *own = malloc(size + 1);
  if (!own)
    return HOST_NO_TEXT;
  memcpy(own, text, size);
  own[size] = '\0';
  t->list[t->n] = (host_text_kept){own, size};
  return *slot = ++t->n;
}

const char *host_texts_at(const host_texts *t, uint32_t number) {
  return t->list[number - 1].text;
}

void host_texts_close(host_texts *t) {
  for (uint32_t i = 0; i < t->n; i++)
    free(t->list[i].text);
  free(t->list);
  free(t->slots);
  *t = (host_texts){0};
}
