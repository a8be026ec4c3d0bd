#include "engine/data/zip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define END_BYTES     22 /* of the record at the end, without its comment */
#define END64_BYTES   56
#define LOCATOR_BYTES 20
#define ENTRY_BYTES   46
#define LOCAL_BYTES   30

typedef struct zip {
  int file;
  uint64_t size, directory, end; /* the directory lies in [directory, end) */
  uint64_t shift;                /* bytes before the zip, which its offsets do not count */
  uint64_t n;                    /* entries, by the record at the end */
  int n_bits;                    /* 16, or 64; old programs write what is left of a larger number */
} zip;

static uint64_t little(const uint8_t *b, int bytes) {
  uint64_t v = 0;
  while (bytes-- > 0)
    v = v << 8 | b[bytes];
  return v;
}

static int get(const zip *z, uint64_t at, void *bytes, size_t n) {
  return at <= z->size && n <= z->size - at && pread(z->file, bytes, n, (off_t)at) == (ssize_t)n;
}

/* The larger numbers stand in a record of their own before the end; 0 if there is none. */
static int find_end64(zip *z, uint64_t end, uint64_t *length, uint64_t *offset) {
  uint8_t b[END64_BYTES];
  if (end < LOCATOR_BYTES + END64_BYTES || !get(z, end - LOCATOR_BYTES, b, LOCATOR_BYTES) ||
      memcmp(b, "PK\6\7", 4) != 0 || !get(z, end - LOCATOR_BYTES - END64_BYTES, b, sizeof b) ||
      memcmp(b, "PK\6\6", 4) != 0)
    return 0;
  z->end = end - LOCATOR_BYTES - END64_BYTES;
  z->n = little(b + 32, 8);
  z->n_bits = 64;
  *length = little(b + 40, 8);
  *offset = little(b + 48, 8);
  return 1;
}

/* The last record that says where a directory ends, right before itself. */
static int find_directory(zip *z) {
  static const size_t most = END_BYTES + 65535;
  size_t n = z->size < most ? (size_t)z->size : most;
  uint8_t *tail = malloc(n + 1);
  int found = 0;
  if (tail && get(z, z->size - n, tail, n))
    for (size_t at = n < END_BYTES ? 0 : n - END_BYTES + 1; at-- > 0 && !found;) {
      if (memcmp(tail + at, "PK\5\6", 4) != 0)
        continue;
      uint64_t length = little(tail + at + 12, 4), offset = little(tail + at + 16, 4);
      z->end = z->size - n + at;
      z->n = little(tail + at + 10, 2);
      z->n_bits = 16;
      (void)find_end64(z, z->end, &length, &offset);
      z->directory = z->end - length;
      z->shift = z->directory - offset;
      found = length <= z->end && offset <= z->directory;
    }
  free(tail);
  return found;
}

/* Where the member lies: in the entry, or if that is too small a number, in its extra field 1, behind
 * the sizes that are too small there as well. */
static uint64_t offset_of(const uint8_t *entry, const uint8_t *extra, size_t n) {
  uint64_t offset = little(entry + 42, 4);
  if (offset != UINT32_MAX)
    return offset;
  for (size_t at = 0; at + 4 <= n; at += 4 + little(extra + at + 2, 2)) {
    size_t skip =
        4 + 8 * ((little(entry + 20, 4) == UINT32_MAX) + (little(entry + 24, 4) == UINT32_MAX));
    if (little(extra + at, 2) == 1 && at + skip + 8 <= n)
      return little(extra + at + skip, 8);
  }
  return offset;
}

/* One entry at `at`, and the member's own header: same name? *next is the entry behind it. */
static const char *check_entry(const zip *z, uint64_t at, uint64_t *next) {
  static const char damaged[] = "the directory at its end is damaged";
  uint8_t entry[ENTRY_BYTES], local[LOCAL_BYTES];
  if (z->end - at < ENTRY_BYTES || !get(z, at, entry, sizeof entry) ||
      memcmp(entry, "PK\1\2", 4) != 0)
    return damaged;
  size_t name = little(entry + 28, 2), extra = little(entry + 30, 2);
  *next = at + ENTRY_BYTES + name + extra + little(entry + 32, 2);
  uint8_t *text = malloc(2 * name + extra + 1);
  const char *why = text ? NULL : "there is not enough memory for its names";
  if (!why && (*next > z->end || !get(z, at + ENTRY_BYTES, text, name + extra)))
    why = damaged;
  uint64_t member = why ? 0 : z->shift + offset_of(entry, text + name, extra);
  if (!why && (!get(z, member, local, sizeof local) || memcmp(local, "PK\3\4", 4) != 0))
    why = "the directory at its end names members that are not there";
  if (!why &&
      (little(local + 26, 2) != name || !get(z, member + LOCAL_BYTES, text + name + extra, name) ||
       memcmp(text, text + name + extra, name) != 0))
    why = "a member bears one name before it and another one in the directory at the end";
  free(text);
  return why;
}

static const char *check(zip *z) {
  const char *why = NULL;
  uint64_t n = 0;
  if (!find_directory(z))
    return "the directory that ends a zip is missing";
  for (uint64_t at = z->directory; at < z->end && !why; n++)
    why = check_entry(z, at, &at);
  if (!why && n != z->n && (z->n_bits == 64 || (n & UINT16_MAX) != z->n))
    why = "the directory at its end has another number of members than it says";
  return why;
}

syn_status syn_zip_check(const char *path, syn_ctx *ctx) {
  struct stat info;
  zip z = {.file = open(path, O_RDONLY | O_CLOEXEC)};
  const char *why = NULL;
  if (z.file < 0 || fstat(z.file, &info))
    why = strerror(errno);
  else
    z.size = (uint64_t)info.st_size;
  if (!why)
    why = check(&z);
  if (z.file >= 0)
    close(z.file);
  return why ? syn_fail(ctx, SYN_EINPUT, "%s: damaged or cut short: %s", path, why) : SYN_OK;
}
