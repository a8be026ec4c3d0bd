#include "engine/base/state.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/grow.h"

void syn_state_piece(syn_state *s, void *piece, size_t n) {
  if (s->failed || n == 0)
    return;
  if (s->resuming) {
    s->failed = n > s->n - s->at;
    if (s->failed)
      return;
    memcpy(piece, s->bytes + s->at, n);
    s->at += n;
  } else {
    s->failed = !syn_grow(&s->bytes, &s->room, s->n + n, 1);
    if (s->failed)
      return;
    memcpy(s->bytes + s->n, piece, n);
    s->n += n;
  }
}

void syn_state_same(syn_state *s, size_t value) {
  uint64_t again = value;
  syn_state_piece(s, &again, sizeof again);
  s->failed |= again != value;
}

syn_status syn_state_check(const syn_state *s, syn_ctx *ctx) {
  if (s->failed && !s->resuming)
    return syn_fail_memory(ctx, "a checkpoint");
  if (s->failed || (s->resuming && s->at != s->n))
    return syn_fail(ctx, SYN_EINPUT, "the checkpoint is not one of this run and this program");
  return SYN_OK;
}

void syn_state_close(syn_state *s) {
  if (!s->resuming)
    free(s->bytes);
  *s = (syn_state){0};
}
