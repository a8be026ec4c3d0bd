/* The registry of tasks. */
#include "engine/train/task.h"

#define ROW(name) &syn_task_##name,
const syn_task_class *const syn_tasks[] = {SYN_TASKS(ROW) NULL};
