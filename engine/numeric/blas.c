#include "engine/numeric/blas.h"

#include <string.h>
#include <sys/mman.h>

#include <cblas.h>

#if defined(__x86_64__)
static int knows_avx512(void) { return __builtin_cpu_supports("avx512bw"); }
static int knows_avx2(void) { return __builtin_cpu_supports("avx2"); }
#else
static int knows_avx512(void) { return 0; }
static int knows_avx2(void) { return 0; }
#endif

void syn_blas_nt(float *C, const float *A, const float *B, size_t m, size_t n, size_t k) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)m, (int)n, (int)k, 1.0f, A, (int)k, B,
              (int)k, 0.0f, C, (int)n);
}

void syn_blas_tn_add(float *C, const float *A, const float *B, size_t m, size_t n, size_t k) {
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1.0f, A, (int)m, B,
              (int)n, 1.0f, C, (int)n);
}

void syn_blas_nn(float *C, const float *A, const float *B, size_t m, size_t n, size_t k) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1.0f, A, (int)k,
              B, (int)n, 0.0f, C, (int)n);
}

/* Its buffer, 128 MiB on most machines, and what else it may want. */
#define BUFFER ((size_t)160 << 20)

int syn_blas_has_room(void) {
  void *probe = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return probe != MAP_FAILED && munmap(probe, BUFFER) == 0;
}

void syn_blas_single_thread(void) { openblas_set_num_threads(1); }

const char *syn_blas_core(void) { return openblas_get_corename(); }
const char *syn_blas_config(void) { return openblas_get_config(); }

const char *syn_blas_better_core(void) {
  static const char *const old[] = {"Prescott", "Core2",   "Penryn",     "Dunnington", "Nehalem",
                                    "Atom",     "Athlon",  "Opteron",    "Barcelona",  "Bobcat",
                                    "Nano",     "generic", "Opteron_SSE3"};
  const char *core = openblas_get_corename();
  for (size_t i = 0; i < sizeof old / sizeof *old; i++)
    if (strcmp(core, old[i]) == 0)
      return knows_avx512() ? "SkylakeX" : knows_avx2() ? "Haswell" : NULL;
  return NULL;
}
