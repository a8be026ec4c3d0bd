/* A toy that shows what a new task takes: name the quadrant of a point. Unlike the tasks that are
 * compiled in, it has real numbers with labels, and keeps samples from training without images. */
#ifndef SYN_TESTS_TASKS_QUADRANT_H
#define SYN_TESTS_TASKS_QUADRANT_H

#include "engine/train/task.h"

extern const syn_task_class quadrant_task;

#endif
