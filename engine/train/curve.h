/* Taking down a curve, row by row, into memory that was taken before the run. */
#ifndef SYN_TRAIN_CURVE_H
#define SYN_TRAIN_CURVE_H

#include "engine/train/compass.h"
#include "engine/train/run.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct syn_recorder {
  const syn_options *options;
  const syn_task *task;
  const syn_kernels *kernels;
  syn_result *result; /* its curve's columns are written here */
  uint32_t *iteration;
  double *loss, *accuracy, *validation_loss, *validation_accuracy;
  double *cosine; /* NULL unless it is asked for, as is */
  syn_compass compass;
  size_t room; /* rows */
} syn_recorder;

/* A result that is empty but for its curve's memory. The caller owns *out, and closes the recorder before
 * it unless this fails. SYN_ENOMEM; SYN_EINVAL: see compass.h. */
syn_status syn_recorder_open(syn_recorder *recorder, syn_result **out, const syn_options *options,
                             const syn_task *task, const syn_kernels *kernels, syn_ctx *ctx);

/* How a run stands after `done` iterations: accuracy counts where a row is due. */
syn_ending syn_run_ending(const syn_options *options, uint32_t done, syn_score batch, int row);

/* Is a row due when `done` iterations are done? Row 0 and the last are, if there is a curve. */
int syn_recorder_due(const syn_recorder *recorder, uint32_t done);

/* Writes a row; `w` are the weights (S) as they are, for validation. SYN_ENOMEM. */
syn_status syn_recorder_row(syn_recorder *recorder, uint32_t done, syn_score batch, const float *w,
                            syn_ctx *ctx);

/* Closes the result: final weights, and scores over all samples. SYN_ENOMEM. */
syn_status syn_recorder_finish(syn_recorder *recorder, syn_ending ending, uint32_t done,
                               syn_score batch, const float *w, syn_ctx *ctx);

/* What the recorder itself holds; its result stays. */
void syn_recorder_close(syn_recorder *recorder);

#ifdef __cplusplus
}
#endif

#endif
