/* What the machine could do at most: multiply-adds a second of one core, measured by loops that do
 * nothing else, all in registers. For the benchmark. */
#ifndef SYN_NUMERIC_PEAK_H
#define SYN_NUMERIC_PEAK_H

typedef struct syn_peak {
  double int8;    /* unsigned byte times signed byte into int32, multiply-adds a second */
  double float32; /* fused multiply-adds a second */
} syn_peak;

/* For the instruction set named (of those offered). Takes some 0.2 s. */
syn_peak syn_peak_measure(const char *isa);

#endif
