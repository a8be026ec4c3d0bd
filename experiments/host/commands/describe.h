/* Options of runs and parameters of policies in words, out of their rows: for the lists and the manual. */
#ifndef SYN_HOST_DESCRIBE_H
#define SYN_HOST_DESCRIBE_H

#include "engine/base/param.h"

#define HOST_WORDS_SIZE 512

/* What it may be: "a | b", "0 .. 5 pairs", "text", "a policy". Returns `text`. */
const char *host_param_values(char text[HOST_WORDS_SIZE], const syn_param *param);

/* What it is where nothing is said: "default 2", "must be given". Returns `text`. */
const char *host_param_default(char text[HOST_WORDS_SIZE], const syn_param *param);

/* The same of an option of a run, whose default may be another for each task and method. */
const char *host_option_default(char text[HOST_WORDS_SIZE], const syn_param *option);

/* What a run may say besides its options. Ends with a NULL name. */
typedef struct host_besides {
  const char *name, *values, *doc;
} host_besides;
extern const host_besides host_besides_options[];

#endif
