/* State: what a thing must keep to go on with the same bits, as bytes.
 *
 * A thing describes its state once, for both ways: it hands every piece to syn_state_piece, which
 * appends it to the bytes, or fills it from them. So what is kept and what is given back cannot
 * drift apart. Bytes are this machine's: a state goes on where byte order and sizes are the same.
 *
 *   syn_state s = {0};                           to keep; the bytes are owned, syn_state_close
 *   syn_state s = {.resuming = 1, .bytes, .n};   to give back; the bytes are borrowed
 */
#ifndef SYN_BASE_STATE_H
#define SYN_BASE_STATE_H

#include <stddef.h>

#include "engine/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_state {
  int resuming;
  unsigned char *bytes;
  size_t n, room, at; /* at: bytes given back so far */
  int failed;         /* memory or bytes were short; pieces stay as they are from there on */
} syn_state;

/* n bytes at `piece`, out or in. */
void syn_state_piece(syn_state *state, void *piece, size_t n);

/* A value that must be the same again, such as a size: differs = fails. */
void syn_state_same(syn_state *state, size_t value);

/* Was all well? Giving back: were all bytes used as well? SYN_ENOMEM, SYN_EINPUT. */
syn_status syn_state_check(const syn_state *state, syn_ctx *ctx);

void syn_state_close(syn_state *state);

#ifdef __cplusplus
}
#endif

#endif
