/* Which bits this engine computes: part of every run's key and of the report. Changes whenever a
 * synaptic run of the same options, seed and data would give other bits. */
#ifndef SYN_BASE_VERSION_H
#define SYN_BASE_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_NUMERICS_VERSION "2"

#ifdef __cplusplus
}
#endif

#endif
