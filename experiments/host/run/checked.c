#include "experiments/host/run/checked.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/task.h"
#include "experiments/host/run/policies.h"
#include "experiments/host/run/rules.h"

#define PLACES 4096 /* of each kind; what falls on one that is taken takes it */

typedef struct known_policy { /* or a reward */
  json_t *policy, *keyed;     /* owned; NULL: free */
  int labels; /* of a reward: it is right for a task with labels; or for one without */
} known_policy;

typedef struct known_task {
  const syn_images *images; /* NULL: free */
  syn_options options;      /* those that count */
} known_task;

struct host_checked {
  known_policy policies[PLACES];
  known_task *tasks; /* (PLACES), owned; NULL: no task yet */
};

/* The one of this program; NULL: there is no memory for it, and nothing stays known. */
static host_checked *checked_of(host *h) {
  if (!h->checked)
    h->checked = calloc(1, sizeof *h->checked);
  return h->checked;
}

void host_checked_close(host *h) {
  if (!h->checked)
    return;
  for (size_t i = 0; i < PLACES; i++) {
    json_decref(h->checked->policies[i].policy);
    json_decref(h->checked->policies[i].keyed);
  }
  free(h->checked->tasks);
  free(h->checked);
  h->checked = NULL;
}

/* ---- policies ---------------------------------------------------------------------------------- */

/* *keyed of a policy or reward that is known, else NULL; *place is where it is to be noted. */
static void look_up(json_t **keyed, known_policy **place, host *h, const json_t *policy,
                    int labels) {
  host_checked *checked = checked_of(h);
  *place = checked ? &checked->policies[((uintptr_t)policy >> 5) % PLACES] : NULL;
  *keyed = *place && (*place)->policy == policy && (*place)->labels == labels
               ? json_incref((*place)->keyed)
               : NULL;
}

static void remember(known_policy *place, json_t *policy, json_t *keyed, int labels) {
  if (!place)
    return;
  json_decref(place->policy);
  json_decref(place->keyed);
  *place = (known_policy){json_incref(policy), json_incref(keyed), labels};
}

syn_status host_checked_policy(host *h, json_t **keyed, json_t *policy, syn_ctx *ctx) {
  known_policy *place;
  syn_policy *opened;
  look_up(keyed, &place, h, policy, 0);
  if (*keyed)
    return SYN_OK;
  syn_status status = host_policy_open(&opened, keyed, policy, ctx);
  syn_policy_close(opened);
  if (!status)
    remember(place, policy, *keyed, 0);
  return status;
}

syn_status host_checked_reward(host *h, json_t **keyed, json_t *reward, int labels, syn_ctx *ctx) {
  known_policy *place;
  syn_rewarder *opened;
  look_up(keyed, &place, h, reward, labels);
  if (*keyed)
    return SYN_OK;
  syn_status status = host_reward_open(&opened, reward, ctx);
  if (status)
    return status;
  if (opened->type->classes(opened) && !labels)
    status = syn_fail(ctx, SYN_EINVAL, "reward '%s' asks for classes; this task has none",
                      syn_reward_describe(opened)->name);
  else
    *keyed = host_policy_key(reward, syn_reward_describe(opened)->params, NULL);
  syn_rewarder_close(opened);
  if (!status)
    remember(place, reward, *keyed, labels);
  return status;
}

/* ---- tasks ------------------------------------------------------------------------------------- */

/* The options that a task is opened by (task.h). */
static void keep_counting(syn_options *out, const syn_options *options) {
  memset(out, 0, sizeof *out); /* so that equal options have equal bytes */
  out->task = options->task;
  out->loss = options->loss;
  out->hidden = options->hidden;
  out->output = options->output;
  memcpy(out->net, options->net, sizeof out->net);
  memcpy(out->own, options->own, sizeof out->own);
  out->batch_size = options->batch_size;
  int seedless = options->task->seedless && options->task->seedless(options);
  out->seed = seedless ? 0 : options->seed;
}

/* FNV-1a. */
static size_t place_of(const syn_options *options, const syn_images *images) {
  uint64_t hash = 14695981039346656037u ^ (uintptr_t)images;
  const unsigned char *bytes = (const unsigned char *)options;
  for (size_t i = 0; i < sizeof *options; i++)
    hash = (hash ^ bytes[i]) * 1099511628211u;
  return hash % PLACES;
}

syn_status host_checked_task(host *h, const syn_options *options, const syn_images *images,
                             syn_ctx *ctx) {
  host_checked *checked = checked_of(h);
  known_task *place = NULL, asked = {.images = images};
  syn_shape shape;
  keep_counting(&asked.options, options);
  if (checked && !checked->tasks)
    checked->tasks = calloc(PLACES, sizeof *checked->tasks);
  if (checked && checked->tasks)
    place = &checked->tasks[place_of(&asked.options, images)];
  if (place && place->images == images &&
      memcmp(&place->options, &asked.options, sizeof asked.options) == 0)
    return syn_options_check(options, &shape, ctx);
  syn_task *task = NULL;
  syn_status status = syn_task_open(&task, options, images, h->kernels, ctx);
  syn_task_close(task);
  if (!status && place)
    *place = asked;
  return status;
}
