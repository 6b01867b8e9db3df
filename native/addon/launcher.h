// SPDX-License-Identifier: Apache-2.0
#ifndef ISO_LAUNCHER_H
#define ISO_LAUNCHER_H

#include "napi-helpers.h"

// launcherStart(program, socket): executes the memfd `program` as `iso-init launch 3` with `socket` as descriptor 3, off this
// thread. Both descriptors belong to the call from then on. A launcher that cannot start shows as end of file on the socket.
ISO_FUNCTION(iso_launcher_start);

#endif
