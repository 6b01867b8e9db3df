#ifndef ISO_EXECUTE_H
#define ISO_EXECUTE_H

#include "context.h"

// Takes argv, env and stdio that were sent to a parked process: fds[0] is the memfd of a plan without steps.
int iso_take_program(struct iso_context *c, const int *fds, int count);

// Replaces the process by the program of the plan. Returns only where that failed: -errno, record filled.
int iso_execute(struct iso_context *c);

#endif
