/* One PNG: read, damaged or wrong, never more. */
#include "engine/data/png.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint8_t pixels[28 * 28];
  char why[SYN_PNG_WHY] = "";
  syn_png_verdict verdict = syn_png_read(pixels, NULL, 28, 28, data, size, why);
  if (verdict != SYN_PNG_READ && !*why)
    abort();
  return 0;
}
