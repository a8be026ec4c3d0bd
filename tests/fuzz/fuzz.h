/* A place on disk for an input: readers take paths. */
#ifndef SYN_TESTS_FUZZ_H
#define SYN_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Makes a folder of this process's own on the first call; `name` inside it into path. */
static inline void fuzz_path(char path[256], const char *name) {
  static char folder[128];
  if (!*folder) {
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/synlab-fuzz-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(folder))
      abort();
  }
  snprintf(path, 256, "%s/%s", folder, name);
}

static inline void fuzz_write(const char *path, const uint8_t *data, size_t size) {
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(data, 1, size, file) != size || fclose(file))
    abort();
}

#endif
