// SPDX-License-Identifier: Apache-2.0
#ifndef ISO_LAUNCHER_H
#define ISO_LAUNCHER_H

#include "napi-helpers.h"

// launcherSocket(): the socket of the one launcher of this process, shared by its Workers; -1 where none was started.
ISO_FUNCTION(iso_launcher_socket);

// launcherStart(program, theirs, ours): executes the memfd `program` as `iso-init launch 3` with `theirs` as descriptor 3, off this
// thread. All three belong to the call from then on. Returns the socket to use: another Worker may have been first. A launcher
// that cannot start shows as end of file on the socket.
ISO_FUNCTION(iso_launcher_start);

// launcherStop(socket): closes the socket, which ends the launcher, unless another one has taken its place.
ISO_FUNCTION(iso_launcher_stop);

#endif
