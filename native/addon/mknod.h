// SPDX-License-Identifier: Apache-2.0
// Device nodes, FIFOs and sockets in the file system. Native because Node's fs has none. See: man mknod(2).

#ifndef ISO_MKNOD_H
#define ISO_MKNOD_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_mknod);  // (path, mode with type, major, minor)

#endif
