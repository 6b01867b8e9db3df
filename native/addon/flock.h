// SPDX-License-Identifier: Apache-2.0
// Advisory locks on open files. Native because Node's fs has none. Never waits. See: man flock(2).

#ifndef ISO_FLOCK_H
#define ISO_FLOCK_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_flock);  // (fd, operation) -> false when another one holds the lock

#endif
