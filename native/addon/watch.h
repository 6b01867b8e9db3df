// SPDX-License-Identifier: Apache-2.0
// Waiting for a descriptor on Node's own event loop. Native because Node polls only descriptors it made a stream of.
// Why not an epoll thread: libuv has one epoll set already, and a callback from it needs no hand-over.
// See: https://docs.libuv.org/en/v1.x/poll.html, man epoll(7).

#ifndef ISO_WATCH_H
#define ISO_WATCH_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_watch);        // (fd, events, callback(errno), ref) -> handle
ISO_FUNCTION(iso_watch_close);  // (handle); twice is safe

#endif
