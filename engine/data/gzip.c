#include "engine/data/gzip.h"

#include <stdlib.h>
#include <zlib.h>

#include "engine/base/grow.h"

#define PIECE  65536
#define FORMAT (15 + 16) /* the widest window; gzip's head, not zlib's */

struct syn_gzip {
  z_stream stream;
  unsigned char *bytes;
  size_t n, room;
};

syn_status syn_gzip_open(syn_gzip **out, syn_ctx *ctx) {
  syn_gzip *gzip = calloc(1, sizeof *gzip);
  if (gzip && deflateInit2(&gzip->stream, Z_BEST_COMPRESSION, Z_DEFLATED, FORMAT, 9,
                           Z_DEFAULT_STRATEGY) != Z_OK) {
    free(gzip);
    gzip = NULL;
  }
  *out = gzip;
  return gzip ? SYN_OK : syn_fail_memory(ctx, "gzip");
}

/* Packs what the stream has. */
static syn_status pack(syn_gzip *gzip, int flush, syn_ctx *ctx) {
  int ended = Z_OK;
  do {
    if (!syn_grow(&gzip->bytes, &gzip->room, gzip->n + PIECE, 1))
      return syn_fail_memory(ctx, "gzip");
    gzip->stream.next_out = gzip->bytes + gzip->n;
    gzip->stream.avail_out = PIECE;
    ended = deflate(&gzip->stream, flush);
    gzip->n += PIECE - gzip->stream.avail_out;
  } while (gzip->stream.avail_in > 0 || (flush == Z_FINISH && ended == Z_OK));
  return SYN_OK;
}

syn_status syn_gzip_add(syn_gzip *gzip, const void *bytes, size_t n, syn_ctx *ctx) {
  const unsigned char *from = bytes;
  syn_status status = SYN_OK;
  while (n > 0 && !status) {
    unsigned piece = n < PIECE ? (unsigned)n : PIECE;
    gzip->stream.next_in = (unsigned char *)(size_t)from;
    gzip->stream.avail_in = piece;
    status = pack(gzip, Z_NO_FLUSH, ctx);
    from += piece;
    n -= piece;
  }
  return status;
}

syn_status syn_gzip_end(const void **bytes, size_t *n, syn_gzip *gzip, syn_ctx *ctx) {
  syn_status status = pack(gzip, Z_FINISH, ctx);
  *bytes = gzip->bytes;
  *n = gzip->n;
  return status;
}

void syn_gzip_close(syn_gzip *gzip) {
  if (!gzip)
    return;
  deflateEnd(&gzip->stream);
  free(gzip->bytes);
  free(gzip);
}
