/* Seconds. Nothing that is computed depends on them; they only bound, order and tell. */
#ifndef SYN_BASE_CLOCK_H
#define SYN_BASE_CLOCK_H

#ifdef __cplusplus
extern "C" {
#endif

double syn_clock(void); /* of a clock that only goes forward */
double
syn_clock_thread(void); /* processor time of the calling thread: no load of the machine decides */

#ifdef __cplusplus
}
#endif

#endif
