#include "engine/data/archive.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#define EXPANSION_FROM ((size_t)64 << 20) /* small archives may expand as they like */

struct syn_archive {
  struct archive *reader;
  const char *path;
  int folder;      /* reading a folder on disk */
  size_t members, total;
  locale_t utf8;   /* libarchive drops names that the locale cannot say; 0 if there is none */
  uint8_t *bytes;  /* SYN_MEMBER_BYTES, and one more to notice what is larger */
};

/* ---- opening ----------------------------------------------------------------------------------- */

static int allow(struct archive *a) {
  int (*const allowed[])(struct archive *) = {
      archive_read_support_filter_gzip,    archive_read_support_filter_bzip2,
      archive_read_support_filter_xz,      archive_read_support_filter_lzma,
      archive_read_support_filter_zstd,    archive_read_support_filter_lz4,
      archive_read_support_filter_lzip,    archive_read_support_filter_compress,
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

static const char *why(struct archive *a) {
  const char *text = archive_error_string(a);
  return text ? text : "unknown error";
}

/* Nothing could be had of it. Where that has no errno of its own it is the decompressor that gives
 * up: an archive, or a part of one. What is of no known format is EILSEQ to libarchive. */
static syn_status not_an_archive(const syn_archive *a, syn_ctx *ctx) {
  if (archive_errno(a->reader) < 0)
    return syn_fail(ctx, SYN_EINPUT, "%s: damaged or cut short before its first member: %s",
                    a->path, why(a->reader));
  return syn_fail(ctx, SYN_EINPUT, "%s: not an archive of images (%s); .tar.gz, .zip and others are "
                                   "read, or a folder",
                  a->path, why(a->reader));
}

syn_status syn_archive_open(syn_archive **out, const char *path, syn_ctx *ctx) {
  *out = NULL;
  struct stat info;
  if (stat(path, &info))
    return syn_fail(ctx, SYN_EINPUT, "%s: %s; an archive or a folder of class folders is wanted",
                    path, strerror(errno));
  if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
    return syn_fail(ctx, SYN_EINPUT, "%s: neither a file nor a folder", path);
  syn_archive *a = calloc(1, sizeof *a);
  if (!a || !(a->bytes = malloc(SYN_MEMBER_BYTES + 1))) {
    free(a);
    return syn_fail_memory(ctx, "reading an archive");
  }
  a->path = path;
  a->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  a->folder = S_ISDIR(info.st_mode);
  a->reader = a->folder ? archive_read_disk_new() : archive_read_new();
  if (!a->reader || (!a->folder && !allow(a->reader))) {
    syn_archive_close(a);
    return syn_fail_memory(ctx, "reading an archive");
  }
  if (a->folder)
    archive_read_disk_set_symlink_physical(a->reader);
  int opened = a->folder ? archive_read_disk_open(a->reader, path)
                         : archive_read_open_filename(a->reader, path, 1 << 16);
  if (opened != ARCHIVE_OK) {
    syn_status status = not_an_archive(a, ctx);
    syn_archive_close(a);
    return status;
  }
  *out = a;
  return SYN_OK;
}

void syn_archive_kind(const syn_archive *a, char *kind, size_t size) {
  int packed = !a->folder && archive_filter_code(a->reader, 0) != ARCHIVE_FILTER_NONE;
  const char *format = a->folder ? "folder" : archive_format_name(a->reader);
  snprintf(kind, size, "%s%s%s", format ? format : "unknown format", packed ? ", " : "",
           packed ? archive_filter_name(a->reader, 0) : "");
}

void syn_archive_close(syn_archive *a) {
  if (!a)
    return;
  if (a->reader)
    archive_read_free(a->reader);
  if (a->utf8)
    freelocale(a->utf8);
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

/* The name as callers see it: of a folder on disk, what comes after the folder itself. */
static const char *inner_name(const syn_archive *a, const char *name) {
  if (a->folder) {
    size_t n = strlen(a->path);
    if (strncmp(name, a->path, n) == 0)
      name += n;
    while (*name == '/')
      name++;
  }
  while (strncmp(name, "./", 2) == 0)
    name += 2;
  return strcmp(name, ".") ? name : ""; /* cpio and ISO images list their root */
}

static syn_status damaged(const syn_archive *a, const char *name, syn_ctx *ctx) {
  return syn_fail(ctx, SYN_EINPUT, "%s: %s%s%s after %zu members: %s", a->path,
                  a->folder ? "cannot be read" : "damaged or cut short", name ? " in " : "",
                  name ? name : "", a->members, why(a->reader));
}

static syn_status check_limits(const syn_archive *a, syn_ctx *ctx) {
  if (a->members > SYN_MEMBERS_MAX)
    return syn_fail(ctx, SYN_EINPUT, "%s: more than %d members", a->path, SYN_MEMBERS_MAX);
  if (a->total > SYN_TOTAL_BYTES)
    return syn_fail(ctx, SYN_EINPUT, "%s: more than %zu GiB unpacked", a->path,
                    SYN_TOTAL_BYTES >> 30);
  int64_t packed = a->folder ? 0 : archive_filter_bytes(a->reader, -1);
  if (packed > 0 && a->total > EXPANSION_FROM &&
      a->total / (size_t)packed > SYN_EXPANSION_MAX)
    return syn_fail(ctx, SYN_EINPUT, "%s: expands more than %d times; no set of images does",
                    a->path, SYN_EXPANSION_MAX);
  return SYN_OK;
}

/* All bytes of a member, into a->bytes. What is not wanted is read as well, because to pass over it
 * is to unpack it too: a bomb counts, whatever name it bears. On disk, nothing needs unpacking. */
static syn_status read_bytes(syn_archive *a, syn_member *m, int wanted, syn_ctx *ctx) {
  size_t n = 0;
  while (!a->folder || (wanted && !m->oversize)) {
    la_ssize_t got = archive_read_data(a->reader, a->bytes + n, SYN_MEMBER_BYTES + 1 - n);
    if (got < 0)
      return damaged(a, m->name, ctx);
    if (got == 0)
      break;
    n += (size_t)got;
    a->total += (size_t)got;
    if (n > SYN_MEMBER_BYTES) {
      m->oversize = 1;
      n = 0;
    }
    syn_status status = check_limits(a, ctx);
    if (status)
      return status;
  }
  if (wanted && !m->oversize) {
    m->bytes = a->bytes;
    m->n = n;
  }
  return SYN_OK;
}

static syn_status next(syn_archive *a, syn_member *m, int *end, syn_ctx *ctx) {
  *end = 0;
  for (;;) {
    struct archive_entry *entry;
    int got = archive_read_next_header(a->reader, &entry);
    if (got == ARCHIVE_EOF) {
      *end = 1;
      return SYN_OK;
    }
    if (got < ARCHIVE_WARN)
      return a->members || a->folder ? damaged(a, NULL, ctx) : not_an_archive(a, ctx);
    if (a->folder)
      archive_read_disk_descend(a->reader);
    a->members++;
    syn_status status = check_limits(a, ctx);
    if (status)
      return status;
    const char *name = archive_entry_pathname(entry);
    mode_t type = archive_entry_filetype(entry);
    int other = archive_entry_hardlink(entry) || (type != AE_IFREG && type != AE_IFDIR);
    if (!name && other)
      name = "";
    if (!name)
      return damaged(a, NULL, ctx);
    *m = (syn_member){.name = inner_name(a, name), .folder = type == AE_IFDIR};
    m->outside = leaves(m->name);
    status = read_bytes(a, m, !other && !m->folder && !m->outside, ctx);
    if (status || !other)
      return status;
  }
}

syn_status syn_archive_next(syn_archive *a, syn_member *m, int *end, syn_ctx *ctx) {
  locale_t before = a->utf8 ? uselocale(a->utf8) : (locale_t)0;
  syn_status status = next(a, m, end, ctx);
  if (before)
    uselocale(before);
  return status;
}

/* ---- single files ------------------------------------------------------------------------------ */

static syn_status read_all(uint8_t **out, size_t *n, struct archive *a, const char *path,
                           size_t most, syn_ctx *ctx) {
  size_t room = 0;
  for (;;) {
    if (*n == room) {
      room = room ? 2 * room : 1 << 20;
      uint8_t *bigger = realloc(*out, room);
      if (!bigger)
        return syn_fail_memory(ctx, path);
      *out = bigger;
    }
    la_ssize_t got = archive_read_data(a, *out + *n, room - *n);
    if (got < 0)
      return syn_fail(ctx, SYN_EINPUT, "%s: damaged or cut short: %s", path, why(a));
    if (got == 0)
      return SYN_OK;
    *n += (size_t)got;
    if (*n > most)
      return syn_fail(ctx, SYN_EINPUT, "%s: more than %zu MiB unpacked", path, most >> 20);
  }
}

syn_status syn_archive_read_stream(uint8_t **out, size_t *n, const char *path, size_t most,
                                   syn_ctx *ctx) {
  *out = NULL;
  *n = 0;
  struct archive_entry *entry;
  struct archive *a = archive_read_new();
  if (!a)
    return syn_fail_memory(ctx, path);
  archive_read_support_filter_gzip(a);
  archive_read_support_format_raw(a);
  archive_read_support_format_empty(a);
  int opened = archive_read_open_filename(a, path, 1 << 16);
  if (opened == ARCHIVE_OK)
    opened = archive_read_next_header(a, &entry);
  syn_status status = SYN_OK;
  if (opened != ARCHIVE_OK && opened != ARCHIVE_EOF)
    status = syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", path, why(a));
  else if (opened == ARCHIVE_OK)
    status = read_all(out, n, a, path, most, ctx);
  archive_read_free(a);
  if (status) {
    free(*out);
    *out = NULL;
  }
  return status;
}
