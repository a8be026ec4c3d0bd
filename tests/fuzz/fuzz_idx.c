/* A pair of IDX files: the first byte says where the input is cut into images and labels. */
#include "engine/data/idx.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char images_path[256], labels_path[256];
  syn_images *images;
  syn_ctx ctx = {0};
  if (size < 1)
    return 0;
  size_t cut = (size - 1) * data[0] / 255;
  fuzz_path(images_path, "train-images-idx3-ubyte");
  fuzz_path(labels_path, "train-labels-idx1-ubyte");
  fuzz_write(images_path, data + 1, cut);
  fuzz_write(labels_path, data + 1 + cut, size - 1 - cut);
  syn_status status = syn_images_open(&images, images_path, &ctx);
  if ((status == SYN_OK) != (images != NULL) || (status && !*ctx.error))
    abort();
  syn_images_close(images);
  return 0;
}
