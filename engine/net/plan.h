/* What a network is to everyone who does not compute it: its synapses, in groups.
 *
 * A synapse is any trainable number; a bias is the synapse from a constant input 1. A group is a
 * matrix (units, inputs+1) of synapses with the biases in column 0: a layer of a perceptron, a
 * kernel, a recurrent matrix. Groups stand one after the other in the order in which algorithm 1
 * walks them ("for each synapse"), unit by unit, bias first, then the weights in the order of the
 * inputs. A model class (net/model.h) fills a plan in from its arguments.
 */
#ifndef SYN_NET_PLAN_H
#define SYN_NET_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/random.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_GROUPS_MAX 8

typedef struct syn_group {
  size_t first;         /* its first synapse */
  size_t units, inputs; /* (units, inputs+1) */
  int deferred; /* the model follows the moves of its weights by itself, so that weights other
                           than biases are brought up to date only when somebody asks (net/steps.h) */
} syn_group;

typedef struct syn_plan {
  size_t groups;
  syn_group group[SYN_GROUPS_MAX];
  size_t synapses;
  size_t inputs, outputs; /* of a sample */
  size_t macs;            /* multiply-adds of a sample */
  int64_t moves_max;      /* after so many moves the weights have to become a new base; 0: never */
} syn_plan;

/* Adds a group behind the others; its synapses and multiply-adds are counted. */
void syn_plan_add(syn_plan *plan, size_t inputs, size_t units);

/* Initial weights: uniform in [-range, range), or normal with sd 2 / (inputs + units) of the group;
 * biases 0. w (S). Group g draws from (seed, stream, g): `stream` is WEIGHTS or TARGET. */
void syn_plan_init_uniform(float *w, const syn_plan *plan, float range, uint64_t seed,
                           syn_stream stream);
void syn_plan_init_normal(float *w, const syn_plan *plan, uint64_t seed);

#ifdef __cplusplus
}
#endif

#endif
