// SPDX-License-Identifier: Apache-2.0
// Opening and closing. Native because Node's fs cannot resolve a path beneath a directory (openat2), open O_PATH
// descriptors, or make a pipe whose ends are plain numbers.
// See: man openat2(2), close_range(2), pipe(2).

#ifndef ISO_OPEN_H
#define ISO_OPEN_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_openat2);      // (dirfd, path, flags, mode, resolve) -> fd
ISO_FUNCTION(iso_close);        // (fd)
ISO_FUNCTION(iso_close_range);  // (first, last): sets close-on-exec
ISO_FUNCTION(iso_dup);          // (fd) -> fd
ISO_FUNCTION(iso_adopt);        // (fd): closed when the environment ends
ISO_FUNCTION(iso_release);      // (fd): no longer
ISO_FUNCTION(iso_pipe2);        // (flags) -> [readFd, writeFd]

#endif
