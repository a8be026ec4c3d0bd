/* The run that a record tells of, as this program would ask for it: which options it has, and which version
 * of the numerics its key was made with. Images are not opened.
 */
#ifndef SYN_HOST_RECORDED_H
#define SYN_HOST_RECORDED_H

#include "experiments/host/run/spec.h"

/* What many records share is read once. */
typedef struct host_recorder host_recorder;

/* NULL: not enough memory. `h` is borrowed. */
host_recorder *host_recorder_open(host *h);
void host_recorder_close(host_recorder *recorder);

/* *out, whose images stand in the recorder until the next one is read, and the version, as a text that
 * lives as long as the program; NULL: its key is not made so by any version that is known here, as when
 * a default or a policy has changed. SYN_EINVAL, SYN_EINPUT: this program knows no such run. */
syn_status host_recorder_read(host_recorder *recorder, host_spec *out, const char **numerics,
                              const json_t *record, syn_ctx *ctx);

#endif
