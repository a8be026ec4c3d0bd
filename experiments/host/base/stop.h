/* SIGINT, SIGTERM, SIGHUP and SIGUSR1. As a rule they end the program at once, with status 130, 143,
 * 129 and 138. While it is watched for them, the first one is only noted: what is being done can be
 * brought to an end. The second one ends it at once all the same; but a SIGUSR1 asks for no more than
 * that, however often and beside whichever other it comes, as from a batch system that signals a
 * script, which passes it on, and all of its processes too. A SIGHUP that was ignored from the start,
 * as under `nohup`, stays ignored.
 */
#ifndef SYN_HOST_STOP_H
#define SYN_HOST_STOP_H

/* From here on they are handled; other signals that would end the program without a word (a pipe that
 * nobody reads, a file that may not grow) become errors of what was written. */
void host_stop_begin(void);

/* Watching may be nested. */
void host_stop_watch(void);
void host_stop_unwatch(void);

/* In a worker: SIGINT, which reaches all processes of a terminal, is its scheduler's business; any
 * number of the others is noted. */
void host_stop_worker(void);

/* The signal that was noted, or 0. */
int host_stop_signal(void);

/* What it leaves behind, in words; `fresh`: of runs that are all computed again. */
const char *host_stop_words(int fresh);

#endif
