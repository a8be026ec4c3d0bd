/* Samples, as a task hands them to a network: rows of tables that stay where they are. Borrowed. */
#ifndef SYN_NET_SAMPLES_H
#define SYN_NET_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_samples {
  size_t n;
  const uint32_t *rows;  /* (n) which rows of the tables; NULL: rows 0..n-1 */
  const uint8_t *pixels; /* (., inputs) bytes, taken as x / 255; or NULL and */
  const float *reals;    /* (., inputs) */
  const uint8_t *labels; /* (.) the output that is to be the greatest; or NULL and */
  const float *targets;  /* (., outputs) what outputs are to be */
} syn_samples;

static inline size_t syn_samples_row(const syn_samples *samples, size_t s) {
  return samples->rows ? samples->rows[s] : s;
}

#ifdef __cplusplus
}
#endif

#endif
