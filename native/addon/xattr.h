// SPDX-License-Identifier: Apache-2.0
// Extended attributes, byte for byte. Native because Node's fs has none. The plain functions follow symbolic links, the
// l ones do not, the f ones take a descriptor (for O_PATH descriptors use /proc/self/fd/N with the plain ones).
// See: man xattr(7), getxattr(2), setxattr(2), listxattr(2), removexattr(2).

#ifndef ISO_XATTR_H
#define ISO_XATTR_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_getxattr);      // (path, name) -> Buffer
ISO_FUNCTION(iso_lgetxattr);
ISO_FUNCTION(iso_fgetxattr);     // (fd, name) -> Buffer
ISO_FUNCTION(iso_setxattr);      // (path, name, value, flags)
ISO_FUNCTION(iso_lsetxattr);
ISO_FUNCTION(iso_fsetxattr);     // (fd, name, value, flags)
ISO_FUNCTION(iso_listxattr);     // (path) -> Buffer of names, each ended by a NUL
ISO_FUNCTION(iso_llistxattr);
ISO_FUNCTION(iso_flistxattr);    // (fd) -> Buffer
ISO_FUNCTION(iso_removexattr);   // (path, name)
ISO_FUNCTION(iso_lremovexattr);
ISO_FUNCTION(iso_fremovexattr);  // (fd, name)

#endif
