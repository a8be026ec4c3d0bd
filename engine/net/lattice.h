/* A layer of pixels whose weights move by whole steps: the sums D (blocks, units, 16) of all moves
 * since the last base, exact integers (numeric/kernels.h, "the weight lattice").
 *
 * A move changes D by a product of all pixels with the actions. Where moves nearly repeat earlier
 * ones, most of that product is known (kernels.h, "sparse products"); where they do not, it is
 * taken as it is. Which way is cheaper is decided for every move, from how many actions differ and
 * from the times that both ways take on this machine; it changes no bit. Sums and actions of the
 * last SYN_LAGS moves are kept for it, and the pixels a second time, once a batch has served for so
 * many moves that this pays. A move that takes back the last one costs nothing, and neither of both is
 * kept: whatever was tried and taken back, those before it are still there to be repeated.
 *
 * Legend: I inputs, U units.
 */
#ifndef SYN_NET_LATTICE_H
#define SYN_NET_LATTICE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/state.h"
#include "engine/numeric/kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_lattice syn_lattice;

/* For batches of up to `samples`, moves of actions of up to `max_action`. It lives in the arena,
 * which is to stay where it is: what only sparse products need is taken when they are first wanted, and
 * where there is none, products stay dense. NULL: no memory. */
syn_lattice *syn_lattice_open(size_t inputs, size_t units, size_t samples, int max_action,
                              const syn_kernels *kernels, syn_arena *arena);

/* The pixels from now on: rows (n) of a table (., I), or its first n if `rows` is NULL. A base is due. */
void syn_lattice_batch(syn_lattice *lattice, const uint8_t *pixels, const uint32_t *rows, size_t n);

/* D = 0. */
void syn_lattice_base(syn_lattice *lattice);

/* A move: action (U, I+1), of which the first of each row, the bias, has no part in D. */
void syn_lattice_move(syn_lattice *lattice, const int8_t *action);

/* The last move comes into D of these blocks, if it has not yet; `first` is a multiple of SYN_WIDE.
 * Returns their D, (blocks, U, 16). Threads may do so for different blocks. */
const int32_t *syn_lattice_sums(syn_lattice *lattice, size_t first, size_t blocks);

/* All blocks have had their turn. */
void syn_lattice_settle(syn_lattice *lattice);

/* Describes D, after a settle or a base. */
void syn_lattice_state(syn_lattice *lattice, syn_state *state);

#ifdef __cplusplus
}
#endif

#endif
