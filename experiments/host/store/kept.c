#include "experiments/host/store/kept.h"

#include <stdlib.h>
#include <string.h>

#include "engine/train/checkpoint.h"
#include "experiments/host/base/host.h"

#define DIGITS (SYN_DIGEST_SIZE - 1)

/* What is wrong with it; NULL: nothing. */
static const char *look_at(host_kept *kept, const char *key) {
  char digest[SYN_DIGEST_SIZE] = "";
  if (kept->n > HOST_KEPT_HEAD)
    syn_digest_bytes(digest, kept->file + DIGITS, kept->n - DIGITS);
  if (kept->n <= HOST_KEPT_HEAD || memcmp(kept->file, digest, DIGITS) != 0)
    return "is damaged";
  if (memcmp(kept->file + DIGITS, key, DIGITS) != 0)
    return "is of another run";
  memcpy(&kept->spent, kept->file + 2 * DIGITS, sizeof kept->spent);
  if (!syn_checkpoint_look(&kept->done, kept->file + HOST_KEPT_HEAD, kept->n - HOST_KEPT_HEAD))
    return "is of another version of the program";
  return NULL;
}

syn_status host_kept_read(host_kept *out, const char *path, const char *key, syn_ctx *ctx) {
  *out = (host_kept){0};
  out->file = host_read(path, &out->n, ctx);
  if (!out->file)
    return SYN_EIO;
  const char *wrong = look_at(out, key);
  if (!wrong)
    return SYN_OK;
  host_kept_close(out);
  return syn_fail(ctx, SYN_EINPUT, "%s: this checkpoint %s", path, wrong);
}

void host_kept_close(host_kept *kept) {
  free(kept->file);
  *kept = (host_kept){0};
}

void host_kept_head(char *file, const char *key, double spent, size_t n) {
  char digest[SYN_DIGEST_SIZE];
  memcpy(file + DIGITS, key, DIGITS);
  memcpy(file + 2 * DIGITS, &spent, sizeof spent);
  syn_digest_bytes(digest, file + DIGITS, HOST_KEPT_HEAD - DIGITS + n);
  memcpy(file, digest, DIGITS);
}
