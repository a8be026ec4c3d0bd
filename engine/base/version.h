/* Which bits this engine computes: part of every run's key and of the report. One changes whenever a
 * run by this method of the same options, seed and data would give other bits. */
#ifndef SYN_BASE_VERSION_H
#define SYN_BASE_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_NUMERICS_VERSION "2" /* synaptic runs */
#define SYN_DESCENT_VERSION  "3" /* gradients; 2 and 1 took products by OpenBLAS */

#ifdef __cplusplus
}
#endif

#endif
