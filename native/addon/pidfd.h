// SPDX-License-Identifier: Apache-2.0
// Process descriptors. Native because Node knows processes by number only, and a number may be reused.
// See: man pidfd_open(2), pidfd_send_signal(2), pidfd_getfd(2), waitid(2).

#ifndef ISO_PIDFD_H
#define ISO_PIDFD_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_pidfd_open);         // (pid) -> fd
ISO_FUNCTION(iso_pidfd_send_signal);  // (pidfd, signal)
ISO_FUNCTION(iso_pidfd_getfd);        // (pidfd, targetFd) -> fd
ISO_FUNCTION(iso_wait_pidfd);         // (pidfd) -> null | { pid, code, status, userUs, systemUs }

#endif
