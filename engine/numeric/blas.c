#include "engine/numeric/blas.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cblas.h>

#define LIBRARY "libopenblas.so.0"
#define THREADS "OPENBLAS_NUM_THREADS"
#define CORE    "OPENBLAS_CORETYPE"
/* The library itself (40 MiB), its buffer (128 MiB on most machines), and as much again: it may take
 * one more for another thread. */
#define BUFFER ((size_t)384 << 20)

static __typeof__(cblas_sgemm) *sgemm;
static __typeof__(openblas_get_corename) *corename;
static __typeof__(openblas_get_config) *config;

/* ---- loading ----------------------------------------------------------------------------------- */

#if defined(__x86_64__)
static int knows_avx512(void) {
  return __builtin_cpu_supports("avx512bw");
}
static int knows_avx2(void) {
  return __builtin_cpu_supports("avx2");
}
#else
static int knows_avx512(void) {
  return 0;
}
static int knows_avx2(void) {
  return 0;
}
#endif

static int has_room(void) {
  void *probe = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return probe != MAP_FAILED && munmap(probe, BUFFER) == 0;
}

/* POSIX has functions come out of dlsym as void *. */
static int find(void *library) {
  *(void **)&sgemm = dlsym(library, "cblas_sgemm");
  *(void **)&corename = dlsym(library, "openblas_get_corename");
  *(void **)&config = dlsym(library, "openblas_get_config");
  return sgemm && corename && config;
}

/* The core type to take, because it took one that is older than this CPU; NULL if its choice is right. */
static const char *better_core(void) {
  static const char *const old[] = {"Prescott", "Core2",   "Penryn",      "Dunnington", "Nehalem",
                                    "Atom",     "Athlon",  "Opteron",     "Barcelona",  "Bobcat",
                                    "Nano",     "generic", "Opteron_SSE3"};
  for (size_t i = 0; i < sizeof old / sizeof *old; i++)
    if (strcmp(corename(), old[i]) == 0)
      return knows_avx512() ? "SkylakeX" : knows_avx2() ? "Haswell" : NULL;
  return NULL;
}

syn_status syn_blas_open(syn_ctx *ctx) {
  if (sgemm)
    return SYN_OK;
  if (!has_room())
    return syn_fail_memory(ctx, "OpenBLAS");
  setenv(THREADS, "1", 1);
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library && find(library) && !getenv(CORE) && better_core()) {
    setenv(CORE, better_core(), 1);
    dlclose(library);
    library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  }
  if (library && find(library))
    return SYN_OK;
  sgemm = NULL;
  return syn_fail(ctx, SYN_EIO, "OpenBLAS cannot be loaded (%s); `make deps` installs it",
                  dlerror());
}

const char *syn_blas_core(void) {
  return corename();
}
const char *syn_blas_config(void) {
  return config();
}

/* ---- products ---------------------------------------------------------------------------------- */

void syn_blas_nt(float *C, const float *A, const float *B, size_t m, size_t n, size_t k) {
  sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)m, (int)n, (int)k, 1.0f, A, (int)k, B, (int)k,
        0.0f, C, (int)n);
}
