#ifndef ISO_CLONE_H
#define ISO_CLONE_H

#include "context.h"

// Makes the container process, through the stage where the plan has one. In the child it does not return (iso_child). In the
// supervisor it fills `child` and `child_pidfd`, and returns 0 or -errno with a record filled.
int iso_make_child(struct iso_context *c, const int stdio[3]);

#endif
