// SPDX-License-Identifier: Apache-2.0
// Namespaces as descriptors: what they are, who owns them, and small jobs done inside one. Native for the ioctls; and
// because Node's own threads must stay where they are, the jobs run on a helper thread that ends with them.
// See: man ioctl_ns(2), setns(2).

#ifndef ISO_NAMESPACE_H
#define ISO_NAMESPACE_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_ns_info);                // (fd) -> { type, ownerUid, inode, device }
ISO_FUNCTION(iso_ns_parent);              // (fd) -> fd
ISO_FUNCTION(iso_ns_userns);              // (fd) -> fd
ISO_FUNCTION(iso_ns_pid_from);            // (pidNsFd, pid there) -> pid here
ISO_FUNCTION(iso_ns_pid_in);              // (pidNsFd, pid here) -> pid there
ISO_FUNCTION(iso_socket_in_namespace);    // (netNsFd, family, type, protocol) -> fd
ISO_FUNCTION(iso_hostname_in_namespace);  // (utsNsFd) -> { hostname, domainname }

#endif
