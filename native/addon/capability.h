// SPDX-License-Identifier: Apache-2.0
// Reading capabilities and process attributes. Readers only: changing them on one thread of Node would leave the others
// as they were. See: man capget(2), prctl(2).

#ifndef ISO_CAPABILITY_H
#define ISO_CAPABILITY_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_capget);  // (pid; 0: this thread) -> { effective, permitted, inheritable } as bigint
ISO_FUNCTION(iso_prctl);   // (option, argument2, argument3) -> number

#endif
