/* A network that was trained, as files that need no synlab: CSV, NPY and one JSON. */
#ifndef SYN_HOST_EXPORT_H
#define SYN_HOST_EXPORT_H

#include "engine/train/run.h"
#include "experiments/host/run/spec.h"

typedef struct host_export {
  const char *folder; /* of all that is exported, borrowed */
  int same_bits;      /* does the run give the bits that the report has? Else within a tolerance */
} host_export;

/* Writes
 *   FOLDER/KEY/             the first 12 digits of it
 *     layer1.csv, .npy ...    (units, 1 + inputs): biases, then weights
 *     train-rows.npy          which samples train; validation-rows.npy, where some do not
 *     samples.npy, targets.npy  of a task without images
 *     curve.csv               if it has one
 *     policy-NAME.csv         tables that the policy began with (start), or learned (final, average)
 *     rule.lua, reward.lua    where it is in Lua
 *     network.json            last, with all that names and joins these
 *   FOLDER/images-DIGEST/   pixels.npy and labels.npy, once for all runs on them
 * SYN_EIO, SYN_ENOMEM. */
syn_status host_export_run(const host_export *e, const json_t *record, const host_spec *spec,
                           const syn_task *task, const syn_result *result, syn_ctx *ctx);

#endif
