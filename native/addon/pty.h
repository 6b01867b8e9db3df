// SPDX-License-Identifier: Apache-2.0
// Terminals. Native because Node can neither make a pseudo-terminal nor save the mode of one it did not open.
// See: man pty(7), ioctl_tty(2), termios(3).

#ifndef ISO_PTY_H
#define ISO_PTY_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_openpty);       // () -> [masterFd, terminalFd]
ISO_FUNCTION(iso_set_winsize);   // (fd, rows, columns)
ISO_FUNCTION(iso_get_winsize);   // (fd) -> { rows, columns }
ISO_FUNCTION(iso_make_raw);      // (fd) -> Buffer, the mode before
ISO_FUNCTION(iso_restore_mode);  // (fd, Buffer)

#endif
