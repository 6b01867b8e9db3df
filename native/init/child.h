// The container process between the clone and execve.
#ifndef ISO_CHILD_H
#define ISO_CHILD_H

#include "context.h"

// Never returns: executes the program, or leaves the failure in the shared record and exits.
_Noreturn void iso_child(struct iso_context *c, const int stdio[3]);

// After a change of credentials: asks again for the death signal, which the change cleared, and fails where the supervisor has
// gone in between.
int iso_child_still_wanted(struct iso_context *c);

// Has `fd` appear in the program as `number`.
int iso_keep_fd(struct iso_context *c, int fd, int number);

#endif
