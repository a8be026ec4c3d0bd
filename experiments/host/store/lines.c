#include "experiments/host/store/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/grow.h"

static int digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int host_key_bytes(unsigned char bytes[32], const char *key) {
  for (int i = 0; i < 32; i++) {
    int high = digit(key[2 * i]), low = high < 0 ? -1 : digit(key[2 * i + 1]);
    if (low < 0)
      return 0;
    bytes[i] = (unsigned char)(16 * high + low);
  }
  return 1;
}

void host_key_text(char key[SYN_DIGEST_SIZE], const unsigned char bytes[32]) {
  for (int i = 0; i < 32; i++)
    snprintf(key + 2 * i, 3, "%02x", bytes[i]);
}

/* Of the newest line of the key, or the free one where it would be noted. A key is a digest: its first
 * bytes are as good as any hash of it. */
static uint32_t *slot_of(const host_lines *lines, const unsigned char key[32]) {
  uint64_t head;
  memcpy(&head, key, sizeof head);
  size_t at = head & (lines->n_slots - 1);
  while (lines->slots[at] && memcmp(lines->list[lines->slots[at] - 1].key, key, 32) != 0)
    at = (at + 1) & (lines->n_slots - 1);
  return &lines->slots[at];
}

uint32_t host_lines_find(const host_lines *lines, const unsigned char key[32]) {
  return lines->n ? *slot_of(lines, key) - 1 : HOST_NO_LINE; /* 0 - 1 is HOST_NO_LINE */
}

uint32_t host_lines_of(const host_lines *lines, const char *key) {
  unsigned char bytes[32];
  return host_key_bytes(bytes, key) ? host_lines_find(lines, bytes) : HOST_NO_LINE;
}

static int more_slots(host_lines *lines, size_t n) {
  uint32_t *slots = calloc(n, sizeof *slots);
  if (!slots)
    return 0;
  free(lines->slots);
  lines->slots = slots;
  lines->n_slots = n;
  for (uint32_t i = 0; i < lines->n; i++)
    *slot_of(lines, lines->list[i].key) = i + 1;
  return 1;
}

int host_lines_reserve(host_lines *lines, size_t n) {
  size_t all = lines->n + n, slots = lines->n_slots ? lines->n_slots : 256;
  while (slots <= 2 * all)
    slots *= 2;
  return all < HOST_NO_LINE && syn_grow(&lines->list, &lines->room, all, sizeof *lines->list) &&
         (slots == lines->n_slots || more_slots(lines, slots));
}

int host_lines_add(host_lines *lines, const host_line *line) {
  if (!host_lines_reserve(lines, 1))
    return 0;
  uint32_t *slot = slot_of(lines, line->key);
  lines->list[lines->n] = *line;
  lines->list[lines->n].before = *slot - 1;
  *slot = ++lines->n;
  return 1;
}

void host_lines_close(host_lines *lines) {
  free(lines->list);
  free(lines->slots);
  *lines = (host_lines){0};
}
