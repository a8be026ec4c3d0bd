#include "engine/base/trace.h"

#include <string.h>

#define PRIME UINT64_C(1099511628211)

syn_trace syn_trace_bytes(syn_trace trace, const void *bytes, size_t n) {
  for (const uint8_t *p = bytes, *end = p + n; p < end; p++)
    trace = (trace ^ *p) * PRIME;
  return trace;
}

syn_trace syn_trace_f64(syn_trace trace, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  for (int i = 0; i < 8; i++)
    trace = (trace ^ (bits >> (8 * i) & 255)) * PRIME;
  return trace;
}

syn_trace syn_trace_f32s(syn_trace trace, const float *values, size_t n) {
  for (size_t v = 0; v < n; v++) {
    uint32_t bits;
    memcpy(&bits, &values[v], sizeof bits);
    for (int i = 0; i < 4; i++)
      trace = (trace ^ (bits >> (8 * i) & 255)) * PRIME;
  }
  return trace;
}
