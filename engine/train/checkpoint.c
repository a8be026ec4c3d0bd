#include "engine/train/checkpoint.h"

#include <string.h>

int syn_checkpoint_due(const syn_checkpoint *checkpoint, int row) {
  return checkpoint && checkpoint->due && checkpoint->due(checkpoint->self, row);
}

int syn_checkpoint_look(uint32_t *done, const void *bytes, size_t n) {
  uint64_t begin[2]; /* version, synapses */
  if (n < sizeof begin + sizeof *done)
    return 0;
  memcpy(begin, bytes, sizeof begin);
  memcpy(done, (const char *)bytes + sizeof begin, sizeof *done);
  return begin[0] == SYN_CHECKPOINT_VERSION;
}

syn_status syn_checkpoint_result(syn_state *s, syn_recorder *r, uint32_t *done, syn_ctx *ctx) {
  syn_result *result = r->result;
  uint64_t rows = result->curve.rows;
  uint32_t after = *done;
  syn_state_same(s, SYN_CHECKPOINT_VERSION);
  syn_state_same(s, r->task->plan.synapses);
  syn_state_piece(s, &after, sizeof after);
  syn_state_piece(s, &rows, sizeof rows);
  if (s->failed || rows > r->room || after > (uint32_t)r->options->iterations)
    return syn_fail(ctx, SYN_EINPUT, "the checkpoint is not one of this run and this program");
  *done = after;
  result->curve.rows = (size_t)rows;
  syn_state_piece(s, r->iteration, rows * sizeof *r->iteration);
  syn_state_piece(s, r->loss, rows * sizeof *r->loss);
  syn_state_piece(s, r->accuracy, rows * sizeof *r->accuracy);
  syn_state_piece(s, r->validation_loss, rows * sizeof *r->validation_loss);
  syn_state_piece(s, r->validation_accuracy, rows * sizeof *r->validation_accuracy);
  if (r->cosine) {
    syn_state_piece(s, r->cosine, rows * sizeof *r->cosine);
    syn_compass_state(&r->compass, s);
  }
  syn_state_piece(s, &result->rewards_up, sizeof result->rewards_up);
  syn_state_piece(s, &result->trace_loss, sizeof result->trace_loss);
  syn_state_piece(s, &result->trace_action, sizeof result->trace_action);
  return SYN_OK;
}

const syn_checkpoint *syn_checkpoint_keep(const syn_checkpoint *checkpoint, syn_state *state,
                                          syn_status status, const syn_ctx *why) {
  if (status == SYN_EINVAL)
    checkpoint->give_up(checkpoint->self, why->error);
  else if (status)
    checkpoint->keep(checkpoint->self, NULL, 0, why->error);
  else
    checkpoint->keep(checkpoint->self, state->bytes, state->n, NULL);
  syn_state_close(state);
  return status == SYN_EINVAL ? NULL : checkpoint;
}
