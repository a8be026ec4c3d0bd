#include "engine/base/digest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include <sha2.h>

static void finish(char out[SYN_DIGEST_SIZE], SHA2_CTX *sha) {
  static const char digits[] = "0123456789abcdef";
  uint8_t bytes[SHA256_DIGEST_LENGTH];
  SHA256Final(bytes, sha);
  for (size_t i = 0; i < sizeof bytes; i++) {
    out[2 * i] = digits[bytes[i] >> 4];
    out[2 * i + 1] = digits[bytes[i] & 15];
  }
  out[2 * sizeof bytes] = '\0';
}

void syn_digest_bytes(char out[SYN_DIGEST_SIZE], const void *bytes, size_t n) {
  SHA2_CTX sha;
  SHA256Init(&sha);
  SHA256Update(&sha, bytes, n);
  finish(out, &sha);
}

syn_status syn_digest_file(char out[SYN_DIGEST_SIZE], const char *path, syn_ctx *ctx) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return syn_fail(ctx, SYN_EIO, "%s: %s", path, strerror(errno));
  SHA2_CTX sha;
  SHA256Init(&sha);
  uint8_t bytes[1 << 14];
  for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
    SHA256Update(&sha, bytes, n);
  int failed = ferror(file);
  fclose(file);
  if (failed)
    return syn_fail(ctx, SYN_EIO, "%s: cannot be read to its end", path);
  finish(out, &sha);
  return SYN_OK;
}
