#include "engine/data/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#define CHUNK ((size_t)1 << 16)

struct syn_stream {
  const char *name;
  syn_source source;
  int file;             /* the descriptor below the source, or -1 */
  size_t packed;        /* bytes taken from the source */
  size_t held;          /* bytes of the chunk that the library was given last */
  uint8_t chunk[CHUNK]; /* packed bytes; [at, n) are not yet used */
  size_t at, n;
  z_stream zip;
  int zipped, finished;   /* gzip; its last member has ended */
  struct archive *reader; /* the other filters, else NULL */
  syn_ctx *ctx;           /* of the call that libarchive calls back from */
  syn_status failed;      /* of the source, below libarchive */
};

/* ---- sources ----------------------------------------------------------------------------------- */

static syn_status read_file(void *from, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx) {
  const syn_stream *s = from;
  ssize_t more;
  do
    more = read(s->file, bytes, n);
  while (more < 0 && errno == EINTR);
  *got = more < 0 ? 0 : (size_t)more;
  return more < 0 ? syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", s->name, strerror(errno))
                  : SYN_OK;
}

/* The next chunk, when the last one is used up; an empty one is the end. */
static syn_status refill(syn_stream *s, syn_ctx *ctx) {
  if (s->at < s->n)
    return SYN_OK;
  s->at = s->n = 0;
  syn_status status = s->source.read(s->source.from, s->chunk, CHUNK, &s->n, ctx);
  s->packed += s->n;
  return status;
}

/* ---- gzip -------------------------------------------------------------------------------------- */

static int is_gzip(const uint8_t *b, size_t n) {
  return n > 2 && b[0] == 0x1f && b[1] == 0x8b;
}

/* Behind a member: another one, zeros to the end, or damage. */
static syn_status after_member(syn_stream *s, syn_ctx *ctx) {
  syn_status status = refill(s, ctx);
  if (!status && s->n && s->chunk[s->at] == 0x1f)
    return inflateReset(&s->zip) == Z_OK ? SYN_OK : syn_fail_memory(ctx, s->name);
  s->finished = 1;
  while (!status && s->n) {
    for (; s->at < s->n; s->at++)
      if (s->chunk[s->at])
        return syn_fail(ctx, SYN_EINPUT, "%s: damaged: other bytes behind the end of its gzip data",
                        s->name);
    status = refill(s, ctx);
  }
  return status;
}

static syn_status read_gzip(syn_stream *s, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx) {
  *got = 0;
  while (*got < n && !s->finished) {
    syn_status status = refill(s, ctx);
    if (status)
      return status;
    if (!s->n)
      return syn_fail(ctx, SYN_EINPUT, "%s: damaged or cut short: truncated gzip data", s->name);
    size_t room = n - *got < CHUNK ? n - *got : CHUNK;
    s->zip.next_in = s->chunk + s->at;
    s->zip.avail_in = (uInt)(s->n - s->at);
    s->zip.next_out = bytes + *got;
    s->zip.avail_out = (uInt)room;
    int end = inflate(&s->zip, Z_NO_FLUSH);
    s->at = s->n - s->zip.avail_in;
    *got += room - s->zip.avail_out;
    if (end == Z_STREAM_END)
      status = after_member(s, ctx);
    else if (end == Z_MEM_ERROR)
      status = syn_fail_memory(ctx, s->name);
    else if (end != Z_OK && end != Z_BUF_ERROR)
      status = syn_fail(ctx, SYN_EINPUT, "%s: damaged gzip data: %s", s->name,
                        s->zip.msg ? s->zip.msg : "wrong");
    if (status)
      return status;
  }
  return SYN_OK;
}

/* ---- the other filters ------------------------------------------------------------------------- */

static const struct magic {
  const char *bytes;
  size_t n;
} packings[] = {{"BZh", 3},
                {"\xfd"
                 "7zXZ",
                 6},
                {"\x28\xb5\x2f\xfd", 4},
                {"\x04\x22\x4d\x18", 4},
                {"LZIP", 4},
                {"\x1f\x9d", 2},
                {"\x5d\0\0", 3}};

static int is_packed(const uint8_t *b, size_t n) {
  for (size_t i = 0; i < sizeof packings / sizeof *packings; i++)
    if (n >= packings[i].n && memcmp(b, packings[i].bytes, packings[i].n) == 0)
      return 1;
  return 0;
}

static la_ssize_t on_read(struct archive *a, void *data, const void **bytes) {
  syn_stream *s = data;
  s->failed = refill(s, s->ctx);
  if (s->failed) {
    archive_set_error(a, EIO, "%s", s->ctx ? s->ctx->error : "cannot be read");
    return -1;
  }
  size_t n = s->n - s->at;
  s->held = n > 0 ? s->n : s->held;
  *bytes = s->chunk + s->at;
  s->at = s->n;
  return (la_ssize_t)n;
}

static syn_status damaged(syn_stream *s, syn_ctx *ctx) {
  const char *text = archive_error_string(s->reader);
  if (s->failed) /* the line stands already */
    return s->failed;
  return syn_fail(ctx, SYN_EINPUT, "%s: damaged or cut short%s%s", s->name, text ? ": " : "",
                  text ? text : "");
}

static syn_status open_filters(syn_stream *s, syn_ctx *ctx) {
  struct archive *a = s->reader = archive_read_new();
  struct archive_entry *entry;
  if (!a)
    return syn_fail_memory(ctx, s->name);
  archive_read_support_filter_bzip2(a);
  archive_read_support_filter_xz(a);
  archive_read_support_filter_lzma(a);
  archive_read_support_filter_zstd(a);
  archive_read_support_filter_lz4(a);
  archive_read_support_filter_lzip(a);
  archive_read_support_filter_compress(a);
  archive_read_support_format_raw(a);
  archive_read_support_format_empty(a);
  if (archive_read_open(a, s, NULL, on_read, NULL) != ARCHIVE_OK ||
      archive_read_next_header(a, &entry) < ARCHIVE_WARN)
    return damaged(s, ctx);
  return SYN_OK;
}

/* Behind the packed data: zeros to the end, or damage. Of bzip2 the library passes over what follows. */
static syn_status after_filters(syn_stream *s, syn_ctx *ctx) {
  int64_t unused = (int64_t)s->packed - archive_filter_bytes(s->reader, -1);
  s->finished = 1;
  s->n = s->held; /* the last bytes that came: the end of the source has left them there */
  s->at = unused > 0 && (size_t)unused <= s->n ? s->n - (size_t)unused : s->n;
  syn_status status;
  while (!(status = refill(s, ctx)) && s->n)
    for (; s->at < s->n; s->at++)
      if (s->chunk[s->at])
        return syn_fail(ctx, SYN_EINPUT,
                        "%s: damaged: other bytes behind the end of its packed data", s->name);
  return status;
}

static syn_status read_filters(syn_stream *s, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx) {
  for (*got = 0; *got < n;) {
    la_ssize_t more = archive_read_data(s->reader, bytes + *got, n - *got);
    if (more < 0)
      return damaged(s, ctx);
    if (more == 0)
      return s->finished ? SYN_OK : after_filters(s, ctx);
    *got += (size_t)more;
  }
  return SYN_OK;
}

/* ---- the whole --------------------------------------------------------------------------------- */

static syn_status begin(syn_stream *s, syn_ctx *ctx) {
  s->ctx = ctx;
  syn_status status = refill(s, ctx);
  if (status)
    return status;
  if (!is_gzip(s->chunk, s->n))
    return is_packed(s->chunk, s->n) ? open_filters(s, ctx) : SYN_OK;
  s->zipped = inflateInit2(&s->zip, 16 + MAX_WBITS) == Z_OK;
  return s->zipped ? SYN_OK : syn_fail_memory(ctx, s->name);
}

static syn_status open_file(syn_stream *s, syn_ctx *ctx) {
  struct stat info;
  s->file = open(s->name, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* nobody is waited for at a pipe */
  if (s->file < 0 || fstat(s->file, &info))
    return syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", s->name, strerror(errno));
  return S_ISREG(info.st_mode)
             ? SYN_OK
             : syn_fail(ctx, SYN_EINPUT, "%s: neither a file nor a folder", s->name);
}

syn_status syn_stream_wrap(syn_stream **out, syn_source source, const char *name, syn_ctx *ctx) {
  syn_stream *s = calloc(1, sizeof *s);
  *out = NULL;
  if (!s)
    return syn_fail_memory(ctx, name);
  s->name = name;
  s->source = source.read ? source : (syn_source){read_file, s};
  s->file = -1;
  syn_status status = source.read ? SYN_OK : open_file(s, ctx);
  if (!status)
    status = begin(s, ctx);
  if (status)
    syn_stream_close(s);
  else
    *out = s;
  return status;
}

syn_status syn_stream_open(syn_stream **out, const char *path, syn_ctx *ctx) {
  return syn_stream_wrap(out, (syn_source){NULL, NULL}, path, ctx);
}

syn_status syn_stream_read(syn_stream *s, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx) {
  s->ctx = ctx;
  if (s->zipped)
    return read_gzip(s, bytes, n, got, ctx);
  if (s->reader)
    return read_filters(s, bytes, n, got, ctx);
  for (*got = 0; *got < n;) {
    syn_status status = refill(s, ctx);
    size_t more = s->n - s->at < n - *got ? s->n - s->at : n - *got;
    if (status || !more)
      return status;
    memcpy(bytes + *got, s->chunk + s->at, more);
    s->at += more;
    *got += more;
  }
  return SYN_OK;
}

const char *syn_stream_filter(const syn_stream *s) {
  return s->zipped ? "gzip" : s->reader ? archive_filter_name(s->reader, 0) : NULL;
}

size_t syn_stream_packed(const syn_stream *s) {
  return s->packed;
}

int64_t syn_stream_seek(syn_stream *s, int64_t offset, int whence) {
  if (s->zipped || s->reader || s->file < 0)
    return -1;
  if (whence == SEEK_CUR) /* the file is ahead by what waits in the chunk */
    offset -= (int64_t)(s->n - s->at);
  s->at = s->n = 0;
  return lseek(s->file, offset, whence);
}

void syn_stream_close(syn_stream *s) {
  if (!s)
    return;
  if (s->zipped)
    inflateEnd(&s->zip);
  if (s->reader)
    archive_read_free(s->reader);
  if (s->file >= 0)
    close(s->file);
  free(s);
}
