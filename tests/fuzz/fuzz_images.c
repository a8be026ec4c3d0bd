/* Archives of every kind: either a set of images, or one line that says why not. */
#include "engine/data/images.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char path[256];
  syn_images *images;
  syn_ctx ctx = {0};
  fuzz_path(path, "input");
  fuzz_write(path, data, size);
  syn_status status = syn_images_open(&images, path, &ctx);
  if ((status == SYN_OK) != (images != NULL) ||
      (status && (!*ctx.error || strchr(ctx.error, '\n'))))
    abort();
  syn_images_close(images);
  unlink(path);
  return 0;
}
