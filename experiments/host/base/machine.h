/* What machine this is, in words for a page. */
#ifndef EXPERIMENTS_HOST_BASE_MACHINE_H
#define EXPERIMENTS_HOST_BASE_MACHINE_H

typedef struct host_machine {
  char cpu[128];   /* "model name" of the first processor; "unknown" */
  char os[128];    /* the system by its own name, else by uname */
  char memory[32]; /* "24 GiB"; "unknown" */
} host_machine;

host_machine host_machine_here(void);

#endif
