// SPDX-License-Identifier: Apache-2.0
// Event counters, to which the kernel and other processes report (cgroup v1 out-of-memory and pressure events).
// See: man eventfd(2).

#ifndef ISO_EVENTFD_H
#define ISO_EVENTFD_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_eventfd);        // (initial, flags) -> fd
ISO_FUNCTION(iso_eventfd_read);   // (fd) -> bigint, or null when the counter is zero
ISO_FUNCTION(iso_eventfd_write);  // (fd, number)

#endif
