/* Q-values: one row of three (decrement, null, increment) for each state, or of five, where steps
 * have two sizes; and the policy file.
 *
 * A policy file is CSV in the column layout that the authors published:
 *
 *   a_older,a_newer,r_older,r_newer,q_dec,q_null,q_inc        history 2
 *   a_newer,r_newer,q_dec,q_null,q_inc                        history 1
 *   q_dec,q_null,q_inc                                        history 0
 *   a_3,a_2,a_1,r_3,r_2,r_1,...                               history 3 (1 = newest), 4, 5 likewise
 *
 * (with two sizes q_dec2,q_dec,q_null,q_inc,q_inc2 in place of these three), with all 9^n states, each once, in any order; values in any form that strtod takes, finite,
 * written with 17 digits so that they come back with the same bits. Lines that begin with # are
 * comments. State numbers are those of engine/train/policy.h; a file is written in their order.
 */
#ifndef SYN_POLICIES_QVALUES_H
#define SYN_POLICIES_QVALUES_H

#include "engine/train/policy.h"

#define SYN_STATES_MAX 59049 /* 9^5 */

typedef enum syn_tie_break { SYN_TIE_LOWEST, SYN_TIE_RANDOM } syn_tie_break;

/* 9^n. */
size_t syn_states(unsigned history);

/* Parses a policy file's text. *history and *actions (3 or 5) are read from the header; with NULL
 * for `actions` there must be 3. *q (states, actions) is malloc'ed, the caller frees. `name` stands
 * in errors. SYN_EINPUT with the line: a header that is not one of the above, a value that is not a number, a missing or a repeated state. */
syn_status syn_qvalues_parse(double **q, unsigned *history, unsigned *actions, const char *text,
                             const char *name, syn_ctx *ctx);

/* Writes a policy file. */
void syn_qvalues_write(const double *q, unsigned history, unsigned actions, syn_write write,
                       void *self);

/* Greedy actions of states [first, first + n) into action (n): the lowest on a tie (decrement,
 * null, increment). With SYN_TIE_RANDOM, three actions only, also low and high (n), thresholds of
 * an even choice among the greatest, as syn_step_table has them. */
void syn_qvalues_greedy(int8_t *action, uint32_t *low, uint32_t *high, const double *q,
                        unsigned actions, size_t first, size_t n, syn_tie_break tie);

#endif
