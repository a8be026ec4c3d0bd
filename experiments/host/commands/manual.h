/* The manual in other forms, out of the rows of commands, options and policies. */
#ifndef SYN_HOST_MANUAL_H
#define SYN_HOST_MANUAL_H

#include <stdio.h>

#include "experiments/host/commands/command.h"

void host_manual_man(FILE *out, const host_command *const *commands);  /* roff, section 1 */
void host_manual_bash(FILE *out, const host_command *const *commands); /* completion */
void host_manual_markdown(FILE *out,
                          const host_command *const *commands); /* of docs/reference.md */

#endif
