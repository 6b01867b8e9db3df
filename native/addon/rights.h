// SPDX-License-Identifier: Apache-2.0
// Descriptors over Unix sockets. Native because Node's sockets carry bytes only. Every call is non-blocking.
// See: man unix(7) (SCM_RIGHTS, SO_PEERCRED), cmsg(3), socketpair(2).

#ifndef ISO_RIGHTS_H
#define ISO_RIGHTS_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_socketpair);        // (type) -> [fd, fd]
ISO_FUNCTION(iso_send_fds);          // (socketFd, bytes, fds) -> bytes sent, or -1 when it would block
ISO_FUNCTION(iso_recv_fds);          // (socketFd, maxBytes) -> null when it would block | { data, fds, truncated }
ISO_FUNCTION(iso_peer_credentials);  // (socketFd) -> { pid, uid, gid }

#endif
