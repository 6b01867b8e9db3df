// The supervisor's view of the sync socket: messages of the child that are not barriers are handled as they come.
#ifndef ISO_SYNC_H
#define ISO_SYNC_H

#include "context.h"
#include "rights.h"

// Handles one message that is not a barrier (a pty, a listener, "parked"). Supplied by the supervisor.
void iso_supervisor_message(struct iso_context *c, const struct iso_sync_message *m, int fd);

#endif
