#include "engine/data/archive.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "engine/data/folder.h"
#include "engine/data/names.h"
#include "engine/data/kinds.h"
#include "engine/data/stream.h"
#include "engine/data/zip.h"

#define EXPANSION_FROM ((size_t)64 << 20) /* small archives may expand as they like */
#define BLOCK          512                /* of a tar */

struct syn_archive {
  const char *path;
  syn_folder *folder; /* a folder on disk; else a stream and its reader */
  syn_stream *stream;
  struct archive *reader;
  int opened; /* libarchive knows the format; before, it must not be asked about it */
  size_t members, total;
  locale_t utf8;      /* libarchive drops names that the locale cannot say; 0 if there is none */
  int64_t offset;     /* in the stream, of the bytes that the reader will take next */
  int64_t last_byte;  /* the last one that is not zero, and one */
  int64_t member_end; /* where the last member's bytes ended */
  syn_status failed;  /* of the stream, below libarchive */
  syn_ctx *ctx;       /* of the call that libarchive calls back from */
  char *names[2];     /* of the member, and what it is a link to */
  size_t filled;      /* bytes of the member in `bytes` */
  uint8_t *bytes;     /* (SYN_MEMBER_BYTES), and one more to notice what is larger */
  uint8_t chunk[1 << 16]; /* what libarchive reads from */
};

/* ---- below libarchive -------------------------------------------------------------------------- */

static la_ssize_t on_read(struct archive *reader, void *data, const void **bytes) {
  syn_archive *a = data;
  size_t n = 0;
  a->failed = syn_stream_read(a->stream, a->chunk, sizeof a->chunk, &n, a->ctx);
  if (a->failed) {
    archive_set_error(reader, EIO, "%s", a->ctx ? a->ctx->error : "cannot be read");
    return -1;
  }
  for (size_t i = n; i-- > 0;)
    if (a->chunk[i]) {
      a->last_byte = a->offset + (int64_t)i + 1;
      break;
    }
  a->offset += (int64_t)n;
  *bytes = a->chunk;
  return (la_ssize_t)n;
}

static la_int64_t on_seek(struct archive *reader, void *data, la_int64_t offset, int whence) {
  syn_archive *a = data;
  int64_t now = syn_stream_seek(a->stream, offset, whence);
  if (now < 0) {
    archive_set_error(reader, EIO, "cannot be read at %lld", (long long)offset);
    return ARCHIVE_FATAL;
  }
  return a->offset = now;
}

/* ---- opening ----------------------------------------------------------------------------------- */

static int allow(struct archive *a) {
  int (*const allowed[])(struct archive *) = {
      archive_read_support_format_tar,     archive_read_support_format_cpio,
      archive_read_support_format_zip,     archive_read_support_format_7zip,
      archive_read_support_format_rar,     archive_read_support_format_rar5,
      archive_read_support_format_cab,     archive_read_support_format_xar,
      archive_read_support_format_iso9660, archive_read_support_format_lha,
  };
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    if (allowed[i](a) < ARCHIVE_WARN)
      return 0;
  return 1;
}

static int is_encrypted(const syn_archive *a) {
  return archive_read_has_encrypted_entries(a->reader) > 0;
}

static syn_status encrypted(const syn_archive *a, syn_ctx *ctx) {
  return syn_fail(ctx, SYN_EINPUT, "%s: encrypted; unpack it with its password and give the folder",
                  a->path);
}

/* Nothing could be had of it. What is of no known format is EILSEQ to libarchive; no errno of its
 * own, or another one, is a known format that gives up: an archive, or a part of one. */
static syn_status not_an_archive(const syn_archive *a, syn_ctx *ctx) {
  const syn_kind *kind = syn_kind_of_file(a->path);
  const char *why = archive_error_string(a->reader);
  if (a->failed) /* the line stands already */
    return a->failed;
  if (a->opened && is_encrypted(a))
    return encrypted(a, ctx);
  if (archive_errno(a->reader) == EILSEQ && !(kind && kind->magic))
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: not an archive of images (%s); .tar.gz, .zip and others are "
                    "read, or a folder",
                    a->path, why ? why : "of no known format");
  return syn_fail(
      ctx, SYN_EINPUT,
      "%s: %s, but nothing of it can be read%s%s%s: it is damaged, cut short, empty, or "
      "packed in a way not known here; %s",
      a->path, kind ? kind->what : "an archive", why ? " (" : "", why ? why : "", why ? ")" : "",
      kind ? kind->how : "unpack it and give its folder");
}

static syn_status open_reader(syn_archive *a, syn_ctx *ctx) {
  syn_status status = syn_stream_open(&a->stream, a->path, ctx);
  if (status)
    return status;
  a->reader = archive_read_new();
  a->ctx = ctx;
  if (!a->reader || !allow(a->reader))
    return syn_fail_memory(ctx, "reading an archive");
  archive_read_set_read_callback(a->reader, on_read);
  if (syn_stream_seek(a->stream, 0, SEEK_SET) == 0)
    archive_read_set_seek_callback(a->reader, on_seek);
  archive_read_set_callback_data(a->reader, a);
  a->opened = archive_read_open1(a->reader) == ARCHIVE_OK;
  return a->opened ? SYN_OK : not_an_archive(a, ctx);
}

syn_status syn_archive_open(syn_archive **out, const char *path, syn_ctx *ctx) {
  *out = NULL;
  struct stat info;
  if (stat(path, &info))
    return syn_fail(ctx, SYN_EINPUT, "%s: %s; an archive or a folder of class folders is wanted",
                    path, strerror(errno));
  syn_archive *a = calloc(1, sizeof *a);
  if (!a || !(a->bytes = malloc(SYN_MEMBER_BYTES + 1))) {
    free(a);
    return syn_fail_memory(ctx, "reading an archive");
  }
  a->path = path;
  a->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  syn_status status =
      S_ISDIR(info.st_mode) ? syn_folder_open(&a->folder, path, ctx) : open_reader(a, ctx);
  if (status)
    syn_archive_close(a);
  else
    *out = a;
  return status;
}

void syn_archive_kind(const syn_archive *a, char *kind, size_t size) {
  const char *filter = a->folder ? NULL : syn_stream_filter(a->stream);
  const char *format = a->folder ? "folder" : archive_format_name(a->reader);
  snprintf(kind, size, "%s%s%s", format ? format : "unknown format", filter ? ", " : "",
           filter ? filter : "");
}

void syn_archive_close(syn_archive *a) {
  if (!a)
    return;
  if (a->reader)
    archive_read_free(a->reader);
  syn_stream_close(a->stream);
  syn_folder_close(a->folder);
  if (a->utf8)
    freelocale(a->utf8);
  free(a->names[0]);
  free(a->names[1]);
  free(a->bytes);
  free(a);
}

/* ---- members ----------------------------------------------------------------------------------- */

static int leaves(const char *name) {
  if (*name == '/')
    return 1;
  for (const char *part = name; part; part = strchr(part, '/')) {
    part += *part == '/';
    if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
      return 1;
  }
  return 0;
}

/* The archive's own copy, until the next member comes. "" is the root, which cpio and ISO images list. */
static syn_status keep_name(syn_archive *a, const char **out, int which, const char *name,
                            syn_ctx *ctx) {
  size_t n = strlen(name) + 1;
  char *copy = realloc(a->names[which], n);
  if (!copy)
    return syn_fail_memory(ctx, "the images");
  memcpy(copy, name, n);
  syn_name_fold(copy);
  *out = a->names[which] = copy;
  return SYN_OK;
}

static syn_status damaged(const syn_archive *a, syn_ctx *ctx) {
  if (a->failed) /* the line stands already */
    return a->failed;
  if (is_encrypted(a))
    return encrypted(a, ctx);
  const char *why = archive_error_string(a->reader);
  int unknown = why && (strstr(why, "nsupported") || strstr(why, "not supported"));
  return syn_fail(ctx, SYN_EINPUT, "%s: %s after %zu member%s%s%s%s", a->path,
                  unknown ? "packed in a way not known here" : "damaged or cut short", a->members,
                  syn_s(a->members), why ? ": " : "", why ? why : "",
                  unknown ? "; unpack it and give the folder" : "");
}

static syn_status check_limits(const syn_archive *a, syn_ctx *ctx) {
  if (a->members > SYN_MEMBERS_MAX)
    return syn_fail(ctx, SYN_EINPUT, "%s: more than %d members", a->path, SYN_MEMBERS_MAX);
  if (a->total > SYN_TOTAL_BYTES)
    return syn_fail(ctx, SYN_EINPUT, "%s: more than %zu GiB unpacked", a->path,
                    SYN_TOTAL_BYTES >> 30);
  size_t packed = a->folder ? 0 : syn_stream_packed(a->stream);
  if (packed > 0 && a->total > EXPANSION_FROM && a->total / packed > SYN_EXPANSION_MAX)
    return syn_fail(ctx, SYN_EINPUT, "%s: expands more than %d times; no set of images does",
                    a->path, SYN_EXPANSION_MAX);
  return SYN_OK;
}

/* libarchive works in a locale that can say every name; `before` goes to back_to. */
static locale_t enter(syn_archive *a, syn_ctx *ctx) {
  a->ctx = ctx;
  return a->utf8 ? uselocale(a->utf8) : (locale_t)0;
}

static void back_to(locale_t before) {
  if (before)
    uselocale(before);
}

static syn_status read_member(syn_archive *a, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx) {
  *got = 0;
  while (*got < n) {
    la_ssize_t more = archive_read_data(a->reader, bytes + *got, n - *got);
    if (more < 0)
      return damaged(a, ctx);
    if (more == 0)
      break;
    *got += (size_t)more;
    a->total += (size_t)more;
    syn_status status = check_limits(a, ctx);
    if (status)
      return status;
  }
  return SYN_OK;
}

syn_status syn_archive_read(syn_archive *a, uint8_t *bytes, size_t n, size_t *got, syn_ctx *ctx) {
  if (a->folder)
    return syn_folder_read(a->folder, bytes, n, got, ctx);
  locale_t before = enter(a, ctx);
  syn_status status = read_member(a, bytes, n, got, ctx);
  back_to(before);
  return status;
}

syn_status syn_archive_fill(syn_archive *a, syn_member *m, size_t most, syn_ctx *ctx) {
  size_t got = 0, wanted = most + (most == SYN_MEMBER_BYTES); /* one more tells what is larger */
  syn_status status = SYN_OK;
  if (wanted > a->filled)
    status = syn_archive_read(a, a->bytes + a->filled, wanted - a->filled, &got, ctx);
  a->filled += got;
  m->oversize = a->filled > SYN_MEMBER_BYTES;
  m->bytes = a->bytes;
  m->n = m->oversize ? SYN_MEMBER_BYTES : a->filled;
  return status;
}

/* What the caller left is read as well, because to pass over it is to unpack it too: a bomb counts,
 * whatever name it bears. */
static syn_status read_rest(syn_archive *a, syn_ctx *ctx) {
  size_t got = a->members > 0;
  syn_status status = SYN_OK;
  while (got && !status)
    status = read_member(a, a->bytes, SYN_MEMBER_BYTES, &got, ctx);
  a->filled = 0;
  a->member_end = archive_filter_bytes(a->reader, 0);
  return status;
}

/* A tar ends in blocks of zeros, of which libarchive has taken one or two, and a cpio in a trailer.
 * Behind them lies nothing but more zeros. The rest of the stream is read in any case, because
 * the checksum of a compressed file stands at its end. */
static syn_status check_end(syn_archive *a, syn_ctx *ctx) {
  int format = archive_format(a->reader) & ARCHIVE_FORMAT_BASE_MASK;
  int64_t end = archive_filter_bytes(a->reader, 0);
  int tar = format == ARCHIVE_FORMAT_TAR;
  if (!tar && format != ARCHIVE_FORMAT_CPIO && !syn_stream_filter(a->stream))
    return SYN_OK;
  const void *unused;
  while (on_read(a->reader, a, &unused) > 0)
    ;
  if (a->failed)
    return a->failed;
  if (tar && end - (a->member_end + BLOCK - 1) / BLOCK * BLOCK < BLOCK)
    return syn_fail(
        ctx, SYN_EINPUT,
        "%s: cut short after %zu member%s: the blocks of zeros that end a tar are missing", a->path,
        a->members, syn_s(a->members));
  if ((tar || format == ARCHIVE_FORMAT_CPIO) && a->last_byte > end)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: damaged after %zu member%s: other bytes behind what looks like its end",
                    a->path, a->members, syn_s(a->members));
  return SYN_OK;
}

static syn_member_kind kind_of(struct archive_entry *entry) {
  if (archive_entry_hardlink(entry))
    return SYN_MEMBER_HARDLINK;
  switch (archive_entry_filetype(entry)) {
  case AE_IFREG:
    return SYN_MEMBER_FILE;
  case AE_IFDIR:
    return SYN_MEMBER_FOLDER;
  case AE_IFLNK:
    return SYN_MEMBER_SYMLINK;
  default:
    return SYN_MEMBER_OTHER;
  }
}

static int is_plain_zip(const syn_archive *a) {
  return (archive_format(a->reader) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP &&
         !syn_stream_filter(a->stream);
}

static syn_status next(syn_archive *a, syn_member *m, int *end, syn_ctx *ctx) {
  struct archive_entry *entry;
  syn_status status = read_rest(a, ctx);
  if (status)
    return status;
  int got = archive_read_next_header(a->reader, &entry);
  if (got == ARCHIVE_EOF) {
    *end = 1;
    status = check_end(a, ctx);
    return status || a->members ? status : not_an_archive(a, ctx);
  }
  if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
    return a->members ? damaged(a, ctx) : not_an_archive(a, ctx);
  if (!a->members++ && is_plain_zip(a) && (status = syn_zip_check(a->path, ctx)))
    return status;
  *m = (syn_member){.kind = kind_of(entry)};
  const char *name = archive_entry_pathname(entry);
  if (!name && m->kind != SYN_MEMBER_OTHER)
    return damaged(a, ctx);
  status = keep_name(a, &m->name, 0, name ? name : "", ctx);
  if (status)
    return status;
  m->outside = leaves(m->name);
  m->target = m->kind == SYN_MEMBER_HARDLINK  ? archive_entry_hardlink(entry)
              : m->kind == SYN_MEMBER_SYMLINK ? archive_entry_symlink(entry)
                                              : NULL;
  if (m->kind == SYN_MEMBER_HARDLINK)
    status = keep_name(a, &m->target, 1, m->target, ctx);
  return status ? status : check_limits(a, ctx);
}

syn_status syn_archive_next(syn_archive *a, syn_member *m, int *end, syn_ctx *ctx) {
  *end = 0;
  if (a->folder) {
    a->filled = 0;
    a->members++;
    syn_status status = syn_folder_next(a->folder, m, end, ctx);
    return status ? status : check_limits(a, ctx);
  }
  locale_t before = enter(a, ctx);
  syn_status status = next(a, m, end, ctx);
  back_to(before);
  return status;
}
