/* Trace: a running 64-bit fingerprint (FNV-1a) of a trajectory's bits: cheap enough to take in
 * every iteration. Numbers are fed byte by byte, lowest first, so that it is the same on every
 * machine. It tells whether two trajectories are equal; it is no protection against malice.
 */
#ifndef SYN_BASE_TRACE_H
#define SYN_BASE_TRACE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint64_t syn_trace;

#define SYN_TRACE_START UINT64_C(14695981039346656037)

syn_trace syn_trace_bytes(syn_trace trace, const void *bytes, size_t n);
syn_trace syn_trace_f64(syn_trace trace, double value);
syn_trace syn_trace_f32s(syn_trace trace, const float *values, size_t n);

#ifdef __cplusplus
}
#endif

#endif
